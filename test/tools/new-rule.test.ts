/** The first step of CONTRIBUTING.md, as somebody would take it: in a copy of the project, what is written compiles and passes. */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

const copy = mkdtempSync(path.join(tmpdir(), "lws-lint-new-rule-"));
const COPIED = ["src", "test", "tools", "docs", "cmake", "templates", "package.json", "tsconfig.json", "vitest.config.ts", "README.md", "CONTRIBUTING.md"];

beforeAll(() => {
  for (const name of COPIED) cpSync(name, path.join(copy, name), { recursive: true });
  symlinkSync(path.resolve("node_modules"), path.join(copy, "node_modules"));
});
afterAll(() => {
  rmSync(copy, { recursive: true, force: true });
});

function run(script: string, ...args: readonly string[]): { readonly status: number | null; readonly output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [path.resolve(script), ...args], { cwd: copy, encoding: "utf8", env: { ...process.env, NO_COLOR: "1" } });
  return { status, output: stdout + stderr };
}
const newRule = (...args: readonly string[]): ReturnType<typeof run> => run("node_modules/tsx/dist/cli.mjs", "tools/new-rule.ts", ...args);

test("wrong ids and roles are explained, and nothing is written", () => {
  expect(newRule()).toMatchObject({ status: 2, output: expect.stringContaining("usage") as string });
  expect(newRule("NoSuch")).toMatchObject({ status: 2, output: expect.stringContaining("an id begins with no-") as string });
  expect(newRule("no-such-thing", "--role", "nothing")).toMatchObject({ status: 2, output: expect.stringContaining('"nothing" is no role') as string });
  expect(newRule("no-sync-kill")).toMatchObject({ status: 2, output: expect.stringContaining("exists already") as string });
  expect(existsSync(path.join(copy, "src/rules/no-such-thing.ts"))).toBe(false);
});

test("what it writes compiles, says what its fixture expects and has a page that passes", () => {
  expect(newRule("no-example-call", "--role", "wakesLoop")).toMatchObject({ status: 0 });
  expect(run("node_modules/tsx/dist/cli.mjs", "tools/generate.ts")).toMatchObject({ status: 0 });
  expect(readFileSync(path.join(copy, "README.md"), "utf8")).toContain("| [no-example-call](docs/rules/no-example-call.md) |");
  const types = run("node_modules/typescript/bin/tsc", "--noEmit", "-p", ".");
  expect(types.output.split("\n").filter((line) => line.includes("no-example-call"))).toEqual([]);
  const tests = run("node_modules/vitest/vitest.mjs", "run", "test/fixtures.test.ts", "test/docs.test.ts", "-t", "no-example-call");
  expect(tests.output).toMatch(/Tests {2}(?:\d+ skipped \| )?\d+ passed/);
  expect(tests.status, tests.output).toBe(0);
});
