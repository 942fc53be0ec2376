/** `--since`: only what is new, in repositories made for the test. */
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, renameSync, rmSync, symlinkSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { fakeAnalyzer, project, realAnalyzer, run, runJson, type Project, type RunOptions } from "./harness.js";

interface Repository extends Project {
  git(...args: string[]): string;
  commit(message?: string): void;
}

const ENV = {
  PATH: process.env["PATH"],
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_SYSTEM: "/dev/null",
  GIT_AUTHOR_NAME: "a",
  GIT_AUTHOR_EMAIL: "a@example.org",
  GIT_COMMITTER_NAME: "a",
  GIT_COMMITTER_EMAIL: "a@example.org",
};

const git = (cwd: string, ...args: string[]): string => {
  const { status, stdout, stderr } = spawnSync("git", ["-c", "protocol.file.allow=always", ...args], { cwd, env: ENV, encoding: "utf8" });
  if (status !== 0) throw new Error(`git ${args.join(" ")}: ${stderr}`);
  return stdout.trim();
};

/** A repository with one commit of these files, on `main`. */
const repository = (files: Readonly<Record<string, string | Uint8Array>>): Repository => {
  const p = project(files);
  const r: Repository = {
    ...p,
    git: (...args) => git(p.root, ...args),
    commit: (message = "x") => {
      git(p.root, "add", "-A");
      git(p.root, "commit", "-qm", message, "--allow-empty");
    },
  };
  git(p.root, "init", "-q", "-b", "main");
  r.commit();
  return r;
};

const since = async (r: Project, more: readonly string[] = [], options: Partial<RunOptions> = {}) => {
  const { code, json, stderr } = await runJson(["--since", "HEAD", ...more], { cwd: r.root, ...options });
  return { code, stderr, lines: json.findings.map(({ file, line }) => `${file}:${line}`), known: (json.summary["since"] as unknown as { known: number }).known };
};

