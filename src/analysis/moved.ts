/**
 * Facts and syntax of one version of a text in terms of another, where they stand outside of what was changed. It is known by name which
 * numbers of them are offsets; everything else is the same in both.
 */
import { inOrderOfKeys, type Value } from "./value.js";

/** What turned one text into another: everything before `start` is the same, and from `end` on it stands `shift` further on. */
export interface TextChange {
  readonly start: number;
  /** In the old text. */
  readonly end: number;
  readonly shift: number;
}

export function changeBetween(before: string, after: string): TextChange {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  let same = 0;
  while (same < shorter - start && before.charCodeAt(before.length - 1 - same) === after.charCodeAt(after.length - 1 - same)) same++;
  return { start, end: before.length - same, shift: after.length - before.length };
}

/** Where an offset of the old text is in the new one; -1 in what was changed. What ends where something is put in stays, what starts there moves. */
function placeOf(offset: number, { start, end, shift }: TextChange, isEnd = false): number {
  if (offset < start || (offset === start && (isEnd || start < end))) return offset;
  return offset >= end ? offset + shift : -1;
}

const OFFSETS = new Set(["start", "end", "site", "declared"]);
const OFFSET_LISTS = new Set(["before", "always", "behind", "mayFollow", "mustFollow", "sites"]);
/** The name of a struct without a tag is told by where it stands. */
const UNTAGGED = /^(struct|union|class|enum) @(\d+)$/;

const movedText = (text: string, change: TextChange): string => {
  const found = text.includes(" @") ? UNTAGGED.exec(text) : null;
  return found === null ? text : `${found[1]!} @${placeOf(Number(found[2]), change)}`;
};

/** The value with its offsets moved; itself where none of them moves. */
export function moved<T>(value: T, change: TextChange): T {
  return movedValue(value, change) as T;
}

function movedValue(value: unknown, change: TextChange): unknown {
  if (typeof value === "string") return movedText(value, change);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    let copy: unknown[] | undefined;
    for (let i = 0; i < value.length; i++) {
      const next = movedValue(value[i], change);
      if (next !== value[i]) (copy ??= [...(value as unknown[])])[i] = next;
    }
    return copy ?? value;
  }
  let copy: Record<string, unknown> | undefined;
  const record = value as Record<string, unknown>;
  for (const key in record) {
    const known = record[key];
    let next: unknown;
    if (typeof known === "number") next = OFFSETS.has(key) ? placeOf(known, change, key === "end") : known;
    else if (OFFSET_LISTS.has(key)) next = movedList(known as readonly number[], change);
    else next = movedValue(known, change);
    if (next !== known) (copy ??= { ...record })[key] = next;
  }
  // The alternatives of a value are in the order of their keys, which hold offsets.
  if (copy?.kind === "any") copy.options = inOrderOfKeys(copy.options as readonly Value[]);
  return copy ?? value;
}

function movedList(list: readonly number[], change: TextChange): readonly number[] {
  return list.every((offset) => placeOf(offset, change) === offset) ? list : list.map((offset) => placeOf(offset, change));
}

/** Whether syntax, or what a scope answers, says the same of the two texts. */
export function isSameMoved(before: unknown, after: unknown, change: TextChange): boolean {
  if (typeof before !== "object" || before === null) {
    return before === after || (typeof before === "string" && before.includes(" @") && movedText(before, change) === after);
  }
  if (typeof after !== "object" || after === null) return false;
  if (Array.isArray(before)) {
    if (!Array.isArray(after) || before.length !== after.length) return false;
    for (let i = 0; i < before.length; i++) if (!isSameMoved(before[i], after[i], change)) return false;
    return true;
  }
  if (before instanceof Map) return after instanceof Map && isSameMoved([...before], [...after], change);
  if (before instanceof Set) return after instanceof Set && isSameMoved([...before], [...after], change);
  const one = before as Record<string, unknown>;
  const other = after as Record<string, unknown>;
  for (const key in one) {
    const known = one[key];
    if (typeof known === "number" && OFFSETS.has(key) ? placeOf(known, change, key === "end") !== other[key] : !isSameMoved(known, other[key], change)) return false;
  }
  for (const key in other) if (!(key in one)) return false;
  return true;
}
