/** `--cache`: faster, and never different. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { project, realAnalyzer, run, type Project } from "./harness.js";
import { CALLBACK, DROP, session } from "./three-files.js";

const sources = readdirSync("fixtures", { recursive: true, encoding: "utf8" })
  .filter((name) => /no-(?:sync-kill|cross-thread-call|internal-api)\/[\w-]+\.c$/.test(name))
  .map((name) => [name, readFileSync(path.join("fixtures", name), "utf8")] as const);

const programs = (): Project => project(Object.fromEntries(sources));

/** What is printed, with and without the cache; `loaded` tells whether the engine was needed with it. */
async function both(p: Project, ...args: string[]): Promise<{ plain: string; cached: string; stderr: string; loaded: boolean }> {
  const analyzer = await realAnalyzer();
  const command = ["--format", "sarif", "--no-config", ...args];
  const plain = await run(command, { cwd: p.root, analyzer });
  const cached = await run([...command, "--cache"], { cwd: p.root, analyzer });
  return { plain: plain.stdout, cached: cached.stdout, stderr: cached.stderr, loaded: cached.engineLoaded };
}

const packs = (p: Project): string[] => readdirSync(path.join(p.root, ".lws-lint-cache")).map((name) => path.join(p.root, ".lws-lint-cache", name));

describe("--cache", () => {
  test("the second run says the same, without the engine", async () => {
    const p = programs();
    const first = await both(p);
    expect(first.cached).toBe(first.plain);
    expect(first.loaded).toBe(true);
    const second = await both(p);
    expect(second.cached).toBe(first.plain);
    expect(second.loaded).toBe(false);
  });

  test("a changed file, a new one and one that is gone", async () => {
    const p = programs();
    await both(p);
    const [name, text] = sources[0]!;
    p.write(name, text.replaceAll("LWS_TO_KILL_SYNC", "LWS_TO_KILL_ASYNC"));
    p.write("more/new.c", sources[1]![1]);
    const changed = await both(p);
    expect(changed.cached).toBe(changed.plain);
    p.write(name, "int unused;\n");
    const gone = await both(p);
    expect(gone.cached).toBe(gone.plain);
  });

  test("files between others: one that begins to lead on, one that no longer does, one that gets another name", async () => {
    const p = project({ "callback.c": CALLBACK, "drop.c": DROP, "session.c": session("print_it"), "other.c": "int x;\n" });
    const found = async (): Promise<number> => {
      const { plain, cached } = await both(p);
      expect(cached).toBe(plain);
      return plain.split('"lws/no-sync-kill"').length;
    };
    const none = await found();
    p.write("session.c", session("conn_drop"));
    expect(await found()).toBeGreaterThan(none);
    expect((await both(p)).loaded).toBe(false);
    p.write("session.c", "\n");
    p.write("later.c", session("conn_drop"));
    expect(await found()).toBeGreaterThan(none);
    p.write("later.c", session("print_it"));
    expect(await found()).toBe(none);
  });

  test("options are part of what is kept", async () => {
    const p = programs();
    const all = await both(p);
    const fewer = await both(p, "--rule", "no-sync-kill:off");
    expect(fewer.plain).not.toBe(all.plain);
    expect(fewer.cached).toBe(fewer.plain);
  });

  test.each<[string, (bytes: Buffer) => Buffer]>([
    ["empty", () => Buffer.alloc(0)],
    ["cut", (bytes) => bytes.subarray(0, bytes.length >> 1)],
    ["one bit wrong", (bytes) => (bytes.writeUInt8(bytes.readUInt8(bytes.length >> 1) ^ 1, bytes.length >> 1), bytes)],
    ["longer", (bytes) => Buffer.concat([bytes, Buffer.from("x")])],
    ["something else", () => Buffer.from("not a cache at all, but long enough to hold a digest and a header\n")],
  ])("a damaged cache is told and ignored: %s", async (_, damage) => {
    const p = programs();
    const first = await both(p);
    for (const pack of packs(p)) writeFileSync(pack, damage(readFileSync(pack)));
    const second = await both(p);
    expect(second.cached).toBe(first.plain);
    expect(second.stderr).toContain("it is damaged");
    const third = await both(p);
    expect(third.cached).toBe(first.plain);
    expect(third.stderr).toBe("");
    expect(third.loaded).toBe(false);
  });

  test("runs at the same time do not disturb each other", async () => {
    const p = programs();
    const runs = await Promise.all(Array.from({ length: 6 }, () => both(p)));
    expect(new Set(runs.flatMap(({ plain, cached }) => [plain, cached])).size).toBe(1);
    expect(packs(p).map((file) => path.basename(file)).sort()).toEqual(["facts.pack", "runs.pack"]);
  });

  test("--cache-location, also one that cannot be written", async () => {
    const p = programs();
    const analyzer = await realAnalyzer();
    await run(["--cache-location", "elsewhere/deep"], { cwd: p.root, analyzer });
    expect(existsSync(path.join(p.root, "elsewhere/deep/runs.pack"))).toBe(true);
    p.write("file", "x");
    const refused = await run(["--cache-location", "file/below"], { cwd: p.root, analyzer });
    expect(refused.stderr).toContain("the cache");
    expect(refused.code).toBe(1);
  });
});
