import { defaultLevel, type Level, type RuleMeta } from "../linter/rule.js";
import { describe, type ReportDescriptor } from "./report.js";
import type { CSourceCode } from "./source-code.js";

/** The part of ESLint's rule context that the rules need. */
interface RuleContext {
  readonly sourceCode: unknown;
  report(descriptor: ReportDescriptor): void;
}

/** A rule in ESLint's form. It holds no analysis: it reports what the engine's rule of the same name found. */
export interface LwsRule {
  meta: {
    type: "problem";
    docs: { description: string; recommended: boolean; url: string };
    languages: string[];
    fixable?: "code";
    hasSuggestions?: true;
    schema: [];
  };
  // A method, whose parameter is checked loosely: ESLint passes a context of its own type.
  create(context: RuleContext): { translation_unit?: () => void };
}

const isRecommended = (rule: RuleMeta): boolean => defaultLevel(rule) !== "off";

export function createRule(rule: RuleMeta, languages: readonly string[], url: string): LwsRule {
  const isFixable = rule.fixes.includes("safe");
  const hasSuggestions = rule.fixes.includes("suggestion");
  return {
    meta: {
      type: "problem",
      docs: { description: rule.summary, recommended: isRecommended(rule), url },
      languages: [...languages],
      ...(isFixable ? { fixable: "code" } : {}),
      ...(hasSuggestions ? { hasSuggestions: true } : {}),
      schema: [],
    },
    create(context) {
      const { findings, lineIndex, isLossy } = context.sourceCode as CSourceCode;
      findings.want(rule.id);
      const offers = { fixes: isFixable && !isLossy, suggestions: hasSuggestions && !isLossy };
      return {
        translation_unit() {
          for (const diagnostic of findings.of(rule.id)) context.report(describe(diagnostic, lineIndex, offers));
        },
      };
    },
  };
}

/** Levels by prefixed rule name. A rule that is off by default is left out, or a warning where all are asked for. */
export function levels(rules: readonly RuleMeta[], prefix: string, which: "recommended" | "all"): Record<string, Level> {
  const result: Record<string, Level> = {};
  for (const rule of rules) {
    if (isRecommended(rule)) result[`${prefix}/${rule.id}`] = defaultLevel(rule);
    else if (which === "all") result[`${prefix}/${rule.id}`] = "warn";
  }
  return result;
}
