/**
 * Applies suppression comments to diagnostics; the same in every host. A finding is judged by the place where it
 * starts, in its own file: a comment at a related location has no say.
 */
import type { Diagnostic, Problem } from "../diagnostics/diagnostic.js";
import { bareRuleId, RULE_PREFIX } from "../diagnostics/rule-id.js";
import type { SourceFile } from "../source/source-file.js";
import {
  matchesRule,
  parseSuppressions,
  type CommentLike,
  type Directive,
  type EslintDirective,
  type Family,
  type NolintDirective,
  type Pattern,
} from "./suppression-comments.js";
import { unusedSuppression } from "./unused-suppressions.js";

export type { CommentLike } from "./suppression-comments.js";

export interface CommentedSource {
  readonly source: SourceFile;
  readonly comments: readonly CommentLike[];
}

export interface SuppressionOptions {
  /** Whether `eslint-…` comments count (default true); false in the ESLint host, where ESLint applies them itself. */
  readonly eslintComments?: boolean;
  /** Whether to report comments that suppress nothing (default false). */
  readonly reportUnused?: boolean;
  /**
   * Ids of all rules, without prefix: a list that names none of them belongs to another tool and is never called
   * unused.
   */
  readonly rules?: readonly string[];
}

/** A finding that a comment took out, with the reason the comment gives; the reason is empty when there is none. */
export interface Suppressed extends Diagnostic {
  readonly justification: string;
}

export interface SuppressionResult {
  readonly kept: readonly Diagnostic[];
  readonly suppressed: readonly Suppressed[];
  /** Reports of the rule id `unused-suppression`; empty unless asked for. */
  readonly unused: readonly Diagnostic[];
  /** Comments that cannot work, as an `NOLINTBEGIN` without its end. */
  readonly problems: readonly Problem[];
}

/** One switch of ESLint's algorithm: from this offset on, the rule is off or on again. */
interface Event {
  readonly at: number;
  readonly type: "disable" | "enable";
  readonly pattern: Pattern;
  readonly directive: EslintDirective;
}

/** A stretch of text in which clang-tidy's comments hold. */
interface Region {
  readonly from: number;
  readonly to: number;
  readonly directive: NolintDirective;
}

/** `pattern` is what took the finding out; a comment may have others that do nothing. */
interface Hit {
  readonly directive: Directive;
  readonly pattern: Pattern;
}

const lineStart = (source: SourceFile, line: number): number =>
  line > source.lines.lineCount ? Number.POSITIVE_INFINITY : source.lines.lineStart(line);

const lineOf = (source: SourceFile, offset: number): number => source.positionAt(offset).line;

const blockEvents = (directives: readonly EslintDirective[]): Event[] =>
  directives.flatMap((directive) => {
    const { type } = directive;
    if (type !== "disable" && type !== "enable") return [];
    return directive.patterns.map((pattern) => ({ at: directive.comment.span.start, type, pattern, directive }));
  });

const lineEvents = (directives: readonly EslintDirective[], source: SourceFile): Event[] =>
  directives
    .flatMap((directive): Event[] => {
      const { type, comment, patterns } = directive;
      if (type === "disable" || type === "enable") return [];
      const line = type === "disable-line" ? lineOf(source, comment.span.start) : lineOf(source, comment.span.end) + 1;
      // Half a unit earlier: the end of one line's directive comes before the start of the next line's.
      const end = lineStart(source, line + 1) - 0.5;
      return patterns.flatMap((pattern): Event[] => [
        { at: lineStart(source, line), type: "disable", pattern, directive },
        { at: end, type: "enable", pattern, directive },
      ]);
    })
    .sort((a, b) => a.at - b.at);

/** The switches that are off at an offset for a rule, oldest first. */
const activeAt = (events: readonly Event[], offset: number, ruleId: string): readonly Event[] => {
  let active: Event[] = [];
  for (const event of events) {
    if (event.at > offset) break;
    if (!event.pattern.matches(ruleId)) continue;
    if (event.type === "disable") active.push(event);
    else active = [];
  }
  return active;
};

const sameList = (a: NolintDirective, b: NolintDirective): boolean =>
  a.patterns.map((pattern) => pattern.text).join() === b.patterns.map((pattern) => pattern.text).join();

/** Whether the comment can concern this linter at all: other tools' lists are not ours to judge. */
const concernsLws = (directive: Directive, rules: readonly string[]): boolean =>
  directive.patterns.some(
    (pattern) => pattern.text.startsWith(RULE_PREFIX) || rules.includes(bareRuleId(pattern.text)),
  );

class FileSuppressions {
  readonly #block: readonly Event[];
  readonly #line: readonly Event[];
  readonly #regions: readonly Region[];
  readonly problems: Problem[] = [];

