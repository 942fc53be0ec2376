/** A project in which names change says what a fresh run over the same files says: functions, tables, macros, threads, includes, and files half typed. */
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Analyzer, type Analysis, type AnalyzerOptions } from "../src/analyzer.js";

const analyzer = await Analyzer.create();
const options: AnalyzerOptions = { rules: Object.fromEntries(analyzer.rules.map(({ id }) => [id, "warn"])), threadEntries: ["named_worker"], callbacks: ["named_callback"] };

const told = ({ diagnostics, suppressed, problems, stats }: Analysis): unknown => ({ diagnostics, suppressed, problems, stats });

function fresh(files: ReadonlyMap<string, string>): unknown {
  const run = analyzer.start(options);
  for (const path of [...files.keys()].sort()) run.add({ path, content: files.get(path)! });
  return told(run.finish());
}

/** What a program can be like: each field is a choice, and an edit makes another one. */
interface Shape {
  readonly helper: "finish" | "finish_all" | "lws_finish";
  /** Where the helper is defined. */
  readonly home: "callbacks" | "util" | "header" | "both";
  readonly isStatic: boolean;
  readonly arguments: 1 | 2;
  readonly body: "kill" | "write" | "destroy" | "close" | "nothing";
  /** Qualified names and lambdas are C++; in C they are as the helper. */
  readonly caller: "helper" | "other" | "macro" | "table" | "field" | "qualified" | "lambda";
  /** A lambda in front of the callbacks, which shifts those that follow. */
  readonly lambda: boolean;
  readonly row: "callback" | "second" | "none";
  readonly thread: "started" | "named" | "none";
  readonly macro: "call" | "close" | "none";
  readonly include: boolean;
  readonly member: "wsi" | "peer";
  readonly alias: boolean;
  readonly order: boolean;
  readonly broken: "no" | "brace" | "comment" | "quote" | "directive" | "paren";
  readonly where: "callbacks" | "util" | "header";
  readonly returns: "0" | "-1" | "finish(wsi)" | "n";
}

const START: Shape = {
  helper: "finish", home: "util", isStatic: false, arguments: 1, body: "kill", caller: "helper", row: "callback", thread: "none", macro: "call", include: true, member: "wsi",
  alias: false, order: false, lambda: false, broken: "no", where: "callbacks", returns: "0",
};

const change: fc.Arbitrary<Partial<Shape>> = fc.oneof(
  fc.record({ helper: fc.constantFrom<Shape["helper"]>("finish", "finish_all", "lws_finish") }),
  fc.record({ home: fc.constantFrom<Shape["home"]>("callbacks", "util", "header", "both") }),
  fc.record({ isStatic: fc.boolean() }),
  fc.record({ arguments: fc.constantFrom<Shape["arguments"]>(1, 2) }),
  fc.record({ body: fc.constantFrom<Shape["body"]>("kill", "write", "destroy", "close", "nothing") }),
  fc.record({ caller: fc.constantFrom<Shape["caller"]>("helper", "other", "macro", "table", "field", "qualified", "lambda") }),
  fc.record({ row: fc.constantFrom<Shape["row"]>("callback", "second", "none") }),
  fc.record({ thread: fc.constantFrom<Shape["thread"]>("started", "named", "none") }),
  fc.record({ macro: fc.constantFrom<Shape["macro"]>("call", "close", "none") }),
  fc.record({ include: fc.boolean() }),
  fc.record({ member: fc.constantFrom<Shape["member"]>("wsi", "peer") }),
  fc.record({ alias: fc.boolean() }),
  fc.record({ order: fc.boolean() }),
  fc.record({ lambda: fc.boolean() }),
  fc.record({ broken: fc.constantFrom<Shape["broken"]>("no", "no", "brace", "comment", "quote", "directive", "paren"), where: fc.constantFrom<Shape["where"]>("callbacks", "util", "header") }),
  fc.record({ returns: fc.constantFrom<Shape["returns"]>("0", "-1", "finish(wsi)", "n") }),
);

/** Edits after which links that were kept over a change of names told something else once. */
const FOUND: Partial<Shape>[] = [{ caller: "macro" }, { returns: "finish(wsi)" }, { arguments: 2 }, { isStatic: false }, { body: "kill" }, { returns: "0" }, { row: "callback" }];

