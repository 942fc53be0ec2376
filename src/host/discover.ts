/** Finds the files to scan: synchronous, one `readdir` a folder, no `stat` a file. */
import { existsSync, readdirSync, realpathSync, statSync, type Dirent } from "node:fs";
import path from "node:path";
import type { Problem } from "../diagnostics/diagnostic.js";
import { compareText } from "../diagnostics/order.js";
import { languageOf } from "../source/languages.js";
import { isBuildTree, isHidden, isSkippedFolder } from "./default-ignores.js";
import { describeSystemError } from "./file-reader.js";
import { folderLayer, judge, layersAbove, layersThatAllow, repositoryLayer, type IgnoreLayer } from "./ignore-rules.js";
import { foreignFolders, isLibwebsockets } from "./vendored.js";

export interface DiscoveryOptions {
  /** Absolute; names in results are relative to it. */
  readonly cwd: string;
  /** Files and folders as named on the command line. */
  readonly paths: readonly string[];
  /** `ignores` of the configuration: they outrank everything else. */
  readonly ignores?: readonly IgnoreLayer[];
  /** `include` of the configuration: further files to read as C. */
  readonly include?: readonly IgnoreLayer[];
  /** Whether to scan copies of libwebsockets itself. */
  readonly includeVendored?: boolean;
}

export interface Candidate {
  /** Under which the system opens the file. */
  readonly absolute: string;
  /** Under which results name it: relative to the working directory, with `/`. */
  readonly name: string;
  /** Whether it was named on the command line itself. */
  readonly named: boolean;
}

export interface Discovery {
  /** Names of folders that are copies of libwebsockets. */
  readonly vendored: readonly string[];
  /** Names of folders left out by default: built, fetched. Hidden ones are not among them. */
  readonly skippedFolders: readonly string[];
  readonly problems: readonly Problem[];
  /** Whether something named on the command line is not there or cannot be read. */
  readonly missing: boolean;
}

const toSlashes = path.sep === "/" ? (file: string) => file : (file: string) => file.replaceAll("\\", "/");

/** The name of a file in results. */
export const displayName = (cwd: string, absolute: string): string => toSlashes(path.relative(cwd, absolute)) || ".";

class Walk {
  readonly vendored = new Set<string>();
  readonly skippedFolders = new Set<string>();
  readonly problems: Problem[] = [];
  missing = false;
  /** Folders the walk started from, absolute. */
  readonly #roots: string[] = [];
  readonly #seen = new Set<string>();
  /** Links to files: visited last, and only where no other name led to the file. */
  readonly #links: Candidate[] = [];

  constructor(
    readonly options: DiscoveryOptions,
    readonly visit: (file: Candidate) => void,
    /** The one file that is asked for; it need not exist. */
    readonly only?: string,
  ) {}

