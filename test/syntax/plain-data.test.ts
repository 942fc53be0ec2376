/** Tables of nothing but literals are kept without their contents, and nothing else is. */
import { describe, expect, test } from "vitest";
import { SourceFile } from "../../src/source/source-file.js";
import { initSyntax, parseUnit } from "../../src/syntax/index.js";

await initSyntax();

const rows = (row: string): string => Array.from({ length: 80 }, () => row).join(", ");
const itemsOf = (init: string): number | undefined => {
  const [variable] = parseUnit(new SourceFile("t.c", `static const unsigned char x[] = ${init};\n`)).variables;
  return variable?.init?.kind === "initializer" ? variable.init.items.length : undefined;
};

describe("tables of literals", () => {
  test.each(["0x12", "-1", "'a'", '"a" "b"', '{ 1, { "x", ~2 } }', "1.5f"])("%s", (row) => {
    expect(itemsOf(`{ ${rows(row)} }`)).toBe(0);
    expect(itemsOf(`{ ${rows(row)}, }`)).toBe(0);
    expect(itemsOf(`{ ${row}, ${row} }`)).toBe(2);
  });

  test.each(["handler", "{ 1, handler }", "A", "sizeof(int)", "[3] = 1", ".x = 1", "(1)", "&x"])("not %s", (row) => {
    expect(itemsOf(`{ ${rows(row)} }`)).toBe(80);
  });

  test("what does not read as a list is parsed, and said to be unread where it is wrong", () => {
    const unit = parseUnit(new SourceFile("t.c", `int x[] = { ${rows("1")}, 2 3 };\n`));
    expect(unit.coverage.unreadRegions).not.toEqual([]);
  });
});
