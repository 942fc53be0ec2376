import { Ajv } from "ajv";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { fakeAnalyzer, project, run, runJson } from "./harness.js";

const USES = "lws_bad(); lws_odd();\n";
const CONFIG = "lws-lint.config.json";

describe("configuration files", () => {
  it("are searched upwards; the nearest wins, lists add up, `root` ends the search", async () => {
    const p = project({
      [CONFIG]: JSON.stringify({
        rules: { "no-odd": "error", "lws/no-bad": "off" },
        callbacks: ["outer"],
        lwsVersion: "4.1",
      }),
      [`in/${CONFIG}`]: JSON.stringify({
        rules: { "no-bad": 1 },
        callbacks: ["inner"],
        threadEntries: ["worker"],
        lwsVersion: "4.3.2",
      }),
      [`in/root/${CONFIG}`]: JSON.stringify({ root: true }),
      "in/a.c": USES,
      "in/root/a.c": USES,
    });
    const analyzer = fakeAnalyzer();
    await run(["a.c"], { cwd: `${p.root}/in`, analyzer });
    await run(["a.c"], { cwd: `${p.root}/in/root`, analyzer });
    expect(analyzer.runs).toMatchObject([
      {
        rules: { "no-bad": "warn", "no-odd": "error" },
        callbacks: ["outer", "inner"],
        threadEntries: ["worker"],
        lwsVersion: "4.3.2",
        eslintComments: true,
      },
      { rules: {}, callbacks: [], threadEntries: [] },
    ]);
  });

  it("can be named, left out, and are outranked by --rule", async () => {
    const p = project({
      [CONFIG]: "not even JSON",
      "other.json": JSON.stringify({ rules: { "no-bad": "off" } }),
      "a.c": USES,
    });
    const analyzer = fakeAnalyzer();
    const options = { cwd: p.root, analyzer };
    await run(["--config", "other.json", "--rule", "lws/no-odd:2"], options);
    await run(["--config", "other.json", "--rule", "no-bad:warn", "--rule", "no-bad:error"], options);
    await run(["--no-config"], options);
    expect(analyzer.runs.map(({ rules }) => rules)).toEqual([
      { "no-bad": "off", "no-odd": "error" },
      { "no-bad": "error" },
      {},
    ]);
  });

  it.each([
    ["syntax", '{\n  "rules": {,}\n}', `${CONFIG}:2:13: Expected a key in double quotes.`],
    ["a comma too many", '{ "ignores": ["a",] }', `${CONFIG}:1:19: A comma must not stand before \`]\`.`],
    ["comments", "{ // no\n}", `${CONFIG}:1:3: Comments are not part of JSON.`],
    ["the end missing", '{ "root": true', `${CONFIG}:1:15: Expected`],
    ["an open string", '{ "root', `${CONFIG}:1:3: This string is not closed`],
    ["a key twice", '{ "root": true, "root": true }', `${CONFIG}:1:17: \`root\` is given twice.`],
    ["no object", "[]", `${CONFIG}:1:1: The file must hold one object.`],
    ["an unknown key", '{ "rule": {} }', `${CONFIG}:1:3: at \`rule\`: There is no such key. Did you mean \`rules\`?`],
    [
      "a wrong level",
      '{ "rules": { "no-bad": "fatal" } }',
      `${CONFIG}:1:24: at \`rules["no-bad"]\`: A level is \`off\``,
    ],
    ["a wrong type", '{ "ignores": "x" }', `${CONFIG}:1:14: at \`ignores\`: Must be an array of strings.`],
    ["a wrong item", '{ "ignores": ["x", 1] }', `${CONFIG}:1:20: at \`ignores[1]\`: Must be a string.`],
    [
      "a wrong name",
      '{ "callbacks": ["f()"] }',
      `${CONFIG}:1:17: at \`callbacks[0]\`: Must be the name of a C function.`,
    ],
    ["a wrong release", '{ "lwsVersion": "v4" }', `${CONFIG}:1:17: at \`lwsVersion\`: A release is written as`],
    ["a wrong root", '{ "root": 1 }', `${CONFIG}:1:11: at \`root\`: Must be \`true\` or \`false\`.`],
    [
      "an unknown rule",
      '{\n "rules": {\n  "lws/no-bat": 2 } }',
      `${CONFIG}:3:3: There is no rule \`lws/no-bat\`. Did you mean \`no-bad\`?`,
    ],
  ])("explain what is wrong: %s", async (_, text, message) => {
    const p = project({ [CONFIG]: text, "a.c": USES });
    const { code, stderr, stdout } = await run([], { cwd: p.root });
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/^lws-lint: /u);
    expect(stdout).toBe("");
    expect(code).toBe(2);
  });

  it("explain what is missing", async () => {
    const p = project();
    const { code, stderr } = await run(["--config", "gone.json"], { cwd: p.root });
    expect(stderr).toContain("gone.json: the configuration file cannot be read: no such file or folder.");
    expect(code).toBe(2);
  });

  it("may begin with a byte order mark", async () => {
    const p = project({ [CONFIG]: '\ufeff{ "root": true }' });
    expect((await run([], { cwd: p.root })).code).toBe(0);
  });

  it("follow the published schema", () => {
    const schema = JSON.parse(
      readFileSync(new URL("../../schemas/config.schema.json", import.meta.url), "utf8"),
    ) as object;
    const validate = new Ajv({ strict: false }).compile(schema);
    const all = {
      $schema: "x",
      root: true,
      rules: { "lws/no-bad": "off", "no-odd": 2 },
      ignores: ["a/**"],
      include: ["*.inc"],
      callbacks: ["f"],
      threadEntries: ["g_1"],
      lwsVersion: "4.3.2",
    };
    expect(validate(all)).toBe(true);
    for (const wrong of [
      { rule: {} },
      { rules: { a: "fatal" } },
      { callbacks: ["f()"] },
      { lwsVersion: "4" },
      { ignores: [""] },
    ]) {
      expect(validate(wrong), JSON.stringify(wrong)).toBe(false);
    }
  });
});

