import fc from "fast-check";
import { readdirSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { SourceFile } from "../../src/source/source-file.js";
import type { Span } from "../../src/source/span.js";
import type { Language } from "../../src/syntax/ast.js";
import { initSyntax, parseFragment, parseUnit } from "../../src/syntax/index.js";

beforeAll(() => initSyntax());

const isSpan = (value: object): value is Span => Object.keys(value).length === 2 && "start" in value && "end" in value;

/** Checks all spans of a record: inside of the text, not inverted, and inside of the record's own span. */
function checkSpans(value: unknown, text: string, outer: Span | undefined, path: string): void {
  if (value === null || typeof value !== "object") return;
  if (Array.isArray(value)) {
    value.forEach((element, i) => checkSpans(element, text, outer, `${path}[${i}]`));
    return;
  }
  if (isSpan(value)) {
    if (!(value.start >= 0 && value.start <= value.end && value.end <= text.length)) throw new Error(`${path}: ${value.start}..${value.end} in ${text.length}`);
    return;
  }
  const own = "span" in value ? (value.span as Span) : undefined;
  if (own !== undefined && outer !== undefined && (own.start < outer.start || own.end > outer.end)) {
    throw new Error(`${path}: ${own.start}..${own.end} is not in ${outer.start}..${outer.end}`);
  }
  for (const [key, inner] of Object.entries(value)) checkSpans(inner, text, own ?? outer, `${path}.${key}`);
}

function check(text: string, language: Language): void {
  const unit = parseUnit(new SourceFile("a.c", text), { language });
  checkSpans({ ...unit, functions: [] }, text, undefined, "unit");
  for (const definition of unit.functions) {
    expect(definition.variants.length).toBeGreaterThan(0);
    // A lambda's body stands in its own span, a type comes from anywhere.
    checkSpans(definition, text, undefined, definition.name);
  }
  checkSpans(parseFragment(new SourceFile("a.inc", text), { language }), text, undefined, "fragment");
}

const words = [
  "int ", "x", "f", "(", ")", "{", "}", "[", "]", ";", ",", "=", "*", "&&", "&", "...", ":", "::", "?", "\"s\"", "'c'", "1", "\n", "\\\n", "\r\n", "//c\n", "/*c*/", "struct ",
  "static ", "if ", "else ", "for ", "while ", "do ", "switch ", "case ", "default:", "return ", "goto ", "FOO", "LOCK(a)\n", "typedef ", "enum ", "sizeof ", "typeof", "offsetof",
  "\n#if A\n", "\n#ifdef B\n", "\n#else\n", "\n#endif\n", "\n#define M(a) ", "\n#define N ", "\n#include <a.h>\n", "##", "->", ".", ".a = ", "class ", "namespace ", "template <", ">", "<", "~",
  "operator", "new ", "[&](", "lws_start_foreach_dll(", "lws_end_foreach_dll(", "extern \"C\" {", "__attribute__((x))", "asm(", "@", "é", "<%", "%>", "%:", "_Static_assert(", "__try ", "\"", "'",
];
const soup = fc.array(fc.constantFrom(...words), { maxLength: 80 }).map((parts) => parts.join(""));
const language = fc.constantFrom<Language>("c", "cpp");

/** Real code to mutilate. */
const samples = readdirSync(new URL(".", import.meta.url))
  .filter((name) => name.endsWith(".test.ts"))
  .map((name) => readFileSync(new URL(name, import.meta.url), "utf8"))
  .flatMap((text) => [...text.matchAll(/"((?:[^"\\\n]|\\.)*\\n(?:[^"\\\n]|\\.)*)"/g)].map((match) => JSON.parse(`"${match[1]!.replace(/\\'/g, "'").replace(/\\r/g, "\\r")}"`) as string));

describe("no text breaks the front end", () => {
  test("token soup", () => {
    fc.assert(fc.property(soup, language, (text, lang) => check(text, lang)), { numRuns: 500 });
  });

  test("character soup", () => {
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 80 }), language, (text, lang) => check(text, lang)), { numRuns: 500 });
  });

  test("mutilated C", () => {
    expect(samples.length).toBeGreaterThan(10);
    fc.assert(
      fc.property(fc.constantFrom(...samples), fc.array(fc.tuple(fc.nat(), fc.nat({ max: 6 }), fc.constantFrom(...words, "")), { maxLength: 5 }), language, (sample, edits, lang) => {
        let text = sample;
        for (const [at, length, word] of edits) {
          const start = at % (text.length + 1);
          text = text.slice(0, start) + word + text.slice(start + length);
        }
        check(text, lang);
      }),
      { numRuns: 500 },
    );
  });
});
