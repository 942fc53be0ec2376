/** Fixes files on disk, or shows how it would. */
import type { Analysis } from "../analyzer.js";
import type { Problem } from "../diagnostics/diagnostic.js";
import { fixAll, MAX_PASSES, type FixMode } from "./fix.js";
import type { ScannedFile } from "./scan.js";
import { unifiedDiff } from "./unified-diff.js";
import { replaceTogether, whyNotWritable } from "./write-files.js";

export interface FixResult {
  /** Of what the files hold now; in a dry run, of what they would hold. */
  readonly analysis: Analysis;
  readonly applied: number;
  /** One for each file that would change; empty unless in a dry run. */
  readonly diffs: readonly Uint8Array[];
  readonly problems: readonly Problem[];
  /** Whether a file could not be written. */
  readonly failed: boolean;
}

export interface FixFilesOptions {
  readonly mode: FixMode;
  /** False for a dry run. */
  readonly write: boolean;
}

type Analyze = (contents: ReadonlyMap<string, Uint8Array>) => Analysis;

/** Remembers whether files can be written, and says once of each why not. */
const createWriteCheck = (files: ReadonlyMap<string, ScannedFile>, problems: Problem[]) => {
  const known = new Map<string, boolean>();
  return (name: string): boolean => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const absolute = files.get(name)?.absolute;
    const why = absolute === undefined ? "it is no file" : whyNotWritable(absolute);
    if (why !== undefined) problems.push({ file: name, message: `cannot be fixed: ${why}` });
    known.set(name, why === undefined);
    return why === undefined;
  };
};

/**
 * Applies fixes in memory until none is left, then writes the files, those that belong together as a whole or not at
 * all. When something could not be written the result is that of the files as they are.
 */
export const fixFiles = (
  files: ReadonlyMap<string, ScannedFile>,
  analyze: Analyze,
  { mode, write }: FixFilesOptions,
): FixResult => {
  const original = new Map([...files].map(([name, { bytes }]) => [name, bytes]));
  const problems: Problem[] = [];
  const outcome = fixAll(original, analyze, mode, write ? createWriteCheck(files, problems) : undefined);
  if (outcome.unfinished) {
    problems.push({ file: ".", message: `after ${MAX_PASSES} passes there were still fixes to apply; run again` });
  }
  if (!write) {
    const diffs = outcome.changed.map((name) => unifiedDiff(name, original.get(name)!, outcome.contents.get(name)!));
    return { analysis: outcome.analysis, applied: outcome.applied, diffs, problems, failed: false };
  }

  const onDisk = new Map(outcome.contents);
  let lost = 0;
  for (const { files: group, fixes } of outcome.groups) {
    const replacements = group.map((name) => ({
      absolute: files.get(name)!.absolute!,
      name,
      before: original.get(name)!,
      after: outcome.contents.get(name)!,
    }));
    const failure = replaceTogether(replacements);
    if (failure === undefined) continue;
    problems.push(failure);
    lost += fixes;
    for (const name of group) onDisk.set(name, original.get(name)!);
  }
  return {
    analysis: lost === 0 ? outcome.analysis : analyze(onDisk),
    applied: outcome.applied - lost,
    diffs: [],
    problems,
    failed: lost > 0,
  };
};
