/** How entry points reach calls, and places that are no calls: a store, a followed pointer. */
import type { FunctionNode } from "../analysis/call-graph.js";
import { admit, type ReachedCall, type ReachedLoop } from "../analysis/contexts.js";
import type { Guard } from "../analysis/facts.js";
import type { Value } from "../analysis/value.js";
import type { ValueSet } from "../analysis/value-set.js";
import type { CallbackReason } from "./api/index.js";
import type { LwsEntryPoint } from "./entry-points.js";
import type { Program } from "./program.js";
import { reasonsIn } from "./reasons.js";

/** A call that an entry point reaches. */
export interface Reached extends ReachedCall {
  readonly entry: LwsEntryPoint;
}

/** Whether nothing on the way casts doubt on it: no region that could not be read, no branch that only some runs take. */
export const isCertain = ({ uncertain, assumes }: Pick<Reached, "uncertain" | "assumes">): boolean => !uncertain && assumes.length === 0;

/** The reasons of protocol callbacks for which something is reached, each once. */
export function uniqueReasons(reached: readonly Reached[]): readonly CallbackReason[] {
  const found = new Set<CallbackReason>();
  for (const one of reached) if (one.entry.kind === "protocol") for (const reason of reasonsIn(one.selected)) found.add(reason);
  return [...found];
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
