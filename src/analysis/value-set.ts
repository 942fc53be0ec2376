/**
 * Sets of the values an integer expression may have: disjoint integer intervals plus symbolic constants whose number is
 * not known (a macro or enumerator of a header that is not there). Closed under union, intersection and complement, so
 * `case A ... B`, `default` and `reason != X` are all exact.
 */
export interface ValueSet {
  /** Sorted, disjoint, not adjacent; bounds included; `null` stands for an open end, which keeps the set JSON. */
  readonly ranges: readonly (readonly [number | null, number | null])[];
  /** The named constants in the set, or, when `allNamesBut`, the only ones that are not. */
  readonly names: readonly string[];
  readonly allNamesBut: boolean;
}

// Asked for over and over: made once.
const numbers = new Map<number, ValueSet>();
const complements = new WeakMap<ValueSet, ValueSet>();

export const ALL: ValueSet = { ranges: [[null, null]], names: [], allNamesBut: true };
export const NONE: ValueSet = { ranges: [], names: [], allNamesBut: false };
export const ZERO: ValueSet = ofNumber(0);
export const NONZERO: ValueSet = complement(ZERO);

export function ofNumber(value: number): ValueSet {
  let set = numbers.get(value);
  if (!set) numbers.set(value, (set = { ranges: [[value, value]], names: [], allNamesBut: false }));
  return set;
}

export function ofRange(low: number | null, high: number | null): ValueSet {
  if (low !== null && high !== null && low > high) return NONE;
  return { ranges: [[low, high]], names: [], allNamesBut: false };
}

export function ofName(name: string): ValueSet {
  return { ranges: [], names: [name], allNamesBut: false };
}

export function complement(set: ValueSet): ValueSet {
  let others = complements.get(set);
  if (!others) {
    complements.set(set, (others = complementOf(set)));
    complements.set(others, set);
  }
  return others;
}

function complementOf(set: ValueSet): ValueSet {
  const ranges: (readonly [number | null, number | null])[] = [];
  let next: number | null = null;
  let open = true;
  for (const [low, high] of set.ranges) {
    if (low !== null && (next === null || next <= low - 1)) ranges.push([next, low - 1]);
    if (high === null) {
      open = false;
      break;
    }
    next = high + 1;
  }
  if (open) ranges.push([next, null]);
  return { ranges, names: set.names, allNamesBut: !set.allNamesBut };
}

export function union(a: ValueSet, b: ValueSet): ValueSet {
  if (a === b) return a;
  if (isNone(a)) return b;
  if (isNone(b)) return a;
  const sorted = [...a.ranges, ...b.ranges].sort(
    ([x], [y]) => (x === y ? 0 : x === null ? -1 : y === null ? 1 : x - y),
  );
  const ranges: [number | null, number | null][] = [];
  for (const [low, high] of sorted) {
    const last = ranges.at(-1);
    if (last && (last[1] === null || low === null || low <= last[1] + 1)) {
      if (last[1] !== null && (high === null || high > last[1])) last[1] = high;
    } else {
      ranges.push([low, high]);
    }
  }
  return { ranges, ...uniteNames(a, b) };
}

function uniteNames(a: ValueSet, b: ValueSet): Pick<ValueSet, "names" | "allNamesBut"> {
  if (a.allNamesBut && b.allNamesBut) return { names: a.names.filter((n) => b.names.includes(n)), allNamesBut: true };
  if (a.allNamesBut) return { names: a.names.filter((n) => !b.names.includes(n)), allNamesBut: true };
  if (b.allNamesBut) return { names: b.names.filter((n) => !a.names.includes(n)), allNamesBut: true };
  return { names: [...new Set([...a.names, ...b.names])].sort(), allNamesBut: false };
}

export function intersect(a: ValueSet, b: ValueSet): ValueSet {
  if (isAll(a)) return b;
  if (isAll(b) || a === b) return a;
  return complement(union(complement(a), complement(b)));
}

export const without = (a: ValueSet, b: ValueSet): ValueSet => intersect(a, complement(b));

export const isNone = (set: ValueSet): boolean => set.ranges.length === 0 && !set.allNamesBut && set.names.length === 0;

export function isAll(set: ValueSet): boolean {
  const [only, second] = set.ranges;
  return only !== undefined && second === undefined && only[0] === null && only[1] === null && set.allNamesBut && set.names.length === 0;
}

export function hasNumber(set: ValueSet, value: number): boolean {
  return set.ranges.some(([low, high]) => (low === null || low <= value) && (high === null || value <= high));
}

export function hasName(set: ValueSet, name: string): boolean {
  return set.names.includes(name) !== set.allNamesBut;
}

/** Whether only finitely many values are in the set, so that they can be listed. */
export function isFinite(set: ValueSet): boolean {
  return !set.allNamesBut && set.ranges.every(([low, high]) => low !== null && high !== null);
}

/** The one value of a singleton; `undefined` for all other sets. */
export function single(set: ValueSet): number | string | undefined {
  if (set.allNamesBut) return undefined;
  const [range, second] = set.ranges;
  if (range && !second && set.names.length === 0 && range[0] !== null && range[0] === range[1]) return range[0];
  if (!range && set.names.length === 1) return set.names[0];
  return undefined;
}

export function equals(a: ValueSet, b: ValueSet): boolean {
  return (
    a === b ||
    (a.allNamesBut === b.allNamesBut &&
      a.ranges.length === b.ranges.length &&
      a.names.length === b.names.length &&
      a.ranges.every(([low, high], i) => low === b.ranges[i]![0] && high === b.ranges[i]![1]) &&
      a.names.every((name) => b.names.includes(name)))
  );
}

/** A canonical key: equal sets have equal keys. */
export function keyOf(set: ValueSet): string {
  if (isAll(set)) return "*";
  const ranges = set.ranges.map(([low, high]) => (low !== null && low === high ? `${low}` : `${low ?? ""}..${high ?? ""}`)).join(",");
  const names = [...set.names].sort().join(",");
  return `${ranges}|${set.allNamesBut ? "!" : ""}${names}`;
}
