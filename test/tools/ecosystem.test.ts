import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compare, content, formatAccepted, parseAccepted, update, worsened, type Accepted, type Found } from "../../tools/ecosystem/accepted.js";
import { DebianSources, sourceEntries, versionFits } from "../../tools/ecosystem/debian.js";
import { repositoryRoot, type Finding, type Scan } from "../../tools/ecosystem/engine.js";
import { parseProjects } from "../../tools/ecosystem/projects.js";
import { describeStress, stress } from "../../tools/ecosystem/stress.js";
import { fakeAnalyzer } from "./fake-analyzer.js";
import { changesFromAccepted, changesFromBase, coverage, printChanges, type ProjectScan } from "../../tools/ecosystem/run.js";

const finding = (line: number, text: string, more: Partial<Finding> = {}): Finding => ({
  file: "src/a.c",
  line,
  column: 1,
  text,
  rule: "no-internal-api",
  severity: "error",
  message: "`x` is internal",
  reasons: [],
  related: [],
  ...more,
});

const found = (line: number, text: string, more: Partial<Finding> = {}): Found => ({ project: "p", finding: finding(line, text, more) });

const entry = (line: string, more: Partial<Accepted> = {}): Accepted => ({
  project: "p",
  file: "src/a.c",
  rule: "no-internal-api",
  line,
  count: 1,
  verdict: "true-positive",
  reason: "it is",
  ...more,
});

const P = new Set(["p"]);

describe("accepted findings", () => {
  it("knows a finding by the content of its line, wherever the line has moved", () => {
    const result = compare([found(999, "\tx( a,\t b );")], [entry("x( a, b );")], P);
    expect(result).toMatchObject({ added: [], gone: [], unreviewed: [] });
    expect(result.known).toHaveLength(1);
    expect(content("  a \t b ")).toBe("a b");
  });

  it.each([
    ["project", { project: "q" }, {}],
    ["file", {}, { file: "src/b.c" }],
    ["rule", {}, { rule: "no-sync-kill" }],
    ["line", { line: "x(b);" }, {}],
  ])("tells findings apart by %s", (_what, accepted, actual) => {
    const result = compare([found(1, "x(a);", actual)], [entry("x(a);", accepted)], new Set(["p", "q"]));
    expect(result.added).toHaveLength(1);
    expect(result.gone).toHaveLength(1);
  });

  it("counts equal lines", () => {
    const three = [found(1, "x();"), found(2, "x();"), found(3, "x();")];
    expect(compare(three, [entry("x();", { count: 2 })], P).added.map((one) => one.finding.line)).toEqual([3]);
    expect(compare(three.slice(1), [entry("x();", { count: 3 })], P).gone).toMatchObject([{ count: 1 }]);
  });

  it("says what nobody has reviewed, and leaves projects alone that were not run", () => {
    const accepted = [entry("x();", { verdict: "unreviewed", reason: "" }), entry("y();", { project: "q" })];
    const result = compare([found(1, "x();")], accepted, P);
    expect(result.unreviewed).toHaveLength(1);
    expect(result.gone).toEqual([]);
  });

  it("updates: verdicts stay, new findings come in unreviewed, gone ones go", () => {
    const accepted = [entry("x();"), entry("gone();"), entry("y();", { project: "q" })];
    expect(update([found(1, "x();"), found(2, "x();"), found(3, "new();")], accepted, P)).toEqual([
      entry("y();", { project: "q" }),
      entry("x();", { count: 2 }),
      entry("new();", { verdict: "unreviewed", reason: "" }),
    ]);
  });

  it("reads what it writes, in a stable order", () => {
    const accepted = [entry("b();", { count: 2 }), entry("a();", { verdict: "unreviewed", reason: "" })];
    const coverage = ["q", "p"].map((project) => ({ project, version: "1", analysed: 1, functions: 2, callbacks: 3, incomplete: 4 }));
    const text = formatAccepted({ findings: accepted, coverage });
    expect(parseAccepted(text, "f")).toEqual({ findings: [accepted[1], accepted[0]], coverage: [coverage[1], coverage[0]] });
    expect(formatAccepted({ findings: [...accepted].reverse(), coverage: [...coverage].reverse() })).toBe(text);
    expect(text).not.toContain('"count": 1');
  });

  it.each([
    [{ findings: 3 }, "f: `findings` must be a list"],
    [{ findings: [3] }, "findings[0]: expected an object"],
    [{ findings: [{ ...entry("a"), verdict: "fine" }] }, "findings[0]: `verdict` must be one of true-positive"],
    [{ findings: [{ ...entry("a"), reason: " " }] }, "findings[0]: a verdict needs a `reason`"],
    [{ findings: [{ ...entry("a"), count: 0 }] }, "findings[0]: `count`"],
    [{ findings: [{ ...entry("a"), file: 1 }] }, "findings[0]: `project`, `file`"],
    [{ findings: [entry("a"), entry("a")] }, "findings[1]: the same finding"],
  ])("refuses %j", (value, message) => {
    expect(() => parseAccepted(JSON.stringify({ coverage: [], ...value }), "f")).toThrow(message);
  });

  it("notices when less is read of the same version", () => {
    const now = { project: "p", version: "1", analysed: 3, functions: 10, callbacks: 2, incomplete: 1 };
    expect(worsened(now, [now])).toEqual([]);
    expect(worsened(now, [{ ...now, analysed: 4, functions: 5, incomplete: 0 }])).toEqual([
      "files analysed: 3, 4 before",
      "functions not read completely: 1, 0 before",
    ]);
    expect(worsened(now, [{ ...now, version: "2", callbacks: 9 }])).toEqual([]);
    expect(() => parseAccepted(JSON.stringify({ findings: [], coverage: [{ ...now, functions: "1" }] }), "f")).toThrow(
      "coverage[0]: `functions` must be a number",
    );
  });
});

