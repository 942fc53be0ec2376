/** Goldens of the local phase: what each call is passed, and under which values of the parameters it is reached. */
import { describe, expect, test } from "vitest";
import type { FunctionFacts } from "../../src/analysis/facts.js";
import { analyzeUnit } from "../../src/analysis/local.js";
import { keyOf } from "../../src/analysis/value.js";
import * as Sets from "../../src/analysis/value-set.js";
import { SourceFile } from "../../src/source/source-file.js";
import { initSyntax, parseUnit } from "../../src/syntax/index.js";

await initSyntax();

/** A three-line made-up library: the engine knows no names of its own. */
const CONSTANTS = new Map([["OPEN", 1], ["DATA", 2], ["SHUT", 3], ["GONE", 4]]);

function facts(text: string): readonly FunctionFacts[] {
  const unit = parseUnit(new SourceFile("t.c", text));
  return analyzeUnit(unit, {
    constants: { valueOf: (name) => CONSTANTS.get(name) },
    isEdited: () => true,
    results: { assumptionOf: (callee, set) => (callee === "fork" && Sets.single(set) === 0 ? "child-process" : undefined) },
    watchedPrefixes: [],
  }).functions;
}

function calls(body: string, before = ""): string[] {
  const fn = facts(`${before}\nint f(struct conn *c, int why, void *user) {\n${body}\n}\n`).find((one) => one.name === "f")!;
  return fn.calls.map((call) => {
    const guard = call.guard.map(({ param, set }) => ` p${param} in ${Sets.keyOf(set)}`).join("");
    return `${call.name ?? "*"}(${call.args.map((arg) => keyOf(arg.value)).join(", ")})${guard}${call.uncertain ? " uncertain" : ""}${call.assumes.map((one) => ` ${one}`).join("")}`;
  });
}

describe("under which reasons a call is reached", () => {
  test("switch with fall-through, default and code after it", () => {
    expect(calls("switch (why) { case OPEN: a(); case DATA: b(); break; case SHUT: return 0; default: d(); } e();")).toEqual([
      "a() p1 in 1|", "b() p1 in 1..2|", "d() p1 in ..0,4..|!", "e() p1 in ..2,4..|!",
    ]);
  });
  test("if, else if, Yoda, compound conditions, early returns", () => {
    expect(calls("if (why == OPEN) a(); else if (DATA == why || why == SHUT) b(); else c2();")).toEqual([
      "a() p1 in 1|", "b() p1 in 2..3|", "c2() p1 in ..0,4..|!",
    ]);
    expect(calls("if (why != OPEN && why != DATA) return 0; a();")).toEqual(["a() p1 in 1..2|"]);
    expect(calls("if (!(why == OPEN)) return 0; a();")).toEqual(["a() p1 in 1|"]);
    expect(calls("if (why >= DATA && why <= SHUT) a();")).toEqual(["a() p1 in 2..3|!"]);
  });
  test("case ranges, numbers, enumerators and macros of the file", () => {
    expect(calls("switch (why) { case 1 ... 2: a(); break; case LAST: b(); }", "#define LAST GONE")).toEqual(["a() p1 in 1..2|", "b() p1 in 4|"]);
    expect(calls("if (why == E2) a();", "enum { E0 = OPEN, E1, E2 };")).toEqual(["a() p1 in 3|"]);
    expect(calls("if (why == UNSEEN) a(); else b();")).toEqual(["a() p1 in |UNSEEN", "b() p1 in ..|!UNSEEN"]);
  });
  test("a reason kept in a variable or a comparison", () => {
    expect(calls("int r = why; int shut = r == SHUT || r == GONE; if (shut) a(); else b();")).toEqual(["a() p1 in 3..4|", "b() p1 in ..2,5..|!"]);
    expect(calls("int closing = 0; switch (why) { case SHUT: closing = 1; break; case GONE: closing = 1; } x(); if (closing) a();")).toContain("a() p1 in 3..4|");
  });
  test("goto, conditional operator, short circuit", () => {
    expect(calls("if (why == OPEN) goto out; return 0; out: a();")).toEqual(["a() p1 in 1|"]);
    expect(calls("why == DATA ? a() : b();")).toEqual(["a() p1 in 2|", "b() p1 in ..1,3..|!"]);
    expect(calls("why == DATA && a();")).toEqual(["a() p1 in 2|"]);
  });
  test("what cannot be: contradictory tests and code after return", () => {
    expect(calls("if (why == OPEN) { if (why == DATA) a(); } return 0; b();")).toEqual([]);
  });
});

