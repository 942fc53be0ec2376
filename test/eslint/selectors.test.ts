import type { Linter } from "eslint";
import { expect, test } from "vitest";
import { lint, select, summary } from "./helpers.js";

const code = `#include <a.h>
/* first */
static int a, *b = 0;
int f(int x, char **y)
{
	// note
	if (x == 1)
		return lws_write(x, "text\\n", 2);
	call(y); /* between */ other(y);
	return (int)x + 1;
}
`;

test.each<[selector: string, expected: string[]]>([
  ["translation_unit", ["1:1-12:1"]],
  ["call_expression", [`lws_write(x, "text\\n", 2)`, "call(y)", "other(y)"]],
  ["call_expression > .function", ["lws_write", "call", "other"]],
  ['call_expression[function="call"]', ["call(y)"]],
  ["call_expression[function.text=/^(lws_write|other)$/]", [`lws_write(x, "text\\n", 2)`, "other(y)"]],
  ['binary_expression[operator="=="]', ["x == 1"]],
  ['binary_expression[operator.type="+"]', ["(int)x + 1"]],
  ["declaration > .declarator", ["a", "*b = 0"]],
  ["declaration:has(init_declarator)", ["static int a, *b = 0;"]],
  ["string_content", ["text"]],
  ["escape_sequence", ["\\n"]],
  ["if_statement return_statement", [`return lws_write(x, "text\\n", 2);`]],
  ["comment", ["/* first */", "// note", "/* between */"]],
  ["comment[text=/note/]", ["// note"]],
])("selector %s", async (selector, expected) => {
  expect(await select(code, selector)).toEqual(expected);
});

test("trap 1: the grammar's field `type` does not replace the type of a node", async () => {
  expect(await select(code, "cast_expression")).toEqual(["(int)x"]);
  expect(await select(code, "return_statement:has(cast_expression)")).toEqual(["return (int)x + 1;"]);
  expect(await select(code, "parameter_declaration > .typeNode")).toEqual(["int", "char"]);
  expect(await select(code, 'parameter_declaration[typeNode="char"]')).toEqual(["char **y"]);
});

test("trap 2: the root is a translation_unit also where the grammar recognises nothing", async () => {
  const hopeless = "}}} ??? ((( lws";
  expect(await select(hopeless, "translation_unit")).toEqual([hopeless]);
  expect(await select(hopeless, "ERROR")).not.toEqual([]);
});

test("trap 3: punctuation and comments do not count among children", async () => {
  expect(await select(code, "argument_list > :nth-child(2)")).toEqual([`"text\\n"`]);
  expect(await select(code, "argument_list > :last-child")).toEqual(["2", "y", "y"]);
  expect(await select(code, "compound_statement > if_statement:first-child")).toEqual(["7:2-8:36"]);
  expect(await select(code, "expression_statement + expression_statement")).toEqual(["other(y);"]);
});

test("trap 4: a syntax error is no error, and what is around it is in the tree", async () => {
  const broken = "int f(void) { return call(1; }\nint g(void) { return other(2); }\n@@@\n";
  const result = await lint(broken);
  expect(result.messages).toEqual([]);
  expect(await select(broken, 'call_expression[function="other"]')).toEqual(["other(2)"]);
  expect((await select(broken, ":matches(ERROR, MISSING)")).length).toBeGreaterThan(0);
});

test.each(["", " ", "\n", "lws", "/* only */", "\\\n", "\u0000", "#if 1\n", '"', "'", "/*", "int f(){", "x".repeat(50_000), "{".repeat(20_000)])(
  "any text is linted without an error (%#)",
  async (text) => {
    const config: Linter.Config = { rules: { "no-restricted-syntax": ["error", "identifier[text='never'], :has(> never)"] } };
    expect((await lint(text, { config })).messages).toEqual([]);
  },
);

test("rules of others can use the tree, its locations and their source code", async () => {
  const seen: string[] = [];
  const rule = {
    create(context: any) {
      const { sourceCode } = context;
      return {
        call_expression(node: any) {
          seen.push(sourceCode.getText(node), node.parent.type, sourceCode.getAncestors(node)[0].type, sourceCode.getText(node.tokens[0] ?? node.function));
          context.report({ node, message: "here" });
        },
        "call_expression:exit"(node: any) {
          seen.push(`exit ${node.function.text}`);
        },
      };
    },
  };
  const result = await lint("void f(void)\r\n{\r\n  g();\r\n}\r\n", { config: { plugins: { own: { rules: { rule } } }, rules: { "own/rule": "error" } } });
  expect(summary(result)).toEqual(["3:3 own/rule here"]);
  expect(result.messages[0]).toMatchObject({ endLine: 3, endColumn: 6 });
  expect(seen).toEqual(["g()", "expression_statement", "translation_unit", "g", "exit g"]);
});

test("without the syntax tree the plugin's own rules still report", async () => {
  const config: Linter.Config = {
    languageOptions: { syntaxTree: false },
    rules: { "no-restricted-syntax": ["error", "identifier", "translation_unit"] },
  };
  expect(summary(await lint("int lws = SYNC;", { config }))).toEqual([
    "1:1 no-restricted-syntax Using 'translation_unit' is not allowed.",
    "1:11 lws/no-sync `SYNC` is wrong. Use `ASYNC`.",
  ]);
});
