/** The programs that the tool is compared with, and how the machine comes by them. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Command } from "./measure.js";

const RULES = fileURLToPath(new URL("./peers/", import.meta.url));
/** Pinned: a faster release is no change of ours. */
const AST_GREP = "0.51.1";

/** A peer, or why it takes no part. */
export type Peer = { readonly name: string; readonly version: string; readonly program: string } | { readonly name: string; readonly missing: string };

const output = (program: string, args: readonly string[]): string | undefined => {
  const { error, status, stdout } = spawnSync(program, args, { encoding: "utf8" });
  return error === undefined && status === 0 ? stdout : undefined;
};

function fromPackage(name: string, debian: string, args: readonly string[], pattern: RegExp): Peer {
  const found = output(name, args);
  if (found === undefined) return { name, missing: `not installed; on Debian: apt-get install ${debian}` };
  return { name, version: pattern.exec(found)?.[1] ?? "?", program: name };
}

/** ast-grep comes as a program inside of a package of the npm registry, installed into the cache and never a dependency. */
function astGrep(cache: string): Peer {
  const name = "ast-grep";
  const folder = join(cache, "peers");
  const packageName = `@ast-grep/cli-${process.platform}-${process.arch}${process.platform === "linux" ? "-gnu" : process.platform === "win32" ? "-msvc" : ""}`;
  const program = join(folder, "node_modules", packageName, process.platform === "win32" ? "ast-grep.exe" : "ast-grep");
  if (!existsSync(program)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), "{}\n");
    const { status } = spawnSync("npm", ["install", "--no-audit", "--no-fund", "--no-save", `${packageName}@${AST_GREP}`], { cwd: folder, stdio: "ignore" });
    if (status !== 0 || !existsSync(program)) return { name, missing: `npm cannot install ${packageName}@${AST_GREP}` };
  }
  return { name, version: /(\d\S*)/.exec(output(program, ["--version"]) ?? "")?.[1] ?? "?", program };
}

export const findPeers = (cache: string): readonly Peer[] => [
  fromPackage("rg", "ripgrep", ["--version"], /^ripgrep (\S+)/),
  astGrep(cache),
  fromPackage("cppcheck", "cppcheck", ["--version"], /(\d[\d.]*)/),
  fromPackage("clang-query", "clang-tools", ["--version"], /version (\d[\d.]*)/),
];

/** How a peer looks for the same in a tree. */
export function commandOf({ name, program }: Extract<Peer, { readonly program: string }>, root: string, files: readonly string[], threads: number): Command {
  switch (name) {
    case "rg":
      return { name, program, args: [`-j${threads}`, "-l", "lws_", root] };
    case "ast-grep":
      return { name, program, args: ["scan", "--threads", `${threads}`, "--rule", join(RULES, "ast-grep.yml"), "--json=compact", root] };
    case "cppcheck":
      return { name, program, args: ["-q", `-j${threads}`, "--max-configs=1", `--rule-file=${join(RULES, "cppcheck.xml")}`, root], isSlow: true, anyStatus: true };
    default: {
      // Headers of the library have to be where compilers look for them; what does not compile is searched as far as it goes.
      const sources = files.filter((file) => file.endsWith(".c")).map((file) => join(root, file));
      return { name, program, args: ["-f", join(RULES, "clang-query.txt"), ...sources, "--", "-w"], isSlow: true, anyStatus: true };
    }
  }
}
