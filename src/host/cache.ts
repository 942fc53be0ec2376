/**
 * Results kept between runs: a pack of records by key, in one file. A pack is written whole and renamed into place, so that concurrent runs
 * see an old one or a new one and never half of one; what is broken or of another build is as good as none.
 */
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { deserialize, serialize } from "node:v8";
import { describeSystemError } from "./file-reader.js";
import { packageVersion } from "./package-info.js";

const MAGIC = "lws-lint cache 1\n";
const DIGEST = 32;
/** Runs after which a record that none of them asked for is left out. */
const KEPT_RUNS = 20;

const digest = (...parts: readonly (string | Uint8Array)[]): Buffer => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** The key of what depends on all of these, in this order. */
export const keyOf = (...parts: readonly (string | Uint8Array)[]): string =>
  digest(...parts.flatMap((part) => [`${part.length}:`, part])).toString("base64url");

/** What tells this build from every other: its version, the runtime that writes records, and the program's own files. */
const buildId = (): string => {
  const here = path.dirname(fileURLToPath(import.meta.url));
  // The bundle is one folder; sources are a tree.
  const folder = path.basename(here) === "host" ? path.dirname(here) : here;
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.[jt]s$/u.test(name))
    .sort()
    .map((name) => {
      const { size, mtimeMs } = statSync(path.join(folder, name));
      return `${name}:${size}:${mtimeMs}`;
    });
  return keyOf(packageVersion(), process.versions.v8, ...files);
};

const removeQuietly = (file: string): void => {
  try {
    rmSync(file, { force: true });
  } catch {
    // The folder it would be in is none.
  }
};

interface Entry {
  readonly bytes: Uint8Array;
  /** How many runs ago it was asked for. */
  readonly age: number;
}

/** Records of one pack, by key. */
export class Pack<T> {
  readonly #file: string;
  readonly #entries = new Map<string, Entry>();
  readonly #used = new Set<string>();
  #changed = false;
  /** Why what was there could not be used; absent when it could, or nothing was there. */
  readonly problem: string | undefined;

  constructor(folder: string, name: string) {
    this.#file = path.join(folder, `${name}.pack`);
    this.problem = this.#read();
  }

  get(key: string): T | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#used.add(key);
    try {
      return deserialize(entry.bytes) as T;
    } catch {
      this.#entries.delete(key);
      return undefined;
    }
  }

  put(key: string, value: T): void {
    this.#entries.set(key, { bytes: serialize(value), age: 0 });
    this.#used.add(key);
    this.#changed = true;
  }

  /** Writes what is new. @returns why that was not possible */
  save(): string | undefined {
    if (!this.#changed) return undefined;
    const index: [string, number, number][] = [];
    const bodies: Uint8Array[] = [];
    for (const [key, { bytes, age }] of this.#entries) {
      const now = this.#used.has(key) ? 0 : age + 1;
      if (now > KEPT_RUNS) continue;
      index.push([key, bytes.length, now]);
      bodies.push(bytes);
    }
    const header = Buffer.from(`${MAGIC}${buildId()}\n${JSON.stringify(index)}\n`);
    const temporary = `${this.#file}.${process.pid}.tmp`;
    try {
      mkdirSync(path.dirname(this.#file), { recursive: true });
      writeFileSync(temporary, Buffer.concat([digest(header, ...bodies), header, ...bodies]));
      renameSync(temporary, this.#file);
      return undefined;
    } catch (error) {
      removeQuietly(temporary);
      return describeSystemError(error);
    }
  }

  #read(): string | undefined {
    let content: Buffer;
    try {
      content = readFileSync(this.#file);
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === "ENOENT" ? undefined : "it cannot be read";
    }
    const expected = content.subarray(0, DIGEST);
    const rest = content.subarray(DIGEST);
    if (!digest(rest).equals(expected)) return "it is damaged";
    const build = rest.indexOf("\n", MAGIC.length);
    const end = rest.indexOf("\n", build + 1);
    // Another version's: nothing is wrong, and nothing of use.
    if (rest.toString("utf8", 0, build) !== MAGIC + buildId()) return undefined;
    let at = end + 1;
    for (const [key, length, age] of JSON.parse(rest.toString("utf8", build + 1, end)) as [string, number, number][]) {
      this.#entries.set(key, { bytes: rest.subarray(at, at + length), age });
      at += length;
    }
    return undefined;
  }
}