describe("--since", () => {
  it("reports what is new and nothing else", async () => {
    const r = repository({ "a.c": "lws_bad();\nlws_odd();\n", "b.c": "lws_bad();\n" });
    expect(await since(r)).toMatchObject({ code: 0, lines: [], known: 3 });
    r.write("a.c", "int moved;\nlws_bad();\n\nlws_odd();\nlws_odd();\n");
    expect(await since(r)).toMatchObject({ code: 0, lines: ["a.c:5"], known: 3 });
    expect((await since(r, ["--max-warnings", "0"])).code).toBe(1);
    r.write("b.c", "int x;\n");
    r.write("a.c", "lws_bad();\nlws_bad();\n");
    expect(await since(r)).toMatchObject({ code: 1, lines: ["a.c:2"], known: 1 });
    const { stdout } = await run(["--since", "HEAD"], { cwd: r.root });
    expect(stdout).toContain("Only what is new since HEAD: 1 older finding not reported.\n");
  });

  it("takes files that git does not know yet for new, ignored ones for old", async () => {
    const r = repository({ ".gitignore": "gen.c\n", "a.c": "int x;\n", "lws-lint.config.json": '{ "root": true, "ignores": ["!gen.c"] }' });
    r.write("new.c", "lws_bad();\n");
    r.write("gen.c", "lws_bad();\n");
    expect(await since(r)).toMatchObject({ lines: ["new.c:1"], known: 1 });
    r.git("add", "new.c");
    expect(await since(r)).toMatchObject({ lines: ["new.c:1"], known: 1 });
  });

  it.each([true, false])("follows renamed files (told to git: %s)", async (staged) => {
    const r = repository({ "a.c": "lws_bad();\nlws_odd();\n" });
    mkdirSync(path.join(r.root, "lib"));
    renameSync(path.join(r.root, "a.c"), path.join(r.root, "lib/z.c"));
    if (staged) r.git("add", "-A");
    expect(await since(r)).toMatchObject({ lines: [], known: 2 });
    r.write("lib/z.c", "lws_bad();\nlws_odd();\nlws_bad();\n");
    expect(await since(r)).toMatchObject({ lines: ["lib/z.c:3"], known: 2 });
  });

  it.each(["true", "false", "input"])("is not misled by line ends (core.autocrlf=%s)", async (autocrlf) => {
    const r = repository({ "a.c": "int x;\nlws_bad();\nlws_odd();\n" });
    r.git("config", "core.autocrlf", autocrlf);
    r.write("a.c", "int x;\r\nlws_bad();\r\nlws_odd();\r\n");
    expect(await since(r)).toMatchObject({ lines: [], known: 2 });
  });

  it("compares with where a branch left the revision, not with what came there since", async () => {
    const r = repository({ "a.c": "lws_bad();\n" });
    r.git("checkout", "-qb", "topic");
    r.write("b.c", "lws_bad();\n");
    r.commit();
    r.git("checkout", "-q", "main");
    r.write("a.c", "int fixed_on_main;\n");
    r.commit();
    r.git("checkout", "-q", "topic");
    expect(await since(r, ["--since", "main"])).toMatchObject({ lines: ["b.c:1"], known: 1 });
    expect(await since(r, ["--since", r.git("rev-parse", "--short", "main")])).toMatchObject({ lines: ["b.c:1"] });
    expect(await since(r, ["--since", "main~1"])).toMatchObject({ lines: ["b.c:1"] });
  });

  it("works from a folder below, by a link, and with paths", async () => {
    const r = repository({ "src/a.c": "lws_bad();\n", "src/sub/b.c": "lws_bad();\n", "other/c.c": "int x;\n" });
    r.write("src/sub/b.c", "lws_bad();\nlws_odd();\n");
    r.write("other/c.c", "lws_bad();\n");
    expect(await since(r, ["src"])).toMatchObject({ lines: ["src/sub/b.c:2"], known: 2 });
    expect(await since(r, ["."], { cwd: path.join(r.root, "src") })).toMatchObject({ lines: ["sub/b.c:2"], known: 2 });
    expect(await since(r, ["../other"], { cwd: path.join(r.root, "src") })).toMatchObject({ lines: ["../other/c.c:1"] });
    const link = project();
    symlinkSync(r.root, path.join(link.root, "repo"));
    expect(await since(r, ["."], { cwd: path.join(link.root, "repo") })).toMatchObject({ lines: ["other/c.c:1", "src/sub/b.c:2"], known: 2 });
  });

  it("names with spaces, line ends and letters of all kinds are no problem", async () => {
    const name = "ä b\n\"漢\".c";
    const r = repository({ [name]: "lws_bad();\n" });
    r.write(name, "int x;\nlws_bad();\n");
    expect(await since(r)).toMatchObject({ lines: [], known: 1 });
  });

  it("works in the middle of a conflict", async () => {
    const r = repository({ "a.c": "int a;\nlws_bad();\n" });
    r.git("checkout", "-qb", "topic");
    r.write("a.c", "int topic;\nlws_bad();\n");
    r.commit();
    r.git("checkout", "-q", "main");
    r.write("a.c", "int main;\nlws_bad();\n");
    r.commit();
    expect(() => r.git("merge", "topic")).toThrow();
    expect(await since(r)).toMatchObject({ lines: [], known: 1 });
  });

  it("looks into submodules at the commit they were at", async () => {
    const inner = repository({ "util.c": "lws_bad();\n" });
    const r = repository({ "a.c": "int x;\n" });
    r.git("submodule", "add", "-q", inner.root, "sub");
    r.commit();
    expect(await since(r)).toMatchObject({ lines: [], known: 1 });
    r.write("sub/util.c", "lws_bad();\nlws_odd();\n");
    expect(await since(r)).toMatchObject({ lines: ["sub/util.c:2"], known: 1 });
    git(path.join(r.root, "sub"), "commit", "-qam", "x");
    expect(await since(r)).toMatchObject({ lines: ["sub/util.c:2"], known: 1 });
    r.commit();
    expect(await since(r, ["--since", "HEAD~1"])).toMatchObject({ lines: ["sub/util.c:2"], known: 1 });
    // Before it was added, everything in it was not there.
    expect(await since(r, ["--since", "HEAD~2"])).toMatchObject({ lines: ["sub/util.c:1", "sub/util.c:2"], known: 0 });
  });

  it("fixes only what is new", async () => {
    const r = repository({ "a.c": "lws_bad();\n" });
    r.write("a.c", "lws_bad();\nlws_bad();\n");
    r.write("b.c", "lws_bad();\n");
    const { code } = await run(["--since", "HEAD", "--fix"], { cwd: r.root });
    expect([code, r.read("a.c"), r.read("b.c")]).toEqual([0, "lws_bad();\nlws_good();\n", "lws_good();\n"]);
  });

  it("goes with --baseline and --cache", async () => {
    const r = repository({ "a.c": "lws_bad();\n", ".gitignore": ".lws-lint-cache/\nbase.json\n" });
    r.write("b.c", "lws_bad();\n");
    await run(["--baseline", "base.json", "--update-baseline"], { cwd: r.root });
    r.write("c.c", "lws_bad();\n");
    const args = ["--since", "HEAD", "--baseline", "base.json", "--cache", "--format", "json"];
    const first = await run(args, { cwd: r.root });
    expect(JSON.parse(first.stdout)).toMatchObject({
      findings: [{ file: "c.c" }],
      summary: { since: { revision: "HEAD", known: 1 }, baseline: { file: "base.json", known: 1, stale: 0 } },
    });
    const again = await run(args, { cwd: r.root });
    expect(again.engineLoaded).toBe(false);
    const timeless = (text: string): string => text.replace(/"durationMs": \d+/u, "");
    expect(timeless(again.stdout)).toBe(timeless(first.stdout));
  });

  it("asks the engine for nothing more when nothing changed", async () => {
    const r = repository({ "a.c": "lws_bad();\n", "README": "x\n" });
    r.write("README", "y\n");
    const analyzer = fakeAnalyzer();
    expect(await since(r, [], { analyzer })).toMatchObject({ known: 1 });
    expect(analyzer.runs).toHaveLength(1);
  });
});

