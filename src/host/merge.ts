/** `lws-lint merge`: one report out of the JSON or SARIF reports of all shards, as a whole run would have printed it. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { compareText } from "../diagnostics/order.js";
import { describeSystemError } from "./file-reader.js";
import { EXIT, type ExitCode } from "./options.js";
import type { Shard } from "./shard.js";
import type { Terminal } from "./terminal.js";
import { UsageError } from "./usage-error.js";

type Json = Record<string, unknown>;

interface JsonReport extends Json {
  readonly tool: { readonly version: string };
  readonly summary: Json & { readonly shard?: Shard };
  readonly findings: readonly { readonly file: string; readonly severity: string }[];
  readonly problems: readonly { readonly file: string; readonly message: string }[];
}

interface SarifResult extends Json {
  readonly ruleId: string;
  readonly level: string;
  readonly locations: readonly { readonly physicalLocation: { readonly artifactLocation: { readonly uri: string } } }[];
  readonly suppressions: readonly unknown[];
}

interface SarifRun extends Json {
  readonly tool: { readonly driver: Json & { readonly version: string; readonly rules: readonly { readonly id: string }[] } };
  readonly invocations: readonly (Json & { readonly toolExecutionNotifications: readonly { readonly message: { readonly text: string } }[] })[];
  readonly properties?: { readonly shard?: Shard };
  readonly results: readonly SarifResult[];
}

interface SarifLog extends Json {
  readonly runs: readonly SarifRun[];
}

/** Counts that a shard has of its part only. */
const PARTIAL = ["errors", "warnings", "fixable", "fixableWithSuggestions", "suppressed"];

const isSarif = (report: Json): boolean => Array.isArray(report["runs"]);

function read(file: string, cwd: string): Json {
  let text: string;
  try {
    text = readFileSync(path.resolve(cwd, file), "utf8");
  } catch (error) {
    throw new UsageError(`${file}: cannot be read: ${describeSystemError(error)}.`, { cause: error });
  }
  try {
    const report = JSON.parse(text) as Json;
    if (isSarif(report) || Array.isArray(report["findings"])) return report;
  } catch {
    // Told below.
  }
  throw new UsageError(`${file}: is no report of lws-lint in JSON or SARIF.`);
}

/** @throws {UsageError} unless these are all shards of one run, each once, of one version */
function check(files: readonly string[], shards: readonly (Shard | undefined)[], versions: readonly string[]): void {
  const count = shards[0]?.count;
  const seen = new Map<number, string>();
  shards.forEach((shard, at) => {
    const file = files[at]!;
    if (shard === undefined) throw new UsageError(`${file}: is not the report of a shard.`);
    if (shard.count !== count) throw new UsageError(`${file}: is one of ${shard.count} shards, ${files[0]!} one of ${count!}.`);
    const other = seen.get(shard.index);
    if (other !== undefined) throw new UsageError(`${file} and ${other} are the same shard, ${shard.index}/${shard.count}.`);
    if (versions[at] !== versions[0]) throw new UsageError(`${file}: was written by another version than ${files[0]!}.`);
    seen.set(shard.index, file);
  });
  const missing = Array.from({ length: count ?? 0 }, (_, i) => i + 1).filter((index) => !seen.has(index));
  if (missing.length > 0) throw new UsageError(`Missing of ${count!} shards: ${missing.join(", ")}.`);
}

const byFile = (a: { readonly file: string }, b: { readonly file: string }): number => compareText(a.file, b.file);

/** Shards count what `--since` and `--baseline` took out of their part. */
function mergeAdoption(summary: Json, shards: readonly Json[]): void {
  for (const [key, counts] of [["since", ["known"]], ["baseline", ["known", "stale"]]] as const) {
    const first = summary[key];
    if (first === undefined) continue;
    const sum = (count: string): number => shards.reduce((total, shard) => total + Number((shard[key] as Json | undefined)?.[count] ?? 0), 0);
    summary[key] = { ...(first as Json), ...Object.fromEntries(counts.map((count) => [count, sum(count)])) };
  }
}

