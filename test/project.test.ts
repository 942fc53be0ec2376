/** A project that is edited says what a fresh run over the same files says. */
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Analyzer, type Analysis, type AnalyzerOptions } from "../src/analyzer.js";
import { analyzeFile } from "../src/engine/local-phase.js";
import { nameHash } from "../src/source/name-outline.js";
import { edit, edited } from "./edits.js";

const analyzer = await Analyzer.create();
const corpus = readdirSync("fixtures", { recursive: true, encoding: "utf8" })
  .filter((name) => /\.(?:c|cpp|h|hpp|inc)$/.test(name))
  .sort()
  .map((name) => [name, readFileSync(`fixtures/${name}`, "utf8")] as const);

// Rules that are off by default as well, and comments that suppress nothing.
const options: AnalyzerOptions = { rules: Object.fromEntries(analyzer.rules.map(({ id }) => [id, "warn"])), reportUnusedSuppressions: true };

const told = ({ diagnostics, suppressed, problems, stats }: Analysis): unknown => ({ diagnostics, suppressed, problems, stats });

/** @param leavesOut what is left out of some files, which count without a trace of the library, too */
function fresh(files: ReadonlyMap<string, string>, leavesOut: ReadonlyMap<string, readonly number[]> = new Map()): unknown {
  const run = analyzer.start(options);
  for (const path of [...files.keys()].sort()) {
    const content = files.get(path)!;
    const names = leavesOut.get(path);
    run.add({ path, content, ...(names && { result: analyzeFile(path, content, { isChosen: true, leavesOut: names }) }) });
  }
  return told(run.finish());
}

/** One file in two is edited again and again, as in an editor; others come and go. */
const step = fc.record({ file: fc.nat(), edit, kind: fc.constantFrom("edit", "edit", "edit", "edit", "undo", "remove", "add"), leavesOut: fc.constantFrom(0, 0, 0, 1, 2, 3) });

/** Hashes of the names of every second function of a file, of all or of none; `undefined` where the file is to be read like any other. */
function someFunctions(text: string, which: number): readonly number[] | undefined {
  const names = [...new Set([...text.matchAll(/^[\w \t*:]*\b(\w+)\([^;{}]*\)\s*\{/gm)].map((found) => found[1]!))];
  return which === 0 ? undefined : names.filter((_, i) => which === 3 || i % 2 === which % 2).map(nameHash);
}

describe.each(["c", "cpp"])("files of %s", (language) => {
  const files = corpus.filter(([name]) => (language === "c") === /\.(?:c|h|inc)$/.test(name));
  // Programs of several files have a folder of their own.
  const folders = [...new Set(files.map(([name]) => name.slice(0, name.lastIndexOf("/"))))];

  const after = (isWhole: boolean): void => {
    fc.assert(
      fc.property(fc.subarray(folders, { minLength: 1, maxLength: 3 }), fc.array(step, { minLength: 3, maxLength: 8 }), (chosen, steps) => {
        const all = files.filter(([name]) => chosen.includes(name.slice(0, name.lastIndexOf("/")))).slice(0, 24);
        const current = new Map(all);
        const left = new Map<string, readonly number[]>();
        const project = analyzer.project(options);
        for (const [path, text] of current) project.update(path, text);
        project.analyze();
        const edits = all.filter((_, i) => i % Math.ceil(all.length / 2) === 0);
        for (const { file, kind, edit: one, leavesOut } of steps) {
          const [path, original] = kind === "edit" || kind === "undo" ? edits[file % edits.length]! : all[file % all.length]!;
          if (kind === "remove") {
            current.delete(path);
            project.remove(path);
          } else {
            const text = kind === "edit" ? edited(current.get(path) ?? original, one) : original;
            const names = isWhole ? undefined : someFunctions(text, leavesOut);
            current.set(path, text);
            if (names) left.set(path, names);
            else left.delete(path);
            project.update(path, text, names);
          }
          expect(told(project.analyze())).toEqual(fresh(current, left));
        }
      }),
      { numRuns: Number(process.env["RUNS"] ?? 10) },
    );
  };

  test("after random edits, files that go and files that come back", () => after(true));

  test("and with functions left out and taken in again", () => after(false));
});

test("calls, tables, entry points and links follow an edit in another file", () => {
  const files = new Map([
    ["a.c", `#include <libwebsockets.h>
#include "b.h"
static int callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len) {
  switch (reason) { case LWS_CALLBACK_RECEIVE: helper(wsi); break; default: break; }
  return 0;
}
static const struct lws_protocols protocols[] = { { "a", callback, 0, 0 }, { 0 } };
`],
    ["b.c", "#include <libwebsockets.h>\n#include \"b.h\"\nvoid helper(struct lws *wsi) { }\n"],
    ["b.h", "struct lws;\nvoid helper(struct lws *wsi);\n"],
  ]);
  const project = analyzer.project();
  for (const [path, text] of files) project.update(path, text);
  const after = (path: string, from: string, to: string): number => {
    files.set(path, files.get(path)!.replace(from, to));
    project.update(path, files.get(path)!);
    const run = analyzer.start();
    for (const [name, content] of files) run.add({ path: name, content });
    const analysis = project.analyze();
    expect(told(analysis)).toEqual(told(run.finish()));
    return analysis.diagnostics.length;
  };
  expect(project.analyze().diagnostics).toEqual([]);
  expect(after("b.c", "{ }", "{ lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_SYNC); }")).toBe(1);
  expect(after("b.c", "lws_set", "\n\n  lws_set")).toBe(1);
  expect(after("a.c", "helper(wsi)", "other(wsi)")).toBe(0);
  expect(after("a.c", "other(wsi)", "helper(wsi)")).toBe(1);
  expect(after("b.c", "helper", "renamed")).toBe(0);
  expect(after("a.c", "helper", "renamed")).toBe(1);
  expect(after("a.c", "return 0;", "/* { */ return 0;")).toBe(1);
  expect(after("a.c", "case LWS_CALLBACK_RECEIVE: ", "case LWS_CALLBACK_RECEIVE: /* ")).toBe(0);
});

test("bytes that were changed in place are read again", () => {
  const bytes = readFileSync("fixtures/no-sync-kill/before-3.2.c");
  const project = analyzer.project();
  project.update("a.c", bytes);
  const before = project.analyze().diagnostics.length;
  bytes.fill(" ");
  project.update("a.c", bytes);
  expect(before).toBeGreaterThan(0);
  expect(project.analyze().diagnostics).toEqual([]);
});
