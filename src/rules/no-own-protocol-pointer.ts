import type { FunctionNode } from "../analysis/call-graph.js";
import { optionsOf, type Value } from "../analysis/value.js";
import type { Fix } from "../diagnostics/diagnostic.js";
import { defineRule } from "../linter/rule.js";
import { COPIES_PROTOCOLS, mayHold, PROTOCOL_TABLES, rolesOf } from "../lws/api/index.js";
import type { ApiCall } from "../lws/api-calls.js";
import type { Program } from "../lws/program.js";
import { code, locate } from "../lws/wording.js";

/**
 * Reports rows of the application's own table of protocols where the library looks for a row of the vhost's copy of it. Silent for pointers, which may hold what the
 * library gave.
 */
export default defineRule({
  id: "no-own-protocol-pointer",
  category: "correctness",
  summary: "a row of the application's own table where one of the vhost's copy is meant, so that no connection is found",
  fixes: ["suggestion"],
  since: "0.1.0",

  check(file, report) {
    const { program } = file;
    for (const api of file.callsWith("findsByProtocol")) {
      const { node, call, name } = api;
      const role = rolesOf(name).findsByProtocol!;
      const given = call.args[role.protocol];
      if (!given || node.facts.isMacro || !mayHold(COPIES_PROTOCOLS, program.releaseFor(api))) continue;
      const rows = optionsOf(given.value).map((value) => rowOf(node, value));
      const [row] = rows;
      if (!row || rows.includes(undefined)) continue;
      report({
        ...locate(node, call),
        span: call.viaMacro ? call.span : given.span,
        message: `${code(`${name}()`)} finds no connection by a row of ${code(row.table)}: each vhost has a copy of that table, with rows of its own`,
        help: `pass ${code("lws_get_protocol(wsi)")}, or ${code("lws_vhost_name_to_protocol()")} for the vhost${role.vhost === undefined ? "; without a vhost, call the function for each of them" : ""}`,
        fixes: byName(program, api, row),
      });
    }
  },
});

interface Row {
  readonly table: string;
  readonly index?: number;
}

/** The row of a table of the file that a pointer points to. */
function rowOf(node: FunctionNode, value: Value): Row | undefined {
  if (value.kind === "offset") return withIndex(rowOf(node, value.base), value.by);
  if (value.kind === "address") return value.of.kind === "element" ? withIndex(rowOf(node, value.of.base), value.of.index?.kind === "number" ? value.of.index.value : undefined) : rowOf(node, value.of);
  if (value.kind !== "entity" && value.kind !== "local") return undefined;
  const name = value.name.slice(value.name.indexOf(".") + 1);
  const { aggregates, variables } = node.file;
  const isTable = (type: string): boolean => (PROTOCOL_TABLES.structs as readonly string[]).includes(type.replace(/^(?:static |const )+/, ""));
  const known = aggregates.some((one) => one.variable === name && isTable(one.type)) || variables.some((one) => one.name === name && one.pointer === 0 && isTable(one.type));
  return known ? { table: name, index: 0 } : undefined;
}

const withIndex = (row: Row | undefined, index: number | undefined): Row | undefined => row && (index === undefined ? { table: row.table } : { table: row.table, index });

/** The vhost's row of the same name, where both vhost and name stand in the text. */
function byName(program: Program, { node, call, name }: ApiCall, { table, index }: Row): readonly Fix[] {
  const role = rolesOf(name).findsByProtocol!;
  const vhost = role.vhost === undefined ? undefined : call.args[role.vhost];
  const given = call.args[role.protocol]!;
  const row = node.file.aggregates.find((one) => one.variable === table)?.rows.find((one, position) => (one.index ?? position) === index);
  const called = row?.fields.find((field) => field.name === "name" || (field.name === undefined && field.position === 0));
  const text = vhost && program.text(node.file.path, vhost.span);
  const title = called && program.text(node.file.path, called.span);
  if (!text || !title || !/^"[^"\\]*"$/.test(title) || !/^[\w.>()-]+$/.test(text) || call.viaMacro || node.facts.incomplete) return [];
  const newText = `lws_vhost_name_to_protocol(${text}, ${title})`;
  return [{ kind: "suggestion", title: `Pass ${code(newText)}`, edits: [{ file: node.file.path, span: given.span, newText }] }];
}
