import { optionsOf } from "../analysis/value.js";
import { defineRule } from "../linter/rule.js";
import { rolesOf } from "../lws/api/index.js";
import { asInt } from "../lws/edits.js";
import { code } from "../lws/wording.js";

const ORDER = new Set(["<", "<=", ">", ">="]);

/**
 * Reports comparisons of a write's result with something unsigned: C makes the -1 of a failure the largest number there is, so that it is never less.
 * Silent for `==` and `!=`, which are right, and where the type of the other side cannot be told.
 */
export default defineRule({
  id: "no-unsigned-write-compare",
  category: "correctness",
  summary: "results of writes compared with unsigned lengths: failure is taken for success",
  fixes: ["safe"],
  since: "0.1.0",

  check(file, report) {
    const { program } = file;
    for (const node of file.nodes) {
      for (const { result, op, otherType, otherSpan, span, resultType, resultSpan, mayBeNegative } of node.facts.comparisons) {
        const writes = optionsOf(result).filter((value) => value.kind === "result" && rolesOf(value.callee).writes !== undefined);
        if (writes.length === 0 || writes.length < optionsOf(result).length || !ORDER.has(op) || !mayBeNegative) continue;
        // Kept in a variable that is unsigned itself, or cast, the sign is gone already; else the other side takes it away.
        if (otherType !== "unsigned" && resultType !== "unsigned") continue;
        const other = program.text(file.path, otherSpan).trim();
        report({
          file: file.path,
          span,
          message: resultType === "unsigned"
            ? `${code(program.text(file.path, resultSpan).trim())} is unsigned: the -1 of a failed write is a large number in it`
            : `${code(other)} is unsigned: compared with it, the -1 of a failed write is a large number`,
          help: resultType === "unsigned" ? `keep the result in an ${code("int")}` : `compare with ${code(asInt(other))}`,
          fixes: node.facts.isMacro || resultType === "unsigned" || node.facts.incomplete ? [] : [{
            kind: "safe",
            title: "Compare as signed numbers",
            edits: [{ file: file.path, span: otherSpan, newText: asInt(other) }],
          }],
        });
      }
    }
  },
});
