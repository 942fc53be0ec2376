/** The programs the package has to work with, from the npm registry: kept in `.cache`, so that only the first run fetches them. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const FOLDER = path.join(ROOT, ".cache/package-tests");
const MODULES = path.join(FOLDER, "node_modules");

const system = process.platform === "win32" ? "win" : process.platform;
const nodePackage = (version: string): string => `npm:node-${system}-${process.arch}@${version}`;

/** Installed under names of their own: two npms and two Nodes in one folder. */
const PROGRAMS: Readonly<Record<string, string>> = {
  npm11: "npm:npm@11.21.2",
  npm12: "npm:npm@12.2.1",
  node20: nodePackage("20.20.2"),
  node22: nodePackage("22.23.3"),
  node24: nodePackage("24.21.0"),
};

export interface Done {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What this process was given by npm and vitest does not get through: users have none of it. */
const environment = (extra: Readonly<Record<string, string>>): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(?:npm_(?:config_(?:user_agent|global_prefix|local_prefix|noproxy|node_gyp|prefix)|package_|lifecycle_|command|node_|execpath)|VITEST|NODE_OPTIONS|FORCE_COLOR|INIT_CWD)/u.test(name))),
  NO_COLOR: "1",
  ...extra,
});

export const run = (program: string, args: readonly string[], cwd: string, { env = {}, input = "" } = {}): Done => {
  const { error, status, stdout, stderr } = spawnSync(program, args, { cwd, encoding: "utf8", env: environment(env), input, timeout: 240_000, killSignal: "SIGKILL" });
  if (error !== undefined) throw error;
  return { status, stdout, stderr };
};

const HOST_NPM = process.platform === "win32" ? "npm.cmd" : "npm";

export type Tools = { readonly [name in "npm11" | "npm12" | "node20" | "node22" | "node24"]: string };

const tools = (): Tools => {
  const npm = (name: string): string => path.join(MODULES, name, "bin/npm-cli.js");
  const node = (name: string): string => path.join(MODULES, name, "bin", process.platform === "win32" ? "node.exe" : "node");
  return { npm11: npm("npm11"), npm12: npm("npm12"), node20: node("node20"), node22: node("node22"), node24: node("node24") };
};

/** Whether the registry answers, asked as users ask it: with their npm and its settings. */
const isReachable = (): boolean =>
  spawnSync(HOST_NPM, ["view", "web-tree-sitter", "version", "--fetch-retries=0", "--fetch-timeout=15000", "--prefer-online"], { encoding: "utf8", timeout: 30_000, stdio: "ignore" }).status === 0;

/** The programs; or why they are not here. */
export function findTools(): Tools | { readonly missing: string } {
  if (!isReachable()) return { missing: "the npm registry does not answer" };
  const wanted = JSON.stringify({ private: true, dependencies: PROGRAMS });
  const mark = path.join(FOLDER, "package.json");
  const all = tools();
  const isThere = Object.values(all).every((file) => existsSync(file)) && existsSync(mark) && readFileSync(mark, "utf8") === wanted;
  if (!isThere) {
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(mark, wanted);
    // Not for this Node, npm 12 would say: it runs on Node 22 here.
    const { status, stderr } = run(HOST_NPM, ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"], FOLDER);
    if (status !== 0) return { missing: `npm cannot install ${Object.values(PROGRAMS).join(", ")}: ${stderr}` };
  }
  return all;
}
