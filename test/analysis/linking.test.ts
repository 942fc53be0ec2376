/** Which definition a call means in a whole project, and what the options name. */
import { describe, expect, test } from "vitest";
import { Analyzer, type AnalyzerOptions } from "../../src/analyzer.js";

const analyzer = await Analyzer.create();

/** Findings as `path:line`. */
function findings(files: Readonly<Record<string, string>>, options: AnalyzerOptions = {}): string[] {
  const run = analyzer.start(options);
  for (const [path, content] of Object.entries(files)) run.add({ path, content });
  const analysis = run.finish();
  return analysis.diagnostics.map((d) => `${d.file}:${analysis.source(d.file)!.positionAt(d.span.start).line} ${d.ruleId}`);
}

const HEADER = "#include <libwebsockets.h>\n";
const PARAMETERS = "struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len";
const callbackThat = (calls: string): string => `${HEADER}static int cb(${PARAMETERS}) {\nif (reason == LWS_CALLBACK_RECEIVE)\n${calls}\nreturn 0; }\nstatic struct lws_protocols p[] = { { "p", cb, 0, 0 }, { 0 } };\n`;
const KILLS = `${HEADER}void drop(struct lws *wsi) { lws_set_timeout(wsi, 1, LWS_TO_KILL_SYNC); }\n`;
const LEAVES = `${HEADER}void drop(struct lws *wsi) { lws_set_timeout(wsi, 1, LWS_TO_KILL_ASYNC); }\n`;

describe("functions of one name", () => {
  test("of several programs: each calls the one in its own folder", () => {
    const calls = callbackThat("drop(wsi);");
    expect(findings({ "a/cb.c": calls, "a/drop.c": KILLS, "b/cb.c": calls, "b/drop.c": LEAVES })).toEqual(["a/cb.c:4 no-sync-kill"]);
  });
  test("equally near: none is taken", () => {
    expect(findings({ "cb.c": callbackThat("drop(wsi);"), "x/drop.c": KILLS, "y/drop.c": LEAVES })).toEqual([]);
  });
  test("told apart by what they take", () => {
    const two = `${HEADER}void drop(struct lws *wsi, int how) { lws_set_timeout(wsi, 1, LWS_TO_KILL_SYNC); }\n`;
    expect(findings({ "cb.c": callbackThat("drop(wsi);"), "x/drop.c": two, "y/drop.c": LEAVES })).toEqual([]);
    expect(findings({ "cb.c": callbackThat("drop(wsi, 1);"), "x/drop.c": two, "y/drop.c": LEAVES })).toEqual(["cb.c:4 no-sync-kill"]);
  });
  test("static in another file: not meant", () => {
    expect(findings({ "cb.c": callbackThat("drop(wsi);"), "drop.c": KILLS.replace("void drop", "static void drop") })).toEqual([]);
  });
  test("static in a header: meant where the header is included, through others too", () => {
    const files = { "lib/drop.h": KILLS.replace("void drop", "static inline void drop"), "lib/all.h": '#include "drop.h"\nstruct lws_context;\n' };
    expect(findings({ ...files, "cb.c": `#include "lib/all.h"\n${callbackThat("drop(wsi);")}` })).toEqual(["cb.c:5 no-sync-kill"]);
    expect(findings({ ...files, "cb.c": callbackThat("drop(wsi);") })).toEqual([]);
  });
  test("a method is not meant by its bare name", () => {
    const method = "#include <libwebsockets.h>\nclass S { void drop(struct lws *wsi); };\nvoid S::drop(struct lws *wsi) { lws_set_timeout(wsi, 1, LWS_TO_KILL_SYNC); }\n";
    expect(findings({ "cb.c": callbackThat("drop(wsi);"), "s.cpp": method })).toEqual([]);
  });
});

describe("what the options name", () => {
  const worker = `${HEADER}static struct lws *wsi;\nvoid worker(void *arg) { lws_callback_on_writable(wsi); }\nvoid other(void *arg) { lws_callback_on_writable(wsi); }\n${callbackThat("return 0;")}`;
  test("threads", () => {
    expect(findings({ "a.c": worker })).toEqual([]);
    expect(findings({ "a.c": worker }, { threadEntries: ["worker"] })).toEqual(["a.c:3 no-cross-thread-call"]);
  });
  test("callbacks", () => {
    const made = `${HEADER}int handle(struct lws *conn, int why, void *a, void *b, size_t n) {\nif (why == LWS_CALLBACK_RECEIVE) lws_set_timeout(conn, 1, LWS_TO_KILL_SYNC);\nif (why == LWS_CALLBACK_CLOSED) lws_set_timeout(conn, 1, LWS_TO_KILL_SYNC);\nreturn 0; }\n`;
    expect(findings({ "a.c": made })).toEqual([]);
    expect(findings({ "a.c": made }, { callbacks: ["handle"] })).toEqual(["a.c:3 no-sync-kill"]);
  });
});
