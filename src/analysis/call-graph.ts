/** Links the facts of all files: which function a call may enter. A wrong link is worse than none, so ambiguity ends silently. */
import { Source, unnoted } from "../dataflow/answers.js";
import { ClassTable, type ClassInfo, type Place } from "./classes.js";
import { EventTargets } from "./events.js";
import { Inclusion } from "./inclusion.js";
import type { CallFact, FileFacts, FunctionFacts } from "./facts.js";
import { PointerTargets, type HeldFunction } from "./pointer-targets.js";
import type { TypeRef } from "./type-ref.js";
import { optionsOf, paramValue, UNKNOWN, type Value } from "./value.js";
import type { ValueSet } from "./value-set.js";

export interface FunctionNode {
  readonly id: number;
  readonly file: FileFacts;
  readonly facts: FunctionFacts;
  /** The revision of the graph in which its facts came, or it became known to matter or not to. */
  readonly revision: number;
}

/** A node as the graph sees it: another version of its file puts other facts into it. Who reads these depends on them. */
class Node extends Source implements FunctionNode {
  readonly calledFrom = new Source();
  revision = 0;
  #file: FileFacts;
  #facts: FunctionFacts;

  constructor(
    readonly id: number,
    readonly ofFile: Source,
    file: FileFacts,
    facts: FunctionFacts,
  ) {
    super();
    this.#file = file;
    this.#facts = facts;
  }

  get file(): FileFacts {
    this.ofFile.read();
    return this.#file;
  }

  get facts(): FunctionFacts {
    this.read();
    return this.#facts;
  }

  /** Takes on what another version of the file says, of which there is word already. */
  become(file: FileFacts, facts: FunctionFacts, revision: number): void {
    this.#file = file;
    if (facts === this.#facts) return;
    this.#facts = facts;
    this.revision = revision;
    this.changed();
  }
}

/** A call by name, and the function it stands in. */
export interface Caller {
  readonly node: FunctionNode;
  readonly call: CallFact;
}

/** What is worked out of one file and of what names mean in the program. */
export type Derivation<T> = (file: FileFacts, graph: CallGraph) => T;

export class CallGraph {
  readonly classes: ClassTable;
  readonly #nodes: readonly Node[];
  /** All that changes at every edit. */
  readonly #anything = new Source();
  readonly #throughPointers = new Source();
  /** By path. */
  readonly #fileSources = new Map<string, Source>();
  #files: readonly FileFacts[];
  #revision = 0;
  #pointersRevision = 0;
  readonly #local = new Map<FileFacts, Map<string, FunctionNode[]>>();
  readonly #external = new Map<string, FunctionNode[]>();
  /** Macros and static functions of headers, which are there where these are included. */
  readonly #headerMacros = new Map<string, FunctionNode[]>();
  readonly #headerFunctions = new Map<string, FunctionNode[]>();
  readonly #inclusion: Inclusion;
  readonly #byIndex = new Map<FileFacts, Node[]>();
  /** Names of functions and macros of any file. */
  readonly #definedNames = new Set<string>();
  #pointers: PointerTargets;
  #events: EventTargets;
  /** What calls that may mean something of the project were found to enter. */
  readonly #named = new Map<CallFact, Named>();
  readonly #derived = new Map<Derivation<unknown>, Map<FileFacts, unknown>>();
  #callers: Map<FunctionNode, readonly Caller[]> | undefined;

