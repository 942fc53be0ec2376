import { defineRule } from "../linter/rule.js";
import { CALLBACK_REASONS, mayHold, returnEffects, type CallbackReason, type ReleaseRange } from "../lws/api/index.js";
import { placeOf, returnEvidence, returnInstead, valueText } from "../lws/return-report.js";
import { isAlways, isForNamedReasons, isReturnedFor, returnedToLibrary, type Returned } from "../lws/returned.js";
import { nameReasons } from "../lws/wording.js";
import { NONZERO, hasNumber } from "../analysis/value-set.js";

/**
 * Reports values other than 0 that a protocol callback returns for every reason it does not name. Silent where it returns what another
 * function gives (`lws_callback_http_dummy()`), and where a condition decides that may keep the library's own reasons away.
 */
export default defineRule({
  id: "no-nonzero-default-return",
  category: "correctness",
  summary: "a nonzero return for callback reasons that are not handled",
  fixes: ["safe", "suggestion"],
  since: "0.1.0",

  check(file, report) {
    const { program } = file;
    for (const all of returnedToLibrary(file)) {
      for (const one of all) {
        if (isForNamedReasons(one) || !isAlways(one, NONZERO)) continue;
        const harmed = harmfulIn(program.releaseOf(one.entry.node.file)).filter((reason) => isReturnedFor(one, reason, all));
        if (harmed.length === 0) continue;
        // Cases that break to this return may mean to close.
        const named = new Set(one.entry.node.file.constantUses.filter((use) => use.function === one.entry.node.facts.name).map(({ name }) => name));
        const isDefault = !CALLBACK_REASONS.some(({ name, number }) => named.has(name) && hasNumber(one.selected, number));
        report({
          ...placeOf(one),
          message: `${valueText(one)} is returned for reasons that are not handled, such as ${nameReasons(harmed)}: libwebsockets takes it for a failure${atOnce(one)}`,
          help: "return 0 for what is not handled",
          reasons: harmed.map(({ name }) => name),
          related: returnEvidence(one),
          fixes: returnInstead(program, one, "0", { kind: isDefault ? "safe" : "suggestion", title: "Return 0 for what is not handled" }),
        });
      }
    }
  },
});

/** Reasons of the library itself, not of a connection, for which a nonzero value does harm in some release in question; measured ones first. */
const harmfulIn = (release: ReleaseRange): readonly CallbackReason[] =>
  CALLBACK_REASONS.filter(
    (reason) => mayHold(reason, release) && (reason.wsi === "fake" || reason.wsi === "newborn") &&
      returnEffects(reason, release).some((effect) => effect === "harmful" || effect === "init-fails"),
  ).sort((a, b) => Number(b.source.startsWith("measured")) - Number(a.source.startsWith("measured")) || a.number - b.number);

const atOnce = ({ where }: Returned): string => (where.length > 0 ? ", and passes no session data then" : "");
