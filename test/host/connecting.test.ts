/** Files without a trace of the library that lie between files that have some. */
import { Buffer } from "node:buffer";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { connectingFiles, Connections } from "../../src/host/connecting.js";
import type { OutlinedFile } from "../../src/host/links.js";
import { nameHash, outlineNames } from "../../src/source/name-outline.js";
import { mayUseLws, namesLws } from "../../src/source/prefilter.js";
import { project, realAnalyzer, runJson } from "./harness.js";
import { CALLBACK, DROP, session } from "./three-files.js";

const NAMES = ["f", "g", "h", "k", "M", "table", "ops", "C", "run", "x", "DECL"];
const nameOf = (hash: number): string => NAMES.find((name) => nameHash(name) === hash) ?? "?";

/** `f: g h` for each item, with `static` where it is; names that are none of the above are left out. */
function items(text: string): string[] {
  const outline = outlineNames(Buffer.from(text));
  const found: string[] = [];
  for (let at = 0; at < outline.length; at += 3 + outline[at + 2]!) {
    const mentions = [...outline.subarray(at + 3, at + 3 + outline[at + 2]!)].map(nameOf).filter((name) => name !== "?");
    found.push(`${outline[at + 1] === 1 ? "static " : ""}${nameOf(outline[at]!)}: ${mentions.join(" ")}`.trimEnd());
  }
  return found;
}

describe("outlines", () => {
  test.each<[string, string, string[]]>([
    ["a function and what it calls", "int f(int a)\n{\n\tif (a) g(a);\n\treturn h (1);\n}\n", ["f: g h"]],
    ["functions as values", "void f(void) { x.cb = g; k(h, 1); }", ["f: x g k h"]],
    ["static functions, prototypes", "int g(int);\nstatic int f(void) { return g(1); }", ["static f: g"]],
    ["tables", "static struct ops ops[] = {\n\t{ \"a\", g },\n\t{ .cb = h },\n};\nint f(void) { }", ["static ops: g h", "f:"]],
    ["macros", "#define M(a) \\\n\tg(a)\nint f(void) { M(1); }", ["static M: g", "f: M"]],
    ["comments and literals", "/* g( */ int f(void) { /* g(1) */ k(\"g(1)\"); // h()\n }", ["f: k"]],
    ["namespaces, linkage, classes", "extern \"C\" {\nnamespace x {\nint f() { g(); }\n}\n}\nclass C {\n\tint k() { h(); }\n};", ["f: g", "k: h"]],
    ["a macro in front, initialisers behind", "DECL(x) int f(int a) { g(); }\nC::C() : x(1) { h(); }", ["f: DECL", "DECL: g", "x: C", "C: h"]],
    ["a brace in each branch", "int f(void)\n{\n#if A\n\tif (x) {\n#else\n\twhile (x) {\n#endif\n\t\tg();\n\t}\n}\nint h(void)\n{\n\tk();\n}\n", ["f: x x g", "h: k"]],
    ["parameters", "int f(int g, struct h *h, T &k)\n{\n\tif (g) h->run(k);\n}\n", ["f: run"]],
    ["a cast to a type, a parameter without a name", "int f(T, int (*x)(int))\n{\n\tx(T(1), (g)h());\n}", ["f: x g h"]],
    ["local variables", "int f(void)\n{\n\tstruct ops *ops = table;\n\tint g;\n\tT h = g;\n\tconst C k[3];\n\tops->run(g, h, k);\n}", ["f: table run"]],
    ["what is only like a declaration", "int f(void)\n{\n\treturn g;\n\tif (x && h) k(1);\n\tM\n\ttable[1].run();\n\tif (x == h) goto g;\n\tx * k(1);\n}", ["f: g h k M table run h g k"]],
    ["declared of another place", "int f(void)\n{\n\textern struct ops ops, table[];\n\tops.run(table);\n}\nint h(void)\n{\n\tint ops;\n}", ["f: ops table ops run table", "h:"]],
    ["fields, which are none of the names, and methods, which may be", "int f(void)\n{\n\to->g.x = s.h;\n\tk(a->h, o.h->g, o->run(1));\n}", ["f: k run"]],
    ["parameters of macros", "#define M(f, g) f(g, h)\nint k(void) { f(1); }", ["static M: h", "k: f"]],
  ])("%s", (_, text, expected) => expect(items(text)).toEqual(expected));

  test("nothing breaks it", () => {
    for (const text of ["", "{", "}", "f(", "\"", "/*", "#define", "#define M", "= = {", "int f() {", "\\"]) expect(() => outlineNames(Buffer.from(text))).not.toThrow();
  });
});

