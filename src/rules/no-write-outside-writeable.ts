import { isAll } from "../analysis/value-set.js";
import { defineRule } from "../linter/rule.js";
import { WRITE_ELSEWHERE_REASONS, type CallbackReason } from "../lws/api/index.js";
import type { Reached } from "../lws/program.js";
import { isCertain } from "../lws/reached.js";
import { code, entryPhrase, evidence, groupByEntry, locate, nameReasons, otherWays, reasonsIn, steps } from "../lws/wording.js";
import { sendsFrames } from "../lws/written.js";

/**
 * Reports WebSocket data that is written where the library has not said that there is room: on arrival of data, when the connection is made, in timers. Silent
 * for control frames, for writes that ask to be queued, for HTTP and raw connections, and where the reason cannot be told.
 */
export default defineRule({
  id: "no-write-outside-writeable",
  category: "suspicious",
  summary: "WebSocket data that is written outside of the writeable callbacks",
  fixes: [],
  yieldsTo: ["no-cross-thread-call", "no-unsafe-signal-handler"],
  since: "0.1.0",

  check(file, report) {
    for (const api of file.callsWith("writes")) {
      if (api.node.facts.isMacro) continue;
      const reached = api.reached.filter((one) => isCertain(one) && isElsewhere(one) && sendsFrames(file.program, api.name, one.args, one.entry.kind === "protocol"));
      for (const group of groupByEntry(reached)) {
        const first = steps(group.shown)[0]!;
        const reasons = group.entry.kind === "protocol" ? [...new Set(group.all.flatMap(elsewhere))] : [];
        const where = group.entry.kind === "protocol" ? `on ${nameReasons(reasons)}` : `in ${entryPhrase(group.entry)}`;
        report({
          ...locate(first.node, first.call),
          message: `${code(`${api.name}()`)} sends ${where}, where nobody knows whether the connection can take it`,
          help: `keep the data, call ${code("lws_callback_on_writable()")}, and write on ${code("LWS_CALLBACK_SERVER_WRITEABLE")} or ${code("LWS_CALLBACK_CLIENT_WRITEABLE")}`,
          reasons: reasons.map(({ name }) => name),
          related: [...evidence(group.shown, `${code(`${api.name}()`)} sends it`), ...otherWays(group)],
        });
      }
    }
  },
});

const elsewhere = ({ selected }: Reached): readonly CallbackReason[] => reasonsIn(selected).filter(({ name }) => WRITE_ELSEWHERE_REASONS.has(name));

const isElsewhere = (one: Reached): boolean => (one.entry.kind === "protocol" ? !isAll(one.selected) && elsewhere(one).length > 0 : one.entry.kind === "timer");
