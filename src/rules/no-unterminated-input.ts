import { isAll } from "../analysis/value-set.js";
import type { Fix } from "../diagnostics/diagnostic.js";
import { defineRule } from "../linter/rule.js";
import { mayHold, UNTERMINATED } from "../lws/api/index.js";
import type { Program, Reached } from "../lws/program.js";
import { isCertain, uniqueReasons } from "../lws/reached.js";
import { dataOf, isInput, waysTo } from "../lws/received.js";
import { terminates, textReads, type TextRead } from "../lws/text-reads.js";
import { code, evidence, groupByEntry, locate, nameReasons, otherWays, reasonsIn, steps } from "../lws/wording.js";

/**
 * Reports functions that read data of a callback up to a zero where none is behind it. Silent where the library puts one there, where the callback does, and
 * for copies.
 */
export default defineRule({
  id: "no-unterminated-input",
  category: "suspicious",
  summary: "received data that is read as a string, although nothing ends it",
  fixes: ["suggestion"],
  yieldsTo: ["no-unchecked-fragment"],
  since: "0.1.0",

  check(file, report) {
    const { program } = file;
    for (const read of textReads(file)) {
      const { node, call, argument } = read;
      const value = call.args[argument]?.value;
      if (!value) continue;
      const wrong = waysTo(program, node, call).filter((one) => isOpen(program, one) && isInput(one.entry, value, one.context.args) && !terminates(program, one.entry));
      for (const group of groupByEntry(wrong)) {
        const first = steps(group.shown)[0]!;
        const reasons = uniqueReasons(group.all);
        const reader = code(`${call.name!}()`);
        report({
          ...locate(first.node, first.call),
          message: `${reader} reads what came on ${nameReasons(reasons)} up to a zero: there is none behind its ${code("len")} bytes`,
          help: `use the length: ${code("memcmp()")}, ${code("strndup()")}, ${code("%.*s")}; or copy it to a buffer that ends with a zero`,
          reasons: reasons.map(({ name }) => name),
          related: [...evidence(group.shown, `${reader} reads it`), ...otherWays(group)],
          fixes: first.call === call ? withLength(read, group.shown) : [],
        });
      }
    }
  },
});

/** On every reason in question the library puts no zero behind the data, in some release in question. */
function isOpen(program: Program, one: Reached): boolean {
  const { entry, selected } = one;
  if (!isCertain(one) || entry.kind !== "protocol" || isAll(selected)) return false;
  const reasons = reasonsIn(selected);
  return reasons.length > 0 && reasons.every(({ name }) => {
    const open = UNTERMINATED.get(name);
    return open !== undefined && mayHold(open, program.releaseOf(entry.node.file));
  });
}

/** The same with the length, for `%s`, `strdup()` and strings of C++: in the callback itself, where the length has a name. */
function withLength({ node, call, argument, conversion }: TextRead, { entry }: Reached): readonly Fix[] {
  const given = dataOf(entry)!;
  const length = node === entry.node ? node.facts.params[given.length]?.name : undefined;
  const { span, value } = call.args[argument]!;
  if (length === undefined || length === "" || value.kind !== "param" || call.viaMacro || node.facts.incomplete) return [];
  const file = node.file.path;
  const after = { file, span: { start: span.end, end: span.end }, newText: `, ${length}` };
  const title = `Give ${code(length)} as well`;
  if (conversion !== undefined) {
    const precision = { file, span: { start: conversion, end: conversion }, newText: ".*" };
    return [{ kind: "suggestion", title, edits: [precision, { file, span: { start: span.start, end: span.start }, newText: `(int)${length}, ` }] }];
  }
  if (call.name === "strdup") return [{ kind: "suggestion", title, edits: [{ file, span: call.calleeSpan, newText: "strndup" }, after] }];
  return call.name === "string" || call.name === "string_view" ? [{ kind: "suggestion", title, edits: [after] }] : [];
}
