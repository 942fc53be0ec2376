import type { AnalyzerOptions } from "../analyzer.js";

/** What may stand under `languageOptions` for a language of this plugin. */
export interface LwsLanguageOptions {
  /** Names of functions to take for protocol callbacks although no registration is visible in the file. */
  callbacks?: string[];
  /** Names of functions that run in threads of their own. */
  threadEntries?: string[];
  /** Release of libwebsockets to judge by: `"4.3"` or `"4.3.2"`; `"4.1+"` for 4.1 or later, `"4.1..4.3"` for a range. */
  lwsVersion?: string;
  /**
   * Whether nodes are made for selectors and rules of your own (default true). The rules of this plugin do not need them, and they
   * are most of what linting a file without libwebsockets costs. ESLint does not tell a language which rules will run.
   */
  syntaxTree?: boolean;
}

/** A release, one or later, or a range. */
const RELEASE = /^v?\d{1,3}\.\d{1,3}(?:\.\d{1,4})?(?:\+|\.\.v?\d{1,3}\.\d{1,3}(?:\.\d{1,4})?)?$/u;

const listOptions = ["callbacks", "threadEntries"] as const;

/** How a wrong value is shown to whoever wrote it. */
const shown = (value: unknown): string => (typeof value === "bigint" ? `${value}n` : (value === undefined ? "undefined" : JSON.stringify(value)));

/**
 * Checks the options that this plugin knows and leaves the others alone: ESLint's own default configuration
 * puts JavaScript's (`ecmaVersion`, `sourceType`, …) into every file's options.
 * @throws {TypeError} which ESLint shows as `Key "languageOptions": …`.
 */
export function validateLanguageOptions(options: Readonly<Record<string, unknown>>): void {
  for (const name of listOptions) {
    const value = options[name];
    if (value === undefined) continue;
    if (!Array.isArray(value)) {
      throw new TypeError(`"${name}" must be an array of function names, not ${shown(value)}.`);
    }
    const wrong = value.findIndex((item) => typeof item !== "string" || !/^[A-Za-z_$][\w$]*$/u.test(item));
    if (wrong >= 0) {
      throw new TypeError(`"${name}" must hold names of functions; element ${wrong} is ${shown(value[wrong])}.`);
    }
  }
  const { lwsVersion, syntaxTree } = options;
  if (lwsVersion !== undefined && (typeof lwsVersion !== "string" || !RELEASE.test(lwsVersion))) {
    throw new TypeError(`"lwsVersion" must be a string such as "4.3" or "4.3.2", not ${shown(lwsVersion)}.`);
  }
  if (syntaxTree !== undefined && typeof syntaxTree !== "boolean") {
    throw new TypeError(`"syntaxTree" must be true or false, not ${shown(syntaxTree)}.`);
  }
}

/** The part of the language options that the engine takes. They have been validated. */
export function analyzerOptions(options: LwsLanguageOptions): AnalyzerOptions {
  const { callbacks, threadEntries, lwsVersion } = options;
  return {
    ...(callbacks === undefined ? {} : { callbacks }),
    ...(threadEntries === undefined ? {} : { threadEntries }),
    ...(lwsVersion === undefined ? {} : { lwsVersion }),
  };
}