const HEAD = "#include <libwebsockets.h>\nvoid drop(struct lws *wsi);\n";
const callback = (body: string): string =>
  `${HEAD}static int callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)\n{\n${body}\n\treturn 0;\n}\nconst struct lws_protocols protocols[] = { { "p", callback, 0, 0 }, { 0, 0, 0, 0 } };\n`;
const onReason = (reasons: string, call = "drop(wsi)"): string => callback(`\tswitch (reason) {\n\t${reasons}\n\t\t${call};\n\t\tbreak;\n\tdefault:\n\t\tbreak;\n\t}`);
const closing = (how: string): string => `${HEAD}void drop(struct lws *wsi)\n{\n\tlws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, ${how});\n}\n`;
const RECEIVE = "case LWS_CALLBACK_RECEIVE:";
const WRITEABLE = "case LWS_CALLBACK_SERVER_WRITEABLE:";

describe("--since with the engine itself", () => {
  const found = async (r: Project) => (await since(r, [], { analyzer: await realAnalyzer() })).lines;

  it("reports a caller that did not change when the helper it calls became wrong", async () => {
    const r = repository({ "main.c": onReason(RECEIVE), "util.c": closing("LWS_TO_KILL_ASYNC") });
    r.write("util.c", closing("LWS_TO_KILL_SYNC"));
    expect(await found(r)).toEqual(["main.c:7"]);
    r.commit();
    expect(await found(r)).toEqual([]);
  });

  it("reports a new caller of a helper that did not change", async () => {
    const r = repository({ "main.c": onReason(RECEIVE, "(void)0"), "util.c": closing("LWS_TO_KILL_SYNC") });
    r.write("main.c", onReason(RECEIVE));
    expect(await found(r)).toEqual(["main.c:7"]);
  });

  it("reports a known finding again when another reason or another way leads there", async () => {
    const r = repository({ "main.c": onReason(RECEIVE), "util.c": closing("LWS_TO_KILL_SYNC") });
    r.write("main.c", onReason(`${RECEIVE}\n\t${WRITEABLE}`));
    expect(await found(r)).toHaveLength(1);
    r.write("main.c", onReason(`${RECEIVE}\n\t\tdrop(wsi);\n\t\tbreak;\n\t${WRITEABLE}`));
    expect(await found(r)).toHaveLength(1);
    r.write("main.c", `/* more */\n${onReason(`${RECEIVE}\n`)}`);
    expect(await found(r)).toEqual([]);
  });

  it("reports nothing when code only moves to another file", async () => {
    const r = repository({ "main.c": onReason(RECEIVE), "util.c": closing("LWS_TO_KILL_SYNC") });
    renameSync(path.join(r.root, "util.c"), path.join(r.root, "helper.c"));
    renameSync(path.join(r.root, "main.c"), path.join(r.root, "server.c"));
    expect(await found(r)).toEqual([]);
  });

  it("reports what a comment suppressed before", async () => {
    const r = repository({ "main.c": onReason(RECEIVE, "drop(wsi); // NOLINT(lws/no-sync-kill)"), "util.c": closing("LWS_TO_KILL_SYNC") });
    r.write("main.c", onReason(RECEIVE));
    expect(await found(r)).toEqual(["main.c:7"]);
  });

  it("works in a hook, which git tells by variables where its repository and index are", () => {
    const inner = repository({ "util.c": closing("LWS_TO_KILL_ASYNC") });
    const r = repository({ "main.c": onReason(RECEIVE), ".gitignore": "found.json\n" });
    r.git("submodule", "add", "-q", inner.root, "sub");
    r.commit();
    r.write("sub/util.c", closing("LWS_TO_KILL_SYNC"));
    r.write("main.c", `${onReason(RECEIVE)}/* */\n`);
    const cli = fileURLToPath(new URL("../../src/cli.ts", import.meta.url));
    const tsx = import.meta.resolve("tsx");
    r.write(".git/hooks/pre-commit", `#!/bin/sh\nenv | grep -c GIT_INDEX_FILE > hook.log\nexec "${process.execPath}" --import "${tsx}" "${cli}" --since HEAD --format json:found.json\n`);
    chmodSync(path.join(r.root, ".git/hooks/pre-commit"), 0o755);
    // Of one file only, which takes an index of its own.
    const { status, stderr } = spawnSync("git", ["commit", "-qm", "x", "main.c"], { cwd: r.root, env: { ...ENV, GIT_DIR: path.join(r.root, ".git") }, encoding: "utf8" });
    expect([status, stderr, r.read("hook.log")]).toEqual([1, "", "1\n"]);
    expect(JSON.parse(r.read("found.json"))).toMatchObject({ findings: [{ file: "main.c", line: 7 }] });
  });

  it("leaves out what a scan leaves out, in the old tree as well", async () => {
    const r = repository({
      "main.c": onReason(RECEIVE),
      "util.c": closing("LWS_TO_KILL_SYNC"),
      "build/util.c": closing("LWS_TO_KILL_ASYNC"),
      "skip/util.c": closing("LWS_TO_KILL_ASYNC"),
      "lws-lint.config.json": '{ "root": true, "ignores": ["skip/"] }',
    });
    // Two helpers of one name would make it unclear which one is called, and the finding there before unknown.
    rmSync(path.join(r.root, "build"), { recursive: true });
    rmSync(path.join(r.root, "skip"), { recursive: true });
    expect(await found(r)).toEqual([]);
  });
});

