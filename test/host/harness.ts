/** Runs the command line in this process, on folders made for one test. */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { onTestFinished } from "vitest";
import { Analyzer, type AddResult, type Analysis, type AnalyzerApi, type AnalyzerOptions } from "../../src/analyzer.js";
import type { Diagnostic, Fix, TextEdit } from "../../src/diagnostics/diagnostic.js";
import { main } from "../../src/host/main.js";
import type { OutputStream, Terminal } from "../../src/host/terminal.js";
import type { RuleMeta } from "../../src/linter/rule.js";
import { SourceFile } from "../../src/source/source-file.js";

export const FAKE_RULES: readonly RuleMeta[] = [
  { id: "no-bad", category: "correctness", summary: "calls of bad things", fixes: ["safe"], since: "0.1.0" },
  { id: "no-odd", category: "suspicious", summary: "calls of odd things", fixes: ["suggestion"], since: "0.1.0" },
];

export const edit = (source: SourceFile, start: number, end: number, newText: string): TextEdit => ({
  file: source.path,
  span: { start, end },
  newText,
});

export const diagnostic = (
  source: SourceFile,
  start: number,
  end: number,
  more: Partial<Diagnostic> = {},
): Diagnostic => ({
  ruleId: "no-bad",
  severity: "error",
  file: source.path,
  span: { start, end },
  message: "`lws_bad()` is bad",
  help: "call `lws_good()`",
  reasons: [],
  related: [],
  fixes: [],
  ...more,
});

type Check = (sources: ReadonlyMap<string, SourceFile>) => Diagnostic[];

/** `lws_bad` is an error with a safe fix, `lws_odd` a warning with a suggestion. */
export const findWords: Check = (sources) =>
  [...sources.values()].flatMap((source) =>
    [...source.text.matchAll(/lws_(bad|odd)/gu)].map(({ index, 0: word, 1: kind }) => {
      const bad = kind === "bad";
      const fix: Fix = {
        kind: bad ? "safe" : "suggestion",
        title: "Call the other one",
        edits: [edit(source, index, index + word.length, bad ? "lws_good" : "lws_even")],
      };
      return diagnostic(source, index, index + word.length, {
        fixes: [fix],
        ...(bad ? {} : { ruleId: "no-odd", severity: "warning", message: "`lws_odd()` is odd" }),
      });
    }),
  );

/** An engine whose every result can be foretold. */
export const fakeAnalyzer = (
  check: Check = findWords,
  more: Partial<Analysis> = {},
): AnalyzerApi & { runs: AnalyzerOptions[] } => {
  const runs: AnalyzerOptions[] = [];
  return {
    runs,
    rules: FAKE_RULES,
    start: (options = {}) => {
      runs.push(options);
      const sources = new Map<string, SourceFile>();
      return {
        add: ({ path: file, content }): AddResult => {
          const text = typeof content === "string" ? content : new TextDecoder().decode(content);
          sources.set(file, new SourceFile(file, text, text.includes("\ufffd")));
          return { kind: "analyzed", functions: 1 };
        },
        finish: (): Analysis => ({
          diagnostics: check(sources),
          suppressed: [],
          problems: [],
          stats: {
            filesSeen: sources.size,
            filesPrefiltered: 0,
            filesAnalyzed: sources.size,
            filesOfLwsItself: 0,
            configurations: sources.size,
            functions: sources.size,
            callbacks: 0,
            incompleteFunctions: [],
            unreadRegions: [],
            callsThroughPointers: { resolved: 0, unresolved: 0 },
          },
          source: (file) => sources.get(file),
          ...more,
        }),
      };
    },
  };
};

let real: Promise<Analyzer> | undefined;

/** The engine itself, made once. */
export const realAnalyzer = (): Promise<Analyzer> => (real ??= Analyzer.create());

export interface Project {
  readonly root: string;
  write(name: string, content: string | Uint8Array): void;
  read(name: string): string;
  bytes(name: string): Buffer;
}

