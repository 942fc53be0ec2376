import { expect, test } from "vitest";

import {
  apiFunction,
  apiFunctions,
  CALLBACK_REASONS,
  compareReleases,
  constantValue,
  FORMER_REASONS,
  isEventLibraryExport,
  isInternal,
  isPublic,
  isUnknownTimeoutReason,
  KILL_ASYNC,
  KILL_SYNC,
  LWS_ROLES,
  NEVER_EXISTED,
  parseRelease,
  OTHER_ROLES,
  reasonByName,
  reasonByNumber,
  returnCloses,
  returnEffects,
  rolesOf,
  TIMEOUT_REASONS,
} from "../../src/lws/api/index.js";
import { compile, installedRelease, preprocessed } from "./header.js";

const release = (text: string) => parseRelease(text)!;
const installed = installedRelease === undefined ? undefined : release(installedRelease);
const reason = (short: string) => reasonByName(`LWS_CALLBACK_${short}`)!;
const shorts = (test: (name: ReturnType<typeof reason>) => boolean): string[] =>
  CALLBACK_REASONS.filter(test).map(({ name }) => name.replace("LWS_CALLBACK_", ""));

test("every function with a role is declared by a header of some release", () => {
  const unknown = Object.keys(LWS_ROLES).filter((name) => apiFunction(name) === undefined);
  expect(unknown).toEqual([]);
});

test("roles of other libraries do not name functions of libwebsockets", () => {
  expect(Object.keys(OTHER_ROLES).filter((name) => apiFunction(name) !== undefined)).toEqual([]);
});

test("the table has the names it is known to have", () => {
  expect(apiFunctions().size).toBeGreaterThan(2300);
  expect(apiFunction("lws_close_free_wsi")).toMatchObject({ since: "4.1", internalSince: "1.6", internalUntil: "4.0" });
  expect(apiFunction("__lws_close_free_wsi")).toMatchObject({ kind: "internal", internalSince: "3.0" });
  expect(apiFunction("lws_client_connect")).toMatchObject({ since: "1.6", until: "3.0" });
  expect(apiFunction("libwebsocket_service")).toMatchObject({ since: "1.0", until: "1.5" });
  expect(apiFunction("lws_unit_test_result_name")).toMatchObject({ kind: "function", since: "3.2", until: "4.3" });
  expect(apiFunction("lws_wsi_is_udp")).toMatchObject({ kind: "internal", internalSince: "3.0" });
  expect(apiFunction("lws_mutex_lock")).toMatchObject({ kind: "macro", since: "5.0", internalSince: "4.1", internalUntil: "4.5" });
  expect(apiFunction("lws_no_such_function")).toBeUndefined();
  expect(apiFunction("constructor")).toBeUndefined();
});

test("internal, event library and public names", () => {
  expect(isInternal("lws_close_free_wsi")).toBe(true);
  expect(isEventLibraryExport("lws_close_free_wsi")).toBe(true);
  expect(isInternal("__lws_close_free_wsi")).toBe(true);
  expect(isEventLibraryExport("__lws_close_free_wsi")).toBe(false);
  expect(isInternal("lws_client_reset")).toBe(true);
  // Function-like macros of private headers.
  for (const name of ["lws_wsi_is_udp", "lwsi_role_client", "lws_free", "lws_pt_lock"]) expect(isInternal(name), name).toBe(true);
  expect(isInternal("lws_unit_test_result_name")).toBe(false);
  expect(isInternal("lws_mutex_lock")).toBe(false);
  expect(isInternal("lws_mutex_lock", release("4.3"))).toBe(true);
  expect(isInternal("lws_context_destroy")).toBe(false);
  expect(isInternal("lws_service")).toBe(false);
  expect(isInternal("lws_ensure_user_space")).toBe(false);
  expect(isInternal("lws_ensure_user_space", release("4.3.2"))).toBe(true);
  expect(isInternal("lws_ensure_user_space", release("5.0.0"))).toBe(false);
  expect(isPublic("lws_sul_cancel", release("4.0"))).toBe(false);
  expect(isPublic("lws_sul_cancel", release("4.3.3"))).toBe(true);
});

test("no role is found under a property of Object", () => {
  for (const name of ["constructor", "toString", "__proto__", "hasOwnProperty"]) expect(rolesOf(name)).toEqual({});
});

