import { isAll } from "../analysis/value-set.js";
import { defineRule } from "../linter/rule.js";
import { HTTP_OVER_QUIC, rolesOf } from "../lws/api/index.js";
import { isCertain, uniqueReasons } from "../lws/reached.js";
import { code, evidence, groupByEntry, locate, nameReasons, otherWays, reasonsIn, steps } from "../lws/wording.js";
import { kindsOf } from "../lws/written.js";

/**
 * Reports writes of the HTTP and raw kinds on a reason that only an established WebSocket has: their bytes go out without a frame. Silent where other
 * connections may be meant.
 */
export default defineRule({
  id: "valid-write-protocol",
  category: "correctness",
  summary: "HTTP and raw writes on a WebSocket, whose bytes go out without a frame",
  fixes: ["suggestion"],
  yieldsTo: ["no-cross-thread-call"],
  since: "0.1.0",

  check(file, report) {
    const { program } = file;
    for (const api of file.callsWith("writes")) {
      const { node, call, name } = api;
      const role = rolesOf(name).writes!;
      if (node.facts.isMacro || role.kind === undefined || HTTP_OVER_QUIC.test(program.sourceOf(node.file.path)?.text ?? "")) continue;
      const unframed = api.reached.filter((one) => {
        const reasons = reasonsIn(one.selected);
        return isCertain(one) && one.entry.kind === "protocol" && !isAll(one.selected) && reasons.length > 0 && reasons.every(({ isWebSocket }) => isWebSocket) &&
          kindsOf(name, one.args)?.every((kind) => kind === "plain") === true && program.ownership(one.args[role.wsi] ?? { kind: "unknown" }, one) === "own";
      });
      // One that serves other connections as well may be right for them.
      if (unframed.length < api.reached.length) continue;
      const written = call.args[role.kind];
      const text = written && program.text(node.file.path, written.span);
      for (const group of groupByEntry(unframed)) {
        const first = steps(group.shown)[0]!;
        const reasons = uniqueReasons(group.all);
        report({
          ...locate(first.node, first.call),
          message: `${code(`${name}()`)} sends bytes without a frame on ${nameReasons(reasons)}: the peer takes them for a broken one and drops the connection`,
          help: `send a WebSocket message: ${code("LWS_WRITE_TEXT")} or ${code("LWS_WRITE_BINARY")}`,
          reasons: reasons.map((reason) => reason.name),
          related: [...evidence(group.shown, `${code(`${name}()`)} sends them`), ...otherWays(group)],
          fixes: written && /^LWS_WRITE_\w+$/.test(text ?? "") && !call.viaMacro && !node.facts.incomplete
            ? ["TEXT", "BINARY"].map((kind) => ({ kind: "suggestion" as const, title: `Send it as a message: ${code(`LWS_WRITE_${kind}`)}`, edits: [{ file: node.file.path, span: written.span, newText: `LWS_WRITE_${kind}` }] }))
            : [],
        });
      }
    }
  },
});
