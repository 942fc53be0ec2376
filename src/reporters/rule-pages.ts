/** Addresses of the documentation. */
import { bareRuleId } from "../diagnostics/rule-id.js";

/** The package as it is published: every release keeps its own pages. */
export const PROJECT_PAGE = "https://unpkg.com/eslint-plugin-lws/README.md";

export const rulePageUrl = (ruleId: string): string =>
  `https://unpkg.com/eslint-plugin-lws/docs/rules/${bareRuleId(ruleId)}.md`;

/** A page of `docs/`, by its path there. */
export const documentUrl = (file: string): string => `https://unpkg.com/eslint-plugin-lws/docs/${file}`;
