/** What users copy or include: GitLab, GitHub, pre-commit, CMake. */
import { spawnSync } from "node:child_process";
import { chmodSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it, test } from "vitest";
import { parse } from "yaml";
import { project, type Project } from "../host/harness.js";
import { parseXml } from "../reporters/xml-reader.js";
import { BAD, callsOf, GOOD, initGit, packageJson, readYaml, RELEASE, ROOT, shell, standInForLint, standInForNpx } from "./helpers.js";

test("everything names the present release", () => {
  for (const file of [...readdirSync(path.join(ROOT, "templates")).map((name) => `templates/${name}`), "cmake/LwsLint.cmake"]) {
    const named = readFileSync(path.join(ROOT, file), "utf8").match(new RegExp(String.raw`${packageJson.name}@[\w.-]+`, "gu"));
    expect(new Set(named), file).toEqual(new Set([RELEASE]));
  }
});

describe("templates/gitlab-ci.yml", () => {
  interface Job {
    readonly variables: Readonly<Record<string, string>>;
    readonly script: readonly string[];
    readonly artifacts: { readonly when: string; readonly reports: Readonly<Record<string, string>> };
    readonly cache: { readonly paths: readonly string[] };
    readonly rules: readonly { readonly if: string }[];
  }
  const template = readYaml("templates/gitlab-ci.yml") as { "lws-lint": Job };
  const job = template["lws-lint"];

  /** The job's script as GitLab runs it. */
  const runJob = (p: Project, variables: Readonly<Record<string, string>> = {}) => {
    standInForNpx(p);
    for (const name of Object.keys(variables)) expect(job.variables).toHaveProperty(name);
    const given: Readonly<Record<string, string>> = { ...job.variables, ...variables, CI_PROJECT_DIR: p.root };
    const env = Object.fromEntries(
      Object.entries(given).map(([key, value]) => [key, value.replaceAll(/\$(\w+)/gu, (_, name: string) => given[name] ?? "")]),
    );
    return shell(p, ["sh", "-e"], job.script.join("\n"), env);
  };

  it("is one job", () => {
    expect(Object.keys(template)).toEqual(["lws-lint"]);
    expect(job.artifacts.when).toBe("always");
    expect(job.rules.map((rule) => rule.if)).toEqual(['$CI_PIPELINE_SOURCE == "merge_request_event"', "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH"]);
  });

  it("writes the reports it promises, and fails for findings", () => {
    const p = project({ "a.c": BAD, "sub/b.c": GOOD });
    const { code, stdout, stderr } = runJob(p);
    expect([code, stderr]).toEqual([1, ""]);
    expect(stdout).toMatch(/^a\.c:6:3: error: /u);
    const { codequality, junit } = job.artifacts.reports;
    expect(JSON.parse(p.read(codequality!))).toMatchObject([{ location: { path: "a.c", lines: { begin: 6 } } }]);
    expect(parseXml(p.read(junit!)).attributes).toMatchObject({ failures: "1" });
    expect(callsOf(p, "npx")[0]).toMatch(new RegExp(`^--yes --package ${RELEASE} lws-lint --cache `, "u"));
    for (const folder of job.cache.paths) expect(folder).toMatch(/^\./u);
    expect(readdirSync(p.root)).toContain(".lws-lint-cache");
  });

  it("takes paths, options, a revision and a baseline", () => {
    const p = project({ "a.c": BAD, "b.c": BAD, "c d.c": GOOD });
    initGit(p);
    expect(runJob(p, { LWS_LINT_SINCE: "HEAD" }).code).toBe(0);
    expect(runJob(p, { LWS_LINT_PATHS: "a.c b.c", LWS_LINT_ARGS: "--rule no-sync-kill:off" })).toMatchObject({ code: 0 });
    expect(runJob(p, { LWS_LINT_BASELINE: "my base.json", LWS_LINT_ARGS: "--update-baseline" }).code).toBe(0);
    expect(runJob(p, { LWS_LINT_BASELINE: "my base.json" })).toMatchObject({ code: 0, stdout: expect.stringContaining("2 known findings") as string });
    expect(runJob(p, { LWS_LINT_SINCE: "nowhere" }).code).toBe(2);
  });
});

