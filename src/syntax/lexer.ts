import type { Comment, Language } from "./ast.js";
import { F, keywordsOf, T } from "./token.js";

/**
 * The tokens of a text as parallel arrays: kind, start and end offset, flags. No object per token, since
 * every file of a tree goes through here.
 */
export interface Tokens {
  readonly text: string;
  readonly count: number;
  readonly kind: Uint8Array;
  readonly start: Int32Array;
  readonly end: Int32Array;
  readonly flags: Uint8Array;
}

/** A preprocessor line, splices included. */
export interface Directive {
  /** `if`, `ifdef`, `define`, …; empty for the null directive and for line markers (`# 12 "file"`). */
  readonly name: string;
  /** Offset of the `#`. */
  readonly start: number;
  /** Offset behind the name. */
  readonly nameEnd: number;
  /** Offset of the line end (exclusive). */
  readonly end: number;
  /** Index of the first token after the directive. */
  readonly token: number;
}

export interface Lexed {
  readonly tokens: Tokens;
  readonly directives: readonly Directive[];
  readonly comments: readonly Comment[];
}

const LF = 10;
const CR = 13;
const SPACE = 32;
const QUOTE = 34;
const HASH = 35;
const APOSTROPHE = 39;
const STAR = 42;
const SLASH = 47;
const BACKSLASH = 92;

// Character classes of the first 128 code units, 0 for control characters; everything above counts as part of a name, as in C23.
const BLANK = 1;
const NAME = 2;
const DIGIT = 3;
const PUNCTUATION = 4;

const classes = new Uint8Array(128);
for (let c = 0; c < 128; c++) {
  if (c === 9 || c === 11 || c === 12 || c === SPACE) classes[c] = BLANK;
  else if ((c >= 65 && c <= 90) || (c >= 97 && c <= 122) || c === 95 || c === 36) classes[c] = NAME;
  else if (c >= 48 && c <= 57) classes[c] = DIGIT;
  else if (c > SPACE && c < 127) classes[c] = PUNCTUATION;
}

/** Above ASCII only these are no part of a name: the byte order mark, no-break and typographic spaces, line separators. */
const isForeignBlank = (c: number): boolean =>
  c === 0xfeff || c === 0xa0 || c === 0x85 || (c >= 0x2000 && c <= 0x200b) || c === 0x2028 || c === 0x2029 || c === 0x3000;

const isNamePart = (c: number): boolean =>
  c < 128 ? classes[c] === NAME || classes[c] === DIGIT : c >= 128 && !isForeignBlank(c);

/** Length of a line splice at `at` (a backslash and the line end behind it), 0 when there is none. */
export function spliceLength(text: string, at: number): number {
  if (text.charCodeAt(at) !== BACKSLASH) return 0;
  const next = text.charCodeAt(at + 1);
  if (next === LF) return 2;
  if (next === CR) return text.charCodeAt(at + 2) === LF ? 3 : 2;
  return 0;
}

/** Removes line splices. */
export const unsplice = (text: string): string => (text.includes("\\") ? text.replace(/\\(?:\r\n|\n|\r)/g, "") : text);

const stringPrefixes = new Set(["L", "u", "U", "u8"]);
const rawPrefixes = new Set(["R", "LR", "uR", "UR", "u8R"]);

/** Two-character punctuators that have a kind of their own; all other combinations are `Operator`. */
const pairs = new Map<string, number>([
  ["->", T.Arrow], ["::", T.Scope], ["&&", T.AmpAmp], ["##", T.HashHash],
  ["<:", T.LBracket], [":>", T.RBracket], ["<%", T.LBrace], ["%>", T.RBrace], ["%:", T.Hash],
  ["++", T.Operator], ["--", T.Operator], ["+=", T.Operator], ["-=", T.Operator], ["*=", T.Operator], ["/=", T.Operator],
  ["%=", T.Operator], ["&=", T.Operator], ["|=", T.Operator], ["^=", T.Operator], ["==", T.Operator], ["!=", T.Operator],
  ["<=", T.Operator], [">=", T.Operator], ["||", T.Operator], ["<<", T.Operator],
]);
const digraphs = new Set(["<:", ":>", "<%", "%>", "%:"]);

