/**
 * Files that do not name the library and yet lie on a way to it: a callback hands on to a function that knows nothing of libwebsockets, and that one comes
 * back to a function that does. Found over the names that functions mention, as a fixpoint from both ends; the files outside of it are never parsed.
 */
import { fieldStoreHash, hashesIn, INCLUDES, nameHash, outlineNames, storeHash, mentionsAt, nextItem, type NameOutline } from "../source/name-outline.js";
import { namesLws } from "../source/prefilter.js";
import { FileReader } from "./file-reader.js";
import { Links, type OutlinedFile } from "./links.js";
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
  for (let at = 0; at < outline.length; at = nextItem(outline, at)) {
    const name = outline[at]!;
    all.add(name);
    if (mentionsAt(outline, at).some((mentioned) => mentioned === INCLUDES || shared.has(mentioned))) kept.add(name);
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
