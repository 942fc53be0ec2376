/**
 * Writes the C and C++ files of labelled revisions into a folder of trees, one folder for each line of a list.
 *
 *     npx tsx tools/corpus/checkout.ts --repos repos.tsv --git FOLDER --out FOLDER
 *
 * The list has tab-separated columns `repo`, `commit`, `dir`, with a heading. `--git` holds the git directories, either as
 * `owner+name`, `owner+name/repo`, `owner/name` or any of these with `.git` at the end.
 *
 * Files are taken from the object store and written as they are: no attribute, filter, hook or line-end conversion of the
 * repository takes part, and symbolic links are left out, so that nothing of a foreign repository is executed or followed.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

/** One line of the list: a revision and the name of the folder it is written to. */
export interface Revision {
  readonly repo: string;
  readonly commit: string;
  readonly dir: string;
}

const SOURCE = /\.(?:c|h|cc|cpp|cxx|c\+\+|hh|hpp|hxx|h\+\+|inc|inl|ipp|m|mm)$/i;

/** Larger files are data in the form of C and of no interest to a reader. */
const MAX_BYTES = 8 * 1024 * 1024;

/** Reads the list. Throws with the line number at the first line that does not have the three columns. */
export function parseRevisions(text: string, name: string): Revision[] {
  const revisions: Revision[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === "" || (index === 0 && line.startsWith("repo\t"))) continue;
    const [repo, commit, dir, ...rest] = line.split("\t");
    if (repo === undefined || commit === undefined || dir === undefined || rest.length > 0)
      throw new Error(`${name}:${index + 1}: expected three tab-separated columns: repo, commit, dir`);
    if (!/^[0-9a-f]{7,64}$/.test(commit)) throw new Error(`${name}:${index + 1}: \`${commit}\` is not a commit id`);
    if (!isPlainPath(dir)) throw new Error(`${name}:${index + 1}: \`${dir}\` is not a plain folder name`);
    revisions.push({ repo, commit, dir });
  }
  return revisions;
}

/** Whether a path of a foreign repository stays inside the folder it is joined to. */
export const isPlainPath = (path: string): boolean =>
  path !== "" &&
  !path.startsWith("/") &&
  !path.includes("\\") &&
  path.split("/").every((part) => part !== "" && part !== "." && part !== ".." && part.toLowerCase() !== ".git");

/** The git directory of a repository in a folder of git directories, or `undefined`. */
export function gitDirectory(folder: string, repo: string): string | undefined {
  const flat = repo.replaceAll("/", "+");
  const names = [`${flat}/repo`, `${flat}/repo/.git`, `${flat}/.git`, `${flat}.git`, flat, `${repo}/.git`, `${repo}.git`, repo];
  return names.map((name) => join(folder, name)).find((path) => existsSync(join(path, "objects")));
}

/** Runs git on one git directory without any configuration from outside it; gives standard output as bytes. */
function git(gitDir: string, args: readonly string[], input?: string): Promise<Buffer> {
  const child = spawn("git", [`--git-dir=${gitDir}`, ...args], {
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...process.env, GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: "/dev/null", GIT_NO_LAZY_FETCH: "1" },
  });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
  child.stdin.on("error", () => undefined); // git ended early; its exit status tells why
  child.stdin.end(input ?? "");
  return new Promise((done, fail) => {
    child.on("error", fail);
    child.on("close", (code) => {
      if (code === 0) done(Buffer.concat(out));
      else fail(new Error(`git ${args[0]} failed in ${gitDir}: ${Buffer.concat(err).toString().trim()}`));
    });
  });
}

/** The C and C++ files of one commit, as path and object id. */
async function listSources(gitDir: string, commit: string): Promise<{ path: string; object: string }[]> {
  const listing = (await git(gitDir, ["ls-tree", "-r", "-z", "--long", "--full-tree", commit])).toString();
  const files: { path: string; object: string }[] = [];
  for (const entry of listing.split("\0")) {
    const tab = entry.indexOf("\t");
    if (tab < 0) continue;
    const [mode, , object, size] = entry.slice(0, tab).split(/ +/);
    const path = entry.slice(tab + 1);
    if (mode === undefined || object === undefined || !mode.startsWith("100")) continue; // links and submodules
    if (SOURCE.test(path) && isPlainPath(path) && Number(size) <= MAX_BYTES) files.push({ path, object });
  }
  return files;
}

/** Splits the answer of `git cat-file --batch` into the contents, in the order in which they were asked for. */
function* batchContents(answer: Buffer): Generator<Buffer> {
  for (let at = 0; at < answer.length; ) {
    const end = answer.indexOf(10, at);
    const header = answer.toString("latin1", at, end);
    const size = Number(header.split(" ")[2]);
    if (!Number.isInteger(size)) throw new Error(`git cat-file: ${header}`);
    yield answer.subarray(end + 1, end + 1 + size);
    at = end + 1 + size + 1;
  }
}

/** Writes one revision to `out`, which exists afterwards only if all of it was written. Gives the number of files. */
export async function checkout(gitDir: string, commit: string, out: string): Promise<number> {
  const files = await listSources(gitDir, `${commit}^{tree}`);
  const partial = `${out}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  const contents = batchContents(
    await git(gitDir, ["cat-file", "--batch"], files.map((file) => `${file.object}\n`).join("")),
  );
  for (const file of files) {
    const next = contents.next();
    if (next.done === true) throw new Error(`git cat-file gave fewer objects than asked for in ${gitDir}`);
    const path = join(partial, file.path);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, next.value);
  }
  rmSync(out, { recursive: true, force: true });
  renameSync(partial, out);
  return files.length;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      repos: { type: "string" },
      git: { type: "string" },
      out: { type: "string" },
      force: { type: "boolean", default: false },
    },
  });
  if (values.repos === undefined || values.git === undefined || values.out === undefined) {
    process.stderr.write("usage: tsx tools/corpus/checkout.ts --repos FILE --git FOLDER --out FOLDER [--force]\n");
    return 2;
  }
  const revisions = parseRevisions(readFileSync(values.repos, "utf8"), values.repos);
  let failed = 0;
  for (const { repo, commit, dir } of revisions) {
    const target = resolve(values.out, dir);
    if (existsSync(target) && !values.force) continue;
    const gitDir = gitDirectory(values.git, repo);
    try {
      if (gitDir === undefined) throw new Error(`no git directory of ${repo} in ${values.git}`);
      const count = await checkout(gitDir, commit, target);
      process.stdout.write(`${dir}: ${count} files\n`);
    } catch (error) {
      failed++;
      process.stderr.write(`${dir}: ${error instanceof Error ? error.message : String(error)}\n`);
    }
  }
  return failed === 0 ? 0 : 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) process.exitCode = await main();
