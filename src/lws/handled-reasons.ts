import type { FunctionFacts } from "../analysis/facts.js";
import * as Sets from "../analysis/value-set.js";
import type { ValueSet } from "../analysis/value-set.js";
import type { CallbackReason } from "./api/index.js";
import type { LwsEntryPoint } from "./entry-points.js";
import { reasonsIn } from "./reasons.js";

/** Reasons for which a callback has code of its own: what stands under a `case`, or behind a test, that names them. */
export function handledReasons({ node: { facts }, selector }: LwsEntryPoint): ReadonlySet<CallbackReason> {
  // Told by the function alone, and asked again after every edit of another one.
  const known = handled.get(facts);
  if (known) return known;
  const found = new Set<CallbackReason>();
  const seen = new Set<ValueSet>();
  const { calls, stores, returns, loops, accesses } = facts;
  for (const { guard } of [...calls, ...stores, ...returns, ...loops, ...accesses]) {
    for (const { param, set } of guard) {
      if (param !== selector || seen.has(set) || !Sets.isFinite(set)) continue;
      seen.add(set);
      for (const reason of reasonsIn(set)) found.add(reason);
    }
  }
  handled.set(facts, found);
  return found;
}

const handled = new WeakMap<FunctionFacts, ReadonlySet<CallbackReason>>();
