/** The linked program as rules see it: what reaches which call of the library, on behalf of which callback. */
import { CallGraph, type Derivation, type FunctionNode } from "../analysis/call-graph.js";
import { pathTo, Propagator, type Context, type Propagation } from "../analysis/contexts.js";
import type { CallFact, FileFacts } from "../analysis/facts.js";
import { byName, type ByName, type NameIndex } from "../analysis/name-index.js";
import { anyOf, optionsOf, substitute, type Value } from "../analysis/value.js";
import { Answers, type Question, sameSet } from "../dataflow/answers.js";
import type { Location } from "../diagnostics/diagnostic.js";
import type { SourceFile } from "../source/source-file.js";
import type { Span } from "../source/span.js";
import { ApiCalls, type ApiCall } from "./api-calls.js";
import { ASSUMED_OLD_RELEASE, ASSUMED_RELEASE, CONNECTION_TYPE, type CallRoles, EVENT_LIBRARY_TYPES, OLD_NAMES, PARSING_METHODS, type ReleaseRange, apiFunction, hasOldName, hasRole, mayHold } from "./api/index.js";
import { EntryList } from "./entry-list.js";
import { findEntryPoints, type EntryOptions, type LwsEntryPoint } from "./entry-points.js";
import { FileInProgram } from "./file-in-program.js";
import { ownershipOf, type Ownership } from "./ownership.js";
import { isLibraryCall, libraryCallsOf, ProgramIndex, type FieldStore } from "./program-index.js";
import type { Reached, ReachedWait } from "./reached.js";
import { deadBranches, liesIn } from "./version-branches.js";

export interface ProgramOptions extends EntryOptions {
  /** The release a file is judged by; `undefined` where nobody says. */
  readonly releaseOf?: (path: string) => ReleaseRange | undefined;
}

/** A question about a program whose answer is kept, also over edits that leave alone what it was worked out from. */
export type ProgramQuestion<K, T> = Question<Program, K, T>;

/** What belongs to one version of the links between files. */
interface Linked {
  readonly graph: CallGraph;
  readonly propagator: Propagator;
  readonly entries: EntryList;
  readonly index: ProgramIndex;
  readonly answers: Answers<Program>;
  readonly apiCalls: Derivation<ApiCalls>;
  readonly callsByRole: Derivation<ByName<ApiCall>>;
}

/** What of a program outlives an edit: links between its files, and what entry points reach. Each program of the same files takes over from the one before. */
export class ProgramMemory {
  #linked: Linked | undefined;

  /** @param isKept whether there will be another program of these files */
  constructor(readonly isKept: boolean) {}

  link(files: readonly FileFacts[]): Linked {
    if (this.#linked?.graph.adopt(files)) {
      this.#linked.index.refresh();
      return this.#linked;
    }
    const graph = new CallGraph(files);
    const propagator = new Propagator(graph, { isInteresting, isWatched: isAskedAbout }, this.isKept);
    const apiCalls: Linked["apiCalls"] = (file) => new ApiCalls(libraryCallsOf(file, graph), propagator.arrivals);
    return (this.#linked = {
      graph,
      propagator,
      entries: new EntryList(),
      index: new ProgramIndex(graph),
      answers: new Answers(this.isKept),
      apiCalls,
      callsByRole: (file) => graph.derived(apiCalls, file).byRole,
    });
  }
}

export class Program {
  readonly graph: CallGraph;
  readonly propagation: Propagation;
  /** Kept answers, and what else is kept as long as names mean what they mean. */
  readonly answers: Answers<Program>;
  readonly #releaseOf: NonNullable<ProgramOptions["releaseOf"]>;
  readonly #entries: EntryList;
  readonly #index: ProgramIndex;
  readonly #apiCalls: Derivation<ApiCalls>;
  readonly #callsByRole: Derivation<ByName<ApiCall>>;
  readonly #byPath: ReadonlyMap<string, FileFacts>;
  readonly #inFiles = new Map<FileFacts, FileInProgram>();

  constructor(
    files: readonly FileFacts[],
    readonly textOf: (path: string) => SourceFile | undefined,
    options: ProgramOptions,
    memory = new ProgramMemory(false),
  ) {
    this.#releaseOf = options.releaseOf ?? (() => undefined);
    const { graph, propagator, entries, index, answers, apiCalls, callsByRole } = memory.link(files);
    this.graph = graph;
    this.#entries = entries;
    this.#index = index;
    this.answers = answers;
    this.#apiCalls = apiCalls;
    this.#callsByRole = callsByRole;
    this.#byPath = new Map(files.map((file) => [file.path, file]));
    this.propagation = propagator.run(findEntryPoints(graph, options));
    entries.update(this.propagation.reaches);
  }