describe("connections", () => {
  const found = (files: Readonly<Record<string, string>>): string[] =>
    [...connectingFiles(Object.entries(files).map(([name, text]): OutlinedFile => ({ name, outline: outlineNames(Buffer.from(text)), isUser: name.startsWith("lws") }))).keys()];

  test("one file, and a chain of two", () => {
    expect(found({ "lws-a.c": "int f(void) { g(); }", "b.c": "int g(void) { h(); }", "lws-c.c": "int h(void) { }" })).toEqual(["b.c"]);
    expect(found({ "lws-a.c": "int f(void) { g(); }", "b.c": "int g(void) { k(); }", "c.c": "int k(void) { h(); }", "lws-d.c": "int h(void) { }" }).sort()).toEqual(["b.c", "c.c"]);
  });

  test("what only leads there, and what is only reached, does not connect", () => {
    expect(found({ "lws-a.c": "int f(void) { g(); }", "b.c": "int g(void) { x(); }", "main.c": "int k(void) { f(); }" })).toEqual([]);
  });

  test("another function of the same file does not count", () => {
    expect(found({ "lws-a.c": "int f(void) { g(); }", "b.c": "int g(void) { }\nint k(void) { h(); }", "lws-c.c": "int h(void) { }" })).toEqual([]);
  });

  test("a static function is the file's own", () => {
    expect(found({ "lws-a.c": "int f(void) { g(); }", "b.c": "static int g(void) { h(); }", "lws-c.c": "int h(void) { }" })).toEqual([]);
    expect(found({ "lws-a.c": "int f(void) { g(); }", "b.c": "int g(void) { h(); }\nstatic int h(void) { }", "lws-c.c": "int h(void) { }" })).toEqual([]);
  });

  test("a variable of the same name is no way", () => {
    const user = "int f(void) { g(); }\nint h(void) { }";
    expect(found({ "lws-a.c": user, "b.c": "int g(bool h)\n{\n\tif (x && h) k();\n}" })).toEqual([]);
    expect(found({ "lws-a.c": user, "b.c": "int g(void)\n{\n\th_fn *h = x(\"h\");\n\n\treturn h();\n}" })).toEqual([]);
    expect(found({ "lws-a.c": user, "b.c": "int g(void)\n{\n\th_fn *x = h;\n\n\treturn x();\n}" })).toEqual(["b.c"]);
  });

  test("a thread begins a way of its own", () => {
    expect(found({ "a.c": "int f(void) { pthread_create(&t, 0, g, 0); }\nvoid *g(void *x) { h(); }", "lws-c.c": "int h(void) { }" })).toEqual(["a.c"]);
  });

  test("through a table", () => {
    expect(found({ "lws-a.c": "int f(void) { g(1); }", "b.c": "static struct ops table[] = { { h } };\nint g(int x) { table[x].cb(); }\nint k(void) { use(table); }", "lws-c.c": "int h(void) { }" })).toEqual(["b.c"]);
  });
});

