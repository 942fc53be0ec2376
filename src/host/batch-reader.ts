/** Reads many files into one buffer and searches them together: most have no trace of the library, and to search each for itself takes longer than to read it. */
import { Buffer } from "node:buffer";
import { closeSync, openSync, readSync } from "node:fs";
import { encodingOf } from "../source/decode.js";
import { mayUseLws } from "../source/prefilter.js";
import { FileReader, type ReadResult } from "./file-reader.js";

/** About how many bytes are searched at once: what a processor has in its cache then. */
const BATCH = 128 * 1024;

/** For the last file of a batch. A larger one is read alone. */
const ROOM = 1024 * 1024;

const IRRELEVANT = { kind: "irrelevant" } as const;

/** As `FileReader.read` takes it. */
export interface FileToRead {
  readonly absolute: string;
  readonly named: boolean;
}

export class BatchReader<File extends FileToRead> {
  readonly #reader = new FileReader();
  readonly #buffer = Buffer.allocUnsafeSlow(BATCH + ROOM);
  readonly #files: File[] = [];
  /** Where each of them ends in the buffer. */
  readonly #ends: number[] = [];
  /** Whether some file of the batch has to be looked at for itself. */
  #isMixed = false;

  /**
   * @param onResult is told in the order in which files were added
   * @param wantsBytes whether it wants those of irrelevant files, which are valid until it returns
   */
  constructor(
    readonly onResult: (file: File, result: ReadResult) => void,
    readonly wantsBytes: boolean,
  ) {}

  /** Reads a file, or remembers to. */
  add(file: File): void {
    const start = this.#ends.at(-1) ?? 0;
    // What was named may be a pipe, and is told of if it is left out.
    const end = file.named ? undefined : this.#append(file.absolute, start);
    if (end === undefined) {
      this.flush();
      this.onResult(file, this.#reader.read(file.absolute, file.named));
      return;
    }
    this.#files.push(file);
    this.#ends.push(end);
    // Its letters do not stand side by side.
    if (encodingOf(this.#buffer, start) !== "utf-8") this.#isMixed = true;
    if (end >= BATCH) this.flush();
  }

  /** Tells of all files that are remembered. */
  flush(): void {
    const length = this.#ends.at(-1) ?? 0;
    const hasTrace = this.#isMixed || mayUseLws(this.#buffer, length);
    let start = 0;
    for (let index = 0; index < this.#files.length; index++) {
      const end = this.#ends[index]!;
      this.onResult(this.#files[index]!, hasTrace || this.wantsBytes ? FileReader.judgeBorrowed(this.#buffer.subarray(start, end), false) : IRRELEVANT);
      start = end;
    }
    this.#files.length = 0;
    this.#ends.length = 0;
    this.#isMixed = false;
  }

  /** Reads a file to a place in the buffer; returns where it ends, `undefined` where it cannot be read or is too large. */
  #append(absolute: string, start: number): number | undefined {
    let descriptor: number | undefined;
    try {
      descriptor = openSync(absolute, "r");
      const count = readSync(descriptor, this.#buffer, start, ROOM, null);
      return count < ROOM ? start + count : undefined;
    } catch {
      return undefined; // Tried again by the other reader, which says why.
    } finally {
      if (descriptor !== undefined) closeSync(descriptor);
    }
  }
}
