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

/** Reads `ecosystem/accepted.json`. Throws with the position of the first bad entry. */
export function parseAccepted(text: string, name: string): Accepted[] {
  const value = JSON.parse(text) as { readonly findings?: unknown };
  if (!Array.isArray(value.findings)) throw new Error(`${name}: \`findings\` must be a list`);
  const seen = new Set<string>();
  return value.findings.map((one: unknown, index): Accepted => {
    const wrong = (what: string): Error => new Error(`${name}: findings[${index}]: ${what}`);
    if (typeof one !== "object" || one === null) throw wrong("expected an object");
    const { project, file, rule, line, count = 1, verdict, reason } = one as Readonly<Record<string, unknown>>;
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
export function formatAccepted(accepted: readonly Accepted[]): string {
  const order = (a: Accepted, b: Accepted): number => (keyOf(a) < keyOf(b) ? -1 : 1);
  const findings = [...accepted].sort(order).map(({ count, verdict, reason, ...rest }) => ({
    ...rest,
    ...(count === 1 ? {} : { count }),
    verdict,
    reason,
  }));
  return `${JSON.stringify({ findings }, null, 2)}\n`;
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
