import * as Sets from "../analysis/value-set.js";
import type { ValueSet } from "../analysis/value-set.js";
import { CALLBACK_REASONS, type CallbackReason } from "./api/index.js";

/** The known callback reasons in a set, in numeric order. */
export const reasonsIn = (set: ValueSet): readonly CallbackReason[] =>
  CALLBACK_REASONS.filter((reason) => Sets.hasNumber(set, reason.number));
