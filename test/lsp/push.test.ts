/** Clients that do not ask: diagnostics are pushed. */
import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { FileChangeType } from "vscode-languageserver-protocol/node";
import { project } from "../host/harness.js";
import { Client, uriOf } from "./client.js";
import { ASYNC, callback, helper, SYNC } from "./sources.js";

test("findings of all files of a folder, with everything the client can show", async () => {
  const p = project({ "src/a.c": callback("drop(wsi);"), "src/drop.c": helper(SYNC), "other.c": "int main(void) { return 0; }\n" });
  const client = await Client.start({ folders: [p.root] });
  const { capabilities, serverInfo } = await client.initialized;
  expect(serverInfo?.name).toBe("lws-lint");
  expect(capabilities.positionEncoding).toBe("utf-16");
  expect(capabilities.diagnosticProvider).toBeUndefined();
  const a = path.join(p.root, "src/a.c");
  await client.shows(a, ["no-sync-kill:6"]);
  const [diagnostic] = client.shown(a)!;
  expect(diagnostic).toMatchObject({
    severity: 1,
    source: "lws-lint",
    code: "lws/no-sync-kill",
    codeDescription: { href: "https://unpkg.com/eslint-plugin-lws/docs/rules/no-sync-kill.md" },
    range: { start: { line: 5, character: 2 }, end: { line: 5, character: 11 } },
  });
  expect(diagnostic!.message).toMatch(/^`LWS_TO_KILL_SYNC` closes the connection that is being serviced.*\n[A-Z].*\.$/u);
  expect(diagnostic!.relatedInformation).toMatchObject([
    { location: { uri: uriOf(path.join(p.root, "src/drop.c")), range: { start: { line: 5, character: 1 } } }, message: expect.stringContaining("in `drop()`") },
    { location: { uri: uriOf(a), range: { start: { line: 8 } } }, message: expect.stringContaining("registered") },
  ]);
  expect(client.pushed.map(({ uri }) => uri)).toEqual([uriOf(a)]);
  expect(await client.stop()).toBe(0);
});

test("columns are UTF-16 code units", async () => {
  const p = project({ "a.c": callback(`/* 👋 é */ ${SYNC}`) });
  const client = await Client.start({ folders: [p.root] });
  const a = path.join(p.root, "a.c");
  await client.shows(a, ["no-sync-kill:6"]);
  expect(client.shown(a)![0]!.range.start.character).toBe(2 + "/* 👋 é */ ".length);
});

test("an unsaved buffer counts in place of its file, for other files too", async () => {
  const p = project({ "a.c": callback("drop(wsi);"), "drop.c": helper(SYNC) });
  const [a, drop] = [path.join(p.root, "a.c"), path.join(p.root, "drop.c")];
  const client = await Client.start({ folders: [p.root] });
  await client.shows(a, ["no-sync-kill:6"]);
  // The caller is not even open.
  await client.open(drop, helper(SYNC));
  await client.edit(drop, "LWS_TO_KILL_SYNC", "LWS_TO_KILL_ASYNC");
  await client.shows(a, []);
  await client.edit(drop, "LWS_TO_KILL_ASYNC", "LWS_TO_KILL_SYNC");
  await client.shows(a, ["no-sync-kill:6"]);
  await client.edit(drop, "LWS_TO_KILL_SYNC", "LWS_TO_KILL_ASYNC");
  await client.shows(a, []);
  // Closed without saving: the file holds again.
  await client.close(drop);
  await client.shows(a, ["no-sync-kill:6"]);
});

test("typing is analysed once, in its last state, and told with its version", async () => {
  const p = project({ "a.c": callback("(void)wsi;") });
  const a = path.join(p.root, "a.c");
  const client = await Client.start({ folders: [p.root] });
  await client.open(a, callback("(void)wsi;"));
  await client.until(() => client.shown(a) !== undefined, () => "nothing was pushed");
  const before = client.pushed.length;
  await client.edit(a, "(void)wsi;", SYNC);
  for (let i = 0; i < 10; i++) await client.edit(a, "return 0;", `return 0; `);
  await client.edit(a, "if (", "if  (");
  await client.shows(a, ["no-sync-kill:6"]);
  expect(client.pushed.length - before).toBe(1);
  expect(client.pushed.at(-1)!.version).toBe(client.versionOf(a));
});

