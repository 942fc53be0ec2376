import type { TypeName } from "./ast.js";
import type { Stream } from "./stream.js";
import { F } from "./token.js";

/**
 * The text that the parser is given for a stretch of tokens: as long as the stretch in the file, so that
 * one constant shift takes offsets back, with everything that is no active token (inactive branches,
 * directives, comments, splices) blank and some tokens rewritten. Skipping ranges of the file instead
 * (`includedRanges`) would glue together tokens on the two sides of a gap, and could not rewrite.
 */
export interface View {
  readonly text: string;
  /** File offset of the view's first character. */
  readonly offset: number;
  readonly hints: Hints;
  /** Tokens with line splices in them, by file offset of their end in the view, where they are shorter. */
  readonly spliced: ReadonlyMap<number, SplicedToken>;
}

export interface SplicedToken {
  readonly start: number;
  /** End in the file. */
  readonly end: number;
  /** Without the splices. */
  readonly text: string;
}

/** What rewritten places of a view stand for; keys are file offsets where the rewritten tokens start. */
export interface Hints {
  /** An identifier that stands for a type. */
  readonly types: ReadonlyMap<number, TypeName>;
  /** An identifier that stands for something that is no expression, with the end of it. */
  readonly unreadable: ReadonlyMap<number, number>;
  /** A `while` or `if` that is an iteration macro, with the name the file has. */
  readonly loops: ReadonlyMap<number, LoopHint>;
  /** Offsets of the `...` of GNU case ranges, which stand as `||`. */
  readonly caseRanges: ReadonlySet<number>;
  /** Offsets of `goto` in computed gotos, which stand as expressions; the value is the end of the statement's keyword. */
  readonly computedGotos: ReadonlyMap<number, number>;
}

export interface LoopHint {
  readonly name: string;
  /** Nothing stood in the parentheses. */
  readonly isEmpty: boolean;
  /** Name and type of the variable, when the header declares one. */
  readonly variable: { readonly name: string; readonly start: number; readonly end: number; readonly type: TypeName } | undefined;
}

/** Changes to a view, by token of the stream. */
export interface Rewrites {
  /** Text in place of a token; shorter texts are padded with blanks. */
  readonly replace: ReadonlyMap<number, string>;
  /** A character for the gap behind a token, where there is a gap. */
  readonly insert: ReadonlyMap<number, string>;
  readonly hints: Hints;
}

const blank = (length: number): string => (length <= 0 ? "" : length === 1 ? " " : " ".repeat(length));

/** The view of tokens `[from, to)` of a stream; the range must not be empty. */
export function buildView(s: Stream, from: number, to: number, rewrites: Rewrites): View {
  const source = s.tokens.text;
  const offset = s.start(from);
  const pieces: string[] = [];
  const spliced = new Map<number, SplicedToken>();
  const hasRewrites = rewrites.replace.size > 0 || rewrites.insert.size > 0;
  // Tokens in a row that stand in the file as they are are copied in one piece.
  let runStart = offset;
  let runEnd = offset;
  for (let i = from; i < to; i++) {
    const start = s.start(i);
    const end = s.end(i);
    const flags = s.flags(i);
    const isDirty = i > from && (!s.isContiguous(i) || (flags & F.GapNotBlank) !== 0);
    const replacement = hasRewrites ? rewrites.replace.get(i) : undefined;
    const inserted = hasRewrites && i > from ? rewrites.insert.get(i - 1) : undefined;
    const special = replacement ?? ((flags & (F.Spliced | F.Digraph)) !== 0 ? plainSpelling(s, i) : undefined);
    if (isDirty || inserted !== undefined || special !== undefined) {
      pieces.push(source.slice(runStart, runEnd));
      const gap = start - runEnd;
      pieces.push(inserted !== undefined && gap > 0 ? inserted + blank(gap - 1) : blank(gap));
      runStart = start;
      if (special !== undefined) {
        pieces.push(special.slice(0, end - start), blank(end - start - special.length));
        if (replacement === undefined && (flags & F.Spliced) !== 0) spliced.set(start + special.length, { start, end, text: special });
        runStart = end;
      }
    }
    runEnd = end;
  }
  pieces.push(source.slice(runStart, runEnd));
  return { text: pieces.join(""), offset, hints: rewrites.hints, spliced };
}

const plain: Readonly<Record<string, string>> = {
  "<:": "[", ":>": "]", "<%": "{", "%>": "}", "%:": "#",
  and: "&&", or: "||", not: "!", xor: "^", bitand: "&", bitor: "|", compl: "~", not_eq: "!=", and_eq: "&=", or_eq: "|=", xor_eq: "^=",
};

function plainSpelling(s: Stream, i: number): string {
  const text = s.text(i);
  return s.flags(i) & F.Digraph ? (plain[text] ?? text) : text;
}
