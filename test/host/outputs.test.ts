/** Several reports of one run, each to its place. */
import { existsSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { parseXml } from "../reporters/xml-reader.js";
import { project, run, type JsonOutput } from "./harness.js";

const SOURCE = "#include <libwebsockets.h>\nint f(void) { return lws_bad(1); }\n";

describe("--format", () => {
  it("writes any number of files, and one report to standard output", async () => {
    const p = project({ "a.c": SOURCE });
    const { code, stdout, stderr } = await run(
      ["--format", "sarif:out/a.sarif", "--format", "text", "--format", "junit:out/a.xml", "--format", "json:a.json", "--color"],
      { cwd: p.root },
    );
    expect([code, stderr]).toEqual([1, ""]);
    expect(stdout).toMatch(/^\u001b\[1ma\.c:2:22:\u001b\[0m/u);
    expect(JSON.parse(p.read("out/a.sarif"))).toMatchObject({ version: "2.1.0", runs: [{ tool: { driver: { rules: [{}, {}] } }, results: [{}] }] });
    expect(parseXml(p.read("out/a.xml")).attributes["failures"]).toBe("1");
    expect((JSON.parse(p.read("a.json")) as JsonOutput).findings).toHaveLength(1);
  });

  it("says nothing on standard output when all reports have a file", async () => {
    const p = project({ "a.c": SOURCE });
    expect(await run(["--format", "text:a.txt", "--format", "github:b.txt"], { cwd: p.root })).toMatchObject({ code: 1, stdout: "", stderr: "" });
    expect(p.read("a.txt")).toMatch(/^a\.c:2:22: error: /u);
    expect(p.read("b.txt")).toMatch(/^::error file=a\.c,line=2,/u);
  });

  it("gives --output-file to the report without a file", async () => {
    const p = project({ "a.c": SOURCE });
    const args = ["--format", "sarif:a.sarif", "--format", "checkstyle", "--output-file", "a.xml"];
    expect(await run(args, { cwd: p.root })).toMatchObject({ code: 1, stdout: "", stderr: "" });
    expect(parseXml(p.read("a.xml")).name).toBe("checkstyle");
    expect(existsSync(path.join(p.root, "a.sarif"))).toBe(true);
  });

  it("takes everything behind the first colon for the file", async () => {
    const p = project({ "a.c": SOURCE });
    await run(["--format", "text:a:b.txt"], { cwd: p.root });
    expect(p.read("a:b.txt")).toContain("lws/no-bad");
  });

  it("loads no engine for SARIF unless it is asked for", async () => {
    const cwd = project({ "a.c": "int x;\n" }).root;
    expect((await run(["--format", "gitlab", "--format", "junit:j.xml"], { cwd })).engineLoaded).toBe(false);
    expect((await run(["--format", "text", "--format", "sarif:s.sarif"], { cwd })).engineLoaded).toBe(true);
  });

  it.each(["gitlab", "junit", "checkstyle", "rdjson", "github", "sarif", "json", "text"])("%s goes to a file alone with a dry run", async (format) => {
    const p = project({ "a.c": SOURCE });
    const { stdout, stderr } = await run(["--fix-dry-run", "--format", `${format}:report`, "--format", format], { cwd: p.root });
    expect(stdout).toMatch(/^--- a\/a\.c/u);
    expect(stderr).toContain("1 fix applied");
    expect(p.read("report").length).toBeGreaterThan(0);
  });

  it.each([
    [["--format", "xml"], "Formats are text, json, sarif, github, gitlab, junit, checkstyle, rdjson, html."],
    [["--format", "sarf:x"], "Did you mean `sarif`?"],
    [["--format", "sarif:"], "Write it as FORMAT:FILE, or FORMAT alone for standard output."],
    [["--format", "text", "--format", "json"], "Only one report can go to standard output: give `--format text` or `--format json` a file, as in `--format json:FILE`."],
    [["--format", "text", "--format", "json", "--output-file", "x"], "Only one report can go to --output-file: "],
    [["--format", "json:x", "--output-file", "y"], "--output-file is for a --format without a file of its own; here each one has a file."],
    [["--format", "json:x", "--format", "sarif:./x"], "`json:x` and `sarif:./x` would be written to the same file."],
    [["--format", "json:x", "--format", "sarif", "--output-file", "x"], "`json:x` and `sarif:x` would be written to the same file."],
  ])("explains what is wrong with %j", async (args, message) => {
    const { code, stdout, stderr } = await run(args, { cwd: project({ "a.c": SOURCE }).root });
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(message);
  });

  it("names the file that cannot be written", async () => {
    const p = project({ "a.c": SOURCE, "folder/x": "" });
    const { code, stderr } = await run(["--format", "json:folder"], { cwd: p.root });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^lws-lint: folder: the report cannot be written: /u);
  });
});
