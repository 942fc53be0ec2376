/** The formats of services: GitLab, JUnit, Checkstyle, reviewdog. */
import { Ajv } from "ajv";
import { describe, expect, it, test } from "vitest";
import type { Diagnostic } from "../../src/diagnostics/diagnostic.js";
import { renderCheckstyle } from "../../src/reporters/checkstyle.js";
import { fingerprints, githubLineHashes } from "../../src/reporters/fingerprint.js";
import { renderGithub } from "../../src/reporters/github.js";
import { renderGitlab } from "../../src/reporters/gitlab.js";
import { renderJunit } from "../../src/reporters/junit.js";
import { renderRdjson } from "../../src/reporters/rdjson.js";
import { renderSarif } from "../../src/reporters/sarif.js";
import { SourceFile } from "../../src/source/source-file.js";
import { diagnostic, edit, findWords, project, realAnalyzer, run } from "../host/harness.js";
import { chain, helper, main, report } from "./sample.js";
import { hasXmllint, parseXml, schemaErrors, type XmlNode } from "./xml-reader.js";

/** Control characters, half a surrogate pair, markup, the end of a CDATA section, all kinds of line ends. */
const AWKWARD = `a\u0000\u0001\u001b[31m\ud800 \uffff<b> & "c" 'd' ]]> \t\r\n漢👋é`;

const awkward = () => {
  const source = new SourceFile('src/<&>"\u0007.c', `${AWKWARD}\nlws_bad\n`);
  const at = source.text.indexOf("lws_bad");
  return report([source], {
    diagnostics: [
      diagnostic(source, at, at + 7, { message: AWKWARD, help: AWKWARD, related: [{ file: source.path, span: { start: 0, end: 1 }, message: AWKWARD }] }),
    ],
    problems: [{ file: AWKWARD, message: AWKWARD }],
  });
};

const empty = () => report([]);
const samples = { chain, awkward, empty } as const;
const names = Object.keys(samples) as (keyof typeof samples)[];

const count = { type: "integer", minimum: 1 } as const;
const object = (properties: Record<string, object>, optional: readonly string[] = []): object => ({
  type: "object",
  additionalProperties: false,
  properties,
  required: Object.keys(properties).filter((key) => !optional.includes(key)),
});
const text = { type: "string", minLength: 1 };
const list = (items: object): object => ({ type: "array", items });

const expectFollows = (schema: object, value: unknown): void => {
  const validate = new Ajv({ allErrors: true }).compile(schema);
  validate(value);
  expect(validate.errors ?? []).toEqual([]);
};

describe("GitLab", () => {
  const place = object({ path: text, lines: object({ begin: count, end: count }) });
  const schema = list(
    object(
      {
        type: { const: "issue" },
        check_name: text,
        description: text,
        categories: list({ enum: ["Bug Risk", "Clarity"] }),
        severity: { enum: ["info", "minor", "major", "critical", "blocker"] },
        fingerprint: { type: "string", pattern: "^[0-9a-f]{16}$" },
        location: place,
        other_locations: list(place),
      },
      ["other_locations"],
    ),
  );

  it.each(names)("is a list of issues: %s", (name) => {
    const issues = JSON.parse(renderGitlab(samples[name]())) as { fingerprint: string }[];
    expectFollows(schema, issues);
    expect(issues).toHaveLength({ chain: 3, awkward: 2, empty: 0 }[name]);
    expect(new Set(issues.map(({ fingerprint }) => fingerprint)).size).toBe(issues.length);
  });

  it("says what, where and how bad", () => {
    expect(JSON.parse(renderGitlab(chain()))).toMatchObject([
      {
        check_name: "lws/no-bad",
        description: "`lws_bad()` is bad (help: call `lws_good()`)",
        severity: "critical",
        location: { path: "src/a b#ü.c", lines: { begin: 3, end: 4 } },
        other_locations: [{ path: "src/helper.c", lines: { begin: 1, end: 1 } }, { path: "src/helper.c" }],
      },
      { check_name: "lws/no-odd", severity: "minor", location: { lines: { begin: 6, end: 6 } } },
      { check_name: "lws-lint", description: "cannot be read: permission denied", severity: "info", location: { path: "src/x.c", lines: { begin: 1 } } },
    ]);
  });

  it("keeps an issue's fingerprint when lines move, and gives equal lines of two files different ones", () => {
    const of = (...texts: [name: string, content: string][]): string[] => {
      const issues = JSON.parse(renderGitlab(report(texts.map(([name, content]) => new SourceFile(name, content))))) as { fingerprint: string }[];
      return issues.map(({ fingerprint }) => fingerprint);
    };
    const [a, b] = of(["a.c", "lws_bad();"], ["b.c", "lws_bad();"]);
    expect(a).not.toBe(b);
    expect(of(["a.c", "\n\n\tlws_bad( );\r\n"])).toEqual([a]);
  });
});

