/** The built declarations as users' TypeScript sees them. */
import { afterAll, expect, test } from "vitest";
import path from "node:path";
import { Project } from "./project.js";

const project = new Project({
  "tsconfig.json": JSON.stringify({
    compilerOptions: {
      strict: true,
      exactOptionalPropertyTypes: true,
      module: "NodeNext",
      target: "ES2022",
      lib: ["ES2023"],
      types: [],
      noEmit: true,
      preserveSymlinks: false,
    },
    files: ["eslint.config.ts", "use.ts"],
  }),
  "eslint.config.ts": `import type { ESLint, Linter } from "eslint";
import { defineConfig } from "eslint/config";
import lws, { type LwsLanguageOptions } from "eslint-plugin-lws";

export const plugin: ESLint.Plugin = lws;
export const recommended: Linter.Config = lws.configs.recommended;
const languageOptions: LwsLanguageOptions = { callbacks: ["callback"], threadEntries: [], lwsVersion: "4.3" };
export default defineConfig([
  lws.configs.recommended,
  { files: ["**/*.c"], plugins: { lws }, extends: [lws.configs.all], language: "lws/c", languageOptions: { ...languageOptions } },
  { files: ["**/*.h"], plugins: { lws }, extends: ["lws/all"], rules: { "lws/no-sync-kill": "off" } },
]);
`,
  "use.ts": `import { Analyzer, type Diagnostic } from "eslint-plugin-lws";

const analyzer = await Analyzer.create();
const run = analyzer.start({ callbacks: ["callback"] });
run.add({ path: "a.c", content: "int lws;" });
const diagnostics: readonly Diagnostic[] = run.finish().diagnostics;
for (const { file, span, message, fixes } of diagnostics) void [file, span.start, message, fixes[0]?.edits];
// @ts-expect-error: options are typed
analyzer.start({ callbacks: "callback" });
`,
});
afterAll(() => project.dispose());

test("the plugin type-checks in eslint.config.ts and defineConfig, the engine as a library", () => {
  const tsc = path.join(project.directory, "node_modules/typescript/bin/tsc");
  const { stdout, status } = project.run(process.execPath, tsc, "-p", ".");
  expect(stdout).toBe("");
  expect(status).toBe(0);
});
