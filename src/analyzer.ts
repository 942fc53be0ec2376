/**
 * The composition root: every host runs the engine through this file.
 *
 *     const analyzer = await Analyzer.create();
 *     const run = analyzer.start(options);
 *     for (const input of inputs) run.add(input);      // local phase, one file at a time
 *     const analysis = run.finish();                   // program phase and rules
 */
import type { FileFacts } from "./analysis/facts.js";
import { UnitMemory } from "./analysis/unit-memory.js";
import type { Diagnostic, Problem } from "./diagnostics/diagnostic.js";
import { compareText, sortAndDeduplicate } from "./diagnostics/order.js";
import { analyzeFile, sourceOf, type Content, type FileResult } from "./engine/local-phase.js";
import type { Level, RuleMeta } from "./linter/rule.js";
import { runRules } from "./linter/runner.js";
import { applySuppressions } from "./linter/suppressions.js";
import { parseRelease, type ReleaseRange } from "./lws/api/index.js";
import { Program, ProgramMemory } from "./lws/program.js";
import { callbackMaps, type CallbackMap } from "./lws/reason-map.js";
import { rules } from "./rules/index.js";
import { sameNumbers } from "./source/same-numbers.js";
import { SourceFile } from "./source/source-file.js";
import { initSyntax, withGrammars } from "./syntax/index.js";

export interface AnalyzerOptions {
  /** Levels by rule id (without `lws/`); a rule that is not named has its default level. */
  readonly rules?: Readonly<Record<string, Level>>;
  /** Names of functions to take for protocol callbacks although no registration is visible. */
  readonly callbacks?: readonly string[];
  /** Names of functions that run in threads of their own. */
  readonly threadEntries?: readonly string[];
  /**
   * Release of libwebsockets to judge by, as `4.3` or `4.3.2`; `4.1+` for 4.1 or later, `4.1..4.3` for a range. Where nobody says, 4.3 or later
   * is assumed.
   */
  readonly lwsVersion?: string;
  /** The same for one file, by its path; `undefined` where `lwsVersion` is to hold. */
  readonly lwsVersionOf?: (path: string) => string | undefined;
  /**
   * Whether ESLint's disable comments count. The CLI says true; the ESLint host says false, because ESLint applies them itself.
   * `NOLINT` comments always count.
   */
  readonly eslintComments?: boolean;
  /** Report suppression comments that suppress nothing, as problems of the rule id `unused-suppression`. */
  readonly reportUnusedSuppressions?: boolean;
  /** Also say of each callback which of its reasons reach which calls of the library. */
  readonly describeCallbacks?: boolean;
}

export interface Input {
  /** The name under which the file appears in every result. */
  readonly path: string;
  /** Either the bytes of the file, or its text where the host has decoded it. */
  readonly content: Content;
  /** What `analyzeFile` gave for this path and content, where that was computed before: in another thread, in an earlier run. */
  readonly result?: FileResult;
  /** The host knows that the file matters: it is analyzed although it may hold no trace of lws. */
  readonly isChosen?: boolean;
}

/** What happened to one input. */
export type AddResult =
  | { readonly kind: "analyzed"; readonly functions: number }
  /** No trace of lws in its bytes: never decoded. */
  | { readonly kind: "irrelevant" }
  /** Could not be read as text; a problem was recorded. */
  | { readonly kind: "unreadable" }
  /** Part of libwebsockets itself (recognised by content). */
  | { readonly kind: "lws-source" };

export interface Stats {
  readonly filesSeen: number;
  /** Skipped because their bytes hold no trace of lws. */
  readonly filesPrefiltered: number;
  readonly filesAnalyzed: number;
  readonly filesOfLwsItself: number;
  readonly configurations: number;
  readonly functions: number;
  readonly callbacks: number;
  readonly incompleteFunctions: readonly {
    readonly file: string;
    readonly function: string;
    readonly line: number;
    readonly where: readonly { readonly line: number; readonly column: number }[];
  }[];
  readonly unreadRegions: readonly { readonly file: string; readonly line: number; readonly reason: string }[];
  readonly callsThroughPointers: { readonly resolved: number; readonly unresolved: number };
}

export interface SuppressedDiagnostic extends Diagnostic {
  /** Text after `--`, or after `NOLINT(…):`; empty when none was given. */
  readonly justification: string;
}

export interface Analysis {
  /** In a stable order: file, position, rule. Suppressed ones are not among them. */
  readonly diagnostics: readonly Diagnostic[];
  readonly suppressed: readonly SuppressedDiagnostic[];
  readonly problems: readonly Problem[];
  readonly stats: Stats;
  /** Only where `describeCallbacks` asked for them. */
  readonly callbacks?: readonly CallbackMap[];
  /** The decoded text of a file that a diagnostic names; `undefined` for files nothing refers to. */
  source(path: string): SourceFile | undefined;
}

