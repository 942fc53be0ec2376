import { expect, test, vi } from "vitest";
import type { Diagnostic, Fix } from "../../src/diagnostics/diagnostic.js";
import { FakeAnalyzer } from "./fake-analyzer.js";
import { createFakePlugin, lint, summary } from "./helpers.js";

/** A fake engine whose diagnostics are changed before they come out. */
function amended(change: (diagnostic: Diagnostic) => Partial<Diagnostic>): FakeAnalyzer {
  const analyzer = new FakeAnalyzer();
  analyzer.amend = (diagnostic) => ({ ...diagnostic, ...change(diagnostic) });
  return analyzer;
}

test("rules carry ESLint's metadata", () => {
  const { meta, rules, configs } = createFakePlugin();
  expect(meta).toEqual({ name: "eslint-plugin-lws", version: "1.2.3", namespace: "lws" });
  expect(Object.fromEntries(Object.entries(rules).map(([id, rule]) => [id, rule.meta]))).toEqual({
    "no-sync": {
      type: "problem",
      docs: { description: "Reports SYNC", recommended: true, url: "https://example.invalid/no-sync" },
      languages: ["lws/c", "lws/cpp"],
      fixable: "code",
      hasSuggestions: true,
      schema: [],
    },
    "no-maybe": {
      type: "problem",
      docs: { description: "Reports MAYBE", recommended: true, url: "https://example.invalid/no-maybe" },
      languages: ["lws/c", "lws/cpp"],
      hasSuggestions: true,
      schema: [],
    },
    "no-pedant": {
      type: "problem",
      docs: { description: "Reports PEDANT", recommended: false, url: "https://example.invalid/no-pedant" },
      languages: ["lws/c", "lws/cpp"],
      schema: [],
    },
  });
  expect(configs.recommended.rules).toEqual({ "lws/no-sync": "error", "lws/no-maybe": "warn" });
  expect(configs["recommended-cpp"]).toMatchObject({ language: "lws/cpp", rules: configs.recommended.rules });
  expect(configs.all.rules).toEqual({ "lws/no-sync": "error", "lws/no-maybe": "warn", "lws/no-pedant": "warn" });
});

test("positions count UTF-16 code units from 1, whatever the line ends", async () => {
  const result = await lint("// lws 😀\r\nint ä; /* 😀 */ SYNC\rMAYBE\n");
  expect(summary(result).map((line) => line.split(" ").slice(0, 2))).toEqual([
    ["2:17", "lws/no-sync"],
    ["3:1", "lws/no-maybe"],
  ]);
  expect(result.messages[0]).toMatchObject({ endLine: 2, endColumn: 21 });
});

test("a byte order mark shifts nothing and stays", async () => {
  const result = await lint("\uFEFFlws SYNC", { fix: true });
  expect(result.output).toBe("\uFEFFlws ASYNC");
  expect(summary(await lint("\uFEFFlws SYNC"))[0]).toMatch(/^1:5 /);
});

test("a message is the fact, the remedy, then the evidence", async () => {
  const related = (file: string) => [
    { file, span: { start: 0, end: 3 }, message: "registered here" },
    { file, span: { start: 5, end: 6 }, message: "reached on `LWS_CALLBACK_CLOSED`." },
    { file: "other.c", span: { start: 4, end: 5 }, message: "called here" },
  ];
  const analyzer = amended(({ file }) => ({ related: related(file) }));
  expect(summary(await lint("lws\n SYNC {{ id }}", { analyzer }))).toEqual([
    "2:2 lws/no-sync `SYNC` is wrong. Use `ASYNC`. (line 1: registered; line 2: reached on `LWS_CALLBACK_CLOSED`; other.c: called)",
  ]);
  // The engine's texts are clauses; here they become sentences.
  const terse = amended(() => ({ message: "really?", help: "" }));
  expect(summary(await lint("lws SYNC", { analyzer: terse }))).toEqual(["1:5 lws/no-sync Really?"]);
});

test("the first safe fix is applied by --fix, suggestions are offered", async () => {
  const { messages } = await lint("lws SYNC MAYBE");
  expect(messages[0]).toMatchObject({
    fix: { range: [4, 8], text: "ASYNC" },
    suggestions: [{ desc: "Make it suggestion", fix: { range: [4, 8], text: "NEVER" } }],
  });
  expect(messages[1]).not.toHaveProperty("fix");
  expect(messages[1]?.suggestions).toHaveLength(1);
  expect((await lint("lws SYNC MAYBE", { fix: true })).output).toBe("lws ASYNC MAYBE");
});

