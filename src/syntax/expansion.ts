/**
 * Expands macros of the file where they make what stands at file level: the header of a function, a whole function, a table. In statements and
 * expressions macros are functions of their own; here there is no call to speak of.
 */
import type { Span } from "../source/span.js";
import type { Language } from "./ast.js";
import { lex, type Lexed } from "./lexer.js";
import { Stream } from "./stream.js";
import { isSpecifierKeyword, T } from "./token.js";

/** A token with its place in the file. */
interface Piece {
  readonly text: string;
  readonly kind: number;
  readonly start: number;
  readonly end: number;
}

interface Macro {
  /** `undefined` for macros without parentheses. */
  readonly params: readonly string[] | undefined;
  readonly body: readonly Piece[];
}

/** Text that the preprocessor makes of some tokens. */
export interface Expansion {
  readonly text: string;
  /** Where a stretch of the text comes from: from the use, or from the definition of a macro. */
  readonly origin: (span: Span) => Span;
}

const MAX_PIECES = 20_000;
const MAX_DEPTH = 12;

export class Expander {
  readonly #macros = new Map<string, Macro | undefined>();

  constructor(
    text: string,
    { directives }: Lexed,
    readonly language: Language,
  ) {
    for (const directive of directives) {
      if (directive.name !== "define") continue;
      const name = /^[\s\\]*([\w$]+)/.exec(text.slice(directive.nameEnd, Math.min(directive.end, directive.nameEnd + 200)))?.[1];
      if (name === undefined) continue;
      // Defined twice: which one counts depends on the configuration.
      if (this.#macros.has(name)) this.#macros.set(name, undefined);
      else this.#define(name, () => readMacro(text, directive, language));
    }
  }

  /** Definitions are read when they are asked for. */
  readonly #unread = new Map<string, () => Macro | undefined>();

  #define(name: string, read: () => Macro | undefined): void {
    this.#macros.set(name, undefined);
    this.#unread.set(name, read);
  }

  #macro(name: string): Macro | undefined {
    const read = this.#unread.get(name);
    if (read) {
      this.#unread.delete(name);
      this.#macros.set(name, read());
    }
    return this.#macros.get(name);
  }

  /** Whether the file defines no macros. */
  get isEmpty(): boolean {
    return this.#macros.size === 0;
  }

  /** Whether a name is a macro with parameters. */
  isFunctionLike(name: string): boolean {
    return this.#macro(name)?.params !== undefined;
  }

  /** Whether a name stands for something with a comma or brace in it: parameters, members, a body. */
  isList(name: string): boolean {
    const macro = this.#macro(name);
    return macro !== undefined && macro.params === undefined && macro.body.some(({ kind }) => kind === T.Comma);
  }

  /** Whether what a macro with parameters stands for holds a body or an initialiser in braces. */
  hasBraces(name: string): boolean {
    const macro = this.#macro(name);
    return macro?.params !== undefined && macro.body.some(({ kind }) => kind === T.LBrace);
  }

  /** Whether the use at a token stands for something in braces after all: `ROWS(ROW)`. */
  makesRows(s: Stream, at: number): boolean {
    const expansion = this.expand(s, at, s.close(at + 1) + 1);
    return expansion?.text.startsWith("{") === true;
  }

  /** Tokens `[from, to)` of a stream, expanded; `undefined` where there is too much of it. */
  expand(s: Stream, from: number, to: number): Expansion | undefined {
    const pieces: Piece[] = [];
    for (let i = from; i < to; i++) pieces.push({ text: s.text(i), kind: s.kind(i), start: s.start(i), end: s.end(i) });
    const budget = { left: MAX_PIECES };
    const expanded = this.#expandAll(pieces, new Set(), 0, budget);
    return budget.left < 0 ? undefined : joined(expanded);
  }

  #expandAll(pieces: readonly Piece[], active: ReadonlySet<string>, depth: number, budget: { left: number }): readonly Piece[] {
    const result: Piece[] = [];
    for (let i = 0; i < pieces.length; i++) {
      const piece = pieces[i]!;
      if (--budget.left < 0) return result;
      const macro = piece.kind === T.Identifier && depth < MAX_DEPTH && !active.has(piece.text) ? this.#macro(piece.text) : undefined;
      const isUsed = macro !== undefined && (macro.params === undefined || pieces[i + 1]?.kind === T.LParen);
      if (!isUsed) {
        result.push(piece);
        continue;
      }
      let body = macro.body;
      if (macro.params !== undefined) {
        const { args, end } = argumentsAt(pieces, i + 1);
        const expand = (arg: readonly Piece[]): readonly Piece[] => this.#expandAll(arg, active, depth + 1, budget);
        body = substituted(macro.body, macro.params, args, expand);
        i = end;
      }
      result.push(...this.#expandAll(body, new Set([...active, piece.text]), depth + 1, budget));
    }
    return result;
  }
}

function readMacro(text: string, directive: Lexed["directives"][number], language: Language): Macro | undefined {
  const { tokens } = lex(text, language, { from: directive.nameEnd, to: directive.end });
  const s = new Stream(tokens, 0, tokens.count);
  if (s.length === 0) return undefined;
  const hasParams = s.kind(1) === T.LParen && s.start(1) === s.end(0);
  const close = hasParams ? s.close(1) : 0;
  if (close >= s.length) return undefined;
  const body: Piece[] = [];
  for (let i = close + 1; i < s.length; i++) body.push({ text: s.text(i), kind: s.kind(i), start: s.start(i), end: s.end(i) });
  const params = hasParams ? s.parts(2, close).map(({ from }) => (s.kind(from) === T.Ellipsis ? "__VA_ARGS__" : s.text(from))) : undefined;
  return { params, body };
}