  operand(written: string): void {
    const absolute = toSlashes(path.resolve(this.options.cwd, written));
    const name = displayName(this.options.cwd, absolute);
    const stat = this.#try(name, () => statSync(absolute));
    if (stat === undefined) {
      this.missing = true;
    } else if (stat.isDirectory()) {
      const { ignores = [], include = [] } = this.options;
      this.#roots.push(absolute);
      this.#folder(absolute, name === "." ? "" : `${name}/`, {
        git: layersThatAllow(layersAbove(absolute), absolute),
        ignores: layersThatAllow(ignores, absolute),
        include,
        top: true,
        insideCopy: this.options.includeVendored === true,
      });
    } else {
      this.#file({ absolute, name, named: true });
    }
  }

  /**
   * Visits links to files that were reached under no other name. The walk enters no linked folder, so the real name of
   * a file it visited is that of the folder it started from and the rest unchanged.
   */
  finishLinks(): void {
    if (this.#links.length === 0) return;
    const roots = this.#roots.map((root) => ({ root, real: toSlashes(realpathSync(root)) }));
    const visited = new Set<string>();
    for (const link of this.#links.sort((a, b) => compareText(a.name, b.name))) {
      const target = this.#try(link.name, () => {
        const real = toSlashes(realpathSync(link.absolute));
        return statSync(real).isFile() ? real : undefined;
      });
      if (target === undefined || visited.has(target) || this.#seen.has(target)) continue;
      const aliases = roots.filter(({ real }) => target.startsWith(`${real}/`));
      if (aliases.some(({ root, real }) => this.#seen.has(root + target.slice(real.length)))) continue;
      visited.add(target);
      this.#file(link);
    }
  }

  #file(candidate: Candidate): void {
    if (this.#seen.has(candidate.absolute)) return;
    this.#seen.add(candidate.absolute);
    this.visit(candidate);
  }

  #try<T>(name: string, action: () => T): T | undefined {
    try {
      return action();
    } catch (error) {
      this.problems.push({ file: name, message: `cannot be read: ${describeSystemError(error)}` });
      return undefined;
    }
  }

  #folder(absolute: string, prefix: string, scope: Scope): void {
    const isGone = this.only !== undefined && !existsSync(absolute);
    const all = isGone ? [] : this.#try(prefix === "" ? "." : prefix.slice(0, -1), () => readdirSync(absolute, { withFileTypes: true }));
    if (all === undefined) return;
    const names = new Set(all.map((entry) => entry.name));
    const entries = this.only === undefined ? all : onTheWay(all, absolute, this.only);
    const isCopy = !scope.insideCopy && isLibwebsockets(absolute, names);
    const isSkippedCopy = isCopy && !scope.top;
    if (!scope.top && !isCopy && isBuildTree(names)) {
      this.skippedFolders.add(prefix.slice(0, -1));
      return;
    }
    if (isSkippedCopy) this.vendored.add(prefix.slice(0, -1));

    let git = scope.git;
    if (names.has(".git")) git = repositoryLayer(absolute);
    if (names.has(".gitignore")) git = [...git, ...folderLayer(absolute)];
    const inner = { ...scope, git, top: false, insideCopy: scope.insideCopy || (isCopy && !isSkippedCopy) };
    const base = absolute.endsWith("/") ? absolute : `${absolute}/`;
    const foreign = isSkippedCopy ? new Set(foreignFolders(names, all.filter((entry) => entry.isDirectory()).map((entry) => entry.name))) : undefined;
    for (const entry of entries.sort((a, b) => compareText(a.name, b.name))) {
      if (foreign && !foreign.has(entry.name)) continue;
      if (entry.isDirectory()) {
        if (this.#enters(entry.name, `${base}${entry.name}/`, prefix, inner)) {
          this.#folder(base + entry.name, `${prefix}${entry.name}/`, inner);
        }
      } else {
        this.#entry(entry, base + entry.name, prefix + entry.name, inner);
      }
    }
  }

  #enters(name: string, absolute: string, prefix: string, scope: Scope): boolean {
    const configured = judge(scope.ignores, absolute);
    if (configured !== "unknown") return configured === "kept";
    if (isSkippedFolder(name)) {
      if (!isHidden(name)) this.skippedFolders.add(prefix + name);
      return false;
    }
    return judge(scope.git, absolute) !== "ignored";
  }

  #entry(entry: Entry, absolute: string, name: string, scope: Scope): void {
    const language = languageOf(entry.name);
    if (language === undefined && (scope.include.length === 0 || judge(scope.include, absolute) !== "ignored")) return;
    const configured = judge(scope.ignores, absolute);
    if (configured === "ignored") return;
    if (configured === "unknown" && (isHidden(entry.name) || judge(scope.git, absolute) === "ignored")) return;
    if (name.includes("\ufffd")) {
      this.problems.push({ file: name, message: "has a name that is not valid UTF-8; rename it to have it checked" });
      return;
    }
    const candidate = { absolute, name, named: false };
    if (entry.isFile()) this.#file(candidate);
    else if (entry.isSymbolicLink()) this.#links.push(candidate);
  }
}

type Entry = Pick<Dirent, "name" | "isFile" | "isDirectory" | "isSymbolicLink">;

/** The entry of a folder through which a file is reached; a file that does not exist is taken for a plain one, in plain folders. */
const onTheWay = (entries: readonly Dirent[], folder: string, file: string): Entry[] => {
  const base = folder.endsWith("/") ? folder : `${folder}/`;
  const [name = "", ...below] = file.startsWith(base) ? file.slice(base.length).split("/") : [];
  const found = entries.find((entry) => entry.name === name);
  if (found !== undefined) return [found];
  const isFolder = below.length > 0;
  return name === "" ? [] : [{ name, isFile: () => !isFolder, isDirectory: () => isFolder, isSymbolicLink: () => false }];
};

interface Scope {
  readonly git: readonly IgnoreLayer[];
  readonly ignores: readonly IgnoreLayer[];
  readonly include: readonly IgnoreLayer[];
  /** Whether the folder was named: then it is scanned whatever it is. */
  readonly top: boolean;
  /** Whether this is part of a copy of libwebsockets that is to be scanned: then its parts are, too. */
  readonly insideCopy: boolean;
}

/**
 * Calls `visit` for every file that a scan of `options.paths` reaches, each once, folders in the order of their names.
 * Links to files are followed, links to folders are not, unless they are named.
 */
export const discover = (options: DiscoveryOptions, visit: (file: Candidate) => void): Discovery => {
  const walk = new Walk(options, visit);
  for (const operand of options.paths) walk.operand(operand);
  walk.finishLinks();
  const { vendored, skippedFolders, problems, missing } = walk;
  return { vendored: [...vendored], skippedFolders: [...skippedFolders], problems, missing };
};

/**
 * The file as a scan of `options.paths` would find it, or `undefined` where a scan would leave it out. It need not exist: in an editor files are
 * written before they are saved, and in another revision there can have been others. Links are not found: whether one counts depends on all the
 * other files.
 */
export const findCandidate = (options: DiscoveryOptions, absolute: string): Candidate | undefined => {
  const wanted = toSlashes(absolute);
  let found: Candidate | undefined;
  const walk = new Walk(options, (candidate) => (found = candidate), wanted);
  for (const operand of options.paths) walk.operand(operand);
  return found;
};
