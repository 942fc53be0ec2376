import type { TypeName } from "./ast.js";
import { readDeclaration } from "./declarations.js";
import type { Stream } from "./stream.js";
import { isTypeKeyword, T } from "./token.js";
import type { LoopHint } from "./view.js";

/** What macro uses look like: questions about tokens, no state. */

/** Names that say that a macro is a loop. */
export const loopName = /(?:^|_)for_?each|foreach|^for_|_for_|FOR_?EACH|^FOR_|_FOR_|(?:^|_)LOOP(?:$|_)/;
/** `x_start_foreach_y(…)` opens a loop that `x_end_foreach_y(…)` closes. */
export const loopStart = /start_foreach/;

/** Whether an argument is a type: `struct x *`, `unsigned int`, `name_t *`. */
export function isTypeArgument(s: Stream, from: number, to: number): boolean {
  const first = s.kind(from);
  if (first === T.Enum) return true;
  if (isTypeKeyword(first)) {
    for (let i = from; i < to; i++) if (s.kind(i) === T.LBrace) return false;
    return true;
  }
  if (first !== T.Identifier || s.kind(to - 1) !== T.Star) return false;
  for (let i = from + 1; i < to; i++) if (s.kind(i) !== T.Star && s.kind(i) !== T.Qualifier) return false;
  return true;
}

/** Whether an argument is an operator alone: `CHECK(a, ==, b)`. */
export function isOperatorArgument(s: Stream, from: number, to: number): boolean {
  if (to - from !== 1) return false;
  const kind = s.kind(from);
  return (kind >= T.Colon && kind <= T.Operator && kind !== T.Ellipsis) || kind === T.Semicolon;
}

/** Words that no operator joins: `macOS 10.12`. */
export function hasLooseWords(s: Stream, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    const kind = s.kind(i);
    if (kind === T.LParen || kind === T.LBrace) i = s.close(i, to);
    else if (kind === T.Number && i > from && s.kind(i - 1) === T.Identifier) return true;
  }
  return false;
}

/** Whether a `;` stands between parentheses, outside of braces. */
export function hasStatements(s: Stream, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    const kind = s.kind(i);
    if (kind === T.Semicolon) return true;
    if (kind === T.LBrace || kind === T.LParen) i = s.close(i, to);
  }
  return false;
}

/** A brace as a macro argument holds statements if there is a `;` in it. */
export function looksLikeData(s: Stream, open: number, to: number): boolean {
  const close = s.close(open, to);
  for (let i = open; i < close; i++) if (s.kind(i) === T.Semicolon) return false;
  return close > open + 1;
}

/** Column of a token with tabs every 8 places, 0-based. */
export function column(s: Stream, i: number): number {
  const { text } = s.tokens;
  const start = s.start(i);
  let at = start;
  while (at > 0 && text.charCodeAt(at - 1) !== 10 && text.charCodeAt(at - 1) !== 13) at--;
  let result = 0;
  for (; at < start; at++) result += text.charCodeAt(at) === 9 ? 8 - (result % 8) : 1;
  return result;
}

/** The variable that `(type, name, …)` or `(type name, …)` in the header of an iteration macro declares. */
export function loopVariable(s: Stream, from: number, to: number): LoopHint["variable"] {
  const [first, second] = s.parts(from, to);
  if (first === undefined || first.from >= first.to || !isTypeArgument(s, first.from, first.to)) return undefined;
  const { specifiers, declarators } = readDeclaration(s, first.from, first.to, true);
  const own = declarators[0];
  const type: TypeName = { base: specifiers.base, pointer: own?.pointer ?? 0, array: [], isFunctionPointer: false };
  const next = second?.to === (second?.from ?? 0) + 1 && s.kind(second.from) === T.Identifier ? second.from : -1;
  const index = own !== undefined && own.nameIndex >= 0 ? own.nameIndex : next;
  return index < 0 ? undefined : { name: s.text(index), start: s.start(index), end: s.end(index), type };
}

const isTypeWord = (kind: number): boolean => kind === T.Identifier || kind === T.Star || kind === T.TypeWord;

/** Whether a brace opens the body of a C++ lambda. */
export function opensLambda(s: Stream, from: number, open: number): boolean {
  let j = beforeReturnType(s, from, open) ?? open - 1;
  // `[…](…) mutable noexcept -> type {`
  while (j > from && (s.kind(j) === T.FunctionSpecifier || s.kind(j) === T.CppWord || isTypeWord(s.kind(j)) || s.kind(j) === T.Scope || s.kind(j) === T.Arrow)) j--;
  if (s.kind(j) === T.RBracket) return j < open - 1 || startsLambda(s, s.open(j, from), from);
  if (s.kind(j) !== T.RParen || (j !== open - 1 && s.kind(j + 1) === T.Identifier)) return false;
  const params = s.open(j, from);
  return params > from && s.kind(params - 1) === T.RBracket;
}

/** Tokens of a return type that are looked at. */
const RETURN_TYPE_LIMIT = 40;

/** The `)` in front of `-> std::map<K, V *>` that stands before a token. */
function beforeReturnType(s: Stream, from: number, open: number): number | undefined {
  for (let j = open - 1; j > from && j > open - RETURN_TYPE_LIMIT; j--) {
    const kind = s.kind(j);
    if (kind === T.Arrow) return s.kind(j - 1) === T.RParen ? j - 1 : undefined;
    const isType = isTypeWord(kind) || kind === T.Scope || kind === T.Less || kind === T.Greater || kind === T.Comma || kind === T.Amp || kind === T.Qualifier ||
      kind === T.Struct || kind === T.Enum || kind === T.Number;
    if (!isType) return undefined;
  }
  return undefined;
}

/** Whether a bracket opens the captures of a lambda: where a subscript has something before it, an operand begins here. */
function startsLambda(s: Stream, open: number, from: number): boolean {
  if (open <= from) return open === from;
  const before = s.kind(open - 1);
  return !(before === T.Identifier || before === T.RParen || before === T.RBracket || before === T.Greater || before === T.String);
}

/** Whether a brace opens the body of a struct or union, which holds declarations. */
export function opensFields(s: Stream, from: number, open: number): boolean {
  for (let j = open - 1; j >= from && j > open - 6; j--) {
    const kind = s.kind(j);
    if (kind === T.Struct || kind === T.Union || kind === T.Class) return true;
    if (kind !== T.Identifier && kind !== T.Attribute) return false;
  }
  return false;
}
