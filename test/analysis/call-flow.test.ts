/** Goldens of what the local phase says of the order of calls, of comparisons, of followed pointers and of layouts. */
import { describe, expect, test } from "vitest";
import type { FileFacts, FunctionFacts } from "../../src/analysis/facts.js";
import { analyzeUnit } from "../../src/analysis/local.js";
import { keyOf } from "../../src/analysis/value.js";
import * as Sets from "../../src/analysis/value-set.js";
import { SourceFile } from "../../src/source/source-file.js";
import { initSyntax, parseUnit } from "../../src/syntax/index.js";

await initSyntax();

const CONSTANTS = new Map([["OPEN", 1], ["DATA", 2], ["ROOM", 16]]);
const EVENTS = new Map([["put", { kinds: ["puts"], hasResult: true as const }], ["look", { kinds: ["looks"], ends: ["puts"] }], ["end", { kinds: ["ends"] }], ["fill", { kinds: ["fills"], isAuxiliary: true as const }]]);

function unitFacts(text: string): FileFacts {
  return analyzeUnit(parseUnit(new SourceFile("t.c", text)), {
    constants: { valueOf: (name) => CONSTANTS.get(name) },
    isEdited: () => false,
    results: { assumptionOf: () => undefined },
    watchedPrefixes: [],
    events: { eventOf: (name) => EVENTS.get(name), isOrdered: (name) => name !== "skip" },
    watchedParams: /^enum why$/,
    watchedRecords: /^struct conn$/,
  });
}

const body = (text: string, before = ""): FunctionFacts =>
  unitFacts(`${before}\nint f(struct conn *c, enum why why, struct data *user, char *in, size_t len) {\n${text}\n}\n`).functions.find(({ name }) => name === "f")!;

/** Calls are named by their order in the text. */
function flows(text: string): string[] {
  const { calls, returns } = body(text);
  const watched = calls.filter(({ flow }) => flow);
  const names = new Map(watched.map((call, i) => [call.span.start, `${call.name!}${i}`]));
  const named = (sites: readonly number[]): string => sites.map((site) => names.get(site)).join(" ");
  return [
    ...watched.map(({ span, flow }) => `${names.get(span.start)!}: before ${named(flow!.before)}; always ${named(flow!.always)}; may follow ${named(flow!.mayFollow)}; must follow ${named(flow!.mustFollow)}${flow!.isConditional ? "; conditional" : ""}`),
    ...returns.map(({ value, set, before, always }) => `return ${value ? keyOf(value).replace(/@\d+/, "") : ""}${set ? ` in ${Sets.keyOf(set)}` : ""}: before ${named(before)}; always ${named(always)}`),
  ];
}

describe("the order of watched calls", () => {
  test("one after the other", () => {
    expect(flows("put(); end(); return 0;")).toEqual([
      "put0: before ; always ; may follow end1; must follow end1",
      "end1: before put0; always put0; may follow ; must follow ",
      "return 0: before put0 end1; always put0 end1",
    ]);
  });
  test("on one side of a branch", () => {
    expect(flows("if (user->x) put(); end(); return 0;")).toEqual([
      "put0: before ; always ; may follow end1; must follow end1; conditional",
      "end1: before put0; always ; may follow ; must follow ",
      "return 0: before put0 end1; always end1",
    ]);
  });
  test("a branch on the selector is no condition", () => {
    expect(flows("switch (why) { case OPEN: put(); break; case DATA: if (len) break; end(); break; } return 0;").slice(0, 2)).toEqual([
      "put0: before ; always ; may follow ; must follow ",
      "end1: before ; always ; may follow ; must follow ; conditional",
    ]);
  });
  test("a loop comes back to a call, and a look ends what it looked for", () => {
    expect(flows("while (len--) put(); return 0;")[0]).toBe("put0: before put0; always ; may follow put0; must follow ; conditional");
    expect(flows("do { put(); } while (!look()); return 0;")).toEqual([
      "put0: before look1; always ; may follow put0 look1; must follow look1",
      "look1: before put0 look1; always put0; may follow put0 look1; must follow ",
      "return 0: before look1; always look1",
    ]);
  });
  test("calls that only count beside others", () => {
    expect(flows("fill(); return 0;")).toEqual(["return 0: before ; always "]);
    expect(flows("fill(); put(); return 0;")[1]).toBe("put1: before fill0; always fill0; may follow ; must follow ");
  });
});

