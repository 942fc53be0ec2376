/** How entry points reach calls, and places that are no calls: a store, a followed pointer. */
import type { FunctionNode } from "../analysis/call-graph.js";
import { admit, type ReachedCall, type ReachedLoop } from "../analysis/contexts.js";
import type { Guard } from "../analysis/facts.js";
import type { Value } from "../analysis/value.js";
import type { ValueSet } from "../analysis/value-set.js";
import type { LwsEntryPoint } from "./entry-points.js";
import type { Program } from "./program.js";

/** A call that an entry point reaches. */
export interface Reached extends ReachedCall {
  readonly entry: LwsEntryPoint;
}

export interface ReachedWait extends ReachedLoop {
  readonly entry: LwsEntryPoint;
}

export interface ReachedPlace {
  readonly entry: LwsEntryPoint;
  readonly selected: ValueSet;
  readonly args: readonly Value[];
}

/** The entry points that reach a place of a function, with the function's arguments in their terms. */
export function reachedFrom(program: Program, node: FunctionNode, guard: Guard): readonly ReachedPlace[] {
  return program.contextsOf(node).flatMap((context) => {
    const selected = admit(guard, context);
    return selected ? [{ entry: context.entry as LwsEntryPoint, selected, args: context.args }] : [];
  });
}
