import type { AggregateFact } from "../analysis/facts.js";
import { optionsOf } from "../analysis/value.js";
import type { Fix } from "../diagnostics/diagnostic.js";
import { defineRule } from "../linter/rule.js";
import { hasDirective, indentationAt, lineEnding } from "../lws/edits.js";
import type { Program } from "../lws/program.js";
import { callbackOf, listUses, protocolTables, type ProtocolTable } from "../lws/protocol-tables.js";
import { code } from "../lws/wording.js";

/**
 * Reports tables of protocols whose last row has a callback, where the table is given to a context or a vhost, which counts rows up to one without.
 * Silent where the declared length leaves zeroed rows, and where a row cannot be read.
 */
export default defineRule({
  id: "require-protocol-terminator",
  category: "correctness",
  summary: "tables of protocols without a last row that ends them",
  fixes: ["safe"],
  since: "0.1.0",

  check(file, report) {
    const { program } = file;
    for (const table of protocolTables(file)) {
      const { file, aggregate } = table;
      const last = aggregate.rows.at(-1);
      if (!last || !endsWithCallback(program, table)) continue;
      const [use] = listUses(program, table);
      if (!use) continue;
      report({
        file: file.path,
        span: last.span,
        message: `${code(aggregate.variable)} has no row after this one that ends it: libwebsockets reads protocols beyond the array`,
        help: `end the table with ${code("{ NULL, NULL, 0, 0 }")}`,
        related: [{ file: use.file.path, span: use.span, message: "the table is given to libwebsockets here" }],
        fixes: fixesFor(program, table),
      });
    }
  },
});

/** Whether every row is read, the last one certainly has a callback, and no zeroed rows follow. */
function endsWithCallback(program: Program, { file, aggregate }: ProtocolTable): boolean {
  const { rows } = aggregate;
  if (aggregate.length === null || (aggregate.length ?? 0) > rows.length || rows.some((row, i) => row.index !== i)) return false;
  return rows.every((row) => {
    const callback = callbackOf(row);
    // What has a name and no value is a function, here or in a file that is not at hand: an initialiser holds no variable's value.
    return callback !== undefined && optionsOf(callback.value).every((value) => value.kind === "entity" || program.graph.functionsOf(file, value).length > 0);
  });
}

function fixesFor(program: Program, { file, aggregate }: ProtocolTable): readonly Fix[] {
  const source = program.sourceOf(file.path);
  const last = aggregate.rows.at(-1)!;
  // A length that is written down would have to change, too; a row that a macro makes or a directive cuts is not followed.
  if (!source || aggregate.length !== undefined || hasDirective(source, spanOf(aggregate)) || source.text[last.span.end - 1] !== "}") return [];
  const indent = indentationAt(source, last.span.start);
  const separator = indent === undefined ? " " : `${lineEnding(source)}${indent}`;
  return [{
    kind: "safe",
    title: "Add the row that ends the table",
    edits: [{ file: file.path, span: { start: last.span.end, end: last.span.end }, newText: `,${separator}{ NULL, NULL, 0, 0 }` }],
  }];
}

const spanOf = ({ rows }: AggregateFact): { start: number; end: number } => ({ start: rows[0]!.span.start, end: rows.at(-1)!.span.end });
