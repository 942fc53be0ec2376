import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { insert, median, table, type Timing } from "../../bench/run.js";
import { repositoryRoot } from "../../tools/ecosystem/engine.js";

const timings = (...milliseconds: number[]): Timing[] =>
  milliseconds.map((one) => ({ milliseconds: one, peakBytes: 3 * 2 ** 20 }));

describe("bench", () => {
  it("takes the middle", () => {
    expect(median([3, 1, 100])).toBe(3);
    expect(median([4, 1, 2, 100])).toBe(3);
    expect(median([])).toBeNaN();
  });

  it("compares round by round", () => {
    const tree = { name: "t", what: "C", files: 12345, bytes: 7e6 };
    const text = table([{ tree, ripgrep: timings(10, 20, 10), tool: timings(20, 60, 100) }], 3, "a machine");
    expect(text.split("\n").at(-1)).toBe("| t (C) | 12,345 | 7 | 10 ms | 60 ms | **3.0** (2.0–10.0) | 3 MiB |");
    expect(text).toContain("3 rounds, medians");
  });

  it("replaces what stands between the marks of the page, and only that", () => {
    const page = readFileSync(join(repositoryRoot, "bench/README.md"), "utf8");
    const once = insert(page, "TABLE");
    expect(insert(once, "TABLE")).toBe(once);
    expect(once.split("\n").slice(0, 5)).toEqual(page.split("\n").slice(0, 5));
    expect(() => insert("no marks", "x")).toThrow("must hold");
  });
});
