/** `--list-rules` and `--explain`. */
import type { AnalyzerApi } from "../analyzer.js";
import { bareRuleId, fullRuleId } from "../diagnostics/rule-id.js";
import { defaultLevel } from "../linter/rule.js";
import { rulePage } from "./package-info.js";
import { unknownRule } from "./rule-levels.js";
import { UsageError } from "./usage-error.js";

type Rules = AnalyzerApi["rules"];

const fixNote = (fixes: Rules[number]["fixes"]): string => (fixes.length === 0 ? "" : ` (${fixes.join(", ")})`);

/** A line for each rule: id, default level, what it reports and which fixes it can offer. */
export const listRules = (rules: Rules): string => {
  const rows = rules.map((rule) => ({ id: fullRuleId(rule.id), level: defaultLevel(rule), rule }));
  const width = Math.max(0, ...rows.map(({ id }) => id.length));
  return rows
    .map(({ id, level, rule }) => `${id.padEnd(width)}  ${level.padEnd(5)}  ${rule.summary}${fixNote(rule.fixes)}\n`)
    .join("");
};

/**
 * The page of a rule.
 *
 * @throws {UsageError} when there is no such rule
 */
export const explainRule = (written: string, rules: Rules): string => {
  const wrong = unknownRule(written, rules);
  if (wrong !== undefined) throw new UsageError(`--explain: ${wrong}`);
  const rule = rules.find(({ id }) => id === bareRuleId(written))!;
  const page = rulePage(rule.id) ?? `# ${fullRuleId(rule.id)}\n\n${rule.summary}.\n`;
  return page.endsWith("\n") ? page : `${page}\n`;
};
