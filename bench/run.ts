/**
 * Times the command line tool against other programs that search C, side by side.
 *
 *     npm run bench -- [--rounds N] [--part NAME]… [--no-build] [--write]
 *
 * Parts: `plain`, trees without libwebsockets, where ripgrep's search for one word is the measure; `library`, libwebsockets itself, against programs that
 * search by pattern; `warm`, a second run with `--cache`; `growth`, made-up trees of growing size; `keystroke`, what an editor waits for.
 * Commands take turns, so that a change in the machine's load meets all of them; the first round is not counted. A program that is not there is named
 * and left out. `--write` puts the tables into `bench/README.md`, in the place of those that are there; what was not measured stays.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg, release, totalmem } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { repositoryRoot } from "../tools/ecosystem/engine.js";
import { keystrokeTable, measureKeystrokes } from "./keystroke.js";
import { cpuOf, cpuRatio, millisecondsOf, peakOfAll, ratio, takeTurns, time, type Command, type Timing } from "./measure.js";
import { commandOf, findPeers, type Peer } from "./peers.js";
import { build, CACHE, madeUp, TREES, withoutTraces, type Built } from "./trees.js";

const PARTS = ["plain", "library", "warm", "growth", "keystroke"] as const;
const TITLES = ["Trees without libwebsockets", "libwebsockets itself", "A second run with `--cache`", "Growth", "One keystroke"];
const GROWTH_ROUNDS = 3;
const SIZES = [1000, 4000, 16_000, 64_000];
const THREADS = availableParallelism();

const TOOL = "lws-lint";
const tool = (root: string, ...options: string[]): Command => ({ name: TOOL, program: process.execPath, args: [join(repositoryRoot, "dist", "cli.js"), root, ...options] });

type Described = Pick<Built, "name" | "what" | "files" | "bytes">;
type Timings = ReadonlyMap<string, readonly Timing[]>;

const treeCells = ({ name, what, files, bytes }: Described): string[] => [`${name} (${what})`, files.toLocaleString("en"), (bytes / 1e6).toFixed(0)];
const spread = ({ middle, smallest, largest }: ReturnType<typeof ratio>): string => `**${middle.toFixed(1)}** (${smallest.toFixed(1)}–${largest.toFixed(1)})`;
const cpuCell = (over: readonly Timing[], under: readonly Timing[]): string => cpuRatio(over, under)?.toFixed(1) ?? "–";
const ms = (timings: readonly Timing[]): string => `${millisecondsOf(timings).toFixed(0)} ms`;

const rows = (head: readonly string[], body: readonly (readonly string[])[]): string =>
  [head, head.map((_, index) => (index === 0 ? "---" : "---:")), ...body].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

/** How much longer the tool takes than another program, by tree. */
export function slowdownTable(other: string, title: string, results: readonly { readonly tree: Described; readonly timings: Timings }[]): string {
  return rows(
    ["tree", "files", "MB", title, `\`${TOOL}\``, "ratio", "of processor time", "peak memory"],
    results.map(({ tree, timings }) => {
      const ours = timings.get(TOOL)!;
      const theirs = timings.get(other)!;
      return [...treeCells(tree), ms(theirs), ms(ours), spread(ratio(ours, theirs)), cpuCell(ours, theirs), `${peakOfAll(ours).toFixed(0)} MiB`];
    }),
  );
}

/** How much longer other programs take than the tool. */
export function peerTable(tree: Described, timings: Timings): string {
  const ours = timings.get(TOOL)!;
  return rows(
    ["program", "time", "MB/s", `times \`${TOOL}\`'s`, "of processor time"],
    [...timings].map(([name, theirs]) => {
      const more = theirs.some(({ isCut }) => isCut === true) ? "more than " : "";
      const less = more === "" ? "" : "less than ";
      return [
        `\`${name}\``,
        more + ms(theirs),
        less + (tree.bytes / 1e3 / millisecondsOf(theirs)).toFixed(1),
        name === TOOL ? "1" : more + spread(ratio(theirs, ours)),
        name === TOOL ? "1" : more + cpuCell(theirs, ours),
      ];
    }),
  );
}

