/** Clients that ask: diagnostics are pulled, and never pushed as well. */
import path from "node:path";
import { expect, test } from "vitest";
import { CancellationTokenSource, FileChangeType, LSPErrorCodes, type DocumentDiagnosticReport } from "vscode-languageserver-protocol/node";
import { project } from "../host/harness.js";
import { brief, Client, uriOf } from "./client.js";
import { ASYNC, callback, helper, SYNC } from "./sources.js";

const items = (report: DocumentDiagnosticReport): string[] | undefined => (report.kind === "full" ? brief(report.items) : undefined);

test("a document is answered for its newest text, and unchanged results are not sent again", async () => {
  const p = project({ "a.c": callback("drop(wsi);"), "drop.c": helper(SYNC) });
  const a = path.join(p.root, "a.c");
  const client = await Client.start({ folders: [p.root], pull: true });
  expect((await client.initialized).capabilities.diagnosticProvider).toEqual({ identifier: "lws-lint", interFileDependencies: true, workspaceDiagnostics: true });
  await client.open(a, callback("drop(wsi);"));
  const first = await client.pull(a);
  expect(items(first)).toEqual(["no-sync-kill:6"]);
  expect(await client.pull(a, first.resultId)).toEqual({ kind: "unchanged", resultId: first.resultId });
  await client.edit(a, "drop(wsi);", "(void)wsi;");
  expect(items(await client.pull(a, first.resultId))).toEqual([]);
  await client.edit(a, "(void)wsi;", "drop(wsi);");
  expect(await client.pull(a, first.resultId)).toEqual({ kind: "unchanged", resultId: first.resultId });
  expect(client.pushed).toEqual([]);
});

test("a document that is none of ours has nothing", async () => {
  const p = project({ "a.c": callback(SYNC) });
  const client = await Client.start({ folders: [p.root], pull: true });
  await client.open(path.join(p.root, "notes.txt"), callback(SYNC), "plaintext");
  expect(items(await client.pull(path.join(p.root, "notes.txt")))).toEqual([]);
  expect(items(await client.pull(path.join(p.root, "nowhere.c")))).toEqual([]);
  // Not open, but part of the program.
  expect(items(await client.pull(path.join(p.root, "a.c")))).toEqual(["no-sync-kill:6"]);
});

test("a request that is given up is answered at once, and the next one is right", async () => {
  const p = project({ "a.c": callback("(void)wsi;") });
  const a = path.join(p.root, "a.c");
  const client = await Client.start({ folders: [p.root], pull: true });
  await client.open(a, callback("(void)wsi;"));
  expect(items(await client.pull(a))).toEqual([]);
  const given: Promise<unknown>[] = [];
  for (let i = 0; i < 5; i++) {
    await client.edit(a, "return 0;", "return 0; ");
    const source = new CancellationTokenSource();
    given.push(client.pull(a, undefined, source.token).catch((error: unknown) => (error as { code: number }).code));
    source.cancel();
  }
  await client.edit(a, "(void)wsi;", SYNC);
  const last = client.pull(a);
  expect(await Promise.all(given)).toEqual(given.map(() => LSPErrorCodes.RequestCancelled));
  expect(items(await last)).toEqual(["no-sync-kill:6"]);
});

test("requests of one moment share one analysis; a change meanwhile makes them wait for the newer one", async () => {
  const p = project({ "a.c": callback("(void)wsi;") });
  const a = path.join(p.root, "a.c");
  const client = await Client.start({ folders: [p.root], pull: true });
  await client.open(a, callback("(void)wsi;"));
  const early = client.pull(a);
  await client.edit(a, "(void)wsi;", SYNC);
  const late = client.pull(a);
  expect(items(await late)).toEqual(["no-sync-kill:6"]);
  expect([[], ["no-sync-kill:6"]]).toContainEqual(items(await early));
});

