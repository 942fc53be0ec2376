/** Finds, reads and checks `lws-lint.config.json`. Its published schema is `schemas/config.schema.json`. */
import { readFileSync } from "node:fs";
import path from "node:path";
import type { Level } from "../linter/rule.js";
import { formatRelease, parseRelease } from "../lws/api/releases.js";
import { didYouMean } from "./did-you-mean.js";
import { describeSystemError } from "./file-reader.js";
import { JsonSyntaxError, parseJson, positionIn, type JsonNode } from "./json-text.js";
import { LEVEL_NAMES, parseLevel } from "./rule-levels.js";
import { UsageError, type Place } from "./usage-error.js";

export const CONFIG_FILE_NAME = "lws-lint.config.json";

/** A rule as the file names it, with the place to show when it turns out not to exist. */
export interface RuleSetting {
  readonly id: string;
  readonly level: Level;
  readonly place: Place;
}

export interface ConfigFile {
  readonly file: string;
  readonly root: boolean;
  readonly rules: readonly RuleSetting[];
  readonly ignores: readonly string[];
  readonly include: readonly string[];
  readonly callbacks: readonly string[];
  readonly threadEntries: readonly string[];
  readonly lwsVersion?: string;
}

const KEYS = ["$schema", "root", "rules", "ignores", "include", "callbacks", "threadEntries", "lwsVersion"];
const IDENTIFIER = /^[A-Za-z_]\w*$/u;
/** What is wrong with a release. */
export const RELEASE_FORM = "A release is written as `4.3` or `4.3.2`, one or later as `4.1+`";

/** `FILE:LINE:COLUMN`. */
export const formatPlace = ({ file, line, column }: Place): string => `${file}:${line}:${column}`;

class ConfigReader {
  constructor(
    readonly file: string,
    readonly text: string,
  ) {}

  place(offset: number): Place {
    return { file: this.file, ...positionIn(this.text, offset) };
  }

  fail(offset: number, jsonPath: string, message: string): never {
    const place = this.place(offset);
    throw new UsageError(`${formatPlace(place)}: ${jsonPath === "" ? "" : `at \`${jsonPath}\`: `}${message}`, { place });
  }

  string(node: JsonNode, jsonPath: string): string {
    return node.kind === "string" ? node.value : this.fail(node.start, jsonPath, "Must be a string.");
  }

  list(node: JsonNode, jsonPath: string, check: (value: string) => string | undefined): string[] {
    if (node.kind !== "array") this.fail(node.start, jsonPath, "Must be an array of strings.");
    return node.items.map((item, index) => {
      const value = this.string(item, `${jsonPath}[${index}]`);
      const wrong = check(value);
      return wrong === undefined ? value : this.fail(item.start, `${jsonPath}[${index}]`, wrong);
    });
  }

  rules(node: JsonNode): RuleSetting[] {
    if (node.kind !== "object") this.fail(node.start, "rules", "Must be an object of levels by rule id.");
    return node.members.map(({ key, keyStart, value }) => {
      const written = value.kind === "string" || value.kind === "number" ? parseLevel(value.value) : undefined;
      if (written === undefined) this.fail(value.start, `rules["${key}"]`, `A level is ${LEVEL_NAMES}.`);
      return { id: key, level: written, place: this.place(keyStart) };
    });
  }

  read(): ConfigFile {
    let top: JsonNode;
    try {
      top = parseJson(this.text);
    } catch (error) {
      if (error instanceof JsonSyntaxError) this.fail(error.offset, "", `${error.message}.`);
      throw error;
    }
    if (top.kind !== "object") this.fail(top.start, "", "The file must hold one object.");
    const members = new Map(top.members.map((member) => [member.key, member.value]));
    for (const { key, keyStart } of top.members) {
      if (!KEYS.includes(key)) this.fail(keyStart, key, `There is no such key.${didYouMean(key, KEYS)}`);
    }
    const strings = (key: string, check: (value: string) => string | undefined): string[] => {
      const node = members.get(key);
      return node === undefined ? [] : this.list(node, key, check);
    };
    const notEmpty = (value: string): string | undefined => (value.trim() === "" ? "Must not be empty." : undefined);
    const isName = (value: string): string | undefined =>
      IDENTIFIER.test(value) ? undefined : "Must be the name of a C function.";

    const schema = members.get("$schema");
    if (schema !== undefined) this.string(schema, "$schema");
    const root = members.get("root");
    if (root !== undefined && root.kind !== "boolean") this.fail(root.start, "root", "Must be `true` or `false`.");
    const rules = members.get("rules");
    const version = members.get("lwsVersion");
    return {
      file: this.file,
      root: root?.kind === "boolean" && root.value,
      rules: rules === undefined ? [] : this.rules(rules),
      ignores: strings("ignores", notEmpty),
      include: strings("include", notEmpty),
      callbacks: strings("callbacks", isName),
      threadEntries: strings("threadEntries", isName),
      ...(version === undefined ? {} : { lwsVersion: this.#version(version) }),
    };
  }

  #version(node: JsonNode): string {
    const value = this.string(node, "lwsVersion");
    const release = parseRelease(value);
    if (release === undefined) this.fail(node.start, "lwsVersion", `${RELEASE_FORM}.`);
    return formatRelease(release);
  }
}

/**
 * Reads one configuration file.
 *
 * @throws {UsageError} when it cannot be read or is wrong; the message names file, line and column
 */
export const readConfigFile = (file: string): ConfigFile => {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new UsageError(`${file}: the configuration file cannot be read: ${describeSystemError(error)}.`, {
      cause: error,
      place: { file, line: 1, column: 1 },
    });
  }
  return new ConfigReader(file, text.startsWith("\ufeff") ? text.slice(1) : text).read();
};

const exists = (file: string): boolean => {
  try {
    readFileSync(file);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code !== "ENOENT" && code !== "ENOTDIR";
  }
};

/**
 * The configuration files that hold in a folder, nearest first: its own and those above it, up to one that says
 * `"root": true`.
 *
 * @throws {UsageError} when one of them is wrong
 */
export const findConfigFiles = (folder: string): ConfigFile[] => {
  const found: ConfigFile[] = [];
  for (let current = folder; ; current = path.dirname(current)) {
    const file = path.join(current, CONFIG_FILE_NAME);
    if (exists(file)) found.push(readConfigFile(file));
    if (found.at(-1)?.root === true || current === path.dirname(current)) return found;
  }
};
