import type { Report } from "../linter/rule.js";
import { defineRule } from "../linter/rule.js";
import { SPECIAL_RETURNS, mayHold, reasonByName, rolesOf, type SpecialReturn } from "../lws/api/index.js";
import type { LwsEntryPoint } from "../lws/entry-points.js";
import type { Program } from "../lws/program.js";
import { placeOf, returnEvidence } from "../lws/return-report.js";
import { isAlways, isForNamedReasons, isReturnedFor, returnedToLibrary, type Returned } from "../lws/returned.js";
import { NONZERO, ZERO, hasNumber, ofRange } from "../analysis/value-set.js";

/**
 * Reports constant answers where the value is not "0 is fine, anything else closes": a login that everybody or nobody passes, and an
 * upgrade that is said to be answered although nothing was.
 */
export default defineRule({
  id: "valid-special-return",
  category: "suspicious",
  summary: "a constant return where the value means something else than success or failure",
  fixes: [],
  yieldsTo: ["no-nonzero-default-return"],
  since: "0.1.0",

  check(file, report) {
    const { program } = file;
    for (const all of returnedToLibrary(file)) {
      const [first] = all;
      if (!first || first.entry.node.facts.incomplete) continue;
      for (const special of SPECIAL_RETURNS) {
        const reason = reasonByName(special.reason)!;
        if (!mayHold(reason, program.releaseOf(first.entry.node.file))) continue;
        const answers = all.filter((one) => hasNumber(one.selected, reason.number));
        const named = answers.filter((one) => isForNamedReasons(one) && isReturnedFor(one, reason, all));
        if (named.length === 0) continue;
        if (special.always) {
          const which = answers.every((one) => isAlways(one, ZERO)) ? special.always.zero : answers.every((one) => isAlways(one, NONZERO)) ? special.always.nonzero : undefined;
          if (which !== undefined) report(reportOf(named[0]!, special, which));
        }
        if (special.answered) {
          const wrong = named.find((one) => isAlways(one, ofRange(1, null)));
          if (wrong && !answersIn(program, first.entry, reason.number)) report(reportOf(wrong, special, special.answered));
        }
      }
    }
  },
});

const reportOf = (one: Returned, special: SpecialReturn, message: string): Report => ({
  ...placeOf(one),
  message,
  help: special.help,
  reasons: [special.reason],
  related: returnEvidence(one),
});

/** Whether the callback, for a reason, reaches anything that may send a response. */
function answersIn(program: Program, entry: LwsEntryPoint, reason: number): boolean {
  const sends = (name: string): boolean => {
    const roles = rolesOf(name);
    return roles.writes !== undefined || roles.answersRequest !== undefined || roles.servesFile !== undefined;
  };
  return program.libraryCallsFrom(entry).some((one) => sends(one.call.name!) && hasNumber(one.selected, reason));
}
