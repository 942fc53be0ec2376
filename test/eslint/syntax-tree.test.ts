import { createRequire } from "node:module";
import { describe, expect, test } from "vitest";
import { LineIndex } from "../../src/source/line-index.js";
import { grammarOf, multipleFields } from "../../src/eslint/grammar.js";
import { SyntaxNode, SyntaxTree } from "../../src/eslint/syntax-tree.js";
import { parseText } from "../../src/syntax/tree-sitter.js";
import "./helpers.js";

interface NodeType {
  readonly type: string;
  readonly named: boolean;
  /** Only abstract types, which no node has, have them. */
  readonly subtypes?: unknown;
  readonly fields?: Readonly<Record<string, { readonly multiple: boolean }>>;
}

const require = createRequire(import.meta.url);
const nodeTypes = (language: string): readonly NodeType[] => require(`tree-sitter-${language}/src/node-types.json`);

function treeOf(text: string, parse = () => parseText(text, "c", "full")): SyntaxTree {
  return new SyntaxTree({ text, lines: new LineIndex(text), grammar: grammarOf("c"), parse });
}

describe.each(["c", "cpp"] as const)("the %s grammar", (language) => {
  test("the table of fields that occur more than once is the grammar's", () => {
    const multiple: Record<string, string[]> = {};
    for (const { type, fields = {} } of nodeTypes(language)) {
      const names = Object.keys(fields).filter((name) => fields[name]!.multiple);
      if (names.length > 0) multiple[type] = names.sort();
    }
    const table = Object.entries(multipleFields[language]).map(([type, names]) => [type, [...names].sort()]);
    expect(Object.fromEntries(table)).toEqual(multiple);
  });

  test("no field hides what every node has", () => {
    const own = new Set([...Object.getOwnPropertyNames(SyntaxNode.prototype), "type", "range", "parent"]);
    expect(grammarOf(language).fields.filter((name) => name !== null && own.has(name))).toEqual([]);
  });

  test("every node type has visitor keys, tokens have none", () => {
    const { visitorKeys } = grammarOf(language);
    const named = nodeTypes(language).filter(({ named, subtypes }) => named && !subtypes);
    expect(named.filter(({ type }) => !visitorKeys[type])).toEqual([]);
    expect(visitorKeys).toMatchObject({ translation_unit: expect.anything(), ERROR: expect.anything(), MISSING: expect.anything() });
    expect(visitorKeys).not.toHaveProperty(";");
  });
});

test("nothing is parsed before somebody looks below the root", () => {
  let parses = 0;
  const text = "\n int a; \n";
  const tree = treeOf(text, () => (parses++, parseText(text, "c", "full")));
  const steps = tree.walk();
  expect(steps.next().value).toEqual({ node: tree.root, phase: 1 });
  expect([tree.root.type, tree.root.range, tree.root.loc, tree.root.parent, parses]).toEqual([
    "translation_unit",
    [0, 10],
    { start: { line: 1, column: 1 }, end: { line: 3, column: 1 } },
    null,
    0,
  ]);
  expect([...steps]).toHaveLength(7);
  expect(tree.root.children.map(({ type }) => type)).toEqual(["declaration"]);
  expect(parses).toBe(1);
});

test("nodes are the same objects on every way to them", () => {
  const tree = treeOf("int f(void) { return g(1) + 2; } /* c */");
  const walked = [...tree.walk()].filter(({ phase }) => phase === 1).map(({ node }) => node);
  for (const node of walked) {
    if (node.parent) expect([...node.parent.children, ...node.parent.comments]).toContain(node);
  }
  const sum = walked.find(({ type }) => type === "binary_expression") as SyntaxNode & Record<string, SyntaxNode>;
  expect(sum["left"]).toBe(sum.children[0]);
  expect(sum["operator"]).toBe(sum.tokens[0]);
  expect(sum["operator"]).toMatchObject({ type: "+", text: "+", children: [], parent: sum });
  expect(sum["body"]).toBeUndefined();
});

test("a walk enters and leaves every node, children inside of their parents", () => {
  const open: SyntaxNode[] = [];
  for (const { node, phase } of treeOf("#if A\nint f(x) { /* c */ @@ }\n#endif\nint").walk()) {
    if (phase === 1) {
      const parent = open.at(-1);
      expect(node.parent).toBe(parent ?? null);
      if (parent) expect(parent.range[0] <= node.range[0] && node.range[1] <= parent.range[1]).toBe(true);
      open.push(node);
    } else expect(open.pop()).toBe(node);
  }
  expect(open).toEqual([]);
});

test("a parser that gives up leaves a root without children", () => {
  const tree = treeOf("int a;", () => undefined);
  expect([...tree.walk()].map(({ phase }) => phase)).toEqual([1, 2]);
  expect([tree.root.children, tree.root.comments, tree.errorCount]).toEqual([[], [], 0]);
});
