/** The extension for VS Code: what is in the package, the server in it, and its code in an editor that is only made up. */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { inflateRawSync } from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";
import { defaultLevel } from "../../src/linter/rule.js";
import { analyzer } from "../fixture-runner.js";
import { project } from "../host/harness.js";
import { Client } from "./client.js";
import { callback, SYNC } from "./sources.js";

const HOME = "editors/vscode";
const installed = existsSync(`${HOME}/node_modules/vscode-languageclient`);

/** The files of a zip archive. */
const unzip = (archive: Buffer): Map<string, Buffer> => {
  const files = new Map<string, Buffer>();
  const end = archive.lastIndexOf(Buffer.from("PK\x05\x06", "latin1"));
  let at = archive.readUInt32LE(end + 16);
  for (let i = archive.readUInt16LE(end + 10); i > 0; i--) {
    const method = archive.readUInt16LE(at + 10);
    const size = archive.readUInt32LE(at + 20);
    const nameLength = archive.readUInt16LE(at + 28);
    const local = archive.readUInt32LE(at + 42);
    const name = archive.toString("utf8", at + 46, at + 46 + nameLength);
    const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
    const data = archive.subarray(start, start + size);
    files.set(name, method === 0 ? data : inflateRawSync(data));
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return files;
};

interface Manifest {
  readonly version: string;
  readonly main: string;
  readonly scripts?: object;
  readonly contributes: { readonly commands: readonly { readonly command: string }[]; readonly configuration: { readonly properties: Readonly<Record<string, { readonly properties?: object; readonly pattern?: string }>> } };
}

test("the manifest names every command and setting the extension uses", () => {
  const manifest = JSON.parse(readFileSync(`${HOME}/package.json`, "utf8")) as Manifest;
  const source = readFileSync(`${HOME}/src/extension.ts`, "utf8");
  const registered = [...source.matchAll(/registerCommand\("([^"]+)"/gu)].map(([, name]) => name);
  expect(manifest.contributes.commands.map(({ command }) => command)).toEqual(registered);
  const properties = manifest.contributes.configuration.properties;
  expect(Object.keys(properties).sort()).toEqual(["enable", "lwsVersion", "reportUnusedSuppressions", "rules", "trace.server"].map((name) => `lws-lint.${name}`));
  const release = new RegExp(properties["lws-lint.lwsVersion"]!.pattern!, "u");
  for (const good of ["", "4.3", "4.3.2", "4.1+", "4.1..4.3", "v4.3"]) expect(release.test(good), good).toBe(true);
  for (const bad of ["4", "four", "4.1+5", "4.1.."]) expect(release.test(bad), bad).toBe(false);
  const documented = readFileSync(`${HOME}/README.md`, "utf8");
  for (const name of Object.keys(properties)) expect(documented, name).toContain(`\`${name}\``);
});

describe.skipIf(!installed)("the package (needs npm ci in editors/vscode)", () => {
  const files = new Map<string, Buffer>();

  beforeAll(() => {
    execFileSync(process.execPath, [`${HOME}/build.mjs`], { stdio: "pipe" });
    for (const [name, content] of unzip(readFileSync(`${HOME}/lws-lint.vsix`))) files.set(name, content);
  });

  /** Unpacked where nothing else is, as the editor does. */
  const unpack = (): string => {
    const { root } = project({});
    for (const [name, content] of files) {
      mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
      writeFileSync(path.join(root, name), content);
    }
    return path.join(root, "extension");
  };

  test("holds the extension, the server, its pages, and nothing else", () => {
    const folders = new Set([...files.keys()].map((name) => name.split("/").slice(0, 3).join("/")));
    expect([...folders].sort()).toEqual([
      "[Content_Types].xml", "extension.vsixmanifest", "extension/LICENSE.txt", "extension/dist/extension.cjs", "extension/package.json", "extension/readme.md",
      "extension/server/dist", "extension/server/docs", "extension/server/package.json", "extension/server/schemas",
    ]);
    const manifest = JSON.parse(files.get("extension/package.json")!.toString()) as Manifest;
    expect(manifest.version).toBe((JSON.parse(readFileSync("package.json", "utf8")) as Manifest).version);
    expect(manifest.scripts).toBeUndefined();
    const rules = manifest.contributes.configuration.properties["lws-lint.rules"]!.properties;
    expect(Object.keys(rules!)).toEqual(analyzer.rules.map(({ id }) => id));
    expect([...files.values()].reduce((sum, content) => sum + content.length, 0)).toBeLessThan(10 * 1024 * 1024);
  });

  test("the server in it serves, with nothing installed beside it", async () => {
    const extension = unpack();
    const p = project({ "a.c": callback(SYNC), "b.cpp": callback(SYNC).replace("p\"", "q\"") });
    const client = await Client.start({ folders: [p.root], pull: true, command: [process.execPath, path.join(extension, "server/dist/cli.js"), "lsp", "--stdio"] });
    const { items } = await client.pullWorkspace();
    expect(items).toMatchObject([{ items: [{ code: "lws/no-sync-kill" }] }, { items: [{ code: "lws/no-sync-kill" }] }]);
    expect(await client.connection.sendRequest("lws-lint/explainRule", { ruleId: "lws/no-sync-kill" })).toMatch(/## What it does/u);
    expect(await client.connection.sendRequest("lws-lint/explainRule", { ruleId: "nonsense" })).toBeNull();
    expect(await client.connection.sendRequest("lws-lint/rules", {})).toEqual(analyzer.rules.map((rule) => ({ id: `lws/${rule.id}`, level: defaultLevel(rule), summary: rule.summary })));
    p.write("c.c", callback(SYNC));
    expect(await client.connection.sendRequest("lws-lint/scanWorkspace", {})).toEqual({ filesSeen: 3, filesAnalyzed: 3, errors: 3, warnings: 0 });
  });

  test("its code starts the server and answers its commands", () => {
    const extension = unpack();
    const p = project({ "a.c": callback(SYNC) });
    const { stdout, stderr, status } = spawnSync(process.execPath, ["test/lsp/made-up-vscode.cjs", extension, p.root], { encoding: "utf8", timeout: 60_000 });
    expect(status, stderr).toBe(0);
    const told = JSON.parse(stdout) as Record<string, unknown>;
    expect(told).toEqual({
      commands: ["lws-lint.explainRule", "lws-lint.scanWorkspace", "lws-lint.restart", "lws-lint.showOutput"],
      states: expect.arrayContaining(["busy", "ready"]),
      picked: analyzer.rules.map(({ id }) => `lws/${id}`),
      preview: "lws-lint-page:/no-sync-kill.md",
      page: expect.stringMatching(/^# lws\/no-sync-kill\n\n[\s\S]*## What it does/u),
      message: ["lws-lint: 1 error and 0 warnings in 1 file that use libwebsockets, of 1.", "Show Problems"],
      executed: ["markdown.showPreview", "workbench.actions.view.problems"],
    });
  });
});
