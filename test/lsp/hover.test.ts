/** What is shown under the cursor. */
import path from "node:path";
import { describe, expect, test } from "vitest";
import { pageOf, wordAt } from "../../src/lsp/hover.js";
import { CALLBACK_REASONS, reasonByName } from "../../src/lws/api/index.js";
import { describeName } from "../../src/lws/api/describe.js";
import { reasonArguments } from "../../src/lws/api/reason-arguments.js";
import { apiFunctions } from "../../src/lws/api/functions.js";
import { SUMMARIES } from "../../src/lws/api/summaries.js";
import { analyzer } from "../fixture-runner.js";
import { project } from "../host/harness.js";
import { Client } from "./client.js";
import { callback, SYNC } from "./sources.js";

describe("names", () => {
  test("every callback reason says what a nonzero return does and whether a write is allowed", () => {
    for (const { name } of CALLBACK_REASONS) {
      expect(reasonArguments(name), name).toBeDefined();
      const text = describeName(name)!;
      expect(text, name).toMatch(/^\*\*LWS_CALLBACK_\w+\*\* \(\d+\): callback reason of libwebsockets, (?:since|in) /u);
      expect(text, name).toMatch(/^- A (?:nonzero|negative) return .*\.$/mu);
      expect(text, name).toMatch(/^- `lws_write\(\)`: .*\.$/mu);
      expect(text, name).not.toMatch(/undefined|\.\.$/mu);
    }
  });

  test("a write is allowed only where the connection lives", () => {
    for (const { name, wsi } of CALLBACK_REASONS) if (reasonArguments(name)!.write === "yes") expect(wsi, name).toBe("live");
    const writable = CALLBACK_REASONS.filter(({ name }) => reasonArguments(name)!.write === "yes").map(({ name }) => name.replace("LWS_CALLBACK_", ""));
    expect(writable).toContain("SERVER_WRITEABLE");
    expect(writable).toContain("CLIENT_WRITEABLE");
    expect(writable).not.toContain("RECEIVE");
  });

  test("a return is told for the release in question", () => {
    const old = describeName("LWS_CALLBACK_ESTABLISHED", { from: "3.1", to: "3.1" });
    expect(old).toContain("A nonzero return is ignored.");
    expect(describeName("LWS_CALLBACK_ESTABLISHED", { from: "4.3", to: "4.3" })).toContain("A nonzero return closes the connection.");
    expect(describeName("LWS_CALLBACK_ESTABLISHED", { from: "3.1" })).toContain("depending on the release");
    expect(reasonByName("LWS_CALLBACK_RAW_RX")!.closesOn).toBe("negative");
    expect(describeName("LWS_CALLBACK_RAW_RX")).toContain("A negative return closes the connection; one above 0 does not.");
  });

  test.each([
    ["lws_write", /function of libwebsockets, since 1\.6, `lws-write\.h`.*`LWS_PRE`.*Only on the thread that runs the event loop/su],
    ["lws_close_free_wsi", /internal function.*Not for applications/su],
    ["lws_context_destroy", /Never in a callback/u],
    ["lws_cancel_service", /Safe in other threads and in signal handlers/u],
    ["libwebsocket_write", /1\.0 to 1\.5.*Called `lws_write` since 1\.6.*Not in 4\.3\+/su],
    ["lws_vhost_get", /Use `lws_get_vhost\(\)` instead\..*Not in 4\.3\+/su],
    ["lws_uv_initloop", /Set `\w+` of the creation info instead/u],
    ["LWS_TO_KILL_SYNC", /\(-2\).*since 2\.3.*Never for the connection being serviced/su],
    ["LWS_TO_KILL_ASYNC", /\(-1\).*since 2\.3.*in its next turn/su],
    ["PENDING_TIMEOUT_USER_WSI_CLOSE", /exists in no release of libwebsockets\. Use `PENDING_TIMEOUT_USER_OK`/u],
    ["PENDING_TIMEOUT_AWAITING_PING", /\(5\): timeout reason.*purposes of its own/su],
  ])("%s", (name, expected) => {
    expect(describeName(name)).toMatch(expected);
  });

  test("names of others are nobody's business", () => {
    for (const name of ["main", "lws_no_such_thing", "close", "PENDING_TIMEOUT_", "toString", "constructor"]) expect(describeName(name), name).toBeUndefined();
  });

  test("summaries are of functions that exist", () => {
    for (const name of Object.keys(SUMMARIES)) expect(apiFunctions().has(name), name).toBe(true);
  });

  test("nothing suggests what is wrong", () => {
    const all = [...apiFunctions().keys(), ...CALLBACK_REASONS.map(({ name }) => name)].map((name) => describeName(name)!);
    for (const text of all) expect(text).not.toMatch(/USER_WSI_CLOSE|undefined|KILL_SYNC/u);
  });
});

