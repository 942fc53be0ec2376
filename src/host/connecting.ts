/**
 * Files that do not name the library and yet lie on a way to it: a callback hands on to a function that knows nothing of libwebsockets, and that one comes
 * back to a function that does. Found over the names that functions mention, as a fixpoint from both ends; the files outside of it are never parsed.
 */
import { Buffer } from "node:buffer";
import { firstMention, hashesIn, INCLUDES, mentionsAt, nameHash, nextItem, outlineNames, storedField, storedName, type NameOutline } from "../source/name-outline.js";
import { namesLws } from "../source/prefilter.js";
import { sameNumbers } from "../source/same-numbers.js";
import { FileReader } from "./file-reader.js";
import { Links, type OutlinedFile } from "./links.js";
import type { Connecting, Scan } from "./scan.js";

/** A file that may lie on a way or at the end of one: in memory, or on disk. */
export type WayFile = { readonly name: string } & ({ readonly bytes: Uint8Array } | { readonly absolute: string; readonly bytes?: undefined });

/** What `use` makes of the bytes of a file on disk, which are valid until it returns; `undefined` for files that cannot be read. */
export type Inspect = <R>(absolute: string, use: (bytes: Uint8Array) => R) => R | undefined;

/** Files of a scan without a trace of the library that connect those that have some, with what can be left out of each. */
export function findConnecting(scan: Scan): Connecting {
  const reader = new FileReader();
  const connections = new Connections((absolute, use) => reader.inspect(absolute, use));
  for (const file of scan.files.values()) connections.set(file, true);
  for (const file of scan.irrelevant) connections.set(file, false);
  return connections.find();
}

const NOTHING = new Uint8Array(0);
const NO_OUTLINE: NameOutline = new Int32Array(0);
const NONE: Connecting = new Map();

/** What is known of one file. */
class Known implements OutlinedFile {
  isUser = false;
  outline = NO_OUTLINE;
  /** The names in its text, each once; of files with a trace of the library, once they are asked for. */
  words: Int32Array | undefined;
  /** The outline with stores, of files that connect. */
  stores: NameOutline | undefined;
  leavesOut: readonly number[] | undefined;

  constructor(
    public file: WayFile,
    readonly hasTrace: boolean,
  ) {}

  get name(): string {
    return this.file.name;
  }
}

/**
 * Finds the files that connect others, again and again while files change. Of each file an outline is kept, and the ways are followed anew only where one
 * changed in a way that matters. Nothing is read before somebody asks, nor while no file names the library.
 */
export class Connections {
  readonly #files = new Map<string, Known>();
  /** Files whose text has not been looked at. */
  readonly #pending = new Set<Known>();
  /** How many files name the library. */
  #users = 0;
  /** By connecting file, what of it lies on ways; `undefined` where that may have changed. */
  #ways: ReadonlyMap<string, ReadonlySet<number>> | undefined;
  /** The names of all items; made when an outline changes. */
  #itemNames: ReadonlySet<number> | undefined;
  /** In how many files with a trace of the library a name stands. */
  readonly #words = new Map<number, number>();
  /** Whether what is left out of every connecting file has to be found anew. */
  #isOutdated = true;

  constructor(readonly inspect: Inspect) {}

  /** Whether a file is there that has a trace of the library, or none. */
  has(name: string, hasTrace: boolean): boolean {
    return this.#files.get(name)?.hasTrace === hasTrace;
  }

  /** A file is there, or has another text than before. */
  set(file: WayFile, hasTrace: boolean): void {
    let known = this.#files.get(file.name);
    if (known?.hasTrace === hasTrace && known.file.bytes !== undefined && file.bytes !== undefined && Buffer.compare(known.file.bytes, file.bytes) === 0) {
      known.file = file;
      return;
    }
    if (known?.hasTrace === hasTrace) known.file = file;
    else {
      this.remove(file.name);
      this.#files.set(file.name, (known = new Known(file, hasTrace)));
    }
    this.#pending.add(known);
  }

