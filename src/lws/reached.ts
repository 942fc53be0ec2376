/** How entry points reach a place that is no call: a store, a followed pointer. */
import type { FunctionNode } from "../analysis/call-graph.js";
import { admit } from "../analysis/contexts.js";
import type { Guard } from "../analysis/facts.js";
import type { Value } from "../analysis/value.js";
import type { ValueSet } from "../analysis/value-set.js";
import type { LwsEntryPoint } from "./entry-points.js";
import type { Program } from "./program.js";

export interface ReachedPlace {
  readonly entry: LwsEntryPoint;
  readonly selected: ValueSet;
  readonly args: readonly Value[];
}

/** The entry points that reach a place of a function, with the function's arguments in their terms. */
export function reachedFrom(program: Program, node: FunctionNode, guard: Guard): readonly ReachedPlace[] {
  return (program.propagation.contexts.get(node) ?? []).flatMap((context) => {
    const selected = admit(guard, context);
    return selected ? [{ entry: context.entry as LwsEntryPoint, selected, args: context.args }] : [];
  });
}
