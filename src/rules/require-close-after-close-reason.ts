import type { Fix } from "../diagnostics/diagnostic.js";
import type { Report } from "../linter/rule.js";
import { defineRule } from "../linter/rule.js";
import { KILL_ASYNC, returnCloses, rolesOf } from "../lws/api/index.js";
import { leftover } from "../lws/close-fix.js";
import { hasDirective, replaceStatement } from "../lws/edits.js";
import { returnsToLibrary } from "../lws/entry-points.js";
import type { ApiCall, Program, Reached } from "../lws/program.js";
import { isCertain, uniqueReasons } from "../lws/reached.js";
import { onlyReturnsZero } from "../lws/what-follows.js";
import { code, evidence, groupByEntry, locate, nameReasons, otherWays, reasonsIn, steps } from "../lws/wording.js";

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

  check(file, report) {
    const { program } = file;
    for (const api of file.callsWith("setsCloseReason")) {
      const open = own(program, api, "setsCloseReason").filter((one) => onlyReturnsZero(program, api, one));
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
    for (const api of file.callsWith("setsTimeout")) {
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
  reached.filter((one) => isCertain(one) && returnsToLibrary(one.entry) &&
    program.ownership(one.args[rolesOf(name)[kind]!.wsi] ?? { kind: "unknown" }, one) === "own");

function place(reached: Reached): Pick<Report, "file" | "span"> {
  const first = steps(reached)[0]!;
  return locate(first.node, first.call);
}

const has = (program: Program, { node }: ApiCall, site: number, kind: "setsCloseReason"): boolean => {
  const name = program.callAt(node, site)?.name;
  return name !== undefined && rolesOf(name)[kind] !== undefined;
};

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
