/** Results that are kept and never looked at. Read from the text: the facts do not follow numbers in locals. */
import type { ApiCall, Program } from "./program.js";

const NOT_CODE = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g;
const NUMBER = String.raw`(?:const\s+)?(?:auto|int|long|ssize_t|size_t|(?:un)?signed(?:\s+int)?)`;

/** The local variable that a call's result goes to, where nothing in the function reads it; `undefined` where it may be read, or goes elsewhere. */
export function unreadVariable(program: Program, { node, call }: Pick<ApiCall, "node" | "call">): string | undefined {
  const { file: { path }, facts } = node;
  const { statement } = call.site;
  const before = program.text(path, { start: statement.start, end: call.span.start });
  const [, declared, name] = new RegExp(String.raw`^\s*(${NUMBER}\s+)?([A-Za-z_]\w*)\s*=\s*(?:\(\s*${NUMBER}\s*\)\s*)?$`).exec(before) ?? [];
  if (name === undefined || facts.isMacro || facts.incomplete || !/^\s*;$/.test(program.text(path, { start: call.span.end, end: statement.end }))) return undefined;
  const plain = program.text(path, facts.span).replace(NOT_CODE, (text) => " ".repeat(text.length));
  // What is declared here means nothing outside of its block.
  const body = declared === undefined ? plain : restOfBlock(plain.slice(statement.end - facts.span.start));
  const isLocal = declared !== undefined || new RegExp(String.raw`\b${NUMBER}\s+(?:[\w\s,=]*,\s*)?${name}\s*[,;=]`).test(body);
  // What is left when assignments are taken away: its declaration without a value, or a read.
  const others = [...body.matchAll(new RegExp(String.raw`\b${name}\b(?!\s*=(?!=))`, "g"))];
  const declarations = others.filter(({ index }) => new RegExp(String.raw`\b${NUMBER}\s+(?:[\w\s,=]*,\s*)?$`).test(body.slice(Math.max(0, index - 80), index)));
  return isLocal && others.length === declarations.length ? name : undefined;
}

/** Up to the brace that closes the block a text begins in. */
function restOfBlock(text: string): string {
  let depth = 0;
  for (const { 0: brace, index } of text.matchAll(/[{}]/g)) {
    depth += brace === "{" ? 1 : -1;
    if (depth < 0) return text.slice(0, index);
  }
  return text;
}
