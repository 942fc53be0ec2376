/** The examples of docs/eslint.md run as they stand. */
import { readFileSync } from "node:fs";
import type { Linter } from "eslint";
import { afterAll, describe, expect, test } from "vitest";
import { lint, summary } from "./helpers.js";
import { Project } from "./project.js";

const page = readFileSync(new URL("../../docs/eslint.md", import.meta.url), "utf8");
const blocks = [...page.matchAll(/^```js\n(.*?)^```$/gmsu)].map(([, code]) => code!);
const configurations = blocks.filter((code) => /^(?:import|module\.exports|\/\/ eslint\.config)/u.test(code));
const fragments = blocks.filter((code) => code.startsWith("{"));

describe("configurations", () => {
  const project = new Project({ "src/a.c": "int lws;\n", "www/a.js": "let a = 1; export { a };\n" });
  afterAll(() => project.dispose());

  test.each(configurations)("example %#", (code) => {
    const name = code.startsWith("module") ? "eslint.config.cjs" : "eslint.config.js";
    project.write({ [name]: code });
    const { stdout, stderr, status } = project.eslint("--config", name, "--max-warnings", "0", ".");
    expect([stdout, stderr, status]).toEqual(["", "", 0]);
  });
});

test("selectors", async () => {
  expect(fragments).toHaveLength(1);
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the page shows JavaScript, and the test runs what it shows
  const config = new Function(`return ${fragments[0]}`)() as Linter.Config;
  const code = 'void f(void)\n{\n\tstrcpy(a, b);\n\tlwsl_err("x");\n\tlwsl_user("x");\n\tgoto end;\nend:;\n}\n';
  expect(summary(await lint(code, { config }))).toEqual([
    "3:2 no-restricted-syntax Use lws_strncpy().",
    "4:2 no-restricted-syntax Log through our own macros.",
    "6:2 no-restricted-syntax No goto.",
  ]);
});
