import type { Fix } from "../diagnostics/diagnostic.js";
import { defineRule } from "../linter/rule.js";
import { isLastBreath, rolesOf, type CallRoles } from "../lws/api/index.js";
import { hasDirective, removeStatement, replaceStatement } from "../lws/edits.js";
import type { ApiCall, Program, Reached } from "../lws/program.js";
import { isCertain } from "../lws/reached.js";
import { code, evidence, groupByEntry, locate, nameReasons, otherWays, reasonsIn, steps } from "../lws/wording.js";
import { isFinite } from "../analysis/value-set.js";

const ROLES = ["writes", "requestsWriteable", "setsTimer"] as const;

const CONSEQUENCE: Readonly<Record<(typeof ROLES)[number], string>> = {
  writes: "what is written is dropped",
  requestsWriteable: "no writeable callback comes any more",
  setsTimer: "the timer never fires",
};

/**
 * Reports work that is asked of the own connection when it is already closing. Silent for other connections, where some reason that leads there is not a
 * closing one, for a timer that is taken back, and where a protocol is merely exchanged for another.
 */
export default defineRule({
  id: "no-dying-connection-use",
  category: "suspicious",
  summary: "writing to, or waiting for, a connection that is closing already",
  fixes: ["suggestion"],
  since: "0.1.0",

  check(file, report) {
    const { program } = file;
    for (const role of ROLES) {
      for (const api of file.callsWith(role)) {
        const late = api.reached.filter((one) => isLate(program, api, role, one));
        for (const group of groupByEntry(late)) {
          const first = steps(group.shown)[0]!;
          const reasons = reasonsIn(group.selected);
          report({
            ...locate(first.node, first.call),
            message: `${code(`${api.name}()`)} on ${nameReasons(reasons)} comes too late: the connection is closing, and ${CONSEQUENCE[role]}`,
            help: "leave the connection alone there; use a timer of the context or a new connection for what is left to do",
            reasons: reasons.map(({ name }) => name),
            related: [...evidence(group.shown, `${code(`${api.name}()`)} is called`), ...otherWays(group)],
            fixes: late.length === api.reached.length ? fixesFor(program, api, group.entry.node) : [],
          });
        }
      }
    }
  },
});

function isLate(program: Program, { name }: ApiCall, role: keyof CallRoles & (typeof ROLES)[number], one: Reached): boolean {
  if (!isCertain(one) || one.entry.kind !== "protocol" || !isFinite(one.selected)) return false;
  const reasons = reasonsIn(one.selected);
  if (reasons.length === 0 || !reasons.every(isLastBreath)) return false;
  const roles = rolesOf(name);
  if (program.ownership(one.args[roles[role]!.wsi] ?? { kind: "unknown" }, one) !== "own") return false;
  // Taking a timer back that was set before is tidy.
  const time = one.args[1];
  return role !== "setsTimer" || (time?.kind === "number" && time.value >= 0);
}

function fixesFor(program: Program, { node, call }: ApiCall, entry: ApiCall["node"]): readonly Fix[] {
  const source = program.sourceOf(node.file.path);
  const { site } = call;
  if (!source || node !== entry || !site.isStatement || call.viaMacro || node.facts.incomplete || hasDirective(source, site.statement)) return [];
  return [{ kind: "suggestion", title: "Remove the call", edits: [site.needsBraces ? replaceStatement(source, site.statement, [], true) : removeStatement(source, site.statement)] }];
}
