/** The lines of docs/editors.md for editors that are not at hand: they are read, and what they say to start is started. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import plugin from "../../src/index.js";
import { isBuildFile } from "../../src/host/lws-version.js";
import { BUILD_FILE_GLOBS, WATCHED_GLOBS } from "../../src/lsp/watched.js";
import { project } from "../host/harness.js";
import { Client } from "./client.js";
import { installCommand, snippetOf } from "./editors.js";
import { callback, SYNC } from "./sources.js";

/** Serves a folder with a command as an editor would start it, found on PATH. */
const serves = async (command: readonly string[], more: { settings?: () => unknown; initializationOptions?: object } = {}): Promise<void> => {
  const p = project({ "a.c": callback(SYNC) });
  installCommand(p);
  const [name, ...args] = command;
  const client = await Client.start({ folders: [p.root], command: [path.join(p.root, "bin", name!), ...args], ...more });
  await client.shows(path.join(p.root, "a.c"), ["no-sync-kill:6"]);
};

/** The part of TOML that the snippet uses. */
const readToml = (text: string): Record<string, unknown>[] => {
  const tables: Record<string, unknown>[] = [];
  for (const line of text.split("\n").filter((one) => one.trim() !== "")) {
    const header = /^\[\[?([\w.-]+)\]\]?$/u.exec(line)?.[1];
    const [, key, value] = /^([\w-]+) = (.*)$/u.exec(line) ?? [];
    if (header !== undefined) tables.push({ "": header });
    else if (key !== undefined) tables.at(-1)![key] = JSON.parse(value!);
    else throw new Error(`not understood: ${line}`);
  }
  return tables;
};

test("Helix", async () => {
  const [server, config, ...languages] = readToml(snippetOf("toml", "lws-lint"));
  expect(server).toEqual({ "": "language-server.lws-lint", command: "lws-lint", args: ["lsp"] });
  expect(config).toEqual({ "": "language-server.lws-lint.config.lws-lint", rules: {} });
  expect(languages.map((one) => [one[""], one["name"]])).toEqual([["language", "c"], ["language", "cpp"]]);
  for (const language of languages) expect(language["language-servers"]).toContain("lws-lint");
  // Helix sends its `config` when it starts the server, and answers for a section of it.
  await serves([server!["command"] as string, ...(server!["args"] as string[])], { settings: () => ({ rules: {} }), initializationOptions: { "lws-lint": { rules: {} } } });
});

const hasNeovim = spawnSync("nvim", ["--version"]).status === 0;

test.skipIf(!hasNeovim)("Neovim 0.11, whose own functions are put in place (needs neovim)", async () => {
  const p = project({
    "init.lua": `vim.lsp.config = function(name, config) vim.g.told = { name = name, config = config } end
vim.lsp.enable = function(name) vim.fn.writefile({ vim.fn.json_encode({ told = vim.g.told, enabled = name }) }, "told.json") end
${snippetOf("lua", "vim.lsp.config")}`,
  });
  expect(spawnSync("nvim", ["--headless", "--clean", "-u", "init.lua", "-c", "qall!"], { cwd: p.root, encoding: "utf8" }).stderr).toBe("");
  const { told, enabled } = JSON.parse(p.read("told.json")) as { told: { name: string; config: { cmd: string[]; filetypes: string[]; root_markers: string[] } }; enabled: string };
  expect(enabled).toBe(told.name);
  expect(told.config.filetypes).toEqual(["c", "cpp"]);
  expect(told.config.root_markers).toEqual(["lws-lint.config.json", ".git"]);
  await serves(told.config.cmd);
});

test("the ESLint extension is told languages of the plugin", () => {
  const settings = JSON.parse(snippetOf("json", "eslint.validate")) as { "eslint.validate": string[] };
  expect(Object.keys((plugin as { languages: object }).languages)).toEqual(["c", "cpp"]);
  expect(settings["eslint.validate"]).toEqual(expect.arrayContaining(["c", "cpp"]));
});

test("links of docs/editors.md lead somewhere, and the README leads there", () => {
  for (const [, target] of readFileSync("docs/editors.md", "utf8").matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/gu)) expect(existsSync(path.join("docs", target!)), target).toBe(true);
  expect(readFileSync("README.md", "utf8")).toContain("(docs/editors.md)");
});

test("what is watched are sources, configuration, and files that tell the release", () => {
  const named = BUILD_FILE_GLOBS.flatMap((glob) => /\{(.*)\}/u.exec(glob)![1]!.split(",").map((one) => (glob.includes("*.{") ? `x.${one}` : one)));
  expect(named.length).toBeGreaterThan(10);
  for (const name of named) expect(isBuildFile(name), name).toBe(true);
  for (const extension of ["c", "h", "cpp", "hpp", "C", "ino"]) expect(WATCHED_GLOBS[0]).toMatch(new RegExp(`[{,]${extension}[,}]`, "u"));
});

test("a scan loads nothing of the language server", () => {
  const loaded = new Set<string>();
  const load = (file: string): void => {
    if (loaded.has(file)) return;
    loaded.add(file);
    for (const [, target] of readFileSync(file, "utf8").matchAll(/^(?:import|export)[^"\n]*"([^"]+)"/gmu)) {
      if (target!.startsWith(".")) load(path.join(path.dirname(file), target!));
      else loaded.add(target!);
    }
  };
  load("dist/cli.js");
  expect([...loaded].filter((name) => name.startsWith("dist/start-"))).toHaveLength(1);
  expect([...loaded].filter((name) => name.includes("vscode"))).toEqual([]);
});

test("the command says what it is", () => {
  const p = project({});
  const run = (...args: string[]) => spawnSync("lws-lint", args, { cwd: p.root, encoding: "utf8", env: installCommand(p) });
  expect(run("lsp", "--help")).toMatchObject({ status: 0, stdout: expect.stringContaining("Language Server Protocol") });
  expect(run("lsp", "src")).toMatchObject({ status: 2, stdout: "", stderr: expect.stringContaining("no option `src`") });
  expect(run("--help").stdout).toContain("lws-lint lsp");
  // A client that goes away ends the server.
  expect(spawnSync("lws-lint", ["lsp", "--stdio"], { cwd: p.root, input: "", encoding: "utf8", env: installCommand(p), timeout: 20_000 }).signal).toBeNull();
});
