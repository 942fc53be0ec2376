import * as Sets from "../analysis/value-set.js";
import type { CallbackReason } from "./api/index.js";
import type { LwsEntryPoint } from "./entry-points.js";
import { reasonsIn } from "./reasons.js";

/** Reasons for which a callback has code of its own: what stands under a `case`, or behind a test, that names them. */
export function handledReasons({ node, selector }: LwsEntryPoint): ReadonlySet<CallbackReason> {
  const found = new Set<CallbackReason>();
  const { calls, stores, returns, loops, accesses } = node.facts;
  for (const { guard } of [...calls, ...stores, ...returns, ...loops, ...accesses]) {
    for (const { param, set } of guard) if (param === selector && Sets.isFinite(set)) for (const reason of reasonsIn(set)) found.add(reason);
  }
  return found;
}
