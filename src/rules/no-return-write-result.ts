import type { CallFact } from "../analysis/facts.js";
import { pathTo } from "../analysis/contexts.js";
import * as Sets from "../analysis/value-set.js";
import { defineRule, type Report } from "../linter/rule.js";
import { returnCloses, rolesOf } from "../lws/api/index.js";
import { asInt, isRepeatable } from "../lws/edits.js";
import { returnsToLibrary } from "../lws/entry-points.js";
import type { Program } from "../lws/program.js";
import { returnedBy, type Returned } from "../lws/returned.js";
import { kindsOf } from "../lws/written.js";
import { code, functionName, nameReasons, reasonsIn, registration } from "../lws/wording.js";

/**
 * Reports callbacks that return what a write returned: a number above 0, which the library takes for the wish to close. Silent where tests on the way
 * leave only 0 and less, and in reasons in which only a negative number closes.
 */
export default defineRule({
  id: "no-return-write-result",
  category: "correctness",
  summary: "results of writes that a callback returns: success closes the connection",
  fixes: ["safe"],
  since: "0.1.0",

  check(file, report) {
    const { program } = file;
    for (const entry of file.entries) {
      if (!returnsToLibrary(entry)) continue;
      for (const one of returnedBy(program, entry)) {
        const { value, context, fact } = one;
        if (value.kind !== "result" || rolesOf(value.callee).writes === undefined || !Sets.hasNumber(one.set, 1)) continue;
        // An answer to a request may end with its connection.
        if (kindsOf(value.callee, value.args)?.every((kind) => kind === "frame") !== true) continue;
        // One that sends nothing returns 0.
        const length = value.args[rolesOf(value.callee).writes!.length];
        if (length?.kind === "number" && length.value === 0) continue;
        const release = program.releaseFor({ name: value.callee, node: context.node });
        const reasons = Sets.isAll(one.selected) ? [] : reasonsIn(one.selected).filter((reason) => returnCloses(reason, release) && reason.closesOn === "nonzero");
        if (reasons.length === 0) continue;
        const [first] = pathTo(context);
        const span = first ? first.call.span : fact.span;
        report({
          file: entry.node.file.path,
          span,
          message: `what ${code(`${value.callee}()`)} returns is returned to the library on ${nameReasons(reasons)}: a number of bytes closes the connection`,
          help: `return 0 when it was written, -1 when less was: ${code("return n < (int)length ? -1 : 0;")}`,
          reasons: reasons.map(({ name }) => name),
          related: [
            ...(first ? [{ file: context.node.file.path, span: fact.span, message: `${functionName(context.node)} returns it here, reached on ${nameReasons(reasons)}` }] : []),
            ...registration(entry),
          ],
          fixes: first ? [] : fixesFor(program, one),
        });
      }
    }
  },
});

/** `return lws_write(a, b, c, d);` becomes a test of it. */
function fixesFor(program: Program, { context: { node }, fact, value }: Returned): NonNullable<Report["fixes"]> {
  const call: CallFact | undefined = value.kind === "result" ? program.callAt(node, value.site) : undefined;
  const length = call?.name === undefined ? undefined : call.args[rolesOf(call.name).writes!.length];
  if (!call || !length || call.viaMacro || node.facts.incomplete) return [];
  const statement = program.text(node.file.path, fact.span);
  const text = program.text(node.file.path, call.span);
  const size = program.text(node.file.path, length.span).trim();
  const isPlain = new RegExp(`^return\\s*\\(?\\s*${text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}\\s*\\)?\\s*;$`).test(statement);
  if (!isPlain || !isRepeatable(size)) return [];
  return [{ kind: "safe", title: "Return 0, or -1 when less was written than given", edits: [{ file: node.file.path, span: fact.span, newText: `return ${text} < ${asInt(size)} ? -1 : 0;` }] }];
}
