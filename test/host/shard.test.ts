/** `--shard` and `merge`: the parts together are the whole. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { isInShard, parseShard } from "../../src/host/shard.js";
import { project, realAnalyzer, run, type Project } from "./harness.js";

const sources = readdirSync("fixtures", { recursive: true, encoding: "utf8" })
  .filter((name) => /^[\w-]+\/[\w-]+\.c$/.test(name.replaceAll("\\", "/")))
  .slice(0, 40)
  .map((name) => [name, readFileSync(path.join("fixtures", name), "utf8")] as const);
const files = { ...Object.fromEntries(sources), "binary.c": "lws_\0", "zbinary.c": "lws_\0" };
const withoutDuration = (text: string): string => text.replace(/"durationMs": \d+/u, '"durationMs": 0');

async function command(p: Project, ...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return run(args, { cwd: p.root, analyzer: await realAnalyzer() });
}

async function shards(p: Project, format: string, count: number): Promise<string[]> {
  const names: string[] = [];
  for (let index = 1; index <= count; index++) {
    const name = `part${index}.${format}`;
    await command(p, "--no-config", "--report-unused-suppressions", "--format", format, "--shard", `${index}/${count}`, "--output-file", name);
    names.push(name);
  }
  return names;
}

describe("--shard and merge", () => {
  beforeAll(() => realAnalyzer());

  test.each([["json", 1], ["json", 3], ["json", 7], ["sarif", 3], ["sarif", 5]] as const)("%s in %d parts", async (format, count) => {
    const p = project(files);
    const whole = await command(p, "--no-config", "--report-unused-suppressions", "--format", format);
    const merged = await command(p, "merge", ...(await shards(p, format, count)).reverse());
    expect(withoutDuration(merged.stdout)).toBe(withoutDuration(whole.stdout));
    expect(merged.code).toBe(whole.code);
  });

  test("reports that do not belong together are refused", async () => {
    const p = project({ ...files, "other.json": "{}" });
    const [first, second, third] = await shards(p, "json", 3);
    const refused = async (...names: string[]): Promise<string> => {
      const { code, stderr } = await command(p, "merge", ...names);
      expect(code).toBe(2);
      return stderr;
    };
    expect(await refused(first!, second!)).toContain("Missing of 3 shards: 3");
    expect(await refused(first!, second!, third!, second!)).toContain("are the same shard, 2/3");
    expect(await refused("other.json")).toContain("is no report of lws-lint");
    expect(await refused("none.json")).toContain("cannot be read");
    expect(await refused(first!, (await shards(p, "sarif", 3))[1]!)).toContain("different formats");
    await command(p, "--format", "json", "--output-file", "whole.json");
    expect(await refused("whole.json")).toContain("is not the report of a shard");
  });

  test("every file is in one shard", () => {
    for (const [name] of sources) expect([1, 2, 3, 4].filter((index) => isInShard(name, { index, count: 4 }))).toHaveLength(1);
  });

  test("what a shard is", () => {
    expect(parseShard("2/3")).toEqual({ index: 2, count: 3 });
    for (const wrong of ["", "0/3", "4/3", "1", "1/0", "a/b", "1/2/3", "-1/2"]) expect(parseShard(wrong)).toBeUndefined();
  });

  test("--shard does not fix", async () => {
    const { code, stderr } = await command(project(files), "--fix", "--shard", "1/2");
    expect(code).toBe(2);
    expect(stderr).toContain("--shard");
  });
});
