/** The GitHub Action: its steps, taken from action.yml, run in a shell with what GitHub gives them. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { project, type Project } from "../host/harness.js";
import { BAD, callsOf, GOOD, initGit, readYaml, RELEASE, ROOT, shell, standInForNpm } from "./helpers.js";

interface Step {
  readonly name: string;
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string | number>>;
  readonly shell?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly "working-directory"?: string;
}

interface Action {
  readonly name: string;
  readonly description: string;
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default: string }>>;
  readonly outputs: Readonly<Record<string, { readonly description: string; readonly value: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}

const action = readYaml("action.yml") as Action;

interface Outcome {
  readonly log: string;
  readonly failed: boolean;
  /** Steps that use other actions, with what they are given. */
  readonly used: readonly string[];
  readonly outputs: Readonly<Record<string, string>>;
}

/** GitHub's own part: contexts, conditions, outputs. Knows just the expressions that the action uses, and fails for others. */
const runAction = (p: Project, inputs: Readonly<Record<string, string>> = {}): Outcome => {
  const temp = path.join(p.root, ".temp");
  mkdirSync(temp, { recursive: true });
  for (const name of Object.keys(inputs)) expect(action.inputs, `no input is called ${name}`).toHaveProperty(name);
  const context = new Map<string, string>([
    ["github.action_path", ROOT],
    ["github.sha", "0123abc"],
    ["runner.temp", temp],
    ["runner.os", "Linux"],
    ["runner.arch", "X64"],
  ]);
  for (const [name, { default: value }] of Object.entries(action.inputs)) context.set(`inputs.${name}`, inputs[name] ?? value);
  const look = (name: string): string => {
    const value = context.get(name) ?? (/^steps\.\w+\.outputs\.[\w-]+$/u.test(name) ? "" : undefined);
    if (value === undefined) throw new Error(`unknown: ${name}`);
    return value;
  };
  const expand = (text: string): string => text.replaceAll(/\$\{\{\s*([\w.-]+)\s*\}\}/gu, (_, name: string) => look(name));
  const holds = (condition: string): boolean =>
    condition.split(" && ").every((part) => {
      const [, name, operator, value] = /^([\w.-]+) (==|!=) '([^']*)'$/u.exec(part)!;
      return (look(name!) === value) === (operator === "==");
    });

  const used: string[] = [];
  let log = "";
  let failed = false;
  for (const [index, step] of action.runs.steps.entries()) {
    if (failed || (step.if !== undefined && !holds(step.if))) continue;
    if (step.uses !== undefined) {
      used.push(`${step.uses} ${Object.values(step.with ?? {}).map((value) => expand(String(value))).join(" ")}`);
      continue;
    }
    expect(step.shell).toBe("bash");
    expect(step.run, "inputs reach scripts by the environment alone").not.toContain("${{");
    const output = path.join(temp, `output-${index}`);
    writeFileSync(output, "");
    const env = {
      GITHUB_WORKSPACE: p.root,
      GITHUB_OUTPUT: output,
      GITHUB_ACTIONS: "true",
      CI: "true",
      RUNNER_TEMP: temp,
      ...Object.fromEntries(Object.entries(step.env ?? {}).map(([key, value]) => [key, expand(value)])),
    };
    const cwd = path.resolve(p.root, expand(step["working-directory"] ?? "."));
    const { code, stdout, stderr } = shell(p, ["bash", "--noprofile", "--norc", "-eo", "pipefail"], step.run!, env, cwd);
    log += stdout + stderr;
    failed = code !== 0;
    for (const line of readFileSync(output, "utf8").split("\n").filter((one) => one !== "")) {
      const at = line.indexOf("=");
      context.set(`steps.${step.id!}.outputs.${line.slice(0, at)}`, line.slice(at + 1));
    }
  }
  return { log, failed, used, outputs: Object.fromEntries(Object.entries(action.outputs).map(([name, { value }]) => [name, expand(value)])) };
};

const repository = (files: Readonly<Record<string, string>>): Project => {
  const p = project(files);
  standInForNpm(p);
  return p;
};