  remove(name: string): void {
    const known = this.#files.get(name);
    if (known === undefined) return;
    this.#setUser(known, false);
    this.#setOutline(known, NO_OUTLINE);
    this.#setWords(known, undefined);
    this.#pending.delete(known);
    this.#files.delete(name);
  }

  /**
   * Looks at what has changed, as `find` would.
   *
   * @param isOver whether to go on another time
   * @returns whether everything has been looked at
   */
  look(isOver: () => boolean): boolean {
    for (const known of this.#pending) {
      if (!known.hasTrace) continue;
      this.#read(known, (bytes) => {
        this.#setUser(known, namesLws(bytes));
        if (known.isUser) this.#take(known, bytes);
      });
    }
    if (this.#users === 0) return true;
    for (const known of this.#pending) {
      if (isOver()) return false;
      this.#read(known, (bytes) => this.#take(known, bytes));
    }
    return true;
  }

  /** The files that connect others now. What is left out of a file is the same array while it is the same. */
  find(): Connecting {
    this.look(() => false);
    if (this.#users === 0) return NONE;
    if (this.#ways === undefined) {
      this.#ways = connectingFiles([...this.#files.values()]);
      this.#isOutdated = true;
    }
    if (this.#ways.size === 0) return NONE;
    for (const known of this.#files.values()) if (known.hasTrace && known.words === undefined) this.#read(known, (bytes) => this.#setWords(known, hashesIn(bytes)));
    const isShared = (stored: number): boolean => this.#words.has(storedName(stored)) || this.#words.has(storedField(stored));
    const found = new Map<string, readonly number[]>();
    for (const [name, linked] of this.#ways) {
      const known = this.#files.get(name)!;
      // One with something like a trace is read anyway.
      if (known.hasTrace) continue;
      if (this.#isOutdated || known.stores === undefined) {
        known.stores ??= this.#read(known, (bytes) => outlineNames(bytes, true));
        const names = leftOut(known.stores, linked, isShared);
        if (known.leavesOut === undefined || !sameNumbers(known.leavesOut, names)) known.leavesOut = names;
      }
      found.set(name, known.leavesOut!);
    }
    this.#isOutdated = false;
    return found;
  }

  /** A file that is gone meanwhile means nothing. */
  #read<R>({ file }: Known, use: (bytes: Uint8Array) => R): R {
    if (file.bytes !== undefined) return use(file.bytes);
    let result: { readonly of: R } | undefined;
    this.inspect(file.absolute, (bytes) => (result = { of: use(bytes) }));
    return (result ?? { of: use(NOTHING) }).of;
  }

  #take(known: Known, bytes: Uint8Array): void {
    this.#setOutline(known, outlineNames(bytes));
    if (known.words !== undefined) this.#setWords(known, hashesIn(bytes));
    this.#pending.delete(known);
  }

  #setUser(known: Known, isUser: boolean): void {
    if (known.isUser === isUser) return;
    known.isUser = isUser;
    this.#users += isUser ? 1 : -1;
    this.#ways = undefined;
  }

  #setOutline(known: Known, outline: NameOutline): void {
    known.stores = undefined;
    if (sameNumbers(known.outline, outline)) return;
    if (this.#ways !== undefined && !this.#leadAlike(known.outline, outline)) this.#ways = undefined;
    if (this.#ways === undefined) this.#itemNames = undefined;
    known.outline = outline;
  }

  /** Whether two outlines of a file lead to the same: a name that is no function's, macro's or table's leads nowhere. */
  #leadAlike(a: NameOutline, b: NameOutline): boolean {
    const names = (this.#itemNames ??= namesOfItems(this.#files.values()));
    const skip = (outline: NameOutline, from: number, end: number): number => {
      let at = from;
      while (at < end && !names.has(outline[at]!) && !STARTERS.has(outline[at]!)) at++;
      return at;
    };
    let i = 0;
    let k = 0;
    while (i < a.length && k < b.length) {
      if (a[i] !== b[k] || a[i + 1] !== b[k + 1]) return false;
      const ends = { a: nextItem(a, i), b: nextItem(b, k) };
      i = skip(a, firstMention(i), ends.a);
      k = skip(b, firstMention(k), ends.b);
      while (i < ends.a && k < ends.b && a[i] === b[k]) {
        i = skip(a, i + 1, ends.a);
        k = skip(b, k + 1, ends.b);
      }
      if (i < ends.a || k < ends.b) return false;
    }
    return i === a.length && k === b.length;
  }

  #setWords(known: Known, words: ReadonlySet<number> | undefined): void {
    const before = known.words;
    known.words = words && Int32Array.from(words);
    if (before && known.words && sameNumbers(before, known.words)) return;
    for (const word of known.words ?? []) {
      const count = this.#words.get(word) ?? 0;
      if (count === 0) this.#isOutdated = true;
      this.#words.set(word, count + 1);
    }
    for (const word of before ?? []) {
      const count = this.#words.get(word)!;
      if (count > 1) this.#words.set(word, count - 1);
      else {
        this.#words.delete(word);
        this.#isOutdated = true;
      }
    }
  }
}

