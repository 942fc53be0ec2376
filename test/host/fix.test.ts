import { Buffer } from "node:buffer";
import { chmodSync, lstatSync, readdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import type { Diagnostic } from "../../src/diagnostics/diagnostic.js";
import { MAX_PASSES } from "../../src/host/fix.js";
import { replaceTogether, whyNotWritable, writeWhole } from "../../src/host/write-files.js";
import type { SourceFile } from "../../src/source/source-file.js";
import { diagnostic, edit, fakeAnalyzer, project, run, runJson } from "./harness.js";

const latin1 = (text: string): Buffer => Buffer.from(text, "latin1");

describe("--fix", () => {
  it("applies safe fixes, reports what is left, and is done after one run", async () => {
    const p = project({ "a.c": "lws_bad(); lws_odd();\nlws_bad();\n" });
    const first = await run(["--fix"], { cwd: p.root });
    expect(p.read("a.c")).toBe("lws_good(); lws_odd();\nlws_good();\n");
    expect(first.stdout).toContain("Fixed: 2 fixes applied.");
    expect(first.stdout).toContain("1 warning");
    expect(first.code).toBe(0);
    const again = await runJson(["--fix"], { cwd: p.root });
    expect(again.json.summary).toMatchObject({ fixesApplied: 0, warnings: 1 });
    expect(p.read("a.c")).toBe("lws_good(); lws_odd();\nlws_good();\n");
  });

  it("applies suggestions on demand only", async () => {
    const p = project({ "a.c": "lws_bad(); lws_odd();\n" });
    expect((await run(["--fix-suggestions"], { cwd: p.root })).code).toBe(0);
    expect(p.read("a.c")).toBe("lws_good(); lws_even();\n");
  });

  it.each([
    [
      "Latin-1",
      latin1("/* gr\xfc\xdfe \xe9 */ lws_bad(); /* \xe4 */\n"),
      latin1("/* gr\xfc\xdfe \xe9 */ lws_good(); /* \xe4 */\n"),
    ],
    ["CRLF", Buffer.from("lws_bad();\r\nlws_bad();\r\n"), Buffer.from("lws_good();\r\nlws_good();\r\n")],
    ["a byte order mark", Buffer.from("\ufefflws_bad();"), Buffer.from("\ufefflws_good();")],
    [
      "UTF-8 beyond the basic plane",
      Buffer.from("/* 👋漢 */ lws_bad(); /* ü */"),
      Buffer.from("/* 👋漢 */ lws_good(); /* ü */"),
    ],
    ["a cut sequence before and after", latin1("\xe2\x82lws_bad();\xf0\x9f"), latin1("\xe2\x82lws_good();\xf0\x9f")],
    ["no line break at the end", Buffer.from("lws_bad()"), Buffer.from("lws_good()")],
  ])("keeps every other byte: %s", async (_, before, after) => {
    const p = project({ "a.c": before });
    await run(["--fix"], { cwd: p.root });
    expect(p.bytes("a.c").toString("latin1")).toBe(after.toString("latin1"));
  });

  it("keeps mode and links, and leaves no other file behind", async () => {
    const p = project({ "real/a.c": "lws_bad();\n", "src/b.c": "" });
    chmodSync(path.join(p.root, "real/a.c"), 0o640);
    symlinkSync("../real/a.c", path.join(p.root, "src/link.c"));
    await run(["--fix", "src"], { cwd: p.root });
    expect(p.read("real/a.c")).toBe("lws_good();\n");
    expect(statSync(path.join(p.root, "real/a.c")).mode & 0o777).toBe(0o640);
    expect(lstatSync(path.join(p.root, "src/link.c")).isSymbolicLink()).toBe(true);
    expect(readdirSync(path.join(p.root, "real"))).toEqual(["a.c"]);
  });

  it("refuses a file that changed meanwhile, reports it as it is, and fixes the others", async () => {
    const p = project({ "a.c": "lws_bad();\n", "b.c": "lws_bad();\n" });
    let calls = 0;
    const inner = fakeAnalyzer();
    const analyzer = {
      ...inner,
      start: () => {
        if (++calls === 2) p.write("a.c", "lws_bad(); /* mine */\n");
        return inner.start();
      },
    };
    const { json, code } = await runJson(["--fix"], { cwd: p.root, analyzer });
    expect(p.read("a.c")).toBe("lws_bad(); /* mine */\n");
    expect(p.read("b.c")).toBe("lws_good();\n");
    expect(json.problems).toEqual([{ file: "a.c", message: expect.stringContaining("changed by someone else") }]);
    expect(json.findings.map(({ file }) => file)).toEqual(["a.c"]);
    expect(json.summary["fixesApplied"]).toBe(1);
    expect(code).toBe(2);
  });
});

/** Finds `marker` and offers these fixes; offsets are relative to it. */
const at = (source: SourceFile, marker: string, fixes: (start: number) => Diagnostic["fixes"]): Diagnostic[] => {
  const start = source.text.indexOf(marker);
  return start < 0 ? [] : [diagnostic(source, start, start + marker.length, { fixes: fixes(start) })];
};

describe("fixes that get in each other's way", () => {
  it("are applied one after the other when they overlap", async () => {
    const p = project({ "a.c": "lws_f(one, two)\n" });
    const analyzer = fakeAnalyzer((sources) => {
      const source = sources.get("a.c")!;
      return [
        ...at(source, "one, two", (start) => [
          { kind: "safe", title: "1", edits: [edit(source, start, start + 8, "1, two")] },
        ]),
        ...at(source, "two)", (start) => [{ kind: "safe", title: "2", edits: [edit(source, start, start + 4, "2)")] }]),
      ];
    });
    const { json } = await runJson(["--fix"], { cwd: p.root, analyzer });
    expect(p.read("a.c")).toBe("lws_f(1, 2)\n");
    expect(json.summary["fixesApplied"]).toBe(2);
  });

  it("touching ones wait for the next pass, as their order would be a guess", async () => {
    const p = project({ "a.c": "lws_ AB\n" });
    const passes: string[] = [];
    const analyzer = fakeAnalyzer((sources) => {
      const source = sources.get("a.c")!;
      passes.push(source.text);
      return [
        ...at(source, "A", (start) => [{ kind: "safe", title: "a", edits: [edit(source, start, start + 1, "x")] }]),
        ...at(source, "B", (start) => [{ kind: "safe", title: "b", edits: [edit(source, start, start + 1, "y")] }]),
      ];
    });
    await run(["--fix"], { cwd: p.root, analyzer });
    expect(passes).toEqual(["lws_ AB\n", "lws_ xB\n", "lws_ xy\n"]);
  });

  it("take all of their edits or none, over several files", async () => {
    const p = project({ "a.c": "lws_ OLD\n", "b.c": "lws_ OLD BUSY\n" });
    const texts: string[][] = [];
    const analyzer = fakeAnalyzer((sources) => {
      const [a, b] = [sources.get("a.c")!, sources.get("b.c")!];
      texts.push([a.text, b.text]);
      const both = (start: number): Diagnostic["fixes"] => [
        {
          kind: "safe",
          title: "both",
          edits: [edit(a, start, start + 3, "NEW"), edit(b, b.text.indexOf("OLD"), b.text.indexOf("OLD") + 3, "NEW")],
        },
      ];
      return [
        ...at(b, "BUSY", (start) => [{ kind: "safe", title: "busy", edits: [edit(b, start - 4, start + 4, "OLD")] }]),
        ...at(a, "OLD", both),
      ];
    });
    await run(["--fix"], { cwd: p.root, analyzer });
    expect(texts).toEqual([
      ["lws_ OLD\n", "lws_ OLD BUSY\n"],
      ["lws_ OLD\n", "lws_ OLD\n"],
      ["lws_ NEW\n", "lws_ NEW\n"],
    ]);
  });

  it("take the first suggestion that is free, and none where a safe fix exists", async () => {
    const p = project({ "a.c": "lws_ AB\n" });
    const analyzer = fakeAnalyzer((sources) => {
      const source = sources.get("a.c")!;
      const start = source.text.indexOf("AB");
      if (start < 0) return [];
      const one = (text: string, from: number, to: number) =>
        ({ kind: "suggestion", title: text, edits: [edit(source, from, to, text)] }) as const;
      return [
        diagnostic(source, start, start + 1, {
          fixes: [{ ...one("1", start, start + 1), kind: "safe" }, one("never", 0, 1)],
        }),
        diagnostic(source, start + 1, start + 2, {
          fixes: [one("taken", start, start + 2), one("2", source.text.length, source.text.length)],
        }),
      ];
    });
    await run(["--fix-suggestions"], { cwd: p.root, analyzer });
    expect(p.read("a.c")).toBe("lws_ 1B\n2");
  });

  it("end after the last pass when they undo each other", async () => {
    const p = project({ "a.c": "lws_ PING\n" });
    const analyzer = fakeAnalyzer((sources) => {
      const source = sources.get("a.c")!;
      const word = source.text.includes("PING") ? "PING" : "PONG";
      return at(source, word, (start) => [
        { kind: "safe", title: "x", edits: [edit(source, start, start + 4, word === "PING" ? "PONG" : "PING")] },
      ]);
    });
    const { json } = await runJson(["--fix"], { cwd: p.root, analyzer });
    expect(json.summary["fixesApplied"]).toBe(MAX_PASSES);
    expect(json.problems).toEqual([{ file: ".", message: expect.stringContaining("passes") }]);
  });

  it.each([
    ["outside the text", 0, 999],
    ["backwards", 5, 2],
    ["before the text", -1, 2],
  ])("an edit %s is left out", async (_, start, end) => {
    const p = project({ "a.c": "lws_ word\n" });
    const analyzer = fakeAnalyzer((sources) =>
      at(sources.get("a.c")!, "word", () => [
        { kind: "safe", title: "x", edits: [edit(sources.get("a.c")!, start, end, "")] },
      ]),
    );
    const { code } = await run(["--fix"], { cwd: p.root, analyzer });
    expect(p.read("a.c")).toBe("lws_ word\n");
    expect(code).toBe(1);
  });

  it("new text takes over the line ends of the file, and only ASCII goes into an unknown encoding", async () => {
    const insert = (text: string) =>
      fakeAnalyzer((sources) =>
        at([...sources.values()][0]!, "HERE", (start) => [
          { kind: "safe", title: "x", edits: [edit([...sources.values()][0]!, start, start + 4, text)] },
        ]),
      );
    const p = project({ "a.c": "lws_\r\nHERE\r\n", "b.c": latin1("lws_ \xe9 HERE\n") });
    await run(["--fix", "a.c"], { cwd: p.root, analyzer: insert("1\n2") });
    expect(p.read("a.c")).toBe("lws_\r\n1\r\n2\r\n");
    await run(["--fix", "b.c"], { cwd: p.root, analyzer: insert("ü") });
    expect(p.bytes("b.c").toString("latin1")).toBe("lws_ \xe9 HERE\n");
    await run(["--fix", "b.c"], { cwd: p.root, analyzer: insert("u") });
    expect(p.bytes("b.c").toString("latin1")).toBe("lws_ \xe9 u\n");
  });
});

describe("--fix-dry-run", () => {
  it("prints a diff in the bytes of the file and writes nothing", async () => {
    const before = latin1("/* \xe9 */\r\nlws_bad();\r\nlws_odd();");
    const p = project({ "dir/a.c": before });
    const { stdoutBytes, stderr, code } = await run(["--fix-dry-run"], { cwd: p.root });
    expect(stdoutBytes.toString("latin1")).toBe(
      "--- a/dir/a.c\n+++ b/dir/a.c\n@@ -1,3 +1,3 @@\n /* \xe9 */\r\n-lws_bad();\r\n+lws_good();\r\n lws_odd();\n\\ No newline at end of file\n",
    );
    expect(stderr).toContain("1 warning");
    expect(p.bytes("dir/a.c").equals(before)).toBe(true);
    expect(code).toBe(0);
  });

  it("writes the report to a file if one is named", async () => {
    const p = project({ "a.c": "lws_bad(); lws_odd();\n" });
    await run(["--fix-dry-run", "--fix-suggestions", "--format", "json", "--output-file", "out.json"], { cwd: p.root });
    expect(JSON.parse(p.read("out.json"))).toMatchObject({ summary: { fixesApplied: 2 }, findings: [] });
  });
});

describe("writing", () => {
  const replacement = (root: string, name: string, before: string, after: string) => ({
    absolute: path.join(root, name),
    name,
    before: Buffer.from(before),
    after: Buffer.from(after),
  });

  it("replaces a group as a whole or not at all", () => {
    const p = project({ "a.c": "a", "b.c": "changed" });
    const failure = replaceTogether([replacement(p.root, "a.c", "a", "A"), replacement(p.root, "b.c", "b", "B")]);
    expect(failure?.file).toBe("b.c");
    expect([p.read("a.c"), p.read("b.c")]).toEqual(["a", "changed"]);
    expect(readdirSync(p.root)).toEqual(["a.c", "b.c"]);
    expect(replaceTogether([replacement(p.root, "a.c", "a", "A"), replacement(p.root, "gone.c", "", "x")])?.file).toBe(
      "gone.c",
    );
    expect(readdirSync(p.root)).toEqual(["a.c", "b.c"]);
    expect(p.read("a.c")).toBe("a");
  });

  it("says why a file cannot be written", () => {
    expect(whyNotWritable(path.join(project().root, "gone"))).toBe("no such file or folder");
  });

  it("makes folders, replaces in one step and writes through to devices", () => {
    const p = project();
    const file = path.join(p.root, "deep/er/report.json");
    writeWhole(file, Buffer.from("1"));
    writeFileSync(file, "a longer text");
    writeWhole(file, Buffer.from("2"));
    expect(p.read("deep/er/report.json")).toBe("2");
    expect(readdirSync(path.dirname(file))).toEqual(["report.json"]);
    writeWhole("/dev/null", Buffer.from("x"));
    expect(statSync("/dev/null").isFile()).toBe(false);
  });

  it("--output-file that cannot be written is explained", async () => {
    const p = project({ "a.c": "lws_bad();", file: "" });
    const { code, stderr } = await run(["--output-file", "file/report.txt"], { cwd: p.root });
    expect(stderr).toContain("file/report.txt: the report cannot be written: ");
    expect(code).toBe(2);
  });
});
