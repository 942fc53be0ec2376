/** What the server offers to do, carried out and looked at again. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { Suppressor } from "../../src/lsp/suppress.js";
import { SourceFile } from "../../src/source/source-file.js";
import { analyze } from "../fixture-runner.js";
import { project } from "../host/harness.js";
import { applyEdits, Client, editsOf, uriOf } from "./client.js";
import { callback, helper, SYNC } from "./sources.js";

const BOTH = `${callback(SYNC)}
static int other(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	if (reason == LWS_CALLBACK_RECEIVE)
		${SYNC}
	if (reason == LWS_CALLBACK_CLOSED)
		lws_close_free_wsi(wsi, 0, "");
	return 0;
}
const struct lws_protocols more[] = { { "q", other, 0, 0 }, { NULL, NULL, 0, 0 } };
`;

test("a finding has its fixes, all of its kind, and both ways to disable it", async () => {
  const p = project({ "a.c": BOTH });
  const a = path.join(p.root, "a.c");
  const client = await Client.start({ folders: [p.root] });
  expect((await client.initialized).capabilities.codeActionProvider).toEqual({ codeActionKinds: ["quickfix", "source.fixAll.lws"] });
  await client.open(a, BOTH);
  const actions = await client.actions(a, 6);
  expect(actions.map(({ title, kind, isPreferred }) => [title, kind, isPreferred])).toEqual([
    [expect.stringContaining("Return -1"), "quickfix", true],
    ["Fix all lws/no-sync-kill findings in this file (2)", "quickfix", undefined],
    ["Disable lws/no-sync-kill for this line", "quickfix", undefined],
    ["Disable lws/no-sync-kill for this file", "quickfix", undefined],
    ["Fix all that lws-lint can fix safely in this file", "source.fixAll.lws", undefined],
  ]);
  expect(actions[0]!.diagnostics).toMatchObject([{ code: "lws/no-sync-kill", range: { start: { line: 5 } } }]);
  const after = (index: number): string => {
    const { version, edits } = editsOf(actions[index]!.edit, a)!;
    expect(version).toBe(1);
    return applyEdits(BOTH, edits);
  };
  const left = (text: string): string[] => analyze({ path: "a.c", content: text }).diagnostics.map(({ ruleId }) => ruleId);
  const remaining = left(BOTH).filter((id) => id !== "no-sync-kill");
  expect(left(after(0)).sort()).toEqual([...remaining, "no-sync-kill"].sort());
  expect(left(after(1))).toEqual(remaining);
  expect(left(after(2)).sort()).toEqual([...remaining, "no-sync-kill"].sort());
  expect(left(after(3))).toEqual(remaining);
  expect(left(after(4))).not.toContain("no-sync-kill");
});

test("kinds are asked for by their beginning", async () => {
  const p = project({ "a.c": callback(SYNC) });
  const a = path.join(p.root, "a.c");
  const client = await Client.start({ folders: [p.root] });
  await client.open(a, callback(SYNC));
  const titles = async (only: string[]): Promise<string[]> => (await client.actions(a, 1, only)).map(({ title }) => title);
  expect(await titles(["source.fixAll"])).toHaveLength(1);
  expect(await titles(["source"])).toHaveLength(1);
  expect(await titles(["source.fixAll.lws"])).toHaveLength(1);
  expect(await titles(["source.fixAll.eslint"])).toEqual([]);
  expect(await titles(["source.organizeImports"])).toEqual([]);
  // No finding in the first line.
  expect(await titles(["quickfix"])).toEqual([]);
  expect(await client.actions(path.join(p.root, "none.c"), 1)).toEqual([]);
});

test("edits are for the text as it is now, also right after it was changed", async () => {
  const p = project({ "a.c": callback("(void)wsi;").replaceAll("\n", "\r\n") });
  const a = path.join(p.root, "a.c");
  const client = await Client.start({ folders: [p.root] });
  await client.open(a, callback("(void)wsi;").replaceAll("\n", "\r\n"));
  await client.edit(a, "(void)wsi;", SYNC);
  await client.edit(a, "#include", "\r\n\r\n#include");
  const [first] = await client.actions(a, 8);
  expect(editsOf(first!.edit, a)).toMatchObject({ version: 3, edits: [{ range: { start: { line: 7 } } }] });
  const disable = (await client.actions(a, 8)).find(({ title }) => title.endsWith("this line"));
  expect(editsOf(disable!.edit, a)!.edits[0]!.newText).toBe("\t\t/* lws-lint-disable-next-line lws/no-sync-kill */\r\n");
});

test("a fix may lie in another file, which need not be open", async () => {
  // The finding stands in the callback; what has to change stands in the helper.
  const p = project({ "a.c": callback("drop(wsi);", "LWS_CALLBACK_CLIENT_CONNECTION_ERROR"), "drop.c": helper(SYNC) });
  const [a, drop] = [path.join(p.root, "a.c"), path.join(p.root, "drop.c")];
  const client = await Client.start({ folders: [p.root] });
  await client.open(a, callback("drop(wsi);", "LWS_CALLBACK_CLIENT_CONNECTION_ERROR"));
  const [fix] = await client.actions(a, 6);
  const edits = editsOf(fix!.edit, drop);
  expect(edits?.version).toBeNull();
  expect(applyEdits(helper(SYNC), edits!.edits)).not.toContain("LWS_TO_KILL_SYNC");
  // It changes another file, so it is none of those that run on save.
  expect(await client.actions(a, 6, ["source.fixAll.lws"])).toEqual([]);
  await client.open(drop, helper(SYNC));
  expect(editsOf((await client.actions(a, 6))[0]!.edit, drop)?.version).toBe(1);
});