function namesOfItems(files: Iterable<OutlinedFile>): ReadonlySet<number> {
  const names = new Set<number>();
  for (const { outline } of files) for (let at = 0; at < outline.length; at = nextItem(outline, at)) names.add(outline[at]!);
  return names;
}

/**
 * Hashes of the names of functions of a connecting file that nothing of the program turns on: no way leads through them or from them to the library, or
 * from there to them, and they set nothing that a file with a trace of the library so much as mentions.
 *
 * @param isShared whether such a file mentions what a store stands for
 */
export function leftOut(outline: NameOutline, linked: ReadonlySet<number>, isShared: (stored: number) => boolean): readonly number[] {
  const kept = new Set(linked);
  const all = new Set<number>();
  for (let at = 0; at < outline.length; at = nextItem(outline, at)) {
    const name = outline[at]!;
    all.add(name);
    if (mentionsAt(outline, at).some((mentioned) => mentioned === INCLUDES || isShared(mentioned))) kept.add(name);
  }
  return [...all].filter((name) => !kept.has(name));
}

/** Functions that start something of its own: what it does is not asked of by a callback. */
const STARTERS: ReadonlySet<number> = new Set(
  [
    "pthread_create", "thrd_create", "CreateThread", "_beginthreadex", "_beginthread", "g_thread_new", "g_thread_try_new", "uv_thread_create", "uv_queue_work", "xTaskCreate",
    "xTaskCreatePinnedToCore", "signal", "sigaction", "bsd_signal", "thread", "jthread", "async", "QThread", "SDL_CreateThread",
  ].map(nameHash),
);

/**
 * Files, of those that do not name the library, that connect ones that do or that start a thread or a signal handler which leads there. For each the
 * names of its items that have to do with it: which lead to the library, or are reached from where it is used.
 */
export function connectingFiles(files: readonly OutlinedFile[]): ReadonlyMap<string, ReadonlySet<number>> {
  const links = new Links(files);
  const isUser = (item: number): boolean => links.fileOf(item).isUser;
  const leading = links.closure(isUser, "users");
  const starts = (item: number): boolean => links.mentionsOf(item).some((name) => STARTERS.has(name));
  const reached = links.closure((item) => isUser(item) || (leading[item] === 1 && starts(item)), "used");
  const found = new Map<string, Set<number>>();
  for (let item = 0; item < links.count; item++) {
    if (leading[item] === 1 && reached[item] === 1 && !isUser(item)) found.set(links.fileOf(item).name, new Set());
  }
  for (let item = 0; item < links.count; item++) {
    if (leading[item] === 1 || reached[item] === 1) found.get(links.fileOf(item).name)?.add(links.nameOf(item));
  }
  return found;
}