/** The arguments between the parenthesis at `open` and its partner, and where that stands. */
function argumentsAt(pieces: readonly Piece[], open: number): { readonly args: readonly (readonly Piece[])[]; readonly end: number } {
  const args: Piece[][] = [[]];
  let depth = 0;
  let at = open;
  for (; at < pieces.length; at++) {
    const piece = pieces[at]!;
    const opens = piece.kind === T.LParen || piece.kind === T.LBrace || piece.kind === T.LBracket;
    const closes = piece.kind === T.RParen || piece.kind === T.RBrace || piece.kind === T.RBracket;
    if (closes && --depth === 0) break;
    if (piece.kind === T.Comma && depth === 1) args.push([]);
    else if (at > open) args.at(-1)!.push(piece);
    if (opens) depth++;
  }
  return { args, end: at };
}

function substituted(
  body: readonly Piece[], params: readonly string[], args: readonly (readonly Piece[])[], expand: (arg: readonly Piece[]) => readonly Piece[],
): readonly Piece[] {
  const argOf = (piece: Piece | undefined): readonly Piece[] | undefined => {
    const index = piece?.kind === T.Identifier ? params.indexOf(piece.text) : -1;
    if (index < 0) return undefined;
    const comma: Piece = { text: ",", kind: T.Comma, start: piece!.start, end: piece!.end };
    return piece!.text === "__VA_ARGS__" ? args.slice(index).flatMap((arg, i) => (i === 0 ? arg : [comma, ...arg])) : (args[index] ?? []);
  };
  const result: Piece[] = [];
  for (let i = 0; i < body.length; i++) {
    const piece = body[i]!;
    const pasted = body[i + 1]?.kind === T.HashHash;
    const text = piece.kind === T.Hash ? argOf(body[i + 1]) : undefined;
    if (text) {
      result.push({ text: JSON.stringify(text.map((one) => one.text).join(" ")), kind: T.String, start: piece.start, end: piece.end });
      i++;
    } else if (piece.kind === T.HashHash) {
      const [first, ...others] = argOf(body[i + 1]) ?? (body[i + 1] ? [body[i + 1]!] : []);
      i++;
      const left = result.pop();
      if (first && left) result.push(paste(left, first, params.includes(body[i]!.text)));
      else if (first ?? left) result.push((first ?? left)!);
      result.push(...others);
    } else result.push(...(argOf(piece) === undefined ? [piece] : pasted ? argOf(piece)! : expand(argOf(piece)!)));
  }
  return result;
}

/** Two tokens as one; it stands where the user wrote a part of it. */
const paste = (left: Piece, right: Piece, isArgument: boolean): Piece => {
  const { start, end } = isArgument ? right : left;
  return { text: left.text + right.text, kind: left.kind === T.Identifier ? T.Identifier : right.kind, start, end };
};

function joined(pieces: readonly Piece[]): Expansion {
  const starts: number[] = [];
  let text = "";
  for (const piece of pieces) {
    starts.push(text.length);
    text += `${piece.text} `;
  }
  const indexAt = (offset: number): number => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  return {
    text,
    origin: ({ start, end }) => {
      const first = pieces[indexAt(start)];
      const last = pieces[indexAt(Math.max(start, end - 1))];
      if (!first || !last) return { start: 0, end: 0 };
      // What begins in one place and ends in another is told by where it begins.
      return { start: first.start, end: last.end >= first.end ? last.end : first.end };
    },
  };
}

/** Plain records with every span told by where it comes from; lambdas are counted on from `firstLambda`. */
export function relocated<N>(node: N, origin: Expansion["origin"], firstLambda: number): N {
  const visit = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(visit);
    if (typeof value !== "object" || value === null) return value;
    const record = value as Readonly<Record<string, unknown>>;
    const { start, end } = record;
    if (typeof start === "number" && typeof end === "number" && Object.keys(record).length === 2) return origin({ start, end });
    return Object.fromEntries(Object.entries(record).map(([key, inner]) => [key, key === "functionIndex" && typeof inner === "number" ? inner + firstLambda : visit(inner)]));
  };
  return visit(node) as N;
}

/**
 * Whether an item is more than it looks: a macro that makes a function or a table stands alone, or makes rows of an initialiser. Rows that look like
 * calls and are separated by commas read well enough as they are.
 */
export function makesItems(s: Stream, expander: Expander): boolean {
  let first = 0;
  while (first < s.length && isSpecifierKeyword(s.kind(first))) first++;
  if (s.kind(first) === T.Identifier && s.kind(first + 1) === T.LParen && expander.hasBraces(s.text(first))) {
    const behind = s.close(first + 1) + 1;
    return behind >= s.length || (behind === s.length - 1 && s.kind(behind) === T.Semicolon);
  }
  let assign = first;
  while (assign < s.length && s.kind(assign) !== T.Assign) assign++;
  for (let i = assign + 1; i < s.length; i++) {
    if (s.kind(i) !== T.Identifier || s.kind(i + 1) !== T.LParen || s.kind(i - 1) === T.LParen || !expander.isFunctionLike(s.text(i))) continue;
    const behind = s.kind(s.close(i + 1) + 1);
    if (behind === T.Identifier || behind === T.LBrace || (expander.hasBraces(s.text(i)) && (behind === T.Comma || behind === T.RBrace))) return true;
    if (behind === T.RBrace && s.kind(i - 1) !== T.Comma && expander.makesRows(s, i)) return true;
  }
  return false;
}
