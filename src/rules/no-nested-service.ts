import type { Report } from "../linter/rule.js";
import { defineRule } from "../linter/rule.js";
import { rolesOf, type CallbackReason } from "../lws/api/index.js";
import { hasDirective, replaceStatement } from "../lws/edits.js";
import { callbackShape } from "../lws/entry-points.js";
import type { ApiCall, Program, Reached, ReachedWait } from "../lws/program.js";
import { isCertain } from "../lws/reached.js";
import { code, entryPhrase, evidence, groupByEntry, locate, nameReasons, otherWays, reasonsIn, registration, steps, type ReachedGroup } from "../lws/wording.js";
import { guardKey } from "../analysis/guards.js";
import { hasNumber, isAll } from "../analysis/value-set.js";
import { optionsOf } from "../analysis/value.js";

/**
 * Reports the service function called from inside a callback, and loops there that wait for something only a later callback can bring.
 * Silent for a context created in the same activation.
 */
export default defineRule({
  id: "no-nested-service",
  category: "correctness",
  summary: "running or waiting for the event loop inside a callback",
  fixes: ["suggestion"],
  since: "0.1.0",

  check(file, report) {
    const { program } = file;
    for (const api of file.callsWith("servicesLoop")) {
      const role = rolesOf(api.name).servicesLoop!;
      const reached = api.reached.filter((one) => {
        const context = role.context === undefined ? undefined : one.args[role.context];
        const isFresh = context !== undefined && optionsOf(context).some((value) => value.kind === "result" && rolesOf(value.callee).createsContext);
        return isCertain(one) && !isFresh && !isOver(one);
      });
      for (const group of groupByEntry(reached)) report(serviceReport(program, api, group));
    }
    const seen = new Set<string>();
    for (const wait of file.waits) {
      const closing = closesWaitedFor(program, wait);
      const key = `${wait.context.node.id}:${wait.loop.span.start}`;
      if (!closing || seen.has(key)) continue;
      seen.add(key);
      report(waitReport(wait, closing));
    }
  },
});

/** The loop around the call waits for a field to become NULL, and a caller on the way has set it to NULL for the same reasons. */
function isOver(reached: Reached): boolean {
  const path = steps(reached);
  const { loops } = reached.context.node.facts;
  const loop = reached.call.loop === undefined ? undefined : loops[reached.call.loop];
  const fields = (loop?.continuesWhile ?? []).flatMap(({ value, set }) => (value.kind === "field" && !hasNumber(set, 0) ? [value.field] : []));
  return fields.length > 0 && path.slice(0, -1).some(({ node, call }) => node.facts.stores.some(({ target, value, span, guard }) =>
    target.kind === "field" && fields.includes(target.field) && value.kind === "number" && value.value === 0 && span.start < call.span.start && guardKey(guard) === guardKey(call.guard)));
}

function serviceReport(program: Program, api: ApiCall, group: ReachedGroup): Report {
  const { entry, shown } = group;
  const first = steps(shown)[0]!;
  const reasons = entry.kind === "protocol" ? reasonsIn(group.selected) : [];
  const where = entry.kind === "protocol" ? `on ${nameReasons(reasons, isAll(group.selected))}` : `in ${entryPhrase(entry)}`;
  return {
    ...locate(first.node, first.call),
    message: `${code(`${api.name}()`)} runs the event loop inside itself ${where}: callbacks come while this one is still at work`,
    help: "return, and go on in the callback that brings what is waited for",
    reasons: reasons.map((reason) => reason.name),
    related: [...evidence(shown, `${code(`${api.name}()`)} is called`), ...otherWays(group)],
    fixes: fixesFor(program, api, group),
  };
}

function fixesFor(program: Program, api: ApiCall, group: ReachedGroup): NonNullable<Report["fixes"]> {
  const { node, call } = api;
  const source = program.sourceOf(node.file.path);
  if (!source || node !== group.entry.node || call.viaMacro || node.facts.incomplete) return [];
  const loop = call.loop === undefined ? undefined : node.facts.loops[call.loop];
  const onlyWaits = loop?.calls.every((name) => rolesOf(name).servicesLoop !== undefined || rolesOf(name).blocks === true);
  if (loop && !onlyWaits) return [];
  if (!loop && !call.site.isStatement) return [];
  if (hasDirective(source, loop ? loop.span : call.site.statement)) return [];
  return [{
    kind: "suggestion",
    title: loop ? "Remove the loop: what it waits for comes in a later callback" : "Remove the nested call",
    edits: [replaceStatement(source, loop ? loop.span : call.site.statement, [], loop ? true : call.site.needsBraces)],
  }];
}

/** The closing reasons in which the program sets what the loop waits for; `undefined` where it is not such a loop. */
function closesWaitedFor(program: Program, { loop, entry }: ReachedWait): readonly CallbackReason[] | undefined {
  if (entry.kind !== "protocol" || !loop.calls.every((name) => rolesOf(name).blocks)) return undefined;
  for (const { value } of loop.continuesWhile) {
    const name = value.kind === "entity" ? value.name : value.kind === "field" ? value.field : undefined;
    if (name === undefined || loop.assigns.includes(name)) continue;
    const reasons = program.storesTo(name).flatMap(({ node, store }) => {
      const shape = callbackShape(node.facts);
      const guard = shape && store.guard.find(({ param }) => param === shape.reason);
      return guard ? reasonsIn(guard.set) : [];
    });
    if (reasons.length > 0 && reasons.every((reason) => reason.dying)) return reasons;
  }
  return undefined;
}

function waitReport(wait: ReachedWait, closing: readonly CallbackReason[]): Report {
  const { context, loop, entry, selected } = wait;
  const reasons = reasonsIn(selected);
  return {
    file: context.node.file.path,
    span: loop.continuesWhile[0]?.span ?? loop.span,
    message: `this loop waits inside a callback for ${nameReasons(closing)}, which cannot come before the callback returns`,
    help: `return, and go on in ${nameReasons(closing)}`,
    reasons: isAll(selected) ? [] : reasons.map((reason) => reason.name),
    related: registration(entry),
  };
}