describe("JUnit", () => {
  const numbers = ({ attributes }: XmlNode) => ["tests", "failures", "errors"].map((key) => Number(attributes[key]));

  it.each(names)("is well-formed, and counts right: %s", (name) => {
    const root = parseXml(renderJunit(samples[name]()));
    const cases = root.children.flatMap((suite) => suite.children);
    const having = (outcome: string) => cases.filter((one) => one.children[0]?.name === outcome).length;
    expect(numbers(root)).toEqual([cases.length, having("failure"), having("error")]);
    expect(numbers(root)).toEqual({ chain: [3, 2, 1], awkward: [2, 1, 1], empty: [1, 0, 0] }[name]);
    for (const suite of root.children) expect(Number(suite.attributes["tests"])).toBe(suite.children.length);
  });

  it.skipIf(!hasXmllint).each(names)("follows the schema: %s (needs libxml2-utils)", (name) => {
    expect(schemaErrors("junit.xsd", renderJunit(samples[name]()))).toBe("");
  });

  it("tells tests apart without lines, and shows the whole finding", () => {
    const source = new SourceFile("a.c", "lws_bad();\nlws_bad();\nlws_odd();\n");
    const findings = findWords(new Map([["a.c", source]])).map((one) => ({ ...one, function: "f" }));
    const [suite] = parseXml(renderJunit(report([source], { diagnostics: findings }))).children;
    expect(suite!.attributes).toMatchObject({ name: "a.c", tests: "3", failures: "3" });
    expect(suite!.children.map(({ attributes }) => attributes)).toEqual([
      { name: "lws/no-bad in f()", classname: "a.c" },
      { name: "lws/no-bad in f() (2)", classname: "a.c" },
      { name: "lws/no-odd in f()", classname: "a.c" },
    ]);
    const failure = parseXml(renderJunit(chain())).children[0]!.children[0]!.children[0]!;
    expect(failure.attributes).toEqual({ type: "error", message: "`lws_bad()` is bad" });
    expect(failure.text.split("\n")).toEqual([
      "src/a b#ü.c:3:9: error: `lws_bad()` is bad",
      "src/helper.c:1:6: `g()` is a callback",
      "src/helper.c:1:16: called here",
      "reached on: LWS_CALLBACK_RECEIVE, LWS_CALLBACK_CLOSED",
      "help: call `lws_good()`",
    ]);
  });
});

describe("Checkstyle", () => {
  it.each(names)("is well-formed: %s", (name) => {
    const root = parseXml(renderCheckstyle(samples[name]()));
    expect(root.name).toBe("checkstyle");
    expect(root.children.map((file) => file.children.length)).toEqual({ chain: [2, 1], awkward: [1, 1], empty: [] }[name]);
  });

  it.skipIf(!hasXmllint).each(names)("follows the schema: %s (needs libxml2-utils)", (name) => {
    expect(schemaErrors("checkstyle.xsd", renderCheckstyle(samples[name]()))).toBe("");
  });

  it("gives back every text, apart from what XML cannot hold", () => {
    const shown = AWKWARD.replace("\u0000\u0001\u001b", "␀␁␛").replace("\ud800", "\ufffd").replace("\uffff", "\ufffd");
    const [first, second] = parseXml(renderCheckstyle(awkward())).children;
    expect(first!.attributes["name"]).toBe(shown);
    expect(first!.children[0]!.attributes).toEqual({ line: "1", severity: "warning", message: shown, source: "lws-lint" });
    expect(second!.attributes["name"]).toBe('src/<&>"␇.c');
    expect(second!.children[0]!.attributes).toMatchObject({ line: "3", column: "1", severity: "error", source: "lws/no-bad" });
    expect(second!.children[0]!.attributes["message"]).toContain(shown);
  });
});

