/** `--jobs`: the same results from any number of threads. Needs the built command, as threads are started from it. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

const cli = path.resolve("dist/cli.js");

function sarif(...args: string[]): string {
  try {
    return execFileSync(process.execPath, [cli, "--no-config", "--format", "sarif", ...args, "."], { cwd: "fixtures", encoding: "utf8", maxBuffer: 1 << 28, stdio: "pipe" });
  } catch (error) {
    // Findings end the run with 1.
    return (error as { stdout: string }).stdout;
  }
}

test.skipIf(!existsSync("dist/worker.js"))("1, 2 and 5 threads", () => {
  const alone = sarif("--jobs", "1");
  expect(alone.length).toBeGreaterThan(10_000);
  expect(sarif("--jobs", "2")).toBe(alone);
  expect(sarif("--jobs", "5")).toBe(alone);
});
