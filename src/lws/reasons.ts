import * as Sets from "../analysis/value-set.js";
import type { ValueSet } from "../analysis/value-set.js";
import { CALLBACK_REASONS, type CallbackReason } from "./api/index.js";

/** The known callback reasons in a set, in numeric order. */
export function reasonsIn(set: ValueSet): readonly CallbackReason[] {
  // Every rule asks for those of the same few sets.
  let reasons = known.get(set);
  if (!reasons) known.set(set, (reasons = CALLBACK_REASONS.filter((reason) => Sets.hasNumber(set, reason.number))));
  return reasons;
}

const known = new WeakMap<ValueSet, readonly CallbackReason[]>();