const singles = new Uint8Array(128).fill(T.Stray);
for (const [character, kind] of [
  ["{", T.LBrace], ["}", T.RBrace], ["(", T.LParen], [")", T.RParen], ["[", T.LBracket], ["]", T.RBracket],
  [";", T.Semicolon], [",", T.Comma], [":", T.Colon], ["=", T.Assign], ["*", T.Star], ["&", T.Amp], [".", T.Dot],
  ["#", T.Hash], ["<", T.Less], [">", T.Greater], ["~", T.Tilde], ["?", T.Question], ["!", T.Not], ["+", T.Plus],
  ["-", T.Minus], ["/", T.Operator], ["%", T.Operator], ["|", T.Operator], ["^", T.Operator],
] as const) {
  singles[character.charCodeAt(0)] = kind;
}
/** Whether a punctuator can be the first half of a longer one. */
const startsPair = new Uint8Array(128);
for (const pair of pairs.keys()) startsPair[pair.charCodeAt(0)] = 1;

export interface LexOptions {
  /** Lexes only this range, as the inside of a directive: no directives in it, line ends are blanks. */
  readonly from?: number;
  readonly to?: number;
}

/** One pass over a text: tokens, directives and comments. Never fails; what is no token becomes a `Stray`. */
export function lex(text: string, language: Language, options: LexOptions = {}): Lexed {
  const scanner = new Scanner(text, language, options);
  scanner.run();
  return scanner.result();
}

class Scanner {
  readonly #text: string;
  readonly #to: number;
  readonly #inDirective: boolean;
  readonly #language: Language;
  readonly #keywords;
  readonly #directives: Directive[] = [];
  readonly #comments: Comment[] = [];
  #at: number;
  #count = 0;
  #kind: Uint8Array;
  #start: Int32Array;
  #end: Int32Array;
  #flags: Uint8Array;
  #pending: number = F.LineStart;

