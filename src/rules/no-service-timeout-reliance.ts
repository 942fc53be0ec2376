import { optionsOf } from "../analysis/value.js";
import { defineRule } from "../linter/rule.js";
import { holds, rolesOf, SERVICE_TIME_IGNORED_SINCE } from "../lws/api/index.js";
import { code, locate } from "../lws/wording.js";

/**
 * Reports loops that call the service function with a time to wait, and then do something of their own which they count on to happen that often: the
 * time is ignored. Silent where the loop does nothing else, and where something else may wake it.
 */
export default defineRule({
  id: "no-service-timeout-reliance",
  category: "suspicious",
  summary: "work between turns of the event loop that counts on the time given to `lws_service()`",
  fixes: [],
  since: "0.1.0",

  check(file, report) {
    const { program } = file;
    for (const api of file.callsWith("servicesLoop")) {
      const { time } = rolesOf(api.name).servicesLoop!;
      const { node, call } = api;
      const loop = call.loop === undefined ? undefined : node.facts.loops[call.loop];
      if (time === undefined || !loop || loop.uncertain || node.facts.isMacro || !holds({ since: SERVICE_TIME_IGNORED_SINCE }, program.releaseFor(api))) continue;
      const given = call.args[time]?.value;
      if (!given || !optionsOf(given).every((value) => value.kind === "number" && value.value > 0)) continue;
      // The program's own functions are called in turn with the loop, and nothing in the program wakes it.
      const work = node.facts.calls.find((other) => other.loop === call.loop && other.span.start > call.span.end && other.name !== undefined && program.graph.namedTargets(node, other).length > 0);
      if (!work || wakes.some((role) => program.hasCallsWith(role))) continue;
      report({
        ...locate(node, call),
        message: `${code(`${api.name}()`)} waits until something happens, not for the time it is given: ${code(`${work.name!}()`)} is not called that often`,
        help: `do it in a timer (${code("lws_sul_schedule()")}), or wake the loop with ${code("lws_cancel_service()")}`,
        related: [{ ...locate(node, work), message: `${code(`${work.name!}()`)} is called between turns of the loop` }],
      });
    }
  },
});

/** What makes the loop turn without data from a peer. */
const wakes = ["wakesLoop", "exitsLoop", "schedules", "setsTimer"] as const;