describe("report", () => {
  const project = { name: "p", source: "p", version: "*", include: [], optional: false };
  const scanned = (findings: Finding[]): ProjectScan[] => [
    {
      project,
      version: "1-1",
      root: "/r",
      seen: 5,
      scan: {
        findings,
        problems: [],
        crashes: [],
        files: 5,
        bytes: 100,
        milliseconds: 12.4,
        slow: [],
        stats: {
          filesSeen: 5,
          filesPrefiltered: 3,
          filesAnalyzed: 2,
          filesOfLwsItself: 1,
          configurations: 2,
          functions: 10,
          callbacks: 1,
          incompleteFunctions: [{ file: "a.c", function: "f", line: 3, where: [] }],
          unreadRegions: [],
          callsThroughPointers: { resolved: 3, unresolved: 1 },
        },
      } satisfies Scan,
    },
  ];

  it("prints what was added and what is gone with the source line and the path to it", () => {
    const related = [{ file: "src/b.c", line: 4, column: 2, text: "f(wsi);", message: "called here" }];
    const text = printChanges(changesFromAccepted(scanned([finding(7, "x();", { related })]), { findings: [entry("y();")], coverage: [] }));
    expect(text).toBe(
      [
        "p",
        "  + src/a.c:7 no-internal-api: `x` is internal",
        "      x();",
        "        src/b.c:4 called here",
        "          f(wsi);",
        "  - src/a.c no-internal-api: accepted as true-positive, not found",
        "      y();",
        "",
      ].join("\n"),
    );
  });

  it("compares two revisions, and says when only the words changed", () => {
    const base = scanned([finding(1, "x();"), finding(2, "old();")]);
    const change = scanned([finding(1, "x();", { message: "`x` must not be called" }), finding(3, "new();")]);
    expect(changesFromBase(base, change).map((one) => [one.sign, one.text.split("\n")[1]?.trim()])).toEqual([
      ["+", "new();"],
      ["-", "old();"],
      ["~", "x();"],
    ]);
    expect(changesFromBase(base, base)).toEqual([]);
  });

  it("tells how much was read", () => {
    expect(coverage(scanned([])).split("\n")[2]).toBe("| p | 1-1 | 5 | 2 | 1 | 10 | 1 (90.0 % complete) | 0 | 3/4 | 1 | 0 | 0 | 12 |");
  });
});

