import type { AnalyzerApi } from "../analyzer.js";
import type { Level } from "../linter/rule.js";
import type { Language } from "../syntax/ast.js";
import { CLanguage } from "./language.js";
import { createRule, levels, type LwsRule } from "./rules.js";

/** A flat configuration for C or C++ files, ready to stand in an `eslint.config.js` or in its `extends`. */
export interface LwsConfig {
  name: string;
  files: string[];
  plugins: Record<string, LwsPlugin>;
  language: string;
  rules: Record<string, Level>;
}

export interface LwsPlugin {
  meta: { name: string; version: string; namespace: string };
  languages: { c: CLanguage; cpp: CLanguage };
  rules: Record<string, LwsRule>;
  /** A configuration has one language: those that end in `-cpp` are for C++ files, the others for C files and headers. */
  configs: Record<ConfigName, LwsConfig>;
}

export type ConfigName = "recommended" | "all" | "recommended-cpp" | "all-cpp";

const FILES: Readonly<Record<Language, readonly string[]>> = {
  c: ["**/*.c", "**/*.h"],
  cpp: ["**/*.{cc,cpp,cxx,c++,C}", "**/*.{hh,hpp,hxx,h++}"],
};

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
  const languages = { c: new CLanguage(analyzer, "c"), cpp: new CLanguage(analyzer, "cpp") };
  const languageNames = Object.keys(languages).map((name) => `${namespace}/${name}`);
  const plugin: LwsPlugin = {
    meta: { name: "eslint-plugin-lws", version, namespace },
    languages,
    rules: Object.fromEntries(analyzer.rules.map((rule) => [rule.id, createRule(rule, languageNames, docsUrl(rule.id))])),
    configs: {
      recommended: config("recommended", "c"),
      all: config("all", "c"),
      "recommended-cpp": config("recommended", "cpp"),
      "all-cpp": config("all", "cpp"),
    },
  };
  // Configurations name the plugin they belong to.
  for (const own of Object.values(plugin.configs)) own.plugins[namespace] = plugin;
  return plugin;

  function config(which: "recommended" | "all", language: Language): LwsConfig {
    return {
      name: `${namespace}/${which}${language === "c" ? "" : `-${language}`}`,
      files: [...FILES[language]],
      plugins: {},
      language: `${namespace}/${language}`,
      rules: levels(analyzer.rules, namespace, which),
    };
  }
}
