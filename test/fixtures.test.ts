import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

import type { Analysis } from "../src/analyzer.js";
import type { Fix } from "../src/diagnostics/diagnostic.js";

import {
  analyze,
  analyzeProgram,
  applyFixes,
  compareWithExpectations,
  decode,
  encode,
  expectationsOf,
  fixtureFiles,
  fixturePrograms,
  goldenFiles,
  loadFixture,
  type Fixed,
  type Fixture,
} from "./fixture-runner.js";

/** `UPDATE_FIXTURES=1` writes the expected output of fixes anew: read the difference before it is committed. */
const update = process.env["UPDATE_FIXTURES"] === "1";

const goldenPath = (fixture: Fixture, kind: string): string => fixture.path.replace(/(\.\w+)$/, `.${kind}$1`);

describe.each(fixtureFiles().map((file) => [file.replaceAll("\\", "/")]))("%s", (file) => {
  const fixture = loadFixture(file);

  test("says what it should", () => {
    const analysis = analyze({ path: fixture.path, content: fixture.bytes }, fixture.options);
    expect(compareWithExpectations(fixture, analysis)).toEqual([]);
    expect(analysis.problems).toEqual([]);
    expect(analysis.stats.incompleteFunctions).toEqual([]);
  });

  test("can be fixed", () => {
    const before = analyze({ path: fixture.path, content: fixture.text }, fixture.options);
    const safe = applyFixes(fixture, ["safe"]);
    const all = applyFixes(fixture, ["safe", "suggestion"]);
    check("fixed", before, safe, ["safe"], fixture.text);
    check("suggested", before, all, ["safe", "suggestion"], safe.text);
  });

  /** `base`: what the text is when there is nothing to expect. */
  function check(name: string, before: Analysis, { text, analysis }: Fixed, kinds: readonly Fix["kind"][], base: string): void {
    const golden = goldenPath(fixture, name);
    if (text === base) {
      if (update) rmSync(golden, { force: true });
      expect(existsSync(golden), `${golden} exists although nothing is fixed`).toBe(false);
      return;
    }

    // No new finding, and everything still reads.
    expect(analysis.diagnostics.length).toBeLessThan(before.diagnostics.length);
    const count = ({ diagnostics }: Analysis, rule: string): number => diagnostics.filter(({ ruleId }) => ruleId === rule).length;
    for (const { ruleId } of analysis.diagnostics) expect(count(analysis, ruleId), ruleId).toBeLessThanOrEqual(count(before, ruleId));
    expect(analysis.stats.incompleteFunctions).toEqual(before.stats.incompleteFunctions);
    expect(analysis.stats.unreadRegions).toEqual(before.stats.unreadRegions);

    // Doing it again changes nothing.
    expect(applyFixes({ ...fixture, text }, kinds).text).toBe(text);

    const bytes = encode(fixture, text);
    if (update) writeFileSync(golden, bytes);
    expect(existsSync(golden), `${golden} is missing: run with UPDATE_FIXTURES=1 and read it`).toBe(true);
    expect(decode(readFileSync(golden))).toBe(decode(bytes));
  }
});

describe.each(fixturePrograms().map(([folder, files]) => [folder.replaceAll("\\", "/"), files] as const))("%s", (_folder, files) => {
  const fixtures = files.map(loadFixture);

  test("says what it should, in whatever order the files come", () => {
    for (const order of [fixtures, fixtures.toReversed()]) {
      const analysis = analyzeProgram(order);
      expect(order.flatMap((fixture) => compareWithExpectations(fixture, analysis))).toEqual([]);
      expect(analysis.problems).toEqual([]);
    }
  });
});

test("there are fixtures, and they expect something", () => {
  const fixtures = fixtureFiles().map(loadFixture);
  for (const rule of new Set(fixtures.map((fixture) => fixture.rule))) {
    const expected = fixtures.filter((fixture) => fixture.rule === rule).flatMap(expectationsOf);
    expect(expected.filter(({ kind }) => kind === "error").length, rule).toBeGreaterThan(0);
  }
});

test("expected output belongs to a fixture", () => {
  for (const golden of goldenFiles()) expect(existsSync(golden.replace(/\.(fixed|suggested)(\.\w+)$/, "$2")), golden).toBe(true);
});