describe("projects", () => {
  it("reads the list of this repository, and its accepted findings name only projects of it", () => {
    const file = (name: string): string => readFileSync(join(repositoryRoot, "ecosystem", name), "utf8");
    const projects = parseProjects(file("projects.json"), "projects.json");
    expect(projects.length).toBeGreaterThan(5);
    const names = projects.map((project) => project.name);
    const { findings, coverage: read } = parseAccepted(file("accepted.json"), "accepted.json");
    for (const { project } of [...findings, ...read]) expect(names).toContain(project);
  });

  it.each([
    [{}, "`projects` must be a list"],
    [{ projects: [{ name: "a", source: "A b", version: "*" }] }, "projects[0]: `source`"],
    [{ projects: [{ name: "a", source: "aa", version: "*", incldue: [] }] }, "projects[0]: unknown field incldue"],
    [{ projects: [{ name: "a", source: "aa", version: "*", include: "x" }] }, "projects[0]: `include`"],
    [{ projects: [1, 2].map(() => ({ name: "a", source: "aa", version: "*" })) }, "two projects are called a"],
  ])("refuses %j", (value, message) => {
    expect(() => parseProjects(JSON.stringify(value), "f")).toThrow(message);
  });
});

describe("stress", () => {
  it("runs each file by itself and keeps what goes wrong", () => {
    const files: Record<string, string> = { "a.c": "int x;", "b.c": "THROW", "c.c": "BAD(no-sync-kill)" };
    const result = stress(fakeAnalyzer(), Object.keys(files), (file) => new TextEncoder().encode(files[file]));
    expect(result).toMatchObject({ files: 2, functions: 2, findings: ["c.c no-sync-kill: `BAD` is bad"] });
    expect(result.crashes).toEqual([expect.stringContaining("b.c: Error: the fake engine fell over")]);
    const incomplete = [1, 2, 3, 4].map((line) => ({ file: "a.c", line, what: "f", text: `line ${line}` }));
    const text = describeStress("p 1", { ...result, functions: 8, incomplete, crashes: [] }, 2);
    expect(text.split("\n")).toEqual([
      "p 1: 2 files, 8 functions, 50.00 % complete, 0 unread regions",
      "  incomplete a.c:1 f",
      "      line 1",
      "  incomplete a.c:3 f",
      "      line 3",
      "  finding c.c no-sync-kill: `BAD` is bad",
    ]);
  });
});

describe("Debian sources", () => {
  it("derives source entries from either format, for this release only", () => {
    const text = sourceEntries(
      [
        {
          name: "a.sources",
          text: [
            "# a mirror",
            "Types: deb",
            "URIs: http://mirror.invalid/debian",
            "Suites: stable stable-updates",
            "Components: main contrib",
            "Signed-By: /keys/a.gpg",
            "",
            "Types: deb",
            "Enabled: no",
            "URIs: http://off.invalid/debian",
            "Suites: stable",
            "Components: main",
          ].join("\n"),
        },
        {
          name: "b.list",
          text: [
            "deb [arch=amd64 signed-by=/keys/b.gpg] https://other.invalid/debian stable-security main # more",
            "deb https://vendor.invalid/tool cloud-stable main",
            "#deb https://comment.invalid/debian stable main",
          ].join("\n"),
        },
      ],
      "stable",
    );
    expect(text.split("\n\n").map((paragraph) => paragraph.trim())).toEqual([
      "Types: deb-src\nURIs: http://mirror.invalid/debian\nSuites: stable\nComponents: main\nSigned-By: /keys/a.gpg",
      "Types: deb-src\nURIs: http://mirror.invalid/debian\nSuites: stable-updates\nComponents: main\nSigned-By: /keys/a.gpg",
      "Types: deb-src\nURIs: https://other.invalid/debian\nSuites: stable-security\nComponents: main\nSigned-By: /keys/b.gpg",
    ]);
  });

  it("fits versions to patterns", () => {
    expect(versionFits("1.1.2-1", "1.1.*")).toBe(true);
    expect(versionFits("1.10-1", "1.1.*")).toBe(false);
    expect(versionFits("1x1", "1.1")).toBe(false);
    expect(versionFits("2022.12+dfsg-4", "*")).toBe(true);
  });

  describe.runIf(existsSync("/usr/bin/dpkg"))("cache", () => {
    let folder: string;
    beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "lws-eco-"))));
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    it("takes the newest version that fits, by Debian's order", async () => {
      for (const name of ["a_1.9-1", "a_1.10-1", "a_1%3a0.5-1", "ab_9-1"]) mkdirSync(join(folder, "sources", name), { recursive: true });
      const sources = new DebianSources(folder);
      expect(await sources.cached("a", "*")).toEqual({ version: "1:0.5-1", root: join(folder, "sources/a_1%3a0.5-1") });
      expect((await sources.obtain("a", "1.*"))?.version).toBe("1.10-1");
      expect(await sources.cached("a", "2.*")).toBeUndefined();
    });
  });
});