test("a client without versioned edits gets plain ones", async () => {
  const p = project({ "a.c": callback(SYNC) });
  const a = path.join(p.root, "a.c");
  const client = await Client.start({ folders: [p.root], capabilities: { workspace: { workspaceEdit: {} } } });
  await client.open(a, callback(SYNC));
  const [first] = await client.actions(a, 6);
  expect(first!.edit).toEqual({ changes: { [uriOf(a)]: [{ range: expect.anything(), newText: expect.stringContaining("return -1") }] } });
});

describe("disabling", () => {
  const suppress = (text: string, kind: "line" | "file", file = "a.c"): string => {
    const { diagnostics } = analyze({ path: file, content: text });
    const [first] = diagnostics;
    const suppressor = new Suppressor(new SourceFile(file, text));
    const { span, newText } = kind === "line" ? suppressor.forLine(first!.ruleId, first!.span.start) : suppressor.forFile(first!.ruleId);
    const after = text.slice(0, span.start) + newText + text.slice(span.end);
    const again = analyze({ path: file, content: after });
    expect(again.diagnostics.map(({ ruleId }) => ruleId)).toEqual(diagnostics.slice(kind === "line" ? 1 : diagnostics.length).map(({ ruleId }) => ruleId));
    expect(again.suppressed.length).toBeGreaterThan(0);
    expect(again.problems).toEqual([]);
    return after;
  };
  const lines = (text: string, from: number, to = from): string => text.split("\n").slice(from - 1, to).join("\n");

  test.each([
    ["no comments: a block", callback(SYNC), "\t\t/* lws-lint-disable-next-line lws/no-sync-kill */"],
    ["line comments in the file", `${callback(SYNC)}// end\n`, "\t\t// lws-lint-disable-next-line lws/no-sync-kill"],
    ["a file that uses NOLINT", `${callback(SYNC)}int x; // NOLINT(cppcoreguidelines-*)\n`, "\t\t// NOLINTNEXTLINE(lws/no-sync-kill)"],
    ["a file that uses ESLint's words", `${callback(SYNC)}int x; /* eslint-disable-line lws/no-internal-api */\n`, "\t\t/* eslint-disable-next-line lws/no-sync-kill */"],
    ["a // in a string is no comment", callback(SYNC).replace('"p"', '"http://p"'), "\t\t/* lws-lint-disable-next-line lws/no-sync-kill */"],
  ])("%s", (_, text, comment) => {
    expect(lines(suppress(text, "line"), 6)).toBe(comment);
  });

  test("C++ takes line comments", () => {
    expect(lines(suppress(callback(SYNC), "line", "a.cpp"), 6)).toBe("\t\t// lws-lint-disable-next-line lws/no-sync-kill");
  });

  test.each([
    ["/* lws-lint-disable-next-line lws/no-internal-api */", "/* lws-lint-disable-next-line lws/no-internal-api, lws/no-sync-kill */"],
    ["/* lws-lint-disable-next-line lws/no-internal-api -- as agreed */", "/* lws-lint-disable-next-line lws/no-internal-api, lws/no-sync-kill -- as agreed */"],
    ["// eslint-disable-next-line lws/no-internal-api", "// eslint-disable-next-line lws/no-internal-api, lws/no-sync-kill"],
    ["// NOLINTNEXTLINE(lws/no-internal-api): as agreed", "// NOLINTNEXTLINE(lws/no-internal-api, lws/no-sync-kill): as agreed"],
  ])("a comment that is there gets one more rule: %s", (comment, expected) => {
    const text = callback(SYNC).replace(`\t\t${SYNC}`, `\t\t${comment}\n\t\t${SYNC}`);
    expect(lines(suppress(text, "line"), 6)).toBe(`\t\t${expected}`);
  });

  test("a line that goes on from a backslash is not torn apart", () => {
    const text = callback(`(void)wsi; \\\n\t\tlws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, \\\n\t\tLWS_TO_KILL_SYNC);`).replace("if (reason == LWS_CALLBACK_RECEIVE)", "if (reason == LWS_CALLBACK_RECEIVE) {").replace("\treturn 0;", "\t}\n\treturn 0;");
    expect(lines(suppress(text, "line"), 7)).toBe("\t\tlws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, /* lws-lint-disable-line lws/no-sync-kill */ \\");
  });

  test("a file is disabled below the comment it begins with", () => {
    expect(lines(suppress(callback(SYNC), "file"), 1, 2)).toBe("/* lws-lint-disable lws/no-sync-kill */\n#include <libwebsockets.h>");
    expect(lines(suppress(`/*\n * Copyright\n */\n${callback(SYNC)}`, "file"), 3, 5)).toBe(" */\n/* lws-lint-disable lws/no-sync-kill */\n#include <libwebsockets.h>");
    expect(lines(suppress(`/* c */ ${callback(SYNC)}`, "file"), 1, 3)).toBe("/* c */\n/* lws-lint-disable lws/no-sync-kill */\n #include <libwebsockets.h>");
  });

  test("every fixture's first finding can be disabled, by line and by file", () => {
    for (const file of ["fixtures/no-sync-kill/crlf.c", "fixtures/no-sync-kill/before-3.2.c"]) {
      const text = readFileSync(file, "utf8");
      suppress(text, "line");
      suppress(text, "file");
    }
  });
});
