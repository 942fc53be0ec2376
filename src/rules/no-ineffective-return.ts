import type { Fix } from "../diagnostics/diagnostic.js";
import { defineRule } from "../linter/rule.js";
import { CALLBACK_REASONS, closeIsIgnored, ignoredUntil, type ReleaseRange } from "../lws/api/index.js";
import { closeHelp, killAsync } from "../lws/close-fix.js";
import { hasDirective, replaceStatement } from "../lws/edits.js";
import type { Program } from "../lws/program.js";
import { placeOf, returnEvidence, valueText } from "../lws/return-report.js";
import { isAlways, isForNamedReasons, isReturnedFor, returnedToLibrary, type Returned } from "../lws/returned.js";
import { nameReasons } from "../lws/wording.js";
import { NONZERO, single } from "../analysis/value-set.js";

/**
 * Reports a nonzero return that asks for a close where nobody looks at it and the connection lives on. Silent where it is closing anyway.
 */
export default defineRule({
  id: "no-ineffective-return",
  category: "suspicious",
  summary: "a close asked for by return value in a reason that ignores it",
  fixes: ["suggestion"],
  yieldsTo: ["no-nonzero-default-return"],
  since: "0.1.0",

  check(file, report) {
    const { program } = file;
    for (const all of returnedToLibrary(file)) {
      for (const one of all) {
        if (!isForNamedReasons(one) || !isAlways(one, NONZERO)) continue;
        const release = program.releaseOf(one.entry.node.file);
        const reasons = CALLBACK_REASONS.filter((reason) => isReturnedFor(one, reason, all) && closeIsIgnored(reason, release));
        if (reasons.length === 0) continue;
        const until = new Set(reasons.map((reason) => ignoredUntil(reason, release)));
        const [last] = until;
        const when = until.size === 1 && last !== undefined ? ` up to libwebsockets ${last}` : "";
        const isChild = reasons.some(({ wsi }) => wsi === "child");
        report({
          ...placeOf(one),
          message: `${valueText(one)} is ignored on ${nameReasons(reasons)}${when}: ${isChild ? "the parent stays open, and the child is closing anyway" : "the connection stays open"}`,
          help: isChild ? "kill the parent asynchronously, which is another connection than the one this is called for" : `close with ${closeHelp(release)}`,
          reasons: reasons.map(({ name }) => name),
          related: returnEvidence(one),
          fixes: isChild && reasons.length === 1 ? killParent(program, one, release, reasons[0]!.number) : [],
        });
      }
    }
  },
});

function killParent(program: Program, { context, fact, entry, selected }: Returned, release: ReleaseRange, reason: number): readonly Fix[] {
  const { node, via } = context;
  const source = program.sourceOf(node.file.path);
  const wsi = entry.wsi === undefined ? undefined : node.facts.params[entry.wsi]?.name;
  if (!source || via || node.facts.incomplete || !wsi || single(selected) !== reason || hasDirective(source, fact.span)) return [];
  const kill = killAsync(`lws_get_parent(${wsi})`, release);
  if (kill === undefined) return [];
  return [{ kind: "suggestion", title: "Kill the parent asynchronously", edits: [replaceStatement(source, fact.span, [`${kill};`, "return 0;"], true)] }];
}
