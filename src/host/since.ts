/** The files of a run as they were at a revision: out of git's objects, without a checkout. */
import { realpathSync } from "node:fs";
import path from "node:path";
import { compareText } from "../diagnostics/order.js";
import { findCandidate, type DiscoveryOptions } from "./discover.js";
import { FileReader, MAX_FILE_SIZE } from "./file-reader.js";
import { Repository } from "./git.js";
import type { Scan } from "./scan.js";
import { UsageError } from "./usage-error.js";

export interface OldTree {
  /** By the names the files have, or would have, in results. */
  readonly contents: ReadonlyMap<string, Uint8Array>;
  /** Whether anything that the analysis reads was otherwise. */
  readonly changed: boolean;
  /** What could not be looked up, in words. */
  readonly notes: readonly string[];
}

const SHALLOW = "this clone is shallow: fetch more of the history (`fetch-depth: 0` for actions/checkout, `GIT_DEPTH: 0` in GitLab, `git fetch --unshallow` by hand)";

/** The commit to compare with: where the present history left that of the revision. */
const baseOf = (repository: Repository, revision: string): string => {
  const hint = (): string => (repository.isShallow() ? `; ${SHALLOW}` : "");
  if (revision.trim() === "" || revision.startsWith("-")) throw new UsageError(`--since: \`${revision}\` is no revision.`);
  const commit = repository.commit(revision);
  if (commit === undefined) throw new UsageError(`--since: there is no revision \`${revision}\`${hint()}.`);
  const base = repository.mergeBase(commit, "HEAD");
  if (base === undefined) throw new UsageError(`--since: \`${revision}\` and the present commit have no history in common${hint()}.`);
  return base;
};

/** What git knows of the difference, by absolute name: the old bytes, or `undefined` where there was nothing. */
class Difference {
  readonly #old = new Map<string, Uint8Array | undefined>();
  /** Folders in which everything is new, with `/` at the end. */
  readonly #newFolders: string[] = [];
  readonly notes: string[] = [];

  add(repository: Repository, commit: string): void {
    const changes = repository.changesSince(commit);
    const files = changes.filter(({ isSubmodule }) => !isSubmodule);
    const blobs = repository.blobs(files.flatMap(({ oldBlob }) => oldBlob ?? []));
    const absolute = (file: string): string => `${repository.top}/${file}`.replaceAll("\\", "/");
    for (const { file, oldBlob } of files) this.#old.set(absolute(file), oldBlob === undefined ? undefined : blobs.get(oldBlob));
    for (const file of repository.untracked()) {
      if (file.endsWith("/")) this.#newFolders.push(absolute(file));
      else this.#old.set(absolute(file), undefined);
    }
    for (const { file, oldBlob, exists } of changes.filter(({ isSubmodule }) => isSubmodule)) {
      if (oldBlob === undefined) this.#newFolders.push(`${absolute(file)}/`);
      else if (exists) this.#submodule(repository, file, oldBlob);
    }
  }

  #submodule(repository: Repository, file: string, commit: string): void {
    const inner = repository.submodule(file);
    if (inner?.commit(commit) !== undefined) this.add(inner, commit);
    else if (inner !== undefined) this.notes.push(`submodule ${file}: the commit it was at is not there; its files count as unchanged`);
  }

  isNew(absolute: string): boolean {
    if (this.#old.has(absolute)) return this.#old.get(absolute) === undefined;
    return this.#newFolders.some((folder) => absolute.startsWith(folder));
  }

  old(absolute: string): Uint8Array | undefined {
    return this.#old.get(absolute);
  }

  [Symbol.iterator](): IterableIterator<[string, Uint8Array | undefined]> {
    return this.#old.entries();
  }
}

/** What the analysis would be given of these bytes. */
const judged = (bytes: Uint8Array, connects = false): Uint8Array | undefined => {
  if (bytes.length > MAX_FILE_SIZE) return undefined;
  return connects || FileReader.judge(bytes, false).kind === "relevant" ? bytes : undefined;
};

/**
 * The files of a scan, and those it would have taken, as they were when the history of `revision` and the present one
 * parted. Files that git ignores count as unchanged.
 *
 * @throws {UsageError} when there is no repository or no such revision
 */
export const treeAt = (revision: string, scan: Scan, options: DiscoveryOptions): OldTree => {
  const cwd = realpathSync(options.cwd).replaceAll("\\", "/");
  const repository = Repository.around(cwd);
  const difference = new Difference();
  difference.add(repository, baseOf(repository, revision));

  const contents = new Map<string, Uint8Array>();
  const seen = new Set<string>();
  let changed = false;
  for (const [name, { absolute, bytes, connects }] of scan.files) {
    const real = realpathSync(absolute ?? path.resolve(cwd, name)).replaceAll("\\", "/");
    if (!real.startsWith(`${repository.top.replaceAll("\\", "/")}/`)) throw new UsageError(`--since: ${name} lies outside of the repository ${repository.top}.`);
    seen.add(real);
    if (difference.isNew(real)) {
      changed = true;
      continue;
    }
    const old = difference.old(real);
    changed ||= old !== undefined;
    const kept = old === undefined ? bytes : judged(old, connects);
    if (kept !== undefined) contents.set(name, kept);
  }
  // What is gone, and what does not use the library any more.
  const known = { ...options, cwd };
  for (const [absolute, old] of difference) {
    const kept = old === undefined || seen.has(absolute) ? undefined : judged(old);
    const candidate = kept && findCandidate(known, absolute);
    if (kept === undefined || candidate === undefined) continue;
    changed = true;
    contents.set(candidate.name, kept);
  }
  return { contents: new Map([...contents].sort(([a], [b]) => compareText(a, b))), changed, notes: difference.notes };
};
