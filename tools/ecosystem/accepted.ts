/**
 * Findings on real projects that a person has judged, and the comparison of a run with them.
 *
 * A finding is known by its project, file, rule and the content of its line, never by a line number: a new upstream version
 * moves lines without changing what is said about them. Equal lines of one file are counted.
 */
import type { Finding } from "./engine.js";

export const VERDICTS = ["true-positive", "debatable", "false-positive", "unreviewed"] as const;

export type Verdict = (typeof VERDICTS)[number];

/** Some equal findings and what a person said of them. */
export interface Accepted {
  readonly project: string;
  readonly file: string;
  readonly rule: string;
  /** The source line, white space collapsed. */
  readonly line: string;
  /** How many equal findings there are. */
  readonly count: number;
  readonly verdict: Verdict;
  /** Why; empty only while unreviewed. */
  readonly reason: string;
}

/** How much of a project the engine read: findings that are lost because nothing was looked at must not look like progress. */
export interface Coverage {
  readonly project: string;
  readonly version: string;
  readonly analysed: number;
  readonly functions: number;
  readonly callbacks: number;
  /** Functions that were not read completely. */
  readonly incomplete: number;
}

/** What `ecosystem/accepted.json` holds. */
export interface EcosystemRecord {
  readonly findings: readonly Accepted[];
  readonly coverage: readonly Coverage[];
}

/** A finding of a project, in the form in which it is compared. */
export interface Found {
  readonly project: string;
  readonly finding: Finding;
}

/** What differs between a run and the accepted findings. */
export interface Comparison {
  readonly added: readonly Found[];
  /** Accepted, and found no longer; `count` is the number that is gone. */
  readonly gone: readonly Accepted[];
  /** Found as accepted, but nobody has judged them. */
  readonly unreviewed: readonly Accepted[];
  /** Found and judged. */
  readonly known: readonly Accepted[];
}

/** The content of a line as it is compared. */
export const content = (text: string): string => text.trim().replace(/\s+/g, " ");

type Identity = Pick<Accepted, "project" | "file" | "rule" | "line">;

const keyOf = ({ project, file, rule, line }: Identity): string => [project, file, rule, line].join("\0");

const identity = ({ project, finding }: Found): Identity => ({
  project,
  file: finding.file,
  rule: finding.rule,
  line: content(finding.text),
});

function parseCoverage(value: unknown, where: string): Coverage {
  const fields = (typeof value === "object" && value !== null ? value : {}) as Readonly<{ [key: string]: unknown }>;
  const { project, version } = fields;
  if (typeof project !== "string" || typeof version !== "string") throw new Error(`${where}: \`project\` and \`version\` must be strings`);
  const count = (key: "analysed" | "functions" | "callbacks" | "incomplete"): number => {
    const number = fields[key];
    if (typeof number !== "number") throw new Error(`${where}: \`${key}\` must be a number`);
    return number;
  };
  return {
    project,
    version,
    analysed: count("analysed"),
    functions: count("functions"),
    callbacks: count("callbacks"),
    incomplete: count("incomplete"),
  };
}

/** Reads `ecosystem/accepted.json`. Throws with the position of the first bad entry. */
export function parseAccepted(text: string, name: string): EcosystemRecord {
  const value = JSON.parse(text) as { readonly findings?: unknown; readonly coverage?: unknown };
  if (!Array.isArray(value.findings)) throw new Error(`${name}: \`findings\` must be a list`);
  if (!Array.isArray(value.coverage)) throw new Error(`${name}: \`coverage\` must be a list`);
  const coverage = value.coverage.map((one: unknown, index) => parseCoverage(one, `${name}: coverage[${index}]`));
  return { findings: parseFindings(value.findings, name), coverage };
}