test("123 reasons with unique names and numbers", () => {
  expect(CALLBACK_REASONS.length).toBe(123);
  expect(new Set(CALLBACK_REASONS.map(({ name }) => name)).size).toBe(123);
  expect(new Set(CALLBACK_REASONS.map(({ number }) => number)).size).toBe(123);
  for (const former of FORMER_REASONS) expect(former.until).toBeDefined();
  expect(reasonByNumber(71)?.name).toBe("LWS_CALLBACK_EVENT_WAIT_CANCELLED");
  expect(reasonByNumber(37)).toBeUndefined();
});

test("a former reason whose number another one has today is known by its name alone", () => {
  expect(constantValue("LWS_CALLBACK_BROADCAST")).toBeUndefined();
  expect(constantValue("LWS_CALLBACK_OPENSSL_CONTEXT_REQUIRES_PRIVATE_KEY")).toBe(37);
});

test("rows agree with themselves", () => {
  for (const row of [...CALLBACK_REASONS, ...FORMER_REASONS]) {
    const closing = row.returnEffect === "closes" || row.returnEffect === "rejects";
    expect(row.closesOn === "none", row.name).toBe(!closing);
    if (row.dying) expect(closing, `${row.name} is dying`).toBe(false);
    if (row.wsi === "dying" || row.wsi === "child") expect(row.dying, row.name).toBe(true);
    if (row.wsi === "fake" || row.wsi === "listen") expect(row.userValid, row.name).toBe(false);
    if (row.isWebSocket) expect([row.wsi, row.returnEffect], row.name).toEqual(["live", "closes"]);
    if (row.syncKillHarmless) expect(row.dying, row.name).toBe(true);
    expect(row.source, row.name).not.toBe("");
    for (const version of row.versions ?? []) expect(version.note, row.name).not.toMatch(/\.$/);
  }
});

test("what was measured stands", () => {
  expect(shorts((r) => r.asyncKillLost)).toEqual(["CLIENT_FILTER_PRE_ESTABLISH", "CLIENT_APPEND_HANDSHAKE_HEADER"]);
  expect(shorts((r) => r.syncKillHarmless)).toEqual(["CLOSED", "WSI_DESTROY", "CLIENT_CLOSED"]);
  for (const short of ["CLIENT_RECEIVE", "CLIENT_WRITEABLE", "RECEIVE", "SERVER_WRITEABLE", "TIMER", "HTTP", "RAW_RX"])
    expect(reason(short).returnEffect, short).toBe("closes");
  for (const short of ["CLOSED", "CLIENT_CLOSED", "WSI_CREATE", "WSI_DESTROY", "CLIENT_CONNECTION_ERROR", "CLOSED_HTTP", "RAW_CLOSE", "PROTOCOL_DESTROY"])
    expect(reason(short).returnEffect, short).toBe("ignored");
  expect(returnEffects(reason("ESTABLISHED"))).toEqual(["closes"]);
  expect(returnEffects(reason("ESTABLISHED"), release("3.2.3"))).toEqual(["ignored"]);
  expect(returnEffects(reason("ESTABLISHED"), release("3.1+"))).toEqual(["ignored", "closes"]);
  expect(returnEffects(reason("ESTABLISHED"), release("2.4..3.2"))).toEqual(["ignored"]);
  expect(returnEffects(reason("EVENT_WAIT_CANCELLED"))).toEqual(["harmful"]);
  expect(returnEffects(reason("EVENT_WAIT_CANCELLED"), release("4.3.10"))).toEqual(["harmful"]);
  expect(returnEffects(reason("PROTOCOL_INIT"), release("4.1.6"))).toEqual(["harmful"]);
  expect(returnEffects(reason("VERIFY_BASIC_AUTHORIZATION"))).toEqual(["harmful"]);
  expect(returnCloses(reason("FILTER_PROTOCOL_CONNECTION"))).toBe(true);
  expect(returnCloses(reason("FILTER_NETWORK_CONNECTION"))).toBe(false);
  expect(returnCloses(reason("ESTABLISHED"))).toBe(true);
  expect(returnCloses(reason("ESTABLISHED"), release("4.0+"))).toBe(true);
  expect(returnCloses(reason("ESTABLISHED"), release("3.2+"))).toBe(false);
});

test("releases are ordered", () => {
  const shuffled = ["4.1.6", "1.3", "5.0", "1.23", "v4.1", "1.2", "3.2.3", "4.10"];
  expect(shuffled.sort(compareReleases)).toEqual(["1.2", "1.23", "1.3", "3.2.3", "v4.1", "4.1.6", "4.10", "5.0"]);
});

