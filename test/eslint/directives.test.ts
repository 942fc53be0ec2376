import { expect, test } from "vitest";
import { FakeAnalyzer } from "./fake-analyzer.js";
import { lint, summary } from "./helpers.js";

const wrong = "`SYNC` is wrong. Use `ASYNC`.";

test("disable comments suppress, with their justification", async () => {
  const result = await lint(
    [
      "lws /* eslint-disable-line lws/no-sync -- same line */ SYNC",
      "// eslint-disable-next-line lws/no-sync -- next line",
      "SYNC",
      "/* eslint-disable lws/no-sync -- block */",
      "SYNC",
      "/* eslint-enable lws/no-sync */",
      "SYNC",
      "/* eslint-disable-next-line -- all rules,",
      "   over two lines */",
      "SYNC",
    ].join("\n"),
  );
  expect(summary(result)).toEqual([`7:1 lws/no-sync ${wrong}`]);
  expect(result.suppressedMessages.map(({ line, suppressions }) => [line, suppressions[0]?.justification])).toEqual([
    [1, "same line"],
    [3, "next line"],
    [5, "block"],
    [10, "all rules,\n   over two lines"],
  ]);
});

test("inline configuration sets levels, and says what is wrong with it", async () => {
  expect(summary(await lint(`/* eslint lws/no-sync: "off" */ lws SYNC`))).toEqual([]);
  expect((await lint(`/* eslint lws/no-sync: warn */ lws SYNC`)).messages[0]?.severity).toBe(1);
  expect(summary(await lint(`/* eslint lws/no-pedant: error */ lws PEDANT`))).toEqual(["1:39 lws/no-pedant `PEDANT` is wrong. Use `ASYNC`."]);
  expect(summary(await lint("/* eslint lws/no-sync: [ */ lws"))[0]).toMatch(/^1:1 null Failed to parse JSON/);
  expect(summary(await lint("/* eslint lws/unknown: 2 */ lws"))[0]).toMatch(/^1:1 lws\/unknown Definition for rule/);
  expect(summary(await lint("/* eslint lws/no-sync: [2, {}] */ lws"))[0]).toMatch(/should NOT have more than 0 items|Configuration for rule/);
});

test("trap 6: prose is no directive", async () => {
  const prose = ["// eslint is nice", "// eslint-disable", "// eslint lws/no-sync: off", "/* eslint-nice */", "// see eslint-disable", 'const char *a = "/* eslint-disable */";', "lws SYNC"];
  expect(summary(await lint(prose.join("\n")))).toEqual([`7:5 lws/no-sync ${wrong}`]);
});

test("trap 6: line splices are removed before directives are read", async () => {
  for (const newline of ["\n", "\r\n"]) {
    const next = ["// eslint-disable-next-\\", "line lws/no-\\", "sync", "lws SYNC"].join(newline);
    expect(summary(await lint(next))).toEqual([]);
    const block = ["/* eslint-dis\\", "able lws/no-sync */ lws SYNC"].join(newline);
    expect(summary(await lint(block))).toEqual([]);
  }
});

test("a disable-line comment over several lines is a mistake", async () => {
  expect(summary(await lint("/* eslint-disable-line\n lws/no-sync */ lws"))).toEqual([
    "1:1 null eslint-disable-line comment should not span multiple lines.",
  ]);
});

test("comments are found where the tree cannot tell", async () => {
  const code = ["#define A(x) \\", "\tx /* eslint-disable-line lws/no-sync */ SYNC", "#error don't /* eslint-disable lws/no-sync */", "}}} lws SYNC '"].join("\n");
  expect(summary(await lint(code))).toEqual([]);
});

test("noInlineConfig is respected and warns", async () => {
  const config = { linterOptions: { noInlineConfig: true } };
  expect(summary(await lint("/* eslint-disable lws/no-sync */ lws SYNC", { config }))).toEqual([
    expect.stringMatching(/^1:1 null '\/\* eslint-disable lws\/no-sync \*\/' has no effect because you have 'noInlineConfig' setting/),
    `1:38 lws/no-sync ${wrong}`,
  ]);
});

test("unused directives are reported and removed", async () => {
  const code = "lws; /* eslint-disable-line lws/no-sync */\n// eslint-disable-next-line lws/no-maybe, lws/no-sync, lws/no-pedant -- why\nSYNC\n";
  const result = await lint(code);
  expect(summary(result)).toEqual([
    "1:6 null Unused eslint-disable directive (no problems were reported from 'lws/no-sync').",
    "2:1 null Unused eslint-disable directive (no problems were reported from 'lws/no-maybe').",
    "2:1 null Unused eslint-disable directive (no problems were reported from 'lws/no-pedant').",
  ]);
  expect((await lint(code, { fix: true })).output).toBe("lws;  \n// eslint-disable-next-line lws/no-sync -- why\nSYNC\n");
});

test.each(["\\\n", "\\\r\n"])("rules are removed from a spliced list where they stand", async (splice) => {
  const fixed = async (code: string) => (await lint(code, { fix: true })).output ?? code;
  const head = "lws MAYBE; // no-maybe, lws/no-sync\n";
  const config = { rules: { "lws/no-maybe": "off" as const } };
  const used = `${head}/* eslint-disable lws/no-maybe,${splice} lws/no-${splice}sync, lws/no-pedant */ lws SYNC\n`;
  const result = await lint(used, { fix: true, config });
  expect(result.output?.startsWith(head)).toBe(true);
  expect(result.suppressedMessages.map(({ ruleId }) => ruleId)).toContain("lws/no-sync");
  expect(result.output).not.toMatch(/disable.*(maybe|pedant)/su);
  // Nobody uses any of them: the whole comment goes, and never is there a directive for all rules on the way.
  const unused = await fixed(`lws\n/* eslint-disable lws/no-maybe,${splice} lws/no-sync,${splice}lws/no-pedant */ ok\n`);
  expect(unused).toMatch(/^lws\n\s+ok\n$/);
});

test("where ESLint would destroy bytes it gets no directive to remove, and the engine reads them", async () => {
  const analyzer = new FakeAnalyzer();
  const code = "/* eslint-disable lws/no-sync */ /* gr\uFFFDn */ lws SYNC MAYBE /* eslint-disable-line lws/no-pedant */";
  const result = await lint(code, { analyzer, fix: true });
  expect(result.output).toBeUndefined();
  expect(summary(result)).toEqual(["1:54 lws/no-maybe `MAYBE` is wrong. Use `ASYNC`."]);
  expect(analyzer.runs.map(({ options }) => options.eslintComments)).toEqual([true]);
  // `--no-inline-config` holds for these files as well.
  const ignored = await lint(code, { analyzer, allowInlineConfig: false });
  expect(summary(ignored)).toHaveLength(2);
  expect(analyzer.runs.at(-1)?.options.eslintComments).toBe(false);
});