describe("templates/github-workflow.yml", () => {
  interface Step {
    readonly name?: string;
    readonly uses?: string;
    readonly run?: string;
    readonly if?: string;
    readonly with?: Readonly<Record<string, unknown>>;
  }
  const workflow = readYaml("templates/github-workflow.yml") as {
    readonly permissions: object;
    readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>>;
  };
  const { steps } = workflow.jobs["lws-lint"]!;

  it("has the history, caches, and the rights that the upload needs", () => {
    expect(workflow.permissions).toEqual({ contents: "read", "security-events": "write" });
    expect(steps.map(({ uses }) => uses)).toEqual([
      "actions/checkout@v4",
      "actions/setup-node@v4",
      "actions/cache@v4",
      undefined,
      "github/codeql-action/upload-sarif@v3",
    ]);
    expect(steps[0]!.with).toEqual({ "fetch-depth": 0 });
    expect(steps[2]!.with?.["path"]).toContain(".lws-lint-cache");
  });

  it("annotates and writes what it uploads", () => {
    const p = project({ "a.c": BAD });
    standInForNpx(p);
    const { code, stdout } = shell(p, ["bash", "--noprofile", "--norc", "-eo", "pipefail"], steps[3]!.run!, { GITHUB_WORKSPACE: p.root });
    expect([code, stdout]).toEqual([1, expect.stringMatching(/^::error file=a\.c,line=6,/u)]);
    expect(p.read(steps[4]!.with!["sarif_file"] as string)).toContain('"lws/no-sync-kill"');
    expect(steps[4]!.if).toContain("always()");
    // What the comment recommends is an option there is.
    const recommended = /add: (--since) "\$\{\{ github\.event\.pull_request\.base\.sha \|\| 'HEAD~1' \}\}"/u.exec(readFileSync(path.join(ROOT, "templates/github-workflow.yml"), "utf8"));
    expect(recommended?.[1]).toBe("--since");
  });
});

describe("tools/prepare.mjs", () => {
  const prepare = (p: Project, env: Readonly<Record<string, string>> = {}) =>
    shell(p, ["sh", "-e"], `exec "${process.execPath}" "${path.join(ROOT, "tools/prepare.mjs")}"`, env);
  const build = JSON.stringify({ scripts: { build: "echo told && mkdir -p dist && echo built > dist/cli.js" } });

  it("is what npm runs before it packs the repository", () => {
    expect((packageJson as unknown as { scripts: object }).scripts).toMatchObject({ prepare: "node tools/prepare.mjs" });
  });

  it("builds where there is no build, and says nothing on standard output", () => {
    const p = project({ "package.json": build, "node_modules/tsdown/package.json": "{}" });
    expect(prepare(p)).toMatchObject({ code: 0, stdout: "" });
    expect(p.read("dist/cli.js")).toBe("built\n");
  });

  it.each([
    ["there is one", { "dist/cli.js": "old\n" }, {}],
    ["people work on the package", { "dist/x": "old\n" }, { npm_command: "ci" }],
  ])("does nothing where %s", (_, files, env) => {
    const p = project({ "package.json": build, ...files });
    expect(prepare(p, env)).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(readdirSync(path.join(p.root, "dist"))).toEqual([path.basename(Object.keys(files)[0]!)]);
  });
});

describe("pre-commit", () => {
  interface Hook {
    readonly id: string;
    readonly name: string;
    readonly entry: string;
    readonly language: string;
    readonly types_or: readonly string[];
    readonly pass_filenames: boolean;
    readonly require_serial: boolean;
    readonly additional_dependencies?: readonly string[];
  }
  const hooks = readYaml(".pre-commit-hooks.yaml") as readonly Hook[];
  const local = (parse(`repos:\n${readFileSync(path.join(ROOT, "templates/pre-commit.yaml"), "utf8")}`) as { repos: { repo: string; hooks: Hook[] }[] }).repos[0]!;

  const runHook = (p: Project, { entry }: Hook) => {
    standInForLint(p);
    return shell(p, ["sh"], `exec ${entry}`);
  };

  it.each([...hooks, ...local.hooks].map((hook) => [hook.name, hook] as const))("%s looks at everything once, by a command of the package", (_, hook) => {
    expect(hook).toMatchObject({ language: "node", types_or: ["c", "c++"], pass_filenames: false, require_serial: true });
    expect(hook.entry.split(" ")[0]).toBe(Object.keys((packageJson as unknown as { bin: object }).bin)[0]);
  });

  it("finds what is there, or what the commit brings in", () => {
    const [all, fresh] = hooks;
    expect(hooks.map(({ id }) => id)).toEqual(["lws-lint", "lws-lint-new"]);
    const p = project({ "a.c": BAD });
    initGit(p);
    expect(runHook(p, all!)).toMatchObject({ code: 1, stdout: expect.stringContaining("a.c:6:3: error") as string });
    expect(runHook(p, fresh!)).toMatchObject({ code: 0 });
    p.write("b.c", BAD);
    shell(p, ["sh"], "git add b.c");
    expect(runHook(p, fresh!)).toMatchObject({ code: 1, stdout: expect.stringContaining("b.c:6:3: error") as string });
  });

  it("needs nothing but npm where it is copied", () => {
    expect(local.repo).toBe("local");
    expect(local.hooks).toMatchObject([{ id: "lws-lint", additional_dependencies: [RELEASE] }]);
  });
});

