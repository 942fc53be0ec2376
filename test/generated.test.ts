import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

test("generated files are up to date", () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", "tools/generate.ts", "--check"], { encoding: "utf8" });
  expect({ status, stdout, stderr: stderr.replace(/^npm warn.*\n/gm, "") }).toEqual({ status: 0, stdout: "", stderr: "" });
});

test("the graph of a function can be printed", () => {
  const run = (...args: string[]): { status: number | null; stdout: string; stderr: string } =>
    spawnSync(process.execPath, ["--import", "tsx", "tools/dump-cfg.ts", ...args], { encoding: "utf8" });
  const shown = run("fixtures/no-sync-kill/crlf.c", "callback");
  expect(shown.status).toBe(0);
  expect(shown.stdout).toMatch(/^digraph "callback" \{\n[\s\S]*LWS_CALLBACK_RECEIVE[\s\S]*\}\n$/);
  expect(run("fixtures/no-sync-kill/crlf.c", "nobody")).toMatchObject({ status: 1 });
});
