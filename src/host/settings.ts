/** Puts configuration files and command line options together. */
import path from "node:path";
import type { AnalyzerApi, AnalyzerOptions } from "../analyzer.js";
import { bareRuleId, fullRuleId } from "../diagnostics/rule-id.js";
import { defaultLevel, type Level } from "../linter/rule.js";
import { findConfigFiles, formatPlace, readConfigFile, type ConfigFile } from "./config-file.js";
import { createLayer, type IgnoreLayer } from "./ignore-rules.js";
import { unknownRule } from "./rule-levels.js";
import { UsageError } from "./usage-error.js";

/** `--rule id:level`. */
export interface RuleOption {
  readonly id: string;
  readonly level: Level;
}

export interface Settings {
  readonly files: readonly string[];
  readonly ignores: readonly IgnoreLayer[];
  readonly include: readonly IgnoreLayer[];
  /** Who says the release; absent where it is to be found out. */
  readonly lwsVersionFrom?: { readonly source: "option" | "config"; readonly file?: string };
  readonly analyzer: Pick<AnalyzerOptions, "rules" | "callbacks" | "threadEntries" | "lwsVersion">;
  /** Whether any rule was named: only then must the rules be known before anything is scanned. */
  readonly namesRules: boolean;
  /**
   * Checks that the rules exist.
   *
   * @throws {UsageError} for one that does not
   */
  checkRules(rules: AnalyzerApi["rules"]): void;
}

export interface SettingsOptions {
  readonly cwd: string;
  /** `--config`: this file alone. */
  readonly config?: string;
  /** `--no-config`. */
  readonly noConfig?: boolean;
  readonly rules: readonly RuleOption[];
  /** `--lws-version`. */
  readonly lwsVersion?: string;
}

const load = ({ cwd, config, noConfig }: SettingsOptions): readonly ConfigFile[] => {
  if (noConfig === true) return [];
  return config === undefined ? findConfigFiles(cwd) : [readConfigFile(path.resolve(cwd, config))];
};

/**
 * Reads the configuration that holds for a run. Lists of all files add up; of levels and the release the nearest file's
 * count, and the command line outranks all files.
 *
 * @throws {UsageError} when a file is wrong or missing
 */
export const loadSettings = (options: SettingsOptions): Settings => {
  const nearestFirst = load(options);
  const outermostFirst = nearestFirst.toReversed();
  const layer = (key: "ignores" | "include"): IgnoreLayer[] =>
    outermostFirst
      .filter((file) => file[key].length > 0)
      .map((file) => createLayer(path.dirname(file.file).replaceAll("\\", "/"), file[key]));
  const all = (key: "callbacks" | "threadEntries"): string[] => [
    ...new Set(outermostFirst.flatMap((file) => file[key])),
  ];

  const named = [
    ...outermostFirst.flatMap((file) => file.rules),
    ...options.rules.map((rule) => ({ ...rule, place: undefined })),
  ];
  const versionFile = nearestFirst.find((file) => file.lwsVersion !== undefined);
  const lwsVersion = options.lwsVersion ?? versionFile?.lwsVersion;
  return {
    files: nearestFirst.map((file) => file.file),
    ...(options.lwsVersion === undefined ? {} : { lwsVersionFrom: { source: "option" } }),
    ...(options.lwsVersion !== undefined || versionFile === undefined
      ? {}
      : { lwsVersionFrom: { source: "config", file: versionFile.file } }),
    ignores: layer("ignores"),
    include: layer("include"),
    analyzer: {
      rules: Object.fromEntries(named.map(({ id, level }) => [bareRuleId(id), level])),
      callbacks: all("callbacks"),
      threadEntries: all("threadEntries"),
      ...(lwsVersion === undefined ? {} : { lwsVersion }),
    },
    namesRules: named.length > 0,
    checkRules: (rules) => {
      for (const { id, place } of named) {
        const wrong = unknownRule(id, rules);
        if (wrong === undefined) continue;
        throw place === undefined ? new UsageError(`--rule: ${wrong}`) : new UsageError(`${formatPlace(place)}: ${wrong}`, { place });
      }
    },
  };
};

/** The configuration that holds, as `--print-config` prints it. */
export const printableConfig = (settings: Settings, rules: AnalyzerApi["rules"]): object => {
  const { analyzer, files } = settings;
  return {
    configFiles: files,
    rules: Object.fromEntries(
      rules.map((rule) => [fullRuleId(rule.id), analyzer.rules?.[rule.id] ?? defaultLevel(rule)]),
    ),
    ignores: settings.ignores.map(({ base, patterns }) => ({ base, patterns })),
    include: settings.include.map(({ base, patterns }) => ({ base, patterns })),
    callbacks: analyzer.callbacks ?? [],
    threadEntries: analyzer.threadEntries ?? [],
    lwsVersion: analyzer.lwsVersion ?? null,
  };
};
