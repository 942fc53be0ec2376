/** The linked program as rules see it: what reaches which call of the library, on behalf of which callback. */
import { CallGraph, type Derivation, type FunctionNode } from "../analysis/call-graph.js";
import { pathTo, Propagator, type Propagation, type ReachedCall, type ReachedLoop } from "../analysis/contexts.js";
import type { AccessFact, CallFact, FileFacts } from "../analysis/facts.js";
import type { ByName, NameIndex } from "../analysis/name-index.js";
import { anyOf, optionsOf, paramValue, substitute, type Value } from "../analysis/value.js";
import type { Location } from "../diagnostics/diagnostic.js";
import type { SourceFile } from "../source/source-file.js";
import type { Span } from "../source/span.js";
import { isPrivateHeader } from "./private-headers.js";
import { isLibraryCall, ProgramIndex, type FieldStore } from "./program-index.js";
import { reasonsIn } from "./reasons.js";
import { ASSUMED_OLD_RELEASE, ASSUMED_RELEASE, CONNECTION_TYPE, type CallRoles, EVENT_LIBRARY_TYPES, OLD_NAMES, PARSING_METHODS, type ReleaseRange, apiFunction, hasOldName, hasRole, mayHold, rolesOf } from "./api/index.js";
import { deadBranches, liesIn } from "./version-branches.js";
import { callbackShape, findEntryPoints, isLoopEntry, type EntryOptions, type LwsEntryPoint } from "./entry-points.js";

/** A call of a library function, wherever it stands. */
export interface ApiCall {
  readonly name: string;
  readonly node: FunctionNode;
  /** The first of `variants`. */
  readonly call: CallFact;
  /** The same call as different configurations and paths see it. */
  readonly variants: readonly CallFact[];
  /** How callbacks reach it; empty when none does. */
  readonly reached: readonly Reached[];
}

export interface Reached extends ReachedCall {
  readonly entry: LwsEntryPoint;
}

export interface ReachedWait extends ReachedLoop {
  readonly entry: LwsEntryPoint;
}

/** Whose connection a value is, seen from one entry point. */
export type Ownership = "own" | "other" | "unknown";

export interface ProgramOptions extends EntryOptions {
  /** The release a file is judged by; `undefined` where nobody says. */
  readonly releaseOf?: (path: string) => ReleaseRange | undefined;
}

interface Linked {
  readonly graph: CallGraph;
  readonly propagator: Propagator;
  readonly index: ProgramIndex;
}

/** What of a program outlives an edit: links between its files, and what entry points reach. Each program of the same files takes over from the one before. */
export class ProgramMemory {
  #linked: Linked | undefined;