function parseFindings(values: readonly unknown[], name: string): Accepted[] {
  const seen = new Set<string>();
  return values.map((one: unknown, index): Accepted => {
    const wrong = (what: string): Error => new Error(`${name}: findings[${index}]: ${what}`);
    if (typeof one !== "object" || one === null) throw wrong("expected an object");
    const { project, file, rule, line, count = 1, verdict, reason } = one as Readonly<{ [key: string]: unknown }>;
    if (typeof project !== "string" || typeof file !== "string" || typeof rule !== "string" || typeof line !== "string")
      throw wrong("`project`, `file`, `rule` and `line` must be strings");
    if (typeof count !== "number" || !Number.isInteger(count) || count < 1) throw wrong("`count` must be a positive number");
    if (!(VERDICTS as readonly unknown[]).includes(verdict)) throw wrong(`\`verdict\` must be one of ${VERDICTS.join(", ")}`);
    if (typeof reason !== "string" || (reason.trim() === "" && verdict !== "unreviewed")) throw wrong("a verdict needs a `reason`");
    const entry = { project, file, rule, line, count, verdict: verdict as Verdict, reason };
    if (seen.has(keyOf(entry))) throw wrong("the same finding stands here twice");
    seen.add(keyOf(entry));
    return entry;
  });
}

/** The text of `ecosystem/accepted.json`, in a stable order. */
export function formatAccepted(record: EcosystemRecord): string {
  const order = (a: Accepted, b: Accepted): number => (keyOf(a) < keyOf(b) ? -1 : 1);
  const findings = [...record.findings].sort(order).map(({ count, verdict, reason, ...rest }) => ({
    ...rest,
    ...(count === 1 ? {} : { count }),
    verdict,
    reason,
  }));
  const coverage = [...record.coverage].sort((a, b) => (a.project < b.project ? -1 : 1));
  return `${JSON.stringify({ findings, coverage }, null, 2)}\n`;
}

/** In what a run read less of a project than was recorded for the same version of it. */
export function worsened(now: Coverage, recorded: readonly Coverage[]): string[] {
  const before = recorded.find((one) => one.project === now.project && one.version === now.version);
  if (before === undefined) return [];
  const fewer = (["analysed", "functions", "callbacks"] as const).filter((key) => now[key] < before[key]);
  const what = { analysed: "files analysed", functions: "functions read", callbacks: "callbacks found" };
  return [
    ...fewer.map((key) => `${what[key]}: ${now[key]}, ${before[key]} before`),
    ...(now.incomplete > before.incomplete ? [`functions not read completely: ${now.incomplete}, ${before.incomplete} before`] : []),
  ];
}

/** Compares a run with the accepted findings of the projects that were run. */
export function compare(found: readonly Found[], accepted: readonly Accepted[], projects: ReadonlySet<string>): Comparison {
  const groups = new Map<string, Found[]>();
  for (const one of found) {
    const key = keyOf(identity(one));
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  const gone: Accepted[] = [];
  const unreviewed: Accepted[] = [];
  const known: Accepted[] = [];
  const added: Found[] = [];
  for (const entry of accepted) {
    if (!projects.has(entry.project)) continue;
    const group = groups.get(keyOf(entry)) ?? [];
    groups.delete(keyOf(entry));
    const present = Math.min(group.length, entry.count);
    if (present < entry.count) gone.push({ ...entry, count: entry.count - present });
    if (present > 0) (entry.verdict === "unreviewed" ? unreviewed : known).push({ ...entry, count: present });
    added.push(...group.slice(present));
  }
  const order = new Map(found.map((one, index) => [one, index]));
  added.push(...[...groups.values()].flat());
  added.sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
  return { added, gone, unreviewed, known };
}

/** The accepted findings after `--update`: verdicts stay, new findings come in unreviewed, those that are gone go. */
export function update(found: readonly Found[], accepted: readonly Accepted[], projects: ReadonlySet<string>): Accepted[] {
  const others = accepted.filter((entry) => !projects.has(entry.project));
  const before = new Map(accepted.map((entry) => [keyOf(entry), entry]));
  const now = new Map<string, Accepted>();
  for (const one of found) {
    const key = keyOf(identity(one));
    const entry = now.get(key) ?? { verdict: "unreviewed", reason: "", ...before.get(key), ...identity(one), count: 0 };
    now.set(key, { ...entry, count: entry.count + 1 });
  }
  return [...others, ...now.values()];
}
