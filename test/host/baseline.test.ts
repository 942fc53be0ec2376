/** `--baseline`: what is known is not reported, wherever it has moved; what is new is. */
import { Ajv } from "ajv";
import { existsSync, readdirSync, readFileSync, renameSync, statSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { project, realAnalyzer, run, runJson, type Project, type RunOptions } from "./harness.js";

const read = (name: string): object => JSON.parse(readFileSync(new URL(`../../schemas/${name}.schema.json`, import.meta.url), "utf8")) as object;
const findingsSchema = read("findings");
const schema = read("baseline");

const withBaseline = ["--baseline", "base.json"];
const update = (p: Project, more: readonly string[] = [], options: Partial<RunOptions> = {}) =>
  run([...withBaseline, "--update-baseline", ...more], { cwd: p.root, ...options });

interface Entry {
  readonly rule: string;
  readonly file: string;
  readonly function?: string;
  readonly code: string;
  readonly count?: number;
}

const entries = (p: Project): readonly Entry[] => {
  const value = JSON.parse(p.read("base.json")) as { findings: Entry[] };
  const validate = new Ajv().compile(schema);
  validate(value);
  expect(validate.errors ?? []).toEqual([]);
  return value.findings;
};

/** Lines of the findings that are reported, and what the summary says of the baseline. */
const reported = async (p: Project, more: readonly string[] = []) => {
  const { code, json } = await runJson([...withBaseline, ...more], { cwd: p.root });
  const validate = new Ajv({ strict: false }).compile(findingsSchema);
  validate(json);
  expect(validate.errors ?? []).toEqual([]);
  const { baseline } = json.summary as unknown as { baseline: { known: number; stale: number } };
  return { code, lines: json.findings.map(({ file, line }) => `${file}:${line}`), known: baseline.known, stale: baseline.stale };
};

const CLEAN = { code: 0, lines: [], stale: 0 };

describe("--update-baseline", () => {
  it("writes what there is and reports none of it", async () => {
    const p = project({ "b.c": "lws_odd();\nlws_bad();\n", "a.c": "lws_bad();\n\tlws_bad();\n" });
    const { code, stdout } = await update(p);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^No findings in 2 files analyzed of 2 files seen .*\nBaseline base\.json holds 4 findings: 4 added, 0 removed\.\n/u)]);
    expect(entries(p)).toMatchObject([
      { rule: "lws/no-bad", file: "a.c", code: "lws_bad", count: 2 },
      { rule: "lws/no-bad", file: "b.c", code: "lws_bad" },
      { rule: "lws/no-odd", file: "b.c", code: "lws_odd" },
    ]);
    expect(await reported(p)).toEqual({ ...CLEAN, known: 4 });
    // One finding a line, so that version control can merge it.
    expect(p.read("base.json").split("\n").filter((line) => line.includes('"rule"'))).toHaveLength(3);
  });

  it("writes nothing when nothing changed, and leaves no file behind", async () => {
    const p = project({ "a.c": "lws_bad();\n" });
    await update(p);
    const before = statSync(path.join(p.root, "base.json")).ino;
    expect((await update(p)).stdout).toContain("holds 1 finding: 0 added, 0 removed.");
    expect(statSync(path.join(p.root, "base.json")).ino).toBe(before);
    expect(readdirSync(p.root).sort()).toEqual(["a.c", "base.json"]);
  });

  it("keeps entries of files the run did not look at, drops those of files that are gone", async () => {
    const p = project({ "src/a.c": "lws_bad();\n", "lib/b.c": "lws_bad();\n" });
    await update(p);
    p.write("src/a.c", "lws_odd();\n");
    p.write("lib/b.c", "int x;\n");
    expect((await update(p, ["src"])).stdout).toContain("holds 1 finding: 1 added, 1 removed.");
    expect(entries(p).map(({ file, rule }) => `${file} ${rule}`)).toEqual(["lib/b.c lws/no-bad", "src/a.c lws/no-odd"]);
    expect(await reported(p, ["src"])).toEqual({ ...CLEAN, known: 1 });
    expect(await reported(p)).toEqual({ ...CLEAN, known: 1, stale: 1 });
    await update(p);
    expect(entries(p)).toHaveLength(1);
  });

  it("holds warnings although --quiet does not show them, and what is left after fixes", async () => {
    const p = project({ "a.c": "lws_bad();\nlws_odd();\n" });
    await update(p, ["--quiet", "--fix"]);
    expect(p.read("a.c")).toBe("lws_good();\nlws_odd();\n");
    expect(entries(p)).toMatchObject([{ rule: "lws/no-odd" }]);
  });

  it("leaves the file alone when something that was named is not there", async () => {
    const p = project({ "a.c": "lws_bad();\n" });
    expect((await update(p, [".", "nowhere"])).code).toBe(2);
    expect(existsSync(path.join(p.root, "base.json"))).toBe(false);
  });

  it("is written relative to its own folder", async () => {
    const p = project({ "src/a.c": "lws_bad();\n" });
    await run(["--baseline", "../ci/base.json", "--update-baseline"], { cwd: path.join(p.root, "src") });
    expect(p.read("ci/base.json")).toContain('"file":"../src/a.c"');
    expect((await run(["--baseline", "ci/base.json"], { cwd: p.root })).code).toBe(0);
  });
});

