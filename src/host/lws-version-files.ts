/**
 * Finds the files that tell the release of libwebsockets: in the folders above the files that use it, and in the few places near them where
 * copies of the library and build files lie. Nothing is searched: every folder and file is looked up by its name.
 */
import { readdirSync, readFileSync, statSync, type Dirent } from "node:fs";
import path from "node:path";
import { compareText } from "../diagnostics/order.js";
import { compareReleases, type ReleaseRange } from "../lws/api/releases.js";
import { displayName } from "./discover.js";
import { choose, isBuildFile, readVersion, submodulePaths, type Evidence, type VersionSource } from "./lws-version.js";

/** Evidence with the file it stands in, as results name files. */
export interface FoundVersion extends Evidence {
  readonly file: string;
}

export interface FinderOptions {
  readonly cwd: string;
  /** What is scanned, as named on the command line: nothing above it is read unless it lies in a repository or below `cwd`. */
  readonly paths: readonly string[];
  /** Names of folders that are copies of libwebsockets. */
  readonly copies?: readonly string[];
  /** Folders of the system's headers: they count where a project says nothing. */
  readonly systemIncludes?: readonly string[];
}

const LARGEST_FILE = 1 << 20;
const MOST_FOLDERS = 4000;
const MOST_CMAKE_FILES = 40;

/** Folders in which projects keep copies of other projects. */
const CONTAINERS =
  /^(?:third[_-]?part(?:y|ies)|3rd[_-]?part(?:y|ies)|deps?|dependencies|externals?|extern|ext|vendors?|libs?|subprojects|submodules|modules|components|contrib|_deps)$/iu;
const COPY = /^libwebsockets?(?:[-_.]?v?\d[\w.-]*|-src|-stable|-main|-master)?$/iu;
/** Where a header may lie that a build has written. */
const HEADER_FOLDERS = ["", "include/", "build/", "build/include/"];

/** What is there outranks what a file says about it. */
const RANK: Readonly<Partial<Record<VersionSource, number>>> = { "lws_config.h": 0, submodule: 1, vendored: 1 };
const rank = ({ source }: Evidence): number => RANK[source] ?? 2;

const isAtOrBelow = (folder: string, top: string): boolean => folder === top || folder.startsWith(top.endsWith("/") ? top : `${top}/`);

export class VersionFinder {
  readonly #byFolder = new Map<string, FoundVersion | undefined>();
  readonly #evidence = new Map<string, readonly FoundVersion[]>();
  readonly #entries = new Map<string, readonly Dirent[]>();
  readonly #copies = new Map<string, string[]>();
  readonly #tops: readonly string[];
  #system: FoundVersion | null | undefined;

  constructor(readonly options: FinderOptions) {
    const { cwd, paths, copies = [] } = options;
    this.#tops = [cwd, ...paths.map((one) => path.resolve(cwd, one))];
    for (const copy of copies) {
      const absolute = path.resolve(cwd, copy);
      let owner = path.dirname(absolute);
      while (CONTAINERS.test(path.basename(owner))) owner = path.dirname(owner);
      this.#copies.set(owner, [...(this.#copies.get(owner) ?? []), absolute]);
    }
  }

  /** The release that holds for a file; `undefined` where nothing tells. */
  of(absolute: string): FoundVersion | undefined {
    const folder = path.dirname(absolute);
    if (!this.#byFolder.has(folder)) {
      const places = this.#foldersAbove(folder).map((one) => this.#evidenceIn(one));
      this.#byFolder.set(folder, choose(places) ?? this.#installed());
    }
    return this.#byFolder.get(folder);
  }

