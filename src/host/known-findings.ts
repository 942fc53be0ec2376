/**
 * Findings that were there before, recognised by what they are about and not by their line: rule, file, function and
 * the code itself without its blanks. Lines may move, code may be indented or broken otherwise, functions and files may
 * get other names; what was edited is new.
 */
import type { Diagnostic, Location } from "../diagnostics/diagnostic.js";
import { fullRuleId } from "../diagnostics/rule-id.js";
import { shortHash } from "../reporters/fingerprint.js";
import type { SourceFile } from "../source/source-file.js";

type Sources = (file: string) => SourceFile | undefined;

/** What a finding is recognised by. */
export interface Mark {
  /** With `lws/`. */
  readonly rule: string;
  readonly file: string;
  /** Empty outside of functions. */
  readonly function: string;
  /** The code that is reported, on one line; its blanks do not count. */
  readonly code: string;
  /** The way to it: tells findings apart that are alike in everything else. */
  readonly trace: string;
}

/** A mark with what an edit elsewhere can change about a finding. */
export interface DetailedMark extends Mark {
  /** The code of its related places. */
  readonly evidence: readonly string[];
  readonly reasons: readonly string[];
}

/** A mark, and how many findings have it. */
export interface KnownFinding extends Mark {
  readonly count: number;
}

const LONGEST_CODE = 160;

const stripped = (text: string): string => text.replace(/\s+/gu, "");

const textAt = ({ file, span }: Location, source: Sources): string => source(file)?.text.slice(span.start, span.end) ?? "";

/** Short enough to be read; what is left out counts, too. */
const codeOf = (text: string): string => {
  const all = stripped(text);
  if (all.length > LONGEST_CODE) return `${all.slice(0, LONGEST_CODE)}… ${shortHash(all)}`;
  return text.trim().replace(/\s+/gu, " ");
};

/** @param nameOf the name of a file in marks, by its name in results */
export const markOf = (diagnostic: Diagnostic, source: Sources, nameOf: (file: string) => string): Mark => ({
  rule: fullRuleId(diagnostic.ruleId),
  file: nameOf(diagnostic.file),
  function: diagnostic.function ?? "",
  code: codeOf(textAt(diagnostic, source)),
  trace: shortHash(...diagnostic.related.map((related) => `${nameOf(related.file)} ${stripped(textAt(related, source))}`)),
});

export const detailedMarkOf = (diagnostic: Diagnostic, source: Sources): DetailedMark => ({
  ...markOf(diagnostic, source, (file) => file),
  evidence: diagnostic.related.map((related) => stripped(textAt(related, source))),
  reasons: diagnostic.reasons,
});

const isContained = (part: readonly string[], whole: readonly string[]): boolean => {
  const left = [...whole];
  return part.every((item) => {
    const index = left.indexOf(item);
    if (index >= 0) left.splice(index, 1);
    return index >= 0;
  });
};

/** Whether nothing was added to a finding: no further way to it, no edited place on the way, no further reason. */
export const addsNothing = (now: DetailedMark, before: DetailedMark): boolean =>
  isContained(now.evidence, before.evidence) && isContained(now.reasons, before.reasons);

const join = (...parts: readonly string[]): string => parts.join("\n");

/**
 * From the closest likeness to the loosest one. Each step looks only at what the steps before left over, on both sides,
 * so that a loose likeness never takes what a closer one is for.
 */
const LIKENESSES: readonly { readonly key: (mark: Mark) => string; readonly moved?: true }[] = [
  { key: (mark) => join(mark.rule, mark.file, mark.function, stripped(mark.code), mark.trace) },
  { key: (mark) => join(mark.rule, mark.file, mark.function, stripped(mark.code)) },
  // The function got another name, or its code was moved to another function.
  { key: (mark) => join(mark.rule, mark.file, stripped(mark.code)) },
  // The file got another name: only where the old one is gone.
  { key: (mark) => join(mark.rule, mark.function, stripped(mark.code)), moved: true },
];

export interface Comparison {
  /** Whether the finding at the same place of the list was there before. */
  readonly isKnown: readonly boolean[];
  /** What was there before and is no more. */
  readonly gone: readonly KnownFinding[];
}

/**
 * Compares what is found with what was known; every known finding stands for one that is found, two equal ones for two.
 *
 * @param isGone whether a file with a known finding exists no more
 * @param accepts what besides being alike it takes to be the same
 */
export const compareFindings = <M extends Mark, K extends Mark & { readonly count?: number }>(
  found: readonly M[],
  known: readonly K[],
  isGone: (file: string) => boolean,
  accepts: (found: M, known: K) => boolean = () => true,
): Comparison => {
  const isKnown = found.map(() => false);
  const left = known.map(({ count = 1 }) => count);
  for (const { key, moved } of LIKENESSES) {
    const byKey = new Map<string, number[]>();
    known.forEach((one, index) => {
      if (left[index] === 0 || (moved && !isGone(one.file))) return;
      const name = key(one);
      const list = byKey.get(name);
      if (list === undefined) byKey.set(name, [index]);
      else list.push(index);
    });
    if (byKey.size === 0) continue;
    found.forEach((mark, index) => {
      if (isKnown[index]) return;
      const match = byKey.get(key(mark))?.find((candidate) => left[candidate]! > 0 && accepts(mark, known[candidate]!));
      if (match === undefined) return;
      left[match]!--;
      isKnown[index] = true;
    });
  }
  return { isKnown, gone: known.flatMap((one, index) => (left[index]! > 0 ? [{ ...one, count: left[index]! }] : [])) };
};

/** Equal marks become one with their number, in the order in which they are first met. */
export const countEqual = (marks: readonly Mark[]): KnownFinding[] => {
  const counted = new Map<string, KnownFinding>();
  for (const mark of marks) {
    const key = LIKENESSES[0]!.key(mark);
    counted.set(key, { ...mark, count: (counted.get(key)?.count ?? 0) + 1 });
  }
  return [...counted.values()];
};
