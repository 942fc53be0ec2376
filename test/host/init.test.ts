/** `lws-lint init`: what it finds, what it writes, what it asks. */
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { readConfigFile } from "../../src/host/config-file.js";
import { withGitlabInclude, withPreCommitRepository } from "../../src/host/init-texts.js";
import { writeTogether } from "../../src/host/write-files.js";
import { project, run, type Project, type RunOptions } from "./harness.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const template = (name: string): string => readFileSync(path.join(ROOT, name), "utf8");
const { version } = JSON.parse(template("package.json")) as { version: string };

const USES = "#include <libwebsockets.h>\n";

const init = (p: Project, args: readonly string[] = [], options: Partial<RunOptions> = {}) => run(["init", ...args], { cwd: p.root, ...options });

/** All files below, without those of git. */
const tree = (p: Project): string[] =>
  readdirSync(p.root, { recursive: true, encoding: "utf8" })
    .filter((name) => !name.startsWith(".git/") && statSync(path.join(p.root, name)).isFile())
    .sort();

const git = (p: Project, ...args: string[]): void => {
  const { status, stderr } = spawnSync("git", args, { cwd: p.root, encoding: "utf8" });
  expect([status, stderr]).toEqual([0, ""]);
};

describe("lws-lint init", () => {
  it("writes a configuration, and nothing for services that are not there", async () => {
    const p = project({ "a.c": USES });
    const { code, stdout, engineLoaded } = await init(p);
    expect([code, engineLoaded]).toEqual([0, false]);
    expect(tree(p)).toEqual(["a.c", "lws-lint.config.json"]);
    expect(JSON.parse(p.read("lws-lint.config.json"))).toEqual({
      $schema: `https://unpkg.com/eslint-plugin-lws@${version}/schemas/config.schema.json`,
      root: true,
    });
    expect(stdout).toBe(
      `libwebsockets 4.3 or later assumed (no version found; set \`lwsVersion\`).
wrote     lws-lint.config.json

Next:
  1. Say in lws-lint.config.json which release of libwebsockets you use, as \`"lwsVersion": "4.3"\`.
  2. Run \`npx -p eslint-plugin-lws lws-lint\`.
  3. If it finds more than you can put right now, keep what is there for later: \`npx -p eslint-plugin-lws lws-lint --baseline lws-lint-baseline.json --update-baseline\`, and \`--baseline lws-lint-baseline.json\` from then on.
`,
    );
    // What it wrote is what it would write.
    expect((await init(p)).stdout).toContain("lws-lint.config.json is there and stays as it is.");
    expect((await run([], { cwd: p.root })).code).toBe(0);
  });

  it.each([
    ["a folder .github", { ".github/CODEOWNERS": "" }, undefined, [".github/workflows/lws-lint.yml"]],
    ["a remote on GitHub", {}, "git@github.com:x/y.git", [".github/workflows/lws-lint.yml"]],
    ["a remote on GitHub by https", {}, "https://user:pw@github.example.org/x/y.git", [".github/workflows/lws-lint.yml"]],
    ["a folder .gitlab", { ".gitlab/x.md": "" }, undefined, [".gitlab-ci.yml", ".gitlab/lws-lint.yml"]],
    ["a remote on GitLab", {}, "ssh://git@gitlab.example.org:2222/x/github.git", [".gitlab-ci.yml", ".gitlab/lws-lint.yml"]],
    ["a remote elsewhere", {}, "https://example.org/github/gitlab.git", []],
    ["CMake", { "CMakeLists.txt": "project(x)\n" }, undefined, ["cmake/LwsLint.cmake"]],
  ])("writes files for %s", async (_, files, remote, expected) => {
    const p = project({ "a.c": USES, ...files });
    git(p, "init", "-q");
    if (remote !== undefined) git(p, "remote", "add", "origin", remote);
    const before = tree(p);
    const { code, stdout } = await init(p);
    expect(code).toBe(0);
    expect(tree(p).filter((name) => !before.includes(name) && !name.endsWith(".json"))).toEqual(expected);
    for (const name of expected) expect(stdout).toContain(`wrote     ${name}\n`);
  });

  it("writes the templates, and a job that GitLab finds", async () => {
    const p = project({ ".github/x": "", ".gitlab/x": "", "CMakeLists.txt": "" });
    await init(p);
    expect(p.read(".github/workflows/lws-lint.yml")).toBe(template("templates/github-workflow.yml"));
    expect(p.read("cmake/LwsLint.cmake")).toBe(template("cmake/LwsLint.cmake"));
    expect(parse(p.read(".gitlab/lws-lint.yml"))).toEqual(parse(template("templates/gitlab-ci.yml")));
    expect(p.read(".gitlab/lws-lint.yml")).toMatch(/^lws-lint:\n/u);
    expect(parse(p.read(".gitlab-ci.yml"))).toEqual({ include: [{ local: ".gitlab/lws-lint.yml" }] });
  });

  it("says what is left to do", async () => {
    const p = project({
      "CMakeLists.txt": "project(x)\n",
      "eslint.config.mjs": "export default [];\n",
      ".gitlab-ci.yml": "include: other.yml\n",
      ".pre-commit-config.yaml": "repos: []\n",
      "node_modules/.bin/lws-lint": "",
      "node_modules/eslint-plugin-lws/schemas/config.schema.json": "{}",
    });
    const { code, stdout } = await init(p);
    expect(code).toBe(0);
    expect(stdout).toContain("No file here uses libwebsockets yet.\n");
    expect(stdout).toContain("       - local: .gitlab/lws-lint.yml\n");
    expect(stdout).toContain("       include(cmake/LwsLint.cmake)\n");
    expect(stdout).toContain("\n       - repo: local\n         hooks:\n           - id: lws-lint\n");
    expect(stdout).toMatch(/add to eslint\.config\.mjs:\n\n {7}import lws from "eslint-plugin-lws";/u);
    expect(stdout).toContain("Run `npx lws-lint`.");
    expect([p.read(".gitlab-ci.yml"), p.read(".pre-commit-config.yaml")]).toEqual(["include: other.yml\n", "repos: []\n"]);
    expect(JSON.parse(p.read("lws-lint.config.json"))).toMatchObject({ $schema: "./node_modules/eslint-plugin-lws/schemas/config.schema.json" });
  });

  it("has nothing left to say where everything is done", async () => {
    const p = project({
      "CMakeLists.txt": "include(cmake/LwsLint.cmake)\n",
      "eslint.config.js": 'import lws from "eslint-plugin-lws";\n',
      ".gitlab-ci.yml": "include:\n  - local: .gitlab/lws-lint.yml\n",
      ".pre-commit-config.yaml": "repos:\n  - repo: x\n    hooks:\n      - id: lws-lint\n",
      ".github/workflows/ci.yaml": "# runs lws-lint\n",
    });
    const { stdout } = await init(p);
    expect(stdout).toContain(".github/workflows/ci.yaml runs lws-lint already.\n");
    expect(stdout).toContain(".pre-commit-config.yaml runs lws-lint already.\n");
    expect(stdout.match(/^ {2}\d\. .*/gmu)).toHaveLength(2);
    expect(tree(p)).not.toContain(".github/workflows/lws-lint.yml");
  });

  describe("the release of libwebsockets", () => {
    const configOf = (p: Project) => readConfigFile(path.join(p.root, "lws-lint.config.json")).lwsVersion;

    it("is not copied from build files", async () => {
      const p = project({ "a.c": USES, "CMakeLists.txt": "find_package(libwebsockets 4.1 REQUIRED)\n" });
      expect((await init(p)).stdout).toContain("libwebsockets 4.1 or later (from CMakeLists.txt:1).\n");
      expect(configOf(p)).toBeUndefined();
    });

    it("is written down when only this machine tells it", async () => {
      const system = project({ "lws_config.h": '#define LWS_LIBRARY_VERSION_MAJOR 4\n#define LWS_LIBRARY_VERSION_MINOR 1\n#define LWS_LIBRARY_VERSION_PATCH 6\n' });
      const p = project({ "a.c": USES });
      const { stdout } = await init(p, [], { systemIncludes: [system.root] });
      expect(stdout).toContain(`libwebsockets 4.1.6 (from ${system.root}/lws_config.h:1).\nWritten to lws-lint.config.json, as other machines can have another release, or none.\n`);
      expect(configOf(p)).toBe("4.1.6");
    });

    it("is that of each folder where they differ", async () => {
      const cmake = (release: string): string => `find_package(libwebsockets ${release} EXACT)\n`;
      const p = project({ "a/a.c": USES, "a/CMakeLists.txt": cmake("4.1"), "b/b.c": USES, "b/CMakeLists.txt": cmake("4.3") });
      expect((await init(p)).stdout).toContain("libwebsockets 4.1 (from a/CMakeLists.txt:1), 4.3 (from b/CMakeLists.txt:1).\n");
      expect(configOf(p)).toBeUndefined();
    });
  });

  describe("files that are there", () => {
    const WORKFLOW = ".github/workflows/lws-lint.yml";
    const HOOKS = "# ours\nrepos:\n- repo: https://example.org/x\n  rev: v1\n  hooks:\n  - id: x\n";
    const create = (): Project => project({ "a.c": USES, [WORKFLOW]: "mine\n", ".pre-commit-config.yaml": HOOKS });
    const added = (p: Project) => (parse(p.read(".pre-commit-config.yaml")) as { repos: { repo: string }[] }).repos.map(({ repo }) => repo);

    it("are not changed without being asked for: nothing at all is written", async () => {
      const p = create();
      const before = tree(p);
      const { code, stdout, stderr } = await init(p);
      expect([code, stdout]).toEqual([2, ""]);
      expect(stderr).toBe(`lws-lint: init: nothing was written, as it would change ${WORKFLOW}, .pre-commit-config.yaml. \`lws-lint init --yes\` does so.\n`);
      expect(tree(p)).toEqual(before);
      expect([p.read(WORKFLOW), p.read(".pre-commit-config.yaml")]).toEqual(["mine\n", HOOKS]);
    });

    it.each(["--yes", "-y", "--force"])("are changed with %s, and keep what is in them", async (option) => {
      const p = create();
      chmodSync(path.join(p.root, WORKFLOW), 0o600);
      expect((await init(p, [option])).code).toBe(0);
      expect(p.read(WORKFLOW)).toBe(template("templates/github-workflow.yml"));
      expect(statSync(path.join(p.root, WORKFLOW)).mode & 0o777).toBe(0o600);
      expect(p.read(".pre-commit-config.yaml").startsWith(HOOKS)).toBe(true);
      expect(added(p)).toEqual(["https://example.org/x", "local"]);
      // A second time there is nothing to change, and nothing to ask.
      expect(await init(p)).toMatchObject({ code: 0, stdout: expect.stringContaining(`unchanged ${WORKFLOW}\n`) as string });
    });

    it("are changed as the person answers", async () => {
      const p = create();
      const { code, stdout, questions } = await init(p, [], { answers: ["no", "Y"] });
      expect(code).toBe(0);
      expect(questions).toEqual([`${WORKFLOW} is there already. Change it? [y/N] `, ".pre-commit-config.yaml is there already. Change it? [y/N] "]);
      expect(stdout).toMatch(/^wrote {5}lws-lint\.config\.json\nleft {6}\.github\/workflows\/lws-lint\.yml\nwrote {5}\.pre-commit-config\.yaml\n/mu);
      expect(p.read(WORKFLOW)).toBe("mine\n");
      expect(added(p)).toContain("local");
    });

    it("are told about by hand when they may not be changed", async () => {
      const p = create();
      const { stdout } = await init(p, [], { answers: ["yes", ""] });
      expect(p.read(".pre-commit-config.yaml")).toBe(HOOKS);
      expect(stdout).toMatch(/^ {2}\d\. Add to `repos` in \.pre-commit-config\.yaml:\n/mu);
    });

    it("stay, as does everything, when the person goes away", async () => {
      const p = create();
      const before = tree(p);
      const { code, stderr } = await init(p, [], { answers: ["y"] });
      expect([code, stderr]).toEqual([2, "lws-lint: init: nothing was written: there was no answer.\n"]);
      expect(tree(p)).toEqual(before);
      expect(p.read(WORKFLOW)).toBe("mine\n");
    });
  });

  it.each([
    [["--dry"], "there is no option `--dry`."],
    [["--forse"], "Did you mean `--force`?"],
    [["src"], "there is no argument `src`. To scan a folder named init, write ./init."],
  ])("explains what is wrong with %j", async (args, message) => {
    const { code, stderr } = await init(project(), args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  it("explains itself, and wants to be at the top of a repository", async () => {
    const p = project({ "src/a.c": USES });
    expect(await init(p, ["--help"])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Usage: lws-lint init/u) as string });
    git(p, "init", "-q");
    const { code, stderr } = await run(["init"], { cwd: path.join(p.root, "src") });
    expect([code, stderr]).toEqual([2, `lws-lint: init: run it at the top of the repository, ${p.root}: services look for their files there.\n`]);
  });

  it("keeps a configuration further up in force", async () => {
    const p = project({ "lws-lint.config.json": '{ "rules": { "no-bad": "off" } }', "sub/a.c": "lws_bad();\n" });
    const cwd = path.join(p.root, "sub");
    await run(["init"], { cwd });
    expect(JSON.parse(p.read("sub/lws-lint.config.json"))).not.toHaveProperty("root");
    expect(JSON.parse((await run(["--print-config"], { cwd })).stdout)).toMatchObject({ rules: { "lws/no-bad": "off" } });
  });

  it("still scans a folder of its name", async () => {
    const p = project({ "init/a.c": "lws_bad();\n" });
    expect((await run(["./init"], { cwd: p.root })).stdout).toContain("init/a.c:1:1: error");
  });
});

const hasScript = spawnSync("script", ["--version"]).status === 0;

describe.skipIf(!hasScript)("at a terminal", () => {
  const atTerminal = (p: Project, input: string) => {
    const cli = path.join(ROOT, "dist/cli.js");
    if (!existsSync(cli)) throw new Error("This test uses dist: run `npm run build` first.");
    return spawnSync("script", ["--quiet", "--return", "--command", `"${process.execPath}" "${cli}" init`, "/dev/null"], { cwd: p.root, input, encoding: "utf8", timeout: 60_000 });
  };

  it.each([
    ["y\n", 0, true],
    ["n\n", 0, false],
    ["\u0004", 2, false],
  ])("the prompt takes %j (needs bsdutils)", (input, code, changed) => {
    const p = project({ "CMakeLists.txt": "", "cmake/LwsLint.cmake": "mine\n" });
    const { status, stdout } = atTerminal(p, input);
    expect(stdout).toContain("cmake/LwsLint.cmake is there already. Change it? [y/N] ");
    expect([status, p.read("cmake/LwsLint.cmake") !== "mine\n"]).toEqual([code, changed]);
    expect(existsSync(path.join(p.root, "lws-lint.config.json"))).toBe(code === 0);
  });
});

describe("additions to YAML", () => {
  const entry = template("templates/pre-commit.yaml");
  const repos = (text: string) => (parse(text, { uniqueKeys: true }) as { repos: { repo: string; hooks: { id: string }[] }[] }).repos;

  it.each([
    ["indented", "default_stages: [commit]\nrepos:\n  - repo: a\n    hooks: [{ id: a }]\n"],
    ["not indented", "repos:\n- repo: a\n  hooks:\n  - id: a\n"],
    ["without a last line end", "repos:\n    - repo: a\n      hooks:\n          - id: a"],
    ["with comments, a document start and blank lines", "# x\n---\nrepos:   # ours\n\n  # one\n  - repo: a\n    hooks:\n      - id: a\n        # end\n\n"],
    ["with CRLF", "repos:\r\n  - repo: a\r\n    hooks:\r\n      - id: a\r\n"],
    ["with a block text at the end", "repos:\n  - repo: local\n    hooks:\n      - id: a\n        entry: |\n          x: y\n          - z\n"],
  ])("a hook goes to a file %s", (_, text) => {
    const after = withPreCommitRepository(text, entry)!;
    expect(after.startsWith(text)).toBe(true);
    expect(repos(after).slice(0, -1)).toEqual(repos(text));
    expect(repos(after).at(-1)).toEqual((parse(`repos:\n${entry}`) as { repos: unknown[] }).repos[0]);
    if (text.includes("\r\n")) expect(after.replaceAll("\r\n", "")).not.toContain("\n");
  });

  it.each(["", "repos: []\n", "repos:\n", "repos:\n  - {repo: a}\n", "repos:\n  - repo: a\nfail_fast: true\n", "repos:\n  - repo: a\n...\n", "repos:\n  - repo: a\n---\nx: 1\n", "repos:\n  - repo: \ufffd\n", "repos:\n  - repo: a\n     - repo: b\n"])(
    "where it is not plain where a hook goes, the file stays: %j",
    (text) => {
      expect(withPreCommitRepository(text, entry)).toBeUndefined();
    },
  );

  it("an include goes to a file that has none", () => {
    const text = "stages: [test]\n\ntest:\n  script:\n    - include: x\n";
    const after = withGitlabInclude(text, "x.yml")!;
    expect(parse(after)).toEqual({ ...(parse(text) as object), include: [{ local: "x.yml" }] });
    for (const other of ["include: a\n", '"include": a\n', "spec:\n  inputs:\n---\ntest:\n", "a: 1\n---\nb: 2\n", "- a\n- b\n---\n"]) {
      expect(withGitlabInclude(other, "x.yml"), other).toBeUndefined();
    }
  });
});

describe("writeTogether", () => {
  const file = (p: Project, name: string, after: string, before?: string) => ({
    absolute: path.join(p.root, name),
    name,
    after: Buffer.from(after),
    ...(before === undefined ? {} : { before: Buffer.from(before) }),
  });

  it("writes all, new and old, with their folders", () => {
    const p = project({ "old.txt": "a" });
    expect(writeTogether([file(p, "x/y/new.txt", "1"), file(p, "old.txt", "2", "a"), file(p, "x/z.txt", "3")])).toBeUndefined();
    expect([tree(p), p.read("x/y/new.txt"), p.read("old.txt")]).toEqual([["old.txt", "x/y/new.txt", "x/z.txt"], "1", "2"]);
  });

  it.each([
    ["one was changed meanwhile", (p: Project) => file(p, "last.txt", "3", "b"), "it was changed by someone else meanwhile"],
    ["one came meanwhile", (p: Project) => file(p, "last.txt", "3"), "it was changed by someone else meanwhile"],
    ["one cannot be made", (p: Project) => file(p, "last.txt/x", "3"), ""],
  ])("takes everything back when %s", (_, bad, message) => {
    const p = project({ "old.txt": "a", "last.txt": "c" });
    const failure = writeTogether([file(p, "x/y/new.txt", "1"), file(p, "old.txt", "2", "a"), bad(p)]);
    expect(failure?.message).toMatch(/^cannot be written: ./u);
    expect(failure?.message).toContain(message);
    expect(readdirSync(p.root).sort()).toEqual(["last.txt", "old.txt"]);
    expect([p.read("old.txt"), p.read("last.txt")]).toEqual(["a", "c"]);
  });
});
