import { describe, expect, test } from "vitest";
import { isFragment } from "../../src/analysis/fragments.js";

describe("files that are part of a switch", () => {
  test.each([
    ["case A: break;", true],
    ["/* x */ // y\n#ifdef Z\ndefault :\n", true],
    ["  \n\tcase 1:", true],
    ["int x; switch (x) { case 1: }", false],
    ["casement();", false],
    ["default_handler();", false],
    ["/* case */ int x;", false],
    ["", false],
  ])("%j", (text, expected) => {
    expect(isFragment(text)).toBe(expected);
  });

  test("a long preamble is read once", () => {
    expect(isFragment(`${"  # define A \n /* b */ // c\n".repeat(20_000)}int x;`)).toBe(false);
    expect(isFragment(`${"  # define A \n /* b */ // c\n".repeat(20_000)}case 1:`)).toBe(true);
  });
});