describe("action.yml", () => {
  it("describes everything", () => {
    expect(action.runs.using).toBe("composite");
    for (const [name, input] of [...Object.entries(action.inputs), ...Object.entries(action.outputs)]) expect(input.description, name).toMatch(/^\S.{10,}/u);
    for (const [name, input] of Object.entries(action.inputs)) expect(typeof input.default, name).toBe("string");
    // Actions of others are named by a release.
    for (const { uses } of action.runs.steps) if (uses !== undefined) expect(uses).toMatch(/^[\w-]+\/[\w/-]+@v\d+$/u);
  });

  it("annotates, writes SARIF, and fails for findings after everything is done", () => {
    const p = repository({ "src/a.c": BAD });
    const { log, failed, used, outputs } = runAction(p);
    expect(log).toMatch(/^src\/a\.c:6:3: error: /mu);
    expect(log).toMatch(/^::error file=src\/a\.c,line=6,col=3,endLine=6,endColumn=\d+,title=lws\/no-sync-kill::/mu);
    expect(log.match(/^1 error in 1 file analyzed/gmu)).toHaveLength(1);
    expect(failed).toBe(true);
    expect(outputs).toEqual({ "exit-code": "1", "sarif-file": path.join(p.root, "lws-lint.sarif") });
    expect(JSON.parse(p.read("lws-lint.sarif"))).toMatchObject({ runs: [{ results: [{ ruleId: "lws/no-sync-kill" }] }] });
    expect(callsOf(p, "npm")).toEqual([`install --prefix ${p.root}/.temp/lws-lint --no-save --no-audit --no-fund --ignore-scripts -- ${RELEASE}`]);
    const key = RELEASE.replaceAll(/[^\w.@-]/gu, "-");
    expect(used).toEqual([
      "actions/setup-node@v4 22",
      `actions/cache@v4 ${p.root}/.temp/lws-lint/node_modules lws-lint-package-Linux-X64-node22-${key}`,
      `actions/cache@v4 ${p.root}/.temp/lws-lint/cache lws-lint-files-Linux-${key}-0123abc lws-lint-files-Linux-${key}-`,
    ]);
    expect(existsSync(path.join(p.root, ".temp/lws-lint/cache/runs.pack"))).toBe(true);
  });

  it("passes when there is nothing, and installs nothing that is there", () => {
    const p = repository({ "a.c": GOOD });
    expect(runAction(p)).toMatchObject({ failed: false, outputs: { "exit-code": "0" } });
    expect(runAction(p)).toMatchObject({ failed: false });
    expect(callsOf(p, "npm")).toHaveLength(1);
  });

  it("takes paths, options, a folder, a package, and turns things off", () => {
    const p = repository({ "sub/dir with space/a.c": BAD, "sub/b.c": BAD, "c.c": BAD });
    const { log, used, outputs } = runAction(p, {
      "working-directory": "sub",
      paths: "dir with space\n\nb.c\n",
      args: "--rule\nno-sync-kill:warn\n--max-warnings\n1\n",
      annotations: "false",
      cache: "false",
      "node-version": "",
      "sarif-file": "out/x y.sarif",
      "upload-sarif": "true",
      package: "./a b.tgz",
    });
    expect(log).toMatch(/^dir with space\/a\.c:6:3: warning: /mu);
    expect(log).toMatch(/^b\.c:6:3: warning: /mu);
    expect(log).not.toMatch(/^::|c\.c:6:3: error/mu);
    const file = path.join(p.root, "sub/out/x y.sarif");
    expect(outputs).toEqual({ "exit-code": "1", "sarif-file": file });
    // Relative to the repository, as code scanning reads it.
    expect(readFileSync(file, "utf8")).toContain('"uri": "sub/dir%20with%20space/a.c"');
    expect(used).toEqual([`github/codeql-action/upload-sarif@v3 ${file} lws-lint`]);
    expect(callsOf(p, "npm")[0]).toMatch(/ -- \.\/a b\.tgz$/u);
  });

  it("knows --since and --baseline", () => {
    const p = repository({ "a.c": BAD });
    initGit(p);
    expect(runAction(p, { since: "HEAD" })).toMatchObject({ failed: false, outputs: { "exit-code": "0" } });
    appendFileSync(path.join(p.root, "a.c"), "/* */\n");
    p.write("b.c", BAD.replaceAll("callback(", "other(").replace("callback,", "other,"));
    const { log, failed } = runAction(p, { since: "HEAD" });
    expect([failed, (/^::error file=(\w\.c)/mu.exec(log))?.[1]]).toEqual([true, "b.c"]);
    expect(runAction(p, { baseline: "base.json", args: "--update-baseline" })).toMatchObject({ failed: false });
    expect(runAction(p, { baseline: "base.json" })).toMatchObject({ failed: false, outputs: { "exit-code": "0" } });
  });

  it("fails with code 2, and without a report of another run, when lws-lint cannot work", () => {
    const p = repository({ "a.c": BAD });
    runAction(p);
    const { log, failed, outputs } = runAction(p, { since: "nowhere", "sarif-file": "other.sarif" });
    expect([failed, outputs]).toEqual([true, { "exit-code": "2", "sarif-file": "" }]);
    expect(log).toContain("--since: ");
    expect(log).not.toMatch(/^::error/mu);
  });

  it("lets no input become a command", () => {
    const p = repository({ "a.c": GOOD });
    const evil = '"; touch pwned; echo "$(touch pwned)`touch pwned`';
    runAction(p, { paths: evil, args: evil, "sarif-file": "x.sarif", since: evil, package: evil });
    expect(existsSync(path.join(p.root, "pwned"))).toBe(false);
  });
});
