import type { Report } from "../linter/rule.js";
import { defineRule } from "../linter/rule.js";
import { KILL_ASYNC, KILL_SYNC, KILL_WITHOUT_REASON_SINCE, NO_TIMEOUT, closeTimeoutReason, holds, rolesOf, type CallbackReason } from "../lws/api/index.js";
import { closeFix } from "../lws/close-fix.js";
import type { ApiCall, Program, Reached } from "../lws/program.js";
import { isCertain } from "../lws/reached.js";
import { code, evidence, groupByEntry, locate, nameReasons, otherWays, reasonsIn, steps, type ReachedGroup } from "../lws/wording.js";
import { isAll } from "../analysis/value-set.js";
import { optionsOf } from "../analysis/value.js";

/**
 * Reports a synchronous kill of the connection the callback is being called for. Silent for other connections and unknown ones, outside
 * callbacks, and in the closing reasons in which it was measured to be harmless.
 */
export default defineRule({
  id: "no-sync-kill",
  category: "correctness",
  summary: "synchronous close of the connection that is being serviced",
  fixes: ["safe", "suggestion"],
  since: "0.1.0",

  check(file, report) {
    const { program } = file;
    for (const api of file.callsWith("setsTimeout")) {
      const role = rolesOf(api.name).setsTimeout!;
      if (role.unit !== "s") continue;
      const killing = api.reached.filter(
        (one) => isCertain(one) && one.entry.kind === "protocol" &&
          optionsOf(one.args[role.time] ?? { kind: "unknown" }).some((time) => time.kind === "number" && time.value === KILL_SYNC.value) &&
          program.ownership(one.args[role.wsi] ?? { kind: "unknown" }, one) === "own" &&
          dangerous(one).length > 0,
      );
      for (const group of groupByEntry(killing)) report(reportOf(program, api, group));
    }
  },
});

const dangerous = (reached: Reached): readonly CallbackReason[] =>
  reasonsIn(reached.selected).filter((reason) => !reason.syncKillHarmless && reason.wsi !== "fake" && reason.wsi !== "child");

function reportOf(program: Program, api: ApiCall, group: ReachedGroup): Report {
  const { shown } = group;
  const { node, call } = api;
  const first = steps(shown)[0]!;
  const reasons = [...new Set(group.all.flatMap(dangerous))];
  const every = isAll(group.selected);
  return {
    ...locate(first.node, first.call),
    message: `${code(KILL_SYNC.name)} closes the connection that is being serviced on ${nameReasons(reasons, every)}: it is freed while libwebsockets still uses it`,
    help: `close it with ${code("return -1")}, or with ${code(KILL_ASYNC.name)} where the return value is ignored`,
    reasons: reasons.map((reason) => reason.name),
    related: [...evidence(shown, `${code(`${api.name}(…, ${KILL_SYNC.name})`)} closes it`), ...otherWays(group)],
    fixes: fixesFor(program, api, node === group.entry.node ? group : undefined, call),
  };
}

function fixesFor(program: Program, api: ApiCall, inCallback: ReachedGroup | undefined, call: ApiCall["call"]): NonNullable<Report["fixes"]> {
  const role = rolesOf(api.name).setsTimeout!;
  const { node } = api;
  if (node.facts.isMacro || call.viaMacro || node.facts.incomplete) return [];
  if (inCallback) {
    const wsi = call.args[role.wsi];
    const fix = closeFix(program, {
      node,
      variants: api.variants,
      reached: api.reached.map((reached) => ({ reached, ownership: program.ownership(reached.args[role.wsi] ?? { kind: "unknown" }, reached) })),
      wsi: wsi && program.text(node.file.path, wsi.span),
    });
    if (fix?.kind === "safe" && fix.edits.some((edit) => edit.newText.includes("return -1"))) return [fix];
    if (api.reached.some((one) => reasonsIn(one.selected).some((reason) => reason.asyncKillLost))) return fix ? [fix] : [];
  }
  const time = call.args[role.time];
  const text = time && program.text(node.file.path, time.span).trim();
  if (!time || (text !== KILL_SYNC.name && text !== String(KILL_SYNC.value))) return [];
  const reason = role.reason === undefined ? undefined : call.args[role.reason];
  const release = program.releaseFor(api);
  const isLost = reason?.value.kind === "number" && reason.value.value === NO_TIMEOUT.value && !holds({ since: KILL_WITHOUT_REASON_SINCE }, release);
  const instead = isLost ? closeTimeoutReason(release) : undefined;
  if (isLost && instead === undefined) return [];
  return [{
    kind: "safe",
    title: `Let the event loop close it: ${KILL_ASYNC.name}`,
    edits: [
      ...(reason && instead ? [{ file: node.file.path, span: reason.span, newText: instead }] : []),
      { file: node.file.path, span: time.span, newText: KILL_ASYNC.name },
    ],
  }];
}
