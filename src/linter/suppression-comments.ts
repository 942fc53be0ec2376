/**
 * Reads the comments that switch rules off. Three grammars are understood:
 *
 * - ESLint's: `eslint-disable`, `eslint-enable`, `eslint-disable-line`, `eslint-disable-next-line`, a list of rules,
 *   `-- reason`;
 * - the same four words spelled `lws-lint-…`, for projects that do not use ESLint;
 * - clang-tidy's: `NOLINT`, `NOLINTNEXTLINE`, `NOLINTBEGIN`, `NOLINTEND`, each with an optional list of globs in
 *   parentheses.
 */
import { bareRuleId, fullRuleId } from "../diagnostics/rule-id.js";
import type { SourceFile } from "../source/source-file.js";
import { span, type Span } from "../source/span.js";

/** What a suppression needs to know of a comment. */
export interface CommentLike {
  /** Without the delimiters. */
  readonly text: string;
  /** With the delimiters. */
  readonly span: Span;
  readonly style: "line" | "block";
}

/** Whose grammar a comment follows; the ESLint host leaves the first to ESLint itself. */
export type Family = "eslint" | "lws-lint" | "nolint";

/** One element of the list of a suppression comment. */
export interface Pattern {
  /** As written, `*` where the comment has no list. */
  readonly text: string;
  /** `-pattern` in a list of clang-tidy takes checks out again. */
  readonly negative: boolean;
  matches(ruleId: string): boolean;
}

interface DirectiveBase {
  /** As written: `eslint-disable-line`, `NOLINTBEGIN`. */
  readonly keyword: string;
  /** Where a report about the comment belongs. */
  readonly span: Span;
  /** The whole comment. */
  readonly comment: CommentLike;
  readonly patterns: readonly Pattern[];
  /** Whether the comment names rules; without a list it means all of them. */
  readonly hasList: boolean;
  readonly justification: string;
}

/** A comment in ESLint's grammar. */
export interface EslintDirective extends DirectiveBase {
  readonly family: "eslint" | "lws-lint";
  readonly type: "disable" | "enable" | "disable-line" | "disable-next-line";
}

/** A comment in clang-tidy's grammar. */
export interface NolintDirective extends DirectiveBase {
  readonly family: "nolint";
  readonly type: "line" | "next-line" | "begin" | "end";
}

export type Directive = EslintDirective | NolintDirective;

export interface ParsedSuppressions {
  readonly directives: readonly Directive[];
  /** Comments that look like suppressions and cannot be one. */
  readonly invalid: readonly { readonly span: Span; readonly message: string }[];
}

const ANY_RULE: Pattern = { text: "*", negative: false, matches: () => true };

const exactPattern = (text: string): Pattern => {
  const id = bareRuleId(text);
  return { text, negative: false, matches: (ruleId) => ruleId === id };
};

/** A glob of clang-tidy: `*` stands for any characters, a leading `-` excludes. */
const globPattern = (written: string): Pattern => {
  const negative = written.startsWith("-");
  const text = negative ? written.slice(1).trim() : written;
  const source = text.split("*").map((part) => part.replace(/[\\^$.*+?()[\]{}|/]/gu, "\\$&"));
  const expression = new RegExp(`^${source.join(".*")}$`, "u");
  return { text, negative, matches: (ruleId) => expression.test(fullRuleId(ruleId)) || expression.test(ruleId) };
};

/** Whether a list of patterns names a rule: as in clang-tidy the last pattern that matches decides. */
export const matchesRule = (patterns: readonly Pattern[], ruleId: string): boolean =>
  patterns.findLast((pattern) => pattern.matches(ruleId))?.negative === false;

const ESLINT_DIRECTIVE = /^(eslint|lws-lint)-(disable-next-line|disable-line|disable|enable)(?:\s|$)/u;
const JUSTIFICATION = /\s-{2,}\s/u;

