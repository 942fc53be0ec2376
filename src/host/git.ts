/** What git says about a repository. Nothing here changes one. */
import type { Buffer } from "node:buffer";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { UsageError } from "./usage-error.js";

const MAX_OUTPUT = 2 ** 30;

export interface Change {
  /** Relative to the top of the repository. */
  readonly file: string;
  /** Name of the old content; absent where there was none. */
  readonly oldBlob?: string;
  readonly isSubmodule: boolean;
  /** Whether something is there now. */
  readonly exists: boolean;
}

const ABSENT = "000000";
const SUBMODULE = "160000";

interface Answer {
  readonly ok: boolean;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** What a hook is told of its own repository: it is wrong for every other one. */
const OF_ONE_REPOSITORY = ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR"];

interface RunOptions {
  readonly input?: string;
  readonly isSubmodule?: boolean;
}

const run = (folder: string, args: readonly string[], { input, isSubmodule = false }: RunOptions = {}): Answer => {
  // No lock: an index that git refreshes on the way must not get into the way of another git.
  const inherited = Object.entries(process.env).filter(([name]) => !isSubmodule || !OF_ONE_REPOSITORY.includes(name));
  const env = { ...Object.fromEntries(inherited), LC_ALL: "C", GIT_OPTIONAL_LOCKS: "0" };
  const { error, status, stdout, stderr } = spawnSync("git", args, { cwd: folder, env, maxBuffer: MAX_OUTPUT, ...(input === undefined ? {} : { input }) });
  if (error !== undefined) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    throw new UsageError(missing ? "--since needs git, and there is no `git` to run." : `--since: git cannot be run: ${error.message}.`, { cause: error });
  }
  return { ok: status === 0, stdout, stderr: stderr.toString().trim() };
};

const lines = (output: Buffer): string[] => output.toString("utf8").split("\0").filter((name) => name !== "");

/** The addresses of the remote repositories of a folder; none where there is no repository, or no git. */
export const remotesOf = (folder: string): string[] => {
  const { status, stdout } = spawnSync("git", ["config", "--get-regexp", "^remote\\..*\\.url$"], { cwd: folder, encoding: "utf8" });
  return status === 0 ? stdout.split("\n").flatMap((line) => /^\S+ (.+)$/u.exec(line)?.[1] ?? []) : [];
};

/** A repository with a working tree, by a folder in it. */
export class Repository {
  private constructor(
    /** The top of its working tree, absolute, without links. */
    readonly top: string,
    readonly isSubmodule = false,
  ) {}

  /** @throws {UsageError} when the folder lies in none, or git refuses to look at it */
  static around(folder: string): Repository {
    const { ok, stdout, stderr } = run(folder, ["rev-parse", "--show-toplevel"]);
    if (ok) return new Repository(path.resolve(stdout.toString("utf8").replace(/\r?\n$/u, "")));
    if (stderr.includes('not a git repository')) throw new UsageError(`--since: ${folder} is in no git repository.`);
    throw new UsageError(`--since: git says: ${stderr}`);
  }

  /** The working tree of a submodule; `undefined` when it is not checked out. */
  submodule(file: string): Repository | undefined {
    const folder = path.join(this.top, file);
    return existsSync(path.join(folder, ".git")) ? new Repository(folder, true) : undefined;
  }

  /** The full name of a commit; `undefined` when there is none of that name. */
  commit(revision: string): string | undefined {
    const { ok, stdout } = this.#run("rev-parse", "--verify", "--quiet", `${revision}^{commit}`);
    return ok ? stdout.toString().trim() : undefined;
  }

  /** The last commit that both have in their history. */
  mergeBase(one: string, other: string): string | undefined {
    const { ok, stdout } = this.#run("merge-base", one, other);
    return ok ? stdout.toString().trim() : undefined;
  }

  isShallow(): boolean {
    return this.#run("rev-parse", "--is-shallow-repository").stdout.toString().trim() === "true";
  }

  /** What the working tree has otherwise than a commit, files that git does not know about left out. */
  changesSince(commit: string): Change[] {
    const options = ["--raw", "-z", "--no-renames", "--no-abbrev", "--no-relative", "--no-ext-diff", "--no-color", "--ignore-submodules=none"];
    const fields = lines(this.#expect("diff", ...options, commit, "--"));
    const changes: Change[] = [];
    for (let index = 0; index + 1 < fields.length; index += 2) {
      const [, oldMode, newMode, oldBlob, status] = /^:(\d+) (\d+) ([0-9a-f]+) [0-9a-f]+ (\w)\d*$/u.exec(fields[index]!)!;
      // A conflict is told twice, the second time with what the working tree holds.
      if (status === "U") continue;
      changes.push({
        file: fields[index + 1]!,
        isSubmodule: oldMode === SUBMODULE || newMode === SUBMODULE,
        exists: newMode !== ABSENT,
        ...(oldMode === ABSENT ? {} : { oldBlob: oldBlob! }),
      });
    }
    return changes;
  }

  /** Files that are not in the index and not ignored; repositories inside of this one end with `/`. */
  untracked(): string[] {
    return lines(this.#expect("ls-files", "--others", "--exclude-standard", "-z", "--full-name"));
  }

  /** The contents of blobs, by their names; those that are not there are left out. */
  blobs(names: readonly string[]): Map<string, Uint8Array> {
    const wanted = [...new Set(names)];
    const contents = new Map<string, Uint8Array>();
    if (wanted.length === 0) return contents;
    const { stdout } = run(this.top, ["cat-file", "--batch"], { input: `${wanted.join("\n")}\n`, isSubmodule: this.isSubmodule });
    let at = 0;
    for (const name of wanted) {
      const end = stdout.indexOf("\n", at);
      const [, type, size] = stdout.toString("latin1", at, end).split(" ");
      at = end + 1;
      if (size === undefined) continue;
      const next = at + Number(size);
      if (type === "blob") contents.set(name, new Uint8Array(stdout.subarray(at, next)));
      at = next + 1;
    }
    return contents;
  }

  #run(...args: readonly string[]): Answer {
    return run(this.top, args, { isSubmodule: this.isSubmodule });
  }

  #expect(...args: readonly string[]): Buffer {
    const { ok, stdout, stderr } = this.#run(...args);
    if (!ok) throw new UsageError(`--since: git ${args[0]!} failed: ${stderr}`);
    return stdout;
  }
}
