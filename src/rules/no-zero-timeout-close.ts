import type { Fix } from "../diagnostics/diagnostic.js";
import type { CallFact } from "../analysis/facts.js";
import type { FunctionNode } from "../analysis/call-graph.js";
import type { Value } from "../analysis/value.js";
import { defineRule } from "../linter/rule.js";
import { KILL_ASYNC, ZERO_CANCELS_SINCE, holds, mayHold, reasonIsTheLibrarys, rolesOf } from "../lws/api/index.js";
import { closeHelp } from "../lws/close-fix.js";
import type { ApiCall, Program } from "../lws/program.js";
import { code, locate } from "../lws/wording.js";

/**
 * Reports `lws_set_timeout(wsi, reason, 0)`, which many take for a close; `NO_PENDING_TIMEOUT, 0` is how a timeout is cancelled, and silent.
 * A zero that a caller passes through helpers is reported where it is passed.
 */
export default defineRule({
  id: "no-zero-timeout-close",
  category: "correctness",
  summary: "a timeout of 0 meant as a close: it cancels the timeout and closes nothing",
  fixes: ["safe", "suggestion"],
  since: "0.1.0",

  check(file, report) {
    const { program } = file;
    for (const api of file.callsWith("setsTimeout")) {
      const role = rolesOf(api.name).setsTimeout!;
      const release = program.releaseFor(api);
      if (role.unit !== "s" || !mayHold(ZERO_CANCELS, release)) continue;
      const when = holds(ZERO_CANCELS, release) ? "" : `from libwebsockets ${ZERO_CANCELS_SINCE} on `;
      for (const call of api.variants) {
        const reason = role.reason === undefined ? undefined : call.args[role.reason]?.value;
        const time = call.args[role.time]?.value;
        if (!time || !(role.reason === undefined || isReason(reason))) continue;
        for (const origin of zerosIn(program, api.node, call, role.time, time)) {
          const isHere = origin.call === call;
          const uses = origin.node.facts.isMacro ? program.usesOfMacro(origin.node) : [origin];
          for (const use of uses) {
            report({
              ...locate(use.node, use.call),
              message: `${when}a timeout of 0 cancels: ${code(`${api.name}()`)} closes nothing here`,
              help: `close with ${closeHelp(release)}; cancel with ${code("lws_set_timeout(wsi, NO_PENDING_TIMEOUT, 0)")}`,
              related: use.call === call ? [] : [{ ...locate(api.node, call), message: `the 0 reaches ${code(`${api.name}()`)} in ${code(api.node.facts.name)}` }],
              fixes: isHere && !api.node.facts.isMacro ? fixesFor(program, api, call) : [],
            });
          }
        }
      }
    }
  },
});

const ZERO_CANCELS = { since: ZERO_CANCELS_SINCE };

const isReason = (value: Value | undefined): boolean => value?.kind === "constant" || (value?.kind === "number" && value.value !== 0);

interface Origin {
  readonly node: FunctionNode;
  readonly call: CallFact;
}

/** The calls that bring the zero: the call itself, or the callers that pass it for the parameter the time comes from. */
function* zerosIn(program: Program, node: FunctionNode, call: CallFact, argument: number, time: Value, depth = 0): Generator<Origin> {
  if (time.kind === "number") {
    if (time.value === 0) yield { node, call };
  } else if (time.kind === "param" && depth < 8) {
    for (const caller of program.graph.callersOf(node)) {
      const passed = caller.call.args[time.index]?.value;
      if (passed) yield* zerosIn(program, caller.node, caller.call, argument, passed, depth + 1);
    }
  }
}

function fixesFor(program: Program, api: ApiCall, call: CallFact): readonly Fix[] {
  const { node } = api;
  if (!holds(KILL_ASYNC, program.releaseFor(api))) return [];
  const time = call.args[rolesOf(api.name).setsTimeout!.time]!;
  const isLiteral = /^\(?0[uUlL]*\)?$/.test(program.text(node.file.path, time.span).trim());
  if (!isLiteral || call.viaMacro || node.facts.incomplete) return [];
  const edits = [{ file: node.file.path, span: time.span, newText: KILL_ASYNC.name }];
  // A timeout the library itself had set may be cancelled on purpose, with the wrong reason; closing would then be worse.
  const { reason } = rolesOf(api.name).setsTimeout!;
  const given = reason === undefined ? undefined : call.args[reason];
  const isNamed = given !== undefined && !/^\d/.test(program.text(node.file.path, given.span));
  const mayMeanCancel = isNamed && given.value.kind === "number" && reasonIsTheLibrarys(given.value.value);
  return [{ kind: mayMeanCancel ? "suggestion" : "safe", title: `Close in the event loop: ${KILL_ASYNC.name}`, edits }];
}