  /** From the folder of a file up to the top of its repository; without one, to what is scanned or the working directory. */
  #foldersAbove(folder: string): string[] {
    const chain: string[] = [];
    let upToTop = 0;
    for (let current = folder; chain.length < 64; current = path.dirname(current)) {
      chain.push(current);
      if (this.#tops.some((top) => isAtOrBelow(current, top))) upToTop = chain.length;
      if (this.#list(current).some((entry) => entry.name === ".git")) return chain;
      if (current === path.dirname(current)) break;
    }
    return chain.slice(0, Math.max(upToTop, 1));
  }

  #evidenceIn(folder: string): readonly FoundVersion[] {
    const known = this.#evidence.get(folder);
    if (known !== undefined) return known;
    const found = [...this.#copiesIn(folder), ...this.#buildFilesIn(folder)].sort((a, b) => rank(a) - rank(b));
    this.#evidence.set(folder, found);
    return found;
  }

  #copiesIn(folder: string): FoundVersion[] {
    const folders = (at: string): string[] => this.#list(at).filter((entry) => !entry.isFile()).map((entry) => entry.name);
    const inside = (at: string): string[] => folders(at).filter((name) => COPY.test(name)).map((name) => `${at}/${name}`);
    const containers = folders(folder).filter((name) => CONTAINERS.test(name)).sort(compareText);
    const modules = this.#read(folder, ".gitmodules");
    const submodules = modules === undefined ? [] : submodulePaths(modules).map((one) => path.resolve(folder, one));
    const copies = new Set([
      ...submodules,
      ...(this.#copies.get(folder) ?? []),
      ...inside(folder),
      ...containers.flatMap((name) => inside(`${folder}/${name}`)),
      ...(folders(folder).includes("build") ? inside(`${folder}/build/_deps`) : []),
    ]);
    return [...copies].flatMap((copy) => this.#inCopy(copy, submodules.includes(copy) ? "submodule" : "vendored"));
  }

  #inCopy(copy: string, source: VersionSource): FoundVersion[] {
    for (const at of HEADER_FOLDERS) {
      const header = this.#versionsIn(copy, `${at}lws_config.h`);
      if (header.length > 0) return header;
    }
    const own = this.#versionsIn(copy, "CMakeLists.txt").filter((one) => one.source === "vendored");
    if (own.length > 0) return own.map((one) => ({ ...one, source }));
    return ["libwebsockets.pc", "lib/pkgconfig/libwebsockets.pc"].flatMap((file) => this.#versionsIn(copy, file)).slice(0, 1);
  }

  #buildFilesIn(folder: string): FoundVersion[] {
    const names = new Set(this.#list(folder).map((entry) => entry.name));
    const headers = HEADER_FOLDERS.filter((at) => at === "" || names.has(at.split("/", 1)[0]!)).map((at) => `${at}lws_config.h`);
    const cmakeFolder = ["cmake", "CMake"].find((name) => names.has(name));
    const modules = cmakeFolder === undefined ? [] : this.#list(`${folder}/${cmakeFolder}`).map(({ name }) => `${cmakeFolder}/${name}`).filter((name) => name.endsWith(".cmake"));
    const here = [...names].filter((name) => isBuildFile(name) && !/^(?:control(?:\.in)?|lws_config\.h)$/u.test(name));
    const files = [
      ...headers,
      ...[...here, ...modules].sort(compareText).slice(0, MOST_CMAKE_FILES),
      ...(names.has("debian") ? ["debian/control", "debian/control.in"] : []),
      ...(names.has("subprojects") ? ["subprojects/libwebsockets.wrap"] : []),
    ];
    return files.flatMap((file) => this.#versionsIn(folder, file));
  }

  #versionsIn(folder: string, name: string): FoundVersion[] {
    const text = this.#read(folder, name);
    if (text === undefined) return [];
    const file = displayName(this.options.cwd, `${folder}/${name}`);
    return readVersion(path.basename(name), text).map((evidence) => ({ ...evidence, file }));
  }

  #installed(): FoundVersion | undefined {
    if (this.#system === undefined) {
      const [first = null] = (this.options.systemIncludes ?? []).flatMap((folder) =>
        this.#versionsIn(folder, "lws_config.h").map((one) => ({ ...one, file: `${folder}/lws_config.h` })),
      );
      this.#system = first;
    }
    return this.#system ?? undefined;
  }

  #list(folder: string): readonly Dirent[] {
    const known = this.#entries.get(folder);
    if (known !== undefined) return known;
    let entries: readonly Dirent[] = [];
    if (this.#entries.size < MOST_FOLDERS) {
      try {
        entries = readdirSync(folder, { withFileTypes: true });
      } catch {
        // A folder that cannot be read tells nothing.
      }
    }
    this.#entries.set(folder, entries);
    return entries;
  }

  #read(folder: string, name: string): string | undefined {
    const file = `${folder}/${name}`;
    try {
      const stat = statSync(file);
      return stat.isFile() && stat.size <= LARGEST_FILE ? readFileSync(file, "utf8") : undefined;
    } catch {
      return undefined;
    }
  }
}

const sameRelease = (a: ReleaseRange, b: ReleaseRange): boolean =>
  compareReleases(a.from, b.from) === 0 && (a.to === undefined ? b.to === undefined : b.to !== undefined && compareReleases(a.to, b.to) === 0);

/** What was found for all files, each once, what holds for most of them first. */
export const distinct = (found: Iterable<FoundVersion | undefined>): readonly (FoundVersion | undefined)[] => {
  const counts: { readonly one: FoundVersion | undefined; count: number }[] = [];
  for (const one of found) {
    const same = counts.find(({ one: other }) =>
      one === undefined || other === undefined ? one === other : other.file === one.file && sameRelease(one.release, other.release),
    );
    if (same) same.count++;
    else counts.push({ one, count: 1 });
  }
  return counts.sort((a, b) => b.count - a.count || compareText(a.one?.file ?? "", b.one?.file ?? "")).map(({ one }) => one);
};
