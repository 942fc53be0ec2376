/** Links the facts of all files: which function a call may enter. A wrong link is worse than none, so ambiguity ends silently. */
import { Source, unnoted } from "../dataflow/answers.js";
import { ClassTable, type ClassInfo, type Place } from "./classes.js";
import { EventTargets } from "./events.js";
import { changedTables, headerOf, isHeader, nameChanges, textsIn, type NameChanges } from "./declarations.js";
import type { CallFact, FileFacts } from "./facts.js";
import { IDS_PER_FILE, Node, type FunctionNode } from "./function-node.js";
import { Inclusion } from "./inclusion.js";
import { choose, fits, inScope, nearest, pick } from "./name-choice.js";
import { PointerTargets, tableKey, type HeldFunction } from "./pointer-targets.js";
import type { TypeRef } from "./type-ref.js";
import { optionsOf, paramValue, UNKNOWN, type Value } from "./value.js";
import type { ValueSet } from "./value-set.js";

/** A call by name, and the function it stands in. */
export interface Caller {
  readonly node: FunctionNode;
  readonly call: CallFact;
}

/** What is worked out of one file and of what names mean in the program. */
export type Derivation<T> = (file: FileFacts, graph: CallGraph) => T;

/** Another version of a file. */
interface Change {
  readonly position: number;
  readonly before: FileFacts;
  readonly after: FileFacts;
  readonly names: NameChanges;
}

export class CallGraph {
  readonly classes: ClassTable;
  /** All that changes at every edit. */
  readonly #anything = new Source();
  readonly #throughPointers = new Source();
  readonly #pointerSources = new Map<string, Source>();
  /** By path. */
  readonly #fileSources = new Map<string, Source>();
  #files: readonly FileFacts[];
  #revision = 0;
  /** By revision, from the second: positions of files that changed with it, or in which names came to mean something else. */
  readonly #positions: (readonly number[])[] = [];
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
    for (const [position, file] of files.entries()) {
      const source = new Source();
      this.#fileSources.set(file.path, source);
      this.#byIndex.set(file, file.functions.map((facts, i) => new Node(position * IDS_PER_FILE + i, source, file, facts)));
    }
    this.classes = new ClassTable([...this.#byIndex.values()].flat(), files);
    for (const file of files) {
      this.#declare(file);
      for (const node of this.#byIndex.get(file)!) {
        const names = this.#namesFor(node);
        if (names) append(names, node.facts.name, node);
      }
    }
    this.#inclusion = new Inclusion(files);
    this.#pointers = new PointerTargets(this);
    this.#events = new EventTargets(this);
  }

  /** What names mean in a file itself. */
  #declare(file: FileFacts): void {
    const local = new Map<string, FunctionNode[]>();
    for (const node of this.#byIndex.get(file)!) {
      // A method is never meant by its bare name outside of its class.
      if (node.facts.isLambda || this.classes.ownerOf(node)) continue;
      append(local, node.facts.name, node);
      this.#definedNames.add(node.facts.name);
    }
    this.#local.set(file, local);
  }

  /** Where a function is found by files other than its own. */
  #namesFor(node: Node): Map<string, FunctionNode[]> | undefined {
    const { isMacro, isStatic, isLambda } = node.facts;
    if (isLambda || this.classes.ownerOf(node)) return undefined;
    if (!isMacro && !isStatic) return this.#external;
    return isHeader(node.file.path) ? (isMacro ? this.#headerMacros : this.#headerFunctions) : undefined;
  }

  /** All files; not noted as read. */
  get files(): readonly FileFacts[] {
    return this.#files;
  }

