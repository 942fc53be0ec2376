/** What is read from tokens comes out as what the parser's tree is lowered to. */
import fc from "fast-check";
import { readdirSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { INITIALIZER_MACROS } from "../../src/lws/api/index.js";
import { SourceFile } from "../../src/source/source-file.js";
import type { TranslationUnit } from "../../src/syntax/ast.js";
import { initSyntax, parseUnit } from "../../src/syntax/index.js";

beforeAll(() => initSyntax());

const read = (text: string, isParserOnly: boolean): TranslationUnit =>
  parseUnit(new SourceFile("a.c", text), { language: "c", initializerMacros: INITIALIZER_MACROS, isParserOnly });

const expectSame = (text: string): void => {
  expect(read(text, false), text).toEqual(read(text, true));
};

const inFunction = (body: string): string => `typedef int name_t;\nint f(int a, struct lws *wsi)\n{\n\t${body}\n}\n`;

describe("files", () => {
  const root = new URL("../../fixtures/", import.meta.url);
  const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((name) => /\.[ch]$/.test(name));

  test.each(files)("%s", (name) => expectSame(readFileSync(new URL(name, root), "utf8")));
});

describe("statements", () => {
  test.each([
    "a * b;", "a * b = c;", "a *b, *c;", "a **b;", "a * b + c;", "a(b) * c;", "STACK_OF(a) *b, *c;", "STACK_OF(a) *b = c;", "a (*b)(int);", "a (*b)(c);", "a const *b;",
    "int a, *b = 0, c[3] = { 1, 2 }, d[2][3], e[];", "int (*fp)(int), g(void);", "unsigned long const *p = q;", "unsigned x;", "unsigned foo x;", "long long unsigned int x = 1ull;",
    "static const char * const z = \"a\" B \"b\";", "extern int g;", "register int r;", "auto x = 3;", "struct x { int a; char *b; } y;", "struct x { int a; };", "struct { int a:3; } y;",
    "enum { A, B } e;", "enum { A = 1, B } e;", "union { int a; } u = { .a = 1 };", "typedef int q;", "struct x;", "int;", "size_t n = sizeof(int);", "bool ok = true, no = false;",
    "struct a b = { .c = 1, .d.e = 2, [3] = 4, { 5 }, };", "int t[] = { [0 ... 3] = 1 };", "struct a b = { c: 1 };", "char s[] = \"\\x41\\n\\u00e9\";",
    "if (a) b; else if (c) d; else { e; }", "if (a) ; else ;", "if (a) l: b;", "while (a--) if (b) break; else continue;", "do { a; } while (0);", "do a++; while (b);",
    "for (int i = 0, j = 1; i < 3; i++, j--) ;", "for (;;) { }", "for (i = 0; ; ) b;", "for (a * b; c; d) ;", "switch (a) { case 1: case A: b; break; default: c; { d; } }", "switch (a) case 1: b;",
    "case 1 ... 3: a;", "l: m: a;", "l: int a;", "l: }", "goto l;", "goto *p;", "return;", "return (a);", "return a, b;", "{ { ; } }", "else a;", "}", "int a", "a", "asm(\"nop\");", "__asm__ volatile(\"\");",
    "lws_start_foreach_dll(struct lws_dll2 *, d, head) { a(d); } lws_end_foreach_dll(d);", "FOREACH(x, list) a(x);", "EACH() { a; }", "LOCK(m)\n\ta();", "MACRO(a(); b();)", "foo(struct x *, y);", "foo(int);",
    "f(a, , b);", "f(a,);", "UNUSED int x;", "int x UNUSED;", "typeof(a) b = a;", "__attribute__((unused)) int x;", "FOO(a) b;", "#if A\n\ta;\n#else\n\tb;\n#endif", "#if A\n\tif (a)\n#endif\n\tb;", "a = /* c */ b; // d",
    "a = b\\\n + c;", "int \\\nx;", "a<:0:> = b;", "return ERR(a) ? -1 : 0;", "é = 1;", "$x = 1;",
  ])("%s", (body) => expectSame(inFunction(body)));
});

describe("expressions", () => {
  test.each([
    "sizeof(a)", "sizeof(a) * 3", "sizeof(a)->b", "sizeof(a)[0]", "sizeof(a) b", "sizeof(struct q)", "sizeof(a *)", "sizeof a", "sizeof *a", "sizeof a->b", "sizeof(char) * 3", "sizeof(*a)", "sizeof(a[0])", "sizeof(size_t)",
    "sizeof(unsigned long)", "sizeof -1", "sizeof(int[3])", "_Alignof(int)", "_Generic(a, int: 1)", "offsetof(struct a, b.c)", "(name)(b)", "(name_t)(b)", "(MACRO)(b)", "(name_t)(b, c)", "(name_t) * b", "(name_t)&b", "(name_t)-1",
    "(name_t)-b * c", "(name_t)-b - c", "(MACRO) - 1", "(MACRO)&b", "(name) & b", "(name) - b", "(name) + 1", "(a)b", "(a)b->c", "(a *)b + 1", "(a){ 1 }", "(struct x){ .a = 1 }.a", "&(struct x){ 1 }", "(a)\"s\"", "(a)!b",
    "(a)~b", "(a)sizeof b", "(a)1", "(a)++", "(a)++b", "(a)(b)(c)", "(size_t)(b)", "(size_t)-1", "(size_t)b", "size_t(b)", "(const char *)b", "(char const *)b", "(unsigned char)b", "(unsigned)b", "(int (*)(void))b", "(void **)&b",
    "(struct s *)b->c", "(enum e)b", "(NULL)(b)", "a ? b : c ? d : e", "a ?: c", "a ? b, c : d", "a ? b : (c = d)", "a ? b : c = d", "a = b ? c : d", "a = b = c", "a += b -= c", "a <<= 1", "a >>= 1", "a >> 1", "a > > 1", "a >= 1", "a, b, c", "*a = 3",
    "!a = b", "a + b = c", "a && b = c", "(a) = b", "a->b[c].d(e)(f)++", "-a * b", "-1 * b", "a -1", "a - -1", "a - - 1", "- -a", "-a++", "!a++", "!!a--", "~a++", "*a++", "&a->b[3]", "++*a", "--a->b", "a+++b", "!a && b || c", "a | b ^ c & d",
    "a == b != c", "a < b > c", "a << 2 + 1", "a % b / c", "({ int q; q; })", "({ a; }) + 1", "((a))", "((a) + b)", "(a, b)", "\"a\" \"b\"", "L\"a\"", "u8\"a\"", "\"a\" B", "B \"a\"", "\"unclosed", "'a'", "'\\n'", "'\\''", "'ab'", "L'a'", "''",
    "0x1fUL", "0b11", "017", "1.5e-3f", "1.", ".5", "1e5", "0x1p3", "1'000", "12abc", "1 2", "a b c", "a..b", "a.1", "f(a)(b)", "f((a), (b) * 2)", "f(&a, *b, !c)", "f(({ a; }))", "a[b, c]", "a[b][c]", "a->", "(", ")", "f(", "a +", "&&label", "x = y ? 1 : 0",
    "NULL", "true ? NULL : 0", "(long long)b", "(_Bool)b", "(__int64)b", "(unsigned __int64)b", "a ## b", "@a", "__func__", "a ? : ", "sizeof", "(int)", "{ 1 }", "a = { 1 }",
  ])("%s", (expression) => {
    expectSame(inFunction(`x = ${expression};`));
    expectSame(inFunction(`${expression};`));
    expectSame(`int v = ${expression};\n#define M ${expression}\n#define N(a) ${expression}\n#define O(a) do { x = ${expression}; } while (0)\n`);
  });
});

describe("random code", () => {
  const word = fc.constantFrom("a", "b", "wsi", "name_t", "MACRO", "size_t", "NULL", "1", "0x10", "\"s\"", "'c'");
  const binary = fc.constantFrom("+", "-", "*", "/", "%", "&", "|", "^", "&&", "||", "==", "!=", "<", ">", "<=", ">=", "<<", ">>", "=", "+=", "->", ".", ",", "?", ":");
  const { expression } = fc.letrec<{ expression: string }>((tie) => ({
    expression: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      word,
      fc.tuple(tie("expression"), binary, tie("expression")).map(([left, op, right]) => `${left} ${op} ${right}`),
      fc.tuple(fc.constantFrom("!", "-", "*", "&", "~", "++", "sizeof ", "(int)", "(struct s *)"), tie("expression")).map(([op, operand]) => `${op}${operand}`),
      fc.tuple(tie("expression"), fc.constantFrom("++", "--", "[0]", "()", "->f", ".f")).map(([operand, op]) => `${operand}${op}`),
      fc.tuple(word, tie("expression"), tie("expression")).map(([f, x, y]) => `${f}(${x}, ${y})`),
      // Not `(a)` or `(a())`, which the grammar may take for types.
      tie("expression").map((inner) => `(!${inner})`),
      fc.tuple(tie("expression"), tie("expression"), tie("expression")).map(([x, y, z]) => `${x} ? ${y} : ${z}`),
    ),
  }));
  const { statement } = fc.letrec<{ statement: string }>((tie) => ({
    statement: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      expression.map((value) => `${value};`),
      fc.tuple(fc.constantFrom("int x", "struct s *x", "name_t *x[2]", "const char *x", "unsigned x"), expression).map(([declaration, value]) => `${declaration} = ${value};`),
      fc.tuple(expression, tie("statement"), tie("statement")).map(([condition, then, otherwise]) => `if (${condition}) ${then} else ${otherwise}`),
      fc.tuple(expression, tie("statement")).map(([condition, body]) => `while (${condition}) { ${body} }`),
      fc.tuple(expression, expression, tie("statement")).map(([start, condition, body]) => `for (${start}; ${condition}; a++) ${body}`),
      fc.tuple(expression, tie("statement"), tie("statement")).map(([subject, one, other]) => `switch (${subject}) { case 1: ${one} default: ${other} break; }`),
      expression.map((value) => `return ${value};`),
      fc.constantFrom(";", "break;", "goto l;", "l: ;", "{ }", "LOCK(a);"),
    ),
  }));

  test("expressions", () => fc.assert(fc.property(expression, (value) => expectSame(inFunction(`x = (${value});`))), { numRuns: 400 }));
  test("statements", () => fc.assert(fc.property(fc.array(statement, { maxLength: 4 }), (body) => expectSame(inFunction(body.join("\n\t")))), { numRuns: 200 }));
});
