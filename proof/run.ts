/**
 * Shows that what the rules report does happen, and that it is gone once `lws-lint` has fixed it.
 *
 *     npm run proof            npx tsx proof/run.ts [rule …]
 *
 * Each `RULE/bad.c` is built with AddressSanitizer against the installed libwebsockets and run; then a copy that the analyzer has fixed (with
 * `--fix-suggestions` where `--fix` alone changes nothing) is built and run. Fails when the first does not misbehave or the second is not
 * clean. A rule that has no fix has a twin written by hand, `RULE/good.c`. Everything stays on 127.0.0.1 and ends within seconds. `LWS_PREFIX=/path` takes a libwebsockets installed there instead.
 */
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { Analyzer } from "../src/analyzer.js";
import type { Fix, TextEdit } from "../src/diagnostics/diagnostic.js";

const HERE = path.dirname(fileURLToPath(import.meta.url));

export interface Outcome {
  readonly clean: boolean;
  /** What happened, in words for a table. */
  readonly text: string;
}

export interface Proof {
  readonly rule: string;
  readonly before: Outcome;
  readonly after: Outcome;
  readonly fixedWith: "--fix" | "--fix-suggestions" | "by hand" | "nothing";
}

const EXITS: Readonly<Record<number, string>> = {
  10: "no set-up",
  11: "no close within 2 s",
  12: "spins: 10000 turns of the loop",
  13: "the loop does not end",
  16: "the header is gone",
  14: "the loop is late: it was not woken, or kept from its work",
  15: "no answer: the connection is gone or waits for ever",
  17: "a message is misread",
  18: "what counts as sent never arrives",
  19: "a connection that was refused is established",
  20: "memory grows with what the peer does not take",
  21: "the peer drops the connection",
  22: "the answer is wrong",
};

const prefix = process.env["LWS_PREFIX"];
const buildFlags = prefix === undefined ? [] : [`-I${prefix}/include`, `-L${prefix}/lib`, `-Wl,-rpath,${prefix}/lib`];

/** Rules that no run shows: Secure Streams, which Debian's package does not have. Their pages name a source instead. */
export const WITHOUT_PROOF: readonly string[] = [
  "no-ignored-ss-result",
  "no-ss-destroy-in-handler",
  "no-ss-transient-metadata",
  "require-ss-tx-flags",
  "valid-ss-return",
];

export const rulesWithProof = (): string[] =>
  readdirSync(HERE)
    .filter((name) => existsSync(path.join(HERE, name, "bad.c")))
    .sort();

/** The release that is proved against; undefined without gcc or header. */
export function release(): string | undefined {
  const run = spawnSync("gcc", ["-E", "-dM", ...buildFlags, "-include", "libwebsockets.h", "-x", "c", "/dev/null"], { encoding: "utf8", maxBuffer: 1 << 26 });
  return run.status === 0 ? /#define LWS_LIBRARY_VERSION "([\d.]+)/.exec(run.stdout)?.[1] : undefined;
}

function buildAndRun(source: string, folder: string): Outcome {
  const program = path.join(folder, path.basename(source, ".c"));
  const build = spawnSync("gcc", ["-g", "-Wall", "-Wno-unused", "-fsanitize=address", "-o", program, ...buildFlags, source, "-lwebsockets", "-lpthread"], { encoding: "utf8" });
  if (build.status !== 0) return { clean: false, text: `does not compile: ${/error: (.*?)(?:;|$)/m.exec(build.stderr)?.[1] ?? build.stderr.slice(0, 200)}` };
  const run = spawnSync(program, [], {
    encoding: "utf8",
    timeout: 20_000,
    killSignal: "SIGKILL",
    // Freed memory is overwritten, so that a library without sanitizer does not get away with using it.
    env: { ...process.env, ASAN_OPTIONS: "detect_leaks=1:max_free_fill_size=65536:free_fill_byte=165", LSAN_OPTIONS: "" },
  });
  const asan = /AddressSanitizer: (SEGV|[\w-]+)|LeakSanitizer: (detected memory leaks)|(Assertion .*? failed)/.exec(run.stderr);
  if (asan) return { clean: false, text: asan[2] ? "the context leaks" : asan[3] ?? (asan[1] === "SEGV" ? "crash (SEGV)" : `AddressSanitizer: ${asan[1]!}`) };
  if (run.signal !== null) return { clean: false, text: `killed by ${run.signal}` };
  if (run.status !== 0) return { clean: false, text: EXITS[run.status ?? -1] ?? `exit code ${run.status}` };
  return run.stdout.includes("done") ? { clean: true, text: "clean" } : { clean: false, text: "ended without being done" };
}

