/**
 * Compares findings with labels.
 *
 * A finding answers a label when it is of a rule of the label's kind, in the same tree and file, and its own line or the line
 * of one of its related locations is the label's line, give or take `tolerance` lines: a person writes down the line of a
 * statement, the engine that of a call or an argument in it. A line that is exactly some other label's line of that kind
 * belongs to that label alone, so that two labels two lines apart are not both answered by one finding.
 *
 * A negative is reported only by a finding that stands on it: evidence of another finding may well pass through it.
 */
import type { Finding } from "../ecosystem/engine.js";
import { KIND_RULES, KINDS, type Kind, type Label } from "./labels.js";

/** Lines a finding may be away from its label unless told otherwise. */
export const DEFAULT_TOLERANCE = 2;

/** A label and the findings that answer it. */
export interface Answered {
  readonly label: Label;
  readonly findings: readonly Finding[];
}

/** Findings and labels of one tree, compared. */
export interface Match {
  readonly found: readonly Answered[];
  readonly missed: readonly Label[];
  /** Negatives that a finding stands on. */
  readonly reported: readonly Answered[];
  /** Negatives that no finding stands on. */
  readonly quiet: readonly Label[];
  /** Findings on labelled files that answer no label, negative or not. */
  readonly noisy: readonly Finding[];
  /** Findings on files without any label: nobody has judged them. */
  readonly elsewhere: readonly Finding[];
}

/** Lines of a finding in one file: its own, then those of its evidence. */
const linesIn = (finding: Finding, file: string, own: boolean): number[] => [
  ...(finding.file === file ? [finding.line] : []),
  ...(own ? [] : finding.related.filter((place) => place.file === file).map((place) => place.line)),
];

/** Compares the findings of one tree with that tree's labels. */
export function match(labels: readonly Label[], findings: readonly Finding[], tolerance = DEFAULT_TOLERANCE): Match {
  const labelled = new Map<string, Set<number>>();
  for (const { kind, file, line } of labels) {
    const key = `${kind} ${file}`;
    labelled.set(key, (labelled.get(key) ?? new Set()).add(line));
  }
  const answers = (finding: Finding, label: Label): boolean => {
    if (!KIND_RULES[label.kind].includes(finding.rule)) return false;
    const taken = labelled.get(`${label.kind} ${label.file}`);
    return linesIn(finding, label.file, label.negative).some(
      (line) => line === label.line || (Math.abs(line - label.line) <= tolerance && !taken?.has(line)),
    );
  };
  const compared = labels.map((label) => ({ label, findings: findings.filter((finding) => answers(finding, label)) }));
  const positive = compared.filter(({ label }) => !label.negative);
  const negative = compared.filter(({ label }) => label.negative);
  const used = new Set(compared.flatMap((answered) => answered.findings));
  const files = new Set(labels.map((label) => label.file));
  const unused = findings.filter((finding) => !used.has(finding));
  return {
    found: positive.filter((answered) => answered.findings.length > 0),
    missed: positive.filter((answered) => answered.findings.length === 0).map(({ label }) => label),
    reported: negative.filter((answered) => answered.findings.length > 0),
    quiet: negative.filter((answered) => answered.findings.length === 0).map(({ label }) => label),
    noisy: unused.filter((finding) => files.has(finding.file)),
    elsewhere: unused.filter((finding) => !files.has(finding.file)),
  };
}

/** What is counted for a kind. */
export interface Tally {
  readonly kind: Kind;
  readonly certain: { readonly found: number; readonly missed: number };
  readonly debatable: { readonly found: number; readonly missed: number };
  readonly negatives: { readonly quiet: number; readonly reported: number };
}

/** Counts several trees by kind; kinds without a label are left out. */
export function tally(matches: readonly Match[]): Tally[] {
  const count = (labels: readonly Label[], kind: Kind, certain?: boolean): number =>
    labels.filter((label) => label.kind === kind && (certain === undefined || label.certain === certain)).length;
  const found = matches.flatMap((one) => one.found.map(({ label }) => label));
  const missed = matches.flatMap((one) => one.missed);
  const reported = matches.flatMap((one) => one.reported.map(({ label }) => label));
  const quiet = matches.flatMap((one) => one.quiet);
  return KINDS.map((kind) => ({
    kind,
    certain: { found: count(found, kind, true), missed: count(missed, kind, true) },
    debatable: { found: count(found, kind, false), missed: count(missed, kind, false) },
    negatives: { quiet: count(quiet, kind), reported: count(reported, kind) },
  })).filter(({ certain, debatable, negatives }) =>
    [certain, debatable, negatives].some((pair) => Object.values(pair).some((value) => value > 0)),
  );
}

/** Findings by rule, the most frequent rule first. */
export function byRule(findings: readonly Finding[]): [rule: string, findings: Finding[]][] {
  const rules = new Map<string, Finding[]>();
  for (const finding of findings) {
    const list = rules.get(finding.rule);
    if (list === undefined) rules.set(finding.rule, [finding]);
    else list.push(finding);
  }
  return [...rules].sort((a, b) => b[1].length - a[1].length || (a[0] < b[0] ? -1 : 1));
}