describe("--print-config", () => {
  it("prints what holds and where it comes from", async () => {
    const p = project({ [CONFIG]: JSON.stringify({ rules: { "no-odd": "off" }, ignores: ["x/"], callbacks: ["f"] }) });
    const { stdout, code } = await run(["--print-config", "--rule", "no-bad:warn"], { cwd: p.root });
    expect(JSON.parse(stdout)).toEqual({
      configFiles: [`${p.root}/${CONFIG}`],
      rules: { "lws/no-bad": "warn", "lws/no-odd": "off" },
      ignores: [{ base: `${p.root}/`, patterns: ["x/"] }],
      include: [],
      callbacks: ["f"],
      threadEntries: [],
      lwsVersion: null,
    });
    expect(code).toBe(0);
  });
});

describe("options", () => {
  it.each([
    ["an unknown rule", ["--rule", "no-bat:error"], "--rule: There is no rule `no-bat`. Did you mean `no-bad`?"],
    ["a wrong level", ["--rule", "no-bad:fatal"], "a level is"],
    ["no level", ["--rule", "no-bad"], "Write it as RULE:LEVEL"],
    ["an unknown option", ["--fxi"], "unknown option '--fxi'"],
    ["an unknown format", ["--format", "jsn"], "Did you mean `json`?"],
    ["no number", ["--max-warnings", "some"], "whole number"],
    ["standard input and paths", ["--stdin", "a.c"], "--stdin takes no paths"],
    ["standard input to be fixed", ["--stdin", "--fix"], "add --fix-dry-run"],
    ["a name without standard input", ["--stdin-filename", "a.c"], "needs --stdin"],
    ["a dash", ["-"], "--stdin"],
    ["an empty path", [""], "empty"],
    ["an unknown rule to explain", ["--explain", "no-bat"], "Did you mean `no-bad`?"],
  ])("explain what is wrong: %s", async (_, args, message) => {
    const { code, stderr, stdout } = await run(args, { cwd: project({ "a.c": USES }).root });
    expect(stderr).toContain(message);
    expect(stdout).toBe("");
    expect(code).toBe(2);
  });

  it("check rules even where there is nothing to analyze", async () => {
    expect((await run(["--rule", "no-bat:2"], { cwd: project().root })).code).toBe(2);
  });

  it("--help, --version, --list-rules and --explain print to standard output", async () => {
    const options = { cwd: project().root };
    expect(await run(["--help"], options)).toMatchObject({ code: 0, stdout: expect.stringContaining("Exit codes:") });
    expect(await run(["--version"], options)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/u),
    });
    expect(await run(["--list-rules"], options)).toMatchObject({
      code: 0,
      stdout: "lws/no-bad  error  calls of bad things (safe)\nlws/no-odd  warn   calls of odd things (suggestion)\n",
    });
    expect(await run(["--explain", "lws/no-bad"], options)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("lws/no-bad"),
    });
  });
});

