import { defineRule } from "../linter/rule.js";
import { isLoopBound, isUnsafeInSignalHandler } from "../lws/api/threads.js";
import { handOver, wakeName } from "../lws/outside-fix.js";
import { isCertain } from "../lws/reached.js";
import { code, evidence, functionName, locate, steps } from "../lws/wording.js";

/** Reports library calls in a signal handler. A handler may set a flag, wake the loop with `lws_cancel_service()` or end it with `lws_default_loop_exit()`. */
export default defineRule({
  id: "no-unsafe-signal-handler",
  category: "correctness",
  summary: "library calls in a signal handler",
  fixes: ["suggestion"],
  since: "0.1.0",

  check(file, report) {
    const { program } = file;
    for (const [entry, reached] of file.callsOutsideLoop("signal")) {
      const seen = new Set<string>();
      // Where several calls are reached through one line, what works on the loop is worse than what logs.
      for (const one of [...reached].sort((a, b) => Number(isLoopBound(b.call.name!)) - Number(isLoopBound(a.call.name!)))) {
        const name = one.call.name!;
        const key = `${one.context.node.id}:${one.call.span.start}`;
        if (!isCertain(one) || seen.has(key) || !isUnsafeInSignalHandler(name)) continue;
        seen.add(key);
        const first = steps(one)[0]!;
        report({
          ...locate(first.node, first.call),
          message: `${code(`${name}()`)} is called in the signal handler ${functionName(entry.node)}: it may have interrupted the library anywhere`,
          help: `set a ${code("volatile sig_atomic_t")} flag that the service loop tests, and call ${code(`${wakeName(name)}(context)`)}`,
          related: evidence(one, `${code(`${name}()`)} is called`),
          fixes: handOver(program, one),
        });
      }
    }
  },
});
