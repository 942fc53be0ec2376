import type { Stream } from "./stream.js";
import { F, T } from "./token.js";
import { lex } from "./lexer.js";
import type { View } from "./view.js";

/** Thrown where the direct reader meets what it leaves to the parser; it carries nothing, and one instance is enough. */
export class Declined extends Error {}
const declined = new Declined("left to the parser");
declined.stack = "";

/** Gives up: the stretch is read with the parser instead. */
export function decline(): never {
  throw declined;
}

/** Nesting from which on the parser takes over, which does not recurse. */
const DEPTH_LIMIT = 150;

/**
 * A cursor over the tokens of a stretch, as the view shows them. Texts are those of the file: where the view has something else in a token's place, the
 * hints say what.
 */
export class TokenCursor {
  protected readonly kinds: Uint8Array;
  protected readonly starts: Int32Array;
  protected readonly ends: Int32Array;
  protected readonly count: number;
  /** Added to an offset of a token gives one of the file. */
  protected readonly shift: number;
  protected at = 0;
  /** Set when the last statement was ended by the end of the stretch: it takes along what is blank there. */
  protected isEndedByEnd = false;
  readonly #limit: number;
  #depth = 0;

  /** @param view the tokens are read from it where it differs from the file; else those of the stream are taken as they are */
  constructor(
    protected readonly source: string,
    s: Stream,
    from: number,
    to: number,
    view: View | undefined,
  ) {
    this.#limit = s.end(to - 1);
    if (view !== undefined) {
      const { tokens } = lex(view.text, "c", { from: 0, to: view.text.length });
      for (let i = 0; i < tokens.count; i++) if ((tokens.flags[i]! & (F.Spliced | F.Digraph)) !== 0) decline();
      this.kinds = tokens.kind;
      this.starts = tokens.start;
      this.ends = tokens.end;
      this.count = tokens.count;
      this.shift = view.offset;
      return;
    }
    const count = to - from;
    const kinds = new Uint8Array(count);
    const starts = new Int32Array(count);
    const ends = new Int32Array(count);
    const { kind, start, end, flags } = s.tokens;
    for (let i = 0; i < count; i++) {
      const token = s.at(from + i);
      if ((flags[token]! & (F.Spliced | F.Digraph)) !== 0) decline();
      kinds[i] = kind[token]!;
      starts[i] = start[token]!;
      ends[i] = end[token]!;
    }
    this.kinds = kinds;
    this.starts = starts;
    this.ends = ends;
    this.count = count;
    this.shift = 0;
  }

  /** Kind of a token; 0 behind the last. */
  protected kind(i: number = this.at): number {
    return i < this.count ? this.kinds[i]! : 0;
  }

  protected start(i: number): number {
    return this.starts[i]! + this.shift;
  }

  protected end(i: number): number {
    return this.ends[i]! + this.shift;
  }

  protected text(i: number): string {
    return this.source.slice(this.starts[i]! + this.shift, this.ends[i]! + this.shift);
  }

  protected length(i: number): number {
    return this.ends[i]! - this.starts[i]!;
  }

  /** First character of a token as the view has it: there operators are never replaced but by operators. */
  protected char(i: number, offset = 0): number {
    return this.source.charCodeAt(this.starts[i]! + this.shift + offset);
  }

  /** Whether no white space stands between a token and the next one. */
  protected touchesNext(i: number): boolean {
    return i + 1 < this.count && this.ends[i] === this.starts[i + 1];
  }

  /** Span from a token to the last one that was read. */
  protected spanFrom(first: number): { readonly start: number; readonly end: number } {
    return { start: this.starts[first]! + this.shift, end: this.isEndedByEnd ? this.#limit : this.ends[this.at - 1]! + this.shift };
  }

  protected spanOf(i: number): { readonly start: number; readonly end: number } {
    return { start: this.starts[i]! + this.shift, end: this.ends[i]! + this.shift };
  }

  protected expect(kind: number): void {
    if (this.kind() !== kind) decline();
    this.at++;
  }

  protected descend(): void {
    if (++this.#depth > DEPTH_LIMIT) decline();
  }

  protected ascend(): void {
    this.#depth--;
  }
}

/** Names that the grammar takes for types wherever they stand. */
export const primitiveTypes: ReadonlySet<string> = new Set([
  "bool", "size_t", "ssize_t", "ptrdiff_t", "intptr_t", "uintptr_t", "charptr_t", "nullptr_t", "max_align_t",
  ...[8, 16, 32, 64].flatMap((bits) => [`int${bits}_t`, `uint${bits}_t`, `char${bits}_t`]),
]);

/** Words of the grammar that are names by the lexical scan. */
export const reservedNames: ReadonlySet<string> = new Set([
  "__try", "__except", "__finally", "__leave", "_unaligned", "__unaligned", "__sptr", "__uptr", "__based", "_Atomic", "noreturn", "alignas", "thread_local",
  "constexpr", "__clrcall", "asm", "defined", "__restrict",
]);

/** Constants of the grammar: names that cannot be those of types. */
export const constantNames: ReadonlySet<string> = new Set(["NULL", "nullptr", "TRUE", "FALSE", "true", "false"]);

/** Precedence of `||` and what binds more; 0 for tokens that are no binary operators. */
export const PRECEDENCE: ReadonlyMap<string, number> = new Map([
  ["||", 1], ["&&", 2], ["|", 3], ["^", 4], ["&", 5], ["==", 6], ["!=", 6], ["<", 7], [">", 7], ["<=", 7], [">=", 7],
  ["<<", 8], [">>", 8], ["+", 9], ["-", 9], ["*", 10], ["/", 10], ["%", 10],
]);

export const assignments: ReadonlySet<string> = new Set(["+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<="]);

/** Whether a token can begin an operand and nothing else can stand there: what follows `(name)` when that is a cast. */
export const beginsOperand = (kind: number): boolean =>
  kind === T.Identifier || kind === T.Number || kind === T.String || kind === T.Char || kind === T.Not || kind === T.Tilde || kind === T.Sizeof;
