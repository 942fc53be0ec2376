/** Gives data that is sent from a place without headroom a copy that has it. */
import type { FunctionNode } from "../analysis/call-graph.js";
import type { CallFact } from "../analysis/facts.js";
import type { Fix } from "../diagnostics/diagnostic.js";
import { preName, rolesOf } from "./api/index.js";
import type { Headroom } from "./buffers.js";
import { hasDirective, indentationAt, lineEnding } from "./edits.js";
import type { ApiCall, Program } from "./program.js";
import { code } from "./wording.js";

/** The data copied into a buffer with room in front, and sent from there: for objects whose size the compiler knows. */
export function copyWithHeadroom(program: Program, api: ApiCall, call: CallFact, room: Headroom): readonly Fix[] {
  const { node } = api;
  const source = program.sourceOf(node.file.path);
  const role = rolesOf(api.name).writes;
  const buffer = role && call.args[role.buffer];
  const length = role && call.args[role.length];
  if (!source || !buffer || !length || !room.isArray || room.bytes > 0 || call.viaMacro || node.facts.incomplete) return [];
  const pre = preName(program.releaseFor(api));
  const { statement } = call.site;
  const text = source.text.slice(statement.start, statement.end);
  const indent = indentationAt(source, statement.start);
  const data = source.text.slice(buffer.span.start, buffer.span.end).replace(/^(?:\(\s*(?:const\s+)?(?:unsigned\s+char|uint8_t|char|void)\s*(?:const\s*)?\*\s*\)\s*)+/, "");
  const isDirect = /^(?:"(?:[^"\\]|\\.)*"|[A-Za-z_]\w*(?:(?:->|\.)[A-Za-z_]\w*)*)$/.test(data);
  // What declares something cannot be put in braces; neither can a statement of several lines be taken over as it stands.
  const isOne = call.site.isStatement || /^(?:if\b|return\b|[\w.>\-[\]]+\s*[-+|]?=[^=])/.test(text);
  if (indent === undefined || !isDirect || !isOne || !isVariableAsWritten(node, data) || hasDirective(source, statement)) return [];
  const frame = /\bframe\b/.test(source.text.slice(node.facts.span.start, node.facts.span.end)) ? "ws_frame" : "frame";
  const eol = lineEnding(source);
  const size = source.text.slice(length.span.start, length.span.end);
  const inner = `${indent}\t`;
  const rewritten = `${text.slice(0, buffer.span.start - statement.start)}${frame} + ${pre}${text.slice(buffer.span.end - statement.start)}`;
  const lines = [`unsigned char ${frame}[${pre} + sizeof(${data})];`, "", `memcpy(${frame} + ${pre}, ${data}, ${size});`, ...rewritten.split(/\r\n|\n|\r/)];
  const body = lines.map((line, i) => (line === "" ? "" : i < 3 ? `${inner}${line}` : i === 3 ? `${inner}${line}` : `\t${line}`)).join(eol);
  return [{
    kind: "suggestion",
    title: `Send a copy with ${code(pre)} bytes in front`,
    edits: [{ file: node.file.path, span: statement, newText: `{${eol}${body}${eol}${indent}}` }],
  }];
}

/** A name in the text is an array by itself only where it is declared as one: a pointer that holds an array has another size. */
function isVariableAsWritten(node: FunctionNode, text: string): boolean {
  if (text.startsWith("\"")) return true;
  const name = /\w+$/.exec(text)![0];
  const isMember = name !== text;
  return isMember
    ? node.file.records.some(({ fields }) => fields.some((field) => field.name === name && field.array.length === 1 && field.pointer === 0))
    : [...node.facts.locals, ...node.file.variables].some((variable) => variable.name === name && variable.array.length === 1 && variable.pointer === 0);
}
