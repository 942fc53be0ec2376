/** The calls of library functions in one file. */
import type { Arrival, Arrivals } from "../analysis/arrivals.js";
import type { FunctionNode } from "../analysis/call-graph.js";
import type { CallFact } from "../analysis/facts.js";
import { byName, type ByName } from "../analysis/name-index.js";
import { rolesOf, type CallRoles } from "./api/index.js";
import { isLoopEntry } from "./entry-points.js";
import type { LibraryCall } from "./program-index.js";
import type { Reached } from "./reached.js";

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

class KeptCall implements ApiCall {
  #arrival: Arrival | undefined;
  #reached: readonly Reached[] = [];

  constructor(
    readonly name: string,
    readonly node: FunctionNode,
    readonly variants: readonly CallFact[],
    readonly arrivals: Arrivals,
  ) {}

  get call(): CallFact {
    return this.variants[0]!;
  }

  get reached(): readonly Reached[] {
    const arrival = this.arrivals.at(this.node);
    if (this.#arrival !== arrival) {
      this.#arrival = arrival;
      this.#reached = this.variants.flatMap((one) => (arrival.calls.get(one) ?? []) as readonly Reached[]).filter(({ entry }) => isLoopEntry(entry));
    }
    return this.#reached;
  }
}

export class ApiCalls {
  /** In the order of functions and offsets. */
  readonly all: readonly ApiCall[];
  #byRole: ByName<ApiCall> | undefined;

  constructor(calls: ByName<LibraryCall>, arrivals: Arrivals) {
    const groups = [...calls].flatMap(([name, all]) => variantsOf(all).map((variants) => ({ name, variants, first: variants[0]! })));
    this.all = groups.sort((a, b) => a.first.node.id - b.first.node.id || a.first.index - b.first.index)
      .map(({ name, variants, first }) => new KeptCall(name, first.node, variants.map(({ call }) => call), arrivals));
  }

  withRole(role: keyof CallRoles): readonly ApiCall[] {
    return this.byRole.get(role) ?? NONE;
  }

  get byRole(): ByName<ApiCall> {
    return (this.#byRole ??= byName(this.all.flatMap((one) => Object.keys(rolesOf(one.name)).map((role) => [role, one] as const))));
  }
}

const NONE: readonly ApiCall[] = [];

/** Calls of one function of the library, those together that stand at one place. */
function variantsOf(calls: readonly LibraryCall[]): readonly (readonly LibraryCall[])[] {
  const groups: LibraryCall[][] = [];
  for (const one of calls) {
    const last = groups.at(-1);
    if (last?.[0]?.node === one.node && last[0].call.span.start === one.call.span.start) last.push(one);
    else groups.push([one]);
  }
  return groups;
}