describe("reviewdog", () => {
  const position = object({ line: count, column: count });
  const range = object({ start: position, end: position });
  const location = object({ path: text, range }, ["range"]);
  const schema = object({
    source: object({ name: text, url: text }),
    diagnostics: list(
      object(
        {
          message: text,
          location,
          severity: { enum: ["ERROR", "WARNING", "INFO"] },
          code: object({ value: text, url: text }),
          suggestions: list(object({ range, text: { type: "string" } })),
          related_locations: list(object({ message: text, location })),
        },
        ["code", "suggestions", "related_locations"],
      ),
    ),
  });
  const read = (output: string) =>
    JSON.parse(output) as { diagnostics: { location: unknown; suggestions?: { range: { start: object; end: object }; text: string }[] }[] };

  it.each(names)("is a result with diagnostics: %s", (name) => {
    const result = read(renderRdjson(samples[name]()));
    expectFollows(schema, result);
    expect(result.diagnostics).toHaveLength({ chain: 3, awkward: 2, empty: 0 }[name]);
  });

  it("counts columns in bytes", () => {
    const source = new SourceFile("a.c", "\n/* 漢é👋 */ lws_bad(); /* ü */\n");
    const at = source.text.indexOf("lws_bad");
    const [first] = read(renderRdjson(report([source], { diagnostics: [diagnostic(source, at, at + 7)] }))).diagnostics;
    const column = Buffer.byteLength("/* 漢é👋 */ ") + 1;
    expect(first!.location).toEqual({ path: "a.c", range: { start: { line: 2, column }, end: { line: 2, column: column + 7 } } });
  });

  const suggested = (diagnostics: Diagnostic[]) => read(renderRdjson(report([main, helper], { diagnostics }))).diagnostics.map(({ suggestions }) => suggestions);

  it("offers the first fix as one change of one file", () => {
    const at = main.text.indexOf("lws_bad");
    const call = main.text.indexOf(";", at);
    const several = { kind: "suggestion", title: "x", edits: [edit(main, call, call, " /* b */"), edit(main, at, at + 7, "lws_good")] } as const;
    const two = { kind: "safe", title: "x", edits: [edit(main, at, at + 7, "x"), edit(helper, 0, 4, "int")] } as const;
    const start = { line: 3, column: 9 };
    expect(
      suggested([
        diagnostic(main, at, call, { fixes: [several] }),
        diagnostic(main, at, call, { fixes: [two, several] }),
        diagnostic(main, at, call),
      ]),
    ).toEqual([[{ range: { start, end: { line: 4, column: 5 } }, text: "lws_good(1,\n\t\t2) /* b */" }], undefined, undefined]);
  });
});

test.each([
  ["GITHUB_WORKSPACE", "github", /::error file=sub\/a\.c,/u],
  ["CI_PROJECT_DIR", "gitlab", /"path": "sub\/a\.c"/u],
  ["GITHUB_WORKSPACE", "sarif", /"uri": "sub\/a\.c",\s+"uriBaseId": "SRCROOT"/u],
  ["GITHUB_WORKSPACE", "junit", /<testsuite name="sub\/a\.c"/u],
])("with %s, %s names files as the repository does", async (variable, format, expected) => {
  const p = project({ "sub/a.c": "lws_bad();\n" });
  const cwd = `${p.root}/sub`;
  expect((await run(["--format", format], { cwd, env: { [variable]: p.root } })).stdout).toMatch(expected);
  const elsewhere = await run(["--format", format], { cwd, env: { [variable]: `${p.root}/su` } });
  expect(elsewhere.stdout).not.toContain("sub/a.c");
});

test("what a format takes from the engine is the same in all of them", async () => {
  const fixtures = new URL("../../fixtures/", import.meta.url).pathname;
  const analyzer = await realAnalyzer();
  const output = async (format: string): Promise<string> => (await run([".", "--no-config", "--format", format], { cwd: fixtures, analyzer })).stdout;
  const expected = (JSON.parse(await output("json")) as { findings: unknown[]; problems: unknown[] });
  const findings = expected.findings.length;
  const all = findings + expected.problems.length;
  expect(findings).toBeGreaterThan(50);
  const gitlab = JSON.parse(await output("gitlab")) as { fingerprint: string }[];
  expect(gitlab).toHaveLength(all);
  expect(new Set(gitlab.map(({ fingerprint }) => fingerprint)).size).toBe(all);
  const junit = parseXml(await output("junit"));
  expect(junit.children.flatMap((suite) => suite.children)).toHaveLength(all);
  expect(junit.attributes["failures"]).toBe(String(findings));
  expect(parseXml(await output("checkstyle")).children.flatMap((file) => file.children)).toHaveLength(all);
  expect((JSON.parse(await output("rdjson")) as { diagnostics: unknown[] }).diagnostics).toHaveLength(all);
  // Functions around findings, as most of them stand in one.
  expect(junit.children.flatMap((suite) => suite.children).filter(({ attributes }) => / in [\w:~]+\(\)/u.test(attributes["name"]!)).length).toBeGreaterThan(findings / 2);
});