  constructor(
    readonly source: SourceFile,
    readonly directives: readonly Directive[],
    rules: readonly string[],
  ) {
    const eslint = directives.filter((directive) => directive.family !== "nolint");
    this.#block = blockEvents(eslint);
    this.#line = lineEvents(eslint, source);
    this.#regions = this.#nolintRegions(
      directives.filter((directive) => directive.family === "nolint"),
      rules,
    );
  }

  /** All comments that take a finding out; the first is the one that counts as used among ESLint's. */
  hits(offset: number, ruleId: string): readonly Hit[] {
    const families = ["eslint", "lws-lint"] satisfies Family[];
    const events = families.flatMap((family) => {
      const ofFamily = (event: Event): boolean => event.directive.family === family;
      const block = activeAt(this.#block.filter(ofFamily), offset, ruleId);
      return block.length > 0 ? block.slice(-1) : activeAt(this.#line.filter(ofFamily), offset, ruleId).slice(-1);
    });
    const regions = this.#regions.filter(
      ({ from, to, directive }) => from <= offset && offset < to && matchesRule(directive.patterns, ruleId),
    );
    return [
      ...events,
      ...regions.map(({ directive }) => ({
        directive,
        pattern: directive.patterns.findLast((pattern) => pattern.matches(ruleId))!,
      })),
    ];
  }

  #nolintRegions(directives: readonly NolintDirective[], rules: readonly string[]): Region[] {
    const regions: Region[] = [];
    const open: NolintDirective[] = [];
    for (const directive of directives) {
      const line = lineOf(this.source, directive.span.start) + (directive.type === "next-line" ? 1 : 0);
      switch (directive.type) {
        case "line":
        case "next-line":
          regions.push({ from: lineStart(this.source, line), to: lineStart(this.source, line + 1), directive });
          break;
        case "begin":
          open.push(directive);
          break;
        case "end": {
          const begin = open.findLastIndex((candidate) => sameList(candidate, directive));
          if (begin === -1) this.#unmatched(directive, "NOLINTBEGIN", rules);
          else regions.push({ from: open[begin]!.span.start, to: directive.span.start, directive: open[begin]! });
          if (begin !== -1) open.splice(begin, 1);
          break;
        }
      }
    }
    for (const directive of open) this.#unmatched(directive, "NOLINTEND", rules);
    return regions;
  }

  #unmatched(directive: NolintDirective, missing: string, rules: readonly string[]): void {
    if (!concernsLws(directive, rules)) return;
    const { line } = this.source.positionAt(directive.span.start);
    const message = `line ${line}: \`${directive.keyword}\` has no \`${missing}\` with the same list, so it suppresses nothing.`;
    this.problems.push({ file: this.source.path, message });
  }
}

/**
 * Splits diagnostics into those that stay and those that a comment takes out.
 *
 * @param commentsByFile the comments of every file a diagnostic may stand in, by `Diagnostic.file`
 */
export const applySuppressions = (
  diagnostics: readonly Diagnostic[],
  commentsByFile: ReadonlyMap<string, CommentedSource>,
  { eslintComments = true, reportUnused = false, rules = [] }: SuppressionOptions = {},
): SuppressionResult => {
  const files = new Map<string, FileSuppressions>();
  const problems: Problem[] = [];
  for (const [file, { source, comments }] of commentsByFile) {
    const { directives, invalid } = parseSuppressions(source, comments);
    const counted = directives.filter((directive) => eslintComments || directive.family !== "eslint");
    for (const { span, message } of eslintComments ? invalid : []) {
      problems.push({ file, message: `line ${lineOf(source, span.start)}: ${message}` });
    }
    if (counted.length === 0) continue;
    const suppressions = new FileSuppressions(source, counted, rules);
    files.set(file, suppressions);
    problems.push(...suppressions.problems);
  }

  const kept: Diagnostic[] = [];
  const suppressed: Suppressed[] = [];
  const used = new Map<Directive, Set<Pattern>>();
  for (const diagnostic of diagnostics) {
    const hits = files.get(diagnostic.file)?.hits(diagnostic.span.start, diagnostic.ruleId) ?? [];
    for (const { directive, pattern } of hits) {
      used.set(directive, (used.get(directive) ?? new Set()).add(pattern));
    }
    if (hits.length === 0) kept.push(diagnostic);
    else {
      const justification = hits.find((hit) => hit.directive.justification !== "")?.directive.justification ?? "";
      suppressed.push({ ...diagnostic, justification });
    }
  }

  const unused: Diagnostic[] = [];
  for (const { source, directives } of reportUnused ? files.values() : []) {
    for (const directive of directives) {
      if (directive.type === "enable" || directive.type === "end") continue;
      const bareNolint = directive.family === "nolint" && !directive.hasList;
      if (bareNolint || (directive.hasList && !concernsLws(directive, rules))) continue;
      const idle = directive.patterns.filter(
        (pattern) =>
          !pattern.negative &&
          !used.get(directive)?.has(pattern) &&
          (!directive.hasList || concernsLws({ ...directive, patterns: [pattern] }, rules)),
      );
      if (idle.length > 0) unused.push(unusedSuppression(source, directive, idle));
    }
  }
  return { kept, suppressed, unused, problems };
};
