/**
 * Times the command line tool against ripgrep looking for one word, side by side.
 *
 *     npm run bench -- [--rounds N] [--tree NAME]… [--no-build] [--write]
 *
 * On a tree without libwebsockets the tool must read every file to know that there is nothing to do; `rg -j2 -l lws_` does just
 * that and is the fastest program known for it, so the ratio to it says how much the tool adds. libwebsockets' examples and plugins are
 * analysed to the last; there ripgrep is only a unit of time. Commands take turns, so that a change in the machine's load meets all of them; the
 * first round is not counted. `--write` puts the table into `bench/README.md`.
 *
 * Trees are made of C and C++ files of Debian source packages, linked into `.cache/bench`: the same on every machine of a release.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, release, totalmem } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { DebianSources } from "../tools/ecosystem/debian.js";
import { listSources, repositoryRoot } from "../tools/ecosystem/engine.js";

/** A tree to scan. */
interface Tree {
  readonly name: string;
  readonly sources: readonly string[];
  /** Folders of the packages to take; all of them when absent. */
  readonly folders?: readonly string[];
  readonly what: string;
}

const TREES: readonly Tree[] = [
  { name: "medium", sources: ["postgresql-15", "git", "systemd"], what: "C without libwebsockets" },
  { name: "large", sources: ["postgresql-15", "ffmpeg", "samba"], what: "C without libwebsockets" },
  {
    name: "examples",
    sources: ["libwebsockets"],
    folders: ["minimal-examples", "plugins", "test-apps", "lwsws"],
    what: "libwebsockets' own, all analysed",
  },
];

/** A tree on disk. */
interface Built extends Tree {
  readonly root: string;
  readonly files: number;
  readonly bytes: number;
}

/** One finished process. */
export interface Timing {
  readonly milliseconds: number;
  /** Largest resident size that was seen; 0 where the system does not tell. */
  readonly peakBytes: number;
}

/** The middle of some numbers, the mean of the two middle ones for an even count. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

async function build(tree: Tree): Promise<Built> {
  const cache = join(repositoryRoot, ".cache", "ecosystem");
  mkdirSync(cache, { recursive: true });
  const debian = new DebianSources(cache);
  const root = join(repositoryRoot, ".cache", "bench", tree.name);
  if (!existsSync(root)) {
    const partial = `${root}.partial`;
    rmSync(partial, { recursive: true, force: true });
    for (const source of tree.sources) {
      const unpacked = await debian.obtain(source, "*");
      if (unpacked === undefined) throw new Error(`${tree.name}: this machine's release has no source package ${source}`);
      for (const file of listSources(unpacked.root)) {
        if (tree.folders?.some((folder) => file.startsWith(`${folder}/`)) === false) continue;
        const target = join(partial, source, file);
        mkdirSync(dirname(target), { recursive: true });
        linkSync(join(unpacked.root, file), target);
      }
    }
    renameSync(partial, root);
  }
  const files = listSources(root);
  const bytes = files.reduce((sum, file) => sum + statSync(join(root, file)).size, 0);
  return { ...tree, root, files: files.length, bytes };
}

/** The largest resident size of a running process so far. */
function peakOf(pid: number): number {
  try {
    const found = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"));
    return Number(found?.[1] ?? 0) * 1024;
  } catch {
    return 0; // ended meanwhile, or not Linux
  }
}

/** Runs a command to its end. Status 0 and 1 are results ("nothing found", "something found"), others are failures. */
function time(command: string, args: readonly string[]): Promise<Timing> {
  const started = performance.now();
  const child = spawn(command, args, { stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, NO_COLOR: "1" } });
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  let peakBytes = 0;
  const poll = setInterval(() => (peakBytes = Math.max(peakBytes, peakOf(child.pid ?? 0))), 25);
  return new Promise((done, fail) => {
    child.on("error", (error) => {
      clearInterval(poll);
      fail(new Error(`cannot run ${command}: ${error.message}`));
    });
    child.on("close", (code) => {
      const milliseconds = performance.now() - started;
      clearInterval(poll);
      if (code === 0 || code === 1) done({ milliseconds, peakBytes });
      else fail(new Error(`${command} ${args.join(" ")} ended with ${code}:\n${errors}`));
    });
  });
}

