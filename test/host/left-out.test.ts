/** What is left out of files that lie between others changes no finding. */
import { Buffer } from "node:buffer";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import type { Analysis, FileResult } from "../../src/analyzer.js";
import { connectingFiles, findConnecting, leftOut } from "../../src/host/connecting.js";
import { scanPaths, withChosen } from "../../src/host/scan.js";
import { hashesIn, nameHash, outlineNames, storeHash, fieldStoreHash } from "../../src/source/name-outline.js";
import { mayUseLws } from "../../src/source/prefilter.js";
import { SourceFile } from "../../src/source/source-file.js";
import { parseUnit } from "../../src/syntax/index.js";
import { project, realAnalyzer } from "./harness.js";

type Files = Readonly<Record<string, string>>;

/** Functions that have nothing to do with anything, though they block, loop, store and start. */
const NOISE = `
static int noise_state;
static const struct noise_ops { int (*run)(int); } noise_table[] = { { noise_run } };
static int noise_run(int x)
{
	int i;

	for (i = 0; i < x; i++)
		noise_state += i;
	usleep(1000);
	return noise_table[x].run(x);
}
void noise_loop(struct noise *noise)
{
	while (!noise->is_over) {
		noise->noise_count = noise_run(1);
		if (noise_state)
			return;
	}
}
`;

interface Compared {
  readonly whole: Analysis;
  readonly part: Analysis;
  readonly connecting: number;
  readonly leftOut: number;
}

async function compare(files: Files): Promise<Compared> {
  const { root } = project(files);
  const scan = scanPaths({ cwd: root, paths: ["."] }, () => undefined);
  const found = findConnecting(scan);
  const chosen = [...withChosen(scan, found).files.values()];
  const analyzer = await realAnalyzer();
  const analysisOf = async (isWhole: boolean): Promise<Analysis> => {
    const run = analyzer.start();
    for (const { name, bytes, leavesOut } of chosen) {
      const result: FileResult = await analyzer.analyzeFile(name, bytes, isWhole ? undefined : leavesOut);
      run.add({ path: name, content: bytes, isChosen: true, result });
    }
    return run.finish();
  };
  return { whole: await analysisOf(true), part: await analysisOf(false), connecting: found.size, leftOut: [...found.values()].reduce((sum, names) => sum + names.length, 0) };
}

const withoutSource = ({ diagnostics, suppressed, problems, stats }: Analysis): unknown => {
  // Of what is not read no calls are counted.
  return { diagnostics, suppressed, problems, stats: { ...stats, callsThroughPointers: undefined } };
};

