/**
 * The package as people get it: what is in it, and that it installs and runs in empty projects. `npm test` builds it first; it is packed once.
 * What installs needs the npm registry and is skipped, loudly, without it.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { publint } from "publint";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Client } from "../lsp/client.js";
import { findTools, ROOT, run, type Tools } from "./tools.js";

const manifest = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8")) as {
  name: string;
  version: string;
  engines: { node: string };
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
};

const BAD = `#include <libwebsockets.h>

static int callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	if (reason == LWS_CALLBACK_RECEIVE)
		lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_SYNC);
	return 0;
}

static const struct lws_protocols protocols[] = { { "p", callback, 0, 0 }, { 0, 0, 0, 0 } };
`;
const FIXED = BAD.replace("lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_SYNC);", "return -1;");

const folder = mkdtempSync(path.join(tmpdir(), "lws-package-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const write = (root: string, files: Readonly<Record<string, string>>): void => {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  }
};

// ---- contents ----------------------------------------------------------------------------------------------

interface Packed { readonly filename: string; readonly size: number; readonly unpackedSize: number; readonly files: readonly { readonly path: string; readonly size: number }[] }
let packed: Packed;
let tarball: string;
/** The unpacked package. */
const contents = path.join(folder, "package");

beforeAll(() => {
  if (!existsSync(path.join(ROOT, "dist/cli.js"))) throw new Error("These tests use dist: run `npm run build` first.");
  const { status, stdout, stderr } = run("npm", ["pack", "--ignore-scripts", "--json", "--pack-destination", folder], ROOT);
  expect(status, stderr).toBe(0);
  // npm 12 answers by name, npm before it with a list.
  const answer = JSON.parse(stdout) as Packed[] | Record<string, Packed>;
  packed = Object.values(answer)[0]!;
  tarball = path.join(folder, packed.filename);
  expect(run("tar", ["xzf", tarball], folder)).toEqual({ status: 0, stdout: "", stderr: "" });
});

const filesBelow = (root: string): string[] =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).split(path.sep).join("/"))
    .sort();

test("holds what it runs and what people read, and nothing else", () => {
  const chunk = /^dist\/[a-z-]+-[\w-]{8}\.js$/u;
  const documents = filesBelow(path.join(ROOT, "docs")).map((name) => `docs/${name}`);
  const expected = [
    ...["LICENSE", "README.md", "package.json", "cmake/LwsLint.cmake"],
    ...["LICENSES", "cli.d.ts", "cli.js", "index.d.ts", "index.js", "worker.d.ts", "worker.js"].map((name) => `dist/${name}`),
    ...["LICENSE", "tree-sitter-c.wasm", "tree-sitter-cpp.wasm"].map((name) => `dist/grammars/${name}`),
    ...["baseline", "config", "findings"].map((name) => `schemas/${name}.schema.json`),
    ...filesBelow(path.join(ROOT, "templates")).map((name) => `templates/${name}`),
    ...documents,
  ];
  expect(filesBelow(contents).filter((name) => !chunk.test(name))).toEqual(expected.sort());
  expect(documents).toContain("docs/rules/no-sync-kill.md");
});

test("is small", () => {
  // Two thirds of it is the C++ grammar.
  expect(packed.size).toBeLessThan(1_200_000);
  expect(packed.unpackedSize).toBeLessThan(7_000_000);
  expect(Object.keys(manifest.dependencies).length).toBeLessThanOrEqual(8);
});

