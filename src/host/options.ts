/** The options of the command line, checked. */
import type { Shard } from "./shard.js";
import type { RuleOption } from "./settings.js";

export const FORMATS = ["text", "json", "sarif", "github", "gitlab", "junit", "checkstyle", "rdjson", "html"] as const;
export type Format = (typeof FORMATS)[number];

/** One report of a run; a run can write several. */
export interface Output {
  readonly format: Format;
  /** Where it goes; absent for standard output, which takes one report at most. */
  readonly file?: string;
}

export interface Options {
  readonly paths: readonly string[];
  readonly stdin: boolean;
  readonly stdinFilename: string;
  /** At least one. */
  readonly outputs: readonly Output[];
  readonly color?: boolean;
  readonly config?: string;
  readonly noConfig: boolean;
  readonly rules: readonly RuleOption[];
  readonly fix: boolean;
  readonly fixSuggestions: boolean;
  readonly fixDryRun: boolean;
  /** Report only what is new since this revision. */
  readonly since?: string;
  /** File of findings that are not to be reported. */
  readonly baseline?: string;
  /** Write the baseline instead of reporting what it does not hold. */
  readonly updateBaseline: boolean;
  readonly maxWarnings?: number;
  readonly lwsVersion?: string;
  readonly quiet: boolean;
  readonly includeVendored: boolean;
  readonly reportUnusedSuppressions: boolean;
  readonly strictCoverage: boolean;
  readonly stats: boolean;
  readonly verbose: boolean;
  /** Which part of the findings to report, counted from 1. */
  readonly shard?: Shard;
  readonly cache: boolean;
  /** Folder of the cache. */
  readonly cacheLocation?: string;
  /** Threads for the local phase; absent for as many as are worth it. */
  readonly jobs?: number;
  readonly listRules: boolean;
  readonly explain?: string;
  readonly printConfig: boolean;
}

/** How a run ended, as the exit code says it. */
export const EXIT = {
  /** Nothing that counts as a failure was found. */
  clean: 0,
  /** Errors, more warnings than allowed, or with `--strict-coverage` something that was not fully understood. */
  findings: 1,
  /**
   * A wrong option or configuration, something named that cannot be read, a file that could not be written, or an
   * internal error.
   */
  failure: 2,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
