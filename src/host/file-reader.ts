/** Reads candidate files into one reused buffer and keeps only those that may use libwebsockets. */
import { Buffer } from "node:buffer";
import { closeSync, constants, openSync, readSync } from "node:fs";
import { encodingOf } from "../source/decode.js";
import { LONGEST_TRACE, mayUseLws } from "../source/prefilter.js";

/** Sources are far smaller; what is larger is data written as C. In bytes. */
export const MAX_FILE_SIZE = 16 * 1024 * 1024;

const { O_RDONLY } = constants;

const FIRST_CAPACITY = 1024 * 1024;

export type ReadResult =
  | { readonly kind: "relevant"; readonly bytes: Uint8Array }
  /** Holds no trace of the library; its bytes are valid until the next file is read, and absent where it was too large or nobody wants them. */
  | { readonly kind: "irrelevant"; readonly bytes?: Uint8Array }
  /** May use the library and cannot be analysed, in words. */
  | { readonly kind: "refused"; readonly message: string };

const systemErrors: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "operation not permitted",
  ENOENT: "no such file or folder",
  ELOOP: "too many levels of symbolic links",
  EISDIR: "is a folder",
  ENOTDIR: "a part of the path is not a folder",
  ENAMETOOLONG: "the name is too long",
  EMFILE: "too many open files",
  EIO: "input/output error",
  EROFS: "the file system is read-only",
  ENOSPC: "no space left on the device",
};

/** An error of the file system in words, without the path, which the caller names. */
export const describeSystemError = (error: unknown): string => {
  const code = (error as NodeJS.ErrnoException).code;
  if (code !== undefined) return systemErrors[code] ?? code;
  return error instanceof Error ? error.message : String(error);
};

export class FileReader {
  #buffer = Buffer.allocUnsafeSlow(FIRST_CAPACITY);

  /**
   * Reads one file. Never throws: what goes wrong is in the result.
   *
   * @param named whether somebody asked for this very file: then it is told why it is left out even when it has no
   *   trace of the library
   */
  read(file: string, named = false): ReadResult {
    let descriptor: number;
    try {
      descriptor = openSync(file, O_RDONLY);
    } catch (error) {
      return { kind: "refused", message: `cannot be read: ${describeSystemError(error)}` };
    }
    try {
      return this.#classify(descriptor, this.#fill(descriptor, named), named);
    } catch (error) {
      return { kind: "refused", message: `cannot be read: ${describeSystemError(error)}` };
    } finally {
      closeSync(descriptor);
    }
  }

  /** What `use` makes of the bytes of a file, which are valid until it returns; `undefined` for files that are not read. */
  inspect<R>(file: string, use: (bytes: Uint8Array) => R): R | undefined {
    let descriptor: number | undefined;
    try {
      descriptor = openSync(file, O_RDONLY);
      const length = this.#fill(descriptor, false);
      return length > MAX_FILE_SIZE ? undefined : use(this.#buffer.subarray(0, length));
    } catch {
      return undefined; // The scan read it a moment ago: it is gone, and means nothing.
    } finally {
      if (descriptor !== undefined) closeSync(descriptor);
    }
  }

  /** Judges bytes that did not come from a file. */
  static judge(bytes: Uint8Array, named: boolean): ReadResult {
    const relevant = mayUseLws(bytes);
    if ((relevant || named) && encodingOf(bytes) === "utf-8" && bytes.includes(0)) {
      return { kind: "refused", message: "is a binary file (it holds NUL bytes); skipped" };
    }
    return { kind: relevant ? "relevant" : "irrelevant", bytes };
  }

  /** Judges bytes that will be overwritten: those of relevant files are copied. */
  static judgeBorrowed(bytes: Uint8Array, named: boolean): ReadResult {
    const result = FileReader.judge(bytes, named);
    return result.kind === "relevant" ? { kind: "relevant", bytes: new Uint8Array(bytes) } : result;
  }

  /**
   * Reads up to one byte more than the limit; returns how many bytes are in the buffer.
   *
   * @param untilEmpty whether a short read may not be the end, as with pipes; a regular file saves a system call
   */
  #fill(descriptor: number, untilEmpty: boolean): number {
    let length = 0;
    for (;;) {
      const count = readSync(descriptor, this.#buffer, length, this.#buffer.length - length, null);
      length += count;
      if (count === 0 || length > MAX_FILE_SIZE) return length;
      if (length < this.#buffer.length) {
        if (!untilEmpty) return length;
        continue;
      }
      const larger = Buffer.allocUnsafeSlow(Math.min(this.#buffer.length * 4, MAX_FILE_SIZE + 1));
      this.#buffer.copy(larger, 0, 0, length);
      this.#buffer = larger;
    }
  }

  #classify(descriptor: number, length: number, named: boolean): ReadResult {
    if (length > MAX_FILE_SIZE) {
      return named || this.#traceInRest(descriptor, length)
        ? { kind: "refused", message: `is larger than ${MAX_FILE_SIZE / 1024 / 1024} MB; not analyzed` }
        : { kind: "irrelevant" };
    }
    return FileReader.judgeBorrowed(this.#buffer.subarray(0, length), named);
  }

  /** Searches what is in the buffer and then the rest of the file, piece by piece. */
  #traceInRest(descriptor: number, filled: number): boolean {
    let length = filled;
    while (!mayUseLws(this.#buffer, length)) {
      this.#buffer.copy(this.#buffer, 0, length - LONGEST_TRACE, length);
      const count = readSync(descriptor, this.#buffer, LONGEST_TRACE, this.#buffer.length - LONGEST_TRACE, null);
      if (count === 0) return false;
      length = LONGEST_TRACE + count;
    }
    return true;
  }
}