test("no text in it speaks of the machine it was built on or of the tests", () => {
  const home = path.resolve(ROOT);
  for (const name of filesBelow(contents).filter((file) => !file.endsWith(".wasm"))) {
    const text = readFileSync(path.join(contents, name), "utf8");
    expect(text.includes(home), `${name} holds ${home}`).toBe(false);
    expect(/(?:["'`(\s=]|file:\/\/)\/(?:home|root|Users|work)\/\w/u.exec(text)?.[0], name).toBeUndefined();
    expect(/\bsourceMappingURL=/u.test(text), `${name} has a source map`).toBe(false);
    if (name.endsWith(".js")) expect(/from\s*["'](?:vitest|tsx|fast-check)["']/u.test(text), name).toBe(false);
  }
});

test("every import in it is a file of it, a part of Node or a dependency", () => {
  const known = new Set([...Object.keys(manifest.dependencies), "eslint"]);
  for (const name of filesBelow(contents).filter((file) => /\.(?:js|d\.ts)$/u.test(file))) {
    // Comments of what is bundled name types where they once stood.
    const text = readFileSync(path.join(contents, name), "utf8").replace(/^\s*\/\*\*[\s\S]*?\*\//gmu, "");
    const targets = [...text.matchAll(/^(?:import|export)\b[^"'\n;]*?(?:\bfrom\s*)?"([^"\n]+)"|\bimport\("([^"\n]+)"\)/gmu)].map(([, a, b]) => (a ?? b)!);
    for (const target of targets) {
      if (target.startsWith(".")) {
        const file = path.posix.join(path.posix.dirname(name), target);
        expect(existsSync(path.join(contents, file)) || existsSync(path.join(contents, file.replace(/\.js$/u, ".d.ts"))), `${name}: ${target}`).toBe(true);
      } else if (!target.startsWith("node:")) {
        expect(known, `${name}: ${target}`).toContain(target.split("/").slice(0, target.startsWith("@") ? 2 : 1).join("/"));
      }
    }
  }
});

test("installing it runs nothing, and its command can be started", () => {
  const { scripts = {}, bin } = JSON.parse(readFileSync(path.join(contents, "package.json"), "utf8")) as { scripts?: Record<string, string>; bin: Record<string, string> };
  expect(Object.keys(scripts).filter((name) => /^(?:pre|post)?install$/u.test(name))).toEqual([]);
  expect(Object.keys(bin)).toEqual(["lws-lint"]);
  expect(readFileSync(path.join(contents, bin["lws-lint"]!), "utf8").split("\n")[0]).toBe("#!/usr/bin/env node");
});

test("publint has nothing to say", async () => {
  const { messages } = await publint({ pkgDir: contents, pack: false, strict: true });
  expect(messages).toEqual([]);
});

// ---- in empty projects -------------------------------------------------------------------------------------

const found = findTools();
if ("missing" in found) console.log(`SKIPPED: installing the package with npm 11 and 12 and running it on Node 20, 22 and 24: ${found.missing}`);

const CONSUMER = `import lws, { Analyzer, type Analysis, type Diagnostic } from "eslint-plugin-lws";
import { defineConfig } from "eslint/config";

export const config = defineConfig([lws.configs.recommended, lws.configs["recommended-cpp"], { files: ["**/*.c"], plugins: { lws }, language: "lws/c" }]);

const analyzer = await Analyzer.create();
const run = analyzer.start();
run.add({ path: "a.c", content: process.argv[2] ?? "" });
const analysis: Analysis = run.finish();
const first: Diagnostic | undefined = analysis.diagnostics[0];
// @ts-expect-error -- a diagnostic has no such thing: the types are not \`any\`
first?.nothingOfThisKind;
`;

const IMPORTER = `import lws, { Analyzer } from "eslint-plugin-lws";

const analyzer = await Analyzer.create();
const run = analyzer.start();
run.add({ path: "a.c", content: process.argv[2] });
const [first] = run.finish().diagnostics;
console.log(first.ruleId, first.severity, Object.keys(lws.rules).length === analyzer.rules.length);
`;

const ESLINT_CONFIG = `import lws from "eslint-plugin-lws";
import { defineConfig } from "eslint/config";

export default defineConfig([
  { ignores: ["**/*.js"] },
  lws.configs.recommended,
  lws.configs["recommended-cpp"],
]);
`;

const TSCONFIG = {
  compilerOptions: { strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, noEmit: true, skipLibCheck: false, module: "NodeNext", target: "ES2023", types: ["node"] },
  include: ["consumer.ts"],
};

/** npm with the Node it runs on here, and how its users block scripts: 12 does so by itself. */
const INSTALLERS = [
  { npm: "npm11", node: "node20", flags: ["--ignore-scripts"] },
  { npm: "npm12", node: "node22", flags: [] },
] as const;
const NODES = ["node20", "node22", "node24"] as const;

describe.skipIf("missing" in found).each(INSTALLERS)("$npm, install scripts blocked (npm registry)", ({ npm, node, flags }) => {
  const tools = found as Tools;
  const project = path.join(folder, npm);
  const install = (...packages: readonly string[]) => {
    const { status, stderr } = run(tools[node], [tools[npm], "install", "--no-audit", "--no-fund", "--prefer-offline", ...flags, ...packages], project);
    // What this machine's settings hold is not what the package brings. And npm 12 blocks `prepare`, which builds what comes from a repository, in a file as
    // well; in a package of the registry it does not look for it.
    const own = /^npm warn install-scripts 1 package had install scripts blocked .*\n.* eslint-plugin-lws@\S+ \(prepare: node tools\/prepare\.mjs\)\n(?:npm warn install-scripts.*\n)*/mu;
    return [status, stderr.replaceAll(/^npm warn Unknown .* config .*\n/gmu, "").replace(own, "")];
  };
  const local = (on: keyof Tools, name: string, args: readonly string[], input = "") => run(tools[on], [path.join(project, "node_modules", name), ...args], project, { input });
  const CLI = "eslint-plugin-lws/dist/cli.js";

  beforeAll(() => write(project, { "package.json": '{ "name": "consumer", "private": true, "type": "module" }\n', "src/a.c": BAD }));

  test("installs alone and warns of nothing; npx finds its command", () => {
    expect(install(tarball)).toEqual([0, ""]);
    expect(existsSync(path.join(project, "node_modules/eslint"))).toBe(false);
    // Beside npm's own folder, npx starts what stands in `.bin` by its first line: the Node of the path.
    const env = { PATH: `${path.dirname(tools[node])}${path.delimiter}${process.env["PATH"] ?? ""}` };
    const npx = run(tools[node], [tools[npm], "exec", "--no", "--", "lws-lint", "src"], project, { env });
    expect(npx.stdout).toContain("src/a.c:6:3: error: `LWS_TO_KILL_SYNC` closes the connection");
    expect(npx.status, npx.stderr).toBe(1);
  });

  test("npx fetches it into a folder that has no project", () => {
    const empty = path.join(folder, `${npm}-empty`);
    write(empty, { "a.c": BAD });
    const env = { PATH: `${path.dirname(tools[node])}${path.delimiter}${process.env["PATH"] ?? ""}`, npm_config_cache: path.join(folder, `${npm}-cache`) };
    const npx = run(tools[node], [tools[npm], "exec", "--yes", "--package", tarball, "--", "lws-lint", "--format", "json"], empty, { env });
    expect(npx.status, npx.stderr).toBe(1);
    expect(JSON.parse(npx.stdout)).toMatchObject({ findings: [{ ruleId: "lws/no-sync-kill" }] });
    expect(readdirSync(empty)).toEqual(["a.c"]);
  });

  test("installs beside ESLint, TypeScript and what they bring", () => {
    const { eslint, typescript } = manifest.devDependencies;
    const installed = install("--save-dev", `eslint@${eslint!}`, `typescript@${typescript!}`, `@types/node@${manifest.devDependencies["@types/node"]!}`);
    expect(installed).toEqual([0, ""]);
    expect(run(tools[node], [tools[npm], "ls", "--all"], project).status).toBe(0);
  });

  // The same files whoever installed them, and half a minute on a busy machine: once is enough.
  if (npm === "npm12") test("has types that a strict project accepts, its own included", () => {
    write(project, { "consumer.ts": CONSUMER, "tsconfig.json": JSON.stringify(TSCONFIG) });
    expect(local(node, "typescript/bin/tsc", ["--project", "."])).toEqual({ status: 0, stdout: "", stderr: "" });
  });

  describe.each(NODES)("%s", (version) => {
    test("the command scans, fixes and explains", () => {
      write(project, { "src/a.c": BAD });
      const scan = local(version, CLI, ["src"]);
      expect([scan.status, scan.stderr]).toEqual([1, ""]);
      expect(scan.stdout).toContain("src/a.c:6:3: error: `LWS_TO_KILL_SYNC` closes the connection");
      expect(local(version, CLI, ["--jobs", "2", "--fix", "src"]).status).toBe(0);
      expect(readFileSync(path.join(project, "src/a.c"), "utf8")).toBe(FIXED);
      expect(local(version, CLI, ["--explain", "no-sync-kill"]).stdout).toMatch(/^# no-sync-kill\n/u);
      expect(local(version, CLI, ["--version"]).stdout).toBe(`${manifest.version}\n`);
      expect(local(version, CLI, ["--stdin", "--stdin-filename", "b.cpp", "--format", "github"], BAD).stdout).toMatch(/^::error file=b\.cpp,line=6,/u);
    });

    test("the package can be imported", () => {
      write(project, { "importer.js": IMPORTER });
      const { status, stdout, stderr } = run(tools[version], ["importer.js", BAD], project);
      expect([status, stdout, stderr]).toEqual([0, "no-sync-kill error true\n", ""]);
    });

    test("the language server starts and tells what it finds", async () => {
      write(project, { "src/a.c": BAD });
      const client = await Client.start({ folders: [project], command: [tools[version], path.join(project, "node_modules", CLI), "lsp", "--stdio"] });
      expect((await client.initialized).serverInfo).toEqual({ name: "lws-lint", version: manifest.version });
      await client.shows(path.join(project, "src/a.c"), ["no-sync-kill:6"]);
    });

    test("ESLint reports and fixes with it", () => {
      write(project, { "src/a.c": BAD, "eslint.config.js": ESLINT_CONFIG });
      const report = local(version, "eslint/bin/eslint.js", ["."]);
      expect(report.stdout).toMatch(/6:3\s+error\s+`LWS_TO_KILL_SYNC` closes .*lws\/no-sync-kill/u);
      expect([report.status, report.stderr]).toEqual([1, ""]);
      expect(local(version, "eslint/bin/eslint.js", ["--fix", "."])).toEqual({ status: 0, stdout: "", stderr: "" });
      expect(readFileSync(path.join(project, "src/a.c"), "utf8")).toBe(FIXED);
    });
  });
});
