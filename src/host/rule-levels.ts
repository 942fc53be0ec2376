/** Levels of rules as people write them. */
import type { AnalyzerApi } from "../analyzer.js";
import { bareRuleId } from "../diagnostics/rule-id.js";
import type { Level } from "../linter/rule.js";
import { didYouMean } from "./did-you-mean.js";

type RuleMeta = AnalyzerApi["rules"][number];

const LEVELS: Readonly<Record<string, Level>> = {
  off: "off",
  warn: "warn",
  error: "error",
  0: "off",
  1: "warn",
  2: "error",
};

export const parseLevel = (written: string | number): Level | undefined =>
  Object.hasOwn(LEVELS, written) ? LEVELS[written] : undefined;

export const LEVEL_NAMES = "`off`, `warn`, `error`, 0, 1 or 2";

/** What is wrong with a rule id, or `undefined` when the rule exists. */
export const unknownRule = (written: string, rules: readonly RuleMeta[]): string | undefined => {
  const id = bareRuleId(written);
  const ids = rules.map((rule) => rule.id);
  if (ids.includes(id)) return undefined;
  return `There is no rule \`${written}\`.${didYouMean(id, ids)} \`--list-rules\` names all rules.`;
};
