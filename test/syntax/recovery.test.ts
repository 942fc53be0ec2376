import { beforeAll, describe, expect, test } from "vitest";
import { initSyntax } from "../../src/syntax/index.js";
import { functionsText, unitOf } from "./outline.js";

beforeAll(() => initSyntax());

/** A good function before and behind what is broken. */
const around = (middle: string): string => `static int before(void)\n{\n\treturn 1;\n}\n\n${middle}\nstatic int after(int a)\n{\n\tif (a)\n\t\treturn 2;\n\treturn 3;\n}\n`;

describe("an error costs the function it stands in, no more", () => {
  test.each([
    ["missing closing brace", "int broken(void)\n{\n\tif (x) {\n\t\tf();\n\treturn 0;\n}\n"],
    ["extra closing brace", "int broken(void)\n{\n\tif (x) {\n\t\tf();\n\t}\n\t}\n\treturn 0;\n}\n"],
    ["open string", 'int broken(void)\n{\n\tf("abc);\n\tg();\n}\n'],
    ["garbage in a body", "int broken(void)\n{\n\tf();\n\tthis is @ not C;\n\tg();\n}\n"],
    ["garbage between functions", "@@ what is ( this ]\n"],
    ["open parenthesis in a body", "int broken(void)\n{\n\tf(a, (b;\n\tg();\n}\n"],
    ["open parenthesis in a declaration", "int broken(int a;\n"],
    ["open initializer", "static const int table[] = {\n\t1, 2,\n"],
    ["half a statement", "int broken(void)\n{\n\tif (\n}\n"],
    ["merge conflict", "int broken(void)\n{\n<<<<<<< HEAD\n\tf();\n=======\n\tg();\n>>>>>>> other\n}\n"],
    ["open group", "int broken(void)\n{\n#ifdef A\n\tf();\n}\n"],
    ["asm without parentheses", "int a asm;\nregister int b asm volatile (\"r1\");\nint broken(int c asm) asm;\nstruct s { int d asm; };\n"],
    ["else without if", "int broken(void)\n{\n\tf();\n\telse\n\t\tg();\n\th();\n}\n"],
  ])("%s", (_title, middle) => {
    const text = around(middle);
    const unit = unitOf(text);
    const clean = unit.functions.filter((f) => !unit.coverage.incompleteFunctions.some((g) => g.name === f.name)).map((f) => f.name);
    expect(clean).toContain("before");
    expect(clean).toContain("after");
    expect(functionsText(text).split("\n").filter((line) => !/before|after/.test(line)).join("\n")).toMatchSnapshot();
  });
});
