import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as Sets from "../../src/analysis/value-set.js";
import type { ValueSet } from "../../src/analysis/value-set.js";

const NAMES = ["A", "B", "C"];
const NUMBERS = [-9, -2, -1, 0, 1, 2, 3, 7, 40, 1000];

const leaf: fc.Arbitrary<ValueSet> = fc.oneof(
  fc.constantFrom(Sets.ALL, Sets.NONE),
  fc.constantFrom(...NUMBERS).map(Sets.ofNumber),
  fc.constantFrom(...NAMES).map(Sets.ofName),
  fc.tuple(fc.integer({ min: -10, max: 50 }), fc.integer({ min: -10, max: 50 })).map(([a, b]) => Sets.ofRange(Math.min(a, b), Math.max(a, b))),
  fc.integer({ min: -5, max: 9 }).map((n) => Sets.ofRange(null, n)),
  fc.integer({ min: -5, max: 9 }).map((n) => Sets.ofRange(n, null)),
);
const set: fc.Arbitrary<ValueSet> = fc.letrec<{ set: ValueSet }>((tie) => ({
  set: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.tuple(tie("set"), tie("set")).map(([a, b]) => Sets.union(a, b)),
    fc.tuple(tie("set"), tie("set")).map(([a, b]) => Sets.intersect(a, b)),
    tie("set").map(Sets.complement),
  ),
})).set;

/** Membership is what a set means; every operation is checked against it. */
const members = (s: ValueSet): readonly boolean[] => [
  ...NUMBERS.map((n) => Sets.hasNumber(s, n)),
  ...Array.from({ length: 70 }, (_, i) => Sets.hasNumber(s, i - 12)),
  ...[...NAMES, "D"].map((n) => Sets.hasName(s, n)),
];
const zip = (a: ValueSet, b: ValueSet, both: (x: boolean, y: boolean) => boolean): boolean[] => {
  const right = members(b);
  return members(a).map((x, i) => both(x, right[i]!));
};

describe("value sets", () => {
  test("operations mean what they say", () => {
    fc.assert(fc.property(set, set, (a, b) => {
      expect(members(Sets.union(a, b))).toEqual(zip(a, b, (x, y) => x || y));
      expect(members(Sets.intersect(a, b))).toEqual(zip(a, b, (x, y) => x && y));
      expect(members(Sets.without(a, b))).toEqual(zip(a, b, (x, y) => x && !y));
      expect(members(Sets.complement(a))).toEqual(members(a).map((x) => !x));
    }), { numRuns: 400 });
  });

  test("union is a join: associative, commutative, idempotent, with NONE below all", () => {
    fc.assert(fc.property(set, set, set, (a, b, c) => {
      expect(Sets.keyOf(Sets.union(a, Sets.union(b, c)))).toBe(Sets.keyOf(Sets.union(Sets.union(a, b), c)));
      expect(Sets.keyOf(Sets.union(a, b))).toBe(Sets.keyOf(Sets.union(b, a)));
      expect(Sets.equals(Sets.union(a, a), a)).toBe(true);
      expect(Sets.equals(Sets.union(a, Sets.NONE), a)).toBe(true);
    }), { numRuns: 400 });
  });

  test("forms are canonical: equal members, equal keys", () => {
    fc.assert(fc.property(set, set, (a, b) => {
      expect(Sets.keyOf(Sets.complement(Sets.complement(a)))).toBe(Sets.keyOf(a));
      expect(Sets.equals(a, b)).toBe(Sets.keyOf(a) === Sets.keyOf(b));
    }), { numRuns: 400 });
  });

  test("survives JSON", () => {
    fc.assert(fc.property(set, (a) => {
      expect(JSON.parse(JSON.stringify(a))).toEqual(a);
    }));
  });

  test("singletons", () => {
    expect(Sets.single(Sets.ofNumber(4))).toBe(4);
    expect(Sets.single(Sets.ofName("A"))).toBe("A");
    expect(Sets.single(Sets.union(Sets.ofNumber(4), Sets.ofNumber(5)))).toBeUndefined();
    expect(Sets.single(Sets.complement(Sets.ofNumber(4)))).toBeUndefined();
    expect(Sets.isNone(Sets.ofRange(3, 2))).toBe(true);
  });
});