describe("what --since cannot do is explained", () => {
  const explained = async (cwd: string, revision: string, more: readonly string[] = []) => {
    const { code, stdout, stderr } = await run(["--since", revision, ...more], { cwd });
    expect([code, stdout]).toEqual([2, ""]);
    return stderr;
  };

  it("outside of a repository", async () => {
    const { root } = project({ "a.c": "lws_bad();\n" });
    expect(await explained(root, "HEAD")).toBe(`lws-lint: --since: ${root} is in no git repository.\n`);
  });

  it.each(["nowhere", "", "--all", "HEAD:a.c", "HEAD~5"])("without a revision %j", async (revision) => {
    const { root } = repository({ "a.c": "lws_bad();\n" });
    const stderr = revision === "--all" ? (await run([`--since=${revision}`], { cwd: root })).stderr : await explained(root, revision);
    expect(stderr).toMatch(/^lws-lint: --since: (?:there is no revision `(?:nowhere|HEAD:a\.c|HEAD~5)`|`(?:|--all)` is no revision)\.\n/u);
  });

  it("in a repository without a commit", async () => {
    const { root } = project({ "a.c": "lws_bad();\n" });
    git(root, "init", "-q");
    expect(await explained(root, "HEAD")).toContain("there is no revision `HEAD`");
  });

  it("in a shallow clone", async () => {
    const r = repository({ "a.c": "lws_bad();\n" });
    r.commit();
    r.git("checkout", "-qb", "topic");
    r.commit();
    const { root } = project();
    git(root, "clone", "-q", "--depth", "1", "--branch", "topic", `file://${r.root}`, "clone");
    const clone = path.join(root, "clone");
    expect(await explained(clone, "HEAD~1")).toMatch(/there is no revision `HEAD~1`; this clone is shallow: fetch more .*`fetch-depth: 0`/u);
    git(clone, "fetch", "-q", "--depth", "1", "origin", "main:refs/remotes/origin/main");
    expect(await explained(clone, "origin/main")).toMatch(/`origin\/main` and the present commit have no history in common; this clone is shallow/u);
    git(clone, "fetch", "-q", "--unshallow", "origin", "main:refs/remotes/origin/main");
    expect((await run(["--since", "origin/main"], { cwd: clone })).code).toBe(0);
  });

  it("for files of another repository, and with --stdin", async () => {
    const r = repository({ "a.c": "lws_bad();\n" });
    const other = project({ "b.c": "lws_bad();\n" });
    expect(await explained(r.root, "HEAD", [other.root])).toMatch(/b\.c lies outside of the repository/u);
    expect(await explained(r.root, "HEAD", ["--stdin"])).toContain("cannot be combined with --stdin");
  });

  it("without git", async () => {
    const r = repository({ "a.c": "lws_bad();\n" });
    const { PATH } = process.env;
    process.env["PATH"] = r.root;
    try {
      expect(await explained(r.root, "HEAD")).toBe("lws-lint: --since needs git, and there is no `git` to run.\n");
    } finally {
      process.env["PATH"] = PATH;
    }
  });

  it("a submodule whose old commit is not there", async () => {
    const inner = repository({ "util.c": "lws_bad();\n" });
    const r = repository({ "a.c": "int x;\n" });
    r.git("submodule", "add", "-q", inner.root, "sub");
    r.commit();
    rmSync(path.join(r.root, "sub"), { recursive: true });
    const other = repository({ "util.c": "lws_bad();\nlws_bad();\n" });
    cpSync(other.root, path.join(r.root, "sub"), { recursive: true });
    const { stderr, lines } = await since(r);
    expect(stderr).toBe("lws-lint: --since: submodule sub: the commit it was at is not there; its files count as unchanged\n");
    expect(lines).toEqual([]);
  });
});
