/**
 * Runs the engine over real projects and shows what a change does to their findings.
 *
 *     npm run ecosystem -- [--project NAME]… [--update] [--markdown FILE]
 *     npm run ecosystem -- --base REV [--project NAME]…
 *
 * Without `--base` the findings are compared with `ecosystem/accepted.json`; any difference, an unreviewed finding, less that
 * was read than before or a crash ends in exit status 1. `--update` records new findings with the verdict `unreviewed` and drops those that are gone; a person then gives each a
 * verdict and a reason. With `--base` the findings of another revision of this repository are compared with those of the working
 * tree. Sources are cached in `.cache/ecosystem`. Exit status 2 says that a
 * project could not be obtained or a file not be read; the projects that are there are checked all the same.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import type { AnalyzerApi } from "../../src/analyzer.js";
import { scanPaths } from "../../src/host/scan.js";
import {
  compare,
  formatAccepted,
  parseAccepted,
  update,
  worsened,
  type Accepted,
  type Coverage,
  type Found,
  type EcosystemRecord,
} from "./accepted.js";
import { DebianSources } from "./debian.js";
import { loadAnalyzer, repositoryRoot, scan, type Scan } from "./engine.js";
import { parseProjects, type Project } from "./projects.js";
import { checkoutRevision } from "./revision.js";

const CACHE = join(repositoryRoot, ".cache", "ecosystem");

/** A project that is there to be scanned. */
interface Ready {
  readonly project: Project;
  readonly version: string;
  readonly root: string;
  /** Files that the command line tool would hand to the engine. */
  readonly files: readonly string[];
  /** How many files it looks into to find them. */
  readonly seen: number;
}

/** A scanned project. */
export interface ProjectScan extends Omit<Ready, "files"> {
  readonly scan: Scan;
}

/** A difference of findings in one project, ready to be printed. */
interface Change {
  readonly project: string;
  readonly sign: "+" | "-" | "~" | "?" | "!";
  readonly text: string;
}

/** Every rule, so that those that are off by default are held to the same standard. */
const everyRule = (analyzer: AnalyzerApi): Record<string, "error"> =>
  Object.fromEntries(analyzer.rules.map((rule) => [rule.id, "error" as const]));

