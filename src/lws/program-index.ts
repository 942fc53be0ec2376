/** What rules ask of a whole program again and again, by name: calls of the library, and what is stored where. */
import type { CallGraph, Derivation, FunctionNode } from "../analysis/call-graph.js";
import type { CallFact, FileFacts, StoreFact } from "../analysis/facts.js";
import { byName, NameIndex, type ByName } from "../analysis/name-index.js";
import { CONNECT_TARGET_FIELD } from "./api/index.js";

/** A call by name of something that the project does not define. */
export interface LibraryCall {
  readonly node: FunctionNode;
  /** Among the calls of the function. */
  readonly index: number;
  readonly call: CallFact;
}

export interface FieldStore {
  readonly node: FunctionNode;
  readonly store: StoreFact;
}

export class ProgramIndex {
  readonly #indexes = new Map<Derivation<ByName<unknown>>, NameIndex<unknown>>();

  constructor(readonly graph: CallGraph) {}

  /** The index of what `entriesOf` finds in each file; the function must be the same one each time. */
  named<T>(entriesOf: Derivation<ByName<T>>): NameIndex<T> {
    let index = this.#indexes.get(entriesOf) as NameIndex<T> | undefined;
    if (!index) this.#indexes.set(entriesOf, (index = new NameIndex(this.graph, entriesOf)));
    return index;
  }

  /** Takes in other versions of files: what asked for a name of theirs is out of date. */
  refresh(): void {
    for (const index of this.#indexes.values()) index.refresh();
  }

  /** What is stored anywhere in a field or variable of this name. */
  storesTo(name: string): readonly FieldStore[] {
    return this.named(storesOf).of(name);
  }

  /** Whether the library is asked somewhere to keep a new connection under this name: `info.pwsi = &x->name`. */
  isConnectTarget(name: string): boolean {
    return this.named(connectTargetsOf).has(name);
  }
}

/** The calls of the library in a file, by name and then in the order of functions and calls. */
export const libraryCallsOf = (file: FileFacts, graph: CallGraph): ByName<LibraryCall> =>
  byName(graph.nodesOf(file).flatMap((node) =>
    node.facts.calls.flatMap((call, index) => (isLibraryCall(graph, node, call) ? [[call.name!, { node, index, call }] as const] : []))));

/** A name means the library's function unless the project defines or declares one of its own. */
export function isLibraryCall(graph: CallGraph, node: FunctionNode, call: CallFact): boolean {
  const { name } = call;
  if (name === undefined || graph.isOwn(node, call)) return false;
  if (!isLibraryName(name)) return true;
  const own = node.file.prototypes.find((prototype) => prototype.name === name);
  return !own || own.params.length === 0 || own.params.some((type) => LIBRARY_TYPE.test(type));
}

const LIBRARY_TYPE = /\b(?:lws|libwebsocket)/;
const isLibraryName = (name: string): boolean => /^_*(?:lws|libwebsocket)/.test(name);

const storesOf = (file: FileFacts, graph: CallGraph): ByName<FieldStore> =>
  byName(graph.nodesOf(file).flatMap((node) =>
    node.facts.stores.flatMap((store) => {
      const name = nameOf(store.target);
      return name === undefined ? [] : [[name, { node, store }] as const];
    })));

const connectTargetsOf = (file: FileFacts): ByName<true> =>
  byName(file.functions.flatMap(({ stores }) =>
    stores.flatMap(({ target, value }) => {
      const name = target.kind === "field" && target.field === CONNECT_TARGET_FIELD && value.kind === "address" ? nameOf(value.of) : undefined;
      return name === undefined ? [] : [[name, true] as const];
    })));

const nameOf = (place: StoreFact["target"]): string | undefined => (place.kind === "field" ? place.field : place.kind === "entity" ? place.name : undefined);
