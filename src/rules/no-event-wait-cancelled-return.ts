import { defineRule } from "../linter/rule.js";
import { WAKE_REASON, holds, isOneRelease, mayHold, minorOf, reasonByName, type ReleaseRange } from "../lws/api/index.js";
import { placeOf, returnEvidence, returnInstead, valueText } from "../lws/return-report.js";
import { isAlways, isReturnedFor, returnedToLibrary } from "../lws/returned.js";
import { code } from "../lws/wording.js";
import { NONZERO, single } from "../analysis/value-set.js";

const WAKE = reasonByName(WAKE_REASON)!;

/**
 * Reports values other than 0 that a protocol callback returns for `LWS_CALLBACK_EVENT_WAIT_CANCELLED`, also through helpers and where the reason is one
 * of several. Silent where the value is not known.
 */
export default defineRule({
  id: "no-event-wait-cancelled-return",
  category: "correctness",
  summary: "a nonzero return when the event loop is woken: it closes the library's own wake-up pipe",
  fixes: ["safe"],
  yieldsTo: ["no-nonzero-default-return"],
  since: "0.1.0",

  check(file, report) {
    const { program } = file;
    for (const all of returnedToLibrary(file)) {
      for (const one of all) {
        const release = program.releaseOf(one.entry.node.file);
        if (!mayHold(WAKE, release) || !isAlways(one, NONZERO) || !isReturnedFor(one, WAKE, all)) continue;
        const isOnly = single(one.selected) === WAKE.number;
        report({
          ...placeOf(one),
          message: `returning ${valueText(one)} on ${code(WAKE.name)} closes the pipe that wakes the event loop${consequence(release)}`,
          help: `return 0 there; set the flag that the service loop tests to end it`,
          reasons: [WAKE.name],
          related: returnEvidence(one),
          fixes: isOnly ? returnInstead(program, one, "0", { kind: "safe", title: "Return 0: this is no connection that could be closed" }) : [],
        });
      }
    }
  },
});

/** What happens then, where the release is known; it differs. */
function consequence(release: ReleaseRange): string {
  if (!isOneRelease(release)) return "";
  return holds({ until: "4.1" }, release) ? `: libwebsockets ${minorOf(release.from)} crashes later` : `: libwebsockets ${minorOf(release.from)} is not woken again`;
}
