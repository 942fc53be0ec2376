import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decode, encodeEdits } from "../../src/source/decode.js";

const bytes = (...values: (number | string)[]): Uint8Array =>
  Uint8Array.from(values.flatMap((value) => (typeof value === "number" ? [value] : [...new TextEncoder().encode(value)])));

const textOf = (content: Uint8Array): string => decode("a.c", content).file?.text ?? "";

describe("decode", () => {
  test("the byte order mark is no part of the text", () => {
    const { file } = decode("a.c", bytes(0xef, 0xbb, 0xbf, "int x;"));
    expect(file?.text).toBe("int x;");
    expect(file?.hasInvalidUtf8).toBe(false);
  });

  test("each invalid sequence is one replacement character", () => {
    const { file } = decode("a.c", bytes("/* ", 0xe4, " */ x"));
    expect(file?.text).toBe("/* \ufffd */ x");
    expect(file?.hasInvalidUtf8).toBe(true);
    expect(file?.positionAt(8)).toEqual({ line: 1, column: 9 });
  });

  test("a replacement character that the file has itself is valid", () => {
    expect(decode("a.c", bytes("\ufffd")).file?.hasInvalidUtf8).toBe(false);
  });

  test("a binary file is a problem in words", () => {
    expect(decode("lib/a.o", bytes(0x7f, "ELF", 0, 0)).problem).toMatchInlineSnapshot(
      `"\`lib/a.o\` looks binary (a NUL byte at offset 4) and was skipped; exclude it, or save it as UTF-8 if it is source code."`,
    );
  });

  test.each(["le", "be"])("UTF-16 %s with a byte order mark is read and edited", (order) => {
    const units = [0xfeff, ...Array.from("int x;", (unit) => unit.charCodeAt(0))];
    const content = Uint8Array.from(units.flatMap((unit) => (order === "le" ? [unit & 255, unit >> 8] : [unit >> 8, unit & 255])));
    expect(textOf(content)).toBe("int x;");
    expect(textOf(encodeEdits(content, [{ span: { start: 4, end: 5 }, newText: "yz" }]))).toBe("int yz;");
  });
});

describe("encodeEdits", () => {
  test("untouched bytes stay: mark, invalid sequences, line ends", () => {
    const content = bytes(0xef, 0xbb, 0xbf, "a", 0xff, 0xe2, 0x82, "\r\n\u{1f600}foo();");
    const at = textOf(content).indexOf("foo");
    expect(encodeEdits(content, [{ span: { start: at, end: at + 3 }, newText: "bär" }])).toEqual(
      bytes(0xef, 0xbb, 0xbf, "a", 0xff, 0xe2, 0x82, "\r\n\u{1f600}bär();"),
    );
  });

  test("overlapping and misplaced edits are refused", () => {
    const content = bytes("abc");
    const edit = (start: number, end: number) => ({ span: { start, end }, newText: "" });
    expect(() => encodeEdits(content, [edit(0, 2), edit(1, 3)])).toThrow(RangeError);
    expect(() => encodeEdits(content, [edit(2, 9)])).toThrow(RangeError);
  });

  const content = fc.oneof(
    fc.uint8Array({ maxLength: 60 }),
    fc.string({ unit: "binary", maxLength: 30 }).map((text) => bytes(text)),
    fc.array(fc.constantFrom(0xef, 0xbb, 0xbf, 0xed, 0xa0, 0x80, 0xf0, 0x90, 0xf4, 0x8f, 0xe0, 0xc1, 0x41, 0x0d, 0x0a), { maxLength: 40 }).map((list) => Uint8Array.from(list)),
  ).filter((list) => decode("a.c", list).file !== undefined);

  test("property: no edits, no change", () => {
    fc.assert(
      fc.property(content, (list) => {
        expect(encodeEdits(list, [])).toEqual(list);
      }),
    );
  });

  test("property: an insertion shows in the text where it was asked for, and changes nothing else", () => {
    fc.assert(
      fc.property(content, fc.nat(), (list, seed) => {
        const text = textOf(list);
        const at = seed % (text.length + 1);
        const isInPair = at > 0 && at < text.length && /[\ud800-\udbff]/.test(text[at - 1]!) && /[\udc00-\udfff]/.test(text[at]!);
        // A NUL would make the result binary, and what becomes a byte order mark is none of the text.
        fc.pre(!isInPair && at > 0);
        const edited = encodeEdits(list, [{ span: { start: at, end: at }, newText: "<>" }]);
        expect(edited.length).toBe(list.length + 2);
        expect(textOf(edited)).toBe(`${text.slice(0, at)}<>${text.slice(at)}`);
      }),
    );
  });

  test("property: replacing the whole text leaves the mark alone", () => {
    fc.assert(
      fc.property(content, (list) => {
        const text = textOf(list);
        const edited = encodeEdits(list, [{ span: { start: 0, end: text.length }, newText: "x" }]);
        expect(textOf(edited)).toBe("x");
      }),
    );
  });
});
