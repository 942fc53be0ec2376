/**
 * Scores the engine against judged places of real code.
 *
 *     npx tsx tools/corpus/score.ts --labels FILE --trees FOLDER [--rules ID,…] [--tolerance N] [--elsewhere]
 *         [--revision REV] [--json]
 *
 * `--trees` holds one folder for each `dir` of the labels (see `checkout.ts`); each is scanned in a run of its own. `--revision` scores
 * another revision of this repository.
 * Exit status: 0 when the score was computed, whatever it is; 1 when the engine crashed; 2 for wrong input.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import type { AnalyzerApi, AnalyzerOptions } from "../../src/analyzer.js";
import type { Level } from "../../src/linter/rule.js";
import { loadAnalyzer, scan, type Finding, type Scan } from "../ecosystem/engine.js";
import { checkoutRevision } from "../ecosystem/revision.js";
import { KIND_NAMES, KIND_RULES, KINDS, parseLabels, type Kind, type Label } from "./labels.js";
import { byRule, DEFAULT_TOLERANCE, match, tally, type Match } from "./match.js";

/** One tree, scanned and compared. */
export interface TreeScore {
  readonly dir: string;
  readonly scan: Scan;
  readonly match: Match;
}

/** Levels that run exactly the given rules; every rule, pedantic ones too, when none is given. */
export function levels(analyzer: AnalyzerApi, only: readonly string[]): Record<string, Level> {
  const known = new Set(analyzer.rules.map((rule) => rule.id));
  const unknown = only.filter((id) => !known.has(id));
  if (unknown.length > 0) throw new Error(`no such rule: ${unknown.join(", ")}`);
  return Object.fromEntries(
    [...known].map((id): [string, Level] => [id, only.length === 0 || only.includes(id) ? "error" : "off"]),
  );
}

/** Scans every tree that labels name. Throws when a tree or a labelled file is not there. */
export function score(
  analyzer: AnalyzerApi,
  labels: readonly Label[],
  trees: string,
  options: AnalyzerOptions,
  tolerance: number,
): TreeScore[] {
  const dirs = [...new Set(labels.map((label) => label.dir))].sort();
  const missing = dirs.filter((dir) => !existsSync(join(trees, dir)));
  if (missing.length > 0)
    throw new Error(`not in ${trees}:\n  ${missing.join("\n  ")}\ncheck them out with tools/corpus/checkout.ts`);
  const absent = labels.filter((label) => !existsSync(join(trees, label.dir, label.file)));
  if (absent.length > 0)
    throw new Error(`labelled files that are not there:\n  ${absent.map((label) => `${label.dir}/${label.file}`).join("\n  ")}`);
  return dirs.map((dir) => {
    const result = scan(analyzer, join(trees, dir), options);
    const own = labels.filter((label) => label.dir === dir);
    return { dir, scan: result, match: match(own, result.findings, tolerance) };
  });
}

const at = (dir: string, place: { file: string; line: number }): string => `${dir}/${place.file}:${place.line}`;

function labelLine(dir: string, label: Label): string {
  const needs = label.needs.length > 0 ? ` [${label.needs.join(", ")}]` : "";
  return `  ${label.kind}${label.certain ? "" : "?"} ${at(dir, label)}${needs}\n      ${label.why}`;
}

/** A finding in the words of the engine, with its source line and its evidence. */
export function findingLines(dir: string, finding: Finding): string {
  const related = finding.related.map((place) => `\n        ${at(dir, place)} ${place.message}\n          ${place.text}`);
  return `  ${at(dir, finding)} ${finding.rule}: ${finding.message}\n      ${finding.text}${related.join("")}`;
}

/** Kinds that no rule that runs can answer: nothing of them can be found, so nothing of them is missed. */
export const unanswered = (rules: Readonly<Record<string, Level>>): ReadonlySet<Kind> =>
  new Set(KINDS.filter((kind) => !KIND_RULES[kind].some((id) => (rules[id] ?? "off") !== "off")));

