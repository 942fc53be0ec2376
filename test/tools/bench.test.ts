import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { median, ratio, takeTurns, type Timing } from "../../bench/measure.js";
import { growthTable, insert, peerTable, renewed, slowdownTable } from "../../bench/run.js";
import { repositoryRoot } from "../../tools/ecosystem/engine.js";

const timings = (...milliseconds: number[]): Timing[] =>
  milliseconds.map((one) => ({ milliseconds: one, cpuMilliseconds: one / 2, peakBytes: 3 * 2 ** 20 }));
const tree = { name: "t", what: "C", files: 12345, bytes: 7e6 };

describe("bench", () => {
  it("takes the middle", () => {
    expect(median([3, 1, 100])).toBe(3);
    expect(median([4, 1, 2, 100])).toBe(3);
    expect(median([])).toBeNaN();
  });

  it("compares round by round", () => {
    expect(ratio(timings(20, 60, 100), timings(10, 20, 10))).toEqual({ middle: 3, smallest: 2, largest: 10 });
    const text = slowdownTable("rg", "`rg`", [{ tree, timings: new Map([["rg", timings(10, 20, 10)], ["lws-lint", timings(20, 60, 100)]]) }]);
    expect(text.split("\n").at(-1)).toBe("| t (C) | 12,345 | 7 | 10 ms | 60 ms | **3.0** (2.0–10.0) | 4.5 | 3 MiB |");
  });

  it("says how much longer others take, and leaves open what did not take part", () => {
    const text = peerTable(tree, new Map([["lws-lint", timings(1000, 2000)], ["slow", timings(7000)]]));
    expect(text.split("\n").slice(2)).toEqual(["| `lws-lint` | 1500 ms | 4.7 | 1 | 1 |", "| `slow` | 7000 ms | 1.0 | **7.0** (7.0–7.0) | 4.7 |"]);
  });

  it("shows time by files", () => {
    expect(growthTable([{ tree, timings: timings(1000) }]).split("\n").at(-1)).toBe("| t (C) | 12,345 | 7 | 1000 ms | 81 ms | 41 ms | 3 MiB |");
  });

  it("lets commands take turns and does not count the first round", async () => {
    const nothing = { program: process.execPath, args: ["-e", "0"] };
    const taken = await takeTurns([{ name: "a", ...nothing }, { name: "b", ...nothing, isSlow: true }, { name: "c", program: process.execPath, args: ["-e", "process.exit(9)"], anyStatus: true }], 2);
    expect([...taken].map(([name, list]) => [name, list.length])).toEqual([["a", 2], ["b", 1], ["c", 2]]);
    await expect(takeTurns([{ name: "x", program: process.execPath, args: ["-e", "process.exit(9)"] }], 1)).rejects.toThrow("ended with 9");
  });

  it("measures some parts anew and leaves the others", () => {
    const page = "# x\n<!-- bench: y -->\n\nmachine\n\n## Trees without libwebsockets\n\nold\n\n## Growth\n\nold\n\n<!-- /bench -->\n## More\n";
    expect(renewed(page, ["## libwebsockets itself\n\n### a\n\nnew", "## Growth\n\nnew"])).toBe("## Trees without libwebsockets\n\nold\n\n## libwebsockets itself\n\n### a\n\nnew\n\n## Growth\n\nnew");
  });

  it("replaces what stands between the marks of the page, and only that", () => {
    const page = readFileSync(join(repositoryRoot, "bench/README.md"), "utf8");
    const once = insert(page, "TABLE");
    expect(insert(once, "TABLE")).toBe(once);
    expect(once.split("\n").slice(0, 5)).toEqual(page.split("\n").slice(0, 5));
    expect(() => insert("no marks", "x")).toThrow("must hold");
  });
});