const hasCmake = spawnSync("cmake", ["--version"]).status === 0 && spawnSync("make", ["--version"]).status === 0;

describe.skipIf(!hasCmake)("cmake/LwsLint.cmake", () => {
  const listFile = 'cmake_minimum_required(VERSION 3.10)\nproject(demo NONE)\ninclude(cmake/LwsLint.cmake)\ninclude(cmake/LwsLint.cmake)\n';
  const create = (files: Readonly<Record<string, string>>): Project =>
    project({ "CMakeLists.txt": listFile, "cmake/LwsLint.cmake": readFileSync(path.join(ROOT, "cmake/LwsLint.cmake"), "utf8"), ...files });
  const configure = (p: Project, ...options: string[]) => shell(p, ["sh", "-e"], `cmake -S . -B build ${options.map((option) => `'${option}'`).join(" ")}`);
  const build = (p: Project) => shell(p, ["sh", "-e"], "cmake --build build --target lws-lint");

  it("has a target that fails for findings (needs cmake)", () => {
    const p = create({ "src/a.c": BAD });
    standInForLint(p);
    expect(configure(p)).toMatchObject({ code: 0, stderr: "" });
    const found = build(p);
    expect(found.stdout).toMatch(/^src\/a\.c:6:3: error: /mu);
    expect(found.code).not.toBe(0);
    p.write("src/a.c", GOOD);
    expect(build(p).code).toBe(0);
  });

  it("takes paths and options (needs cmake)", () => {
    const p = create({ "src dir/a.c": BAD, "b.c": BAD, "c.c": GOOD });
    standInForLint(p);
    expect(configure(p, "-DLWS_LINT_PATHS=src dir;c.c", "-DLWS_LINT_ARGS=--rule;no-sync-kill:warn")).toMatchObject({ code: 0 });
    const { code, stdout } = build(p);
    expect([code, stdout.match(/^.*\.c:6:3: \w+/gmu)]).toEqual([0, ["src dir/a.c:6:3: warning"]]);
    expect(callsOf(p, "lws-lint")).toEqual(["--rule no-sync-kill:warn -- src dir c.c"]);
  });

  it("prefers what the project has installed, and falls back to npx (needs cmake)", () => {
    const installed = create({ "a.c": BAD, "node_modules/.bin/lws-lint": "#!/bin/sh\necho own one\n" });
    chmodSync(path.join(installed.root, "node_modules/.bin/lws-lint"), 0o755);
    standInForLint(installed);
    configure(installed);
    expect(build(installed).stdout).toContain("own one");
    const fetched = create({ "a.c": BAD });
    standInForNpx(fetched);
    configure(fetched);
    expect(build(fetched).stdout).toMatch(/^a\.c:6:3: error: /mu);
    expect(callsOf(fetched, "npx")).toEqual([`--yes --package ${RELEASE} lws-lint -- .`]);
  });

  it("does not keep a project without Node from being configured (needs cmake)", () => {
    const p = create({ "a.c": BAD });
    // Nothing but make is to be found.
    const make = `-DCMAKE_MAKE_PROGRAM=${shell(p, ["sh"], "command -v make").stdout.trim()}`;
    expect(configure(p, make, "-DCMAKE_FIND_ROOT_PATH=/nowhere", "-DCMAKE_FIND_ROOT_PATH_MODE_PROGRAM=ONLY")).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("neither lws-lint nor npx was found") as string,
    });
    const { code, stdout } = build(p);
    expect(code).not.toBe(0);
    expect(stdout).toContain("install Node.js");
  });
});