/** Each step with its calls and returns as `name` and `return`, and the steps that may come next. */
function order(text: string): string[] {
  const { calls, returns, order: orders = [] } = body(text);
  const names = new Map([...calls.map((call) => [call.span.start, call.name ?? "it"] as const), ...returns.map(({ span }) => [span.start, "return"] as const)]);
  return orders.map((steps) => steps.map(({ sites, next }, i) => `${i}: ${sites.map((site) => names.get(site)).join(" ")} > ${next.join(" ")}`.replace(/ +$/, "")).join("; "));
}

describe("the order of calls that callers may ask about", () => {
  test("in a row, with what nobody asks about left out", () => {
    expect(order("own(c); skip(); put(); return 0;")).toEqual(["0: own put return > 1; 1:  >"]);
    expect(order("skip(); return 0;")).toEqual([]);
  });
  test("branches, and where they meet again", () => {
    expect(order("if (len) own(c); put();")).toEqual(["0:  > 1 2; 1: own > 2; 2: put > 3; 3:  >"]);
    expect(order("switch (why) { case OPEN: a(c); break; case DATA: b(c); return 1; } put(); return 0;")).toEqual([
      "0:  > 1 2 3; 1: a > 3; 2: b return > 4; 3: put return > 4; 4:  >",
    ]);
  });
  test("loops come back", () => {
    expect(order("while (len--) own(c); return 0;")).toEqual(["0:  > 1 2; 1: own > 0; 2: return > 3; 3:  >"]);
  });
  test("calls through pointers", () => {
    expect(order("user->send(c); return 0;")).toEqual(["0: it return > 1; 1:  >"]);
  });
});

test.each([
  ["int n = put(); return 0;", undefined],
  ["int n; n = (int)put(); print(n); return 0;", undefined],
  ["int n = put(); if (!n) return 1; return 0;", "truth"],
  ["if (put()) sent(); return 0;", "truth"],
  ["if (put()) return 1; return 0;", undefined],
  ["int n = put(); if (n) { close(); return 1; } return 0;", undefined],
  ["return !put();", "truth"],
  ["user->sum += put(); return 0;", "added"],
  ["int n = put(); if (n < 0) return 1; return 0;", undefined],
  ["int n = put(); print(n); return n;", undefined],
  ["int n = put(); (void)n; return 0;", undefined],
  ["int n = 0; n += put(); if (n < 0) return 1; return 0;", undefined],
  ["static int n; n = put(); return n;", undefined],
  ["user->n = put(); return 0;", undefined],
  ["if (put() < 5) return 1; return 0;", undefined],
])("what is done with a result: %s", (text, use) => {
  expect(body(text).calls.find(({ name }) => name === "put")!.resultUse).toBe(use);
});

test("an array as long as itself", () => {
  expect(body("char buf[sizeof(buf) + 1]; put(buf, sizeof(buf)); return 0;").calls.map(({ name }) => name)).toEqual(["put"]);
});

test("what branches say about a result that is returned", () => {
  expect(flows("int n = put(); if (n < 0) return n; return n;").slice(1)).toEqual([
    "return put() in 0..|: before put0; always put0",
    "return put() in ..-1|!: before put0; always put0",
  ]);
  // The next round's result is another one.
  expect(flows("int n; do { n = put(); } while (n > 0); return n;").at(-1)).toBe("return put() in ..0|: before put0; always put0");
});

test("comparisons with results, with the result on the left", () => {
  const shown = (text: string): string[] => body(text).comparisons.map(({ op, otherType, resultType }) => `${resultType} ${op} ${otherType}`);
  expect(shown("if (put() < len) return 1;")).toEqual(["unknown < unsigned"]);
  expect(shown("int n = put(); if (len > n) return 1;")).toEqual(["signed < unsigned"]);
  expect(shown("int n = put(); if (n < (int)len || n != sizeof(int)) return 1;")).toEqual(["signed < signed", "signed != unsigned"]);
  expect(shown("int n = put(); if (n < user->size) return 1;")).toEqual(["signed < unknown"]);
  expect(shown("int n = other(); if (n < len) return put();")).toEqual([]);
});

