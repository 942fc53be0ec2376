/** What a reporter is given, and what all reporters need to read it. */
import path from "node:path";
import type { Analysis, CallbackMap, Stats, SuppressedDiagnostic } from "../analyzer.js";
import type { Diagnostic, Location, Problem } from "../diagnostics/diagnostic.js";
import type { RuleMeta } from "../linter/rule.js";
import type { Position } from "../source/span.js";

export interface Tool {
  readonly name: string;
  readonly version: string;
}

/** A release of libwebsockets, and who says so. */
export interface LwsVersion {
  /** `4.1.6`; `4.1+` for 4.1 or later; `4.1..4.3` for a range. */
  readonly version: string;
  /** `option`, `config`, the kind of a build file, or `assumed`. */
  readonly source: string;
  /** Where it stands. */
  readonly file?: string;
  readonly line?: number;
}

/** What `--since` and `--baseline` took out of the report. */
export interface AdoptionSummary {
  readonly since?: { readonly revision: string; readonly known: number };
  readonly baseline?: {
    /** As it was named on the command line. */
    readonly file: string;
    /** Findings that the baseline holds. */
    readonly known: number;
    /** Entries of the baseline that match no finding any more. */
    readonly stale: number;
    /** How the file was changed, where it was to be written. */
    readonly written?: { readonly added: number; readonly removed: number };
  };
}

export interface Summary extends AdoptionSummary {
  /** Files with a name of a C or C++ file, ignored ones not among them. */
  readonly filesSeen: number;
  /** Files without any trace of libwebsockets: nothing but their bytes was looked at. */
  readonly filesIrrelevant: number;
  readonly filesAnalyzed: number;
  readonly errors: number;
  readonly warnings: number;
  /** Findings with a safe fix. */
  readonly fixable: number;
  /** Findings with suggestions only. */
  readonly fixableWithSuggestions: number;
  readonly suppressed: number;
  /** How many fixes were applied; in a dry run, would be. */
  readonly fixesApplied: number;
  /** Copies of libwebsockets itself that were left out. */
  readonly vendoredSkipped: readonly string[];
  readonly incompleteFunctions: number;
  readonly unreadRegions: number;
  readonly durationMs: number;
  /** Where only a part of the findings is reported: which, of how many. */
  readonly shard?: { readonly index: number; readonly count: number };
  /** What findings are judged by, that of most files first; several where folders have releases of their own, none where no file needs one. */
  readonly lwsVersions?: readonly LwsVersion[];
}

export interface Report {
  readonly tool: Tool;
  /** Working directory, absolute: names of files are relative to it. */
  readonly cwd: string;
  /** Top of the repository, absolute, as far as it is known: services show files relative to it. */
  readonly root: string;
  readonly rules: readonly RuleMeta[];
  readonly diagnostics: readonly Diagnostic[];
  readonly suppressed: readonly SuppressedDiagnostic[];
  readonly problems: readonly Problem[];
  readonly summary: Summary;
  /** What the engine counted; absent when no file needed it. */
  readonly stats?: Stats;
  /** What callbacks reach; absent unless a format asked for it. */
  readonly callbacks?: readonly CallbackMap[];
  /** Folders that were left out as built or fetched. */
  readonly skippedFolders: readonly string[];
  readonly source: Analysis["source"];
  /** The page of a rule in Markdown, where there is one. */
  readonly rulePage: (ruleId: string) => string | undefined;
}

export interface Region {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

const TOP: Position = { line: 1, column: 1 };

/** Where a place is, for people: 1-based lines, 1-based columns in UTF-16 code units, the end exclusive. */
export const regionOf = ({ file, span }: Location, source: Analysis["source"]): Region => {
  const text = source(file);
  const start = text?.positionAt(span.start) ?? TOP;
  const end = text?.positionAt(span.end) ?? TOP;
  return { line: start.line, column: start.column, endLine: end.line, endColumn: end.column };
};

/** The name of a file for a service that knows the repository: relative to its top, and absolute outside of it. */
export const nameInRepository = (file: string, { cwd, root }: Pick<Report, "cwd" | "root">): string => {
  const absolute = path.resolve(cwd, file);
  const name = path.relative(root, absolute);
  const isOutside = name === ".." || name.startsWith(`..${path.sep}`) || path.isAbsolute(name);
  return (isOutside ? absolute : name || ".").replaceAll(path.sep, "/");
};

/** The evidence in words, a line for each place. */
export const evidenceLines = (diagnostic: Diagnostic, report: Report): string[] =>
  diagnostic.related.map((related) => {
    const { line, column } = regionOf(related, report.source);
    return `${nameInRepository(related.file, report)}:${line}:${column}: ${related.message}`;
  });

export const isFixable = ({ fixes }: Diagnostic): boolean => fixes.some((fix) => fix.kind === "safe");

/** `12,345`; not by `toLocaleString`, whose tables take longer to load than thousands of files to scan. */
export const grouped = (number: number): string => String(number).replace(/\B(?=(?:\d{3})+$)/gu, ",");

/** `1 error`, `2 errors`. */
export const count = (number: number, singular: string, plural = `${singular}s`): string =>
  `${grouped(number)} ${number === 1 ? singular : plural}`;