describe("--baseline", () => {
  const known = async (text: string): Promise<Project> => {
    const p = project({ "a.c": text });
    await update(p);
    return p;
  };

  it("recognises what moved: lines, indentation, line ends", async () => {
    const p = await known("lws_bad();\nint x;\nlws_odd();\n");
    p.write("a.c", "/* new */\r\n\r\n    lws_odd ( );\r\n\tint x;\r\n  lws_bad();\r\n");
    expect(await reported(p)).toEqual({ ...CLEAN, known: 2 });
  });

  it("counts: of two equal findings, one in the baseline, one is new", async () => {
    const p = await known("lws_bad();\n");
    p.write("a.c", "lws_bad();\nlws_bad();\n");
    expect(await reported(p)).toEqual({ code: 1, lines: ["a.c:2"], known: 1, stale: 0 });
    p.write("a.c", "int x;\n");
    expect(await reported(p)).toEqual({ ...CLEAN, known: 0, stale: 1 });
  });

  it("tells other rules, other code and other files apart", async () => {
    const p = await known("lws_bad();\n");
    p.write("a.c", "lws_odd();\n");
    p.write("b.c", "lws_bad();\n");
    expect(await reported(p)).toEqual({ code: 1, lines: ["a.c:1", "b.c:1"], known: 0, stale: 1 });
  });

  it("follows a file that got another name", async () => {
    const p = await known("lws_bad();\nlws_odd();\n");
    renameSync(path.join(p.root, "a.c"), path.join(p.root, "z.c"));
    expect(await reported(p)).toEqual({ ...CLEAN, known: 2 });
    p.write("y.c", "lws_bad();\n");
    expect(await reported(p)).toEqual({ code: 1, lines: ["z.c:1"], known: 2, stale: 0 });
  });

  it("says what matches nothing any more", async () => {
    const p = await known("lws_bad();\nlws_odd();\nlws_odd();\n");
    p.write("a.c", "lws_bad();\n");
    const { stdout, code } = await run(withBaseline, { cwd: p.root });
    expect(code).toBe(0);
    expect(stdout).toContain("1 known finding of base.json not reported.\n2 entries of base.json match nothing any more (`--update-baseline` removes what is gone).\n");
  });

  it("goes with --max-warnings, --fix, other formats and standard input", async () => {
    const p = await known("lws_odd();\nlws_bad();\n");
    p.write("a.c", "lws_odd();\nlws_odd();\nlws_bad();\n");
    expect((await reported(p, ["--max-warnings", "0"])).code).toBe(1);
    expect((await reported(p, ["--max-warnings", "1"])).code).toBe(0);
    // Only what is reported is fixed.
    const fixed = await run([...withBaseline, "--fix-suggestions"], { cwd: p.root });
    expect([fixed.code, p.read("a.c")]).toEqual([0, "lws_odd();\nlws_even();\nlws_bad();\n"]);
    const sarif = await run([...withBaseline, "--format", "sarif"], { cwd: p.root });
    expect(JSON.parse(sarif.stdout)).toMatchObject({ runs: [{ results: [] }] });
    const stdin = await run([...withBaseline, "--stdin", "--stdin-filename", "a.c"], { cwd: p.root, stdin: "lws_bad();\n" });
    expect([stdin.code, stdin.stdout]).toEqual([0, expect.stringContaining("1 known finding of base.json not reported")]);
  });

  it("adds up in shards", async () => {
    const p = project(Object.fromEntries(Array.from({ length: 8 }, (_, index) => [`${index}.c`, "lws_bad();\n"])));
    await update(p);
    for (const gone of [1, 3, 6]) p.write(`${gone}.c`, "int x;\n");
    p.write("new.c", "lws_odd();\n");
    const whole = await run([...withBaseline, "--format", "json:whole.json"], { cwd: p.root });
    for (const index of [1, 2, 3]) await run([...withBaseline, "--shard", `${index}/3`, "--format", `json:${index}.json`], { cwd: p.root });
    const merged = await run(["merge", "1.json", "2.json", "3.json"], { cwd: p.root });
    const summary = (text: string) => (JSON.parse(text) as { summary: { baseline: object } }).summary.baseline;
    expect(summary(merged.stdout)).toEqual({ file: "base.json", known: 5, stale: 3 });
    expect(summary(p.read("whole.json"))).toEqual(summary(merged.stdout));
    expect(merged.code).toBe(whole.code);
  });

  it("follows functions and ways through files, with the engine itself", async () => {
    const analyzer = await realAnalyzer();
    const callback = (name: string, body: string): string =>
      `#include <libwebsockets.h>\nvoid drop(struct lws *wsi);\nstatic int ${name}(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)\n{\n\tif (reason == LWS_CALLBACK_RECEIVE)\n\t\t${body}\n\treturn 0;\n}\nconst struct lws_protocols protocols[] = { { "p", ${name}, 0, 0 }, { 0, 0, 0, 0 } };\n`;
    const helper = "#include <libwebsockets.h>\nvoid drop(struct lws *wsi)\n{\n\tlws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_SYNC);\n}\n";
    const p = project({ "main.c": callback("on_event", "drop(wsi);"), "util.c": helper });
    const check = async (): Promise<readonly [number, string]> => {
      const { code, stdout } = await run([...withBaseline, "--format", "text"], { cwd: p.root, analyzer });
      return [code, stdout];
    };
    await update(p, [], { analyzer });
    expect(entries(p)).toMatchObject([{ rule: "lws/no-sync-kill", file: "main.c", function: "on_event", code: "drop(wsi)" }]);
    // The helper is edited and moved, the callback renamed, the call broken over lines.
    p.write("util.c", "int unused;\n");
    p.write("helper.c", helper.replace("PENDING_TIMEOUT_USER_OK", "PENDING_TIMEOUT_CLOSE_SEND"));
    p.write("main.c", callback("on_lws", "drop(\n\t\t\twsi);"));
    expect(await check()).toEqual([0, expect.stringContaining("1 known finding")]);
    // Another way to close it is another finding.
    p.write("main.c", callback("on_lws", "{ drop(wsi); lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_SYNC); }"));
    const [code, stdout] = await check();
    expect([code, stdout.match(/ error: /gu)?.length]).toEqual([1, 1]);
  });

  it.each([
    ["", "base.json: there is no such baseline; `--update-baseline` writes one."],
    ["{", "base.json:1:2: "],
    ["[]", "base.json:1:1: is no baseline: it must hold one object."],
    ['{ "findings": [] }', "`version` is missing"],
    ['{\n"version": 2, "findings": [] }', "base.json:2:12: is a baseline of version 2; this release reads version 1."],
    ['{ "version": 1 }', "`findings` must be an array"],
    ['{ "version": 1, "findings": [{ "rule": "lws/x", "file": 3 }] }', "`file` of a finding must be a string"],
    ['{ "version": 1, "findings": [{ "rule": "lws/x", "file": "a.c", "code": "", "trace": "", "count": 0 }] }', "`count` must be a whole number from 1 on"],
    ["<<<<<<< HEAD\n", "base.json:1:1: "],
  ])("explains what is wrong with the file %j", async (content, message) => {
    const p = project({ "a.c": "lws_bad();\n" });
    if (content !== "") p.write("base.json", content);
    const { code, stdout, stderr } = await run(withBaseline, { cwd: p.root });
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(message);
  });

  it.each([
    [["--update-baseline"], "--update-baseline needs --baseline FILE"],
    [[...withBaseline, "--update-baseline", "--since", "HEAD"], "cannot be combined with --since"],
    [[...withBaseline, "--update-baseline", "--stdin"], "cannot be combined with --stdin"],
    [[...withBaseline, "--update-baseline", "--shard", "1/2"], "cannot be combined with --shard"],
    [[...withBaseline, "--update-baseline", "--fix-dry-run"], "cannot be combined with --fix-dry-run"],
    [["--baseline", "folder", "--update-baseline"], "folder: the baseline cannot be read: is a folder."],
  ])("explains what is wrong with %j", async (args, message) => {
    const { code, stderr } = await run(args, { cwd: project({ "a.c": "lws_bad();\n", "folder/x": "" }).root });
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});
