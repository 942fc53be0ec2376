/**
 * Which functions, macros and tables of all files of a tree mention which others, by hashes of names. Trees can have hundreds of thousands of them: they
 * are numbers, and what is known of them stands in arrays of numbers.
 */
import { enlarged, firstMention, isStaticAt, mentionsAt, nextItem, type NameOutline } from "../source/name-outline.js";

export interface OutlinedFile {
  readonly name: string;
  readonly outline: NameOutline;
  /** Whether the file names the library. */
  readonly isUser: boolean;
}

/** Who mentions whom. A name means the file's own item, where there is one, and else every item of that name that other files see. */
export class Links {
  readonly count: number;
  readonly #files: readonly OutlinedFile[];
  // Of each item: its file, where it begins in the outline of that, and its name.
  readonly #file: Int32Array;
  readonly #at: Int32Array;
  readonly #name: Int32Array;
  /** Names are numbered, too. */
  readonly #names = new Map<number, number>();
  /** Items by name, those of one name in the order of the files; the items of the name n are those from `#first[n]` to `#first[n + 1]`. */
  readonly #first: Int32Array;
  readonly #named: Int32Array;
  // Who mentions a name, as lists: the last entry of each name, and of each entry the one before it and the item.
  readonly #lastMention: Int32Array;
  #previous = new Int32Array(1024);
  #mentioning = new Int32Array(1024);

  constructor(files: readonly OutlinedFile[]) {
    this.#files = files;
    let count = 0;
    for (const { outline } of files) for (let at = 0; at < outline.length; at = nextItem(outline, at)) count++;
    this.count = count;
    this.#file = new Int32Array(count);
    this.#at = new Int32Array(count);
    this.#name = new Int32Array(count);
    let item = 0;
    for (const [index, { outline }] of files.entries()) {
      for (let at = 0; at < outline.length; at = nextItem(outline, at)) {
        const hash = outline[at]!;
        let name = this.#names.get(hash);
        if (name === undefined) this.#names.set(hash, (name = this.#names.size));
        this.#file[item] = index;
        this.#at[item] = at;
        this.#name[item++] = name;
      }
    }
    this.#first = new Int32Array(this.#names.size + 1);
    this.#named = new Int32Array(count);
    this.#sortByName();
    this.#lastMention = new Int32Array(this.#names.size).fill(-1);
    this.#collectMentions();
  }

  fileOf(item: number): OutlinedFile {
    return this.#files[this.#file[item]!]!;
  }

  /** The hash of its name. */
  nameOf(item: number): number {
    return this.fileOf(item).outline[this.#at[item]!]!;
  }

  mentionsOf(item: number): Int32Array {
    return mentionsAt(this.fileOf(item).outline, this.#at[item]!);
  }

  /** Marks what some items lead to, themselves included; what other files see of a name is followed once. */
  closure(isStart: (item: number) => boolean, direction: "users" | "used"): Uint8Array {
    const found = new Uint8Array(this.count);
    const queue: number[] = [];
    const add = (item: number): void => {
      if (found[item] === 1) return;
      found[item] = 1;
      queue.push(item);
    };
    for (let item = 0; item < this.count; item++) if (isStart(item)) add(item);
    const followed = new Uint8Array(this.#names.size);
    for (let item = queue.pop(); item !== undefined; item = queue.pop()) {
      if (direction === "users") this.#addUsers(item, add, followed);
      else this.#addUsed(item, add, followed);
    }
    return found;
  }

  #addUsers(item: number, add: (item: number) => void, followed: Uint8Array): void {
    const name = this.#name[item]!;
    const file = this.#file[item]!;
    const isOwnOnly = this.#isStatic(item) || followed[name] === 1;
    if (!isOwnOnly) followed[name] = 1;
    for (let entry = this.#lastMention[name]!; entry >= 0; entry = this.#previous[entry]!) {
      const user = this.#mentioning[entry]!;
      if (this.#file[user] === file || (!isOwnOnly && this.#ownItem(name, this.#file[user]!) < 0)) add(user);
    }
  }

  #addUsed(item: number, add: (item: number) => void, followed: Uint8Array): void {
    const file = this.#file[item]!;
    const { outline } = this.fileOf(item);
    const at = this.#at[item]!;
    for (let mention = firstMention(at); mention < nextItem(outline, at); mention++) {
      const name = this.#names.get(outline[mention]!);
      if (name === undefined) continue;
      const end = this.#first[name + 1]!;
      const own = this.#ownItem(name, file);
      if (own >= 0) {
        for (let i = own; i < end && this.#file[this.#named[i]!] === file; i++) add(this.#named[i]!);
      } else if (followed[name] === 0) {
        followed[name] = 1;
        for (let i = this.#first[name]!; i < end; i++) if (!this.#isStatic(this.#named[i]!)) add(this.#named[i]!);
      }
    }
  }

  #isStatic(item: number): boolean {
    return isStaticAt(this.fileOf(item).outline, this.#at[item]!);
  }

  /** Where the items begin, among those of a name, that a file has itself; -1 if it has none. */
  #ownItem(name: number, file: number): number {
    const end = this.#first[name + 1]!;
    let low = this.#first[name]!;
    for (let high = end; low < high; ) {
      const middle = (low + high) >> 1;
      if (this.#file[this.#named[middle]!]! < file) low = middle + 1;
      else high = middle;
    }
    return low < end && this.#file[this.#named[low]!] === file ? low : -1;
  }

  #sortByName(): void {
    for (let item = 0; item < this.count; item++) this.#first[this.#name[item]! + 1]!++;
    for (let name = 0; name < this.#names.size; name++) this.#first[name + 1]! += this.#first[name]!;
    const next = this.#first.slice();
    for (let item = 0; item < this.count; item++) this.#named[next[this.#name[item]!]!++] = item;
  }

  #collectMentions(): void {
    let length = 0;
    for (let item = 0; item < this.count; item++) {
      const { outline } = this.fileOf(item);
      const at = this.#at[item]!;
      for (let mention = firstMention(at); mention < nextItem(outline, at); mention++) {
        const name = this.#names.get(outline[mention]!);
        if (name === undefined) continue;
        const last = this.#lastMention[name]!;
        if (last >= 0 && this.#mentioning[last] === item) continue;
        if (length === this.#previous.length) {
          this.#previous = enlarged(this.#previous);
          this.#mentioning = enlarged(this.#mentioning);
        }
        this.#previous[length] = last;
        this.#mentioning[length] = item;
        this.#lastMention[name] = length++;
      }
    }
  }
}
