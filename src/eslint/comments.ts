/** Comments as ESLint wants them, and the directives that stand in them. */
import { ConfigCommentParser } from "@eslint/plugin-kit";
import type { LineIndex } from "../source/line-index.js";
import type { Language } from "../syntax/ast.js";
import { lex } from "../syntax/lexer.js";
import type { SourceLocation } from "./syntax-tree.js";

/** Shaped like a JavaScript comment, so that rules written for any language can read it. */
export interface CComment {
  readonly type: "Block" | "Line";
  /** Text between the delimiters, line splices removed. */
  readonly value: string;
  readonly range: [number, number];
  readonly loc: SourceLocation;
}

export type DisableLabel = "disable" | "enable" | "disable-line" | "disable-next-line";

export interface DirectiveComment {
  readonly kind: DisableLabel | "config";
  readonly comment: CComment;
  /** What follows the label: rule names, or the configuration. */
  readonly value: string;
  readonly justification: string;
}

const parser = new ConfigCommentParser();
const splice = String.raw`\\[ \t]*(?:\r\n|\r|\n)`;
const splices = new RegExp(splice, "gu");
const label = /^eslint(?:-(disable|enable|disable-line|disable-next-line))?$/u;

/** The compiler removes line splices before it sees comments, and so do directives. */
export function readComments(text: string, language: Language, lines: LineIndex): CComment[] {
  return lex(text, language).comments.map(({ text: value, style, span: { start, end } }) => ({
    type: style === "block" ? "Block" : "Line",
    value: value.replace(splices, ""),
    range: [start, end],
    loc: { start: lines.positionAt(start), end: lines.positionAt(end) },
  }));
}

/**
 * What a comment tells ESLint, if anything. As in JavaScript, only `-line` and `-next-line` count in a line comment:
 * `// eslint is nice` is prose.
 */
export function readDirective(comment: CComment): DirectiveComment | undefined {
  const parsed = parser.parseDirective(comment.value);
  const match = parsed && label.exec(parsed.label);
  if (!parsed || !match) return undefined;
  const kind = (match[1] ?? "config") as DirectiveComment["kind"];
  if (comment.type === "Line" && !kind.endsWith("-line")) return undefined;
  return { kind, comment, value: parsed.value, justification: parsed.justification };
}

/** A part of a directive as ESLint takes it: who is meant, and which text goes when nobody needs it. */
export interface DirectivePart {
  readonly value: string;
  readonly node: { readonly type: string; readonly value: string; readonly range: [number, number]; readonly loc: SourceLocation };
}

/**
 * Usually the whole directive. ESLint removes a single rule from a list by searching the list's text in the file, and would
 * cut elsewhere where a line splice stands in the list; such a list becomes one part for each rule, with the range
 * to cut. Neighbouring ranges touch, so ESLint never cuts them all in one pass, which would leave a directive for all rules.
 */
export function partsOf({ comment, value }: DirectiveComment, text: string): DirectivePart[] {
  const [start, end] = comment.range;
  const raw = text.slice(start, end);
  if (!value.includes(",") || raw.includes(value)) return [{ value, node: comment }];
  const names = value.split(",").map((name) => name.trim()).filter(Boolean);
  const spans: [number, number][] = [];
  let at = 0;
  for (const name of names) {
    const match = spelling(name, at).exec(raw)!;
    at = match.index + match[0].length;
    spans.push([start + match.index, start + at]);
  }
  return names.map((name, index) => {
    const [from, to] = spans[index]!;
    const next = spans[index + 1];
    const range: [number, number] = next ? [from, next[0]] : [index > 0 ? spans[index - 1]![1] : from, to];
    return { value: name, node: { type: comment.type, value: name, range, loc: comment.loc } };
  });
}

/** Finds a name from `from` on, wherever splices cut through it. */
function spelling(name: string, from: number): RegExp {
  const characters = Array.from(name, (character) => character.replace(/[\\^$.*+?()[\]{}|/]/u, String.raw`\$&`));
  const pattern = new RegExp(characters.join(`(?:${splice})*`), "gu");
  pattern.lastIndex = from;
  return pattern;
}