/** Obtains every project that can be obtained, and says why the others cannot. */
async function prepare(projects: readonly Project[]): Promise<{ ready: Ready[]; failures: string[] }> {
  const sources = new DebianSources(CACHE);
  mkdirSync(CACHE, { recursive: true });
  const ready: Ready[] = [];
  const failures: string[] = [];
  for (const project of projects) {
    try {
      const unpacked = await sources.obtain(project.source, project.version);
      if (unpacked === undefined) {
        if (!project.optional) throw new Error(`this machine's release has no source package ${project.source}`);
        process.stderr.write(`${project.name}: not in this release, skipped\n`);
        continue;
      }
      const paths = project.include.length === 0 ? ["."] : project.include;
      const found = scanPaths({ cwd: unpacked.root, paths }, () => undefined);
      if (found.missing) throw new Error(`${project.source} ${unpacked.version}: ${found.problems.map((one) => `${one.file} ${one.message}`).join(", ")}`);
      ready.push({ project, ...unpacked, files: [...found.files.keys()], seen: found.filesSeen });
    } catch (error) {
      failures.push(`${project.name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return { ready, failures };
}

const scanAll = (analyzer: AnalyzerApi, ready: readonly Ready[]): ProjectScan[] =>
  ready.map(({ files, ...rest }) => ({ ...rest, scan: scan(analyzer, rest.root, { rules: everyRule(analyzer), ...releaseOf(rest) }, files) }));

/** The library's own programs are written for its own release. */
function releaseOf({ project, version }: Pick<Ready, "project" | "version">): { readonly lwsVersion?: string } {
  const [release] = project.source === "libwebsockets" ? (/^\d+\.\d+(?:\.\d+)?/.exec(version) ?? []) : [];
  return release === undefined ? {} : { lwsVersion: release };
}

const findingsOf = (scans: readonly ProjectScan[]): Found[] =>
  scans.flatMap(({ project, scan: { findings } }) => findings.map((finding) => ({ project: project.name, finding })));

/** A finding with its source line and its evidence. */
export function describeFinding({ finding }: Found): string {
  const related = finding.related.map((place) => `\n      ${place.file}:${place.line} ${place.message}\n        ${place.text}`);
  return `${finding.file}:${finding.line} ${finding.rule}: ${finding.message}\n    ${finding.text}${related.join("")}`;
}

const describeAccepted = (entry: Accepted, what: string): string =>
  `${entry.file} ${entry.rule}${entry.count === 1 ? "" : ` (${entry.count} times)`}: ${what}\n    ${entry.line}`;

/** How much of a project was read. */
const coverageOf = ({ project, version, scan: { stats } }: ProjectScan): Coverage => ({
  project: project.name,
  version,
  analysed: stats?.filesAnalyzed ?? 0,
  functions: stats?.functions ?? 0,
  callbacks: stats?.callbacks ?? 0,
  incomplete: stats?.incompleteFunctions.length ?? 0,
});

/** Differences between a run and what was recorded, by project. */
export function changesFromAccepted(scans: readonly ProjectScan[], { findings, coverage: recorded }: EcosystemRecord): Change[] {
  const names = new Set(scans.map(({ project }) => project.name));
  const { added, gone, unreviewed } = compare(findingsOf(scans), findings, names);
  return [
    ...scans.flatMap((one) =>
      worsened(coverageOf(one), recorded).map((text): Change => ({ project: one.project.name, sign: "!", text })),
    ),
    ...added.map((one): Change => ({ project: one.project, sign: "+", text: describeFinding(one) })),
    ...gone.map((one): Change => ({ project: one.project, sign: "-", text: describeAccepted(one, `accepted as ${one.verdict}, not found`) })),
    ...unreviewed.map((one): Change => ({ project: one.project, sign: "?", text: describeAccepted(one, "nobody has reviewed it") })),
  ];
}

/** Differences between the findings of two revisions, by project. */
export function changesFromBase(base: readonly ProjectScan[], change: readonly ProjectScan[]): Change[] {
  const names = new Set(change.map(({ project }) => project.name));
  const asAccepted = (scans: readonly ProjectScan[]): Accepted[] => update(findingsOf(scans), [], names);
  const added = compare(findingsOf(change), asAccepted(base), names).added;
  const removed = compare(findingsOf(base), asAccepted(change), names).added;
  const messages = new Map(findingsOf(base).map(({ project, finding }) => [[project, finding.file, finding.rule, finding.text].join("\0"), finding]));
  const reworded = findingsOf(change).filter((one) => {
    const before = messages.get([one.project, one.finding.file, one.finding.rule, one.finding.text].join("\0"));
    return before !== undefined && before.message !== one.finding.message && !added.includes(one);
  });
  return [
    ...added.map((one): Change => ({ project: one.project, sign: "+", text: describeFinding(one) })),
    ...removed.map((one): Change => ({ project: one.project, sign: "-", text: describeFinding(one) })),
    ...reworded.map((one): Change => ({ project: one.project, sign: "~", text: describeFinding(one) })),
  ];
}

/** Changes as text, grouped by project. */
export function printChanges(changes: readonly Change[]): string {
  const projects = [...new Set(changes.map((change) => change.project))];
  return projects
    .map((project) => {
      const own = changes.filter((change) => change.project === project);
      return `${project}\n${own.map((change) => `  ${change.sign} ${change.text.replaceAll("\n", "\n  ")}\n`).join("")}`;
    })
    .join("\n");
}

/** What was read of each project, as a Markdown table. */
export function coverage(scans: readonly ProjectScan[]): string {
  const rows = scans.map(({ project, version, seen, scan: { stats, milliseconds, findings, crashes } }) => {
    const incomplete = stats?.incompleteFunctions.length ?? 0;
    const share = stats === undefined || stats.functions === 0 ? 100 : 100 * (1 - incomplete / stats.functions);
    const pointers = stats?.callsThroughPointers ?? { resolved: 0, unresolved: 0 };
    return [
      project.name,
      version,
      seen,
      stats?.filesAnalyzed ?? 0,
      stats?.filesOfLwsItself ?? 0,
      stats?.functions ?? 0,
      `${incomplete} (${share.toFixed(1)} % complete)`,
      stats?.unreadRegions.length ?? 0,
      `${pointers.resolved}/${pointers.resolved + pointers.unresolved}`,
      stats?.callbacks ?? 0,
      findings.length,
      crashes.length,
      Math.round(milliseconds),
    ];
  });
  const heading = [
    "project", "version", "files", "analysed", "lws itself", "functions", "incomplete", "unread regions",
    "pointer calls resolved", "callbacks", "findings", "crashes", "ms",
  ];
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(" | ")} |`;
  return [line(heading), line(heading.map(() => "---")), ...rows.map(line)].join("\n");
}

/** Functions and regions the engine could not read, and slow files: where coverage is lost. */
function shortfalls(scans: readonly ProjectScan[]): string {
  return scans
    .flatMap(({ project, scan: { stats, slow, crashes } }) => [
      ...crashes.map((crash) => `${project.name}: crash${crash.file === undefined ? "" : ` in ${crash.file}`}: ${crash.error}`),
      ...(stats?.incompleteFunctions ?? []).map((one) => `${project.name}: ${one.file}:${one.line} ${one.function} is not read completely`),
      ...(stats?.unreadRegions ?? []).map((one) => `${project.name}: ${one.file}:${one.line} ${one.reason}`),
      ...slow.map((one) => `${project.name}: ${one.file} took ${Math.round(one.milliseconds)} ms`),
    ])
    .map((text) => `${text}\n`)
    .join("");
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      project: { type: "string", multiple: true, default: [] },
      update: { type: "boolean", default: false },
      base: { type: "string" },
      markdown: { type: "string" },
      shortfalls: { type: "boolean", default: false },
    },
  });
  const projectsFile = join(repositoryRoot, "ecosystem", "projects.json");
  const acceptedFile = join(repositoryRoot, "ecosystem", "accepted.json");
  const all = parseProjects(readFileSync(projectsFile, "utf8"), "ecosystem/projects.json");
  const unknown = values.project.filter((name) => !all.some((project) => project.name === name));
  if (unknown.length > 0) throw new Error(`no such project: ${unknown.join(", ")}`);
  const { ready, failures } = await prepare(all.filter((project) => values.project.length === 0 || values.project.includes(project.name)));
  const scans = scanAll(await loadAnalyzer(), ready);
  const crashed = scans.some((one) => one.scan.crashes.length > 0);
  const table = coverage(scans);

  let changes: Change[];
  let failed = crashed;
  let heading: string;
  if (values.base !== undefined) {
    const base = scanAll(await loadAnalyzer(checkoutRevision(values.base)), ready);
    changes = changesFromBase(base, scans);
    heading = `Findings of the working tree against ${values.base}`;
  } else {
    const record = parseAccepted(readFileSync(acceptedFile, "utf8"), "ecosystem/accepted.json");
    changes = changesFromAccepted(scans, record);
    heading = "Findings against ecosystem/accepted.json";
    failed ||= changes.length > 0;
    if (values.update) {
      const names = new Set(scans.map(({ project }) => project.name));
      const findings = update(findingsOf(scans), record.findings, names);
      const read = [...record.coverage.filter((one) => !names.has(one.project)), ...scans.map(coverageOf)];
      writeFileSync(acceptedFile, formatAccepted({ findings, coverage: read }));
    }
  }
  const body = changes.length === 0 ? "no difference\n" : printChanges(changes);
  process.stdout.write(`${body}\n${table}\n`);
  if (values.shortfalls || crashed) process.stdout.write(`\n${shortfalls(scans)}`);
  if (values.markdown !== undefined)
    writeFileSync(values.markdown, `## ${heading}\n\n\`\`\`diff\n${body}\`\`\`\n\n${table}\n`);
  if (failures.length > 0) {
    process.stderr.write(`\nnot checked:\n${failures.join("\n")}\n`);
    return 2;
  }
  return failed ? 1 : 0;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href)
  main().then(
    (code) => (process.exitCode = code),
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      process.exitCode = 2;
    },
  );