describe("followed pointers", () => {
  const shown = (text: string, before = ""): string[] =>
    body(text, before).accesses.map(({ pointer, type, field, guard, mayBeNull }) =>
      `${keyOf(pointer)}${field === undefined ? "" : `.${field}`} ${type ?? ""}${guard.map(({ param, set }) => ` p${param} in ${Sets.keyOf(set)}`).join("")}${mayBeNull ? "" : " not null"}`);
  test("of parameters, with what guards them", () => {
    expect(shown("struct data *d = user; d->n = 1; switch (why) { case OPEN: d->n++; }")).toEqual([
      "p2.n struct data", "p2.n struct data p1 in 1|",
    ]);
    expect(shown("if (!user) return 0; return user->n;")).toEqual(["p2.n struct data p2 in ..-1,1..|! not null"]);
    expect(shown("return user && user->n ? user->m : 0;")).toEqual(["p2.n struct data p2 in ..-1,1..|! not null", "p2.m struct data p2 in ..-1,1..|! not null"]);
    expect(shown("return user || len ? user->m : 0;")).toEqual(["p2.m struct data"]);
  });
  test("an address reads nothing", () => {
    expect(shown("g(&user->n); g(sizeof(user->n)); g(&user->p->q);")).toEqual(["p2.p struct data"]);
  });
  test("of watched records wherever they come from", () => {
    expect(shown("struct conn *other = find(); other->socket = 1; g(other);", "")[0]).toMatch(/^find@\d+\(\)\.socket struct conn$/);
    expect(unitFacts("void h(struct conn *c, struct data *d) { c->x = d->y; }").functions[0]!.accesses.map(({ field }) => field)).toEqual(["x"]);
  });
});

describe("offsets and sizes", () => {
  const args = (text: string, before = ""): string[] => body(text, before).calls.flatMap((call) => call.args.map(({ value }) => keyOf(value)));
  test("pointers moved by constants", () => {
    expect(args("unsigned char buf[ROOM + 4], *p = buf + ROOM; g(p); p += 2; g(p); g(p - 18); g(in + 1); g(&buf[ROOM]);")).toEqual(["l:buf+16", "l:buf+18", "l:buf", "p3+1", "&l:buf[16]"]);
    expect(args("char buf[8], *p = buf; while (len--) { g(p); p++; }")).toEqual(["{l:buf|l:buf[]}"]);
    expect(args("char buf[8], *p = buf; while (len--) { g(p); p += 2; }")).toEqual(["?"]);
  });
  test("sizeof", () => {
    expect(args("g(sizeof(struct data)); g(sizeof(*user)); g(sizeof user); g(sizeof(data_t));", "typedef struct data data_t;")).toEqual([
      "sizeof struct data", "sizeof struct data", "sizeof struct data*", "sizeof struct data",
    ]);
    expect(args("unsigned char buf[ROOM]; int nums[4]; g(sizeof(buf)); g(sizeof buf - 1); g(sizeof(nums));")).toEqual(["16", "15", "?"]);
  });
});

test("layouts, variables and locals", () => {
  const facts = unitFacts("typedef unsigned char byte; struct data { int n; byte pad[ROOM], buf[N]; struct data *next; };\nstatic byte out[ROOM * 2]; struct data one = { 1 };\nvoid f(void) { struct data d; char c[4], *p; put(&d, c, p); }\nvoid g(void) { char c[4]; h(c); }");
  const shape = ({ name, type, pointer, array }: { name: string; type: string; pointer: number; array: readonly (number | null)[] }): string => `${type}${"*".repeat(pointer)} ${name}${array.map((n) => `[${n ?? ""}]`).join("")}`;
  expect(facts.records.map(({ name, fields }) => `${name}: ${fields.map(shape).join(", ")}`)).toEqual(["struct data: int n, unsigned char pad[16], unsigned char buf[], struct data* next"]);
  expect(facts.variables.map(shape)).toEqual(["unsigned char out[32]", "struct data one"]);
  expect(facts.functions.map(({ locals }) => locals.map(shape))).toEqual([["struct data d", "char c[4]"], ["char c[4]"]]);
});
