/**
 * Runs the tests and ends with one plain line, `N passed, N failed, N skipped`, alone as the very last one.
 * Arguments go to vitest. The exit code is 0 only if tests ran and none of them failed.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";

const require = createRequire(import.meta.url);
const vitest = path.join(path.dirname(require.resolve("vitest/package.json")), "vitest.mjs");
const folder = mkdtempSync(path.join(tmpdir(), "lws-tests-"));
const reportFile = path.join(folder, "report.json");

/** Tests that need a system package say so in their title: `(needs NAME)`. */
const neededPackage = (title) => /\(needs ([^)]+)\)/u.exec(title)?.[1];

const printSkipped = (tests) => {
  const skipped = tests.filter(({ status }) => status === "pending" || status === "skipped" || status === "todo");
  if (skipped.length === 0) return;
  console.log(`\n${"!".repeat(78)}\n! SKIPPED TESTS: ${skipped.length}`);
  for (const { fullName } of skipped) {
    const needed = neededPackage(fullName);
    console.log(`!   ${fullName.trim()}${needed === undefined ? "" : `\n!     install the system package: ${needed}`}`);
  }
  console.log("!".repeat(78));
};

try {
  const { status, error } = spawnSync(
    process.execPath,
    [
      vitest,
      "run",
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${reportFile}`,
      ...process.argv.slice(2),
    ],
    { stdio: "inherit" },
  );
  if (error !== undefined) throw error;
  if (!existsSync(reportFile)) throw new Error("vitest wrote no report");
  const report = JSON.parse(readFileSync(reportFile, "utf8"));
  const tests = report.testResults.flatMap((file) => file.assertionResults);
  // A file that cannot be loaded holds no tests that could fail.
  const brokenFiles = report.testResults.filter(
    (file) => file.status === "failed" && file.assertionResults.every((test) => test.status !== "failed"),
  );
  const passed = tests.filter((test) => test.status === "passed").length;
  const failed = tests.filter((test) => test.status === "failed").length + brokenFiles.length;
  printSkipped(tests);
  for (const file of brokenFiles) console.log(`\nFAILED TO LOAD: ${path.relative(process.cwd(), file.name)}`);
  process.exitCode = status === 0 && failed === 0 && passed > 0 ? 0 : status || 1;
  console.log(`\n${passed} passed, ${failed} failed, ${tests.length - passed - (failed - brokenFiles.length)} skipped`);
} catch (error) {
  console.error(error);
  process.exitCode = 1;
  console.log("\n0 passed, 1 failed, 0 skipped");
} finally {
  rmSync(folder, { recursive: true, force: true });
}
