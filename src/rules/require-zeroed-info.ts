import type { CallFact, VariableFact } from "../analysis/facts.js";
import type { FunctionNode } from "../analysis/call-graph.js";
import type { Value } from "../analysis/value.js";
import type { Fix } from "../diagnostics/diagnostic.js";
import { defineRule } from "../linter/rule.js";
import { isPublic, rolesOf } from "../lws/api/index.js";
import type { Program } from "../lws/program.js";
import { code, locate } from "../lws/wording.js";

/**
 * Reports a local structure that is given to the library although nothing has set it as a whole: members that are not named hold what was on the
 * stack. Silent where any other function or macro has had it before, which may have done so.
 */
export default defineRule({
  id: "require-zeroed-info",
  category: "correctness",
  summary: "creation and connection info with members that were never set",
  fixes: ["safe"],
  since: "0.1.0",

  check(file, report) {
    const { program } = file;
    for (const { name, node, call, variants } of file.callsWith("readsInfo")) {
      const variable = localPointedTo(node, call.args[rolesOf(name).readsInfo!.info]?.value);
      if (!variable || variable.isStatic || variable.isExtern || variable.isInitialized || variable.isAssigned) continue;
      if (variants.some(({ uncertain }) => uncertain) || node.facts.incomplete || mayHaveBeenSet(node, variable)) continue;
      report({
        file: node.file.path,
        span: variable.span,
        message: `${code(variable.name)} is never zeroed: ${code(`${name}()`)} reads members that hold whatever was on the stack`,
        help: `zero it before its members are set: ${code(`struct … ${variable.name} = { 0 };`)} or ${code("memset()")}`,
        related: [{ ...locate(node, call), message: `${code(`${name}()`)} reads all of it here` }],
        fixes: fixesFor(program, node, variable),
      });
    }
  },
});

/** The local structure whose address a value is. */
function localPointedTo({ facts }: FunctionNode, value: Value | undefined): VariableFact | undefined {
  if (value?.kind !== "address" || value.of.kind !== "local") return undefined;
  const { name } = value.of;
  const named = facts.locals.filter((local) => local.name === name);
  // Two of one name in different blocks: nobody can tell which is meant.
  return named.length === 1 && named[0]!.pointer === 0 && named[0]!.array.length === 0 ? named[0] : undefined;
}

/** Whether anything but the library's own reading functions is given the variable, or one of its bytes. */
const mayHaveBeenSet = ({ facts }: FunctionNode, { name }: VariableFact): boolean =>
  facts.calls.some((call) => !onlyReads(call) && [...call.args.map((arg) => arg.value), ...(call.receiver ? [call.receiver.value] : [])].some((value) => leadsTo(value, name)));

const onlyReads = ({ name }: CallFact): boolean => name !== undefined && rolesOf(name).readsInfo !== undefined && isPublic(name);

/** Whether a value is the variable, or an address of it as a whole; a member's value is neither. */
function leadsTo(value: Value, name: string): boolean {
  switch (value.kind) {
    case "local": return value.name === name;
    case "address": return leadsTo(value.of, name);
    case "offset": return leadsTo(value.base, name);
    case "any": return value.options.some((option) => leadsTo(option, name));
    default: return false;
  }
}

function fixesFor(program: Program, { file }: FunctionNode, { span, name }: VariableFact): readonly Fix[] {
  const source = program.sourceOf(file.path);
  // Only where the declaration plainly ends behind the name.
  if (source?.text.slice(span.start, span.end) !== name || !/^\s*[;,]/.test(source.text.slice(span.end, span.end + 50))) return [];
  return [{
    kind: "safe",
    title: `Zero ${code(name)} where it is declared`,
    edits: [{ file: file.path, span: { start: span.end, end: span.end }, newText: file.language === "cpp" ? " = {}" : " = { 0 }" }],
  }];
}
