import { Ajv, type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { fingerprints } from "../../src/reporters/fingerprint.js";
import { renderGithub } from "../../src/reporters/github.js";
import { renderJson } from "../../src/reporters/json.js";
import { renderSarif } from "../../src/reporters/sarif.js";
import { renderText } from "../../src/reporters/text.js";
import { SourceFile } from "../../src/source/source-file.js";
import { diagnostic, findWords, project, realAnalyzer, run } from "../host/harness.js";
import { chain, report } from "./sample.js";

const require = createRequire(import.meta.url);

const readJson = (file: string | URL): Record<string, unknown> =>
  JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;

/** The published schema is written for draft 4, whose only difference that matters here is the spelling of `id`. */
const sarifValidator = (): ValidateFunction => {
  const { id, $schema, ...schema } = readJson(
    require.resolve("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"),
  );
  expect([id, $schema]).toEqual([expect.stringContaining("sarif"), expect.stringContaining("draft-04")]);
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  addFormats.default(ajv);
  return ajv.compile(schema);
};

const findingsValidator = (): ValidateFunction =>
  new Ajv({ strict: false, allErrors: true }).compile(
    readJson(new URL("../../schemas/findings.schema.json", import.meta.url)),
  );

const expectValid = (validate: ValidateFunction, value: unknown): void => {
  validate(value);
  expect(validate.errors ?? []).toEqual([]);
};

const plain = { color: false, columns: 80, stats: false, verbose: false };

describe("text", () => {
  it("shows the place, the way there, and what to do", () => {
    expect(renderText(chain(), plain)).toMatchInlineSnapshot(`
      "src/a b#ü.c:3:9: error: \`lws_bad()\` is bad [lws/no-bad]
         3 |         return lws_bad(1,
           |                ^~~~~~~~~~ (to line 4)
      src/helper.c:1:6: note: \`g()\` is a callback
         1 | void g(void) { f(); }
           |      ^
      src/helper.c:1:16: note: called here
         1 | void g(void) { f(); }
           |                ^~~
           = reached on: \`LWS_CALLBACK_RECEIVE\`, \`LWS_CALLBACK_CLOSED\`
           = help: call \`lws_good()\`
           = fix: Call the other one (--fix)
           = suggestion: Change both (--fix-suggestions)

      src/a b#ü.c:6:1: warning: \`lws_odd()\` is odd [lws/no-odd]
         6 | lws_odd(); /* 漢 👋 */
           | ^~~~~~~
           = help: call \`lws_good()\`
           = suggestion: Call the other one (--fix-suggestions)

      src/x.c: problem: cannot be read: permission denied

      1 error, 1 warning in 2 files analyzed of 1,234 files seen (0.12 s).
      "
    `);
  });

  it.each([
    ["tabs and wide characters", "\t漢字\tlws_bad(x);", "lws_bad"],
    ["wide characters inside the span", "lws_bad(漢字é, e\u0301)", "漢字é, e\u0301"],
    ["an empty span at the end", "lws_bad", ""],
    ["what a terminal would obey", "a\u001b[31m\u202e lws_bad", "lws_bad"],
  ])("underlines %s", (_, text, marked) => {
    const source = new SourceFile("a.c", `${text}\n`);
    const start = marked === "" ? text.length : text.indexOf(marked);
    const lines = renderText(
      report([source], { diagnostics: [diagnostic(source, start, start + marked.length)] }),
      plain,
    ).split("\n");
    expect(`\n${lines[1]}\n${lines[2]}\n`).toMatchSnapshot();
  });

  it("cuts long lines around the span", () => {
    const text = `${"a, ".repeat(60)}lws_bad(${"b, ".repeat(80)})`;
    const source = new SourceFile("a.c", text);
    const start = text.indexOf("lws_bad");
    const output = renderText(report([source], { diagnostics: [diagnostic(source, start, start + 7)] }), plain);
    const [, line, marks] = output.split("\n") as [string, string, string];
    expect(line.length).toBeLessThanOrEqual(80);
    expect(line.slice(marks.indexOf("^"), marks.indexOf("^") + 7)).toBe("lws_bad");
    expect(line).toMatch(/\| ….*…$/u);
  });

  it("takes control characters out of names and messages", () => {
    const source = new SourceFile("a\u001b[2J.c", "lws_bad");
    const output = renderText(
      report([source], { diagnostics: [diagnostic(source, 0, 7, { message: "x\u001b]0;title\u0007" })] }),
      plain,
    );
    expect(output).not.toContain("\u001b");
  });

  it("colours on demand", () => {
    expect(renderText(chain(), { ...plain, color: true })).toContain("\u001b[1;31merror\u001b[0m");
  });

  it("counts everything in the summary", () => {
    const summary = {
      fixable: 1,
      fixableWithSuggestions: 2,
      suppressed: 3,
      fixesApplied: 4,
      vendoredSkipped: ["deps/lws"],
      incompleteFunctions: 2,
      unreadRegions: 1,
    };
    expect(
      renderText(report([], { summary, skippedFolders: ["build"] }), {
        ...plain,
        stats: true,
        verbose: true,
      }),
    ).toMatchInlineSnapshot(`
      "deps/lws: skipped: a copy of libwebsockets
      build: skipped: a folder of build or package tools

      files seen                                  1,234
      files without a trace of libwebsockets      1,233
      files of libwebsockets itself                   0
      files analyzed                                  0
      configurations parsed                           0
      functions                                       0
      functions not fully understood                  0
      regions not read                                0
      protocol callbacks                              0
      calls through pointers, resolved                0
      calls through pointers, unresolved              0

      Fixed: 4 fixes applied.
      No findings in 0 files analyzed of 1,234 files seen (0.12 s).
      1 fixable with \`--fix\`, 2 more with \`--fix-suggestions\`, 3 suppressed by comments.
      Skipped 1 copy of libwebsockets itself: deps/lws (\`--include-vendored\` scans them).
      Not fully understood: 2 functions and 1 region (\`--verbose\` lists them).
      "
    `);
  });
});

describe("JSON", () => {
  it("is one object that follows the published schema", () => {
    const text = renderJson(chain(), { stats: false });
    const value: unknown = JSON.parse(text);
    expectValid(findingsValidator(), value);
    expect(value).toMatchSnapshot();
  });

  it("follows the schema for what the engine finds", async () => {
    const fixtures = new URL("../../fixtures/", import.meta.url).pathname;
    const analyzer = await realAnalyzer();
    const result = await run([".", "--no-config", "--format", "json", "--stats"], { cwd: fixtures, analyzer });
    const value = JSON.parse(result.stdout) as { findings: unknown[] };
    expectValid(findingsValidator(), value);
    expect(value.findings.length).toBeGreaterThan(50);
  });
});

describe("SARIF", () => {
  it("follows the published schema", () => {
    const value: unknown = JSON.parse(renderSarif(chain()));
    expectValid(sarifValidator(), value);
    expect(value).toMatchSnapshot();
  });

  it("follows the published schema for what the engine finds, and without findings", async () => {
    const fixtures = new URL("../../fixtures/", import.meta.url).pathname;
    const analyzer = await realAnalyzer();
    const validate = sarifValidator();
    const found = await run([".", "--no-config", "--format", "sarif"], { cwd: fixtures, analyzer });
    const log = JSON.parse(found.stdout) as { runs: { results: object[]; tool: { driver: { rules: object[] } } }[] };
    expectValid(validate, log);
    expect(log.runs[0]!.results.length).toBeGreaterThan(50);
    expect(log.runs[0]!.tool.driver.rules.length).toBe(analyzer.rules.length);
    const empty = await run(["--format", "sarif"], { cwd: project().root, analyzer });
    expectValid(validate, JSON.parse(empty.stdout));
  });

  it("names files outside of the working directory absolutely", () => {
    const outside = new SourceFile("../other dir/a.c", "lws_bad");
    const log = JSON.parse(renderSarif(report([outside]))) as { runs: { results: { locations: unknown[] }[] }[] };
    expect(log.runs[0]!.results[0]!.locations).toMatchObject([
      { physicalLocation: { artifactLocation: { uri: "file:///other%20dir/a.c" } } },
    ]);
  });

  it("gives fingerprints that survive edits above, indentation, and tell equal lines apart", () => {
    const of = (text: string): string[] => {
      const source = new SourceFile("a.c", text);
      return fingerprints(findWords(new Map([["a.c", source]])), () => source);
    };
    const before = of("  lws_bad();\nlws_odd();\nlws_bad( );\n");
    expect(of("int new;\n\nlws_bad();\nint more;\nlws_odd();\n\tlws_bad();\n")).toEqual(before);
    expect(new Set(before).size).toBe(3);
  });
});

describe("GitHub", () => {
  it("escapes data and properties", () => {
    const source = new SourceFile("a,b:c%.c", "lws_bad\nx");
    const text = renderGithub(
      report([source], {
        diagnostics: [
          diagnostic(source, 0, 7, { message: "100% bad:\r\nreally, yes" }),
          diagnostic(source, 0, 9, {
            severity: "warning",
            related: [{ file: "a.c", span: { start: 0, end: 1 }, message: "here" }],
          }),
        ],
        problems: [{ file: "x.c", message: "cannot be read" }],
      }),
    );
    expect(text.split("\n").slice(0, 3)).toEqual([
      "::error file=a%2Cb%3Ac%25.c,line=1,col=1,endLine=1,endColumn=8,title=lws/no-bad::100%25 bad:%0D%0Areally, yes%0Ahelp: call `lws_good()`",
      "::warning file=a%2Cb%3Ac%25.c,line=1,col=1,endLine=2,title=lws/no-bad::`lws_bad()` is bad%0Aa.c:1:1: here%0Ahelp: call `lws_good()`",
      "::warning file=x.c,title=lws-lint::cannot be read",
    ]);
  });
});