const BROKEN: Readonly<Record<Shape["broken"], string>> = { no: "", brace: "{", comment: "/*", quote: "\"", directive: "\n#if 0\n", paren: "(" };

function textsOf(shape: Shape, language: "c" | "cpp"): ReadonlyMap<string, string> {
  const { helper, home, member } = shape;
  const broken = (file: Shape["where"]): string => (shape.where === file ? BROKEN[shape.broken] : "");
  const body = {
    kill: "lws_set_timeout(wsi, PENDING_TIMEOUT_HTTP_CONTENT, LWS_TO_KILL_SYNC);",
    write: "lws_write(wsi, (unsigned char *)\"abc\", 3, LWS_WRITE_TEXT);",
    destroy: "lws_context_destroy(lws_get_context(wsi));",
    close: "lws_close_free_wsi(wsi, 0, 0);",
    nothing: ";",
  }[shape.body];
  const define = (isStatic: boolean): string =>
    `${isStatic ? "static " : ""}int ${helper}(struct lws *wsi${shape.arguments === 2 ? ", int n" : ""})\n{\n${body}\nreturn 0;\n}\n`;
  const extra = shape.arguments === 2 ? ", 1" : "";
  const call = {
    helper: `finish(wsi${extra});`,
    other: `finish_all(wsi${extra});`,
    macro: "END(wsi);",
    table: "actions[0].run(wsi);",
    field: "s->ops->run(wsi);",
    qualified: language === "c" ? `finish(wsi${extra});` : "app::finish_all(wsi);",
    lambda: language === "c" ? `finish(wsi${extra});` : `auto end = [](struct lws *one) { ${helper}(one${extra}); }; end(wsi);`,
  }[shape.caller];
  const macro = { call: "#define END(x) finish(x)\n", close: "#define END(x) lws_close_free_wsi(x, 0, 0)\n", none: "" }[shape.macro];
  const session = `struct session { struct lws *${member}; struct operations *ops; int n; };\n`;
  const rows = { callback: "{ \"a\", callback, sizeof(struct session), 0 },\n", second: "{ \"a\", second, sizeof(struct session), 0 },\n{ \"b\", callback, 0, 0 },\n", none: "" }[shape.row];
  const table = `static const struct lws_protocols protocols[] = {\n${rows}{ 0 }\n};\n`;
  const callback = (name: string, inside: string): string => `${name === "named_callback" ? "" : "static "}int ${name}(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
struct session *s = (struct session *)user;
int n = 0;
switch (reason) {
case LWS_CALLBACK_ESTABLISHED: s->${member} = wsi; kept = wsi; break;
case LWS_CALLBACK_RECEIVE: ${broken("callbacks")} ${inside} break;
case LWS_CALLBACK_SERVER_WRITEABLE: n = lws_write(s->wsi, (unsigned char *)in, len, LWS_WRITE_TEXT); break;
default: break;
}
return ${shape.returns};
}
`;
  const extension = language === "c" ? "c" : "cpp";
  const header = `struct lws;\n${shape.alias ? "typedef struct operations session_ops;\n" : ""}struct operations { int (*run)(struct lws *); };\n${macro}${broken("header")}\n${home === "header" ? define(true) : `int ${helper}(struct lws *wsi${shape.arguments === 2 ? ", int n" : ""});\n`}`;
  const parts = [
    home === "callbacks" || home === "both" ? define(shape.isStatic) : "",
    shape.lambda && language === "cpp" ? "void begin(struct lws *wsi) { auto close = [](struct lws *one) { lws_close_free_wsi(one, 0, 0); }; close(wsi); }\n" : "",
    callback("callback", call) + callback("second", "return -1;") + table,
  ];
  const start = { started: "pthread_t t; pthread_create(&t, 0, worker, kept);", named: "", none: "" }[shape.thread];
  return new Map([
    [`callbacks.${extension}`, `#include <libwebsockets.h>\n#include <pthread.h>\n${shape.include ? "#include \"util.h\"\n" : ""}extern struct lws *kept;\n${session}${(shape.order ? [...parts].reverse() : parts).join("")}
${language === "cpp" ? `class Server { public: struct lws *wsi_; void stop() { ${helper}(wsi_${extra}); } int run(); };\nnamespace app { int ${helper === "finish" ? "finish_all" : "finish"}(struct lws *wsi) { lws_close_free_wsi(wsi, 0, 0); return 0; } }\n` : ""}
void serve(struct lws_context *context) { while (lws_service(context, 0) >= 0) ; }
`],
    [`other/callbacks.${extension}`, `#include <libwebsockets.h>\nextern struct lws *kept;\n${session}${callback("named_callback", `finish(wsi${extra});`)}`],
    [`util.${extension}`, `#include <libwebsockets.h>\n#include <pthread.h>\n#include "util.h"\nstruct lws *kept;\n${home === "util" || home === "both" ? define(shape.isStatic) : ""}
${broken("util")}
static void *${shape.thread === "named" ? "named_worker" : "worker"}(void *arg) { ${helper === "finish" ? "finish" : "finish_all"}(kept${extra}); lws_callback_on_writable(kept); return 0; }
static int run_it(struct lws *wsi) { lws_set_timeout(wsi, PENDING_TIMEOUT_HTTP_CONTENT, LWS_TO_KILL_SYNC); return 0; }
struct operations actions[] = { { ${shape.caller === "table" ? helper : "run_it"} }, { run_it } };
void use(struct operations *o) { o->run = ${shape.caller === "field" ? "run_it" : helper}; ${start} }
${language === "cpp" ? "int Server::run() { stop(); return 0; }\n" : ""}`],
    ["util.h", header],
  ]);
}

