/**
 * The composition root: every host runs the engine through this file.
 *
 *     const analyzer = await Analyzer.create();
 *     const run = analyzer.start(options);
 *     for (const input of inputs) run.add(input);      // local phase, one file at a time
 *     const analysis = run.finish();                   // program phase and rules
 */
import type { Diagnostic, Problem } from "./diagnostics/diagnostic.js";
import type { Level, RuleMeta } from "./linter/rule.js";
import type { SourceFile } from "./source/source-file.js";

export interface AnalyzerOptions {
  /** Levels by rule id (without `lws/`); a rule that is not named has its default level. */
  readonly rules?: Readonly<Record<string, Level>>;
  /** Names of functions to take for protocol callbacks although no registration is visible. */
  readonly callbacks?: readonly string[];
  /** Names of functions that run in threads of their own. */
  readonly threadEntries?: readonly string[];
  /** Release of libwebsockets to judge by, as `4.3` or `4.3.2`. */
  readonly lwsVersion?: string;
  /**
   * Whether ESLint's disable comments count. The CLI says true; the ESLint host says false, because ESLint applies them itself.
   * `NOLINT` comments always count.
   */
  readonly eslintComments?: boolean;
  /** Report suppression comments that suppress nothing, as problems of the rule id `unused-suppression`. */
  readonly reportUnusedSuppressions?: boolean;
}

export interface Input {
  /** The name under which the file appears in every result. */
  readonly path: string;
  /** Either the bytes of the file, or its text where the host has decoded it. */
  readonly content: Uint8Array | string;
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
  /** The decoded text of a file that a diagnostic names; `undefined` for files nothing refers to. */
  source(path: string): SourceFile | undefined;
}

export interface Run {
  add(input: Input): AddResult;
  finish(): Analysis;
}

export interface AnalyzerApi {
  readonly rules: readonly RuleMeta[];
  start(options?: AnalyzerOptions): Run;
}