export interface Run {
  add(input: Input): AddResult;
  finish(): Analysis;
}

/** Files that stay while some of them change, as in an editor: the facts of those that did not are used again. */
export interface Project {
  /**
   * Adds a file, or gives one another content.
   *
   * @param leavesOut for a file that the host has chosen although it may hold no trace of lws: hashes of the names of functions whose bodies do not matter
   */
  update(path: string, content: Content, leavesOut?: readonly number[]): void;
  remove(path: string): void;
  /** What a fresh run over the files as they are now would say. */
  analyze(): Analysis;
}

export interface AnalyzerApi {
  readonly rules: readonly RuleMeta[];
  /** The local phase of a file that the host has chosen, without the bodies of functions with names of some hashes; to be passed on as `Input.result`. Plain data that can be sent to other threads and kept. */
  analyzeFile?(path: string, content: Content, leavesOut?: readonly number[]): Promise<FileResult>;
  /** Loads what a run may need for files that come without a result. */
  ready?(): Promise<void>;
  start(options?: AnalyzerOptions): Run;
}

export class Analyzer implements AnalyzerApi {
  readonly rules: readonly RuleMeta[] = rules;

  /** Loads the parser; everything after this is synchronous. */
  static async create(): Promise<Analyzer> {
    await initSyntax();
    return new Analyzer();
  }

  /** One that loads the parser when a file needs it: runs are given results of `analyzeFile`, or wait for `ready` before they start. */
  static createLazily(): Analyzer {
    return new Analyzer();
  }

  ready(): Promise<void> {
    return initSyntax();
  }

  start(options: AnalyzerOptions = {}): Run {
    return new AnalysisRun(options);
  }

  analyzeFile(path: string, content: Content, leavesOut?: readonly number[]): Promise<FileResult> {
    return withGrammars(() => analyzeFile(path, content, { isChosen: true, leavesOut }));
  }

  project(options: AnalyzerOptions = {}): Project {
    return new KeptProject(options);
  }
}

/** A file with facts. Its text is decoded when somebody asks for it. */
class Unit {
  #source: SourceFile | undefined;

  constructor(
    readonly facts: FileFacts,
    readonly content: Content,
  ) {}

  get source(): SourceFile {
    return (this.#source ??= sourceOf(this.facts.path, this.content).file ?? new SourceFile(this.facts.path, ""));
  }

  get comments(): FileFacts["comments"] {
    return this.facts.comments;
  }
}

interface KeptFile {
  readonly content: Content;
  readonly leavesOut: readonly number[] | undefined;
  readonly found: FileResult;
  readonly unit?: Unit;
  readonly memory?: UnitMemory;
}

const isSameContent = (before: Content, now: Content): boolean =>
  // Bytes may have been written to since.
  typeof before === "string" || typeof now === "string" ? before === now : before !== now && sameNumbers(before, now);

const isSameChoice = (before: readonly number[] | undefined, now: readonly number[] | undefined): boolean =>
  before === now || (before !== undefined && now !== undefined && sameNumbers(before, now));

/** Of so many files a version is kept that is not in use. */
const ASIDE = 256;

class KeptProject implements Project {
  readonly #files = new Map<string, KeptFile>();
  /** While a name is typed files can go and come back that others lead to, or what is left out of them. */
  readonly #aside = new Map<string, KeptFile>();
  readonly #memory = new ProgramMemory(true);

  constructor(readonly options: AnalyzerOptions) {}