test("constants", () => {
  expect(constantValue("LWS_TO_KILL_SYNC")).toBe(-2);
  expect(constantValue("LWS_CALLBACK_RECEIVE")).toBe(6);
  expect(constantValue("PENDING_TIMEOUT_USER_OK")).toBe(32);
  expect(constantValue("PENDING_TIMEOUT_USER_WSI_CLOSE")).toBeUndefined();
  for (const name of ["PENDING_TIMEOUT_USER_WSI_CLOSE", "PENDING_TIMEOUT_NONSENSE"]) expect(isUnknownTimeoutReason(name), name).toBe(true);
  for (const name of ["PENDING_TIMEOUT_USER_OK", "PENDING_FLUSH_STORED_SEND_BEFORE_CLOSE"]) expect(isUnknownTimeoutReason(name), name).toBe(false);
  for (const { name } of NEVER_EXISTED) expect(constantValue(name), name).toBeUndefined();
  for (const { name, instead } of NEVER_EXISTED) expect(constantValue(instead), name).toBeDefined();
});

test.skipIf(installedRelease === undefined)("constants have the values of the installed header", () => {
  const now = installedRelease!;
  const there = (since: string, until?: string): boolean =>
    compareReleases(since, now) <= 0 && (until === undefined || compareReleases(now.split(".").slice(0, 2).join("."), until) <= 0);
  const rows = [
    ...CALLBACK_REASONS.filter((r) => there(r.since, r.until)).map((r) => [r.name, r.number] as const),
    ...TIMEOUT_REASONS.filter((t) => there(t.since, t.until)).map((t) => [t.name, t.value] as const),
    ...[KILL_ASYNC, KILL_SYNC].map((k) => [k.name, k.value] as const),
  ];
  expect(rows.length).toBeGreaterThan(100);
  const asserts = rows.map(([name, value]) => `_Static_assert((int)${name} == ${value}, "${name}");`);
  expect(compile(`#include <libwebsockets.h>\n${asserts.join("\n")}\n`)).toBe("");
});

test.skipIf(installedRelease === undefined)("functions with roles are declared by the installed header, if by one of its release", () => {
  // Private to one event library, or absent from some builds of the library.
  const optional = new Set(["lws_async_dns_query", "lws_smd_register"]);
  const uses = Object.keys(LWS_ROLES)
    .filter((name) => isPublic(name, installed) && !optional.has(name))
    .map((name) => {
      const kind = apiFunction(name)!.kind;
      return kind === "macro" ? `#ifndef ${name}\n#error no macro ${name}\n#endif` : `static void *const p_${name} __attribute__((unused)) = (void *)${name};`;
    });
  expect(uses.length).toBeGreaterThan(20);
  expect(compile(`#include <libwebsockets.h>\n${uses.join("\n")}\n`, ["-Wno-deprecated-declarations"])).toBe("");
});

test.skipIf(installedRelease === undefined)("what the table calls public is declared by the installed headers, but for build options", () => {
  const optional = /^lws_(?:cgi|dbus|read_mqtt|mqtt|spawn|smtpc?|threadpool|p?thread_mutex|mutex_refcount|libuv_static_refcount|uv_getloop|sul_debug|timed_callback)|^lws_async_dns|^lws_smd/;
  const public_ = [...apiFunctions().values()].filter(({ name }) => isPublic(name, installed) && !optional.test(name));
  expect(public_.length).toBeGreaterThan(600);
  const uses = public_.map(({ name, kind }) =>
    kind === "macro" ? `#ifndef ${name}\n#error no macro ${name}\n#endif` : `static void *const p_${name} __attribute__((unused)) = (void *)${name};`,
  );
  expect(compile(`#include <libwebsockets.h>\n${uses.join("\n")}\n`, ["-Wno-deprecated-declarations"])).toBe("");
});

test.skipIf(installedRelease === undefined)("no installed header declares what the table calls internal", () => {
  const internal = [...apiFunctions().values()].filter(({ name, kind }) => kind === "internal" && isInternal(name, installed));
  expect(internal.length).toBeGreaterThan(800);
  // Only calls and definitions of macros count: some structures have the name of a function.
  const text = preprocessed("#include <libwebsockets.h>\n");
  const words = new Set(text.match(/\b\w+(?=\s*\()/g));
  expect(words.has("lws_service")).toBe(true);
  expect(internal.filter(({ name }) => words.has(name)).map(({ name }) => name)).toEqual([]);
});

test.skipIf(installedRelease === undefined)("names that never existed do not compile", () => {
  for (const { name } of NEVER_EXISTED) expect(compile(`#include <libwebsockets.h>\nint v = ${name};\n`), name).toContain("undeclared");
});
