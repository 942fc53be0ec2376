/** The plugin under ESLint's own test harness, which checks rules and languages more strictly than a run does. */
import { Linter, RuleTester } from "eslint";
import { describe, expect, it, test } from "vitest";
import type { CSourceCode } from "../../src/eslint/source-code.js";
import { FakeAnalyzer } from "./fake-analyzer.js";
import { createFakePlugin } from "./helpers.js";

RuleTester.describe = describe;
RuleTester.it = it;
RuleTester.itOnly = it.only;

const plugin = createFakePlugin();
const tester = new RuleTester({ plugins: { lws: plugin }, language: "lws/c" });

tester.run("no-sync", plugin.rules["no-sync"] as never, {
  valid: ["int lws;", "lws ASYNC", { code: "int ws = ASYNC;", languageOptions: { callbacks: ["cb"] } }],
  invalid: [
    {
      code: "int lws = SYNC;",
      output: "int lws = ASYNC;",
      errors: [
        {
          message: "`SYNC` is wrong. Use `ASYNC`.",
          line: 1,
          column: 11,
          endLine: 1,
          endColumn: 15,
          suggestions: [{ desc: "Make it suggestion", output: "int lws = NEVER;" }],
        },
      ],
    },
  ],
});

test("trap 10: a fix that breaks the syntax goes unnoticed by ESLint, hence errors are counted", () => {
  const analyzer = new FakeAnalyzer();
  analyzer.amend = (diagnostic) => ({
    ...diagnostic,
    fixes: [{ kind: "safe", title: "", edits: [{ file: diagnostic.file, span: diagnostic.span, newText: "((" }] }],
  });
  const breaking = createFakePlugin(analyzer);
  const linter = new Linter();
  const { output, messages } = linter.verifyAndFix("int lws = SYNC;", [breaking.configs.recommended], { filename: "a.c" });
  expect([output, messages]).toEqual(["int lws = ((;", []]);
  const errors = (text: string) => {
    linter.verify(text, [breaking.configs.recommended], { filename: "a.c" });
    return (linter.getSourceCode() as unknown as CSourceCode).syntaxErrorCount;
  };
  expect(errors("int lws = SYNC;")).toBe(0);
  expect(errors(output)).toBeGreaterThan(0);
});

test("a source code can be linted again, with other rules", () => {
  const analyzer = new FakeAnalyzer();
  const { configs } = createFakePlugin(analyzer);
  const linter = new Linter();
  const lint = (code: unknown, config: unknown) =>
    linter.verify(code as string, [config as never], { filename: "a.c" }).map(({ ruleId }) => ruleId);
  expect(lint("lws SYNC PEDANT", configs.recommended)).toEqual(["lws/no-sync"]);
  const sourceCode = linter.getSourceCode();
  expect(lint(sourceCode, configs.recommended)).toEqual(["lws/no-sync"]);
  expect(analyzer.runs).toHaveLength(1);
  expect(lint(sourceCode, configs.all)).toEqual(["lws/no-sync", "lws/no-pedant"]);
  expect(analyzer.runs).toHaveLength(2);
});
