import type { Fix } from "../diagnostics/diagnostic.js";
import type { CallFact, FunctionFacts } from "../analysis/facts.js";
import { optionsOf, type Value } from "../analysis/value.js";
import { defineRule } from "../linter/rule.js";
import { COPIES_METADATA, isPublic, rolesOf } from "../lws/api/index.js";
import type { ApiCall, Program } from "../lws/program.js";
import { code, locate } from "../lws/wording.js";

/** Reports metadata of a Secure Stream that lies in a local variable: the library keeps the pointer. Silent for literals, statics and members of objects. */
export default defineRule({
  id: "no-ss-transient-metadata",
  category: "suspicious",
  summary: "metadata of a Secure Stream in a local variable",
  fixes: ["safe"],
  since: "0.1.0",

  check(file, report) {
    const { program } = file;
    for (const api of file.callsWith("setsMetadata")) {
      const role = rolesOf(api.name).setsMetadata!;
      const call = api.variants.find((one) => !one.uncertain && optionsOf(one.args[role.value]?.value ?? { kind: "unknown" }).every((value) => isTransient(api.node.facts, value)));
      if (!call) continue;
      const knows = isPublic(COPIES_METADATA.name, program.releaseFor(api));
      report({
        ...locate(api.node, call),
        message: `${code(`${api.name}()`)} keeps the pointer, and the variable is gone when ${code(`${api.node.facts.name}()`)} returns`,
        help: knows ? `use ${code(`${COPIES_METADATA.name}()`)}, which keeps a copy` : "keep the value in the object of the stream",
        related: [],
        fixes: knows ? fixesFor(program, api, call) : [],
      });
    }
  },
});

/** An array of the function, some place in one, or the address of one of its variables. */
function isTransient(facts: FunctionFacts, value: Value): boolean {
  switch (value.kind) {
    case "local": return facts.locals.some(({ name, array, isStatic }) => name === value.name && array.length > 0 && !isStatic);
    case "offset": return isTransient(facts, value.base);
    case "address": {
      let of = value.of;
      while (of.kind === "element" || of.kind === "field") of = of.base;
      return of.kind === "local" && !facts.locals.some(({ name, isStatic }) => name === (of as { name: string }).name && isStatic);
    }
    default: return false;
  }
}

function fixesFor(program: Program, { node, name }: ApiCall, call: CallFact): readonly Fix[] {
  if (call.viaMacro || node.facts.isMacro || program.text(node.file.path, call.calleeSpan) !== name) return [];
  return [{ kind: "safe", title: `Keep a copy: ${code(COPIES_METADATA.name)}`, edits: [{ file: node.file.path, span: call.calleeSpan, newText: COPIES_METADATA.name }] }];
}