/** A program with those of its functions that do not name the library in a file of their own, as helpers often are. */
function split(text: string): Files | undefined {
  const unit = parseUnit(new SourceFile("a.c", text));
  const moved = unit.functions.filter(({ macro, madeByMacro, span: { start, end } }) => macro !== true && madeByMacro !== true && !mayUseLws(Buffer.from(text.slice(start, end))));
  if (moved.length === 0 || text.includes("\r")) return undefined;
  let main = text;
  let rest = "";
  for (const { span, variants } of [...moved].sort((a, b) => b.span.start - a.span.start)) {
    const body = variants[0]!.body.span.start;
    rest = `${text.slice(span.start, span.end)}\n${rest}`;
    main = `${main.slice(0, span.start)}${text.slice(span.start, body).trimEnd()};${main.slice(span.end)}`;
  }
  const shared = (part: string): string => part.replace(/^static\s+(?=[^;={]*\()/gmu, "");
  return { "main.c": shared(main), "rest.c": shared(rest) + NOISE };
}

describe("what is left out", () => {
  const leavesOut = (user: string, text: string): string[] => {
    const bytes = Buffer.from(text);
    const files = [{ name: "lws.c", outline: outlineNames(Buffer.from(user)), isUser: true }, { name: "b.c", outline: outlineNames(bytes), isUser: false }];
    const linked = connectingFiles(files).get("b.c");
    if (linked === undefined) return ["all"];
    const shared = new Set([...hashesIn(Buffer.from(user))].flatMap((name) => [storeHash(name), fieldStoreHash(name)]));
    const names = ["f", "g", "h", "k", "m", "n", "o"];
    return leftOut(outlineNames(bytes, true), linked, (stored) => shared.has(stored)).map((hash) => names.find((name) => nameHash(name) === hash) ?? "?");
  };
  const USER = "int f(void) { g(); }\nint h(void) { done = s->flag; }\n";

  test.each<[string, string, string[]]>([
    ["nothing of a way", "int g(void) { h(); }", []],
    ["neither what leads to it nor what it uses", "int g(void) { h(); k(); }\nint k(void) { }\nint m(void) { g(); }\nint n(void) { m(); }", []],
    ["what stands beside it", "int g(void) { h(); }\nint k(int x) { return m(x); }\nint m(int x) { return x; }", ["k", "m"]],
    ["not who sets something that the program may ask of", "int g(void) { h(); }\nint k(void) { done = 1; }\nint m(T *s) { s->flag = 1; }\nint n(T *s) { s->flag++; s->other = 2; }", []],
    ["who sets something of his own, or reads", "int g(void) { h(); }\nint k(int done) { done = 1; }\nint m(T *s) { int flag = s->flag; flag = 2; s->other = done == 1; }", ["k", "m"]],
    ["not who hands on a function of a way", "int g(void) { h(); }\nint k(T *t) { t->run = h; }\nint m(void) { n(h); }", []],
    ["not who includes a file", "int g(void) { h(); }\nint k(void)\n{\n#include \"cases.inc\"\n}\n", []],
    ["no way, no file", "int k(void) { h(); }", ["all"]],
  ])("%s", (_, text, expected) => expect(leavesOut(USER, text)).toEqual(expected));
});

const CALLBACK = `#include <libwebsockets.h>
struct s { struct lws *conn; int done; };
extern int stop;
static int callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	struct s *session = user;

	if (reason == LWS_CALLBACK_ESTABLISHED)
		session->conn = wsi;
	if (reason == LWS_CALLBACK_RECEIVE)
		return session_done(session);
	return 0;
}
static const struct lws_protocols protocols[] = { { "p", callback, 8, 0 }, { NULL, NULL, 0, 0 } };
int serve(struct lws_context *context)
{
	while (!stop)
		lws_service(context, 0);
	return 0;
}
`;
const DROP = "#include <libwebsockets.h>\nvoid conn_drop(struct lws *wsi)\n{\n\tlws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_SYNC);\n}\nint conn_is_busy(struct lws *wsi)\n{\n\treturn lws_partial_buffered(wsi);\n}\n";

test.each<[string, number, Files]>([
  ["a helper in the middle", 1, { "s.c": `int session_done(struct s *s)\n{\n\tconn_drop(s->conn);\n\treturn 0;\n}\n${NOISE}` }],
  ["through a table that a function fills", 1, {
    "s.c": `void conn_drop(void *conn);\nstruct ops { void (*drop)(void *conn); };\nstatic struct ops ops;\nvoid ops_init(void)\n{\n\tops.drop = conn_drop;\n}\nint session_done(struct s *s)\n{\n\tif (conn_is_busy(s->conn))\n\t\treturn 0;\n\tops.drop(s->conn);\n\treturn 0;\n}\n${NOISE}`,
  }],
  ["through a table that is there", 1, {
    "s.c": `static const struct ops ops = { .drop = conn_drop };\nint session_done(struct s *s)\n{\n\tops.drop(s->conn);\n\treturn 0;\n}\n${NOISE}`,
  }],
  ["a thread and a signal handler", 2, {
    "s.c": `int stop;\nstatic void *work(void *arg)\n{\n\tconn_drop(arg);\n\treturn arg;\n}\nstatic void on_signal(int n)\n{\n\tstop = n;\n}\nint main(void)\n{\n\tsignal(2, on_signal);\n\tpthread_create(&t, NULL, work, NULL);\n\tserve(make());\n}\nint session_done(struct s *s)\n{\n\tconn_drop(s->conn);\n\treturn 0;\n}\n${NOISE}`,
  }],
  ["a result that is made elsewhere", 1, {
    "s.c": `static int result(int x)\n{\n\treturn x ? -1 : 7;\n}\nint session_done(struct s *s)\n{\n\tconn_drop(s->conn);\n\treturn result(s->done);\n}\n${NOISE}`,
  }],
  ["a class", 1, {
    "s.cpp": `struct Session { void *conn; void drop(); void other() { count = 1; } int count; };\nvoid Session::drop()\n{\n\tconn_drop(conn);\n}\nextern "C" int session_done(Session *s)\n{\n\ts->drop();\n\treturn 0;\n}\n${NOISE}`,
  }],
])("the same findings: %s", async (_, findings, files) => {
  const { whole, part, ...counts } = await compare({ "callback.c": CALLBACK, "drop.c": DROP, ...files });
  expect(withoutSource(part)).toEqual(withoutSource(whole));
  expect(whole.diagnostics.length).toBeGreaterThanOrEqual(findings);
  expect(counts.connecting).toBe(1);
  expect(counts.leftOut).toBeGreaterThanOrEqual(2);
});

test("the same findings in programs whose helpers stand in a file of their own", { timeout: 120_000 }, async () => {
  const sum = { programs: 0, connecting: 0, leftOut: 0, findings: 0 };
  const sources = readdirSync("fixtures", { recursive: true, encoding: "utf8" }).filter((name) => /^[\w-]+\/[\w-]+\.c$/u.test(name)).sort();
  for (const name of sources) {
    const files = split(readFileSync(path.join("fixtures", name), "utf8"));
    if (!files) continue;
    const { whole, part, connecting, leftOut: names } = await compare(files);
    if (connecting === 0) continue;
    expect(withoutSource(part), name).toEqual(withoutSource(whole));
    sum.programs++;
    sum.connecting += connecting;
    sum.leftOut += names;
    sum.findings += whole.diagnostics.length;
  }
  expect(sum.programs).toBeGreaterThan(9);
  expect(sum.leftOut).toBeGreaterThan(2 * sum.programs);
  expect(sum.findings).toBeGreaterThan(40);
});