  link(files: readonly FileFacts[]): Linked {
    if (this.#linked?.graph.adopt(files)) return this.#linked;
    const graph = new CallGraph(files);
    const propagator = new Propagator(graph, { isInteresting, isWatched: isAskedAbout });
    return (this.#linked = { graph, propagator, index: new ProgramIndex(graph) });
  }
}

export class Program {
  readonly graph: CallGraph;
  readonly entries: readonly LwsEntryPoint[];
  readonly propagation: Propagation;
  readonly #releaseOf: NonNullable<ProgramOptions["releaseOf"]>;
  readonly #reached = new Map<CallFact, Reached[]>();
  readonly #outside: Reached[] = [];
  readonly #index: ProgramIndex;
  readonly #callsByRole = new Map<keyof CallRoles, readonly ApiCall[]>();
  readonly #eventLibraryFiles: ReadonlySet<FileFacts>;
  readonly #dead = new Map<string, readonly Span[]>();

  constructor(
    readonly files: readonly FileFacts[],
    readonly sourceOf: (path: string) => SourceFile | undefined,
    options: ProgramOptions,
    memory = new ProgramMemory(),
  ) {
    this.#releaseOf = options.releaseOf ?? (() => undefined);
    const { graph, propagator, index } = memory.link(files);
    this.graph = graph;
    this.#index = index;
    this.propagation = propagator.run(findEntryPoints(graph, options));
    this.entries = this.propagation.entries as readonly LwsEntryPoint[];
    for (const reached of this.propagation.calls as readonly Reached[]) {
      if (!isLoopEntry(reached.entry)) {
        this.#outside.push(reached);
        continue;
      }
      const list = this.#reached.get(reached.call);
      if (list) list.push(reached);
      else this.#reached.set(reached.call, [reached]);
    }
    this.#eventLibraryFiles = new Set(files.filter(isEventLibrary));
  }

  /** All calls of library functions with a role, in the order of files and offsets. */
  callsWith(role: keyof CallRoles): readonly ApiCall[] {
    let found = this.#callsByRole.get(role);
    if (!found) this.#callsByRole.set(role, (found = this.calls((name) => rolesOf(name)[role] !== undefined)));
    return found;
  }

  /** All calls of library functions whose name satisfies the predicate. Calls of the project's own functions of that name are not among them. */
  calls(wanted: (name: string) => boolean): readonly ApiCall[] {
    const inOrder = this.#index.calls(wanted);
    const found: ApiCall[] = [];
    for (let from = 0, to = 0; from < inOrder.length; from = to) {
      const { node, call } = inOrder[from]!;
      while (to < inOrder.length && inOrder[to]!.node === node && inOrder[to]!.call.span.start === call.span.start) to++;
      const variants = inOrder.slice(from, to).map((one) => one.call);
      found.push({ name: call.name!, node, call, variants, reached: variants.flatMap((one) => this.#reached.get(one) ?? []) });
    }
    return found;
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

  /** Library calls that a thread or a signal handler reaches, by entry point. */
  callsOutsideLoop(kind: "thread" | "signal"): ReadonlyMap<LwsEntryPoint, readonly Reached[]> {
    const byEntry = new Map<LwsEntryPoint, Reached[]>();
    for (const reached of this.#outside) {
      if (reached.entry.kind !== kind || !isLibraryCall(this.graph, reached.context.node, reached.call)) continue;
      const list = byEntry.get(reached.entry);
      if (list) list.push(reached);
      else byEntry.set(reached.entry, [reached]);
    }
    return byEntry;
  }

  /** The call that starts at an offset of a function: what a `result` value came from. */
  callAt(node: FunctionNode, site: number): CallFact | undefined {
    return node.facts.calls.find((call) => call.span.start === site);
  }

  /** Whether no release that the file is judged by compiles a place. */
  isDead(place: Location): boolean {
    let dead = this.#dead.get(place.file);
    if (!dead) {
      const source = this.sourceOf(place.file);
      const file = this.files.find(({ path }) => path === place.file);
      this.#dead.set(place.file, (dead = source && file ? deadBranches(source, file.language, this.releaseOf(file)) : []));
    }
    return liesIn(dead, place);
  }

  /** Includes of headers that only the library's own sources may use. */
  privateIncludes(): readonly { readonly file: string; readonly span: Span; readonly path: string }[] {
    return this.files.flatMap((file) =>
      this.#eventLibraryFiles.has(file)
        ? []
        : file.includes.filter(({ path }) => isPrivateHeader(path)).map(({ span, path }) => ({ file: file.path, span, path })),
    );
  }

  /** Places that read objects of the library, whose layout no installed header tells, under another type. */
  *peeks(): Generator<{ readonly node: FunctionNode; readonly access: AccessFact; readonly type: string }> {
    // What the project declares with its members is its own.
    const declared = new Set(this.graph.files.flatMap(({ records, classes }) => [...records, ...classes].map(({ name }) => name)));
    for (const node of this.graph.nodes) {
      if (node.facts.isMacro || this.isEventLibrary(node.file)) continue;
      const seen = new Set<number>();
      for (const access of node.facts.accesses) {
        if (access.castFrom === undefined || declared.has(access.castFrom) || seen.has(access.span.start)) continue;
        seen.add(access.span.start);
        yield { node, access, type: access.castFrom };
      }
    }
  }

  isEventLibrary(file: FileFacts): boolean {
    return this.#eventLibraryFiles.has(file);
  }

  /** The text of a span; empty where the source is not at hand. */
  text(file: string, span: Span): string {
    return this.sourceOf(file)?.text.slice(span.start, span.end) ?? "";
  }

  get waits(): readonly ReachedWait[] {
    return (this.propagation.loops as readonly ReachedWait[]).filter(({ entry }) => isLoopEntry(entry));
  }

  /** Loops over which the library's service function is called, in all functions. */
  *serviceLoops(): Generator<{ readonly node: FunctionNode; readonly loop: FunctionNode["facts"]["loops"][number] }> {
    for (const node of this.graph.nodes) {
      for (const loop of node.facts.loops) {
        if (loop.calls.some((name) => rolesOf(name).servicesLoop)) yield { node, loop };
      }
    }
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
    const { entry } = reached;
    const answers = optionsOf(this.expand(value, entry.node.file)).map((option) => this.#ownershipOf(option, reached));
    return answers.every((answer) => answer === "own") ? "own" : answers.every((answer) => answer === "other") ? "other" : "unknown";
  }

  #ownershipOf(value: Value, reached: Pick<Reached, "entry" | "selected">): Ownership {
    const { entry } = reached;
    if (value.kind === "param") return value.index === entry.wsi ? "own" : "unknown";
    if (value.kind === "result") {
      const roles = rolesOf(value.callee);
      return roles.otherConnectionOf || roles.opensConnection ? "other" : "unknown";
    }
    if (value.kind === "entity") return this.#isOnlyConnection(value.name, reached) ? "own" : "unknown";
    if (value.kind !== "field" || entry.user === undefined || entry.wsi === undefined) return "unknown";
    if (value.base.kind === "result" && rolesOf(value.base.callee).applicationOf) return this.#isOnlyConnection(value.field, reached) ? "own" : "unknown";
    const seen = withSession(value, { wsi: entry.wsi, reason: entry.user - 1 });
    return seen.kind === "field" && this.#isSessionField(seen, reached) ? "own" : "unknown";
  }

  /**
   * Whether a field of the session's data holds the session's own connection: the program never keeps anything else there.
   * - Any callback: `pss->wsi = wsi`, directly in the session data.
   * - Client-side reasons: what connecting gave, anywhere below the session data (`app->conn->wsi = lws_client_connect_via_info(&i)`,
   *   `i.pwsi = &app->conn->wsi`). On the server's side of a proxy the same field is another connection.
   */
  #isSessionField(value: Extract<Value, { kind: "field" }>, { entry, selected }: Pick<Reached, "entry" | "selected">): boolean {
    const onClient = reasonsIn(selected).every((reason) => reason.side === "client");
    const isDirect = value.base.kind === "param" && value.base.index === entry.user;
    if (!isDirect && !(onClient && rootOf(value) === entry.user)) return false;
    let kept = this.#index.isConnectTarget(value.field) && onClient;
    for (const { node, store } of this.storesTo(value.field)) {
      if (store.value.kind === "number" && store.value.value === 0) continue;
      const isOwn = this.#keepsOwn(node, store.value, store.target);
      const connected = onClient && store.value.kind === "result" && rolesOf(store.value.callee).opensConnection === true;
      if (!isOwn && !connected) return false;
      // Two connections may share one structure: what another callback keeps of its own in it is not this callback's.
      if (node === entry.node || !callbackShape(node.facts)) kept = true;
    }
    return kept;
  }

  /**
   * Whether a value is a callback's own connection and a place is below its session's data: in the callback itself, or in a function, such as a
   * method of the object that is the session's data, that callbacks call with just these.
   */
  #keepsOwn(node: FunctionNode, value: Value, place: Value, depth = 0): boolean {
    const shape = callbackShape(node.facts);
    if (shape) return value.kind === "param" && value.index === shape.wsi && rootOf(withSession(place, shape)) === shape.reason + 1;
    const root = rootOf(place);
    const callers = this.graph.callersOf(node);
    if (value.kind !== "param" || root === undefined || depth > 2 || callers.length === 0) return false;
    return callers.every(({ node: caller, call }) => {
      const passed = call.args[value.index]?.value;
      const object = root < node.facts.params.length ? call.args[root]?.value : (call.receiver?.value ?? selfOf(caller));
      return passed !== undefined && object !== undefined && this.#keepsOwn(caller, passed, object, depth + 1);
    });
  }

  /**
   * Whether a global holds the one connection a client ever has: a single connecting call, outside loops, and nothing kept in the global but that
   * connection.
   */
  #isOnlyConnection(name: string, { selected }: Pick<Reached, "selected">): boolean {
    if (!reasonsIn(selected).every((reason) => reason.side === "client")) return false;
    const connects = this.callsWith("opensConnection");
    if (connects.length !== 1 || connects[0]!.call.loop !== undefined) return false;
    const kept = this.storesTo(name).filter(({ store }) => !(store.value.kind === "number" && store.value.value === 0));
    const holdsIt = kept.every(({ node, store }) => {
      const shape = callbackShape(node.facts);
      const isOwn = shape !== undefined && store.value.kind === "param" && store.value.index === shape.wsi;
      return isOwn || (store.value.kind === "result" && rolesOf(store.value.callee).opensConnection === true);
    });
    return holdsIt && (kept.length > 0 || this.#index.isConnectTarget(name));
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
}

/** The parameter an access path starts at. */
function rootOf(value: Value): number | undefined {
  switch (value.kind) {
    case "param": return value.index;
    case "field": case "deref": case "element": return rootOf(value.base);
    default: return undefined;
  }
}

/** The value with what gives the session's data of the callback's connection (`lws_wsi_user(wsi)`) replaced by the parameter that is the same. */
function withSession(value: Value, shape: { readonly wsi: number; readonly reason: number }): Value {
  switch (value.kind) {
    case "result": {
      const role = rolesOf(value.callee).sessionOf;
      const of = role && value.args[role.wsi];
      return of?.kind === "param" && of.index === shape.wsi ? paramValue(shape.reason + 1) : value;
    }
    case "field": return { ...value, base: withSession(value.base, shape) };
    case "deref": return { ...value, base: withSession(value.base, shape) };
    default: return value;
  }
}

/** `this` of a method, as a value of it. */
const selfOf = ({ facts }: FunctionNode): Value | undefined => (facts.className === undefined ? undefined : paramValue(facts.params.length));

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

function isEventLibrary(file: FileFacts): boolean {
  return file.aggregates.some((aggregate) => EVENT_LIBRARY_TYPES.includes(aggregate.type));
}

export { pathTo };
