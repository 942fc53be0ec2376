import { beforeAll, describe, expect, test } from "vitest";
import { initSyntax } from "../../src/syntax/index.js";
import { unitOf } from "./outline.js";

beforeAll(() => initSyntax());

/**
 * The parser's effort is counted in its progress callbacks, with a budget that grows with the text and not
 * faster. A text that is big and stays within the budget is no proof of linear cost, but quadratic cost at
 * this size would be a hundred times over it.
 */
describe("cost stays in proportion", () => {
  const hex = Array.from({ length: 170_000 }, (_, i) => `0x${(i % 256).toString(16).padStart(2, "0")},${i % 12 === 11 ? "\n" : " "}`).join("");

  test("a megabyte of numbers in braces", () => {
    expect(hex.length).toBeGreaterThan(1_000_000);
    const { variables, functions, coverage } = unitOf(`static const unsigned char data[] = {\nFIRST,\n${hex}};\nint f(void) { return 1; }\n`);
    const init = variables[0]?.init;
    expect(init?.kind === "initializer" ? init.items.length : 0).toBe(170_001);
    expect(functions.map((f) => f.name)).toEqual(["f"]);
    expect(coverage.limits).toEqual([]);
  });

  test("a megabyte of numbers without braces", () => {
    const { coverage } = unitOf(hex);
    expect(coverage.limits).toEqual([]);
    expect(coverage.unreadRegions.length).toBe(1);
  });

  test("a megabyte of numbers in a body", () => {
    const { functions, coverage } = unitOf(`int f(void)\n{\n${hex}\n}\nint g(void) { return 1; }\n`);
    expect(functions.map((f) => f.name)).toEqual(["f", "g"]);
    expect(coverage.limits.length).toBeLessThanOrEqual(1);
  });

  test.each([
    ["parentheses", "(", ")"],
    ["braces", "{", "}"],
    ["calls", "f(", ")"],
    ["initializers", "x = (int[]){", "};"],
    ["conditional groups", "\n#if A\n", "\n#endif\n"],
    ["else if", "if (a) ; else ", ";"],
    ["operators", "a + ", "b;"],
    ["negations", "!", "a;"],
    ["macro loops", "lws_start_foreach_dll(struct x *, a, b) {", "} lws_end_foreach_dll(a)"],
    ["declarators", "int (*(", "x))(void);"],
  ])("deep nesting: %s", (_title, open, close) => {
    const depth = 3000;
    for (const text of [open.repeat(depth) + close.repeat(depth), open.repeat(depth), close.repeat(depth)]) {
      expect(unitOf(`int f(void)\n{\n${text}\n}\n`).functions.length).toBeLessThanOrEqual(1);
      unitOf(text);
    }
  });

  test("deep nesting in conditions and chains of branches", () => {
    unitOf(`#if ${"(".repeat(5000)}A${")".repeat(5000)}\n#endif\n#if ${"!".repeat(5000)}A\n#endif\n#if ${"A && ".repeat(5000)}B\n#endif\n`);
    const chain = Array.from({ length: 5000 }, (_, i) => `#elif A == ${i}\nint f${i}(void) { return 1; }\n`).join("");
    expect(unitOf(`#if A\n${chain}#endif\n`).functions.length).toBe(5000);
  });

  test("nesting that is not followed is reported", () => {
    expect(unitOf(`int f(void)\n{\n\treturn ${"(".repeat(3000)}1${")".repeat(3000)};\n}\n`).coverage.limits).toEqual(["Expressions or statements nested too deeply were left out."]);
    expect(unitOf("#if A\n".repeat(100)).coverage.limits).toEqual(["Conditional groups nested too deeply were read as one text."]);
  });
});