test("a large folder tells how far it is", async () => {
  const files = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`src/${i}.c`, callback(SYNC).replace('"p"', `"p${i}"`)]));
  const p = project(files);
  const client = await Client.start({ folders: [p.root], capabilities: { window: { workDoneProgress: true } } });
  await client.until(() => client.pushed.length === 40, () => `${client.pushed.length} files were told`);
  await client.until(() => client.progress.includes("end"), () => "it never ended");
  expect(client.progress[0]).toBe("begin");
  expect(client.progress).toContain("report");
  expect(client.progress.at(-1)).toBe("end");
  expect(client.logs.join("\n")).toMatch(/: 40 findings in 40 of 40 files, \d+ ms/u);
});

test("what is out of date is struck through", async () => {
  const p = project({ "a.c": callback("lws_email_check(0);") });
  const client = await Client.start({ folders: [p.root], settings: () => ({ lwsVersion: "4.3" }) });
  await client.shows(path.join(p.root, "a.c"), ["no-removed-api:6"]);
  expect(client.shown(path.join(p.root, "a.c"))).toMatchObject([{ tags: [2] }]);
});

describe("files on disk", () => {
  test("a changed, a new and a removed file are heard of from a client that watches", async () => {
    const p = project({ "a.c": callback("drop(wsi);"), "drop.c": helper(ASYNC) });
    const [a, drop, b] = ["a.c", "drop.c", "sub/b.c"].map((name) => path.join(p.root, name)) as [string, string, string];
    const client = await Client.start({ folders: [p.root] });
    await client.open(a, callback("drop(wsi);"));
    await client.until(() => client.shown(a) !== undefined, () => "nothing was pushed");
    expect(client.shown(a)).toEqual([]);
    const globs = client.registrations.flatMap(({ registerOptions }) => (registerOptions as { watchers?: { globPattern: string }[] }).watchers ?? []).map(({ globPattern }) => globPattern);
    expect(globs).toContain("**/lws-lint.config.json");
    expect(globs[0]).toMatch(/\{c,h,.*cpp/u);

    p.write("drop.c", helper(SYNC));
    await client.watched([drop, FileChangeType.Changed]);
    await client.shows(a, ["no-sync-kill:6"]);

    p.write("sub/b.c", callback(SYNC));
    await client.watched([b, FileChangeType.Created]);
    await client.shows(b, ["no-sync-kill:6"]);

    rmSync(path.join(p.root, "sub"), { recursive: true });
    await client.watched([path.join(p.root, "sub"), FileChangeType.Deleted]);
    await client.shows(b, []);

    rmSync(drop);
    await client.watched([drop, FileChangeType.Deleted]);
    await client.shows(a, []);
  });

  test("what a scan leaves out stays out, open or not", async () => {
    const p = project({ ".gitignore": "gen/\n", ".git/HEAD": "", "gen/a.c": callback(SYNC), "b.c": callback(SYNC) });
    const client = await Client.start({ folders: [p.root] });
    await client.open(path.join(p.root, "gen/a.c"), callback(SYNC));
    await client.shows(path.join(p.root, "b.c"), ["no-sync-kill:6"]);
    expect(client.shown(path.join(p.root, "gen/a.c")) ?? []).toEqual([]);
    p.write(".gitignore", "b.c\n");
    await client.watched([path.join(p.root, ".gitignore"), FileChangeType.Changed]);
    await client.shows(path.join(p.root, "b.c"), []);
    await client.shows(path.join(p.root, "gen/a.c"), ["no-sync-kill:6"]);
  });

  test("files that the configuration includes are watched, too", async () => {
    const p = project({ "lws-lint.config.json": '{ "include": ["*.def", "!x.def", "gen/"] }', "a.def": callback(ASYNC) });
    const a = path.join(p.root, "a.def");
    const client = await Client.start({ folders: [p.root] });
    const globs = (): string[] => client.registrations.flatMap(({ registerOptions }) => (registerOptions as { watchers?: { globPattern: string }[] }).watchers ?? []).map(({ globPattern }) => globPattern);
    await client.until(() => globs().includes("**/*.def"), () => globs().join(" "));
    expect(globs()).toContain("**/gen/**");
    expect(globs().some((glob) => glob.includes("x.def"))).toBe(false);
    p.write("a.def", callback(SYNC));
    await client.watched([a, FileChangeType.Changed]);
    await client.shows(a, ["no-sync-kill:6"]);
    expect(new Set(globs()).size).toBe(globs().length);
  });

  test("a new file counts before it is saved", async () => {
    const p = project({});
    const client = await Client.start({ folders: [p.root] });
    await client.open(path.join(p.root, "new.c"), callback(SYNC));
    await client.shows(path.join(p.root, "new.c"), ["no-sync-kill:6"]);
    await client.open(path.join(p.root, "new.txt"), callback(SYNC), "plaintext");
    await client.edit(path.join(p.root, "new.c"), "LWS_TO_KILL_SYNC", "LWS_TO_KILL_ASYNC");
    await client.shows(path.join(p.root, "new.c"), []);
    expect(client.pushed.filter(({ uri }) => uri.endsWith("txt") ).flatMap(({ diagnostics }) => diagnostics)).toEqual([]);
  });

  test("without a client that watches, known files are looked at and new ones found on save", async () => {
    const p = project({ "a.c": callback("drop(wsi);"), "drop.c": helper(ASYNC) });
    const a = path.join(p.root, "a.c");
    const client = await Client.start({ folders: [p.root], capabilities: { workspace: { didChangeWatchedFiles: {} } } });
    await client.open(a, callback("drop(wsi);"));
    await client.until(() => client.shown(a) !== undefined, () => "nothing was pushed");
    expect(client.registrations.map(({ method }) => method)).not.toContain("workspace/didChangeWatchedFiles");
    p.write("drop.c", helper(SYNC));
    await client.shows(a, ["no-sync-kill:6"]);
    p.write("b.c", callback(SYNC));
    await client.save(a);
    await client.shows(path.join(p.root, "b.c"), ["no-sync-kill:6"]);
  });
});

describe("configuration", () => {
  test("is found upwards; a wrong one is shown where it stands, and the last good one holds meanwhile", async () => {
    const p = project({ "lws-lint.config.json": '{ "rules": { "no-sync-kill": "warn" } }\n', "sub/a.c": callback(SYNC) });
    const [config, a] = [path.join(p.root, "lws-lint.config.json"), path.join(p.root, "sub/a.c")];
    const client = await Client.start({ folders: [path.join(p.root, "sub")] });
    await client.shows(a, ["no-sync-kill:6"]);
    expect(client.shown(a)![0]!.severity).toBe(2);

    p.write("lws-lint.config.json", '{\n  "rules": { "no-sync-kil": "off" }\n}\n');
    await client.watched([config, FileChangeType.Changed]);
    await client.until(() => (client.shown(config)?.length ?? 0) > 0, () => "the configuration is not marked");
    expect(client.shown(config)).toMatchObject([{ severity: 1, range: { start: { line: 1, character: 13 } }, message: expect.stringMatching(/^There is no rule `no-sync-kil`\. Did you mean/u) }]);
    expect(client.messages).toMatchObject([expect.stringContaining("lws-lint.config.json:2:14")]);
    expect(client.shown(a)![0]!.severity).toBe(2);

    p.write("lws-lint.config.json", '{ "rules": { "no-sync-kill": "off" } }\n');
    await client.watched([config, FileChangeType.Changed]);
    await client.shows(a, []);
    await client.until(() => client.shown(config)?.length === 0, () => "the mark stays");
  });

  test("a configuration that is wrong from the start stops everything until it is right", async () => {
    const p = project({ "lws-lint.config.json": '{ "rule": {} }\n', "a.c": callback(SYNC) });
    const [config, a] = [path.join(p.root, "lws-lint.config.json"), path.join(p.root, "a.c")];
    const client = await Client.start({ folders: [p.root] });
    await client.until(() => client.messages.length > 0, () => "no message");
    expect(client.shown(a) ?? []).toEqual([]);
    p.write("lws-lint.config.json", "{}\n");
    await client.watched([config, FileChangeType.Changed]);
    await client.shows(a, ["no-sync-kill:6"]);
  });

  test("settings of the editor outrank files; wrong ones are told and left out", async () => {
    const p = project({ "lws-lint.config.json": '{ "rules": { "no-sync-kill": "warn" } }\n', "a.c": callback(SYNC) });
    const a = path.join(p.root, "a.c");
    const client = await Client.start({ folders: [p.root], settings: () => ({ rules: { "lws/no-sync-kill": "error", nonsense: "off" }, lwsVersion: "four" }) });
    await client.shows(a, ["no-sync-kill:6"]);
    expect(client.shown(a)![0]!.severity).toBe(1);
    expect(client.messages).toMatchObject([expect.stringContaining("There is no rule `nonsense`"), expect.stringContaining("`lwsVersion`")]);
    await client.changeSettings(() => ({ enable: false }));
    await client.shows(a, []);
    await client.changeSettings(() => ({}));
    await client.shows(a, ["no-sync-kill:6"]);
    expect(client.shown(a)![0]!.severity).toBe(2);
  });

  test("the release of the settings decides", async () => {
    const p = project({ "a.c": callback("lws_ensure_user_space(wsi);") });
    const client = await Client.start({ folders: [p.root], settings: () => ({ lwsVersion: "4.3" }) });
    await client.shows(path.join(p.root, "a.c"), ["no-internal-api:6"]);
    await client.changeSettings(() => ({ lwsVersion: "5.0" }));
    await client.shows(path.join(p.root, "a.c"), []);
  });

  test("comments that suppress nothing are faded out", async () => {
    const p = project({ "a.c": callback(`${ASYNC} // NOLINT(lws/no-sync-kill)`) });
    const client = await Client.start({ folders: [p.root], settings: () => ({ reportUnusedSuppressions: true }) });
    await client.shows(path.join(p.root, "a.c"), ["unused-suppression:6"]);
    expect(client.shown(path.join(p.root, "a.c"))).toMatchObject([{ tags: [1] }]);
    expect(client.shown(path.join(p.root, "a.c"))![0]).not.toHaveProperty("codeDescription");
  });
});

describe("folders", () => {
  test("each has its configuration and its settings; what lies in both is told by the inner one", async () => {
    const p = project({
      "one/a.c": callback(SYNC),
      "two/lws-lint.config.json": '{ "rules": { "no-sync-kill": "warn" } }',
      "two/b.c": callback(SYNC),
      "two/inner/lws-lint.config.json": '{ "root": true, "rules": { "no-sync-kill": "off" } }',
      "two/inner/c.c": callback(SYNC),
    });
    const at = (name: string): string => path.join(p.root, name);
    const client = await Client.start({
      folders: [at("one"), at("two"), at("two/inner")],
      settings: (folder) => (folder === at("one") ? { rules: { "no-sync-kill": "warn" } } : {}),
    });
    await client.shows(at("one/a.c"), ["no-sync-kill:6"]);
    await client.shows(at("two/b.c"), ["no-sync-kill:6"]);
    expect(client.shown(at("one/a.c"))![0]!.severity).toBe(2);
    expect(client.shown(at("two/b.c"))![0]!.severity).toBe(2);
    await client.open(at("two/inner/c.c"), callback(SYNC));
    await client.until(() => client.shown(at("two/inner/c.c")) !== undefined, () => "nothing was pushed");
    expect(client.shown(at("two/inner/c.c"))).toEqual([]);

    // The inner folder goes: the outer one speaks for its files.
    await client.folders([], [at("two/inner")]);
    await client.shows(at("two/inner/c.c"), ["no-sync-kill:6"]);
    await client.folders([at("two/inner")], [at("one")]);
    await client.shows(at("two/inner/c.c"), []);
    await client.shows(at("one/a.c"), []);
  });

  test("a file outside of all folders is looked at with the files open beside it", async () => {
    const p = project({ "a.c": callback("drop(wsi);"), "drop.c": helper(SYNC), "lws-lint.config.json": '{ "rules": { "no-sync-kill": "warn" } }' });
    const [a, drop] = [path.join(p.root, "a.c"), path.join(p.root, "drop.c")];
    const client = await Client.start({});
    await client.open(a, callback("drop(wsi);"));
    await client.until(() => client.shown(a) !== undefined, () => "nothing was pushed");
    expect(client.shown(a)).toEqual([]);
    await client.open(drop, helper(SYNC));
    await client.shows(a, ["no-sync-kill:6"]);
    expect(client.shown(a)![0]!.severity).toBe(2);
    await client.close(drop);
    await client.shows(a, []);
    await client.close(a);
  });

  test("a text that was never saved", async () => {
    const client = await Client.start({});
    await client.openUri("untitled:Untitled-1", callback(SYNC), "c");
    await client.until(() => client.pushed.some(({ uri, diagnostics }) => uri === "untitled:Untitled-1" && diagnostics.length === 1), () => "nothing was pushed");
    await client.openUri("git:/a.c?x", callback(SYNC), "c");
    await client.openUri("untitled:notes", callback(SYNC), "plaintext");
    await client.openUri("untitled:Untitled-2", callback(SYNC), "cpp");
    await client.until(() => client.pushed.some(({ uri, diagnostics }) => uri === "untitled:Untitled-2" && diagnostics.length === 1), () => "nothing was pushed");
    expect(new Set(client.pushed.map(({ uri }) => uri))).toEqual(new Set(["untitled:Untitled-1", "untitled:Untitled-2"]));
  });

  test("a folder that is not there is empty", async () => {
    const p = project({});
    mkdirSync(path.join(p.root, "x"));
    rmSync(path.join(p.root, "x"), { recursive: true });
    const client = await Client.start({ folders: [path.join(p.root, "x")] });
    await client.open(path.join(p.root, "x/a.c"), callback(SYNC));
    await client.until(() => client.shown(path.join(p.root, "x/a.c")) !== undefined, () => "nothing was pushed");
  });
});