test("edits that ESLint cannot make are not offered", async () => {
  const withFix = (edits: (file: string) => Fix["edits"]) =>
    amended(({ file }) => ({ fixes: [{ kind: "safe", title: "", edits: edits(file) }] }));
  const at = (file: string, start: number, end: number) => ({ file, span: { start, end }, newText: "x" });
  const fixOf = async (analyzer: FakeAnalyzer) => (await lint("lws SYNC", { analyzer })).messages[0]?.fix;
  expect(await fixOf(withFix((file) => [at(file, 6, 8), at(file, 4, 6)]))).toEqual({ range: [4, 8], text: "xx" });
  expect(await fixOf(withFix((file) => [at(file, 4, 7), at(file, 5, 8)]))).toBeUndefined();
  expect(await fixOf(withFix((file) => [at(file, 4, 7), at("other.c", 5, 8)]))).toBeUndefined();
  expect(await fixOf(withFix(() => []))).toBeUndefined();
});

test("fixes that a rule did not announce are not offered", async () => {
  const analyzer = amended(({ file, span }) => ({
    fixes: (["safe", "suggestion"] as const).map((kind) => ({ kind, title: kind, edits: [{ file, span, newText: "" }] })),
  }));
  const { messages } = await lint("lws PEDANT MAYBE", { analyzer, config: { rules: { "lws/no-pedant": 2 } } });
  expect(messages.map(({ fix, suggestions }) => [fix, suggestions?.length])).toEqual([
    [undefined, undefined],
    [undefined, 2],
  ]);
});

test.each(["\uFFFD", "\uD83D", "\uDE00"])("trap 5: no fix is offered where ESLint would destroy bytes (%#)", async (damage) => {
  const code = `/* ${damage} */ lws SYNC MAYBE`;
  const result = await lint(code, { fix: true });
  expect(result.output).toBeUndefined();
  expect(result.messages.map(({ ruleId, fix, suggestions }) => [ruleId, fix, suggestions])).toEqual([
    ["lws/no-sync", undefined, undefined],
    ["lws/no-maybe", undefined, undefined],
  ]);
  expect((await lint("/* 😀 */ lws SYNC", { fix: true })).output).toBe("/* 😀 */ lws ASYNC");
});

test("trap 11: what is found in another file is not reported here", async () => {
  expect(summary(await lint("lws SYNC", { analyzer: amended(() => ({ file: "other.c" })) }))).toEqual([]);
});

test("the engine runs once for all rules, and only the enabled ones", async () => {
  const analyzer = new FakeAnalyzer();
  await lint("lws SYNC MAYBE", { analyzer, config: { rules: { "lws/no-maybe": "off" } } });
  expect(analyzer.runs).toHaveLength(1);
  expect(analyzer.runs[0]?.options).toEqual({
    rules: { "no-sync": "error", "no-maybe": "off", "no-pedant": "off" },
    eslintComments: false,
  });
  expect(analyzer.runs[0]?.inputs).toEqual([{ path: expect.stringMatching(/a\.c$/), content: "lws SYNC MAYBE" }]);
  const off = { "lws/no-sync": "off", "lws/no-maybe": "off" } as const;
  await lint("lws SYNC MAYBE", { analyzer, config: { rules: { ...off, "no-restricted-syntax": ["error", "never"] } } });
  expect(analyzer.runs).toHaveLength(1);
});

test("language options reach the engine, those of others do not", async () => {
  const analyzer = new FakeAnalyzer();
  const languageOptions = { callbacks: ["cb"], threadEntries: ["t"], lwsVersion: "4.3", ecmaVersion: "latest", whatever: 1 };
  await lint("lws", { analyzer, config: { languageOptions: languageOptions } });
  expect(analyzer.runs[0]?.options).toMatchObject({ callbacks: ["cb"], threadEntries: ["t"], lwsVersion: "4.3" });
  expect(analyzer.runs[0]?.options).not.toHaveProperty("whatever");
});

test.each([
  [{ callbacks: "cb" }, `Key "languageOptions": "callbacks" must be an array of function names, not "cb".`],
  [{ callbacks: ["cb", 1] }, `Key "languageOptions": "callbacks" must hold names of functions; element 1 is 1.`],
  [{ threadEntries: ["a b"] }, `Key "languageOptions": "threadEntries" must hold names of functions; element 0 is "a b".`],
  [{ lwsVersion: 4.3 }, `Key "languageOptions": "lwsVersion" must be a string such as "4.3" or "4.3.2", not 4.3.`],
  [{ syntaxTree: "no" }, `Key "languageOptions": "syntaxTree" must be true or false, not "no".`],
  [{ lwsVersion: "new" }, `Key "languageOptions": "lwsVersion" must be a string such as "4.3" or "4.3.2", not "new".`],
])("wrong language options are explained: %j", async (languageOptions, message) => {
  await expect(lint("lws", { config: { languageOptions: languageOptions } })).rejects.toThrow(message);
});

test("what kept the engine from reading a file becomes a warning of the process, once", async () => {
  const analyzer = new FakeAnalyzer();
  analyzer.problems = [{ file: "a.c", message: "too large" }];
  const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
  try {
    await lint("lws", { analyzer });
    await lint("lws", { analyzer });
    expect(warn.mock.calls).toEqual([["a.c: too large", "LwsLintWarning"]]);
  } finally {
    warn.mockRestore();
  }
});