// All that concerns a file is in one shard and in order there: sorting by file alone, stably, gives the order of a whole run.
function mergeJson(reports: readonly JsonReport[]): { readonly merged: Json; readonly failed: boolean } {
  const [first] = reports;
  const summary: Json = { ...first!.summary };
  delete summary["shard"];
  for (const key of PARTIAL) summary[key] = reports.reduce((sum, report) => sum + Number(report.summary[key]), 0);
  mergeAdoption(summary, reports.map((report) => report.summary));
  summary["durationMs"] = Math.max(...reports.map((report) => Number(report.summary["durationMs"])));
  const findings = reports.flatMap((report) => report.findings).sort(byFile);
  const problems = reports.flatMap((report) => report.problems).sort((a, b) => byFile(a, b) || compareText(a.message, b.message));
  return { merged: { ...first!, summary, findings, problems }, failed: Number(summary["errors"]) > 0 };
}

function mergeSarif(logs: readonly SarifLog[]): { readonly merged: Json; readonly failed: boolean } {
  const runs = logs.map((log) => log.runs[0]!);
  const first: Json & Pick<SarifRun, "tool" | "invocations"> = { ...runs[0]! };
  delete first["properties"];
  const fewest = runs.reduce((least, run) => (run.tool.driver.rules.length < least.tool.driver.rules.length ? run : least));
  const isShared = ({ id }: { readonly id: string }): boolean => runs.every((run) => run.tool.driver.rules.some((rule) => rule.id === id));
  const shared = fewest.tool.driver.rules.filter(isShared);
  const rules = new Map(shared.map((rule) => [rule.id, rule]));
  const others = runs.flatMap((run) => run.tool.driver.rules).filter((rule) => !rules.has(rule.id));
  for (const rule of others.sort((a, b) => compareText(a.id, b.id))) rules.set(rule.id, rule);
  const ids = [...rules.keys()];
  const uri = (result: SarifResult): string => decodeURIComponent(result.locations[0]!.physicalLocation.artifactLocation.uri);
  const results = runs
    .flatMap((run) => run.results)
    .sort((a, b) => compareText(uri(a), uri(b)))
    .map((result) => ({ ...result, ruleIndex: ids.indexOf(result.ruleId) }));
  const [invocation] = first.invocations;
  const notifications = runs
    .flatMap((one) => one.invocations[0]!.toolExecutionNotifications)
    .sort((a, b) => compareText(a.message.text, b.message.text));
  const run = {
    ...first,
    tool: { ...first.tool, driver: { ...first.tool.driver, rules: [...rules.values()] } },
    invocations: [{ ...invocation, toolExecutionNotifications: notifications }],
    results,
  };
  return { merged: { ...logs[0]!, runs: [run] }, failed: results.some((result) => result.level === "error" && result.suppressions.length === 0) };
}

/**
 * Prints the merged report; ends as the whole run would have.
 *
 * @throws {UsageError} for reports that do not belong together
 */
export function runMerge(files: readonly string[], terminal: Terminal): ExitCode {
  const reports = files.map((file) => read(file, terminal.cwd));
  const sarif = isSarif(reports[0]!);
  const odd = reports.findIndex((report) => isSarif(report) !== sarif);
  if (odd >= 0) throw new UsageError(`${files[odd]!} and ${files[0]!} are in different formats.`);
  const runs = sarif ? (reports as unknown as SarifLog[]).map((log) => log.runs[0]!) : [];
  const plain = sarif ? [] : (reports as unknown as JsonReport[]);
  check(
    files,
    sarif ? runs.map((run) => run.properties?.shard) : plain.map((report) => report.summary.shard),
    sarif ? runs.map((run) => run.tool.driver.version) : plain.map((report) => report.tool.version),
  );
  const { merged, failed } = sarif ? mergeSarif(reports as unknown as SarifLog[]) : mergeJson(plain);
  terminal.stdout.write(`${JSON.stringify(merged, null, 2)}\n`);
  return failed ? EXIT.findings : EXIT.clean;
}
