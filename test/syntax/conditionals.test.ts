import { beforeAll, describe, expect, test } from "vitest";
import { Effort, describeAssignment, evaluate, noAssignment, parseCondition, satisfy, type Condition } from "../../src/syntax/conditions.js";
import { initSyntax } from "../../src/syntax/index.js";
import { functionsText, unitOf } from "./outline.js";

beforeAll(() => initSyntax());

function conditionText(condition: Condition): string {
  switch (condition.kind) {
    case "constant":
      return String(condition.value);
    case "atom":
      return `[${condition.key}]`;
    case "not":
      return `!${conditionText(condition.operand)}`;
    default:
      return `(${condition.operands.map(conditionText).join(condition.kind === "and" ? " & " : " | ")})`;
  }
}

const read = (text: string, language: "c" | "cpp" = "c"): string => conditionText(parseCondition(text, 0, text.length, language));

describe("conditions", () => {
  test.each([
    ["defined(A) && !defined B || C", "(([defined(A)] & ![defined(B)]) | ([defined(C)] & [C]))"],
    ["X >= 4000000", "[X >= 4000000]"],
    ["X < 4000000", "![X >= 4000000]"],
    ["(A) != 3", "![( A ) == 3]"],
    ["0", "false"],
    ["1 || A", "true"],
    ["__cplusplus >= 201103L", "false"],
    ["__has_include(<x.h>) && (!(defined(A)))", "([__has_include ( < x . h > )] & ![defined(A)])"],
    ["A ? B : C", "[A ? B : C]"],
    ["", "false"],
  ])("%s", (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  test("__cplusplus is known from the language", () => {
    expect(read("defined(__cplusplus)", "cpp")).toBe("true");
    expect(read("defined(__cplusplus)", "c")).toBe("false");
  });

  test("satisfying and describing", () => {
    const text = "defined(A) && !(defined(B) || C > 2)";
    const condition = parseCondition(text, 0, text.length, "c");
    const assignment = satisfy(condition, true, noAssignment, new Effort(100))!;
    expect(evaluate(condition, assignment)).toBe(true);
    expect(describeAssignment(assignment, noAssignment)).toBe("with A, without B, without `C > 2`");
    expect(satisfy(condition, false, assignment, new Effort(100))).toBeUndefined();
  });
});

describe("configurations", () => {
  test.each([
    ["branches between items need none", "#ifndef G_H\n#define G_H\n#ifdef A\nint f(void) { return 1; }\n#else\nint g(void) { return 2; }\n#endif\n#endif\n"],
    ["branches inside of a body", "int f(void)\n{\n#ifdef A\n\ta();\n#elif B > 1\n\tb();\n#else\n\tc();\n#endif\n\td();\n}\n"],
    ["the same condition is the same choice", "void f(void)\n{\n#ifdef A\n\tif (x) {\n#endif\n\t\tg();\n#ifdef A\n\t}\n#endif\n}\n"],
    ["unbalanced braces", "void f(void)\n{\n#ifdef A\n\tif (x) {\n#else\n\tif (y) {\n#endif\n\t\tg();\n\t}\n}\nvoid h(void) { }\n"],
    ["two headers, one body", "#ifdef A\nint f(int a)\n#else\nint f(long b)\n#endif\n{\n\treturn 1;\n}\n"],
    ["one header, two bodies", "int f(int a)\n#ifdef A\n{\n\treturn 1;\n}\n#else\n{\n\treturn 2;\n}\n#endif\nint g(void) { return 3; }\n"],
    ["dead branches", "void f(void)\n{\n#if 0\n\tdon't(;\n#endif\n#ifdef __cplusplus\n\tx();\n#else\n\ty();\n#endif\n#if 1\n\tz();\n#endif\n}\n"],
    ["a branch that contradicts its surroundings", "#ifdef A\nvoid f(void)\n{\n#ifndef A\n\tnever();\n#endif\n\talways();\n}\n#endif\n"],
    ["nested", "void f(void)\n{\n#ifdef A\n#ifdef B\n\tab();\n#else\n\ta();\n#endif\n#endif\n}\n"],
    ["elifdef", "void f(void)\n{\n#ifdef A\n\ta();\n#elifdef B\n\tb();\n#elifndef C\n\tc();\n#endif\n}\n"],
    ["in an expression", "int f(void)\n{\n\treturn a\n#ifdef B\n\t\t+ b\n#endif\n\t\t;\n}\n"],
    ["an impossible combination is left out", "int f(void)\n{\n\tif (\n#ifdef A\n\t\ta\n#endif\n#if defined(A) && defined(B)\n\t\t||\n#endif\n#ifdef B\n\t\tb\n#endif\n\t)\n\t\treturn 1;\n\treturn 0;\n}\n"],
  ])("%s", (_title, text) => {
    expect(functionsText(text)).toMatchSnapshot();
    expect(unitOf(text).coverage.incompleteFunctions).toEqual([]);
  });

  test("include guards and unrelated groups make no configurations", () => {
    expect(unitOf("#ifndef G\n#define G\nint f(void) { return 1; }\n#endif\n").coverage.configurations).toBe(1);
  });

  test("the budget is reported", () => {
    const chain = Array.from({ length: 40 }, (_, i) => `#${i === 0 ? "if" : "elif"} X == ${i}\n\tf${i}();\n`).join("");
    const { coverage } = unitOf(`void f(void)\n{\n${chain}#endif\n}\n`);
    expect(coverage.limits).toEqual(["More than 16 configurations would be needed for all branches of one item; some were left out."]);
  });

  test("variables in branches are one entry per text", () => {
    const unit = unitOf("static int table[] = {\n#ifdef A\n\t1,\n#endif\n\t2,\n};\n#ifdef B\nint a = 1;\n#else\nint a = 2;\n#endif\n");
    expect(unit.variables.map((v) => v.name)).toEqual(["table", "table", "a", "a"]);
  });

  test("an #if without its end, and an #endif without its beginning", () => {
    const unit = unitOf("#endif\nint f(void) { return 1; }\n#ifdef A\nint g(void) { return 2; }\n");
    expect(unit.functions.map((f) => f.name)).toEqual(["f", "g"]);
    expect(unit.coverage.unreadRegions.map((region) => region.reason)).toMatchInlineSnapshot(`[]`);
  });
});
