/** The settings of an editor, read with suspicion: what makes no sense is told and left out. */
import type { RuleMeta } from "../linter/rule.js";
import { bareRuleId } from "../diagnostics/rule-id.js";
import { RELEASE_FORM } from "../host/config-file.js";
import { LEVEL_NAMES, parseLevel, unknownRule } from "../host/rule-levels.js";
import type { RuleOption } from "../host/settings.js";
import { formatRelease, parseRelease } from "../lws/api/releases.js";
import type { EditorSettings } from "./program.js";

/** The section of an editor's settings that is ours. */
export const SECTION = "lws-lint";

export interface ReadSettings {
  readonly settings: EditorSettings;
  readonly problems: readonly string[];
}

type Section = Readonly<Record<string, unknown>>;

const isSection = (value: unknown): value is Section => typeof value === "object" && value !== null && !Array.isArray(value);

const readRules = (value: unknown, rules: readonly RuleMeta[], problems: string[]): RuleOption[] => {
  if (value === undefined || value === null) return [];
  if (!isSection(value)) {
    problems.push("`rules` must be an object of levels by rule id.");
    return [];
  }
  return Object.entries(value).flatMap(([id, written]) => {
    const level = typeof written === "string" || typeof written === "number" ? parseLevel(written) : undefined;
    const wrong = unknownRule(id, rules) ?? (level === undefined ? `\`rules\`: the level of \`${id}\` must be ${LEVEL_NAMES}.` : undefined);
    if (wrong !== undefined) problems.push(wrong);
    return wrong !== undefined || level === undefined ? [] : [{ id: bareRuleId(id), level }];
  });
};

const readVersion = (value: unknown, problems: string[]): string | undefined => {
  if (value === undefined || value === null || value === "") return undefined;
  const release = typeof value === "string" ? parseRelease(value) : undefined;
  if (release === undefined) problems.push(`\`lwsVersion\`: ${RELEASE_FORM}.`);
  return release && formatRelease(release);
};

/** Reads `enable`, `rules`, `lwsVersion` and `reportUnusedSuppressions`; further keys are the editor's own. */
export const readSettings = (value: unknown, rules: readonly RuleMeta[]): ReadSettings => {
  const section = isSection(value) ? value : {};
  const problems: string[] = [];
  const named = readRules(section["rules"], rules, problems);
  const lwsVersion = readVersion(section["lwsVersion"], problems);
  return {
    settings: {
      enable: section["enable"] !== false,
      rules: named,
      reportUnusedSuppressions: section["reportUnusedSuppressions"] === true,
      ...(lwsVersion === undefined ? {} : { lwsVersion }),
    },
    problems,
  };
};