  /** The answer to a question, which is worked out only if something it was worked out from has changed. */
  ask<K, T>(question: ProgramQuestion<K, T>, key: K): T {
    return this.answers.ask(question, key, this);
  }

  /** All files. What reads them is out of date after every edit; so it is with everything that is asked of all files and not of a name or a place. */
  get files(): readonly FileFacts[] {
    this.graph.readAll();
    return this.graph.files;
  }

  /** Of all files. */
  get paths(): Iterable<string> {
    return this.#byPath.keys();
  }

  fileAt(path: string): FileFacts | undefined {
    this.graph.readFile(path);
    return this.#byPath.get(path);
  }

  /** One file, for what is asked of each. */
  in(file: FileFacts): FileInProgram {
    let found = this.#inFiles.get(file);
    if (!found) this.#inFiles.set(file, (found = new FileInProgram(this, file)));
    return found;
  }

  sourceOf(path: string): SourceFile | undefined {
    this.graph.readFile(path);
    return this.textOf(path);
  }

  get entries(): readonly LwsEntryPoint[] {
    return this.#entries.all;
  }

  entriesIn(file: FileFacts): readonly LwsEntryPoint[] {
    return this.#entries.in(file);
  }

  /** The calls that an entry point reaches, nearest first. */
  reachedFrom(entry: LwsEntryPoint): readonly Reached[] {
    return this.#entries.reachOf(entry).calls as readonly Reached[];
  }

  /** Those of them that are the library's. */
  libraryCallsFrom(entry: LwsEntryPoint): readonly Reached[] {
    return this.reachedFrom(entry).filter(({ context, call }) => isLibraryCall(this.graph, context.node, call));
  }

  /** The functions that an entry point leads to, itself first. Those that cannot reach the library are not among them. */
  functionsReachedFrom(entry: LwsEntryPoint): ReadonlySet<FunctionNode> {
    return new Set(this.contextsFrom(entry).map(({ node }) => node));
  }

  /** How they are entered on the way. */
  contextsFrom(entry: LwsEntryPoint): readonly Context[] {
    return this.#entries.reachOf(entry).contexts;
  }

  /** How a function is entered. */
  contextsOf(node: FunctionNode): readonly Context[] {
    return this.propagation.arrivals.at(node).contexts;
  }

