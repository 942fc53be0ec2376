import type { Fix } from "../diagnostics/diagnostic.js";
import type { Report } from "../linter/rule.js";
import { defineRule } from "../linter/rule.js";
import { KILL_ASYNC, returnCloses, rolesOf } from "../lws/api/index.js";
import { leftover, uniqueReasons } from "../lws/close-fix.js";
import { hasDirective, replaceStatement } from "../lws/edits.js";
import { returnsToLibrary } from "../lws/entry-points.js";
import type { ApiCall, Program, Reached } from "../lws/program.js";
import { isAlways, returnedBy } from "../lws/returned.js";
import { code, evidence, groupByEntry, locate, nameReasons, otherWays, reasonsIn, steps } from "../lws/wording.js";
import { admit } from "../analysis/contexts.js";
import type { Guard } from "../analysis/facts.js";
import type { Span } from "../source/span.js";
import { ZERO, intersect, isNone } from "../analysis/value-set.js";

/**
 * Reports `lws_close_reason()` after which the callback returns 0 and nothing is left that could close, and an asynchronous kill after it, which
 * sends no close frame. Silent where a later callback may close: a writeable callback, a timer or a timeout is asked for, or something is noted.
 */
export default defineRule({
  id: "require-close-after-close-reason",
  category: "suspicious",
  summary: "a close reason that no close follows, or a close that does not send it",
  fixes: ["suggestion"],
  since: "0.1.0",

  check(program, report) {
    for (const api of program.callsWith("setsCloseReason")) {
      const open = own(program, api, "setsCloseReason").filter((one) => staysOpen(program, api, one));
      for (const group of groupByEntry(open)) {
        const reasons = reasonsIn(group.selected);
        report({
          ...place(group.shown),
          message: `${code(`${api.name}()`)} closes nothing: the callback goes on to return 0 on ${nameReasons(reasons)}, and the connection stays open`,
          help: `return -1 after it`,
          reasons: reasons.map(({ name }) => name),
          related: [...evidence(group.shown, "the reason is noted"), ...otherWays(group)],
          fixes: fixesFor(program, api, open, (text) => [text, "return -1;"]),
        });
      }
    }
    for (const api of program.callsWith("setsTimeout")) {
      const role = rolesOf(api.name).setsTimeout!;
      if (role.unit !== "s") continue;
      const kills = own(program, api, "setsTimeout").filter(({ args, call }) => {
        const time = args[role.time];
        return time?.kind === "number" && time.value === KILL_ASYNC.value && call.flow?.always.some((site) => has(program, api, site, "setsCloseReason"));
      });
      for (const group of groupByEntry(kills)) {
        const reasons = reasonsIn(group.selected);
        report({
          ...place(group.shown),
          message: `${code(KILL_ASYNC.name)} closes without a close frame: the reason that was noted before is lost`,
          help: `return -1 instead, here or in a later callback of the connection`,
          reasons: reasons.map(({ name }) => name),
          related: [...evidence(group.shown, "the connection is killed"), ...otherWays(group)],
          fixes: fixesFor(program, api, kills, () => ["return -1;"]),
        });
      }
    }
  },
});

const own = (program: Program, { reached, name }: ApiCall, kind: "setsCloseReason" | "setsTimeout"): readonly Reached[] =>
  reached.filter((one) => !one.uncertain && one.assumes.length === 0 && returnsToLibrary(one.entry) &&
    program.ownership(one.args[rolesOf(name)[kind]!.wsi] ?? { kind: "unknown" }, one) === "own");

function place(reached: Reached): Pick<Report, "file" | "span"> {
  const first = steps(reached)[0]!;
  return locate(first.node, first.call);
}

const has = (program: Program, { node }: ApiCall, site: number, kind: "setsCloseReason"): boolean => {
  const name = program.callAt(node, site)?.name;
  return name !== undefined && rolesOf(name)[kind] !== undefined;
};

/** Whether everything the callback returns after the call is 0, and nothing happens on the way that may close it later. */
function staysOpen(program: Program, { node }: ApiCall, { entry, context, call, selected }: Reached): boolean {
  const site = call.span.start;
  const after = returnedBy(program, entry).filter(({ context, fact, selected: on }) =>
    context.node === node && fact.before.includes(site) && !isNone(intersect(on, selected)));
  if (after.length === 0 || !after.every((one) => !one.isOneOfSeveral && isAlways(one, ZERO))) return false;
  const related = [...(call.flow?.before ?? []), ...(call.flow?.mayFollow ?? [])];
  if (related.some((other) => mayCloseLater(program.callAt(node, other)?.name))) return false;
  const end = Math.max(...after.map(({ fact }) => fact.span.start));
  const isBetween = ({ span, guard }: { readonly span: Span; readonly guard: Guard }): boolean => {
    const on = span.start > call.span.end && span.start < end ? admit(guard, context) : undefined;
    return on !== undefined && !isNone(intersect(on, selected));
  };
  // What the project's own functions do there, and what is noted for later.
  const callsOwn = node.facts.calls.some((other) => isBetween(other) && (program.graph.targetsOf(node, other, other.target).length > 0 || other.name === undefined));
  return !callsOwn && !node.facts.stores.some(isBetween);
}

function mayCloseLater(name: string | undefined): boolean {
  const roles = name === undefined ? {} : rolesOf(name);
  return (["requestsWriteable", "setsTimer", "setsTimeout", "schedules", "closesConnection"] as const).some((kind) => roles[kind] !== undefined);
}

function fixesFor(program: Program, { node, call, variants }: ApiCall, reached: readonly Reached[], lines: (text: string) => readonly string[]): readonly Fix[] {
  const source = program.sourceOf(node.file.path);
  const { site } = call;
  if (!source || node.facts.isMacro || node.facts.incomplete || node.facts.returnsVoid || !site.isStatement || call.viaMacro || hasDirective(source, site.statement)) return [];
  const release = program.releaseOf(node.file);
  if (!reached.every(({ entry }) => entry.node === node) || !uniqueReasons(reached).every((reason) => returnCloses(reason, release))) return [];
  if (!variants.every((variant) => variant.site.leadsToReturn)) return [];
  const text = program.text(node.file.path, site.statement);
  return [{ kind: "suggestion", title: "Close with `return -1`", edits: [replaceStatement(source, site.statement, lines(text), site.needsBraces), ...leftover(source, site)] }];
}
