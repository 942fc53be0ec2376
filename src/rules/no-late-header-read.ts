import { isAll } from "../analysis/value-set.js";
import { defineRule } from "../linter/rule.js";
import { HEADERS_LAST_SEEN, rolesOf, type CallbackReason } from "../lws/api/index.js";
import type { Reached } from "../lws/program.js";
import { isCertain, uniqueReasons } from "../lws/reached.js";
import { code, evidence, groupByEntry, locate, nameReasons, otherWays, reasonsIn, steps } from "../lws/wording.js";

/** Reports headers of the handshake that are read once the WebSocket is established: they are gone by then. Silent on HTTP connections and others. */
export default defineRule({
  id: "no-late-header-read",
  category: "suspicious",
  summary: "headers that are read on an established WebSocket, which has none any more",
  fixes: [],
  yieldsTo: ["no-cross-thread-call"],
  since: "0.1.0",

  check(file, report) {
    const { program } = file;
    for (const api of file.callsWith("readsHeader")) {
      const role = rolesOf(api.name).readsHeader!;
      if (api.node.facts.isMacro) continue;
      const late = api.reached.filter((one) =>
        isCertain(one) && one.entry.kind === "protocol" && !isAll(one.selected) && isLate(one) &&
        program.ownership(one.args[role.wsi] ?? { kind: "unknown" }, one) === "own");
      for (const group of groupByEntry(late)) {
        const first = steps(group.shown)[0]!;
        const reasons = uniqueReasons(group.all);
        report({
          ...locate(first.node, first.call),
          message: `${code(`${api.name}()`)} finds nothing on ${nameReasons(reasons)}: the headers of the handshake are gone once the WebSocket is established`,
          help: `copy what is needed on ${code("LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION")} or ${code("LWS_CALLBACK_ESTABLISHED")}, in a client on ${code("LWS_CALLBACK_CLIENT_FILTER_PRE_ESTABLISH")}`,
          reasons: reasons.map(({ name }) => name),
          related: [...evidence(group.shown, `${code(`${api.name}()`)} reads them`), ...otherWays(group)],
        });
      }
    }
  },
});

/** On every reason in question the connection is a WebSocket that has been told of already. */
const isLate = ({ selected }: Reached): boolean => {
  const reasons: readonly CallbackReason[] = reasonsIn(selected);
  return reasons.length > 0 && reasons.every(({ isWebSocket, name }) => isWebSocket && !HEADERS_LAST_SEEN.has(name));
};
