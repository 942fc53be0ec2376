import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkout, gitDirectory, isPlainPath, parseRevisions } from "../../tools/corpus/checkout.js";
import { KIND_RULES, parseLabels, type Label } from "../../tools/corpus/labels.js";
import { byRule, match, tally } from "../../tools/corpus/match.js";
import { levels, report, score, unanswered } from "../../tools/corpus/score.js";
import { listSources, scan, type Finding } from "../../tools/ecosystem/engine.js";
import { fakeAnalyzer } from "./fake-analyzer.js";

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "lws-corpus-"))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, lines: readonly string[]): void {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${lines.join("\n")}\n`);
}

const label = (line: number, more: Partial<Label> = {}): Label => ({
  dir: "t",
  file: "a.c",
  line,
  kind: "K1",
  negative: false,
  certain: true,
  needs: [],
  why: "because",
  ...more,
});

const finding = (line: number, more: Partial<Finding> = {}): Finding => ({
  file: "a.c",
  line,
  column: 1,
  text: "x();",
  rule: "no-internal-api",
  severity: "error",
  message: "m",
  reasons: [],
  related: [],
  ...more,
});

const place = (file: string, line: number): Finding["related"][number] => ({ file, line, column: 1, text: "", message: "" });

describe("labels", () => {
  const good = { repo: "o/n", commit: "abc", dir: "t", file: "a.c", line: 3, kind: "K2", certain: false, why: "w" };

  it("reads kinds, negatives and what it takes to see them", () => {
    const text = [
      JSON.stringify({ ...good, via_helper: true, cross_file: true, conditional_compilation_involved: true }),
      "",
      JSON.stringify({ ...good, kind: "NEG", neg_for: "K7" }),
    ].join("\n");
    expect(parseLabels(text, "labels")).toEqual([
      { dir: "t", file: "a.c", line: 3, kind: "K2", negative: false, certain: false, needs: ["helper", "cross-file", "conditional"], why: "w" },
      { dir: "t", file: "a.c", line: 3, kind: "K7", negative: true, certain: false, needs: [], why: "w" },
    ]);
  });

  it.each([
    ["{", /^labels:2: not JSON/],
    ["[]", /^labels:2: `dir` must be/],
    ["3", /^labels:2: expected an object/],
    [JSON.stringify({ ...good, line: 0 }), /^labels:2: `line` must be/],
    [JSON.stringify({ ...good, kind: "K12" }), /^labels:2: `kind` must be one of K1,.*NEG/],
    [JSON.stringify({ ...good, kind: "NEG" }), /^labels:2: `neg_for` must be one of K1/],
    [JSON.stringify({ ...good, certain: undefined }), /^labels:2: `certain`/],
  ])("names the line of %s", (line, message) => {
    expect(() => parseLabels(`${JSON.stringify(good)}\n${line}`, "labels")).toThrow(message);
  });

  it("maps no rule to two kinds", () => {
    const rules = Object.values(KIND_RULES).flat();
    expect(new Set(rules).size).toBe(rules.length);
  });
});

describe("match", () => {
  it("answers a label by the finding's own line or by its evidence", () => {
    const labels = [label(10), label(20, { file: "b.c" }), label(30)];
    const result = match(labels, [finding(10), finding(99, { related: [place("b.c", 20)] })], 0);
    expect(result.found.map((one) => one.label.line)).toEqual([10, 20]);
    expect(result.missed.map((one) => one.line)).toEqual([30]);
    expect(result.noisy).toEqual([]);
  });

  it("asks for a rule of the kind", () => {
    const result = match([label(10)], [finding(10, { rule: "no-sync-kill" })], 0);
    expect(result.missed).toHaveLength(1);
    expect(result.noisy).toHaveLength(1);
  });

  it("allows for the tolerance, but not across another label of the kind", () => {
    expect(match([label(10)], [finding(12)], 2).found).toHaveLength(1);
    expect(match([label(10)], [finding(13)], 2).found).toHaveLength(0);
    const neighbours = match([label(10), label(12)], [finding(12)], 2);
    expect(neighbours.missed.map((one) => one.line)).toEqual([10]);
  });

  it("does not take a negative for reported when a path only passes through it", () => {
    const negative = label(10, { negative: true });
    expect(match([negative], [finding(40, { related: [place("a.c", 10)] })], 0).reported).toEqual([]);
    expect(match([negative], [finding(10)], 0).reported).toHaveLength(1);
    expect(match([negative], [finding(10)], 0).noisy).toEqual([]);
  });

  it("keeps findings on unlabelled files apart", () => {
    const result = match([label(10)], [finding(50), finding(3, { file: "other.c" })], 2);
    expect(result.noisy.map((one) => one.line)).toEqual([50]);
    expect(result.elsewhere.map((one) => one.file)).toEqual(["other.c"]);
  });

  it("counts by kind and certainty", () => {
    const labels = [label(1), label(10, { certain: false }), label(20, { negative: true }), label(30, { kind: "K7" })];
    expect(tally([match(labels, [finding(1), finding(20)], 0)])).toEqual([
      { kind: "K1", certain: { found: 1, missed: 0 }, debatable: { found: 0, missed: 1 }, negatives: { quiet: 0, reported: 1 } },
      { kind: "K7", certain: { found: 0, missed: 1 }, debatable: { found: 0, missed: 0 }, negatives: { quiet: 0, reported: 0 } },
    ]);
  });

  it("sorts rules by their number of findings", () => {
    const rules = byRule([finding(1, { rule: "b" }), finding(2, { rule: "a" }), finding(3, { rule: "b" }), finding(4, { rule: "c" })]);
    expect(rules.map(([rule]) => rule)).toEqual(["b", "a", "c"]);
  });
});

describe("score", () => {
  it("scans each tree by itself and reports places with their source", () => {
    write("trees/one/src/a.c", ["int f;", "BAD(no-internal-api);", "/* right */", "SEE(no-internal-api);"]);
    write("trees/two/b.c", ["BAD(no-sync-kill);", "", "", "", "BAD(no-sync-kill);"]);
    write("trees/two/notes.txt", ["BAD(no-sync-kill)"]);
    const labels = [
      label(2, { dir: "one", file: "src/a.c" }),
      label(1, { dir: "two", file: "b.c", kind: "K3", negative: true, why: "looks bad" }),
    ];
    const trees = score(fakeAnalyzer(), labels, join(folder, "trees"), {}, 2);
    expect(trees.map((tree) => [tree.dir, tree.match.found.length, tree.match.reported.length, tree.match.noisy.length])).toEqual([
      ["one", 1, 0, 0],
      ["two", 0, 1, 1],
    ]);
    const text = report(trees, true);
    expect(text).toMatch(/K1 {2}internal API +1\/1/);
    expect(text).toMatch(/negatives reported \(1\)\n {2}K3 two\/b\.c:1\n {6}looks bad\n {2}two\/b\.c:1 no-sync-kill/);
    expect(text).toContain("noisy, on labelled files: no-sync-kill (1)\n  two/b.c:5 no-sync-kill: `BAD` is bad\n      BAD(no-sync-kill);");
    expect(text).toContain("2 trees, 2 files");
  });

  it("does not hold labels against an engine that has no rule for them", () => {
    write("trees/four/a.c", ["int x;"]);
    const labels = [label(1, { dir: "four", kind: "K1" }), label(1, { dir: "four", kind: "K8" })];
    const without = unanswered(levels(fakeAnalyzer(), []));
    expect([...without]).toContain("K8");
    const text = report(score(fakeAnalyzer(), labels, join(folder, "trees"), {}, 0), false, without);
    expect(text).toMatch(/K8 {2}blocking call +no rule runs, 1 labels/);
    expect(text).toContain("missed, certain (1)");
  });

  it("says which trees and labelled files are missing", () => {
    expect(() => score(fakeAnalyzer(), [label(1, { dir: "none" })], folder, {}, 0)).toThrow(/not in .*\n {2}none\n.*checkout/);
    write("trees/three/c.c", [""]);
    const absent = [label(1, { dir: "three", file: "d.c" })];
    expect(() => score(fakeAnalyzer(), absent, join(folder, "trees"), {}, 0)).toThrow(/not there:\n {2}three\/d\.c/);
  });

  it("runs the rules it is told to run", () => {
    const on = levels(fakeAnalyzer(), ["no-sync-kill"]);
    expect(on).toEqual({ "no-internal-api": "off", "no-sync-kill": "error", "no-context-destroy-in-callback": "off" });
    expect(new Set(Object.values(levels(fakeAnalyzer(), [])))).toEqual(new Set(["error"]));
    expect(() => levels(fakeAnalyzer(), ["no-such"])).toThrow("no such rule: no-such");
  });
});

describe("scan", () => {
  it("keeps crashes of the engine and goes on", () => {
    write("crash/a.c", ["THROW"]);
    write("crash/b.c", ["BAD(no-sync-kill);"]);
    const result = scan(fakeAnalyzer(), join(folder, "crash"));
    expect(result.crashes).toEqual([{ file: "a.c", error: expect.stringContaining("fell over") as string }]);
    expect(result.findings.map((one) => one.file)).toEqual(["b.c"]);
    expect(result.files).toBe(2);
  });

  it("lists C and C++ files below a folder, without what git keeps", () => {
    for (const file of ["x.c", "y.txt", "z/w.CPP", "z/.git/v.c"]) write(`list/${file}`, [""]);
    expect(listSources(join(folder, "list"))).toEqual(["x.c", "z/w.CPP"]);
  });
});

describe("checkout", () => {
  const run = (...args: string[]): string =>
    execFileSync("git", ["-C", join(folder, "work"), "-c", "user.name=t", "-c", "user.email=t@t.invalid", ...args]).toString().trim();

  it("writes the C files of a commit byte for byte, and nothing else", async () => {
    write("work/src/a.c", ["/* $Id$ */", "two\r"]);
    write("work/.gitattributes", ["*.c ident export-ignore"]);
    write("work/readme.md", ["no"]);
    run("init", "-q");
    run("-c", "core.autocrlf=false", "add", ".");
    run("commit", "-qm", "first");
    const commit = run("rev-parse", "HEAD");
    const stored = execFileSync("git", ["-C", join(folder, "work"), "cat-file", "blob", `${commit}:src/a.c`]).toString();
    write("work/src/a.c", ["changed"]);
    const out = join(folder, "out", "tree");
    const git = gitDirectory(folder, "work");
    expect(git).toBe(join(folder, "work/.git"));
    expect(await checkout(git ?? "", commit, out)).toBe(1);
    expect(listSources(out)).toEqual(["src/a.c"]);
    expect(execFileSync("cat", [join(out, "src/a.c")]).toString()).toBe(stored);
  });

  it("fails for a commit that is not there and leaves no half tree", async () => {
    const out = join(folder, "out", "none");
    await expect(checkout(join(folder, "work/.git"), "0".repeat(40), out)).rejects.toThrow(/git ls-tree failed/);
    expect(gitDirectory(folder, "owner/name")).toBeUndefined();
  });

  it("reads the list of revisions and names bad lines", () => {
    const line = `o/n\t${"a".repeat(40)}\to+n`;
    expect(parseRevisions(`repo\tcommit\tdir\n${line}\n`, "list")).toEqual([{ repo: "o/n", commit: "a".repeat(40), dir: "o+n" }]);
    expect(() => parseRevisions(`${line}\nx\ty\n`, "list")).toThrow(/^list:2: expected three/);
    expect(() => parseRevisions("o/n\t--help\td", "list")).toThrow("is not a commit id");
    expect(() => parseRevisions(`o/n\t${"a".repeat(40)}\t../d`, "list")).toThrow("is not a plain folder name");
  });

  it.each(["a/../b", "/a", "a//b", ".git/config", "a/.GIT/b", "a\\b", ""])("refuses %s as a path", (path) => {
    expect(isPlainPath(path)).toBe(false);
  });
});