/** A folder with these files, removed after the test. */
export const project = (files: Readonly<Record<string, string | Uint8Array>> = {}): Project => {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), "lws-lint-")));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const write = (name: string, content: string | Uint8Array): void => {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), content);
  };
  for (const [name, content] of Object.entries(files)) write(name, content);
  return {
    root,
    write,
    read: (name) => readFileSync(path.join(root, name), "utf8"),
    bytes: (name) => readFileSync(path.join(root, name)),
  };
};

export interface RunOptions {
  readonly cwd: string;
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly tty?: boolean;
  readonly columns?: number;
  readonly analyzer?: AnalyzerApi;
  /** Somebody sits there and gives these answers; after the last one they are gone. */
  readonly answers?: readonly string[];
  readonly systemIncludes?: readonly string[];
}

export interface RunResult {
  readonly code: number;
  readonly stdout: string;
  readonly stdoutBytes: Buffer;
  readonly stderr: string;
  /** Whether the engine was asked for. */
  readonly engineLoaded: boolean;
  readonly questions: readonly string[];
}

/** Runs the command line with the fake engine, or with the one given. */
export const run = async (args: readonly string[], options: RunOptions): Promise<RunResult> => {
  const streams = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  const stream = (chunks: Buffer[]): OutputStream => ({
    isTTY: options.tty ?? false,
    columns: options.tty === true ? (options.columns ?? 80) : 0,
    write: (data) => void chunks.push(Buffer.from(data as string)),
  });
  const questions: string[] = [];
  const terminal: Terminal = {
    cwd: options.cwd,
    env: options.env ?? {},
    stdout: stream(streams.stdout),
    stderr: stream(streams.stderr),
    readStdin: () => Buffer.from(options.stdin ?? ""),
    ...(options.systemIncludes && { systemIncludes: options.systemIncludes }),
    ...(options.answers && { ask: (question) => Promise.resolve(options.answers![questions.push(question) - 1]) }),
  };
  let engineLoaded = false;
  const code = await main(args, terminal, () => {
    engineLoaded = true;
    return Promise.resolve(options.analyzer ?? fakeAnalyzer());
  });
  const stdoutBytes = Buffer.concat(streams.stdout);
  return {
    code,
    stdout: stdoutBytes.toString(),
    stdoutBytes,
    stderr: Buffer.concat(streams.stderr).toString(),
    engineLoaded,
    questions,
  };
};

export interface JsonOutput {
  readonly schemaVersion: number;
  readonly tool: { readonly name: string; readonly version: string };
  readonly summary: Readonly<Record<string, number>> & { readonly vendoredSkipped: readonly string[] };
  readonly findings: readonly {
    readonly ruleId: string;
    readonly severity: string;
    readonly file: string;
    readonly line: number;
    readonly column: number;
    readonly endLine: number;
    readonly endColumn: number;
    readonly message: string;
  }[];
  readonly problems: readonly { readonly file: string; readonly message: string }[];
}

/** Runs with `--format json` and reads the output. */
export const runJson = async (
  args: readonly string[],
  options: RunOptions,
): Promise<RunResult & { json: JsonOutput }> => {
  const result = await run([...args, "--format", "json"], options);
  return { ...result, json: JSON.parse(result.stdout) as JsonOutput };
};

const cli = fileURLToPath(new URL("../../src/cli.ts", import.meta.url));
const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;

/** Starts the command as a process of its own, with the real engine. */
export const spawnCli = (args: readonly string[], cwd: string, env: Readonly<Record<string, string>> = {}) =>
  spawn(process.execPath, ["--import", tsx, cli, ...args], { cwd, env: { PATH: process.env["PATH"], ...env } });

/** Runs the command as a process of its own to its end. */
export const execCli = (
  args: readonly string[],
  { cwd, stdin, env }: Pick<RunOptions, "cwd" | "stdin" | "env">,
): Promise<{ code: number | null; stdout: string; stderr: string }> =>
  new Promise((resolve, reject) => {
    const child = spawnCli(args, cwd, env);
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
    child.stdin.end(stdin ?? "");
  });
