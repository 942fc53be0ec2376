import type { FunctionNode } from "../analysis/call-graph.js";
import type { CallFact, VariableFact } from "../analysis/facts.js";
import { optionsOf, type Value } from "../analysis/value.js";
import type { Fix } from "../diagnostics/diagnostic.js";
import type { Span } from "../source/span.js";
import { defineRule } from "../linter/rule.js";
import { apiFunction, COMES_BACK, CONTEXT_INFO_TYPE, KEPT_INFO_MEMBERS, rolesOf } from "../lws/api/index.js";
import type { Program } from "../lws/program.js";
import { code, functionName, locate } from "../lws/wording.js";

/**
 * Reports mounts, options and the like on the stack of a function that makes a context and returns with it. Silent where that function runs the loop, destroys the context,
 * or calls anything that may do so, and in `main()`.
 */
export default defineRule({
  id: "no-transient-info",
  category: "suspicious",
  summary: "what a context keeps a pointer to, on the stack of a function that returns before the context is destroyed",
  fixes: ["suggestion"],
  since: "0.1.0",

  check(file, report) {
    const { program } = file;
    for (const api of file.callsWith("createsContext")) {
      const { node, call } = api;
      if (node.facts.isMacro || node.facts.incomplete || node.facts.name === "main" || call.uncertain || !outlives(node, call) || !comesBack(program, node, call)) continue;
      for (const { member, value, span } of membersGiven(node)) {
        const variable = automatic(node, value);
        if (!variable || span.start > call.span.start) continue;
        report({
          file: node.file.path,
          span,
          message: `${code(member)} points to ${code(variable.name)}, which is gone when ${functionName(node)} returns: the context keeps the pointer`,
          help: `make ${code(variable.name)} ${code("static")}, or keep it with what holds the context`,
          related: [{ ...locate(node, call), message: "the context is made here, and lives on" }],
          fixes: makeStatic(program, node, variable),
        });
      }
    }
  },
});

/** The members of infos that a function gives a value, by assignment or initialiser. */
function* membersGiven({ facts, file }: FunctionNode): Generator<{ readonly member: string; readonly value: Value; readonly span: Span }> {
  for (const { target, value, span, objectType } of facts.stores) {
    if (target.kind === "field" && KEPT_INFO_MEMBERS.has(target.field) && objectType !== undefined && CONTEXT_INFO_TYPE.test(objectType)) yield { member: target.field, value, span };
  }
  for (const { type, rows, inFunction } of file.aggregates) {
    if (inFunction !== facts.name || !CONTEXT_INFO_TYPE.test(type)) continue;
    for (const { name, value, span } of rows.flatMap(({ fields }) => fields)) if (name !== undefined && KEPT_INFO_MEMBERS.has(name)) yield { member: name, value, span };
  }
}

/** The array or struct of the function's own frame that a value points to. */
function automatic({ facts }: FunctionNode, value: Value): VariableFact | undefined {
  if (optionsOf(value).length !== 1) return undefined;
  const object = value.kind === "address" ? (value.of.kind === "element" ? value.of.base : value.of) : value;
  if (object.kind !== "local") return undefined;
  const variable = facts.locals.find(({ name }) => name === object.name);
  return variable && !variable.isStatic && !variable.isExtern && variable.pointer === 0 && (value.kind === "address" || variable.array.length > 0) ? variable : undefined;
}

/** Whether the function hands out the context, or puts it where others find it. */
function outlives({ facts }: FunctionNode, { span: { start } }: CallFact): boolean {
  const isIt = (value: Value | undefined): boolean => value !== undefined && optionsOf(value).some((one) => one.kind === "result" && one.site === start);
  return facts.returns.some(({ value }) => isIt(value)) || facts.stores.some(({ value, target }) => isIt(value) && (target.kind === "entity" || target.kind === "field"));
}

/** Whether nothing behind the call may run the loop, wait, or end the context. */
const comesBack = (program: Program, node: FunctionNode, made: CallFact): boolean =>
  node.facts.calls.every((call) => {
    if (call.span.start <= made.span.start || call.destroys) return true;
    if (call.name === undefined || program.graph.targetsOf(node, call, call.target).length > 0) return false;
    const { servicesLoop, destroysContext } = rolesOf(call.name);
    return servicesLoop === undefined && destroysContext === undefined && (COMES_BACK.has(call.name) || apiFunction(call.name) !== undefined);
  });

/** `static` in front of a declaration that stands on one line with nothing before it, where the initialiser is made of constants. */
function makeStatic(program: Program, node: FunctionNode, variable: VariableFact): readonly Fix[] {
  const source = program.sourceOf(node.file.path);
  const initial = node.file.aggregates.find((one) => one.variable === variable.name && one.inFunction === node.facts.name);
  const isConstant = ({ kind }: Value): boolean => kind === "string" || kind === "number" || kind === "constant" || kind === "sizeof";
  if (!source || !initial?.rows.every(({ fields }) => fields.every(({ value }) => isConstant(value)))) return [];
  const line = source.text.lastIndexOf("\n", variable.span.start) + 1;
  const before = /^(\s*)(?:const\s+)?(?:struct\s+)?\w+\s+$/.exec(source.text.slice(line, variable.span.start));
  if (!before) return [];
  const at = line + before[1]!.length;
  return [{ kind: "suggestion", title: `Make ${code(variable.name)} ${code("static")}`, edits: [{ file: node.file.path, span: { start: at, end: at }, newText: "static " }] }];
}
