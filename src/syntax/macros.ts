import type { FunctionDef, Include, ObjectMacro, Param } from "./ast.js";
import { noType } from "./declarations.js";
import { parseExpression, parseStatements, type FragmentContext } from "./fragments.js";
import { lex, unsplice, type Directive, type Lexed } from "./lexer.js";
import { Stream } from "./stream.js";
import { isSpecifierKeyword, isStatementKeyword, T } from "./token.js";

export interface DirectiveFacts {
  readonly functions: readonly FunctionDef[];
  readonly objectMacros: readonly ObjectMacro[];
  readonly includes: readonly Include[];
}

/** Macros and includes of a file, in all branches that can be active. */
export function readDirectives(text: string, lexed: Lexed, dead: ReadonlySet<number>, context: FragmentContext): DirectiveFacts {
  const functions: FunctionDef[] = [];
  const objectMacros: ObjectMacro[] = [];
  const includes: Include[] = [];
  lexed.directives.forEach((directive, index) => {
    if (dead.has(index)) return;
    if (directive.name === "include" || directive.name === "include_next" || directive.name === "import") {
      const include = readInclude(text, directive);
      if (include !== undefined) includes.push(include);
    } else if (directive.name === "define") readDefine(text, directive, context, functions, objectMacros);
  });
  return { functions, objectMacros, includes };
}

/** Names of the macros of a file that are nothing but a loop's header: `#define EACH(x, l) for (…)`. */
export function loopMacros(text: string, lexed: Lexed): ReadonlySet<string> {
  const names = new Set<string>();
  for (const directive of lexed.directives) {
    if (directive.name !== "define") continue;
    const body = text.slice(directive.nameEnd, directive.end);
    const match = /^[\s\\]*(\w+)\([^()]*\)[\s\\]*(?:for|while)\b[\s\\]*\(/.exec(body);
    if (match !== null && /\)\s*$/.test(body) && isOneGroup(body.slice(match[0].length - 1).trimEnd())) names.add(match[1]!);
  }
  return names;
}

/** Whether the parenthesis that opens a text is closed by its last character. */
function isOneGroup(text: string): boolean {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === "(") depth++;
    else if (text[i] === ")" && --depth === 0) return i === text.length - 1;
  }
  return false;
}

function readInclude(text: string, directive: Directive): Include | undefined {
  const body = unsplice(text.slice(directive.nameEnd, directive.end)).replace(/\/\*[\s\S]*?\*\//g, " ").trim();
  const match = /^(?:<([^>]+)>|"([^"]+)")/.exec(body);
  if (match === null) return undefined;
  return { path: (match[1] ?? match[2])!.trim(), system: match[1] !== undefined, span: { start: directive.start, end: directive.end } };
}

function readDefine(text: string, directive: Directive, context: FragmentContext, functions: FunctionDef[], objectMacros: ObjectMacro[]): void {
  const { tokens } = lex(text, context.language, { from: directive.nameEnd, to: directive.end });
  if (tokens.count === 0) return;
  const s = new Stream(tokens, 0, tokens.count);
  const name = s.text(0);
  if (!/^[\w$\u0080-\uffff]+$/.test(name)) return;
  const nameSpan = { start: s.start(0), end: s.end(0) };
  const span = { start: directive.start, end: s.end(s.length - 1) };
  // Only an opening parenthesis that touches the name makes a macro with parameters.
  if (s.kind(1) === T.LParen && s.start(1) === s.end(0)) {
    const close = s.close(1);
    const definition = close < s.length ? readFunctionMacro(s, name, close, nameSpan, span, context) : undefined;
    if (definition !== undefined) functions.push(definition);
    return;
  }
  const value = readValue(s, context);
  objectMacros.push({ name, text: s.phrase(1, s.length), nameSpan, ...(value === undefined ? {} : { value }), span });
}

function readValue(s: Stream, context: FragmentContext): ObjectMacro["value"] {
  if (s.length < 2) return undefined;
  const first = s.kind(1);
  if (isSpecifierKeyword(first) || isStatementKeyword(first) || s.kind(s.length - 1) === T.Semicolon) return undefined;
  const { node, unparsable } = parseExpression(context, s, { from: 1, to: s.length });
  return unparsable.length === 0 && node.kind !== "unknown" ? node : undefined;
}

function readFunctionMacro(
  s: Stream, name: string, close: number, nameSpan: FunctionDef["nameSpan"], span: FunctionDef["span"], context: FragmentContext,
): FunctionDef | undefined {
  const params: Param[] = s.parts(2, close).map((part) => ({
    name: part.from < part.to && s.kind(part.from) === T.Ellipsis ? "__VA_ARGS__" : s.phrase(part.from, part.from + 1),
    type: noType,
    span: { start: s.start(part.from), end: s.end(Math.max(part.from, part.to - 1)) },
  }));
  const isEmpty = close + 1 >= s.length;
  const parsed = isEmpty ? undefined : parseStatements(context, s, close + 1, s.length);
  if (!isEmpty && (parsed === undefined || parsed.unparsable.length > 0)) return undefined;
  const at = s.end(s.length - 1);
  const body = parsed?.node ?? { kind: "compound", body: [], span: { start: at, end: at } } as const;
  return {
    name, nameSpan, isStatic: true, returnType: noType,
    variants: [{ configuration: "", params, body, unparsable: [] }],
    macro: true,
    span,
  };
}
