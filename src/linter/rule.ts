import type { Fix, RelatedLocation, Location } from "../diagnostics/diagnostic.js";
import type { FileInProgram } from "../lws/program.js";

/**
 * How sure a finding is, which decides its default level.
 * `correctness`: proved to fail, an error. `suspicious`: very likely wrong, a warning. `pedantic`: only in `configs.all`.
 */
export type Category = "correctness" | "suspicious" | "pedantic";

export type Level = "off" | "warn" | "error";

export interface RuleMeta {
  /** Without prefix; also the name of `src/rules/ID.ts`, `docs/rules/ID.md` and `fixtures/ID/`. */
  readonly id: string;
  readonly category: Category;
  /** One sentence without a final full stop: what the rule reports. */
  readonly summary: string;
  /** Kinds of fixes the rule can offer. */
  readonly fixes: readonly Fix["kind"][];
  /**
   * Rules that see the same bug better: what overlaps a finding of theirs is not reported again. Holds only while those rules are on.
   */
  readonly yieldsTo?: readonly string[];
  /** What it reports is out of date and not wrong: editors strike it through. */
  readonly outdated?: true;
  /** First release of this package that has the rule. */
  readonly since: string;
}

/** What a rule says about one place; the runner adds rule id and severity. */
export interface Report extends Location {
  readonly message: string;
  readonly help: string;
  readonly reasons?: readonly string[];
  readonly related?: readonly RelatedLocation[];
  readonly fixes?: readonly Fix[];
}

export interface Rule extends RuleMeta {
  /**
   * Looks at one file of a program and reports; may ask anything of the program meanwhile, and is called again when an answer has changed. So a question
   * about a name, a function or an entry point is better than one about all there is. Must not throw on any input.
   */
  check(file: FileInProgram, report: (report: Report) => void): void;
}

export const defineRule = (rule: Rule): Rule => rule;

export const defaultLevel = (rule: RuleMeta): Level =>
  rule.category === "correctness" ? "error" : rule.category === "suspicious" ? "warn" : "off";