const parseList = (value: string): string[] =>
  value
    .split(",")
    .map((name) => name.trim().replace(/^(['"]?)(.*)\1$/su, "$2"))
    .filter((name) => name !== "");

type Invalid = ParsedSuppressions["invalid"][number];

/**
 * Mirrors what ESLint does for JavaScript: disable and enable count in block comments only, `-line` must stand on one
 * line. Lines joined by a backslash are one line to a C compiler, so the splices go first.
 */
const parseEslint = (comment: CommentLike): EslintDirective | Invalid | undefined => {
  const spliced = comment.text.replace(/\\[ \t]*(?:\r\n|\r|\n)/gu, "");
  const text = spliced.trim();
  const match = ESLINT_DIRECTIVE.exec(text);
  if (match === null) return undefined;
  const family = match[1] as EslintDirective["family"];
  const type = match[2] as EslintDirective["type"];
  const keyword = `${family}-${type}`;
  if (comment.style === "line" && (type === "disable" || type === "enable")) return undefined;
  if (type === "disable-line" && /[\r\n]/u.test(spliced)) {
    return { span: comment.span, message: `\`${keyword}\` comment should not span multiple lines.` };
  }
  const body = text.slice(keyword.length);
  const separator = JUSTIFICATION.exec(body);
  const names = parseList(separator === null ? body : body.slice(0, separator.index));
  return {
    family,
    type,
    keyword,
    span: comment.span,
    comment,
    patterns: names.length === 0 ? [ANY_RULE] : names.map(exactPattern),
    hasList: names.length > 0,
    justification: separator === null ? "" : body.slice(separator.index + separator[0].length).trim(),
  };
};

const NOLINT = /(?<![A-Za-z0-9_])NOLINT(NEXTLINE|BEGIN|END)?(?![A-Za-z0-9_])(?:\(([^)\r\n]*)\))?/gu;
const NOLINT_TYPES = { NEXTLINE: "next-line", BEGIN: "begin", END: "end" } as const;

/** The words behind `NOLINT(…):` up to the end of the line or comment. */
const nolintJustification = (rest: string): string =>
  (/^[^\r\n]*/u.exec(rest)?.[0] ?? "")
    .replace(/\*\/\s*$/u, "")
    .replace(/^[\s:–—-]+/u, "")
    .trim();

/** A list in parentheses that is empty names nothing: clang-tidy suppresses nothing then. */
const parseNolint = (comment: CommentLike, source: SourceFile): NolintDirective[] => {
  const text = source.text.slice(comment.span.start, comment.span.end);
  if (!text.includes("NOLINT")) return [];
  const matches = [...text.matchAll(NOLINT)];
  return matches.map((match, index) => {
    const list = match[2];
    const start = comment.span.start + match.index;
    const end = match.index + match[0].length;
    return {
      family: "nolint",
      type: match[1] === undefined ? "line" : NOLINT_TYPES[match[1] as keyof typeof NOLINT_TYPES],
      keyword: `NOLINT${match[1] ?? ""}`,
      span: span(start, start + match[0].length),
      comment,
      patterns: list === undefined ? [ANY_RULE] : parseList(list).map(globPattern),
      hasList: list !== undefined,
      justification: nolintJustification(text.slice(end, matches[index + 1]?.index)),
    } satisfies NolintDirective;
  });
};

/** What was found before: an editor asks for the comments of all files at each keystroke. */
const known = new WeakMap<SourceFile, { readonly comments: readonly CommentLike[]; readonly parsed: ParsedSuppressions }>();

/** Finds the suppression comments of one file, in the order of the text. */
export const parseSuppressions = (source: SourceFile, comments: readonly CommentLike[]): ParsedSuppressions => {
  const before = known.get(source);
  if (before?.comments === comments) return before.parsed;
  const parsed = parseAll(source, comments);
  known.set(source, { comments, parsed });
  return parsed;
};

const parseAll = (source: SourceFile, comments: readonly CommentLike[]): ParsedSuppressions => {
  const directives: Directive[] = [];
  const invalid: Invalid[] = [];
  for (const comment of comments) {
    const eslint = parseEslint(comment);
    if (eslint === undefined) directives.push(...parseNolint(comment, source));
    else if ("family" in eslint) directives.push(eslint);
    else invalid.push(eslint);
  }
  directives.sort((a, b) => a.span.start - b.span.start);
  return { directives, invalid };
};