/** Applies fixes as the command line does. */
async function fix(file: string, kinds: readonly Fix["kind"][]): Promise<string> {
  const analyzer = await Analyzer.create();
  let text = readFileSync(file, "utf8");
  for (let round = 0; round < 10; round++) {
    const run = analyzer.start();
    run.add({ path: file, content: text });
    const edits: TextEdit[] = [];
    for (const { fixes } of run.finish().diagnostics) {
      const chosen = fixes.find(({ kind }) => kinds.includes(kind));
      if (chosen && !chosen.edits.some(({ span }) => edits.some((other) => span.start < other.span.end && other.span.start < span.end))) edits.push(...chosen.edits);
    }
    if (edits.length === 0) break;
    for (const { span, newText } of edits.sort((a, b) => b.span.start - a.span.start)) text = text.slice(0, span.start) + newText + text.slice(span.end);
  }
  return text;
}

/** The program without its mistake, and who took it out. */
export async function fixedText(rule: string): Promise<{ readonly text: string; readonly fixedWith: Proof["fixedWith"] }> {
  const bad = path.join(HERE, rule, "bad.c");
  const original = readFileSync(bad, "utf8");
  const safe = await fix(bad, ["safe"]);
  if (safe !== original) return { text: safe, fixedWith: "--fix" };
  const suggested = await fix(bad, ["safe", "suggestion"]);
  if (suggested !== original) return { text: suggested, fixedWith: "--fix-suggestions" };
  const good = path.join(HERE, rule, "good.c");
  return existsSync(good) ? { text: readFileSync(good, "utf8"), fixedWith: "by hand" } : { text: original, fixedWith: "nothing" };
}

export async function prove(rule: string): Promise<Proof> {
  const folder = mkdtempSync(path.join(tmpdir(), "lws-lint-proof-"));
  try {
    const bad = path.join(HERE, rule, "bad.c");
    mkdirSync(path.join(folder, rule));
    for (const header of readdirSync(HERE).filter((name) => name.endsWith(".h"))) copyFileSync(path.join(HERE, header), path.join(folder, header));
    const copy = path.join(folder, rule, "bad.c");
    copyFileSync(bad, copy);
    const before = buildAndRun(copy, folder);

    const { text, fixedWith } = await fixedText(rule);
    const fixed = path.join(folder, rule, "fixed.c");
    writeFileSync(fixed, text);
    const after = buildAndRun(fixed, folder);
    return { rule, before, after, fixedWith };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] !== undefined && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const version = release();
  if (version === undefined) {
    console.log("SKIPPED: gcc or libwebsockets-dev missing");
  } else {
    const asked = process.argv.slice(2);
    const rows: string[][] = [["rule", "before", "fixed with", "after", "release"]];
    for (const rule of asked.length > 0 ? asked : rulesWithProof()) {
      const proof = await prove(rule);
      rows.push([rule, proof.before.text, proof.fixedWith, proof.after.text, version]);
      if (proof.before.clean || !proof.after.clean) process.exitCode = 1;
    }
    const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
    for (const row of rows) console.log(row.map((cell, column) => cell.padEnd(widths[column]!)).join("  ").trimEnd());
  }
}
