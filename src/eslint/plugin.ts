import type { AnalyzerApi } from "../analyzer.js";
import type { Level } from "../linter/rule.js";
import { CLanguage } from "./language.js";
import { createRule, levels, type LwsRule } from "./rules.js";

/** A flat configuration for C files, ready to stand in an `eslint.config.js` or in its `extends`. */
export interface LwsConfig {
  name: string;
  files: string[];
  plugins: Record<string, LwsPlugin>;
  language: string;
  rules: Record<string, Level>;
}

export interface LwsPlugin {
  meta: { name: string; version: string; namespace: string };
  languages: { c: CLanguage };
  rules: Record<string, LwsRule>;
  configs: { recommended: LwsConfig; all: LwsConfig };
}

export interface PluginInput {
  readonly analyzer: AnalyzerApi;
  readonly version: string;
  /** Address of a rule's page. */
  docsUrl(ruleId: string): string;
}

export const namespace = "lws";

/** Builds the plugin around an engine. The grammars must have been loaded, which `Analyzer.create()` does. */
export function createPlugin(input: PluginInput): LwsPlugin {
  const { analyzer, version } = input;
  const docsUrl = (ruleId: string): string => input.docsUrl(ruleId);
  const languages = { c: new CLanguage(analyzer, "c") };
  const languageNames = Object.keys(languages).map((name) => `${namespace}/${name}`);
  const plugin: LwsPlugin = {
    meta: { name: "eslint-plugin-lws", version, namespace },
    languages,
    rules: Object.fromEntries(analyzer.rules.map((rule) => [rule.id, createRule(rule, languageNames, docsUrl(rule.id))])),
    configs: { recommended: config("recommended"), all: config("all") },
  };
  // Configurations name the plugin they belong to.
  for (const own of Object.values(plugin.configs)) own.plugins[namespace] = plugin;
  return plugin;

  function config(which: "recommended" | "all"): LwsConfig {
    return {
      name: `${namespace}/${which}`,
      files: ["**/*.c", "**/*.h"],
      plugins: {},
      language: `${namespace}/c`,
      rules: levels(analyzer.rules, namespace, which),
    };
  }
}