  constructor(files: readonly FileFacts[]) {
    this.#files = files;
    const nodes: Node[] = [];
    for (const file of files) {
      const source = new Source();
      this.#fileSources.set(file.path, source);
      for (const facts of file.functions) nodes.push(new Node(nodes.length, source, file, facts));
    }
    this.#nodes = nodes;
    this.classes = new ClassTable(nodes, files);
    let next = 0;
    for (const file of files) {
      const local = new Map<string, FunctionNode[]>();
      const inOrder: Node[] = [];
      for (const facts of file.functions) {
        const node = nodes[next++]!;
        inOrder.push(node);
        // A method is never meant by its bare name outside of its class.
        if (facts.isLambda || this.classes.ownerOf(node)) continue;
        append(local, facts.name, node);
        this.#definedNames.add(facts.name);
        if (facts.isMacro || facts.isStatic) {
          if (isHeader(file.path)) append(facts.isMacro ? this.#headerMacros : this.#headerFunctions, facts.name, node);
        } else append(this.#external, facts.name, node);
      }
      this.#local.set(file, local);
      this.#byIndex.set(file, inOrder);
    }
    this.#inclusion = new Inclusion(files);
    this.#pointers = new PointerTargets(this);
    this.#events = new EventTargets(this);
  }

  /** All files; not noted as read. */
  get files(): readonly FileFacts[] {
    return this.#files;
  }

  /** All functions. What reads them is out of date after every edit. */
  get nodes(): readonly FunctionNode[] {
    this.readAll();
    return this.#nodes;
  }

  /** Notes that something depends on all there is. */
  readAll(): void {
    this.#anything.read();
  }

  /** Notes that something depends on a file, or on its text. */
  readFile(path: string): void {
    this.#fileSources.get(path)?.read();
  }

  /** Counts the versions of files that the graph took in. */
  get revision(): number {
    return this.#revision;
  }

  /** The revision since which calls through pointers enter what they enter. */
  get pointersRevision(): number {
    return this.#pointersRevision;
  }

  /**
   * Takes in other versions of the same files, if names mean in them what they meant: then everything but what is inside of the changed
   * functions stays as it is. Otherwise nothing happens, and only a new graph will do.
   */
  adopt(files: readonly FileFacts[]): boolean {
    if (files.length !== this.#files.length) return false;
    const changed: { readonly before: FileFacts; readonly after: FileFacts }[] = [];
    for (const [i, after] of files.entries()) {
      const before = this.#files[i]!;
      if (before === after) continue;
      if (!declaresTheSame(before, after)) return false;
      changed.push({ before, after });
    }
    this.#files = files;
    if (changed.length > 0) {
      this.#revision++;
      for (const { before, after } of changed) this.#replace(before, after);
      const pointers = new PointerTargets(this);
      const events = new EventTargets(this);
      const isSame = pointers.isLike(this.#pointers) && events.isLike(this.#events) && changed.every(({ before, after }) => hasTheSameTables(before, after));
      this.#pointers = pointers;
      this.#events = events;
      if (!isSame) {
        this.#pointersRevision = this.#revision;
        this.#throughPointers.changed();
      }
      this.#anything.changed();
    }
    return true;
  }

  #replace(before: FileFacts, after: FileFacts): void {
    const nodes = this.#byIndex.get(before)!;
    const links = this.#callers && this.linksFrom(before);
    for (const [i, node] of nodes.entries()) {
      const facts = after.functions[i]!;
      if (facts !== node.facts) for (const call of node.facts.calls) this.#named.delete(call);
      node.become(after, facts, this.#revision);
    }
    this.#fileSources.get(after.path)!.changed();
    for (const known of [this.#local, this.#byIndex, ...this.#derived.values()] as Map<FileFacts, unknown>[]) {
      const value = known.get(before);
      known.delete(before);
      if (known === this.#local || known === this.#byIndex) known.set(after, value);
    }
    this.classes.replace(before, after);
    this.#inclusion.replace(before, after);
    if (this.#callers && links) this.#updateCallers(this.#callers, nodes, links, this.linksFrom(after));
  }

  #updateCallers(callers: Map<FunctionNode, readonly Caller[]>, nodes: readonly FunctionNode[], gone: readonly Link[], come: readonly Link[]): void {
    const first = nodes[0]?.id ?? 0;
    const last = nodes.at(-1)?.id ?? -1;
    const isFrom = ({ node }: Caller): boolean => first <= node.id && node.id <= last;
    const added = new Map<FunctionNode, Caller[]>();
    for (const { target } of gone) added.set(target, []);
    for (const { target, caller } of come) append(added, target, caller);
    for (const [target, own] of added) {
      this.#nodes[target.id]!.calledFrom.changed();
      const others = (callers.get(target) ?? []).filter((one) => !isFrom(one));
      const at = others.findIndex(({ node }) => node.id > last);
      callers.set(target, at < 0 ? [...others, ...own] : [...others.slice(0, at), ...own, ...others.slice(at)]);
    }
  }

  /** What `derive` makes of a file: worked out once, and again when the file or what names mean has changed. */
  derived<T>(derive: Derivation<T>, file: FileFacts): T {
    this.readFile(file.path);
    let known = this.#derived.get(derive);
    if (!known) this.#derived.set(derive, (known = new Map<FileFacts, unknown>()));
    const derived = known;
    if (!derived.has(file)) unnoted(() => derived.set(file, derive(file, this)));
    return derived.get(file) as T;
  }

  /** Notes that a function has come to matter, or ceased to, in the present revision. */
  touch(node: FunctionNode): void {
    this.#nodes[node.id]!.revision = this.#revision;
  }

  /** The calls by name that enter a function, in the order of functions and offsets. */
  callersOf(target: FunctionNode): readonly Caller[] {
    this.#callers ??= unnoted(() => this.#indexCallers());
    this.#nodes[target.id]!.calledFrom.read();
    return this.#callers.get(target) ?? [];
  }

  /** The calls by name of one file that enter a function, in the order of functions and offsets. */
  linksFrom(file: FileFacts): readonly Link[] {
    return this.derived(linksOf, file);
  }

  #indexCallers(): Map<FunctionNode, Caller[]> {
    const callers = new Map<FunctionNode, Caller[]>();
    for (const file of this.#files) for (const { target, caller } of this.linksFrom(file)) append(callers, target, caller);
    return callers;
  }

  /** The function a name means at a place in `file`; `argumentCount` tells namesakes apart where it is known. */
  byName(file: FileFacts, name: string, argumentCount?: number, scope = ""): FunctionNode | undefined {
    const at = name.lastIndexOf("::");
    if (at >= 0) return this.#qualified({ file, scope }, name.slice(0, at), name.slice(at + 2), argumentCount).nodes[0];
    const here = this.#local.get(file)?.get(name);
    if (here) return pick(here.length === 1 ? here : inScope(here, scope), argumentCount);
    const inHeader = this.#included(file, this.#headerFunctions, name);
    const elsewhere = inHeader.length > 0 ? inHeader : this.#external.get(name);
    const candidates = elsewhere ?? this.#included(file, this.#headerMacros, name);
    if (candidates.length === 1) return candidates[0];
    const fitting = candidates.filter((node) => fits(node, argumentCount));
    return fitting.length > 1 ? nearest(file.path, fitting) : fitting[0];
  }

  /** Whether a file sees what another one declares: it includes it, directly or through others. */
  includes(file: FileFacts, header: FileFacts): boolean {
    return this.#inclusion.includes(file, header);
  }

  #included(file: FileFacts, functions: ReadonlyMap<string, readonly FunctionNode[]>, name: string): readonly FunctionNode[] {
    return functions.get(name)?.filter((node) => this.#inclusion.includes(file, node.file)) ?? [];
  }

  /** `Q::name`: a method of the class `Q`, or a function of the namespace. */
  #qualified(place: Place, qualifier: string, name: string, argumentCount: number | undefined): { readonly nodes: readonly FunctionNode[]; readonly owner?: ClassInfo } {
    const plain = qualifier.replace(/<.*$/s, "");
    const owner = plain === "" ? undefined : this.classes.named(plain, place);
    if (owner) return { nodes: choose(place.file, this.classes.method(owner, name), argumentCount), owner };
    const candidates = [...(this.#local.get(place.file)?.get(name) ?? []), ...(this.#external.get(name) ?? [])].filter(({ facts }) =>
      plain === "" ? facts.qualifier === undefined : facts.qualifier === plain || facts.qualifier?.endsWith(`::${plain}`));
    return { nodes: choose(place.file, [...new Set(candidates)], argumentCount) };
  }

  placeOf({ file, facts }: FunctionNode): Place {
    return { file, scope: facts.className ?? facts.qualifier ?? "" };
  }

  /** What a call that is written with a name, or through an object whose class is known, may enter, whatever values there are. */
  namedTargets(caller: FunctionNode, call: CallFact): readonly FunctionNode[] {
    return this.#resolve(caller, call).nodes;
  }

  /** Whether a call with a name means something of the project: a method of the caller's class, or something qualified. */
  isOwn(caller: FunctionNode, call: CallFact): boolean {
    if (call.name === undefined) return true;
    if (this.#resolve(caller, call).isOwn) return true;
    if (!this.definesFunction(caller.file, call.name)) return false;
    // A function of a namespace that is not around the caller takes more than its bare name.
    const { scope } = this.placeOf(caller);
    const here = [...(this.#local.get(caller.file)?.get(call.name) ?? []), ...this.#included(caller.file, this.#headerFunctions, call.name), ...(this.#external.get(call.name) ?? [])].filter(({ facts }) => !facts.isMacro);
    return here.some(({ facts }) => facts.qualifier === undefined || (call.qualifier === undefined && `${scope}::`.startsWith(`${facts.qualifier}::`)));
  }

  #resolve(caller: FunctionNode, call: CallFact): Named {
    // Most calls are of what no file at hand defines.
    if (caller.file.language === "c" && (call.name === undefined || (call.qualifier === undefined && !this.#definedNames.has(call.name)))) return NOTHING;
    let found = this.#named.get(call);
    // As long as the graph lives, it is the names alone that decide.
    if (!found) this.#named.set(call, (found = unnoted(() => this.#findNamed(caller, call))));
    return found;
  }

  #findNamed(caller: FunctionNode, call: CallFact): Named {
    const { file } = caller;
    const count = call.args.length;
    const place = this.placeOf(caller);
    if (call.receiver?.ref) return this.#throughObject(caller, call, call.receiver.ref);
    if (call.name === undefined) return NOTHING;
    if (call.makes !== undefined) {
      const made = this.classes.named(call.makes, place);
      return made ? { nodes: this.#constructors(file, made, count), isOwn: false, isConstruction: true } : NOTHING;
    }
    if (call.qualifier !== undefined) {
      const { nodes, owner } = this.#qualified(place, call.qualifier, call.name, count);
      if (nodes.length > 0) return { nodes, isOwn: true, ...(owner && { isMethod: true }) };
      // `ns::Client(x)` makes an object.
      const made = this.classes.named(`${call.qualifier}::${call.name}`, place);
      return { nodes: made ? this.#constructors(file, made, count) : [], isOwn: !STANDARD.test(call.qualifier), ...(made && { isConstruction: true }) };
    }
    if (file.language === "cpp") {
      const owner = this.classes.ownerOf(caller);
      if (owner && this.classes.hasMethod(owner, call.name)) {
        const nodes = choose(file, this.classes.methodOrOverriders(owner, call.name), count, true);
        return { nodes, isOwn: true, isMethod: true };
      }
    }
    const node = this.byName(file, call.name, count, place.scope);
    if (node || file.language !== "cpp") return { nodes: node ? [node] : [], isOwn: false };
    const made = this.classes.named(call.name, place);
    return made ? { nodes: this.#constructors(file, made, count), isOwn: false, isConstruction: true } : NOTHING;
  }

  #constructors(file: FileFacts, made: ClassInfo, count: number): readonly FunctionNode[] {
    return choose(file, made.definitions.get(made.name.slice(made.name.lastIndexOf("::") + 1).replace(/^:/, "")) ?? [], count);
  }

  #throughObject(caller: FunctionNode, call: CallFact, ref: NonNullable<NonNullable<CallFact["receiver"]>["ref"]>): Named {
    const place = this.placeOf(caller);
    const owner = this.classes.ownerOf(caller);
    const method = call.receiver!.field;
    const type = this.classes.typeOf(ref, place, owner);
    if (type === undefined) return NOTHING;
    if (call.destroys === "replaced" && !/(?:unique_ptr|shared_ptr|scoped_ptr|optional)\s*</.test(type)) return NOTHING;
    if (call.destroys || (method === "reset" && /_ptr\s*</.test(type))) {
      return { nodes: this.classes.destructors(type, place), isOwn: true, isMethod: true, endsLife: true };
    }
    const held = /^(?:erase|clear|pop_back|pop_front|remove)$/.test(method) ? this.classes.heldBy(type) : undefined;
    // What it only points to lives on.
    if (held !== undefined) return { nodes: /[*&]\s*$/.test(held) ? [] : this.classes.destructors(held, place), isOwn: true, isMethod: true, endsLife: true };
    const found = this.classes.named(type, place);
    if (!found || !this.classes.hasMethod(found, method)) return NOTHING;
    return { nodes: choose(caller.file, this.classes.methodOrOverriders(found, method), call.args.length, true), isOwn: true, isMethod: true };
  }

  /** Whether the project itself defines a function of this name that a call in `file` could mean. */
  definesFunction(file: FileFacts, name: string): boolean {
    if (this.#local.get(file)?.get(name)?.some((node) => !node.facts.isMacro)) return true;
    return this.#external.has(name) || this.#included(file, this.#headerFunctions, name).length > 0;
  }

  /** The functions a value may be the address of, told by the value alone. */
  functionsOf(file: FileFacts, value: Value, argumentCount?: number): readonly FunctionNode[] {
    return this.#boundFunctions(file, value, argumentCount).map(({ node }) => node);
  }

  #boundFunctions(file: FileFacts, value: Value, argumentCount?: number): readonly CallTarget[] {
    const found: CallTarget[] = [];
    for (const option of optionsOf(value)) {
      const target = option.kind === "address" ? option.of : option;
      if (target.kind === "entity") {
        const node = this.byName(file, target.name, argumentCount);
        if (node && !node.facts.isMacro) found.push({ node });
      } else if (target.kind === "field" && target.memberOf !== undefined) {
        // A name alone in a method: a static method that the file does not declare, or a function.
        const owner = this.classes.named(target.memberOf, { file, scope: "" });
        if (owner && this.classes.hasField(owner, target.field)) continue;
        const [method] = owner ? choose(file, this.classes.method(owner, target.field), argumentCount) : [];
        const node = method ?? this.byName(file, target.field, argumentCount);
        if (node && !node.facts.isMacro) found.push({ node });
      } else if (target.kind === "lambda") {
        const node = this.#byIndex.get(file)?.[target.functionIndex];
        if (node) found.push({ node, ...(target.bound && { bound: target.bound }) });
      }
    }
    return found;
  }

  /** The functions that a value handed on may be: also out of variables, fields and tables, and of parameters that callers pass functions for. */
  functionsHeld(node: FunctionNode, value: Value): readonly HeldFunction[] {
    this.#throughPointers.read();
    return this.#pointers.held(node, value);
  }

  nodesOf(file: FileFacts): readonly FunctionNode[] {
    return this.#byIndex.get(file) ?? [];
  }

  /**
   * The functions a call may enter; `target` is what the callee evaluates to in the caller's context, and `receiver` the object it is
   * called on.
   */
  targetsOf(caller: FunctionNode, call: CallFact, target: Value | undefined, receiver: Value = call.receiver?.value ?? UNKNOWN, args?: readonly Value[]): readonly CallTarget[] {
    const { nodes, isMethod, endsLife } = this.#resolve(caller, call);
    if (nodes.length > 0) return nodes.map((node) => (isMethod ? { node, bound: [call.receiver ? receiver : thisOf(caller)], ...(endsLife && { args: NO_VALUES }) } : { node }));
    if (call.name !== undefined) return caller.file.language === "cpp" ? this.#throughMember(caller, call, args ?? call.args.map((arg) => arg.value)) : [];
    if (!target) return [];
    const direct = this.#boundFunctions(caller.file, target, call.args.length);
    if (direct.length > 0) return direct;
    this.#throughPointers.read();
    return this.#pointers.targetsOf(caller, call, target).filter(({ node }) => fits(node, call.args.length));
  }

  /** `onClose()`: a field that holds a function, or a function of a framework that tells who listens to an event. */
  #throughMember(caller: FunctionNode, call: CallFact, args: readonly Value[]): readonly CallTarget[] {
    if (call.qualifier === "std" && CALLS_AT_ONCE.has(call.name!)) return args.flatMap((arg) => this.#boundFunctions(caller.file, arg));
    this.#throughPointers.read();
    const owner = this.classes.ownerOf(caller);
    if (owner && call.qualifier === undefined && this.classes.hasField(owner, call.name!)) {
      const target: Value = { kind: "field", base: thisOf(caller), field: call.name! };
      return this.#pointers.targetsOf(caller, { ...call, receiver: { value: thisOf(caller), field: call.name!, ref: { kind: "this" } } }, target);
    }
    return this.#events.notifiedBy(caller, call).map((node) => ({ node }));
  }

  /** The type of a field of the caller's class, or of a field of the object that `ref` leads to, as it is declared. */
  fieldType(node: FunctionNode, field: string, of: TypeRef = { kind: "this" }): string | undefined {
    return this.classes.typeOf({ kind: "field", of, field }, this.placeOf(node), this.classes.ownerOf(node));
  }

  /** What a class is called in the tables of fields that hold functions. */
  classKey(node: FunctionNode, ref: NonNullable<NonNullable<CallFact["receiver"]>["ref"]> | undefined): string | undefined {
    return ref && this.classes.classOf(ref, this.placeOf(node), this.classes.ownerOf(node))?.name;
  }
}

/** A call by name that enters a function. */
export interface Link {
  readonly caller: Caller;
  readonly target: FunctionNode;
}

/** All such calls of a file, in the order of functions and offsets. */
const linksOf = (file: FileFacts, graph: CallGraph): readonly Link[] =>
  graph.nodesOf(file).flatMap((node) => node.facts.calls.flatMap((call) => graph.namedTargets(node, call).map((target) => ({ caller: { node, call }, target }))));

/** What a file says about names: all that decides what a name means in it and elsewhere. */
function declarationsOf({ path, language, functions, classes, aliases, types, prototypes, includes }: FileFacts): string {
  const headers = functions.map(({ name, qualifier, className, isVirtual, isStatic, isMacro, isLambda, returnType, params }) =>
    [name, qualifier, className, isVirtual, isStatic, isMacro, isLambda, returnType, params]);
  return JSON.stringify([path, language, headers, classes, aliases, types, prototypes.map(({ name, params }) => [name, params]), includes.map((include) => include.path)]);
}

const declaresTheSame = (a: FileFacts, b: FileFacts): boolean => declarationsOf(a) === declarationsOf(b);

const withoutPlaces = (key: string, value: unknown): unknown => (key === "span" || key === "site" ? undefined : value);

/** Whether the tables that calls may go through hold the same, wherever in the file. */
const hasTheSameTables = (a: FileFacts, b: FileFacts): boolean => JSON.stringify(a.aggregates, withoutPlaces) === JSON.stringify(b.aggregates, withoutPlaces);

interface Named {
  readonly nodes: readonly FunctionNode[];
  /** Whether the name is one of the project even where no definition is at hand. */
  readonly isOwn: boolean;
  /** Entered with an object. */
  readonly isMethod?: true;
  readonly isConstruction?: true;
  /** Destructors and deleters, which are not given what the call is given: `reset(next)`. */
  readonly endsLife?: true;
}

/** Functions of the C++ library that call what they are given before they return. */
const CALLS_AT_ONCE = new Set([
  "for_each", "any_of", "all_of", "none_of", "find_if", "find_if_not", "count_if", "remove_if", "copy_if", "transform", "accumulate", "invoke", "apply",
  "visit", "call_once",
]);

const NO_VALUES: readonly Value[] = [];
const NOTHING: Named = { nodes: [], isOwn: false };

/** `this`, as a value of the function. */
const thisOf = ({ facts }: FunctionNode): Value => (facts.className === undefined ? UNKNOWN : paramValue(facts.params.length));

/** What may be meant of functions with the same name: those that take as many arguments, of these the nearest to the caller. */
function choose(file: FileFacts, candidates: readonly FunctionNode[], argumentCount: number | undefined, several = false): readonly FunctionNode[] {
  const exact = candidates.filter((node) => fits(node, argumentCount));
  // Default arguments.
  const fitting = exact.length > 0 ? exact : candidates.filter(({ facts }) => argumentCount === undefined || facts.params.length > argumentCount);
  if (fitting.length <= 1) return fitting;
  const classes = new Set(fitting.map(({ facts }) => facts.className));
  if (several && classes.size === fitting.length) return fitting;
  const best = nearest(file.path, fitting);
  if (best) return [best];
  // Overloads that only types tell apart: all of them, when they are few and of one file.
  return new Set(fitting.map((node) => node.file)).size === 1 && fitting.length <= 3 ? fitting : [];
}

/** Of functions of one file with the same name those whose namespace is nearest around the caller. */
function inScope(candidates: readonly FunctionNode[], scope: string): readonly FunctionNode[] {
  for (let around = scope; ; around = around.slice(0, Math.max(0, around.lastIndexOf("::")))) {
    const found = candidates.filter(({ facts }) => (facts.qualifier ?? "") === around);
    if (found.length > 0) return found;
    if (around === "") return candidates;
  }
}

export interface CallTarget {
  readonly node: FunctionNode;
  /** The target is entered only where this value, in terms of the caller's parameters, is in the set: a table indexed or searched by it. */
  readonly where?: { readonly value: Value; readonly set: ValueSet };
  /** Values behind the arguments: `this`, and what a lambda captures. Those of methods are in terms of the caller's parameters or of `target`. */
  readonly bound?: readonly Value[];
  /** What it is given, where that is not what the call is given. */
  readonly args?: readonly Value[];
}

function append<K, T>(map: Map<K, T[]>, key: K, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

const isHeader = (path: string): boolean => /\.(h|hh|hpp|hxx|inc)$/i.test(path);

const fits = (node: FunctionNode, argumentCount: number | undefined): boolean =>
  argumentCount === undefined || node.facts.params.length === argumentCount;

/** Same name twice in one file: two configurations of one function, or a macro beside a function. */
function pick(candidates: readonly FunctionNode[], argumentCount: number | undefined): FunctionNode | undefined {
  return candidates.length === 1 ? candidates[0] : (candidates.find((node) => fits(node, argumentCount)) ?? candidates[0]);
}

/**
 * Repositories hold several programs with functions of the same names, each in a folder of its own: the definition that shares most folders
 * with the caller, if it is the only one that does.
 */
function nearest(from: string, candidates: readonly FunctionNode[]): FunctionNode | undefined {
  const folders = from.split("/").slice(0, -1);
  const shared = candidates.map(({ file }) => {
    const other = file.path.split("/").slice(0, -1);
    const length = folders.findIndex((folder, i) => folder !== other[i]);
    return length === -1 ? folders.length : length;
  });
  const most = Math.max(...shared);
  const best = candidates.filter((_, i) => shared[i] === most);
  return best.length === 1 ? best[0] : undefined;
}

/** `::f`, `std::f`, `std::this_thread::f`: never the project's own. */
const STANDARD = /^(?:std(?:::.*)?)?$/;