test("words end where identifiers end", () => {
  const at = (text: string, offset: number): string | undefined => {
    const word = wordAt(text, offset);
    return word && text.slice(word.start, word.end);
  };
  expect(at("a lws_write(x)", 2)).toBe("lws_write");
  expect(at("a lws_write(x)", 11)).toBe("lws_write");
  expect(at("a lws_write(x)", 0)).toBe("a");
  expect(at("a + 12", 5)).toBeUndefined();
  expect(at(" + ", 1)).toBeUndefined();
  expect(at("", 0)).toBeUndefined();
});

test("pages of rules can be read outside of their folder", () => {
  for (const { id } of analyzer.rules) {
    const page = pageOf(id)!;
    expect(page, id).toMatch(/^\S/u);
    expect(page, id).not.toMatch(/^```c (?:bad|good)|^# /mu);
    for (const [, target] of page.matchAll(/\]\(([^)]+)\)/gu)) expect(target, id).toMatch(/^https:/u);
  }
  expect(pageOf("no-such-rule")).toBeUndefined();
  expect(pageOf("../README")).toBeUndefined();
});

test("over the protocol: a name, a finding with its page, and nothing elsewhere", async () => {
  const p = project({ "a.c": callback(SYNC), "CMakeLists.txt": "pkg_check_modules(LWS REQUIRED libwebsockets=3.2)\n" });
  const a = path.join(p.root, "a.c");
  const client = await Client.start({ folders: [p.root] });
  await client.open(a, callback(SYNC, "LWS_CALLBACK_ESTABLISHED"));
  await client.shows(a, ["no-sync-kill:6"]);
  const reason = await client.hover(a, "LWS_CALLBACK_ESTABLISHED");
  expect(reason).toMatchObject({ contents: { kind: "markdown", value: expect.stringContaining("A nonzero return is ignored.") }, range: { start: { line: 4, character: 15 }, end: { line: 4, character: 39 } } });
  const call = await client.hover(a, "lws_set_timeout");
  expect(call).toMatchObject({ contents: { value: expect.stringMatching(/\*\*lws_set_timeout\(\)\*\*.*---\n\n### \[lws\/no-sync-kill\]\(https:.*## What it does.*## How to fix it/su) } });
  expect(await client.hover(a, "return 0")).toBeNull();
  // What was typed since is what is looked at.
  await client.edit(a, "return 0;", "lws_cancel_service(0); return 0;");
  expect(await client.hover(a, "lws_cancel_service")).toMatchObject({ contents: { value: expect.stringContaining("Wakes the event loop") } });
});

test("without Markdown the text is plain", async () => {
  const p = project({ "a.c": callback(SYNC) });
  const a = path.join(p.root, "a.c");
  const client = await Client.start({ folders: [p.root], capabilities: { textDocument: { hover: {} } } });
  await client.open(a, callback(SYNC));
  expect(await client.hover(a, "LWS_CALLBACK_RECEIVE")).toMatchObject({ contents: { kind: "plaintext", value: expect.not.stringMatching(/\*\*|`/u) } });
});
