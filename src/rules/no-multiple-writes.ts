import { admit } from "../analysis/contexts.js";
import { isAll } from "../analysis/value-set.js";
import { keyOf } from "../analysis/value.js";
import * as Sets from "../analysis/value-set.js";
import { defineRule } from "../linter/rule.js";
import { rolesOf } from "../lws/api/index.js";
import type { Program, Reached } from "../lws/program.js";
import { isCertain, uniqueReasons } from "../lws/reached.js";
import { repeatedWrites } from "../lws/repeated-writes.js";
import { calleeName, code, evidence, groupByEntry, locate, nameReasons, otherWays, reasonsIn, steps } from "../lws/wording.js";
import { kindsOf } from "../lws/written.js";

/**
 * Reports a second WebSocket message on the same connection in one callback: one write after another on every path to it, or a loop. Silent where a look
 * at the pipe lies between, for other connections, for control frames, and for HTTP and raw connections.
 */
export default defineRule({
  id: "no-multiple-writes",
  category: "suspicious",
  summary: "several WebSocket writes in one callback without a look at whether more can be taken",
  fixes: [],
  yieldsTo: ["no-cross-thread-call", "no-write-outside-writeable", "no-dying-connection-use", "valid-fragment-sequence"],
  since: "0.1.0",

  check(file, report) {
    const { program } = file;
    for (const api of file.callsWith("writes")) {
      if (api.node.facts.isMacro) continue;
      const repeated = api.reached.filter((one) =>
        isCertain(one) && one.entry.kind === "protocol" && !isAll(one.selected) && isFrame(api.name, one.args) &&
        program.ownership(one.args[rolesOf(api.name).writes!.wsi] ?? { kind: "unknown" }, one) === "own" && repetitionOf(program, one) !== undefined);
      for (const group of groupByEntry(repeated)) {
        const { shown } = group;
        const first = steps(shown)[0]!;
        const earlier = repetitionOf(program, shown)!;
        const reasons = uniqueReasons(group.all);
        const how = earlier === "loop" ? "again and again in a loop" : "a second time";
        report({
          ...locate(first.node, first.call),
          message: `${code(`${api.name}()`)} writes to the connection ${how} on ${nameReasons(reasons)}: ${ONLY_FIRST}`,
          help: HELP,
          reasons: reasons.map(({ name }) => name),
          related: [
            ...(earlier === "loop" ? [] : [{ ...locate(shown.context.node, earlier), message: `the write before it, which lies on every path` }]),
            ...evidence(shown, `${code(`${api.name}()`)} writes`),
            ...otherWays(group),
          ],
        });
      }
    }
    for (const { reached, earlier } of repeatedWrites(file)) {
      const first = steps(reached)[0]!;
      const reasons = reasonsIn(reached.selected);
      const isWrite = earlier.call.name !== undefined && rolesOf(earlier.call.name).writes !== undefined;
      report({
        ...locate(first.node, first.call),
        message: `${code(`${reached.call.name!}()`)} writes to the connection a second time on ${nameReasons(reasons)}: ${ONLY_FIRST}`,
        help: HELP,
        reasons: reasons.map(({ name }) => name),
        related: [
          { ...locate(earlier.node, earlier.call), message: isWrite ? "the write before it, which lies on every path" : `${code(`${calleeName(earlier.call)}()`)} has written before, on every path` },
          ...evidence(reached, `${code(`${reached.call.name!}()`)} writes`),
        ],
      });
    }
  },
});

const ONLY_FIRST = "only the first write of a callback is sure to be taken";
const HELP = `write once, call ${code("lws_callback_on_writable()")} while there is more, or go on only while ${code("lws_send_pipe_choked()")} gives 0`;

const isFrame = (name: string, args: Reached["args"]): boolean => kindsOf(name, args)?.every((kind) => kind === "frame") ?? false;

/** The write that lies before on every path, or `loop` where the same write does, or where its function is called in one. */
function repetitionOf(program: Program, { call, context, selected }: Reached): Reached["call"] | "loop" | undefined {
  const { flow } = call;
  const target = (one: Reached["call"]): string => keyOf(one.args[rolesOf(one.name!).writes!.wsi]?.value ?? { kind: "unknown" });
  if (flow?.before.includes(call.span.start) === true) return "loop";
  for (const site of flow?.always ?? []) {
    const earlier = program.callAt(context.node, site);
    if (earlier?.name === undefined || rolesOf(earlier.name).writes === undefined || target(earlier) !== target(call)) continue;
    const admitted = admit(earlier.guard, context);
    if (admitted && !Sets.isNone(Sets.intersect(admitted, selected)) && isFrame(earlier.name, earlier.args.map(({ value }) => value))) return earlier;
  }
  return inLoop(context) ? "loop" : undefined;
}

/** Whether a function on the way looks at the pipe, so that its caller may go on. */
const looks = (names: readonly (string | undefined)[]): boolean => names.some((name) => name !== undefined && rolesOf(name).checksChoke !== undefined);

function inLoop(context: Reached["context"]): boolean {
  for (let at = context; at.via; at = at.via.caller) {
    if (looks(at.node.facts.calls.map(({ name }) => name))) return false;
    const { call, caller } = at.via;
    const loop = call.loop === undefined ? undefined : caller.node.facts.loops[call.loop];
    // What ends the loop right after the call makes it no loop.
    if (loop && !loop.uncertain && !looks(loop.calls) && call.site.isStatement && call.site.next?.kind !== "break" && call.site.next?.kind !== "return" && call.site.next?.kind !== "goto") return true;
  }
  return false;
}