test("the workspace is answered with all files, and what has gone with nothing", async () => {
  const p = project({ "a.c": callback("drop(wsi);"), "b.c": callback(SYNC), "drop.c": helper(SYNC), "lws-lint.config.json": "{}" });
  const [a, b, drop] = ["a.c", "b.c", "drop.c"].map((name) => path.join(p.root, name)) as [string, string, string];
  const client = await Client.start({ folders: [p.root], pull: true });
  const first = await client.pullWorkspace();
  expect(first.items.map(({ uri, kind, version }) => ({ uri, kind, version }))).toEqual([a, b].map((file) => ({ uri: uriOf(file), kind: "full", version: null })));
  const ids = Object.fromEntries(first.items.map(({ uri, resultId }) => [uri, resultId!]));
  expect((await client.pullWorkspace(ids)).items.map(({ kind }) => kind)).toEqual(["unchanged", "unchanged"]);
  await client.open(drop, helper(SYNC));
  await client.edit(drop, "LWS_TO_KILL_SYNC", "LWS_TO_KILL_ASYNC");
  const second = await client.pullWorkspace(ids);
  expect(second.items.map(({ uri, kind }) => [uri, kind])).toEqual([[uriOf(b), "unchanged"], [uriOf(a), "full"]]);
  expect(second.items[1]).toMatchObject({ items: [] });

  p.write("lws-lint.config.json", "[]");
  await client.watched([path.join(p.root, "lws-lint.config.json"), FileChangeType.Changed]);
  const third = await client.pullWorkspace();
  expect(third.items.at(-1)).toMatchObject({ uri: uriOf(path.join(p.root, "lws-lint.config.json")), items: [{ message: "The file must hold one object." }] });
  expect(items(await client.pull(path.join(p.root, "lws-lint.config.json")))).toHaveLength(1);
});

test("when results of other documents change, the client is told to ask again", async () => {
  const p = project({ "a.c": callback("drop(wsi);"), "drop.c": helper(ASYNC) });
  const [a, drop] = ["a.c", "drop.c"].map((name) => path.join(p.root, name)) as [string, string];
  const client = await Client.start({ folders: [p.root], pull: true });
  await client.open(a, callback("drop(wsi);"));
  expect(items(await client.pull(a))).toEqual([]);
  expect(client.refreshes).toBe(0);
  p.write("drop.c", helper(SYNC));
  await client.watched([drop, FileChangeType.Changed]);
  await client.until(() => client.refreshes === 1, () => "no refresh");
  expect(items(await client.pull(a))).toEqual(["no-sync-kill:6"]);
  // Nothing changes for anybody: no refresh.
  p.write("drop.c", `${helper(SYNC)}\n`);
  await client.watched([drop, FileChangeType.Changed]);
  expect(items(await client.pull(a))).toEqual(["no-sync-kill:6"]);
  expect(client.refreshes).toBe(1);
});

test("a client that cannot be told is left alone, and one that shows no related places gets them as text", async () => {
  const p = project({ "a.c": callback("drop(wsi);"), "drop.c": helper(SYNC) });
  const a = path.join(p.root, "a.c");
  const client = await Client.start({
    folders: [p.root], pull: true,
    capabilities: { textDocument: { publishDiagnostics: {} }, workspace: { diagnostics: {}, configuration: false, didChangeWatchedFiles: {} } },
    initializationOptions: { settings: { rules: { "no-sync-kill": "warn" } } },
  });
  await client.open(a, callback("drop(wsi);"));
  const report = await client.pull(a);
  expect(report.kind === "full" && report.items).toMatchObject([{ severity: 2, message: expect.stringMatching(/\ndrop\.c:6: .*in `drop\(\)`.*\na\.c:9: /u) }]);
  expect(report.kind === "full" && report.items[0]).not.toHaveProperty("relatedInformation");
  p.write("drop.c", helper(ASYNC));
  await client.until(() => client.logs.length >= 0, () => "");
  expect(client.refreshes).toBe(0);
});
