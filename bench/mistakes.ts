/**
 * What analyzers for C in general say about the mistakes that this tool looks for.
 *
 *     npx tsx bench/mistakes.ts [--write]
 *
 * The mistakes are the programs of `proof/`: each misbehaves at run time, and does so no longer once it is fixed. A mistake counts for a program
 * when it says anything but how code should look, on a line that the finding or its evidence stands on, and says it no longer after the fix. That is
 * generous: what it says need not be the reason. The table names the check, so that readers can judge. `--write` puts the table into `bench/README.md`.
 */
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { fixedText, release, rulesWithProof } from "../proof/run.js";
import { Analyzer } from "../src/analyzer.js";
import { insert } from "./run.js";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** What one program says about one file: line by line. */
export interface Report {
  readonly line: number;
  readonly check: string;
  readonly text: string;
}

interface Contestant {
  readonly name: string;
  readonly program: string;
  readonly version: RegExp;
  readonly args: (file: string) => readonly string[];
}

const CONTESTANTS: readonly Contestant[] = [
  { name: "gcc -Wall -Wextra -fanalyzer", program: "gcc", version: /(\d+\.\d+\.\d+)/u, args: (file) => ["-std=gnu17", "-O2", "-Wall", "-Wextra", "-fanalyzer", "-c", "-o", "/dev/null", file] },
  { name: "clang-tidy, its defaults", program: "clang-tidy", version: /version (\d[\d.]*)/u, args: (file) => ["--quiet", file, "--"] },
  { name: "clang-tidy, all checks", program: "clang-tidy", version: /version (\d[\d.]*)/u, args: (file) => ["--quiet", "--checks=*", file, "--"] },
  { name: "cppcheck --enable=all --inconclusive", program: "cppcheck", version: /(\d[\d.]*)/u, args: (file) => ["--enable=all", "--inconclusive", "--quiet", "--template={file}:{line}:{column}: {severity}: {message} [{id}]", file] },
];

/** Reports of compilers and of what prints as they do; notes belong to the report above them. */
export const readReports = (output: string, file: string): Report[] =>
  output.split("\n").flatMap((line) => {
    const match = /^(.*?):(\d+):(?:\d+:)? (?:fatal )?(error|warning|style|performance|portability|information): (.*?)(?: \[([^\]]+)\])?$/u.exec(line);
    if (!match || path.basename(match[1]!) !== path.basename(file)) return [];
    return [{ line: Number(match[2]), check: match[5] ?? "a compiler's error", text: match[4]! }];
  });

function ask({ program, args }: Contestant, file: string): Report[] {
  const { error, stdout, stderr } = spawnSync(program, args(file), { encoding: "utf8", env: { ...process.env, LC_ALL: "C" }, maxBuffer: 1 << 26 });
  if (error !== undefined) throw error;
  return readReports(`${stdout}\n${stderr}`, file);
}

/** Checks of looks: numbers without a name, braces, the length of names. */
const isAboutLooks = ({ check }: Report): boolean => check.split(",").every((name) => /^(?:readability|altera|llvm\w*|google|fuchsia)-|magic-numbers$|braces-around/u.test(name));

/** Those on these lines that the fixed program does not get as often. */
export function gone(before: readonly Report[], after: readonly Report[], lines: ReadonlySet<number>): Report[] {
  const left = new Map<string, number>();
  for (const { check, text } of after) left.set(`${check} ${text}`, (left.get(`${check} ${text}`) ?? 0) + 1);
  return before.filter(({ line, check, text }) => {
    const count = left.get(`${check} ${text}`) ?? 0;
    left.set(`${check} ${text}`, count - 1);
    return count <= 0 && lines.has(line) && !isAboutLooks({ line, check, text });
  });
}

/** Where a mistake is, as this tool shows it: the finding and its evidence. */
function linesOf(analyzer: Analyzer, rule: string, text: string): ReadonlySet<number> {
  const run = analyzer.start();
  run.add({ path: "bad.c", content: text });
  const found = run.finish().diagnostics.filter(({ ruleId }) => ruleId === rule);
  if (found.length === 0) throw new Error(`lws-lint does not report ${rule}`);
  const lineAt = (offset: number): number => text.slice(0, offset).split("\n").length;
  const places = found.flatMap(({ span, related }) => [span, ...related.map((one) => one.span)]);
  return new Set(places.flatMap(({ start, end }) => Array.from({ length: lineAt(end) - lineAt(start) + 1 }, (_, index) => lineAt(start) + index)));
}

async function main(): Promise<void> {
  const lws = release();
  if (lws === undefined) throw new Error("needs gcc and libwebsockets-dev");
  const analyzer = await Analyzer.create();
  const versions = CONTESTANTS.map((one) => {
    const { error, stdout } = spawnSync(one.program, ["--version"], { encoding: "utf8" });
    if (error !== undefined) throw new Error(`${one.program} is not installed; on Debian: apt-get install gcc clang-tidy cppcheck`);
    return one.version.exec(stdout)?.[1] ?? "?";
  });
  const rules = rulesWithProof();
  const found = CONTESTANTS.map(() => new Map<string, readonly Report[]>());
  const all = CONTESTANTS.map(() => 0);
  const folder = mkdtempSync(path.join(tmpdir(), "lws-lint-mistakes-"));
  try {
    for (const rule of rules) {
      // Beside each other and of one name, so that nothing but the mistake is different.
      const [bad, fixed] = ["bad", "fixed"].map((kind) => path.join(folder, kind, rule, "program.c")) as [string, string];
      for (const file of [bad, fixed]) mkdirSync(path.dirname(file), { recursive: true });
      for (const kind of ["bad", "fixed"]) for (const header of ["scaffold.h", "parser.h"]) copyFileSync(path.join(ROOT, "proof", header), path.join(folder, kind, header));
      const text = readFileSync(path.join(ROOT, "proof", rule, "bad.c"), "utf8");
      writeFileSync(bad, text);
      writeFileSync(fixed, (await fixedText(rule)).text);
      const lines = linesOf(analyzer, rule, text);
      for (const [index, contestant] of CONTESTANTS.entries()) {
        const before = ask(contestant, bad);
        all[index]! += before.length;
        const reports = gone(before, ask(contestant, fixed), lines);
        if (reports.length > 0) found[index]!.set(rule, reports);
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const cells = (index: number): string =>
    [...found[index]!].map(([rule, reports]) => `${rule} (${[...new Set(reports.map(({ check }) => check))].join("; ")})`).join(", ") || "–";
  const table = [
    `libwebsockets ${lws}; ${rules.length} programs with one mistake each, all of them reported by \`lws-lint\`.`,
    "",
    "| program | version | of the mistakes | which, and by what | reports in all |",
    "| --- | --- | ---: | --- | ---: |",
    ...CONTESTANTS.map(({ name }, index) => `| ${name} | ${versions[index]!} | **${found[index]!.size}** of ${rules.length} | ${cells(index)} | ${all[index]!} |`),
  ].join("\n");
  console.log(table);
  for (const [index, { name }] of CONTESTANTS.entries())
    for (const [rule, reports] of found[index]!) for (const { line, check, text } of reports) console.error(`${name}: ${rule}:${line}: ${text} [${check}]`);
  if (process.argv.includes("--write")) {
    const readme = path.join(ROOT, "bench/README.md");
    writeFileSync(readme, insert(readFileSync(readme, "utf8"), table, "mistakes"));
  }
}

if (process.argv[1] !== undefined && existsSync(process.argv[1]) && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) await main();
