import type { Span } from "../source/span.js";

export type Severity = "error" | "warning";

/** A span in one of the analysed files; `file` is the path under which the file was given. */
export interface Location {
  readonly file: string;
  readonly span: Span;
}

/** A further place that is part of the evidence, in the order in which it should be read. */
export interface RelatedLocation extends Location {
  readonly message: string;
}

export interface TextEdit extends Location {
  readonly newText: string;
}

/**
 * A way out. A `safe` fix only makes behaviour better and compiles: `--fix` applies it.
 * A `suggestion` needs a person: editors offer it, `--fix-suggestions` applies it.
 */
export interface Fix {
  readonly kind: "safe" | "suggestion";
  readonly title: string;
  readonly edits: readonly TextEdit[];
}

export interface Diagnostic extends Location {
  /** Without the plugin prefix: `no-sync-kill`. */
  readonly ruleId: string;
  readonly severity: Severity;
  /** The function in which it stands, with its class; absent outside of functions. */
  readonly function?: string;
  /** The fact, understandable alone, code in backticks. */
  readonly message: string;
  /** What to do, imperative. */
  readonly help: string;
  /** The callback reasons under which the place is reached, by name; empty when reasons do not matter. */
  readonly reasons: readonly string[];
  readonly related: readonly RelatedLocation[];
  readonly fixes: readonly Fix[];
}

/** Something that kept a file from being read or fully understood, in words for people. */
export interface Problem {
  readonly file: string;
  readonly message: string;
}
