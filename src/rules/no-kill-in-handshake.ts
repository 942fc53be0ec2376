import { defineRule } from "../linter/rule.js";
import { KILL_ASYNC, rolesOf } from "../lws/api/index.js";
import { closeFix } from "../lws/close-fix.js";
import { isCertain } from "../lws/reached.js";
import { code, evidence, groupByEntry, locate, nameReasons, otherWays, reasonsIn, steps } from "../lws/wording.js";
import { isFinite } from "../analysis/value-set.js";
import type { Reached } from "../lws/program.js";

/**
 * Reports an asynchronous kill of the own connection in the middle of a client's handshake, which resets the timeout the kill was set with. Silent where the
 * call is reached for all reasons: the next callback asks again.
 */
export default defineRule({
  id: "no-kill-in-handshake",
  category: "correctness",
  summary: "an asynchronous kill that the handshake forgets",
  fixes: ["safe", "suggestion"],
  since: "0.1.0",

  check(file, report) {
    const { program } = file;
    for (const api of file.callsWith("setsTimeout")) {
      const role = rolesOf(api.name).setsTimeout!;
      if (role.unit !== "s") continue;
      const owned = (one: Reached) => program.ownership(one.args[role.wsi] ?? { kind: "unknown" }, one);
      const lost = api.reached.filter((one) => {
        const time = one.args[role.time];
        return isCertain(one) && one.entry.kind === "protocol" && isFinite(one.selected) && owned(one) === "own" &&
          time?.kind === "number" && time.value === KILL_ASYNC.value && reasonsIn(one.selected).some(({ asyncKillLost }) => asyncKillLost);
      });
      for (const group of groupByEntry(lost, (reason) => (reason.asyncKillLost ? 0 : 1))) {
        const first = steps(group.shown)[0]!;
        const reasons = reasonsIn(group.selected).filter(({ asyncKillLost }) => asyncKillLost);
        const wsi = api.call.args[role.wsi];
        const fix = group.entry.node === api.node && closeFix(program, {
          node: api.node, variants: api.variants, wsi: wsi && program.text(api.node.file.path, wsi.span),
          reached: api.reached.map((reached) => ({ reached, ownership: owned(reached) })),
        });
        report({
          ...locate(first.node, first.call),
          message: `${code(KILL_ASYNC.name)} is lost on ${nameReasons(reasons)}: the handshake goes on and resets the timeout`,
          help: `return -1 there`,
          reasons: reasons.map(({ name }) => name),
          related: [...evidence(group.shown, "the connection is killed"), ...otherWays(group)],
          fixes: fix ? [fix] : [],
        });
      }
    }
  },
});
