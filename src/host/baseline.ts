/** The file of `--baseline`: findings that a code base has and that are not to be reported. Described by `schemas/baseline.schema.json`. */
import { Buffer } from "node:buffer";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { compareText } from "../diagnostics/order.js";
import { describeSystemError } from "./file-reader.js";
import { JsonSyntaxError, parseJson, positionIn, type JsonNode } from "./json-text.js";
import { countEqual, type KnownFinding, type Mark } from "./known-findings.js";
import { UsageError } from "./usage-error.js";
import { writeWhole } from "./write-files.js";

const VERSION = 1;
const TEXTS = ["rule", "file", "function", "code", "trace"] as const;

class BaselineReader {
  constructor(
    readonly name: string,
    readonly text: string,
  ) {}

  read(): KnownFinding[] {
    const top = this.#parse();
    if (top.kind !== "object") return this.#fail(top.start, "is no baseline: it must hold one object");
    const members = new Map(top.members.map(({ key, value }) => [key, value]));
    const version = members.get("version");
    if (version?.kind !== "number") return this.#fail(top.start, "is no baseline: `version` is missing");
    if (version.value !== VERSION) {
      return this.#fail(version.start, `is a baseline of version ${version.value}; this release reads version ${VERSION}`);
    }
    const findings = members.get("findings");
    if (findings?.kind !== "array") return this.#fail(top.start, "is no baseline: `findings` must be an array");
    return findings.items.map((item) => this.#entry(item));
  }

  #parse(): JsonNode {
    try {
      return parseJson(this.text);
    } catch (error) {
      if (error instanceof JsonSyntaxError) this.#fail(error.offset, error.message);
      throw error;
    }
  }

  #entry(node: JsonNode): KnownFinding {
    const members = new Map(node.kind === "object" ? node.members.map(({ key, value }) => [key, value]) : []);
    const texts = TEXTS.map((key) => {
      const value = members.get(key);
      // What is empty is left out when it is written.
      if (value === undefined && key === "function") return [key, ""];
      return value?.kind === "string" ? [key, value.value] : this.#fail(node.start, `is no baseline: \`${key}\` of a finding must be a string`);
    });
    const count = members.get("count");
    if (count !== undefined && !(count.kind === "number" && Number.isInteger(count.value) && count.value > 0)) {
      return this.#fail(count.start, "is no baseline: `count` must be a whole number from 1 on");
    }
    return { ...(Object.fromEntries(texts) as unknown as Mark), count: count?.value ?? 1 };
  }

  #fail(offset: number, message: string): never {
    const { line, column } = positionIn(this.text, offset);
    throw new UsageError(`${this.name}:${line}:${column}: ${message}.`);
  }
}

const compareEntries = (a: Mark, b: Mark): number =>
  compareText(a.file, b.file) ||
  compareText(a.rule, b.rule) ||
  compareText(a.function, b.function) ||
  compareText(a.code, b.code) ||
  compareText(a.trace, b.trace);

/** A finding a line: the file can be read, compared and merged. */
const serialize = (entries: readonly KnownFinding[]): string => {
  const lines = [...entries].sort(compareEntries).map(({ rule, file, function: name, code, trace, count }) =>
    JSON.stringify({ rule, file, ...(name === "" ? {} : { function: name }), code, trace, ...(count === 1 ? {} : { count }) }),
  );
  return `{\n  "version": ${VERSION},\n  "findings": [${lines.map((line) => `\n    ${line}`).join(",")}${lines.length === 0 ? "" : "\n  "}]\n}\n`;
};

export class Baseline {
  readonly #absolute: string;
  readonly #folder: string;

  /** @param name as it was given, relative to `cwd` */
  constructor(
    readonly cwd: string,
    readonly name: string,
  ) {
    this.#absolute = path.resolve(cwd, name);
    this.#folder = path.dirname(this.#absolute);
  }

  /**
   * The entries of the file; none where there is no file and none is needed.
   *
   * @throws {UsageError} when it cannot be read or is no baseline
   */
  read(needed: boolean): KnownFinding[] {
    if (!needed && !existsSync(this.#absolute)) return [];
    let text: string;
    try {
      text = readFileSync(this.#absolute, "utf8");
    } catch (error) {
      const isMissing = (error as NodeJS.ErrnoException).code === "ENOENT";
      const message = isMissing ? "there is no such baseline; `--update-baseline` writes one" : `the baseline cannot be read: ${describeSystemError(error)}`;
      throw new UsageError(`${this.name}: ${message}.`, { cause: error });
    }
    return new BaselineReader(this.name, text.startsWith("\ufeff") ? text.slice(1) : text).read();
  }

  /**
   * Replaces the entries, in one step; a file that would hold the same is not touched.
   *
   * @throws {UsageError} when it cannot be written
   */
  write(marks: readonly Mark[], others: readonly KnownFinding[]): void {
    const bytes = Buffer.from(serialize([...countEqual(marks), ...others]), "utf8");
    try {
      if (existsSync(this.#absolute) && readFileSync(this.#absolute).equals(bytes)) return;
      writeWhole(this.#absolute, bytes);
    } catch (error) {
      throw new UsageError(`${this.name}: the baseline cannot be written: ${describeSystemError(error)}.`, { cause: error });
    }
  }

  /** The name of a file in entries, which is relative to the baseline: it means the same from every working directory. */
  nameOf(file: string): string {
    return path.relative(this.#folder, path.resolve(this.cwd, file)).replaceAll("\\", "/");
  }

  /** The absolute name of a file by its name in entries. */
  resolve(file: string): string {
    return path.resolve(this.#folder, file);
  }

  isGone(file: string): boolean {
    return !existsSync(this.resolve(file));
  }
}
