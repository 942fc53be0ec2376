/** Tells which files have changed on disk, for clients that do not watch them. */
import { fileStamp } from "../host/file-stamp.js";

/** How many of the files that matter less are looked at each time. */
const OTHERS_AT_ONCE = 2000;

export class Stamps {
  /** What is on disk, by absolute path, as far as it is known here. */
  readonly #files = new Map<string, string | undefined>();
  /** The same of files that only may come to matter: trees can have a hundred thousand. */
  readonly #others = new Map<string, string | undefined>();
  #round = this.#others.entries();

  /** A file is about to be read. */
  take(absolute: string): void {
    this.#files.set(absolute, fileStamp(absolute));
    this.#others.delete(absolute);
  }

  takeOther(absolute: string): void {
    this.#others.set(absolute, fileStamp(absolute));
    this.#files.delete(absolute);
  }

  /** Whether a file has been read and is still as it was. */
  isCurrent(absolute: string): boolean {
    const stamp = this.#others.get(absolute) ?? this.#files.get(absolute);
    return stamp !== undefined && stamp === fileStamp(absolute);
  }

  /** Nothing but these files matters any more, and they are as they were. */
  restart(kept: ReadonlySet<string>): void {
    for (const stamps of [this.#files, this.#others]) for (const absolute of stamps.keys()) if (!kept.has(absolute)) stamps.delete(absolute);
  }

  /** Files that are not as they were, told once; those that matter less in rounds. */
  changed(): string[] {
    const changed = [...this.#files].flatMap(([absolute, stamp]) => this.#check(this.#files, absolute, stamp));
    for (let count = Math.min(this.#others.size, OTHERS_AT_ONCE); count > 0; count--) {
      let next = this.#round.next();
      if (next.done === true) next = (this.#round = this.#others.entries()).next();
      if (next.done !== true) changed.push(...this.#check(this.#others, ...next.value));
    }
    return changed;
  }

  #check(stamps: Map<string, string | undefined>, absolute: string, stamp: string | undefined): string[] {
    const now = fileStamp(absolute);
    if (now === stamp) return [];
    stamps.set(absolute, now);
    return [absolute];
  }
}
