/**
 * Runs the engine of this repository, or of another revision of it, over a folder and keeps what a person needs to judge
 * the result: every finding with the text of its lines, what the engine could not read, crashes and slow files.
 *
 * The scorer, the ecosystem check and the benchmarks scan through this file, so that they cannot differ in what they scan.
 */
import { readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { AnalyzerApi, AnalyzerOptions, Stats } from "../../src/analyzer.js";
import type { Location } from "../../src/diagnostics/diagnostic.js";
import type { SourceFile } from "../../src/source/source-file.js";

/** A place of a finding, as people read it. `text` is its source line without the space around it. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly text: string;
}

/** One finding, without anything that depends on offsets. */
export interface Finding extends Place {
  readonly rule: string;
  readonly severity: string;
  readonly message: string;
  readonly reasons: readonly string[];
  readonly related: readonly (Place & { readonly message: string })[];
}

/** An exception out of the engine; `file` is absent when the program phase threw. */
export interface Crash {
  readonly file?: string;
  readonly error: string;
}

/** The result of scanning one folder. */
export interface Scan {
  readonly findings: readonly Finding[];
  readonly problems: readonly { readonly file: string; readonly message: string }[];
  readonly crashes: readonly Crash[];
  /** Absent when the program phase threw. */
  readonly stats: Stats | undefined;
  readonly files: number;
  readonly bytes: number;
  readonly milliseconds: number;
  /** Files whose local phase took long, the slowest first. */
  readonly slow: readonly { readonly file: string; readonly milliseconds: number }[];
}

/** Root of the repository that this file belongs to. */
export const repositoryRoot = fileURLToPath(new URL("../../", import.meta.url));

/** Loads the engine of a checkout of this repository; by default of the one this file belongs to. */
export async function loadAnalyzer(root: string = repositoryRoot): Promise<AnalyzerApi> {
  const path = join(resolve(root), "src", "analyzer.ts");
  const module = (await import(pathToFileURL(path).href)) as {
    readonly Analyzer?: { create(): Promise<AnalyzerApi> };
  };
  if (module.Analyzer === undefined) throw new Error(`${path} exports no class Analyzer`);
  return module.Analyzer.create();
}

const SOURCE = /\.(?:c|h|cc|cpp|cxx|c\+\+|hh|hpp|hxx|h\+\+|inc|inl|ipp)$/i;

/** C and C++ files below a folder, as sorted relative paths with `/`. Symbolic links are not followed. */
export function listSources(root: string): string[] {
  const files: string[] = [];
  const visit = (folder: string): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        if (entry.name !== ".git") visit(path);
      } else if (entry.isFile() && SOURCE.test(entry.name)) files.push(path);
    }
  };
  visit("");
  return files.sort();
}

/** From how many milliseconds on a file counts as slow. */
const SLOW = 250;

const describe = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));

/** Scans one folder in one run of the engine. An exception of the engine is part of the result. */
export function scan(analyzer: AnalyzerApi, root: string, options: AnalyzerOptions = {}, only?: readonly string[]): Scan {
  const files = only ?? listSources(root);
  const crashes: Crash[] = [];
  const slow: { file: string; milliseconds: number }[] = [];
  let bytes = 0;
  const started = performance.now();
  const run = analyzer.start(options);
  for (const file of files) {
    const content = readFileSync(join(root, file));
    bytes += content.length;
    const before = performance.now();
    try {
      run.add({ path: file, content });
    } catch (error) {
      crashes.push({ file, error: describe(error) });
    }
    const milliseconds = performance.now() - before;
    if (milliseconds >= SLOW) slow.push({ file, milliseconds });
  }
  slow.sort((a, b) => b.milliseconds - a.milliseconds);
  const rest = { crashes, files: files.length, bytes, slow };
  try {
    const analysis = run.finish();
    const milliseconds = performance.now() - started;
    const place = (location: Location): Place => placeOf(location, analysis.source(location.file));
    const findings = analysis.diagnostics.map((diagnostic) => ({
      ...place(diagnostic),
      rule: diagnostic.ruleId,
      severity: diagnostic.severity,
      message: diagnostic.message,
      reasons: diagnostic.reasons,
      related: diagnostic.related.map((related) => ({ ...place(related), message: related.message })),
    }));
    return { ...rest, findings, problems: analysis.problems, stats: analysis.stats, milliseconds };
  } catch (error) {
    crashes.push({ error: describe(error) });
    return { ...rest, findings: [], problems: [], stats: undefined, milliseconds: performance.now() - started };
  }
}

function placeOf(location: Location, source: SourceFile | undefined): Place {
  if (source === undefined) throw new Error(`the engine names ${location.file} but does not have its text`);
  const { line, column } = source.positionAt(location.span.start);
  const text = source.text.slice(source.lines.lineStart(line), source.lines.lineStart(line + 1)).trim();
  return { file: location.file, line, column, text };
}