/** Timings of the two programs on one tree, in the order of the rounds. */
export interface Comparison {
  readonly tree: Pick<Built, "name" | "what" | "files" | "bytes">;
  readonly ripgrep: readonly Timing[];
  readonly tool: readonly Timing[];
}

async function compare(tree: Built, rounds: number): Promise<Comparison> {
  const ripgrep: Timing[] = [];
  const tool: Timing[] = [];
  for (let round = -1; round < rounds; round++) {
    const a = await time("rg", ["-j2", "-l", "lws_", tree.root]);
    const b = await time(process.execPath, [join(repositoryRoot, "dist", "cli.js"), tree.root]);
    if (round < 0) continue;
    ripgrep.push(a);
    tool.push(b);
  }
  return { tree, ripgrep, tool };
}

/** The machine, as far as it bears on the numbers. */
function machine(): string {
  const version = /^ripgrep (\S+)/.exec(spawnSync("rg", ["--version"]).stdout.toString())?.[1] ?? "?";
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${cpus()[0]?.model ?? "unknown CPU"}, ${availableParallelism()} threads, ${memory} GiB, Linux ${release()}, Node ${process.versions.node}, ripgrep ${version}`;
}

/** The result as a Markdown table. */
export function table(results: readonly Comparison[], rounds: number, on: string): string {
  const rows = results.map(({ tree, ripgrep, tool }) => {
    const rg = median(ripgrep.map((one) => one.milliseconds));
    const lint = median(tool.map((one) => one.milliseconds));
    const ratios = tool.map((one, index) => one.milliseconds / (ripgrep[index]?.milliseconds ?? Number.NaN));
    const spread = `${Math.min(...ratios).toFixed(1)}–${Math.max(...ratios).toFixed(1)}`;
    const peak = Math.max(...tool.map((one) => one.peakBytes)) / 2 ** 20;
    return [
      `${tree.name} (${tree.what})`,
      tree.files.toLocaleString("en"),
      (tree.bytes / 1e6).toFixed(0),
      `${rg.toFixed(0)} ms`,
      `${lint.toFixed(0)} ms`,
      `**${median(ratios).toFixed(1)}** (${spread})`,
      `${peak.toFixed(0)} MiB`,
    ].join(" | ");
  });
  return [
    `${rounds} rounds, medians; ratio: median of the rounds (smallest–largest). ${on}.`,
    "",
    "| tree | files | MB | `rg -j2 -l lws_` | `lws-lint` | ratio | peak memory |",
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ...rows.map((row) => `| ${row} |`),
  ].join("\n");
}

const BEGIN = "<!-- bench: written by `npm run bench -- --write` -->";
const END = "<!-- /bench -->";

/** Puts a table between the marks of a text. */
export function insert(text: string, content: string): string {
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`bench/README.md must hold ${BEGIN} and, below it, ${END}`);
  return `${text.slice(0, begin + BEGIN.length)}\n\n${content}\n\n${text.slice(end)}`;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      rounds: { type: "string", default: "9" },
      tree: { type: "string", multiple: true, default: [] },
      "no-build": { type: "boolean", default: false },
      write: { type: "boolean", default: false },
    },
  });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error("--rounds takes a number");
  const unknown = values.tree.filter((name) => !TREES.some((tree) => tree.name === name));
  if (unknown.length > 0) throw new Error(`no such tree: ${unknown.join(", ")}; there are ${TREES.map((tree) => tree.name).join(", ")}`);
  if (!values["no-build"]) {
    const { status } = spawnSync("npm", ["run", "build"], { cwd: repositoryRoot, stdio: ["ignore", "ignore", "inherit"] });
    if (status !== 0) throw new Error("npm run build failed");
  }
  const results: Comparison[] = [];
  for (const tree of TREES) {
    if (values.tree.length > 0 && !values.tree.includes(tree.name)) continue;
    const result = await compare(await build(tree), rounds);
    process.stderr.write(`${table([result], rounds, machine()).split("\n").at(-1) ?? ""}\n`);
    results.push(result);
  }
  const content = table(results, rounds, machine());
  process.stdout.write(`${content}\n`);
  const readme = join(repositoryRoot, "bench", "README.md");
  if (values.write) writeFileSync(readme, insert(readFileSync(readme, "utf8"), content));
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