  constructor(text: string, language: Language, options: LexOptions) {
    this.#text = text;
    this.#at = options.from ?? 0;
    this.#to = options.to ?? text.length;
    this.#inDirective = options.from !== undefined;
    this.#language = language;
    this.#keywords = keywordsOf(language);
    const room = ((this.#to - this.#at) >> 2) + 16;
    this.#kind = new Uint8Array(room);
    this.#start = new Int32Array(room);
    this.#end = new Int32Array(room);
    this.#flags = new Uint8Array(room);
  }

  result(): Lexed {
    const count = this.#count;
    return {
      tokens: {
        text: this.#text,
        count,
        kind: this.#kind.subarray(0, count),
        start: this.#start.subarray(0, count),
        end: this.#end.subarray(0, count),
        flags: this.#flags.subarray(0, count),
      },
      directives: this.#directives,
      comments: this.#comments,
    };
  }

  #push(kind: number, start: number, end: number, flags = 0): void {
    if (this.#count === this.#kind.length) this.#grow();
    const i = this.#count++;
    this.#kind[i] = kind;
    this.#start[i] = start;
    this.#end[i] = end;
    this.#flags[i] = this.#pending | flags;
    this.#pending = 0;
  }

  #grow(): void {
    const room = this.#kind.length * 2;
    const kind = new Uint8Array(room);
    kind.set(this.#kind);
    this.#kind = kind;
    const flags = new Uint8Array(room);
    flags.set(this.#flags);
    this.#flags = flags;
    const start = new Int32Array(room);
    start.set(this.#start);
    this.#start = start;
    const end = new Int32Array(room);
    end.set(this.#end);
    this.#end = end;
  }

  run(): void {
    const text = this.#text;
    const to = this.#to;
    while (this.#at < to) {
      const c = text.charCodeAt(this.#at);
      if (c >= 128) {
        if (isForeignBlank(c)) {
          this.#pending |= F.GapNotBlank;
          this.#at++;
        } else this.#name();
        continue;
      }
      switch (classes[c]) {
        case BLANK:
          this.#at++;
          break;
        case NAME:
          this.#name();
          break;
        case DIGIT:
          this.#number();
          break;
        case PUNCTUATION:
          this.#punctuation(c);
          break;
        default:
          if (c === LF || c === CR) this.#pending |= F.LineStart;
          else this.#pending |= F.GapNotBlank;
          this.#at++;
      }
    }
  }

  #name(): void {
    const text = this.#text;
    const to = this.#to;
    const start = this.#at;
    let i = start;
    let hash = 0;
    let flags = 0;
    for (;;) {
      while (i < to) {
        const c = text.charCodeAt(i);
        if (c < 128 ? classes[c] !== NAME && classes[c] !== DIGIT : isForeignBlank(c)) break;
        hash = (Math.imul(hash, 31) + c) | 0;
        i++;
      }
      const splice = this.#spliceInside(i);
      if (splice === 0) break;
      flags = F.Spliced;
      i += splice;
    }
    const next = i < to ? text.charCodeAt(i) : 0;
    if ((next === QUOTE || next === APOSTROPHE) && i - start <= 3) {
      const prefix = text.slice(start, i);
      if (next === QUOTE && this.#language === "cpp" && rawPrefixes.has(prefix)) return void this.#rawString(start, i);
      if (stringPrefixes.has(prefix)) return void this.#quoted(start, i, next);
    }
    this.#at = i;
    const keyword = this.#keywords.get(hash);
    const isKeyword =
      keyword !== undefined &&
      (flags ? unsplice(text.slice(start, i)) === keyword.word : keyword.word.length === i - start && text.startsWith(keyword.word, start));
    // An operator spelled as a word.
    if (isKeyword && keyword.kind < T.FirstKeyword) flags |= F.Digraph;
    this.#push(isKeyword ? keyword.kind : T.Identifier, start, i, flags);
  }

  /** Length of the splices at `i` when a name or number goes on behind them. */
  #spliceInside(i: number): number {
    const text = this.#text;
    let at = i;
    for (let length = spliceLength(text, at); length > 0; length = spliceLength(text, at)) at += length;
    return at > i && at < this.#to && isNamePart(text.charCodeAt(at)) ? at - i : 0;
  }

  /** A preprocessing number: everything that sticks together, also `1e+5`, `0x1p-3` and `1'000`. */
  #number(): void {
    const text = this.#text;
    const to = this.#to;
    const start = this.#at;
    let i = start;
    let flags = 0;
    for (;;) {
      while (i < to) {
        const c = text.charCodeAt(i);
        if (isNamePart(c) || c === 46) {
          i++;
          // A hexadecimal number has `e` as a digit: its exponent letter is `p`.
          const exponent = c === 80 || c === 112 || ((c === 69 || c === 101) && !/^0[xX]/.test(text.slice(start, start + 2)));
          if (exponent && (text.charCodeAt(i) === 43 || text.charCodeAt(i) === 45)) i++;
        } else if (c === APOSTROPHE && i > start && isNamePart(text.charCodeAt(i + 1)) && this.#language === "cpp") i += 2;
        else break;
      }
      const splice = this.#spliceInside(i);
      if (splice === 0) break;
      flags = F.Spliced;
      i += splice;
    }
    this.#at = Math.min(i, to);
    this.#push(T.Number, start, this.#at, flags);
  }

  /** A string or character literal; one without its closing quote ends with its line. */
  #quoted(start: number, open: number, quote: number): void {
    const text = this.#text;
    const to = this.#to;
    let i = open + 1;
    let flags = 0;
    while (i < to) {
      const c = text.charCodeAt(i);
      if (c === quote) {
        i++;
        break;
      }
      if (c === BACKSLASH) {
        const splice = spliceLength(text, i);
        if (splice > 0) flags = F.Spliced;
        i += splice > 0 ? splice : 2;
        continue;
      }
      if (c === LF || c === CR) break;
      i++;
    }
    this.#at = Math.min(i, to);
    this.#push(quote === QUOTE ? T.String : T.Char, start, this.#at, flags);
  }

  #rawString(start: number, open: number): void {
    const text = this.#text;
    const paren = text.indexOf("(", open);
    // The delimiter has at most 16 characters and no blanks; anything else is no raw string.
    if (paren < 0 || paren - open > 17 || /[\s\\)]/.test(text.slice(open + 1, paren))) return void this.#quoted(start, open, QUOTE);
    const closing = `)${text.slice(open + 1, paren)}"`;
    const close = text.indexOf(closing, paren);
    this.#at = close < 0 || close + closing.length > this.#to ? this.#to : close + closing.length;
    this.#push(T.String, start, this.#at);
  }

  #punctuation(c: number): void {
    const text = this.#text;
    const at = this.#at;
    const next = at + 1 < this.#to ? text.charCodeAt(at + 1) : 0;
    switch (c) {
      case QUOTE:
      case APOSTROPHE:
        return void this.#quoted(at, at, c);
      case SLASH:
        if (next === SLASH) return void this.#lineComment();
        if (next === STAR) return void this.#blockComment();
        break;
      case BACKSLASH: {
        const splice = spliceLength(text, at);
        this.#pending |= F.GapNotBlank;
        this.#at += splice > 0 ? splice : 1;
        if (splice === 0) this.#push(T.Stray, at, at + 1);
        return;
      }
      case 46:
        if (next < 128 && classes[next] === DIGIT) return void this.#number();
        if (next === 46 && text.charCodeAt(at + 2) === 46) {
          this.#at = at + 3;
          return void this.#push(T.Ellipsis, at, at + 3);
        }
        break;
      case HASH:
        if (!this.#inDirective && this.#pending & F.LineStart) return void this.#directive(1);
        break;
      case 37:
        if (next === 58 && !this.#inDirective && this.#pending & F.LineStart) return void this.#directive(2);
        break;
    }
    if (startsPair[c] && next > 0) {
      const pair = text.slice(at, at + 2);
      const kind = pairs.get(pair);
      if (kind !== undefined && !this.#isTemplateScope(pair, at)) {
        const shift = pair === "<<" && text.charCodeAt(at + 2) === 61;
        const length = shift ? 3 : pair === "%:" && text.startsWith("%:", at + 2) ? 4 : 2;
        this.#at = at + length;
        return void this.#push(length === 4 ? T.HashHash : kind, at, at + length, digraphs.has(pair) ? F.Digraph : 0);
      }
    }
    // `>>` stays two tokens, since it closes two template argument lists as well; `>=` and `>>=` are no concern of those.
    this.#at = at + 1;
    this.#push(singles[c]!, at, at + 1);
  }

  /** C++11: `<::` reads as `<` and `::` unless `:` or `>` follows. In C++ a lone `::` pair needs no care. */
  #isTemplateScope(pair: string, at: number): boolean {
    if (pair !== "<:" || this.#language !== "cpp" || this.#text.charCodeAt(at + 2) !== 58) return false;
    const after = this.#text.charCodeAt(at + 3);
    return after !== 58 && after !== 62;
  }

  #lineComment(): void {
    const start = this.#at;
    const end = this.#lineEnd(start + 2);
    this.#comments.push({ text: this.#text.slice(start + 2, end), style: "line", span: { start, end } });
    this.#pending |= F.GapNotBlank;
    this.#at = end;
  }

  /** End of the logical line that `from` is on. */
  #lineEnd(from: number): number {
    const text = this.#text;
    let i = from;
    while (i < this.#to) {
      const c = text.charCodeAt(i);
      if (c === LF || c === CR) break;
      i += c === BACKSLASH ? Math.max(1, spliceLength(text, i)) : 1;
    }
    return Math.min(i, this.#to);
  }

  #blockComment(): void {
    const start = this.#at;
    const close = this.#text.indexOf("*/", start + 2);
    const isClosed = close >= 0 && close + 2 <= this.#to;
    const end = isClosed ? close + 2 : this.#to;
    this.#comments.push({ text: this.#text.slice(start + 2, isClosed ? close : end), style: "block", span: { start, end } });
    this.#pending |= F.GapNotBlank;
    this.#at = end;
  }

  /** Skips white space, comments and splices inside a directive; line ends stop it. */
  #skipBlanks(): void {
    const text = this.#text;
    while (this.#at < this.#to) {
      const c = text.charCodeAt(this.#at);
      const splice = c === BACKSLASH ? spliceLength(text, this.#at) : 0;
      if (splice > 0) this.#at += splice;
      else if (c < 128 && classes[c] === BLANK) this.#at++;
      else if (c === SLASH && text.charCodeAt(this.#at + 1) === STAR) this.#blockComment();
      else return;
    }
  }

  #directive(markLength: number): void {
    const text = this.#text;
    const start = this.#at;
    const lineStart = this.#pending & F.LineStart;
    this.#at += markLength;
    this.#skipBlanks();
    const nameStart = this.#at;
    let nameEnd = nameStart;
    for (;;) {
      while (nameEnd < this.#to && isNamePart(text.charCodeAt(nameEnd))) nameEnd++;
      const splice = this.#spliceInside(nameEnd);
      if (splice === 0) break;
      nameEnd += splice;
    }
    const word = unsplice(text.slice(nameStart, nameEnd));
    const name = /^[a-z_]+$/.test(word) ? word : "";
    this.#at = nameEnd;
    const isProse = name === "error" || name === "warning" || name === "pragma";
    this.#directiveRest(isProse, name.startsWith("include") || name === "import");
    this.#directives.push({ name, start, nameEnd, end: this.#at, token: this.#count });
    this.#pending |= F.GapNotBlank | lineStart;
  }

  /** Moves to the end of the directive; comments in it are recorded, quotes keep `//` and `/*` from starting one. */
  #directiveRest(isProse: boolean, isInclude: boolean): void {
    const text = this.#text;
    while (this.#at < this.#to) {
      const c = text.charCodeAt(this.#at);
      if (c === LF || c === CR) return;
      if (c === BACKSLASH) this.#at += Math.max(1, spliceLength(text, this.#at));
      else if (c === SLASH && text.charCodeAt(this.#at + 1) === STAR) this.#blockComment();
      else if (c === SLASH && text.charCodeAt(this.#at + 1) === SLASH) this.#lineComment();
      else if (c === 60 && isInclude) {
        const close = text.indexOf(">", this.#at);
        const end = this.#lineEnd(this.#at);
        this.#at = close < 0 || close > end ? end : close + 1;
      } else if ((c === QUOTE || c === APOSTROPHE) && !isProse) this.#skipQuoted(c);
      else this.#at++;
    }
  }

  #skipQuoted(quote: number): void {
    const text = this.#text;
    let i = this.#at + 1;
    while (i < this.#to) {
      const c = text.charCodeAt(i);
      if (c === LF || c === CR) break;
      if (c === BACKSLASH) {
        i += Math.max(2, spliceLength(text, i));
        continue;
      }
      i++;
      if (c === quote) break;
    }
    this.#at = Math.min(i, this.#to);
  }
}

/** A token's text, splices removed. */
export function tokenText(tokens: Tokens, index: number): string {
  const raw = tokens.text.slice(tokens.start[index], tokens.end[index]);
  return tokens.flags[index]! & F.Spliced ? unsplice(raw) : raw;
}
