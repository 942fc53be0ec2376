/**
 * The two built hosts, side by side: `lws-lint` and ESLint with the recommended configuration. A process per file is slow, so this takes
 * a sample: that ESLint agrees with the engine on every fixture is the subject of `parity.test.ts`.
 */
import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { ESLint } from "eslint";
import { expect, test } from "vitest";

interface CliFinding {
  readonly ruleId: string;
  readonly severity: "error" | "warning";
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** Given to both: only the command looks for one by itself, in the headers of the machine, too. */
const RELEASE = "4.3+";

const root = fileURLToPath(new URL("../..", import.meta.url));
const fixtures = path.join(root, "fixtures");
// Importing the sources as well would load a second engine.
const plugin = (await import(path.join(root, "dist/index.js"))).default;

/** The files that differ as files, and some of each rule. */
const sample = readdirSync(fixtures, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".c"))
  .sort()
  .filter((file, index) => /bom|crlf|latin1/u.test(file) || index % 6 === 0);

function lwsLint(file: string): Promise<CliFinding[]> {
  const args = [path.join(root, "dist/cli.js"), "--no-config", "--include-vendored", "--lws-version", RELEASE, "--format", "json", file];
  return new Promise((resolve, reject) => {
    // Status 1 says that there are findings.
    execFile(process.execPath, args, { cwd: fixtures, maxBuffer: 1e8 }, (error, stdout, stderr) => {
      if (error && error.code !== 1) reject(new Error(stderr || error.message));
      else resolve((JSON.parse(stdout) as { findings: CliFinding[] }).findings);
    });
  });
}

test("both report the same", async () => {
  const eslint = new ESLint({ cwd: fixtures, overrideConfigFile: true, overrideConfig: [plugin.configs.recommended, { files: ["**/*.c"], languageOptions: { lwsVersion: RELEASE } }] });
  const results = await eslint.lintFiles(sample);
  let found = 0;
  for (const { filePath, messages } of results) {
    const inEslint = messages
      .filter(({ ruleId }) => ruleId !== null)
      .map(({ line, column, endLine, endColumn, ruleId, severity }) => `${line}:${column}-${endLine}:${endColumn} ${ruleId} ${severity}`);
    const inCli = (await lwsLint(filePath)).map(
      ({ line, column, endLine, endColumn, ruleId, severity }) =>
        `${line}:${column}-${endLine}:${endColumn} ${ruleId} ${severity === "error" ? 2 : 1}`,
    );
    expect(inEslint.sort(), filePath).toEqual(inCli.sort());
    found += inCli.length;
  }
  expect(found).toBeGreaterThan(10);
});
