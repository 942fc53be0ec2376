import type { FunctionNode } from "../analysis/call-graph.js";
import type { CallFact } from "../analysis/facts.js";
import { optionsOf } from "../analysis/value.js";
import { defineRule } from "../linter/rule.js";
import { KILL_ASYNC, KILL_SYNC, apiFunction, rolesOf } from "../lws/api/index.js";
import { isLogging, usesAfter } from "../lws/later-uses.js";
import type { ApiCall, Program } from "../lws/program.js";
import { code, locate } from "../lws/wording.js";

/**
 * Reports a connection that is used after a synchronous kill of it on every path of the function, and the result of connecting where it is known to
 * have failed. A kill of the callback's own connection, and calls of the internal closing functions, are matters of other rules.
 */
export default defineRule({
  id: "no-use-after-close",
  category: "correctness",
  summary: "use of a connection after it was closed and freed, or could not be opened",
  fixes: [],
  since: "0.1.0",

  check(file, report) {
    const { program } = file;
    for (const api of file.callsWith("setsTimeout")) {
      const role = rolesOf(api.name).setsTimeout!;
      const isKill = role.unit === "s" && api.variants.every((call) => call.args[role.time]?.value.kind === "number" && kills(call, role.time));
      if (!isKill || isOwn(program, api, role.wsi)) continue;
      for (const { node, ended, use, library } of usesAfter(program, api, role.wsi)) {
        const name = library.call.name!;
        if (isForgotten(program, api, role.wsi, use)) continue;
        report({
          ...locate(node, use),
          message: `the connection was closed before with ${code(KILL_SYNC.name)}: ${code(`${name}()`)} uses it after it was freed`,
          help: `move the call before the kill, or close with ${code(KILL_ASYNC.name)} at the end`,
          related: [
            ...(library.call === use ? [] : [{ ...locate(library.node, library.call), message: `${code(`${name}()`)} is called` }]),
            { ...locate(node, ended), message: "closed and freed here" },
          ],
        });
      }
    }
    for (const { name, node, variants } of file.calls((one) => apiFunction(one) !== undefined && !isLogging(one))) {
      for (const call of variants) {
        const failed = call.uncertain ? undefined : call.args.find(({ value, isNull }) => isNull && value.kind === "result" && rolesOf(value.callee).opensConnection);
        if (failed?.value.kind !== "result") continue;
        report({
          ...locate(node, call),
          message: `${code(`${failed.value.callee}()`)} has given ${code("NULL")} here: ${code(`${name}()`)} is called without a connection`,
          help: "leave the connection alone where connecting has failed",
          related: [],
        });
      }
    }
  },
});

const kills = (call: CallFact, time: number): boolean => optionsOf(call.args[time]!.value).every((value) => value.kind === "number" && value.value === KILL_SYNC.value);

/** Of the callback that is at work: the kill itself is the mistake. */
const isOwn = (program: Program, api: ApiCall, wsi: number): boolean =>
  api.reached.some((reached) => reached.entry.kind === "protocol" && program.ownership(reached.args[wsi] ?? { kind: "unknown" }, reached) === "own");

/** The closing callback runs inside the kill: a variable that some callback sets is read anew, a local copy of it is not. */
function isForgotten(program: Program, { node, call }: ApiCall, wsi: number, use: CallFact): boolean {
  const value = call.args[wsi]?.value;
  const name = value?.kind === "entity" ? value.name : value?.kind === "field" ? value.field : undefined;
  if (name === undefined || ![...program.storingFunctions(name)].some((other) => other !== node && isCalled(program, other))) return false;
  return !use.args.some(({ span }) => /^[a-z_]\w*$/i.test(program.text(node.file.path, span)) && program.text(node.file.path, span) !== name);
}

const isCalled = (program: Program, node: FunctionNode): boolean => program.contextsOf(node).length > 0 || program.graph.callersOf(node).length > 0;