/** The whole report as text. */
export function report(trees: readonly TreeScore[], elsewhere: boolean, without: ReadonlySet<Kind> = new Set()): string {
  const out: string[] = [];
  const section = (title: string, lines: readonly string[]): void => {
    if (lines.length > 0) out.push("", `${title} (${lines.length})`, ...lines);
  };
  out.push("kind                                       certain      debatable    negatives", "");
  for (const { kind, certain, debatable, negatives } of tally(trees.map((tree) => tree.match))) {
    if (without.has(kind)) {
      const sum = certain.missed + debatable.missed;
      out.push(`${`${kind.padEnd(4)}${KIND_NAMES[kind]}`.padEnd(43)}no rule runs, ${sum} labels`);
      continue;
    }
    const part = (good: number, bad: number): string => (good + bad === 0 ? "-" : `${good}/${good + bad}`).padEnd(13);
    const name = `${kind.padEnd(4)}${KIND_NAMES[kind]}`.padEnd(43);
    out.push(
      `${name}${part(certain.found, certain.missed)}${part(debatable.found, debatable.missed)}` +
        `${part(negatives.quiet, negatives.reported)}${KIND_RULES[kind].join(", ")}`,
    );
  }
  for (const certain of [true, false])
    section(
      certain ? "missed, certain" : "missed, debatable",
      trees.flatMap(({ dir, match: { missed } }) =>
        missed.filter((label) => label.certain === certain && !without.has(label.kind)).map((label) => labelLine(dir, label)),
      ),
    );
  section(
    "negatives reported",
    trees.flatMap(({ dir, match: { reported } }) =>
      reported.map(({ label, findings }) =>
        [labelLine(dir, label), ...findings.map((finding) => findingLines(dir, finding))].join("\n"),
      ),
    ),
  );
  const list = (title: string, pick: (one: Match) => readonly Finding[]): void => {
    const where = new Map(trees.flatMap(({ dir, match: one }) => pick(one).map((finding) => [finding, dir] as const)));
    for (const [rule, findings] of byRule([...where.keys()]))
      section(`${title}: ${rule}`, findings.map((finding) => findingLines(where.get(finding) ?? "", finding)));
  };
  list("noisy, on labelled files", (one) => one.noisy);
  if (elsewhere) list("on files without labels", (one) => one.elsewhere);
  section(
    "crashes",
    trees.flatMap(({ dir, scan: { crashes } }) => crashes.map((crash) => `  ${dir}/${crash.file ?? ""}\n${crash.error}`)),
  );
  section(
    "slow files",
    trees.flatMap(({ dir, scan: { slow } }) => slow.map((one) => `  ${dir}/${one.file}: ${Math.round(one.milliseconds)} ms`)),
  );
  const sum = (of: (one: Scan) => number): number => trees.reduce((total, tree) => total + of(tree.scan), 0);
  out.push(
    "",
    `${trees.length} trees, ${sum((one) => one.files)} files, ${sum((one) => one.stats?.filesAnalyzed ?? 0)} analysed, ` +
      `${sum((one) => one.stats?.functions ?? 0)} functions, ${sum((one) => one.stats?.incompleteFunctions.length ?? 0)} incomplete, ` +
      `${sum((one) => one.findings.length)} findings, ${Math.round(sum((one) => one.milliseconds))} ms`,
  );
  return `${out.join("\n")}\n`;
}

/** The score as data, without what only the report needs. */
function asJson(trees: readonly TreeScore[]): unknown {
  return {
    kinds: tally(trees.map((tree) => tree.match)),
    trees: trees.map(({ dir, scan: { findings, stats, ...rest }, match: compared }) => ({
      dir,
      ...rest,
      functions: stats?.functions ?? 0,
      incompleteFunctions: stats?.incompleteFunctions ?? [],
      findings: findings.length,
      ...compared,
    })),
  };
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      labels: { type: "string" },
      trees: { type: "string" },
      rules: { type: "string", default: "" },
      tolerance: { type: "string", default: String(DEFAULT_TOLERANCE) },
      elsewhere: { type: "boolean", default: false },
      revision: { type: "string" },
      json: { type: "boolean", default: false },
    },
  });
  if (values.labels === undefined || values.trees === undefined) {
    process.stderr.write("usage: tsx tools/corpus/score.ts --labels FILE --trees FOLDER [--rules ID,…] [--tolerance N] [--elsewhere] [--revision REV] [--json]\n");
    return 2;
  }
  try {
    const tolerance = Number(values.tolerance);
    if (!Number.isInteger(tolerance) || tolerance < 0) throw new Error("--tolerance takes a number of lines");
    const labels = parseLabels(readFileSync(values.labels, "utf8"), values.labels);
    const analyzer = await (values.revision === undefined ? loadAnalyzer() : loadAnalyzer(checkoutRevision(values.revision)));
    const only = values.rules.split(",").filter((id) => id !== "");
    const rules = levels(analyzer, only);
    const trees = score(analyzer, labels, values.trees, { rules }, tolerance);
    process.stdout.write(values.json ? `${JSON.stringify(asJson(trees), null, 2)}\n` : report(trees, values.elsewhere, unanswered(rules)));
    return trees.some((tree) => tree.scan.crashes.length > 0) ? 1 : 0;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 2;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) process.exitCode = await main();