  /** All functions. What reads them is out of date after every edit. */
  get nodes(): readonly FunctionNode[] {
    this.readAll();
    return this.#files.flatMap((file) => this.nodesOf(file));
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

  /** The positions of the files of which something is worked out anew since a revision; of all files for one that never was. */
  positionsSince(revision: number): Iterable<number> {
    return revision < 0 ? this.#files.keys() : new Set(this.#positions.slice(revision).flat());
  }

  /** The revision since which calls through pointers enter what they enter. */
  get pointersRevision(): number {
    return this.#pointersRevision;
  }

  /**
   * Takes in other versions of the same files. What has read anything that is not as before is told so. Only where there are other files, or other
   * classes, nothing happens, and a new graph is needed.
   */
  adopt(files: readonly FileFacts[]): boolean {
    if (files.length !== this.#files.length || files.some(({ path }, i) => path !== this.#files[i]!.path)) return false;
    const changed: Change[] = [];
    for (const [position, after] of files.entries()) {
      const before = this.#files[position]!;
      if (before === after) continue;
      const names = nameChanges(before, after);
      if (!names) return false;
      changed.push({ position, before, after, names });
    }
    if (changed.length === 0) return true;
    const isMeant = this.#meaning(changed);
    const positions = new Set(changed.map(({ position }) => position));
    const others: FileFacts[] = [];
    for (const [position, file] of this.#files.entries()) {
      if (positions.has(position) || !isMeant(file)) continue;
      positions.add(position);
      others.push(file);
    }
    const renamed = new Set(changed.filter(({ before, names }) => names.names.size > 0 || names.includes || isMeant(before)));
    const links = this.#callers && new Map([...changed.map(({ before, after }) => [before, after] as const), ...others.map((file) => [file, file] as const)]
      .map(([before, after]) => [after, this.linksFrom(before)]));
    this.#revision++;
    this.#positions.push([...positions]);
    this.#files = files;
    for (const change of changed) this.#replace(change, renamed.has(change));
    for (const file of others) this.#forget(file);
    for (const [file, before] of links ?? []) this.#updateCallers(file, before);
    this.#updatePointers(changed, renamed, others);
    this.#anything.changed();
    return true;
  }

  /** Whether a name may mean something else in a file because other files have changed. */
  #meaning(changed: readonly Change[]): (file: FileFacts) => boolean {
    const names = changed.flatMap((change) => [...change.names.external]);
    const headers = changed.filter((change) => change.names.includes).map(({ before }) => before);
    if (names.length === 0 && headers.length === 0) return () => false;
    return (file) => headers.some((header) => this.#inclusion.includes(file, header)) || names.some((name) => textsIn(file).has(name));
  }

  /** @param isRenamed whether names may mean something else in functions of the file that did not change themselves */
  #replace({ position, before, after, names }: Change, isRenamed: boolean): void {
    const unused = new Map<string, Node[]>();
    const old = this.#byIndex.get(before)!;
    this.#forget(before, isRenamed);
    for (const node of old) append(unused, headerOf(node.facts), node);
    const source = this.#fileSources.get(after.path)!;
    const nodes = after.functions.map((facts, i) => {
      const id = position * IDS_PER_FILE + i;
      const known = unused.get(headerOf(facts))?.shift();
      if (known && known.facts !== facts) for (const call of known.facts.calls) this.#named.delete(call);
      known?.become(id, after, facts);
      return known ?? new Node(id, source, after, facts);
    });
    this.classes.replace(before, after);
    this.#inclusion.replace(before, after, names.includes);
    this.#local.delete(before);
    this.#byIndex.delete(before);
    this.#byIndex.set(after, nodes);
    this.#declare(after);
    if (names.names.size === 0) return;
    const gone = new Set<FunctionNode>(old);
    for (const byName of [this.#external, this.#headerMacros, this.#headerFunctions]) {
      for (const name of names.names) {
        const kept = (byName.get(name) ?? []).filter((node) => !gone.has(node));
        const all = [...kept, ...nodes.filter((node) => node.facts.name === name && this.#namesFor(node) === byName)].sort((a, b) => a.id - b.id);
        if (all.length > 0) byName.set(name, all);
        else byName.delete(name);
      }
    }
  }

  /** Forgets what was worked out of a file, and tells all that has read anything in it; also in its functions, where names mean something else. */
  #forget(file: FileFacts, isRenamed = true): void {
    for (const node of isRenamed ? this.#byIndex.get(file)! : []) {
      for (const call of node.facts.calls) this.#named.delete(call);
      node.changed();
    }
    this.#fileSources.get(file.path)!.changed();
    for (const known of this.#derived.values()) known.delete(file);
  }

  /** Puts the calls of a file in the place of those it had. */
  #updateCallers(file: FileFacts, before: readonly Link[]): void {
    const callers = this.#callers!;
    const added = new Map<FunctionNode, Caller[]>();
    for (const { target } of before) added.set(target, []);
    for (const { target, caller } of this.linksFrom(file)) append(added, target, caller);
    for (const [target, own] of added) {
      if (target instanceof Node) target.calledFrom.changed();
      const others = (callers.get(target) ?? []).filter(({ node }) => node.file.path !== file.path);
      const behind = others.findIndex(({ node }) => own[0] !== undefined && node.id > own[0].node.id);
      const all = behind < 0 ? [...others, ...own] : [...others.slice(0, behind), ...own, ...others.slice(behind)];
      if (all.length > 0) callers.set(target, all);
      else callers.delete(target);
    }
  }

  #updatePointers(changed: readonly Change[], renamed: ReadonlySet<Change>, others: readonly FileFacts[]): void {
    const before = { pointers: this.#pointers, events: this.#events };
    this.#pointers = new PointerTargets(this);
    this.#events = new EventTargets(this);
    const differences = this.#pointers.differences(before.pointers);
    const keys = new Set(differences ?? []);
    for (const change of changed) {
      for (const name of renamed.has(change) ? change.after.aggregates.map(({ variable }) => variable) : changedTables(change.before, change.after)) keys.add(tableKey(name));
    }
    for (const file of others) for (const { variable } of file.aggregates) keys.add(tableKey(variable));
    for (const key of keys) this.#pointerSources.get(key)?.changed();
    const isSame = differences !== undefined && this.#events.isLike(before.events);
    if (!isSame) this.#throughPointers.changed();
    if (!isSame || keys.size > 0) this.#pointersRevision = this.#revision;
  }

  /** Notes that something depends on what is given to a field, a variable or a table. */
  readPointer(key: string): void {
    let source = this.#pointerSources.get(key);
    if (!source) this.#pointerSources.set(key, (source = new Source()));
    source.read();
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

  /** Notes that something depends on whether a function matters: that is told with its facts. */
  readRelevance(node: FunctionNode): void {
    if (node instanceof Node) node.read();
  }

  /** Tells all that has read a function that it has come to matter, or ceased to. */
  touch(node: FunctionNode): void {
    if (node instanceof Node) node.changed();
  }

  /** The calls by name that enter a function, in the order of functions and offsets. */
  callersOf(target: FunctionNode): readonly Caller[] {
    this.#callers ??= unnoted(() => this.#indexCallers());
    if (target instanceof Node) target.calledFrom.read();
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
    // It is the names alone that decide: where one comes to mean something else, all that has read the caller is told.
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

/** `::f`, `std::f`, `std::this_thread::f`: never the project's own. */
const STANDARD = /^(?:std(?:::.*)?)?$/;

export type { FunctionNode };