describe("while files change", () => {
  const FILES = ["a.c", "b.c", "c.c", "d.c"];
  const name = fc.constantFrom("f", "g", "h", "k", "m", "table");
  const statement = fc.oneof(
    { weight: 4, arbitrary: name.map((one) => `${one}();`) },
    fc.constantFrom("skip_lws_space(w);", "pthread_create(&t, 0, g, 0);", "pthread_create(&t);", "done = 1;", "s->flag = 1;", "if (done) return;", "s->flag;", "int g;", "x.cb = h;", "unknown(1);", "table[0].run();", "#include \"cases.inc\"\n", "}", "/* h( */"),
  );
  const item = fc.oneof(
    { weight: 4, arbitrary: fc.record({ name, isStatic: fc.boolean(), body: fc.array(statement, { maxLength: 4 }) }).map((one) => `${one.isStatic ? "static " : ""}int ${one.name}(void)\n{\n${one.body.join("\n")}\n}\n`) },
    name.map((one) => `static struct ops table[] = { { ${one} } };\n`),
    name.map((one) => `#define M(x) ${one}(x)\n`),
  );
  const user = fc.constantFrom("", "/* lws_ */", "int f(void) { lws_write(w); g(); }\n", "int h(void) { lws_write(w); m(); done = 2; }\n", "int f(void) { lws_write(w); g(); table[1].run(); }\nint h(void) { s->flag = 2; }\n");
  const text = fc.oneof({ weight: 3, arbitrary: fc.constant("") }, { weight: 1, arbitrary: user }).chain((first) => fc.array(item, { maxLength: 5 }).map((items) => first + items.join("")));
  const change = fc.record({ file: fc.constantFrom(...FILES), text: fc.option(text, { freq: 8 }), typed: fc.option(fc.record({ statement, at: fc.nat(), takes: fc.constantFrom(0, 0, 0, 1, 5) }), { freq: 3 }), asks: fc.boolean() });
  /** Types behind the beginning of a body, where there is one. */
  const edited = (current: string | undefined, { statement: what, at, takes }: { readonly statement: string; readonly at: number; readonly takes: number }): string | undefined => {
    const bodies = current === undefined ? [] : [...current.matchAll(/\{\s/gu)];
    if (bodies.length === 0) return undefined;
    const from = bodies[at % bodies.length]!.index + 2;
    return `${current!.slice(0, from)}${what}\n${current!.slice(from + takes)}`;
  };
  const START = [{ file: "a.c", text: "int f(void) { lws_write(w); g(); m(); }\nint h(void) { }\n", typed: null, asks: false }, { file: "b.c", text: "int g(void) { h(); }\nint k(void) { done = 1; }\n", typed: null, asks: true }];

  test("the same as when they are looked at for the first time", () => {
    const sum = { asked: 0, connecting: 0, leftOut: 0 };
    fc.assert(
      fc.property(fc.array(change, { minLength: 2, maxLength: 30 }), (changes) => {
        const disk = new Map<string, Buffer>();
        const inspect = <R>(absolute: string, use: (bytes: Uint8Array) => R): R | undefined => (disk.has(absolute) ? use(disk.get(absolute)!) : undefined);
        const all = (connections: Connections): Connections => {
          for (const [file, bytes] of disk) connections.set({ name: file, ...(mayUseLws(bytes) ? { bytes } : { absolute: file }) }, mayUseLws(bytes));
          return connections;
        };
        const kept = new Connections(inspect);
        let before = new Map<string, readonly number[]>();
        const touched = new Set<string>();
        for (const { file, text: whole, typed, asks } of [...START, ...changes]) {
          touched.add(file);
          const text = (typed && edited(disk.get(file)?.toString(), typed)) ?? whole;
          if (text === null) {
            disk.delete(file);
            kept.remove(file);
          } else {
            const bytes = Buffer.from(text);
            const hasTrace = mayUseLws(bytes);
            disk.set(file, bytes);
            kept.set({ name: file, ...(hasTrace ? { bytes } : { absolute: file }) }, hasTrace);
          }
          if (!asks) continue;
          const found = new Map(kept.find());
          expect(found).toEqual(all(new Connections(inspect)).find());
          expect([...found.keys()].filter((one) => mayUseLws(disk.get(one)!))).toEqual([]);
          sum.asked++;
          sum.connecting += found.size;
          for (const [one, names] of found) {
            sum.leftOut += names.length;
            // What is the same is the very same, so that nobody has to look at it.
            if (JSON.stringify(before.get(one)) === JSON.stringify(names) && !touched.has(one)) expect(names).toBe(before.get(one));
          }
          before = found;
          touched.clear();
        }
      }),
      { numRuns: Number(process.env["RUNS"] ?? 1000) },
    );
    expect(sum.connecting).toBeGreaterThan(sum.asked / 10);
    expect(sum.leftOut).toBeGreaterThan(100);
  });

  test("nothing is read while no file names the library, and then each file once", () => {
    const texts: Readonly<Record<string, string>> = { "b.c": "int g(void) { h(); }", "c.c": "int k(void) { }" };
    const read: string[] = [];
    const connections = new Connections((absolute, use) => {
      read.push(absolute);
      return use(Buffer.from(texts[absolute]!));
    });
    for (const absolute of Object.keys(texts)) connections.set({ name: absolute, absolute }, false);
    connections.set({ name: "a.c", bytes: Buffer.from("int f(void) { skip_lws_chars(1); g(); }\nint h(void) { }") }, true);
    expect(connections.find().size).toBe(0);
    expect(read).toEqual([]);
    connections.set({ name: "a.c", bytes: Buffer.from("int f(void) { lws_write(1); g(); }\nint h(void) { }") }, true);
    expect([...connections.find().keys()]).toEqual(["b.c"]);
    // Once more where something connects: what it stores is asked of that one alone.
    expect(read).toEqual(["b.c", "c.c", "b.c"]);
    connections.set({ name: "a.c", bytes: Buffer.from("int f(void) { lws_write(2); g(); g(); }\nint h(void) { }") }, true);
    expect([...connections.find().keys()]).toEqual(["b.c"]);
    expect(read).toHaveLength(3);
  });

  test("in pieces, as long as there is time", () => {
    const connections = new Connections((absolute, use) => use(Buffer.from(absolute === "b.c" ? "int g(void) { h(); }" : "")));
    connections.set({ name: "a.c", bytes: Buffer.from("int f(void) { lws_write(1); g(); }\nint h(void) { }") }, true);
    for (const absolute of ["b.c", "c.c", "d.c"]) connections.set({ name: absolute, absolute }, false);
    let left = 1;
    const pieces: boolean[] = [];
    for (let isDone = false; !isDone; left = 2) pieces.push((isDone = connections.look(() => left-- === 0)));
    expect(pieces).toEqual([false, true]);
    expect([...connections.find().keys()]).toEqual(["b.c"]);
  });
});

describe("ends of ways", () => {
  test.each<[string, boolean]>([
    ["lws_write(wsi);", true], ["x = LWS_CALLBACK_RECEIVE;", true], ["#include <libwebsockets.h>", true], ["(lws_context)", true],
    ["eat_lws_end(p);", false], ["MAX_LWS_X", false], ["skip_lws(); lws_close(x);", true], ["", false],
  ])("%s", (text, expected) => expect(namesLws(Buffer.from(text))).toBe(expected));
});

describe("through a file without a trace", () => {
  const scan = async (files: Readonly<Record<string, string>>) => {
    const { root } = project(files);
    return (await runJson(["--no-config", "."], { cwd: root, analyzer: await realAnalyzer() })).json;
  };

  test("found, where the middle of three hands on", async () => {
    const json = await scan({ "callback.c": CALLBACK, "session.c": session("conn_drop"), "drop.c": DROP, "other.c": "int other(void) { return 1; }\n" });
    expect(json.findings.map(({ ruleId, file, line }) => `${ruleId} ${file}:${line}`)).toEqual(["lws/no-sync-kill callback.c:11"]);
    expect(json.summary).toMatchObject({ filesSeen: 4, filesAnalyzed: 3, filesIrrelevant: 1 });
  });

  test("silent, where it does so for somebody else", async () => {
    const json = await scan({ "callback.c": CALLBACK, "session.c": "struct s { void *conn; int done; };\nvoid conn_drop(void *c);\nvoid session_done(struct s *s)\n{\n\ts->done = 1;\n}\nvoid after_the_loop(struct s *s)\n{\n\tconn_drop(s->conn);\n}\n", "drop.c": DROP });
    expect(json.findings).toEqual([]);
    expect(json.summary).toMatchObject({ filesSeen: 3, filesAnalyzed: 2, filesIrrelevant: 1 });
  });

  test("a thread that knows nothing of the library", async () => {
    const push = "#include <libwebsockets.h>\nextern struct lws *peer;\nvoid push(void)\n{\n\tlws_callback_on_writable(peer);\n}\nint loop(struct lws_context *context)\n{\n\twhile (lws_service(context, 0) >= 0)\n\t\t;\n\treturn 0;\n}\n";
    const worker = (start: string): string => `#include <pthread.h>\nvoid push(void);\nstatic void *work(void *arg)\n{\n\tpush();\n\treturn arg;\n}\nvoid begin(void)\n{\n\tpthread_t t;\n\n\t${start};\n}\n`;
    const found = await scan({ "worker.c": worker("pthread_create(&t, NULL, work, NULL)"), "push.c": push });
    expect(found.findings.map(({ ruleId, file, line }) => `${ruleId} ${file}:${line}`)).toEqual(["lws/no-cross-thread-call worker.c:5"]);
    expect((await scan({ "worker.c": worker("work(&t)"), "push.c": push })).findings).toEqual([]);
  });
});
