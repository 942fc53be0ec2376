import { defineRule } from "../linter/rule.js";
import { CALLBACK_REASONS, closesOnlyBelowZero, returnEffects } from "../lws/api/index.js";
import { placeOf, returnEvidence, returnInstead, valueText } from "../lws/return-report.js";
import { isAlways, isForNamedReasons, isReturnedFor, returnedToLibrary } from "../lws/returned.js";
import { code, nameReasons, reasonsIn } from "../lws/wording.js";
import { ofRange } from "../analysis/value-set.js";

/**
 * Reports a positive value that a callback returns for reasons in which only a negative one closes. A return that several reasons share counts for
 * those of them that lead there.
 */
export default defineRule({
  id: "no-positive-return-close",
  category: "suspicious",
  summary: "a positive return where only a negative one closes the connection",
  fixes: ["safe"],
  yieldsTo: ["no-nonzero-default-return"],
  since: "0.1.0",

  check(file, report) {
    const { program } = file;
    for (const all of returnedToLibrary(file)) {
      for (const one of all) {
        if (!isForNamedReasons(one) || !isAlways(one, ofRange(1, null))) continue;
        const release = program.releaseOf(one.entry.node.file);
        const reasons = CALLBACK_REASONS.filter((reason) => closesOnlyBelowZero(reason, release) && isReturnedFor(one, reason, all));
        if (reasons.length === 0) continue;
        const isSame = reasonsIn(one.selected).every((reason) => returnEffects(reason, release).every((effect) => effect === "closes" || effect === "ignored"));
        report({
          ...placeOf(one),
          message: `${valueText(one)} does not close the connection on ${nameReasons(reasons)}: only a negative value does`,
          help: `return -1`,
          reasons: reasons.map(({ name }) => name),
          related: returnEvidence(one),
          fixes: isSame ? returnInstead(program, one, "-1", { kind: "safe", title: `Return ${code("-1")}, which closes` }) : [],
        });
      }
    }
  },
});