describe("exit codes", () => {
  const odd = { "a.c": "lws_odd(); lws_odd();\n" };

  it.each([
    ["nothing found", { "a.c": "lws_good();" }, [], 0],
    ["an error", { "a.c": "lws_bad();" }, [], 1],
    ["warnings", odd, [], 0],
    ["as many warnings as allowed", odd, ["--max-warnings", "2"], 0],
    ["more warnings than allowed", odd, ["--max-warnings", "1"], 1],
    ["more warnings than allowed, although not printed", odd, ["--max-warnings", "0", "--quiet"], 1],
    ["nothing to scan", {}, [], 0],
    ["a named path that is missing", {}, ["gone"], 2],
  ])("%s", async (_, files, args, expected) => {
    expect((await run(args, { cwd: project(files).root })).code).toBe(expected);
  });

  it("is 2 for an internal error, with what to report", async () => {
    const analyzer = fakeAnalyzer(() => {
      throw new Error("boom");
    });
    const { code, stderr } = await run([], { cwd: project({ "a.c": USES }).root, analyzer });
    expect(stderr).toMatch(/internal error[\s\S]*boom/u);
    expect(code).toBe(2);
  });

  it("--strict-coverage fails for what was not understood, and lists it", async () => {
    const stats = fakeAnalyzer().start().finish().stats;
    const analyzer = fakeAnalyzer(() => [], {
      stats: {
        ...stats,
        incompleteFunctions: [{ file: "a.c", function: "f", line: 3, where: [{ line: 4, column: 2 }] }],
        unreadRegions: [{ file: "a.c", line: 9, reason: "unbalanced braces" }],
      },
    });
    const options = { cwd: project({ "a.c": USES }).root, analyzer };
    expect(await run([], options)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("Not fully understood: 1 function and 1 region"),
    });
    const strict = await run(["--strict-coverage"], options);
    expect(strict.stdout).toContain(
      "a.c:3: function `f` is not fully understood (at 4:2)\na.c:9: not read: unbalanced braces\n",
    );
    expect(strict.code).toBe(1);
    expect((await runJson(["--strict-coverage"], options)).stderr).toContain("a.c:3: function `f`");
    expect((await run(["--verbose"], options)).stdout).toContain("a.c:3: function `f`");
  });
});

describe("standard input", () => {
  it("is judged under the given name", async () => {
    const options = { cwd: project().root, stdin: "\n  lws_bad();" };
    const { json, code } = await runJson(["--stdin", "--stdin-filename", "src/x.c"], options);
    expect(json.findings).toMatchObject([{ file: "src/x.c", line: 2, column: 3 }]);
    expect(code).toBe(1);
    expect((await runJson(["--stdin"], options)).json.findings).toMatchObject([{ file: "stdin.c" }]);
  });

  it("gives a diff in a dry run", async () => {
    const { stdout } = await run(["--stdin", "--fix-dry-run"], { cwd: project().root, stdin: "lws_bad();\n" });
    expect(stdout).toBe("--- a/stdin.c\n+++ b/stdin.c\n@@ -1,1 +1,1 @@\n-lws_bad();\n+lws_good();\n");
  });
});
