import { tokenText, type Tokens } from "./lexer.js";
import { F, T } from "./token.js";

/** Brackets without a partner that a later one is looked for beyond. */
const FORGOTTEN_LIMIT = 8;

/**
 * The tokens that one configuration leaves of a stretch of the file, numbered from 0. Readers of
 * declarations and views work on it and need not know what was left out.
 */
export class Stream {
  readonly length: number;
  readonly #indices: Int32Array | undefined;
  readonly #first: number;
  #match: Int32Array | undefined;

  constructor(
    readonly tokens: Tokens,
    /** Token numbers of the file in ascending order, or the first of an unbroken run. */
    indices: Int32Array | number,
    length?: number,
  ) {
    if (typeof indices === "number") {
      this.#indices = undefined;
      this.#first = indices;
      this.length = length ?? 0;
    } else {
      this.#indices = indices;
      this.#first = 0;
      this.length = indices.length;
    }
  }

  /** Number of the token in the file. */
  at(i: number): number {
    return this.#indices === undefined ? this.#first + i : this.#indices[i]!;
  }

  /** 0 outside of the stream. */
  kind(i: number): number {
    return i >= 0 && i < this.length ? this.tokens.kind[this.at(i)]! : 0;
  }

  start(i: number): number {
    return this.tokens.start[this.at(i)]!;
  }

  end(i: number): number {
    return this.tokens.end[this.at(i)]!;
  }

  flags(i: number): number {
    return i >= 0 && i < this.length ? this.tokens.flags[this.at(i)]! : 0;
  }

  text(i: number): string {
    return tokenText(this.tokens, this.at(i));
  }

  startsLine(i: number): boolean {
    return (this.flags(i) & F.LineStart) !== 0;
  }

  /** Whether tokens `i - 1` and `i` are neighbours in the file as well. */
  isContiguous(i: number): boolean {
    return this.#indices === undefined || this.#indices[i] === this.#indices[i - 1]! + 1;
  }

  /** Texts of `[from, to)` with single blanks between them. */
  phrase(from: number, to: number): string {
    const parts: string[] = [];
    for (let i = from; i < to; i++) parts.push(this.text(i));
    return parts.join(" ");
  }

  /** Partners of brackets, worked out once: asking for each bracket anew is quadratic in deep nesting. */
  #partners(): Int32Array {
    if (this.#match !== undefined) return this.#match;
    const match = new Int32Array(this.length).fill(-1);
    const open: number[] = [];
    for (let i = 0; i < this.length; i++) {
      const kind = this.kind(i);
      if (kind === T.LParen || kind === T.LBrace || kind === T.LBracket) open.push(i);
      else if (kind === T.RParen || kind === T.RBrace || kind === T.RBracket) {
        const depth = this.#openerDepth(open, kind);
        if (depth < 0) continue;
        const partner = open[depth]!;
        open.length = depth;
        match[partner] = i;
        match[i] = partner;
      }
    }
    return (this.#match = match);
  }

  /**
   * Where in the stack of open brackets the one stands that a closing bracket closes, or -1. A brace
   * closes over forgotten parentheses; a parenthesis never closes over a brace.
   */
  #openerDepth(open: readonly number[], closer: number): number {
    const wanted = closer === T.RBrace ? T.LBrace : closer === T.RParen ? T.LParen : T.LBracket;
    const lowest = closer === T.RBrace ? 0 : Math.max(0, open.length - FORGOTTEN_LIMIT);
    for (let depth = open.length - 1; depth >= lowest; depth--) {
      const kind = this.kind(open[depth]!);
      if (kind === wanted) return depth;
      if (kind === T.LBrace) return -1;
    }
    return -1;
  }

  /** Index of the bracket that closes the one at `open`, or `limit` when there is none before it. */
  close(open: number, limit: number = this.length): number {
    const partner = this.#partners()[open] ?? -1;
    return partner < open || partner >= limit ? limit : partner;
  }

  /** Index of the bracket that the one at `close` closes, or -1 when there is none from `from` on. */
  open(close: number, from: number): number {
    const partner = this.#partners()[close] ?? -1;
    return partner < from || partner > close ? -1 : partner;
  }

  /** Index behind the `>` that closes the template argument list at `open`, or `open` when it is none. */
  closeAngle(open: number, limit: number): number {
    let depth = 0;
    for (let i = open; i < limit; i++) {
      const kind = this.kind(i);
      if (kind === T.Less) depth++;
      else if (kind === T.Greater) {
        if (--depth === 0) return i + 1;
      } else if (kind === T.LParen || kind === T.LBracket) i = this.close(i, limit);
      else if (kind === T.Semicolon || kind === T.LBrace || kind === T.RBrace || kind === T.RParen) return open;
    }
    return open;
  }

  /** Splits `[from, to)` at its outer commas; an empty range has no parts. */
  parts(from: number, to: number): { readonly from: number; readonly to: number }[] {
    const result: { from: number; to: number }[] = [];
    if (from >= to) return result;
    let start = from;
    for (let i = from; i < to; i++) {
      const kind = this.kind(i);
      if (kind === T.LParen || kind === T.LBrace || kind === T.LBracket) i = this.close(i, to);
      else if (kind === T.Comma) {
        result.push({ from: start, to: i });
        start = i + 1;
      }
    }
    result.push({ from: start, to });
    return result;
  }
}

/** Names that by convention are macros: no lower case letter, at least one upper case one. */
export const looksLikeMacro = (name: string): boolean => /^[A-Z0-9_]*[A-Z][A-Z0-9_]*$/.test(name);
