import { defineRule } from "../linter/rule.js";
import { CLOSE_TIMEOUT_REASON, KILL_ASYNC, compareReleases, rolesOf } from "../lws/api/index.js";
import { code, locate } from "../lws/wording.js";

/** From this release on a timeout of zero only cancels; before, it expired at the next check. Measured on 2.4 and 3.2. */
const ZERO_CANCELS_SINCE = "3.2";

/** Reports `lws_set_timeout(wsi, reason, 0)`, which many take for a close. `NO_PENDING_TIMEOUT, 0` is how a timeout is cancelled, and silent. */
export default defineRule({
  id: "no-zero-timeout-close",
  category: "correctness",
  summary: "a timeout of 0 meant as a close: it cancels the timeout and closes nothing",
  fixes: ["safe"],
  since: "0.1.0",

  check(program, report) {
    if (program.lwsVersion !== undefined && compareReleases(program.lwsVersion, ZERO_CANCELS_SINCE) < 0) return;
    for (const api of program.callsWith("setsTimeout")) {
      const role = rolesOf(api.name).setsTimeout!;
      const zero = api.variants.find((call) => {
        const time = call.args[role.time]?.value;
        const reason = role.reason === undefined ? undefined : call.args[role.reason]?.value;
        const closes = role.reason === undefined || reason?.kind === "constant" || (reason?.kind === "number" && reason.value !== 0);
        return role.unit === "s" && closes && time?.kind === "number" && time.value === 0;
      });
      if (!zero) continue;
      const { node } = api;
      const time = zero.args[role.time]!;
      const isLiteral = /^\(?0[uUlL]*\)?$/.test(program.text(node.file.path, time.span).trim());
      const mayFix = isLiteral && !node.facts.isMacro && !zero.viaMacro && !node.facts.incomplete;
      const places = node.facts.isMacro ? program.usesOfMacro(node).map((use) => locate(use.node, use.call)) : [{ file: node.file.path, span: isLiteral ? time.span : zero.span }];
      for (const place of places) {
        report({
          ...place,
          message: `a timeout of 0 cancels: ${code(`${api.name}()`)} closes nothing here`,
          help: `close with ${code(`lws_set_timeout(wsi, ${CLOSE_TIMEOUT_REASON.name}, ${KILL_ASYNC.name})`)}; cancel with ${code("lws_set_timeout(wsi, NO_PENDING_TIMEOUT, 0)")}`,
          related: node.facts.isMacro ? [{ ...locate(node, zero), message: `called in the expansion of ${code(node.facts.name)} here` }] : [],
          fixes: mayFix
            ? [{ kind: "safe", title: `Close in the event loop: ${KILL_ASYNC.name}`, edits: [{ file: node.file.path, span: time.span, newText: KILL_ASYNC.name }] }]
            : [],
        });
      }
    }
  },
});