/** Time and memory by the number of files. */
export function growthTable(results: readonly { readonly tree: Described; readonly timings: readonly Timing[] }[]): string {
  return rows(
    ["tree", "files", "MB", "time", "per 1,000 files", "processor time per 1,000 files", "peak memory"],
    results.map(({ tree, timings }) => [
      ...treeCells(tree),
      ms(timings),
      `${((millisecondsOf(timings) / tree.files) * 1000).toFixed(0)} ms`,
      `${((cpuOf(timings) / tree.files) * 1000).toFixed(0)} ms`,
      `${peakOfAll(timings).toFixed(0)} MiB`,
    ]),
  );
}

/** The machine, as far as it bears on the numbers. */
function machine(peers: readonly Peer[]): string {
  const memory = Math.round(totalmem() / 2 ** 30);
  const versions = peers.flatMap((peer) => ("version" in peer ? [`${peer.name} ${peer.version}`] : []));
  return [cpus()[0]?.model ?? "unknown CPU", `${THREADS} threads`, `${memory} GiB`, `Linux ${release()}`, `Node ${process.versions.node}`, ...versions].join(", ");
}

/** Sections of tables by their headings. */
const sectionsOf = (text: string): ReadonlyMap<string, string> =>
  new Map(text.split(/^(?=## )/mu).filter((section) => section.startsWith("## ")).map((section) => [section.split("\n", 1)[0]!, section.trim()]));

/** The sections of a page with some of them measured anew, in the order in which they are measured. */
export function renewed(page: string, parts: readonly string[]): string {
  const [begin, end] = [`<!-- bench:`, "<!-- /bench -->"].map((mark) => page.indexOf(mark)) as [number, number];
  const sections = new Map([...sectionsOf(page.slice(begin, end)), ...sectionsOf(parts.join("\n\n"))]);
  return [...sections].sort(([a], [b]) => TITLES.indexOf(a.slice(3)) - TITLES.indexOf(b.slice(3))).map(([, text]) => text).join("\n\n");
}

/** What writes what stands between marks of the page. */
const WRITERS = { bench: "npm run bench -- --write", mistakes: "npx tsx bench/mistakes.ts --write" } as const;

/** Puts a table between the marks of a text. */
export function insert(text: string, content: string, name: keyof typeof WRITERS = "bench"): string {
  const [BEGIN, END] = [`<!-- ${name}: written by \`${WRITERS[name]}\` -->`, `<!-- /${name} -->`];
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`bench/README.md must hold ${BEGIN} and, below it, ${END}`);
  return `${text.slice(0, begin + BEGIN.length)}\n\n${content}\n\n${text.slice(end)}`;
}

class Bench {
  readonly #peers: ReadonlyMap<string, Extract<Peer, { readonly program: string }>>;

  constructor(
    peers: readonly Peer[],
    readonly rounds: number,
  ) {
    this.#peers = new Map(peers.flatMap((peer) => ("program" in peer ? [[peer.name, peer]] : [])));
  }

  async part(name: (typeof PARTS)[number]): Promise<string> {
    switch (name) {
      case "plain": return this.#plain();
      case "library": return this.#library();
      case "warm": return this.#warm();
      case "growth": return this.#growth();
      case "keystroke": return `## One keystroke\n\n${keystrokeTable(await measureKeystrokes(20), "As typed into an editor; see `bench/keystroke.ts`")}`;
    }
  }

  #commands(names: readonly string[], tree: Built): Command[] {
    return names.flatMap((name) => {
      const peer = this.#peers.get(name);
      return peer === undefined ? [] : [commandOf(peer, tree.root, tree.names, THREADS)];
    });
  }

  async #plain(): Promise<string> {
    if (!this.#peers.has("rg")) throw new Error("the measure of this part is ripgrep, which is not installed");
    const results = [];
    for (const tree of [await build(TREES.medium), await build(TREES.large)]) {
      results.push({ tree, timings: await takeTurns([...this.#commands(["rg"], tree), tool(tree.root)], this.rounds) });
    }
    return `## Trees without libwebsockets\n\n${slowdownTable("rg", `\`rg -j${THREADS} -l lws_\``, results)}`;
  }

  async #library(): Promise<string> {
    const parts: string[] = [];
    // Compilers need the headers of what they read: clang-query has them for the examples only.
    for (const [tree, names] of [[await build(TREES.library), ["rg", "ast-grep", "cppcheck"]], [await build(TREES.examples), ["rg", "ast-grep", "cppcheck", "clang-query"]]] as const) {
      const timings = await takeTurns([tool(tree.root), ...this.#commands(names, tree)], this.rounds);
      const [what, files, megabytes] = treeCells(tree);
      parts.push(`### ${what}: ${files} files, ${megabytes} MB\n\n${peerTable(tree, timings)}`);
    }
    return `## libwebsockets itself\n\n${parts.join("\n\n")}`;
  }

  async #warm(): Promise<string> {
    const location = join(CACHE, "facts");
    rmSync(location, { recursive: true, force: true });
    const results = [];
    for (const whole of [await build(TREES.library), await build(TREES.examples)]) {
      const twin = await withoutTraces(whole);
      const warm = tool(whole.root, "--cache", "--cache-location", location);
      await time(warm);
      results.push({ tree: whole, timings: await takeTurns([{ ...tool(twin.root), name: "search alone" }, warm], this.rounds) });
    }
    return `## A second run with \`--cache\`\n\n${slowdownTable("search alone", "search for traces alone", results)}`;
  }

  async #growth(): Promise<string> {
    const results = [];
    for (const size of SIZES) {
      const tree = await madeUp(size);
      const timings = await takeTurns([tool(tree.root, "--output-file", join(CACHE, "report.txt"))], Math.min(this.rounds, GROWTH_ROUNDS));
      results.push({ tree, timings: timings.get(TOOL)! });
    }
    return `## Growth\n\n${growthTable(results)}`;
  }
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      rounds: { type: "string", default: "9" },
      part: { type: "string", multiple: true, default: [] },
      "no-build": { type: "boolean", default: false },
      write: { type: "boolean", default: false },
    },
  });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error("--rounds takes a number");
  const unknown = values.part.filter((name) => !(PARTS as readonly string[]).includes(name));
  if (unknown.length > 0) throw new Error(`no such part: ${unknown.join(", ")}; there are ${PARTS.join(", ")}`);
  if (!values["no-build"]) {
    const { status } = spawnSync("npm", ["run", "build"], { cwd: repositoryRoot, stdio: ["ignore", "ignore", "inherit"] });
    if (status !== 0) throw new Error("npm run build failed");
  }
  mkdirSync(CACHE, { recursive: true });
  const peers = findPeers(CACHE);
  const missing = peers.flatMap((peer) => ("missing" in peer ? [`**${peer.name} took no part: ${peer.missing}.**`] : []));
  for (const line of missing) process.stderr.write(`${line}\n`);
  const bench = new Bench(peers, rounds);
  const parts: string[] = [];
  for (const name of PARTS) {
    if (values.part.length > 0 && !values.part.includes(name)) continue;
    const before = loadavg()[0]!;
    const measured = await bench.part(name);
    const text = measured.replace("\n\n", `\n\n${name === "keystroke" ? "" : `${name === "growth" ? Math.min(rounds, GROWTH_ROUNDS) : rounds} rounds. `}Load of the machine: ${before.toFixed(0)} before, ${loadavg()[0]!.toFixed(0)} after.\n\n`);
    process.stderr.write(`${text}\n\n`);
    parts.push(text);
  }
  const head = `${machine(peers)}. Ratios: median of the rounds (smallest–largest); of processor time: of all rounds together, in the program and in the system for it.`;
  process.stdout.write(`${[head, ...missing, ...parts].join("\n\n")}\n`);
  const readme = join(repositoryRoot, "bench", "README.md");
  const page = readFileSync(readme, "utf8");
  if (values.write) writeFileSync(readme, insert(page, [head, ...missing, renewed(page, parts)].join("\n\n")));
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
