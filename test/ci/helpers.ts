/** The built command in places where services run it: with stand-ins for what fetches it from the registry. */
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import type { Project } from "../host/harness.js";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const CLI = path.join(ROOT, "dist/cli.js");

export const packageJson = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8")) as { name: string; version: string };

/** What the package says to be, as npm is asked for it. */
export const RELEASE = `${packageJson.name}@${packageJson.version}`;

export const readYaml = (file: string): unknown => parse(readFileSync(path.join(ROOT, file), "utf8"), { strict: true, uniqueKeys: true });

/** A finding in line 6. */
export const BAD = `#include <libwebsockets.h>
/* */
int callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	if (reason == LWS_CALLBACK_RECEIVE)
		lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_SYNC);
	return 0;
}
static const struct lws_protocols protocols[] = { { "p", callback, 0, 0 }, { 0, 0, 0, 0 } };
`;
export const GOOD = BAD.replace("LWS_TO_KILL_SYNC", "LWS_TO_KILL_ASYNC");

/** A program of the project that writes down how it was called, and then does something. */
const standIn = (p: Project, name: string, script: string): void => {
  if (!existsSync(CLI)) throw new Error("These tests use dist: run `npm run build` first.");
  p.write(`.bin/${name}`, `#!/usr/bin/env bash\nprintf '%s\\n' "$*" >> "${p.root}/.bin/${name}.log"\n${script}\n`);
  chmodSync(path.join(p.root, ".bin", name), 0o755);
};

const LINT = `exec "${process.execPath}" "${CLI}"`;

/** `lws-lint` in the project's folder `.bin`. */
export const standInForLint = (p: Project): void => standIn(p, "lws-lint", `${LINT} "$@"`);

/** `npx --yes --package NAME lws-lint …`. */
export const standInForNpx = (p: Project): void => standIn(p, "npx", `while [ "$1" != lws-lint ]; do shift; done\nshift\n${LINT} "$@"`);

/** `npm install --prefix FOLDER …`. */
export const standInForNpm = (p: Project): void =>
  standIn(p, "npm", `[ "$1 $2" = "install --prefix" ]\nmkdir -p "$3/node_modules/.bin"\nprintf '#!/bin/sh\\n${LINT.replaceAll('"', '\\"')} "$@"\\n' > "$3/node_modules/.bin/lws-lint"\nchmod +x "$3/node_modules/.bin/lws-lint"`);

/** How a stand-in was called. */
export const callsOf = (p: Project, name: string): string[] => {
  const file = path.join(p.root, ".bin", `${name}.log`);
  return existsSync(file) ? readFileSync(file, "utf8").split("\n").filter((line) => line !== "") : [];
};

export interface ShellResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a script as services do, with the project's stand-ins first in PATH and nothing of this process' CI variables. */
export const shell = (p: Project, command: readonly string[], script: string, env: Readonly<Record<string, string>> = {}, cwd = p.root): ShellResult => {
  mkdirSync(path.join(p.root, ".bin"), { recursive: true });
  const file = path.join(p.root, ".bin", "script.sh");
  writeFileSync(file, script);
  const [program, ...args] = command;
  const { status, stdout, stderr } = spawnSync(program!, [...args, file], {
    cwd,
    encoding: "utf8",
    env: { PATH: `${path.join(p.root, ".bin")}:${process.env["PATH"]}`, HOME: p.root, NO_COLOR: "1", GIT_CONFIG_GLOBAL: "/dev/null", ...env },
  });
  return { code: status, stdout, stderr };
};

/** Makes the project a git repository with one commit. */
export const initGit = (p: Project): void => {
  const script = "git init -q -b main . && git add -A -- ':!.bin' && git -c user.name=a -c user.email=a@example.org commit -q -m x";
  const { code, stderr } = shell(p, ["sh"], script);
  if (code !== 0) throw new Error(stderr);
};
