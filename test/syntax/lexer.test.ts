import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Language } from "../../src/syntax/ast.js";
import { lex } from "../../src/syntax/lexer.js";
import { F, T } from "../../src/syntax/token.js";

const names = new Map<number, string>();
for (const [name, kind] of Object.entries(T)) if (name !== "FirstKeyword") names.set(kind, name);

/** Tokens as `Kind:text`, with marks for what stands around them. */
function tokensOf(text: string, language: Language = "c"): string[] {
  const { tokens } = lex(text, language);
  return Array.from({ length: tokens.count }, (_, i) => {
    const flags = tokens.flags[i]!;
    const marks = (flags & F.LineStart ? "^" : "") + (flags & F.GapNotBlank ? "~" : "") + (flags & F.Spliced ? "\\" : "") + (flags & F.Digraph ? "%" : "");
    return `${marks}${names.get(tokens.kind[i]!)}:${text.slice(tokens.start[i], tokens.end[i])}`;
  });
}

const directivesOf = (text: string): string[] => lex(text, "c").directives.map((d) => `${d.name}@${d.token}[${text.slice(d.nameEnd, d.end)}]`);
const commentsOf = (text: string): string[] => lex(text, "c").comments.map((c) => `${c.style}[${c.text}]`);

describe("tokens", () => {
  test("words, numbers, punctuators", () => {
    expect(tokensOf("int a1 = 0x1Fu + 1e-5 .5 >>= ... ->x ::")).toMatchInlineSnapshot(`
      [
        "^TypeWord:int",
        "Identifier:a1",
        "Assign:=",
        "Number:0x1Fu",
        "Plus:+",
        "Number:1e-5",
        "Number:.5",
        "Greater:>",
        "Operator:>=",
        "Ellipsis:...",
        "Arrow:->",
        "Identifier:x",
        "Scope:::",
      ]
    `);
  });
  test("strings and characters, also without their end", () => {
    expect(tokensOf("\"a\\\"b\" L\"x\" 'c' u8\"y\" \"open\nint 'x\n;")).toMatchInlineSnapshot(`
      [
        "^String:"a\\"b"",
        "String:L"x"",
        "Char:'c'",
        "String:u8"y"",
        "String:"open",
        "^TypeWord:int",
        "Char:'x",
        "^Semicolon:;",
      ]
    `);
  });
  test("raw strings are C++", () => {
    const text = 'R"x(a " } )" )x" y';
    expect(tokensOf(text, "cpp")).toEqual(['^String:R"x(a " } )" )x"', "Identifier:y"]);
    expect(tokensOf(text)[0]).toBe("^Identifier:R");
  });
  test("digraphs", () => {
    expect(tokensOf("<: :> <% %> a %: b %:%:")).toMatchInlineSnapshot(`
      [
        "^%LBracket:<:",
        "%RBracket::>",
        "%LBrace:<%",
        "%RBrace:%>",
        "Identifier:a",
        "%Hash:%:",
        "Identifier:b",
        "%HashHash:%:%:",
      ]
    `);
    expect(tokensOf("a<::b>", "cpp")).toEqual(["^Identifier:a", "Less:<", "Scope:::", "Identifier:b", "Greater:>"]);
  });
  test("line splices, with CRLF as well", () => {
    expect(tokensOf("in\\\r\nt x\\\n;")).toEqual(["^\\TypeWord:in\\\r\nt", "Identifier:x", "~Semicolon:;"]);
  });
  test("comments leave a mark on what follows", () => {
    expect(tokensOf("a/**/b //c\nd")).toEqual(["^Identifier:a", "~Identifier:b", "^~Identifier:d"]);
  });
  test("C++ keywords are names in C", () => {
    expect(tokensOf("class new delete", "c")).toEqual(["^Identifier:class", "Identifier:new", "Identifier:delete"]);
    expect(tokensOf("class new delete", "cpp")).toEqual(["^Class:class", "New:new", "Delete:delete"]);
  });
  test("digit separators", () => {
    expect(tokensOf("1'000'000;", "cpp")).toEqual(["^Number:1'000'000", "Semicolon:;"]);
  });
  test("what is no token", () => {
    expect(tokensOf("a @ ` \u00a0 \ufeff é \0 b")).toMatchInlineSnapshot(`
      [
        "^Identifier:a",
        "Stray:@",
        "Stray:\`",
        "~Identifier:é",
        "~Identifier:b",
      ]
    `);
  });
});

describe("directives", () => {
  test("all forms", () => {
    expect(directivesOf('#include <a//b.h>\n # define X(a) \\\n  a /* c\n d */ + 1 // e\n%:if X\n#\n#error it\'s /* no */ end\n#pragma once\n# 12 "f.c"\n#de\\\nfine Y\nint #x;')).toMatchInlineSnapshot(`
      [
        "include@0[ <a//b.h>]",
        "define@0[ X(a) \\
        a /* c
       d */ + 1 // e]",
        "if@0[ X]",
        "@0[]",
        "error@0[ it's /* no */ end]",
        "pragma@0[ once]",
        "@0[ "f.c"]",
        "define@0[ Y]",
      ]
    `);
  });
  test("comments in them are comments", () => {
    expect(commentsOf("#define A /* x */ 1 // y \\\n z\n#define B \"/* no */\"\n")).toEqual(["block[ x ]", "line[ y \\\n z]"]);
  });
  test("they stand between tokens", () => {
    expect(directivesOf("int a;\n#ifdef X\nint b;\n#endif")).toEqual(["ifdef@3[ X]", "endif@6[]"]);
  });
  test("an open comment goes to the end", () => {
    expect(commentsOf("/* a\n b")).toEqual(["block[ a\n b]"]);
    expect(tokensOf("/* a\n b")).toEqual([]);
  });
});

describe("properties", () => {
  const soup = fc.array(fc.constantFrom("a", "1", '"', "'", "\\", "\n", "\r\n", "/*", "*/", "//", "#", "define ", "(", ")", " ", "%:", "<:", "R\"", "é", "\ud800", "\0"), { maxLength: 60 }).map((parts) => parts.join(""));

  test("tokens, comments and directives lie in the text, in order, apart from each other", () => {
    fc.assert(
      fc.property(soup, fc.constantFrom<Language>("c", "cpp"), (text, language) => {
        const { tokens, comments, directives } = lex(text, language);
        let last = 0;
        for (let i = 0; i < tokens.count; i++) {
          expect(tokens.start[i]).toBeGreaterThanOrEqual(last);
          expect(tokens.end[i]).toBeGreaterThan(tokens.start[i]!);
          last = tokens.end[i]!;
        }
        expect(last).toBeLessThanOrEqual(text.length);
        for (const { span } of comments) expect(span.start < span.end && span.end <= text.length).toBe(true);
        for (const directive of directives) {
          expect(directive.start < directive.end && directive.nameEnd <= directive.end && directive.end <= text.length && directive.token <= tokens.count).toBe(true);
          for (let i = 0; i < tokens.count; i++) expect(tokens.end[i]! <= directive.start || tokens.start[i]! >= directive.end).toBe(true);
        }
      }),
    );
  });
});
