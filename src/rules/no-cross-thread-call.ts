import { defineRule } from "../linter/rule.js";
import { isLoopBound } from "../lws/api/threads.js";
import { hasLoop, isAfterJoin, isOneOfSeveral, runsLoop } from "../lws/loop-thread.js";
import { callsWhileLoopRuns } from "../lws/main-thread.js";
import { isCertain } from "../lws/reached.js";
import { sharedLoopMessage, sharedLoops } from "../lws/shared-loop.js";
import { WAKE_REASON, handOver, knowsWakeReason, wakeName } from "../lws/outside-fix.js";
import type { Program, Reached } from "../lws/program.js";
import { code, evidence, functionName, groupByEntry, locate, registration, steps } from "../lws/wording.js";

/**
 * Reports library calls in a thread that does not run the event loop, and those of the main thread after it has started the one that does. Silent for a thread that services a loop or creates a context of its own, for
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
    const threads = file.callsOutsideLoop("thread");
    if (threads.size === 0 || !hasLoop(program)) return;
    for (const shared of sharedLoops(file)) {
      const first = steps(shared.reached)[0]!;
      report({
        ...locate(first.node, first.call),
        message: sharedLoopMessage(shared),
        help: `let one thread service the context, or create it with ${code("count_threads")} and give each thread its own index with ${code("lws_service_tsi()")}`,
        related: evidence(shared.reached, `${code(`${shared.reached.call.name!}()`)} is called`),
      });
    }
    for (const [entry, reached] of threads) {
      if (runsLoop(program, entry, reached)) continue;
      const bySink = new Map<string, Reached[]>();
      for (const one of reached) {
        if (!isCertain(one) || !isLoopBound(one.call.name!) || isAfterJoin(program, one) || isOneOfSeveral(program, one, reached)) continue;
        const key = `${one.context.node.id}:${one.call.span.start}`;
        bySink.set(key, [...(bySink.get(key) ?? []), one]);
      }
      for (const same of bySink.values()) {
        const { shown } = groupByEntry(same)[0]!;
        const first = steps(shown)[0]!;
        const name = code(`${shown.call.name!}()`);
        report({
          ...locate(first.node, first.call),
          message: `${name} is called in the thread of ${functionName(entry.node)}, which does not run the event loop`,
          help: help(program, shown),
          related: evidence(shown, `${name} is called`),
          fixes: handOver(program, shown),
        });
      }
    }
    const told = new Set<string>();
    for (const { reached, thread } of callsWhileLoopRuns(file)) {
      const key = `${reached.context.node.id}:${reached.call.span.start}`;
      if (told.has(key)) continue;
      told.add(key);
      const { node, call } = steps(reached)[0]!;
      const name = code(`${reached.call.name!}()`);
      report({
        ...locate(node, call),
        message: `${name} is called while the thread of ${functionName(thread.node)} runs the event loop`,
        help: help(program, reached),
        related: [...evidence(reached, `${name} is called`), ...registration(thread)],
      });
    }
  },
});

function help(program: Program, { call, context }: Reached): string {
  const where = knowsWakeReason(program.releaseFor({ name: call.name!, node: context.node })) ? `in ${code(WAKE_REASON)}` : `after ${code("lws_service()")} has returned`;
  return `hand the work over and call ${code(`${wakeName(call.name!)}(context)`)} here; do it ${where}`;
}