describe.each(["c", "cpp"] as const)("a program of several files in %s", (language) => {
  test("after names, tables, macros, threads, includes and syntax have changed", () => {
    fc.assert(
      fc.property(fc.array(change, { minLength: 4, maxLength: 14 }), (changes) => {
        const current = new Map(textsOf(START, language));
        const project = analyzer.project(options);
        for (const [path, text] of current) project.update(path, text);
        project.analyze();
        let shape = START;
        for (const one of changes) {
          shape = { ...shape, ...one };
          for (const [path, text] of textsOf(shape, language)) {
            current.set(path, text);
            project.update(path, text);
          }
          expect(told(project.analyze())).toEqual(fresh(current));
        }
      }),
      { numRuns: Number(process.env["RUNS"] ?? 25), examples: [[FOUND]] },
    );
  });
});

describe("programs that rules are tested with", () => {
  const folders = readdirSync("fixtures", { withFileTypes: true }).filter((one) => one.isDirectory()).map(({ name }) => name);
  const filesIn = (folder: string): ReadonlyMap<string, string> =>
    new Map(readdirSync(`fixtures/${folder}`, { recursive: true, encoding: "utf8" }).filter((name) => /\.(?:c|cpp|h|hpp)$/.test(name)).sort().slice(0, 16)
      .map((name) => [`${folder}/${name}`, readFileSync(`fixtures/${folder}/${name}`, "utf8")]));

  test("after a function has another name, in one file or everywhere, and the old one again", () => {
    fc.assert(
      fc.property(fc.constantFrom(...folders), fc.array(fc.record({ which: fc.nat(), everywhere: fc.boolean(), to: fc.constantFrom("renamed", "callback", "lws_close_free_wsi", "helper", "main") }), { minLength: 1, maxLength: 5 }), (folder, steps) => {
        const original = filesIn(folder);
        const current = new Map(original);
        const project = analyzer.project(options);
        for (const [path, text] of current) project.update(path, text);
        project.analyze();
        const names = [...original].flatMap(([path, text]) => [...text.matchAll(/^[\w \t*]*\b(\w+)\([^;{}]*\)\s*\{/gm)].map((found) => ({ path, name: found[1]! })));
        for (const { which, everywhere, to } of steps) {
          const one = names[which % names.length];
          if (!one) return;
          const paths = everywhere ? [...original.keys()] : [one.path];
          for (const back of [false, true]) {
            for (const path of paths) {
              const text = back ? original.get(path)! : current.get(path)!.replace(new RegExp(String.raw`\b${one.name}\b`, "g"), to);
              current.set(path, text);
              project.update(path, text);
            }
            expect(told(project.analyze())).toEqual(fresh(current));
          }
        }
      }),
      { numRuns: Number(process.env["RUNS"] ?? 12) },
    );
  });
});
