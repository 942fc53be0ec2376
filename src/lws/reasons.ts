import * as Sets from "../analysis/value-set.js";
import type { ValueSet } from "../analysis/value-set.js";
import { CALLBACK_REASONS, FORMER_REASONS, type CallbackReason } from "./api/index.js";

/** The known callback reasons in a set, in numeric order, then those of older releases, which have no number of their own, where they are named. */
export function reasonsIn(set: ValueSet): readonly CallbackReason[] {
  // Every rule asks for those of the same few sets.
  let reasons = known.get(set);
  if (!reasons) known.set(set, (reasons = [
    ...CALLBACK_REASONS.filter((reason) => Sets.hasNumber(set, reason.number)),
    ...(set.names.length > 0 && Sets.isFinite(set) ? FORMER_REASONS.filter((reason) => Sets.hasName(set, reason.name)) : []),
  ]));
  return reasons;
}

const known = new WeakMap<ValueSet, readonly CallbackReason[]>();