  /** The calls of library functions in a file. Calls of the project's own functions of that name are not among them. */
  apiCallsIn(file: FileFacts): ApiCalls {
    return this.graph.derived(this.#apiCalls, file);
  }

  /** All calls of library functions with a role, in the order of files and offsets: for questions, not for what is done for each file. */
  everyCallWith(role: keyof CallRoles): readonly ApiCall[] {
    return this.named(this.#callsByRole).of(role);
  }

  /** Whether anything calls a library function with a role. */
  hasCallsWith(role: keyof CallRoles): boolean {
    return this.named(this.#callsByRole).has(role);
  }

  /** Whether anything calls a function of this name that the project does not define. */
  isCalled(name: string): boolean {
    return this.named(libraryCallsOf).has(name);
  }

  /** Whether any file defines a constant or a macro of this name. */
  defines(name: string): boolean {
    return this.named(definedIn).has(name);
  }

  /** Whether a name is a macro of the project where a function stands: then no call of that name there is the library's, except in the macro itself. */
  definesMacro(at: FunctionNode, name: string): boolean {
    const macro = this.graph.byName(at.file, name);
    return macro !== undefined && macro.facts.isMacro && macro !== at;
  }

  /** The release a file is judged by. */
  releaseOf({ path }: Pick<FileFacts, "path">): ReleaseRange {
    return this.#releaseOf(path) ?? ASSUMED_RELEASE;
  }

  /** The release a call is judged by: names of 1.x tell by themselves. */
  releaseFor({ name, node }: Pick<ApiCall, "name" | "node">): ReleaseRange {
    const release = this.releaseOf(node.file);
    return hasOldName(name) && !mayHold(OLD_NAMES, release) ? ASSUMED_OLD_RELEASE : release;
  }

  /** The call that starts at an offset of a function: what a `result` value came from. */
  callAt(node: FunctionNode, site: number): CallFact | undefined {
    return node.facts.calls.find((call) => call.span.start === site);
  }

  /** Whether no release that the file is judged by compiles a place. */
  isDead(place: Location): boolean {
    return liesIn(this.ask(deadParts, place.file), place);
  }

  isEventLibrary(file: FileFacts): boolean {
    return this.graph.derived(isEventLibrary, file);
  }

  /** Forgets answers that nothing has asked for any more. */
  sweep(): void {
    this.answers.sweep();
  }

  /** The text of a span; empty where the source is not at hand. */
  text(file: string, span: Span): string {
    return this.sourceOf(file)?.text.slice(span.start, span.end) ?? "";
  }

  /** Uses of a macro function in functions proper, through other macros. */
  usesOfMacro(macro: FunctionNode): readonly { readonly node: FunctionNode; readonly call: CallFact }[] {
    const uses: { node: FunctionNode; call: CallFact }[] = [];
    const seen = new Set<FunctionNode>([macro]);
    const pending = [macro];
    for (let target = pending.pop(); target; target = pending.pop()) {
      for (const use of this.graph.callersOf(target)) {
        if (!use.node.facts.isMacro) uses.push(use);
        else if (!seen.has(use.node)) {
          seen.add(use.node);
          pending.push(use.node);
        }
      }
    }
    return uses;
  }

  /** The value with calls of the project's own functions replaced by what those return, where that is one thing. */
  expand(value: Value, file: FileFacts, depth = 0): Value {
    return anyOf(optionsOf(value).map((option) => {
      if (option.kind !== "result" || depth > 4) return option;
      const callee = this.graph.byName(file, option.callee, option.args.length);
      const returned = callee?.facts.returns.map((fact) => fact.value);
      if (!callee || !returned || returned.length === 0 || !returned.every((one) => one !== undefined)) return option;
      // What guards an error path returns (-1, NULL) is not what the caller goes on with.
      const useful = returned.filter((one) => one.kind !== "number");
      return useful.length === 0 ? option : this.expand(substitute(anyOf(useful), option.args), callee.file, depth + 1);
    }));
  }

  /** Whether a value is the connection the entry's callback was called for. */
  ownership(value: Value, reached: Pick<Reached, "entry" | "selected">): Ownership {
    return ownershipOf(this, value, reached);
  }

  /**
   * What a file-by-file search finds, by name: for what rules look up again and again. Files that did not change since the last program are not
   * searched again, so `entriesOf` must be one function, and depend on the file and on what names mean alone.
   */
  named<T>(entriesOf: Derivation<ByName<T>>): NameIndex<T> {
    return this.#index.named(entriesOf);
  }

  /** What is stored anywhere in a field of this name. */
  storesTo(field: string): readonly FieldStore[] {
    return this.#index.storesTo(field);
  }

  /** The functions that store anything in a field of this name. */
  storingFunctions(field: string): ReadonlySet<FunctionNode> {
    return this.ask(storing, field);
  }

  /** Whether the library is asked somewhere to keep a new connection under this name. */
  isConnectTarget(name: string): boolean {
    return this.#index.isConnectTarget(name);
  }
}

/** Whether a function puts a connection it is given somewhere, follows a pointer it is given, or parses by a method. */
const isAskedAbout = ({ facts }: FunctionNode): boolean =>
  facts.stores.some(({ value }) => value.kind === "param" && CONNECTION_TYPE.test(facts.params[value.index]?.type ?? "")) ||
  facts.accesses.some(({ pointer, mayBeNull, isAddress }) => pointer.kind === "param" && mayBeNull && !isAddress) ||
  facts.calls.some(({ receiver }) => receiver !== undefined && PARSING_METHODS.has(receiver.field));


const roleNames = new Map<string, boolean>();
function isInteresting(name: string): boolean {
  let known = roleNames.get(name);
  if (known === undefined) roleNames.set(name, (known = hasRole(name) || apiFunction(name) !== undefined));
  return known;
}

const isEventLibrary = (file: FileFacts): boolean => file.aggregates.some((aggregate) => EVENT_LIBRARY_TYPES.includes(aggregate.type));

const storing: ProgramQuestion<string, ReadonlySet<FunctionNode>> = {
  answer: (program, field) => new Set(program.storesTo(field).map(({ node }) => node)),
  isSame: sameSet,
};

const definedIn = ({ definedNames }: FileFacts): ByName<true> => byName(definedNames.map((name) => [name, true] as const));

const deadParts: ProgramQuestion<string, readonly Span[]> = {
  answer: (program, path) => {
    const source = program.sourceOf(path);
    const file = program.fileAt(path);
    return source && file ? deadBranches(source, file.language, program.releaseOf(file)) : NOTHING;
  },
  // Most files have none.
  isSame: (a, b) => a.length === 0 && b.length === 0,
};
const NOTHING: readonly Span[] = [];

export { pathTo };
export type { ApiCall, FileInProgram, Ownership, Reached, ReachedWait };
