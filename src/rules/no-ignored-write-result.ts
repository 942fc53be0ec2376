import type { CallFact } from "../analysis/facts.js";
import type { ResultUse } from "../analysis/result-uses.js";
import { defineRule, type Report } from "../linter/rule.js";
import { returnCloses, rolesOf } from "../lws/api/index.js";
import { returnsToLibrary } from "../lws/entry-points.js";
import { asInt, hasDirective, isRepeatable, replaceStatement } from "../lws/edits.js";
import { uniqueReasons } from "../lws/reached.js";
import { unreadVariable } from "../lws/unread-variable.js";
import type { ApiCall, Program } from "../lws/program.js";
import { code, locate } from "../lws/wording.js";

/**
 * Reports writes whose result nobody takes, or that goes to a variable which is never read, and results that are taken without asking whether the write
 * failed. Silent where it is thrown away on purpose (`(void)`), and where the connection is closed right after, whatever
 * came of the write.
 */
export default defineRule({
  id: "no-ignored-write-result",
  category: "suspicious",
  summary: "writes whose result nobody looks at",
  fixes: ["suggestion"],
  yieldsTo: ["no-cross-thread-call", "no-unsafe-signal-handler", "no-dying-connection-use", "no-use-after-close"],
  since: "0.1.0",

  check(file, report) {
    const { program } = file;
    for (const api of file.callsWith("writes")) {
      const { name, node, call, variants } = api;
      const kept = unreadVariable(program, api);
      const isDropped = variants.every(({ site }) => site.isStatement) && !isThrownAway(program, api);
      const use = variants.every(({ resultUse }) => resultUse === call.resultUse) ? call.resultUse : undefined;
      if (node.facts.isMacro || !(isDropped || use || kept !== undefined) || variants.every(closesAnyway)) continue;
      report({
        ...locate(node, call),
        message: `the result of ${code(`${name}()`)} ${kept !== undefined ? `is kept in ${code(kept)}, which nobody reads` : use ? USES[use] : "is ignored"}: that the connection is dead, or less was taken than given, goes unnoticed`,
        help: `close the connection where it is less than the length: ${code("if (n < (int)length) return -1;")}`,
        fixes: isDropped ? fixesFor(program, api) : [],
      });
    }
  },
});

const USES: Readonly<Record<ResultUse, string>> = {
  truth: "is told from 0 only, which the -1 of a failed write is not",
  added: "is added without a look at it, also where it is the -1 of a failed write",
};

const isThrownAway = (program: Program, { node, call }: ApiCall): boolean =>
  program.text(node.file.path, { start: call.site.statement.start, end: call.span.start }).replace(/\s/g, "").endsWith("(void)");

/** Every path from here returns a value that is not 0, with nothing in between. */
const closesAnyway = ({ site }: CallFact): boolean =>
  site.leadsToReturn !== undefined && site.leadsToReturn.length > 0 && site.leadsToReturn.every((value) => value?.kind === "number" && value.value !== 0);

function fixesFor(program: Program, api: ApiCall): NonNullable<Report["fixes"]> {
  const { node, call, reached } = api;
  const source = program.sourceOf(node.file.path);
  const length = call.args[rolesOf(api.name).writes!.length];
  if (!source || !length || call.viaMacro || node.facts.incomplete || node.facts.returnsVoid || hasDirective(source, call.site.statement)) return [];
  // A return closes only in the callback itself, and not for every reason.
  const reasons = uniqueReasons(reached);
  const release = program.releaseFor(api);
  if (reached.length === 0 || reasons.length === 0 || !reached.every(({ entry }) => entry.node === node && returnsToLibrary(entry)) || !reasons.every((reason) => returnCloses(reason, release))) return [];
  const size = program.text(node.file.path, length.span).trim();
  if (!isRepeatable(size)) return [];
  const text = program.text(node.file.path, call.span);
  return [{
    kind: "suggestion",
    title: "Return -1 when less was written than given",
    edits: [replaceStatement(source, call.site.statement, [`if (${text} < ${asInt(size)}) return -1;`], call.site.needsBraces)],
  }];
}
