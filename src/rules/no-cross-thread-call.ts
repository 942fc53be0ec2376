import { defineRule } from "../linter/rule.js";
import { isLoopBound } from "../lws/api/threads.js";
import { hasLoop, isAfterJoin, runsLoop } from "../lws/loop-thread.js";
import { sharedLoopMessage, sharedLoops } from "../lws/shared-loop.js";
import { WAKE_REASON, handOver, knowsWakeReason, wakeName } from "../lws/outside-fix.js";
import type { Reached } from "../lws/program.js";
import { code, evidence, functionName, groupByEntry, locate, steps } from "../lws/wording.js";

/**
 * Reports library calls in a thread that does not run the event loop. Silent for a thread that services a loop or creates a context of its own, for
 * helpers that know no loop, for what is destroyed after a join, and where the program shows no event loop at all. A lock of the application does
 * not help: it was measured.
 */
export default defineRule({
  id: "no-cross-thread-call",
  category: "correctness",
  summary: "calls from a thread that does not run the event loop",
  fixes: ["suggestion"],
  since: "0.1.0",

  check(file, report) {
    const { program } = file;
    if (!hasLoop(program)) return;
    for (const shared of sharedLoops(file)) {
      const first = steps(shared.reached)[0]!;
      report({
        ...locate(first.node, first.call),
        message: sharedLoopMessage(shared),
        help: `let one thread service the context, or create it with ${code("count_threads")} and give each thread its own index with ${code("lws_service_tsi()")}`,
        related: evidence(shared.reached, `${code(`${shared.reached.call.name!}()`)} is called`),
      });
    }
    for (const [entry, reached] of file.callsOutsideLoop("thread")) {
      if (runsLoop(program, entry, reached)) continue;
      const bySink = new Map<string, Reached[]>();
      for (const one of reached) {
        if (one.uncertain || one.assumes.length > 0 || !isLoopBound(one.call.name!) || isAfterJoin(program, one)) continue;
        const key = `${one.context.node.id}:${one.call.span.start}`;
        bySink.set(key, [...(bySink.get(key) ?? []), one]);
      }
      for (const same of bySink.values()) {
        const { shown } = groupByEntry(same)[0]!;
        const first = steps(shown)[0]!;
        const name = code(`${shown.call.name!}()`);
        const where = knowsWakeReason(program.releaseFor({ name: shown.call.name!, node: shown.context.node })) ? `in ${code(WAKE_REASON)}` : `after ${code("lws_service()")} has returned`;
        report({
          ...locate(first.node, first.call),
          message: `${name} is called in the thread of ${functionName(entry.node)}, which does not run the event loop`,
          help: `hand the work over and call ${code(`${wakeName(shown.call.name!)}(context)`)} here; do it ${where}`,
          related: evidence(shown, `${name} is called`),
          fixes: handOver(program, shown),
        });
      }
    }
  },
});
