/**
 * Chooses fixes that can be carried out together and applies them to texts in memory, pass after pass, until nothing is
 * left to fix. Nothing is written here.
 */
import { Buffer } from "node:buffer";
import type { Analysis } from "../analyzer.js";
import type { Diagnostic, Fix, TextEdit } from "../diagnostics/diagnostic.js";
import { encodeEdits } from "../source/decode.js";
import type { SourceFile } from "../source/source-file.js";

/** `safe`: safe fixes only. `suggestions`: also the first suggestion of a finding that has no safe fix. */
export type FixMode = "safe" | "suggestions";

/** A fix can make room for the next one; a pair of fixes that undo each other must not run for ever. */
export const MAX_PASSES = 10;

export interface FixPlan {
  readonly edits: ReadonlyMap<string, readonly TextEdit[]>;
  readonly fixes: readonly Fix[];
}

export interface FixGroup {
  readonly files: readonly string[];
  readonly fixes: number;
}

export interface FixOutcome {
  /** What the files hold afterwards; files that did not change are the very same arrays as before. */
  readonly contents: ReadonlyMap<string, Uint8Array>;
  /** The result for these contents. */
  readonly analysis: Analysis;
  readonly changed: readonly string[];
  /** How many fixes were applied. */
  readonly applied: number;
  /**
   * Files that fixes changed together, each group to be written as a whole or not at all, with the number of its fixes.
   */
  readonly groups: readonly FixGroup[];
  /** Whether fixes were still left after the last pass. */
  readonly unfinished: boolean;
}

/** Touching counts as overlapping: which of the two texts comes first would be a guess. */
const overlaps = (a: TextEdit, b: TextEdit): boolean =>
  a.file === b.file && a.span.start <= b.span.end && b.span.start <= a.span.end;

/** Edits of one fix may touch, as the rule says in which order they come; they may not cross. */
const crosses = (a: TextEdit, b: TextEdit): boolean =>
  a.file === b.file && a.span.start < b.span.end && b.span.start < a.span.end;

const isSound = ({ edits }: Fix, fits: (edit: TextEdit) => boolean): boolean =>
  edits.length > 0 &&
  edits.every((edit, index) => fits(edit) && !edits.slice(0, index).some((other) => crosses(edit, other)));

/**
 * Chooses at most one fix of each diagnostic, in order, leaving out what overlaps an edit already chosen: such a fix
 * gets its turn in the next pass. All edits of a fix are taken or none.
 *
 * @param fits whether an edit can be carried out at all
 */
export const planFixes = (
  diagnostics: readonly Diagnostic[],
  mode: FixMode,
  fits: (edit: TextEdit) => boolean,
): FixPlan => {
  const edits = new Map<string, TextEdit[]>();
  const fixes: Fix[] = [];
  const free = (fix: Fix): boolean =>
    isSound(fix, fits) && !fix.edits.some((edit) => edits.get(edit.file)?.some((other) => overlaps(edit, other)));
  for (const diagnostic of diagnostics) {
    const safe = diagnostic.fixes.filter((fix) => fix.kind === "safe");
    const allowed = safe.length > 0 || mode === "safe" ? safe : diagnostic.fixes;
    const fix = allowed.find(free);
    if (fix === undefined) continue;
    fixes.push(fix);
    for (const edit of fix.edits) edits.set(edit.file, [...(edits.get(edit.file) ?? []), edit]);
  }
  return { edits, fixes };
};

/** Rules write `\n`; a file with other line ends keeps its own. */
export const withLineEndsOf = (text: string, edit: TextEdit): TextEdit => {
  if (!edit.newText.includes("\n")) return edit;
  const before = text.lastIndexOf("\n", edit.span.start - 1);
  const lineBreak = before === -1 ? text.indexOf("\n", edit.span.end) : before;
  if (text[lineBreak - 1] !== "\r") return edit;
  return { ...edit, newText: edit.newText.replace(/\r?\n/gu, "\r\n") };
};

const isAscii = (text: string): boolean => /^[\x00-\x7f]*$/u.test(text);

/** Joins files that appear in one fix, directly or through others. */
const groupFiles = (fixes: readonly Fix[]): FixGroup[] => {
  const groupOf = new Map<string, Set<string>>();
  for (const { edits } of fixes) {
    const joined = new Set<string>();
    for (const { file } of edits) for (const member of groupOf.get(file) ?? [file]) joined.add(member);
    for (const file of joined) groupOf.set(file, joined);
  }
  return [...new Set(groupOf.values())].map((group) => ({
    files: [...group],
    fixes: fixes.filter(({ edits }) => group.has(edits[0]!.file)).length,
  }));
};

/**
 * Analyses and fixes until nothing can be fixed any more, at most `MAX_PASSES` times.
 *
 * @param original the bytes of all files of the program, by name
 * @param analyze runs the engine over all files
 * @param mayWrite whether a file can be written at all; fixes that touch others are left alone
 */
export const fixAll = (
  original: ReadonlyMap<string, Uint8Array>,
  analyze: (contents: ReadonlyMap<string, Uint8Array>) => Analysis,
  mode: FixMode,
  mayWrite: (file: string) => boolean = () => true,
): FixOutcome => {
  const contents = new Map(original);
  const applied: Fix[] = [];
  let analysis = analyze(contents);
  let unfinished: boolean;
  for (let pass = 1; ; pass++) {
    const current = analysis;
    const source = (file: string): SourceFile | undefined => current.source(file);
    const fits = ({ file, span, newText }: TextEdit): boolean => {
      const text = source(file);
      if (!contents.has(file) || !mayWrite(file) || span.start > span.end || span.start < 0) return false;
      // Bytes that are no UTF-8 mean another encoding, and which one is not known: only ASCII is the same in all of
      // them.
      return text === undefined || (span.end <= text.text.length && (!text.hasInvalidUtf8 || isAscii(newText)));
    };
    const { edits, fixes } = planFixes(analysis.diagnostics, mode, fits);
    unfinished = fixes.length > 0;
    if (!unfinished || pass > MAX_PASSES) break;
    for (const [file, ofFile] of edits) {
      const text = source(file)?.text;
      const adapted = text === undefined ? ofFile : ofFile.map((edit) => withLineEndsOf(text, edit));
      contents.set(file, encodeEdits(contents.get(file)!, adapted));
    }
    applied.push(...fixes);
    analysis = analyze(contents);
  }
  const changed = [...contents.keys()].filter((file) => !sameBytes(contents.get(file)!, original.get(file)!));
  const isChanged = new Set(changed);
  return {
    contents,
    analysis,
    changed,
    applied: applied.length,
    groups: groupFiles(applied)
      .map(({ files, fixes }) => ({ files: files.filter((file) => isChanged.has(file)), fixes }))
      .filter(({ files }) => files.length > 0),
    unfinished,
  };
};

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => a === b || Buffer.compare(a, b) === 0;
