/**
 * Times what an editor waits for: one keystroke in a file of 3,000 lines of a project of 560 files, to new diagnostics of the whole project.
 *
 *     npm run bench:keystroke -- [--rounds N]
 *
 * The project is libwebsockets' own examples, plugins and test programs as Debian ships them, three times in folders of their own, and one file
 * made of four of the plugins, which the library's test server includes in one file just so. Each kind of keystroke is typed and taken back, a
 * character further on each round, after a few that are not counted. At the end the project must say what a fresh run says. The process has as much
 * room for young objects as the language server gives itself (`src/lsp/thread.ts`).
 */
import { mkdirSync, readFileSync } from "node:fs";
import { availableParallelism, cpus, release } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual, parseArgs } from "node:util";
import { pathToFileURL } from "node:url";
import { Analyzer, type Analysis } from "../src/analyzer.js";
import { DebianSources } from "../tools/ecosystem/debian.js";
import { listSources, repositoryRoot } from "../tools/ecosystem/engine.js";

const FOLDERS = ["minimal-examples", "plugins", "test-apps", "lwsws"];
const COPIES = 3;
const LARGE = ["acme-client/protocol_lws_acme_client.c", "deaddrop/protocol_lws_deaddrop.c", "protocol_lws_mirror.c", "protocol_lws_raw_test.c"];
const WARM_UP = 8;

/** A kind of keystroke: what is typed where. */
interface Keystroke {
  readonly name: string;
  /** A text of the file behind which it is typed. */
  readonly behind: string;
  readonly typed: string;
}

const KEYSTROKES: readonly Keystroke[] = [
  { name: "in the body of a function", behind: "case LWS_CALLBACK_SERVER_WRITEABLE:\n", typed: "x" },
  { name: "in the body of a function of 900 lines, in two configurations", behind: "case LWS_CALLBACK_PROTOCOL_INIT:\n", typed: "x" },
  { name: "in a string", behind: 'lwsl_notice("', typed: "x" },
  { name: "in a comment", behind: " * This file is made available under", typed: "x" },
  { name: "in a structure", behind: "struct per_vhost_data__lws_mirror {\n", typed: "x" },
  { name: "in a macro", behind: "#define QUEUELEN 32", typed: "1" },
  { name: "in an #include", behind: "#include <string", typed: "x" },
  { name: "a brace too many", behind: "case LWS_CALLBACK_PROTOCOL_INIT:\n", typed: "{" },
  { name: "a comment opened", behind: "case LWS_CALLBACK_PROTOCOL_INIT:\n", typed: "/*" },
];

export interface Timed {
  readonly name: string;
  /** Per keystroke, from the new text to the diagnostics. */
  readonly milliseconds: readonly number[];
}

export interface KeystrokeResult {
  readonly files: number;
  readonly lines: number;
  readonly diagnostics: number;
  /** A fresh run over the files as they are, texts in memory. */
  readonly fresh: number;
  readonly timed: readonly Timed[];
}

/** The project, by path. */
async function projectFiles(): Promise<Map<string, string>> {
  const cache = join(repositoryRoot, ".cache", "ecosystem");
  mkdirSync(cache, { recursive: true });
  const unpacked = await new DebianSources(cache).obtain("libwebsockets", "*");
  if (unpacked === undefined) throw new Error("this machine's release has no source package libwebsockets");
  const { root } = unpacked;
  const files = new Map<string, string>();
  for (const path of listSources(root)) {
    if (!FOLDERS.some((folder) => path.startsWith(`${folder}/`))) continue;
    const text = readFileSync(join(root, path), "utf8");
    for (let copy = 1; copy <= COPIES; copy++) files.set(`copy-${copy}/${path}`, text);
  }
  files.set("server/plugins.c", LARGE.map((path) => readFileSync(join(root, "plugins", path), "utf8")).join("\n"));
  return files;
}

const told = ({ diagnostics, suppressed, problems, stats }: Analysis): unknown => ({ diagnostics, suppressed, problems, stats });

export async function measureKeystrokes(rounds: number): Promise<KeystrokeResult> {
  const analyzer = await Analyzer.create();
  const files = await projectFiles();
  const large = "server/plugins.c";
  const text = files.get(large)!;

  const freshRun = (current: string): { readonly analysis: Analysis; readonly milliseconds: number } => {
    const started = performance.now();
    const run = analyzer.start();
    for (const path of [...files.keys()].sort()) run.add({ path, content: path === large ? current : files.get(path)! });
    const analysis = run.finish();
    return { analysis, milliseconds: performance.now() - started };
  };

  const project = analyzer.project();
  for (const [path, content] of files) project.update(path, content);
  let diagnostics = project.analyze().diagnostics.length;
  const type = (content: string): number => {
    const started = performance.now();
    project.update(large, content);
    diagnostics = project.analyze().diagnostics.length;
    return performance.now() - started;
  };

  const timed = KEYSTROKES.map(({ name, behind, typed }): Timed => {
    const at = text.indexOf(behind);
    if (at < 0) throw new Error(`the large file does not hold ${JSON.stringify(behind)}`);
    const milliseconds: number[] = [];
    for (let round = -WARM_UP; round < rounds; round++) {
      const from = at + behind.length;
      // Typed once, then once more: what an editor sends while a word grows, and while it is taken back.
      const grown = typed.repeat(1 + (Math.abs(round) % 3));
      const took = [type(text.slice(0, from) + grown + text.slice(from)), type(text)];
      if (round >= 0) milliseconds.push(...took);
    }
    const edited = text.slice(0, at + behind.length) + typed + text.slice(at + behind.length);
    type(edited);
    if (!isDeepStrictEqual(told(project.analyze()), told(freshRun(edited).analysis))) throw new Error(`${name}: the project and a fresh run differ`);
    type(text);
    return { name, milliseconds };
  });
  const last = freshRun(text);
  return { files: files.size, lines: text.split("\n").length, diagnostics, fresh: last.milliseconds, timed };
}

const quantile = (values: readonly number[], part: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;
};

/** The result as Markdown. */
export function keystrokeTable({ files, lines, diagnostics, fresh, timed }: KeystrokeResult, on: string): string {
  return [
    `${files} files, ${diagnostics} findings; the file typed in has ${lines.toLocaleString("en")} lines. A fresh run in the same process: ${fresh.toFixed(0)} ms. ${on}.`,
    "",
    "| keystroke | median | 95 % |",
    "| --- | ---: | ---: |",
    ...timed.map(({ name, milliseconds }) => `| ${name} | ${quantile(milliseconds, 0.5).toFixed(0)} ms | ${quantile(milliseconds, 0.95).toFixed(0)} ms |`),
  ].join("\n");
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { rounds: { type: "string", default: "20" } } });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error("--rounds takes a number");
  const machine = `${cpus()[0]?.model ?? "unknown CPU"}, ${availableParallelism()} threads, Linux ${release()}, Node ${process.versions.node}`;
  process.stdout.write(`${keystrokeTable(await measureKeystrokes(rounds), machine)}\n`);
  return 0;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href)
  main().then(
    (code) => (process.exitCode = code),
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      process.exitCode = 2;
    },
  );
