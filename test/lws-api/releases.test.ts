import { describe, expect, test } from "vitest";

import { closeTimeoutReason } from "../../src/lws/api/index.js";
import { API_RELEASES } from "../../src/lws/api/release-list.generated.js";
import { ASSUMED_RELEASE, compareReleases, formatRelease, holds, mayHold, parseRelease, releaseBefore, type ReleaseRange } from "../../src/lws/api/releases.js";

const range = (text: string): ReleaseRange => parseRelease(text)!;

test.each([
  ["4.3", { from: "4.3", to: "4.3" }],
  ["v4.3.2", { from: "4.3.2", to: "4.3.2" }],
  ["1.7", { from: "1.7", to: "1.7" }],
  ["4.1+", { from: "4.1" }],
  ["4.1..4.3", { from: "4.1", to: "4.3" }],
])("%s is read", (text, expected) => {
  expect(parseRelease(text)).toEqual(expected);
  expect(parseRelease(formatRelease(parseRelease(text)!))).toEqual(expected);
});

test.each(["", "4", "v4", "4.3.2.1", "4.x", ">=4.1", "latest", "4.3..4.1", "4.3 4.1", "4.1++", "-4.1"])("%j is no release", (text) => {
  expect(parseRelease(text)).toBeUndefined();
});

test("releases in order, newest last", () => {
  expect([...API_RELEASES].sort(compareReleases)).toEqual(API_RELEASES);
  expect([releaseBefore("5.0"), releaseBefore("4.3.2"), releaseBefore("1.3"), releaseBefore("1.0"), releaseBefore("9")]).toEqual(["4.5", "4.2", "1.23", undefined, "5.0"]);
});

describe("facts", () => {
  const rows: readonly [since: string | undefined, until: string | undefined, release: string, may: boolean, must: boolean][] = [
    ["3.2", undefined, "3.1", false, false],
    ["3.2", undefined, "3.2.3", true, true],
    ["3.2", undefined, "3.0+", true, false],
    ["3.2", undefined, "4.1+", true, true],
    ["3.2", undefined, "2.4..3.1", false, false],
    [undefined, "3.2", "3.2.3", true, true],
    [undefined, "3.2", "4.0+", false, false],
    [undefined, "3.2", "2.0+", true, false],
    ["4.0", "4.2", "4.1.6", true, true],
    ["4.0", "4.2", "4.1..4.3", true, false],
    ["4.0", "4.2", "4.3", false, false],
    [undefined, undefined, "1.0+", true, true],
  ];
  test.each(rows)("%s to %s in %s", (since, until, text, may, must) => {
    expect([mayHold({ since, until }, range(text)), holds({ since, until }, range(text))]).toEqual([may, must]);
  });

  test("what holds may hold", () => {
    const ranges = API_RELEASES.flatMap((from) => [from, `${from}+`, ...API_RELEASES.filter((to) => compareReleases(to, from) > 0).map((to) => `${from}..${to}`)]).map(range);
    for (const one of ranges)
      for (const since of API_RELEASES)
        for (const until of [undefined, ...API_RELEASES]) if (holds({ since, until }, one)) expect(mayHold({ since, until }, one), `${since}..${until} ${formatRelease(one)}`).toBe(true);
  });
});

test("an asynchronous kill is asked for with what the release has", () => {
  const of = (text: string) => closeTimeoutReason(range(text));
  expect([of("1.5"), of("2.3"), of("2.4"), of("3.1"), of("3.1+"), of("3.2"), of("4.1+")]).toEqual([
    undefined, undefined, "PENDING_TIMEOUT_USER_REASON_BASE", "PENDING_TIMEOUT_USER_REASON_BASE", "PENDING_TIMEOUT_USER_REASON_BASE", "PENDING_TIMEOUT_USER_OK", "PENDING_TIMEOUT_USER_OK",
  ]);
  expect(closeTimeoutReason(ASSUMED_RELEASE)).toBe("PENDING_TIMEOUT_USER_OK");
});
