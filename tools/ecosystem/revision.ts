/** Other revisions of this repository, to compare with. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "./engine.js";

/** The files of another revision in the cache, with this checkout's dependencies. */
export function checkoutRevision(revision: string): string {
  const git = (...args: string[]): Buffer => {
    const { status, stdout, stderr } = spawnSync("git", ["-C", repositoryRoot, ...args], { maxBuffer: 1 << 30 });
    if (status !== 0) throw new Error(`git ${args.join(" ")}: ${String(stderr).trim()}`);
    return stdout;
  };
  const commit = git("rev-parse", "--verify", "--end-of-options", `${revision}^{commit}`).toString().trim();
  const target = join(repositoryRoot, ".cache", "ecosystem", "base", commit);
  if (existsSync(target)) return target;
  const partial = `${target}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  const { status, stderr } = spawnSync("tar", ["-x", "-C", partial], { input: git("archive", commit) });
  if (status !== 0) throw new Error(`tar: ${String(stderr).trim()}`);
  symlinkSync(join(repositoryRoot, "node_modules"), join(partial, "node_modules"));
  renameSync(partial, target);
  return target;
}