  update(path: string, content: Content, leavesOut?: readonly number[]): void {
    const known = this.#files.get(path);
    // What was found of one version is of use for another one if the same functions are read.
    const before = [known, this.#aside.get(path)].find((one) => one && isSameChoice(one.leavesOut, leavesOut));
    if (before !== known) {
      this.#aside.delete(path);
      if (known) this.#putAside(path, known);
    }
    if (before && isSameContent(before.content, content)) {
      this.#files.set(path, before);
      return;
    }
    // What changes once will change again: from now on it is worth the room.
    const memory = (before ?? known) && (before?.memory ?? new UnitMemory());
    const found = analyzeFile(path, content, { isChosen: leavesOut !== undefined, leavesOut, memory });
    this.#files.set(path, { content, leavesOut, found, ...(found.kind === "analyzed" && { unit: new Unit(found.facts, content) }), ...(memory && { memory }) });
  }

  remove(path: string): void {
    const known = this.#files.get(path);
    this.#files.delete(path);
    if (known) this.#putAside(path, known);
  }

  #putAside(path: string, file: KeptFile): void {
    this.#aside.delete(path);
    this.#aside.set(path, file);
    if (this.#aside.size > ASIDE) for (const oldest of this.#aside.keys()) return void this.#aside.delete(oldest);
  }

  analyze(): Analysis {
    const run = new AnalysisRun(this.options, this.#memory);
    for (const path of [...this.#files.keys()].sort(compareText)) {
      const { content, found, unit } = this.#files.get(path)!;
      run.take(path, content, found, unit);
    }
    return run.finish();
  }
}

class AnalysisRun implements Run {
  readonly #units = new Map<string, Unit>();
  readonly #problems: Problem[] = [];
  #seen = 0;
  #prefiltered = 0;
  #ofLibrary = 0;

  constructor(
    readonly options: AnalyzerOptions,
    readonly memory = new ProgramMemory(false),
  ) {
    const { lwsVersion } = options;
    if (lwsVersion !== undefined && parseRelease(lwsVersion) === undefined) throw new TypeError(`"${lwsVersion}" is no release of libwebsockets, such as "4.3" or "4.1+"`);
  }

  add({ path, content, result, isChosen }: Input): AddResult {
    if (this.#units.has(path)) {
      this.#seen++;
      this.#problems.push({ file: path, message: "was given twice; the second time was ignored" });
      return { kind: "unreadable" };
    }
    return this.take(path, content, result ?? analyzeFile(path, content, { isChosen }));
  }

  /** Adds a file whose local phase is done. */
  take(path: string, content: Content, found: FileResult, unit?: Unit): AddResult {
    this.#seen++;
    switch (found.kind) {
      case "irrelevant":
        this.#prefiltered++;
        return { kind: "irrelevant" };
      case "unreadable":
        this.#problems.push({ file: path, message: found.problem });
        return { kind: "unreadable" };
      case "lws-source":
        this.#ofLibrary++;
        return { kind: "lws-source" };
      case "analyzed": {
        const { coverage } = found.facts;
        this.#units.set(path, unit ?? new Unit(found.facts, content));
        for (const limit of coverage.limits) this.#problems.push({ file: path, message: limit });
        return { kind: "analyzed", functions: coverage.functions };
      }
    }
  }

  finish(): Analysis {
    const units = [...this.#units.values()].sort((a, b) => compareText(a.facts.path, b.facts.path));
    const sourceOf = (path: string): SourceFile | undefined => this.#units.get(path)?.source;
    const { callbacks = [], threadEntries = [] } = this.options;
    const program = new Program(units.map((unit) => unit.facts), sourceOf, { callbacks, threadEntries, releaseOf: (path) => this.#releaseOf(path) }, this.memory);
    const found = runRules(rules, program, this.options.rules ?? {});
    program.sweep();
    const comments = new Map(units.map((unit) => [unit.facts.path, unit]));
    const { kept, suppressed, unused, problems } = applySuppressions(sortAndDeduplicate(found), comments, {
      eslintComments: this.options.eslintComments ?? true,
      reportUnused: this.options.reportUnusedSuppressions ?? false,
      rules: rules.map((rule) => rule.id),
    });
    const cutShort = program.propagation.cutShort.map(({ node }) => ({
      file: node.file.path,
      message: `\`${node.facts.name}()\` reaches more of the program than the analysis follows; findings behind it may be missing`,
    }));
    return {
      diagnostics: unused.length === 0 ? kept : sortAndDeduplicate([...kept, ...unused]),
      suppressed,
      problems: [...this.#problems, ...problems, ...cutShort],
      stats: this.#stats(units, program),
      ...(this.options.describeCallbacks === true && { callbacks: callbackMaps(program) }),
      source: sourceOf,
    };
  }

  #releaseOf(path: string): ReleaseRange | undefined {
    const { lwsVersion, lwsVersionOf } = this.options;
    const version = lwsVersionOf?.(path) ?? lwsVersion;
    return version === undefined ? undefined : parseRelease(version);
  }

  #stats(units: readonly Unit[], program: Program): Stats {
    const total = (count: (unit: Unit) => number): number => units.reduce((sum, unit) => sum + count(unit), 0);
    return {
      filesSeen: this.#seen,
      filesPrefiltered: this.#prefiltered,
      filesAnalyzed: units.length,
      filesOfLwsItself: this.#ofLibrary,
      configurations: total(({ facts }) => facts.coverage.configurations),
      functions: total(({ facts }) => facts.coverage.functions),
      callbacks: program.entries.length,
      incompleteFunctions: units.flatMap(({ facts, source }) =>
        facts.coverage.incompleteFunctions.map(({ name, span, where }) => ({
          file: facts.path,
          function: name,
          line: source.positionAt(span.start).line,
          where: where.map((region) => source.positionAt(region.start)),
        })),
      ),
      unreadRegions: units.flatMap(({ facts, source }) =>
        facts.coverage.unreadRegions.map(({ span, reason }) => ({ file: facts.path, line: source.positionAt(span.start).line, reason })),
      ),
      callsThroughPointers: program.propagation.indirect,
    };
  }
}

export type { CallbackMap, Content, FileResult };