describe("fingerprints", () => {
  const of = (content: string, name?: string): string[] => {
    const source = new SourceFile("a.c", content);
    const findings = findWords(new Map([["a.c", source]])).map((one) => (name === undefined ? one : { ...one, function: name }));
    return fingerprints(findings, () => source);
  };

  it("tell equal lines of two functions apart", () => {
    expect(of("lws_bad();", "f")).not.toEqual(of("lws_bad();", "g"));
    expect(of("lws_bad();", "f")).toEqual(of("\n\n lws_bad ();".replace(" (", "("), "f"));
  });

  /** The same by its definition: 100 characters from the start of the line on, as digits of a number to the base 37. */
  const defined = (content: string): string[] => {
    const plain = `${content.replaceAll(/\r(?=[ \t]*\n)/gu, (_, at: number) => (content[at + 1] === "\n" ? "" : "\n")).replaceAll("\r", "\n").replaceAll(/[ \t]/gu, "")}\uffff`;
    const seen = new Map<string, number>();
    let start = 0;
    return plain.split("\n").map((line) => {
      let hash = 0n;
      for (let index = start; index < start + 100; index++) hash = BigInt.asUintN(64, hash * 37n + BigInt(plain.charCodeAt(index) || 0));
      start += line.length + 1;
      const digits = hash.toString(16);
      seen.set(digits, (seen.get(digits) ?? 0) + 1);
      return `${digits}:${seen.get(digits)!}`;
    });
  };

  it.each([
    "",
    "\n",
    "a",
    " a\nb\n  \t\tc\n d",
    "one\r\n\r\n two\rthree\n\r\r\nfour\r\n",
    "int x; /* 漢👋 */\n".repeat(40),
    "\u0000\u0001\n\uffff\ud800\n",
    `${"x".repeat(300)}\n${"y".repeat(99)}\n${"z".repeat(100)}\n${"z".repeat(100)}\n`,
  ])("of GitHub's kind are those of its definition: %j", (content) => {
    const hashes = githubLineHashes(content);
    expect(hashes).toEqual(defined(content));
    expect(hashes).toHaveLength(content.split(/\r\n|\r|\n/u).length);
  });

  it("of GitHub's kind are what the service computes", () => {
    expect(githubLineHashes("")).toEqual(["c129715d7a2bc9a3:1"]);
  });

  it("are both in SARIF, and outlive edits above", () => {
    const marks = (content: string) =>
      (JSON.parse(renderSarif(report([new SourceFile("a.c", content)]))) as { runs: { results: { partialFingerprints: object }[] }[] }).runs[0]!.results.map(
        ({ partialFingerprints }) => partialFingerprints,
      );
    const before = marks("int f(void)\n{\n\tlws_bad();\n\tlws_odd();\n\tlws_bad();\n}\n");
    const form = (occurrence: number) => ({
      "lwsLint/v1": expect.stringMatching(`^[0-9a-f]{16}:${occurrence}$`) as string,
      primaryLocationLineHash: expect.stringMatching(/^[0-9a-f]{1,16}:1$/u) as string,
    });
    expect(before).toEqual([form(1), form(1), form(2)]);
    expect(marks("/* more */\r\nint f(void)\r\n{\r\n    lws_bad();\r\n    lws_odd();\r\n  lws_bad();\r\n}\r\n")).toEqual(before);
  });
});

test("GitHub: controls and line ends never end a command early", () => {
  const lines = renderGithub(awkward()).split("\n").filter((line) => line.startsWith("::"));
  expect(lines).toHaveLength(2);
  for (const line of lines) expect(line).not.toContain("\r");
});
