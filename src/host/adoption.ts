/**
 * `--since` and `--baseline`: takes out of an analysis what was there before. Both compare by content, see
 * `known-findings.ts`; what is left is reported, fixed and counted as if it were all there is.
 */
import { existsSync } from "node:fs";
import path from "node:path";
import type { Analysis } from "../analyzer.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { AdoptionSummary } from "../reporters/report.js";
import type { Baseline } from "./baseline.js";
import { addsNothing, compareFindings, detailedMarkOf, markOf, type DetailedMark, type KnownFinding } from "./known-findings.js";
import { isInShard, type Shard } from "./shard.js";

type Findings = Pick<Analysis, "diagnostics" | "source">;

export interface AdoptionOptions {
  readonly cwd: string;
  /** Files and folders of the run: entries of other files are none of its business. */
  readonly paths: readonly string[];
  /** Files of the run, by the names in results, that could not be read: their entries stay. */
  readonly unread: readonly string[];
  readonly since?: {
    readonly revision: string;
    /** What the engine says of the files as they were; asked for once, when there is something to compare with. */
    readonly analysis: (now: Findings) => Findings;
  };
  readonly baseline?: { readonly file: Baseline; readonly entries: readonly KnownFinding[]; readonly update: boolean };
}

interface Taken {
  readonly since: readonly Diagnostic[];
  readonly baseline: readonly Diagnostic[];
  /** Entries in the reach of the run that stand for nothing any more. */
  readonly stale: readonly KnownFinding[];
}

const total = (entries: readonly KnownFinding[]): number => entries.reduce((sum, { count }) => sum + count, 0);

const split = (diagnostics: readonly Diagnostic[], isKnown: readonly boolean[]): [known: Diagnostic[], fresh: Diagnostic[]] => [
  diagnostics.filter((_, index) => isKnown[index]!),
  diagnostics.filter((_, index) => !isKnown[index]!),
];

export class Adoption {
  #old: readonly DetailedMark[] | undefined;
  readonly #taken = new WeakMap<object, Taken>();

  constructor(readonly options: AdoptionOptions) {}

  /** The analysis without what is known. A baseline that is to be written takes nothing out. */
  apply<A extends Findings>(analysis: A): A {
    let { diagnostics } = analysis;
    let before: readonly Diagnostic[] = [];
    let inBaseline: readonly Diagnostic[] = [];
    let stale: readonly KnownFinding[] = [];
    const { cwd, since, baseline } = this.options;
    if (since !== undefined && diagnostics.length > 0) {
      const marks = diagnostics.map((one) => detailedMarkOf(one, analysis.source));
      const isGone = (file: string): boolean => !existsSync(path.resolve(cwd, file));
      const { isKnown } = compareFindings(marks, this.#atRevision(() => since.analysis(analysis)), isGone, addsNothing);
      [before, diagnostics] = split(diagnostics, isKnown);
    }
    if (baseline !== undefined && !baseline.update) {
      const { file } = baseline;
      const marks = diagnostics.map((one) => markOf(one, analysis.source, (name) => file.nameOf(name)));
      const { isKnown, gone } = compareFindings(marks, baseline.entries, (name) => file.isGone(name));
      [inBaseline, diagnostics] = split(diagnostics, isKnown);
      // What `--since` took out was not compared, so nothing is known about the rest.
      stale = since === undefined ? gone.filter((entry) => this.#inReach(entry)) : [];
    }
    const result = { ...analysis, diagnostics };
    this.#taken.set(result, { since: before, baseline: inBaseline, stale });
    return result;
  }

  /**
   * Writes the findings of an analysis to the baseline. Entries of files that the run did not look at stay.
   *
   * @returns the analysis without them
   */
  update<A extends Findings>(analysis: A): { readonly analysis: A; readonly summary: AdoptionSummary } {
    const { file, entries } = this.options.baseline!;
    const marks = analysis.diagnostics.map((one) => markOf(one, analysis.source, (name) => file.nameOf(name)));
    const { isKnown, gone } = compareFindings(marks, entries, (name) => file.isGone(name));
    const others = gone.filter((entry) => !this.#inReach(entry));
    file.write(marks, others);
    const written = { added: isKnown.filter((known) => !known).length, removed: total(gone) - total(others) };
    return {
      analysis: { ...analysis, diagnostics: [] },
      summary: { baseline: { file: file.name, known: marks.length, stale: 0, written } },
    };
  }

  /** What was taken out of an analysis that `apply` gave; of a shard, its part. */
  summaryOf(analysis: object, shard: Shard | undefined): AdoptionSummary {
    const taken = this.#taken.get(analysis) ?? { since: [], baseline: [], stale: [] };
    const { since, baseline } = this.options;
    const isMine = ({ file }: { readonly file: string }): boolean => shard === undefined || isInShard(file, shard);
    return {
      ...(since && { since: { revision: since.revision, known: taken.since.filter(isMine).length } }),
      ...(baseline && {
        baseline: { file: baseline.file.name, known: taken.baseline.filter(isMine).length, stale: total(taken.stale.filter(isMine)) },
      }),
    };
  }

  #atRevision(analyze: () => Findings): readonly DetailedMark[] {
    if (this.#old === undefined) {
      const { diagnostics, source } = analyze();
      this.#old = diagnostics.map((one) => detailedMarkOf(one, source));
    }
    return this.#old;
  }

  /** Whether the run says something about the file of an entry: it was to be looked at, and could be. */
  #inReach({ file }: KnownFinding): boolean {
    const { cwd, paths, unread, baseline } = this.options;
    const absolute = baseline!.file.resolve(file);
    if (unread.some((name) => path.resolve(cwd, name) === absolute)) return false;
    return paths.some((name) => {
      const inside = path.relative(path.resolve(cwd, name), absolute);
      return inside === "" || (inside !== ".." && !inside.startsWith(`..${path.sep}`) && !path.isAbsolute(inside));
    });
  }
}