describe("what arguments are", () => {
  test("parameters, aliases, fields just stored, other objects", () => {
    expect(calls("struct conn *me = c; struct s *s = user; a(me); s->conn = c; a(s->conn); b(); a(s->conn); a(s->peer); me = s->peer; a(me);")).toEqual([
      "a(p0)", "a(p0)", "b()", "a(p0)", "a(p2.peer)", "a(p2.peer)",
    ]);
  });
  test("constants through variables, joins and arithmetic", () => {
    expect(calls("int n = 3; if (user) n = -2; a(n); a(DATA | 4); a(-(1 + 1)); n++; a(n);")).toEqual(["a({-2|3})", "a(6)", "a(-2)", "a(?)"]);
  });
  test("results of calls, and which call", () => {
    expect(calls("int fd = socket_of(c); shut(fd);")[1]).toMatch(/^shut\(socket_of@\d+\(p0\)\)$/);
  });
  test("a callee that gets the address of a local may change it; numbers in memory do not survive calls", () => {
    expect(calls("int n = 1; set(&n); a(n);")).toEqual(["set(&l:n)", "a(?)"]);
    expect(calls("done = 0; work(); a(done);", "int done;")).toEqual(["work()", "a(g:done)"]);
  });
  test("a macro that assigns to its argument", () => {
    expect(calls("int n = 1; SET(n); a(n);", "#define SET(x) x = 2")[1]).toBe("a(?)");
  });
  test("branches of a fork", () => {
    expect(calls("int pid = fork(); if (pid == 0) a(); else b();")).toEqual(["fork()", "a() child-process", "b()"]);
  });
});

describe("configurations", () => {
  test("calls of both branches, with how often they are there", () => {
    const [fn] = facts("int f(int why) {\n#ifdef X\n if (why == OPEN) {\n#else\n if (why == SHUT) {\n#endif\n  a();\n }\n return 0;\n}\n");
    expect(fn!.calls.map((call) => [call.name, call.guard.map(({ set }) => Sets.keyOf(set)).join(), call.configurations])).toEqual([
      ["a", "1|", [1, 2]], ["a", "3|", [1, 2]],
    ]);
  });
});

describe("loops", () => {
  test("what they test and call", () => {
    const fn = facts("static int stop; int f(struct s *s) { while (s->n >= 0 && !stop) { if (s->end) break; serve(s); } return 0; }")[0]!;
    expect(fn.loops.map((loop) => [loop.continuesWhile.map(({ value, set }) => `${keyOf(value)} in ${Sets.keyOf(set)}`), loop.calls])).toEqual([
      [["p0.n in 0..|!", "g:stop in 0|", "p0.end in 0|"], ["serve"]],
    ]);
  });
});

describe("constants whose number nobody knows", () => {
  test("less or not less than one: both branches are taken", () => {
    expect(calls("if (why < MOST) less(); else more(); for (int i = 0; i < MOST; i++) each(); if (LEAST <= why) return 0; after();")).toEqual(["less()", "more()", "each()", "after()"]);
  });

  test("equal to one: the other branch is for the rest", () => {
    expect(calls("if (why == MOST) most(); else rest();")).toEqual(["most() p1 in |MOST", "rest() p1 in ..|!MOST"]);
  });
});

/** So many branches that paths are not kept apart. */
const LONG = "if (x()) y(); ".repeat(110);

describe("flags in functions that are too large to keep paths apart", () => {
  test("what stands behind a flag is reached for the reasons that set it", () => {
    const body = `int mine = 0, full = 0; switch (why) { case OPEN: mine = 1; break; case DATA: mine = 1; full = 1; break; } ${LONG} if (mine) { open(); if (full == 1) data(); } if (!mine) rest(); mine = 0; if (mine) never();`;
    expect(calls(body).filter((call) => !/^[xy]\(/.test(call))).toEqual(["open() p1 in 1..2|", "data() p1 in 2|", "rest() p1 in ..0,3..|!"]);
  });

  test("returned", () => {
    const fn = facts(`int f(int why) { int r = 0; switch (why) { case OPEN: r = -1; break; case DATA: r = 1; break; } ${LONG} return r; }`)[0]!;
    expect(fn.returns.map(({ value, guard }) => [value && keyOf(value), guard.map(({ set }) => Sets.keyOf(set)).join()]).sort()).toEqual([["-1", "1|"], ["0", "..0,3..|!"], ["1", "2|"]]);
  });

  test("a flag that is changed in a loop is tied to nothing", () => {
    const body = `int mine = 0; while (x()) { if (why == OPEN) mine = 1; else mine = z(); ${LONG} } if (mine) open();`;
    expect(calls(body).filter((call) => call.startsWith("open"))).toEqual(["open()"]);
  });

  test("more values than are kept", () => {
    const cases = Array.from({ length: 9 }, (_, i) => `case ${i + 10}: r = ${i + 1}; break;`).join(" ");
    expect(calls(`int r = 0; switch (why) { ${cases} } ${LONG} if (r == 3) three();`).filter((call) => call.startsWith("three"))).toEqual(["three()"]);
  });
});

describe("returns", () => {
  test("values by reason", () => {
    const fn = facts("int f(int why) { int r = 0; if (why == SHUT) r = -1; x(); return r; }")[0]!;
    expect(fn.returns.map(({ value, guard }) => [value && keyOf(value), guard.map(({ set }) => Sets.keyOf(set)).join()]).sort()).toEqual([["-1", "3|"], ["0", "..2,4..|!"]]);
  });
});
