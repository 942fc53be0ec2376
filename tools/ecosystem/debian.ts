/**
 * Gets the upstream sources of Debian packages, in the versions that the machine's own release has, into a cache.
 *
 * Where packages come from is taken from the machine's configuration at run time: each of its binary package entries for the
 * distribution is read, and the same entry for sources is written to a private apt configuration in the cache. So no address stands
 * in this repository, no setting of the machine is changed, no right beyond writing to the cache is needed, and apt verifies all
 * it downloads. Debian's own patches are left out: what is checked is the code its authors released.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** A source package on disk. */
export interface Unpacked {
  readonly version: string;
  readonly root: string;
}

interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function execute(command: string, args: readonly string[], cwd: string): Promise<Result> {
  const child = spawn(command, args, { cwd, stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, LC_ALL: "C" } });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
  return new Promise((done, fail) => {
    child.on("error", (error) => fail(new Error(`cannot run ${command}: ${error.message}`)));
    child.on("close", (code) =>
      done({ code: code ?? 1, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() }),
    );
  });
}

async function succeed(command: string, args: readonly string[], cwd: string): Promise<string> {
  const { code, stdout, stderr } = await execute(command, args, cwd);
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} failed (${code}):\n${stderr.trim()}`);
  return stdout;
}

/** A package source of apt, as far as it matters here. */
interface Entry {
  readonly uris: string;
  readonly suites: readonly string[];
  readonly components: readonly string[];
  /** `Signed-By` with its continuation lines, or empty. */
  readonly signedBy: string;
}

/** Entries of a file in the one-line format. */
function oneLineEntries(text: string): Entry[] {
  const entries: Entry[] = [];
  for (const line of text.split("\n")) {
    const found = /^\s*deb(?:-src)?\s+(?:\[([^\]]*)\]\s*)?(\S+)\s+([^#]+)/.exec(line);
    if (found === null) continue;
    const [suite, ...components] = (found[3] ?? "").trim().split(/\s+/);
    const signedBy = /(?:^|\s)signed-by=(\S+)/i.exec(found[1] ?? "")?.[1] ?? "";
    entries.push({ uris: found[2] ?? "", suites: [suite ?? ""], components, signedBy });
  }
  return entries;
}

/** Entries of a file in the paragraph format (deb822). */
function paragraphEntries(text: string): Entry[] {
  const plain = text.replace(/^#.*\n?/gm, "");
  return plain.split(/\n\s*\n/).flatMap((paragraph): Entry[] => {
    const fields = new Map<string, string>();
    for (const field of paragraph.replace(/\n(?=[ \t])/g, "\u0000").split("\n")) {
      const colon = field.indexOf(":");
      if (colon > 0) fields.set(field.slice(0, colon).trim().toLowerCase(), field.slice(colon + 1).trim().replaceAll("\u0000", "\n"));
    }
    const words = (name: string): string[] => (fields.get(name) ?? "").split(/\s+/).filter((word) => word !== "");
    if (fields.get("enabled")?.toLowerCase() === "no" || words("types").length === 0) return [];
    return [
      { uris: words("uris").join(" "), suites: words("suites"), components: words("components"), signedBy: fields.get("signed-by") ?? "" },
    ];
  });
}

/**
 * The source entries, in the paragraph format, that belong to the binary package entries of a release. Entries of other
 * suites (vendors' repositories) and other components are left out.
 */
export function sourceEntries(files: readonly { readonly name: string; readonly text: string }[], codename: string): string {
  const paragraphs = new Set<string>();
  for (const { name, text } of files) {
    for (const entry of name.endsWith(".sources") ? paragraphEntries(text) : oneLineEntries(text)) {
      const suites = entry.suites.filter((suite) => suite === codename || suite.startsWith(`${codename}-`));
      if (!entry.components.includes("main")) continue;
      for (const suite of suites)
        paragraphs.add(
          `Types: deb-src\nURIs: ${entry.uris}\nSuites: ${suite}\nComponents: main\n` +
            (entry.signedBy === "" ? "" : `Signed-By: ${entry.signedBy}\n`),
        );
    }
  }
  return [...paragraphs].join("\n");
}

/** Whether a version fits a pattern in which `*` stands for anything. */
export const versionFits = (version: string, pattern: string): boolean =>
  new RegExp(`^${pattern.split("*").map((part) => part.replace(/[^\w]/g, "\\$&")).join(".*")}$`).test(version);

const folderName = (source: string, version: string): string => `${source}_${version.replaceAll(":", "%3a")}`;

/** Source packages in a cache folder. */
export class DebianSources {
  readonly #cache: string;
  #updated = false;

  constructor(cache: string) {
    this.#cache = resolve(cache);
  }

  /** The newest unpacked version in the cache that fits, without asking apt. */
  async cached(source: string, pattern: string): Promise<Unpacked | undefined> {
    const folder = join(this.#cache, "sources");
    const versions = (existsSync(folder) ? readdirSync(folder) : [])
      .filter((name) => name.startsWith(`${source}_`))
      .map((name) => name.slice(source.length + 1).replaceAll("%3a", ":"))
      .filter((version) => versionFits(version, pattern));
    const version = await newest(versions, this.#cache);
    return version === undefined ? undefined : { version, root: join(folder, folderName(source, version)) };
  }

  /** Versions of a source package that the machine's release has. */
  async versions(source: string): Promise<string[]> {
    await this.#update();
    const { stdout } = await execute("apt-cache", [...this.#configuration(), "showsrc", "--only-source", source], this.#cache);
    return [...new Set(stdout.split(/\n\n+/).flatMap((paragraph) => {
      const name = /^Package: (.*)$/m.exec(paragraph)?.[1];
      const version = /^Version: (.*)$/m.exec(paragraph)?.[1];
      return name === source && version !== undefined ? [version] : [];
    }))];
  }

  /**
   * The newest version that fits and that can be downloaded, unpacked; nothing is downloaded when the cache has one that fits.
   * `undefined` when the release has no such source package.
   */
  async obtain(source: string, pattern: string): Promise<Unpacked | undefined> {
    const present = await this.cached(source, pattern);
    if (present !== undefined) return present;
    const versions = await this.versions(source);
    if (versions.length === 0) return undefined;
    const fitting = versions.filter((version) => versionFits(version, pattern));
    if (fitting.length === 0) throw new Error(`${source}: no version fits ${pattern}; the release has ${versions.join(", ")}`);
    const failures: string[] = [];
    while (fitting.length > 0) {
      const version = await newest(fitting, this.#cache);
      if (version === undefined) break;
      try {
        return { version, root: await this.#download(source, version) };
      } catch (error) {
        // A mirror may lack a version that its lists have; an older one serves as well.
        failures.push(error instanceof Error ? error.message : String(error));
        fitting.splice(fitting.indexOf(version), 1);
      }
    }
    throw new Error(`${source}: cannot be downloaded\n${failures.join("\n")}`);
  }

  async #download(source: string, version: string): Promise<string> {
    const target = join(this.#cache, "sources", folderName(source, version));
    mkdirSync(join(this.#cache, "sources"), { recursive: true });
    const download = mkdtempSync(join(this.#cache, "download-"));
    try {
      await succeed("apt-get", [...this.#configuration(), "source", "--only-source", "--tar-only", `${source}=${version}`], download);
      const archives = readdirSync(download).filter((name) => /\.tar(?:\.\w+)?$/.test(name));
      const archive = archives.find((name) => name.includes(".orig.tar")) ?? archives[0];
      if (archive === undefined) throw new Error(`apt-get gave no archive for ${source} ${version}`);
      const unpacked = join(download, "unpacked");
      mkdirSync(unpacked);
      await succeed("tar", ["-x", "-f", archive, "-C", unpacked, "--no-same-owner", "--no-same-permissions"], download);
      const [only, ...more] = readdirSync(unpacked, { withFileTypes: true });
      if (only === undefined) throw new Error(`${archive} is empty`);
      renameSync(more.length === 0 && only.isDirectory() ? join(unpacked, only.name) : unpacked, target);
      return target;
    } finally {
      rmSync(download, { recursive: true, force: true });
    }
  }

  #configuration(): string[] {
    return ["-c", join(this.#cache, "apt", "apt.conf")];
  }

  /** Writes the private configuration and fetches the lists of source packages, once. */
  async #update(): Promise<void> {
    if (this.#updated) return;
    const apt = join(this.#cache, "apt");
    for (const folder of ["entries", "state/lists/partial", "archives/partial"]) mkdirSync(join(apt, folder), { recursive: true });
    const entries = sourceEntries(machineEntries(), codename());
    if (entries === "") throw new Error("apt has no entry for this machine's release to derive source packages from");
    writeFileSync(join(apt, "entries", "source.sources"), entries);
    writeFileSync(
      join(apt, "apt.conf"),
      [
        `Dir::Etc::sourcelist "/dev/null";`,
        `Dir::Etc::sourceparts "${join(apt, "entries")}";`,
        `Dir::State "${join(apt, "state")}";`,
        `Dir::State::status "/var/lib/dpkg/status";`,
        `Dir::Cache "${apt}";`,
        `Acquire::Languages "none";`,
        `APT::Sandbox::User "";`,
        "",
      ].join("\n"),
    );
    // A suite without sources makes this fail although all that is needed is there; what is missing shows at the next step.
    const { code, stderr } = await execute("apt-get", [...this.#configuration(), "update"], this.#cache);
    if (code !== 0) process.stderr.write(`apt-get update: ${stderr.trim()}\n`);
    this.#updated = true;
  }
}

/** The files that tell apt where packages come from. */
function machineEntries(): { name: string; text: string }[] {
  const parts = "/etc/apt/sources.list.d";
  const names = [
    "/etc/apt/sources.list",
    ...(existsSync(parts) ? readdirSync(parts).sort().map((name) => join(parts, name)) : []),
  ];
  return names
    .filter((name) => existsSync(name) && /\.(?:list|sources)$/.test(name))
    .map((name) => ({ name, text: readFileSync(name, "utf8") }));
}

/** Code name of the release this machine runs. */
function codename(): string {
  const found = /^VERSION_CODENAME="?([\w-]+)/m.exec(existsSync("/etc/os-release") ? readFileSync("/etc/os-release", "utf8") : "");
  if (found?.[1] === undefined) throw new Error("the ecosystem check needs a machine with apt: /etc/os-release names no code name");
  return found[1];
}

/** The newest of some versions in dpkg's order. */
async function newest(versions: readonly string[], cwd: string): Promise<string | undefined> {
  let best: string | undefined;
  for (const version of versions)
    if (best === undefined || (await execute("dpkg", ["--compare-versions", version, "gt", best], cwd)).code === 0) best = version;
  return best;
}
