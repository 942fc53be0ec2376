/**
 * Files that do not name the library and yet lie on a way to it: a callback hands on to a function that knows nothing of libwebsockets, and that one comes
 * back to a function that does. Found over the names that functions mention, as a fixpoint from both ends; the files outside of it are never parsed.
 */
import { fieldStoreHash, hashesIn, INCLUDES, nameHash, outlineNames, storeHash, type NameOutline } from "../source/name-outline.js";
import { namesLws } from "../source/prefilter.js";
import { FileReader } from "./file-reader.js";
import type { Connecting, Scan } from "./scan.js";

/** Files of a scan without a trace of the library that connect those that have some, with what can be left out of each. */
export function findConnecting(scan: Scan): Connecting {
  const reader = new FileReader();
  if (![...scan.files.values()].some(({ bytes }) => namesLws(bytes))) return new Map();
  const outlined: OutlinedFile[] = [...scan.files.values()].map(({ name, bytes }) => ({ name, outline: outlineNames(bytes), isUser: namesLws(bytes) }));
  for (const { name, absolute } of scan.irrelevant) {
    const outline = reader.inspect(absolute, (bytes) => outlineNames(bytes));
    if (outline !== undefined) outlined.push({ name, outline, isUser: false });
  }
  const found = connectingFiles(outlined);
  if (found.size === 0) return new Map();
  const known = new Set<number>();
  for (const { bytes } of scan.files.values()) for (const name of hashesIn(bytes)) known.add(name);
  const shared = new Set([...known].flatMap((name) => [storeHash(name), fieldStoreHash(name)]));
  return new Map(scan.irrelevant.flatMap(({ name, absolute }): [string, readonly number[]][] => {
    const linked = found.get(name);
    const outline = linked && reader.inspect(absolute, (bytes) => outlineNames(bytes, true));
    return outline ? [[name, leftOut(outline, linked, shared)]] : [];
  }));
}

/**
 * Hashes of the names of functions of a connecting file that nothing of the program turns on: no way leads through them or from them to the library, or
 * from there to them, and they set nothing that a file with a trace of the library so much as mentions.
 */
export function leftOut(outline: NameOutline, linked: ReadonlySet<number>, shared: ReadonlySet<number>): readonly number[] {
  const kept = new Set(linked);
  const all = new Set<number>();
  for (const { name, from, to } of itemsOf({ name: "", outline, isUser: false })) {
    all.add(name);
    if (outline.subarray(from, to).some((mentioned) => mentioned === INCLUDES || shared.has(mentioned))) kept.add(name);
  }
  return [...all].filter((name) => !kept.has(name));
}

export interface OutlinedFile {
  readonly name: string;
  readonly outline: NameOutline;
  /** Whether the file names the library. */
  readonly isUser: boolean;
}

/** Functions that start something of its own: what it does is not asked of by a callback. */
const STARTERS: ReadonlySet<number> = new Set(
  [
    "pthread_create", "thrd_create", "CreateThread", "_beginthreadex", "_beginthread", "g_thread_new", "g_thread_try_new", "uv_thread_create", "uv_queue_work", "xTaskCreate",
    "xTaskCreatePinnedToCore", "signal", "sigaction", "bsd_signal", "thread", "jthread", "async", "QThread", "SDL_CreateThread",
  ].map(nameHash),
);

interface Item {
  readonly file: OutlinedFile;
  readonly isStatic: boolean;
  readonly name: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Files, of those that do not name the library, that connect ones that do or that start a thread or a signal handler which leads there. For each the
 * names of its items that have to do with it: which lead to the library, or are reached from where it is used.
 */
export function connectingFiles(files: readonly OutlinedFile[]): ReadonlyMap<string, ReadonlySet<number>> {
  const links = new Links(files);
  const leading = links.closure(links.items.filter(({ file }) => file.isUser), "users");
  const starts = ({ file: { outline }, from, to }: Item): boolean => outline.subarray(from, to).some((name) => STARTERS.has(name));
  const reached = links.closure(links.items.filter((item) => item.file.isUser || (leading.has(item) && starts(item))), "used");
  const found = new Map<string, Set<number>>();
  for (const item of leading) if (!item.file.isUser && reached.has(item)) found.set(item.file.name, new Set());
  for (const items of [leading, reached]) for (const { file, name } of items) found.get(file.name)?.add(name);
  return found;
}

/** Who mentions whom. A name means the file's own item, where there is one, and else every item of that name that other files see. */
class Links {
  readonly items: readonly Item[];
  readonly #shared = new Map<number, Item[]>();
  readonly #own = new Map<OutlinedFile, Map<number, Item[]>>();
  readonly #mentions = new Map<number, Item[]>();

  constructor(files: readonly OutlinedFile[]) {
    this.items = files.flatMap(itemsOf);
    for (const item of this.items) {
      let names = this.#own.get(item.file);
      if (!names) {
        names = new Map<number, Item[]>();
        this.#own.set(item.file, names);
      }
      append(names, item.name, item);
      if (!item.isStatic) append(this.#shared, item.name, item);
      if (!this.#mentions.has(item.name)) this.#mentions.set(item.name, []);
    }
    for (const item of this.items) {
      const { outline } = item.file;
      for (let at = item.from; at < item.to; at++) {
        const list = this.#mentions.get(outline[at]!);
        if (list !== undefined && list.at(-1) !== item) list.push(item);
      }
    }
  }

  /** All that some items lead to, themselves included; what other files see of a name is followed once. */
  closure(from: readonly Item[], direction: "users" | "used"): ReadonlySet<Item> {
    const found = new Set(from);
    const followed = new Set<number>();
    for (const item of found) {
      if (direction === "users") this.#addUsers(item, found, followed);
      else this.#addUsed(item, found, followed);
    }
    return found;
  }

  #addUsers(item: Item, found: Set<Item>, followed: Set<number>): void {
    const isOwnOnly = item.isStatic || followed.has(item.name);
    if (!isOwnOnly) followed.add(item.name);
    for (const user of this.#mentions.get(item.name) ?? []) {
      if (user.file === item.file || (!isOwnOnly && !this.#own.get(user.file)!.has(item.name))) found.add(user);
    }
  }

  #addUsed(item: Item, found: Set<Item>, followed: Set<number>): void {
    const names = this.#own.get(item.file)!;
    const { outline } = item.file;
    for (let at = item.from; at < item.to; at++) {
      const name = outline[at]!;
      const own = names.get(name);
      if (own === undefined && followed.has(name)) continue;
      if (own === undefined) followed.add(name);
      for (const used of own ?? this.#shared.get(name) ?? []) found.add(used);
    }
  }
}

function itemsOf(file: OutlinedFile): Item[] {
  const items: Item[] = [];
  const { outline } = file;
  for (let at = 0; at < outline.length; ) {
    const from = at + 3;
    const to = from + outline[at + 2]!;
    items.push({ file, name: outline[at]!, isStatic: outline[at + 1] === 1, from, to });
    at = to;
  }
  return items;
}

function append<K, T>(map: Map<K, T[]>, key: K, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
