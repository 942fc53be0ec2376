import { defineRule } from "../linter/rule.js";
import { rolesOf } from "../lws/api/index.js";
import { isLoopBound } from "../lws/api/threads.js";
import type { LwsEntryPoint } from "../lws/entry-points.js";
import type { Program, Reached } from "../lws/program.js";
import { code, evidence, groupByEntry, locate, steps } from "../lws/wording.js";

/**
 * Reports library calls in a thread that does not run the event loop. Silent for a thread that services a loop or creates a context of its own, for
 * helpers that know no loop, and where the program shows no event loop at all. A lock of the application does not help: it was measured.
 */
export default defineRule({
  id: "no-cross-thread-call",
  category: "correctness",
  summary: "calls from a thread that does not run the event loop",
  fixes: [],
  since: "0.1.0",

  check(program, report) {
    if (!hasLoop(program)) return;
    for (const [entry, reached] of program.callsOutsideLoop("thread")) {
      if (runsLoop(program, entry, reached)) continue;
      const wrong = reached.filter((one) => !one.uncertain && one.assumes.length === 0 && isLoopBound(one.call.name!));
      const bySink = new Map<string, Reached[]>();
      for (const one of wrong) {
        const key = `${one.context.node.id}:${one.call.span.start}`;
        bySink.set(key, [...(bySink.get(key) ?? []), one]);
      }
      for (const same of bySink.values()) {
        const { shown } = groupByEntry(same)[0]!;
        const first = steps(shown)[0]!;
        const name = code(`${shown.call.name!}()`);
        report({
          ...locate(first.node, first.call),
          message: `${name} is called in the thread of ${code(`${entry.node.facts.name}()`)}, which does not run the event loop`,
          help: `hand the work over and call ${code("lws_cancel_service(context)")} here; do it in ${code("LWS_CALLBACK_EVENT_WAIT_CANCELLED")}`,
          related: evidence(shown, `${name} is called`),
        });
      }
    }
  },
});

/** Whether the program shows a loop that another thread can run: callbacks, or the service function itself. */
const hasLoop = (program: Program): boolean =>
  program.entries.some((entry) => entry.kind === "protocol") || program.callsWith("servicesLoop").length > 0;

/** A thread that services the loop, or makes a context of its own, is the loop's thread. */
function runsLoop(program: Program, entry: LwsEntryPoint, reached: readonly Reached[]): boolean {
  const owns = reached.some(({ call }) => {
    const roles = rolesOf(call.name!);
    return roles.servicesLoop !== undefined || roles.createsContext !== undefined;
  });
  return owns || program.mayRunLoopOutOfSight(entry);
}
