import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** Runs `use` with a folder that is gone afterwards. */
export function withFolder<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(path.join(tmpdir(), "lws-lint-test-"));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What gcc says about a C text: nothing when all is well. `-isystem` style flags come last. */
export function compile(text: string | Uint8Array, flags: readonly string[] = [], extension = "c"): string {
  return withFolder((folder) => {
    const file = path.join(folder, `input.${extension}`);
    writeFileSync(file, text);
    const run = spawnSync("gcc", ["-fsyntax-only", "-Wall", ...flags, file], { encoding: "utf8" });
    return run.status === 0 && run.stderr === "" ? "" : run.stderr.replaceAll(file, "input") || `gcc ended with ${run.status}`;
  });
}

/** A C text with its headers and their macros, as gcc sees it. */
export const preprocessed = (text: string): string =>
  execFileSync("gcc", ["-E", "-dD", "-x", "c", "-"], { input: text, encoding: "utf8", maxBuffer: 1 << 28, stdio: ["pipe", "pipe", "ignore"] });

/** The release of the installed libwebsockets, as `4.1.6`; undefined without gcc or header. */
export const installedRelease: string | undefined = ((): string | undefined => {
  try {
    const text = execFileSync("gcc", ["-E", "-dM", "-include", "libwebsockets.h", "-x", "c", "/dev/null"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      maxBuffer: 1 << 26,
    });
    const part = (name: string): string | undefined => new RegExp(`#define LWS_LIBRARY_VERSION_${name} (\\d+)`).exec(text)?.[1];
    const [major, minor, patch] = ["MAJOR", "MINOR", "PATCH"].map(part);
    return major === undefined || minor === undefined ? undefined : `${major}.${minor}.${patch ?? 0}`;
  } catch {
    return undefined;
  }
})();

if (installedRelease === undefined) console.log("SKIPPED: gcc or libwebsockets-dev missing");
