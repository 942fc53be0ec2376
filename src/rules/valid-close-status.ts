import { defineRule } from "../linter/rule.js";
import { CLOSE_TEXT_LIMIT, rolesOf, unsendableStatus } from "../lws/api/index.js";
import { code, locate } from "../lws/wording.js";
import { optionsOf } from "../analysis/value.js";

/** Reports close statuses that no peer may send, and texts that do not fit into a close frame. Application statuses from 3000 to 4999 are fine. */
export default defineRule({
  id: "valid-close-status",
  category: "suspicious",
  summary: "a close status that must not be sent, or a text too long for a close frame",
  fixes: [],
  since: "0.1.0",

  check(file, report) {
    for (const api of file.callsWith("setsCloseReason")) {
      const role = rolesOf(api.name).setsCloseReason!;
      for (const call of api.variants) {
        const status = call.args[role.status];
        for (const value of optionsOf(status?.value ?? { kind: "unknown" })) {
          const why = value.kind === "number" ? unsendableStatus(value.value) : undefined;
          if (!why || value.kind !== "number" || !status) continue;
          report({
            ...locate(api.node, call),
            span: call.viaMacro || api.node.facts.isMacro ? call.span : status.span,
            message: `the close status ${value.value} must not be sent: ${why}`,
            help: "send a status from 1000 to 1003 or 1007 to 1014, or one of the application's own from 3000 to 4999",
          });
        }
        const length = role.length === undefined ? undefined : call.args[role.length];
        if (length?.value.kind === "number" && length.value.value > CLOSE_TEXT_LIMIT) {
          report({
            ...locate(api.node, call),
            span: length.span,
            message: `a close frame has room for ${CLOSE_TEXT_LIMIT} bytes of text: ${code(`${api.name}()`)} cuts off the rest of ${length.value.value}`,
            help: `pass at most ${CLOSE_TEXT_LIMIT} bytes`,
          });
        }
      }
    }
  },
});
