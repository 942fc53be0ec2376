/**
 * Runs the engine over plain C that has nothing to do with libwebsockets, as if every file used it: the front end and the local
 * phase meet far more styles of C than the few projects that use the library have.
 *
 *     npx tsx tools/ecosystem/stress.ts [--source PACKAGE]… [--every N] [--samples N]
 *
 * Prints for each package how many functions are read completely, with samples of what is not; then crashes, slow files and
 * findings, of which there must be none. Exit status 1 for a crash or a finding.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import type { AnalyzerApi } from "../../src/analyzer.js";
import { DebianSources } from "./debian.js";
import { listSources, loadAnalyzer, repositoryRoot } from "./engine.js";

/** Large, and of different schools: kernel style, GNU, GLib, Windows ports, embedded assembly, generated code. */
const SOURCES = ["postgresql-15", "systemd", "ffmpeg", "samba", "qemu", "openssl", "git", "glib2.0", "binutils"];

/** What makes a file one that uses the library; at its end, so that nothing moves. */
const DISGUISE = "\n#include <libwebsockets.h>\n";

/** From how many milliseconds on a file is named. */
const SLOW = 1500;

/** Something that could not be read, with its source line. */
export interface Gap {
  readonly file: string;
  readonly line: number;
  readonly what: string;
  readonly text: string;
}

/** What came of some files. */
export interface StressResult {
  files: number;
  functions: number;
  incomplete: Gap[];
  unread: Gap[];
  findings: string[];
  crashes: string[];
  slow: string[];
}

/** Runs each file by itself. `read` gives its bytes. */
export function stress(analyzer: AnalyzerApi, files: readonly string[], read: (file: string) => Uint8Array): StressResult {
  const result: StressResult = { files: 0, functions: 0, incomplete: [], unread: [], findings: [], crashes: [], slow: [] };
  const disguise = new TextEncoder().encode(DISGUISE);
  for (const file of files) {
    const bytes = read(file);
    const content = new Uint8Array(disguise.length + bytes.length);
    content.set(bytes);
    content.set(disguise, bytes.length);
    const lines = new TextDecoder("latin1").decode(bytes).split(/\r\n|\r|\n/);
    const gap = (line: number, what: string): Gap => ({ file, line, what, text: (lines[line - 1] ?? "").trim().slice(0, 120) });
    const started = performance.now();
    try {
      const run = analyzer.start();
      run.add({ path: file, content });
      const { stats, diagnostics } = run.finish();
      result.files++;
      result.functions += stats.functions;
      for (const one of stats.incompleteFunctions) result.incomplete.push(gap(one.where[0]?.line ?? one.line, one.function));
      for (const one of stats.unreadRegions) result.unread.push(gap(one.line, one.reason));
      for (const one of diagnostics) result.findings.push(`${file} ${one.ruleId}: ${one.message}`);
    } catch (error) {
      result.crashes.push(`${file}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
    const milliseconds = performance.now() - started;
    if (milliseconds >= SLOW) result.slow.push(`${file}: ${Math.round(milliseconds)} ms for ${Math.round(bytes.length / 1024)} KiB`);
  }
  return result;
}

/** Some of many, spread evenly. */
const sample = <T>(all: readonly T[], count: number): T[] =>
  all.filter((_, index) => Math.floor((index * count) / all.length) !== Math.floor(((index - 1) * count) / all.length));

/** The result for one package, as text. */
export function describeStress(name: string, result: StressResult, samples: number): string {
  const share = result.functions === 0 ? 100 : 100 * (1 - result.incomplete.length / result.functions);
  const gaps = (title: string, all: readonly Gap[]): string[] =>
    sample(all, samples).map((one) => `  ${title} ${one.file}:${one.line} ${one.what}\n      ${one.text}`);
  return [
    `${name}: ${result.files} files, ${result.functions} functions, ${share.toFixed(2)} % complete, ${result.unread.length} unread regions`,
    ...gaps("incomplete", result.incomplete),
    ...gaps("unread", result.unread),
    ...result.slow.map((text) => `  slow ${text}`),
    ...result.findings.map((text) => `  finding ${text}`),
    ...result.crashes.map((text) => `  crash ${text}`),
  ].join("\n");
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      source: { type: "string", multiple: true, default: [] },
      every: { type: "string", default: "10" },
      samples: { type: "string", default: "5" },
    },
  });
  const every = Number(values.every);
  const samples = Number(values.samples);
  if (!Number.isInteger(every) || every < 1 || !Number.isInteger(samples)) throw new Error("--every and --samples take numbers");
  const debian = new DebianSources(join(repositoryRoot, ".cache", "ecosystem"));
  const analyzer = await loadAnalyzer();
  let failed = false;
  for (const source of values.source.length > 0 ? values.source : SOURCES) {
    const unpacked = await debian.obtain(source, "*");
    if (unpacked === undefined) throw new Error(`this machine's release has no source package ${source}`);
    const files = listSources(unpacked.root).filter((file, index) => /\.[ch]$/.test(file) && index % every === 0);
    const result = stress(analyzer, files, (file) => readFileSync(join(unpacked.root, file)));
    process.stdout.write(`${describeStress(`${source} ${unpacked.version}`, result, samples)}\n`);
    failed ||= result.crashes.length > 0 || result.findings.length > 0;
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
