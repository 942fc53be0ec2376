import { SourceFile } from "./source-file.js";
import type { Span } from "./span.js";

export type Encoding = "utf-8" | "utf-16le" | "utf-16be";

/** A decoded file, or in words why it is none. */
export type Decoded =
  | { readonly file: SourceFile; readonly encoding: Encoding; readonly problem?: undefined }
  | { readonly problem: string; readonly file?: undefined };

/** Bytes at the start of a file in which a NUL makes it binary: as much as git looks at. */
const BINARY_PROBE = 8000;

/**
 * Decodes a file as ESLint and editors do: UTF-8 without its byte order mark, each invalid sequence one
 * U+FFFD, so that all columns agree. UTF-16 is recognised by its byte order mark.
 */
export function decode(path: string, bytes: Uint8Array): Decoded {
  const encoding = encodingOf(bytes);
  if (encoding !== "utf-8") return { file: new SourceFile(path, new TextDecoder(encoding).decode(bytes)), encoding };
  const nul = bytes.subarray(0, BINARY_PROBE).indexOf(0);
  if (nul >= 0) {
    return { problem: `\`${path}\` looks binary (a NUL byte at offset ${nul}) and was skipped; exclude it, or save it as UTF-8 if it is source code.` };
  }
  const text = new TextDecoder("utf-8").decode(bytes);
  return { file: new SourceFile(path, text, text.includes("\ufffd") && !isValidUtf8(bytes)), encoding };
}

/** By the byte order mark of a text that starts at `start`; UTF-8 without one. */
export function encodingOf(bytes: Uint8Array, start = 0): Encoding {
  const first = bytes[start];
  if (first === 0xff && bytes[start + 1] === 0xfe) return "utf-16le";
  if (first === 0xfe && bytes[start + 1] === 0xff) return "utf-16be";
  return "utf-8";
}

function isValidUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

/** A replacement in a decoded text; `span` is in its UTF-16 offsets. */
export interface ByteEdit {
  readonly span: Span;
  readonly newText: string;
}

/**
 * Applies edits to the bytes that a text was decoded from. All bytes outside of the edited spans stay as
 * they are: byte order mark, line ends, invalid sequences. A span's end inside of a surrogate pair moves
 * to the pair's start.
 * @throws RangeError when edits overlap or lie outside of the text.
 */
export function encodeEdits(bytes: Uint8Array, edits: readonly ByteEdit[]): Uint8Array {
  const encoding = encodingOf(bytes);
  const ordered = edits.toSorted((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
  const offsets = encoding === "utf-8" ? new Utf8Offsets(bytes) : new Utf16Offsets(bytes);
  const pieces: Uint8Array[] = [];
  let copied = 0;
  let last = 0;
  for (const { span, newText } of ordered) {
    if (span.start < last || span.end < span.start) throw new RangeError(`overlapping edits at offset ${span.start}`);
    last = span.end;
    const start = offsets.byteAt(span.start);
    const end = offsets.byteAt(span.end);
    pieces.push(bytes.subarray(copied, start), encodeText(newText, encoding));
    copied = end;
  }
  pieces.push(bytes.subarray(copied));
  const result = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    result.set(piece, at);
    at += piece.length;
  }
  return result;
}

function encodeText(text: string, encoding: Encoding): Uint8Array {
  if (encoding === "utf-8") return new TextEncoder().encode(text);
  const view = new DataView(new ArrayBuffer(text.length * 2));
  for (let i = 0; i < text.length; i++) view.setUint16(i * 2, text.charCodeAt(i), encoding === "utf-16le");
  return new Uint8Array(view.buffer);
}

/** Offsets of a text in its bytes; asked for in ascending order. */
interface Offsets {
  byteAt(offset: number): number;
}

class Utf16Offsets implements Offsets {
  readonly #length: number;

  constructor(bytes: Uint8Array) {
    this.#length = bytes.length;
  }

  byteAt(offset: number): number {
    const at = 2 + offset * 2;
    // Half a code unit at the end decodes to one U+FFFD.
    if (at > this.#length + 1) throw new RangeError(`offset ${offset} is outside of the text`);
    return Math.min(at, this.#length);
  }
}

class Utf8Offsets implements Offsets {
  readonly #bytes: Uint8Array;
  #byte: number;
  #unit = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#byte = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  }

  byteAt(offset: number): number {
    const bytes = this.#bytes;
    while (this.#unit < offset) {
      if (this.#byte >= bytes.length) throw new RangeError(`offset ${offset} is outside of the text`);
      const length = sequenceLength(bytes, this.#byte);
      const isPair = length === 4;
      if (isPair && this.#unit + 2 > offset) return this.#byte;
      this.#byte += length;
      this.#unit += isPair ? 2 : 1;
    }
    return this.#byte;
  }
}

/**
 * Bytes that the WHATWG decoder turns into one character at `at`; for an invalid sequence the bytes that
 * become one U+FFFD. Only a valid sequence is four bytes long.
 */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at]!;
  if (lead < 0xc2 || lead > 0xf4) return 1;
  const needed = lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
  let lower = 0x80;
  let upper = 0xbf;
  if (lead === 0xe0) lower = 0xa0;
  else if (lead === 0xed) upper = 0x9f;
  else if (lead === 0xf0) lower = 0x90;
  else if (lead === 0xf4) upper = 0x8f;
  for (let i = 1; i <= needed; i++) {
    const byte = bytes[at + i];
    if (byte === undefined || byte < lower || byte > upper) return i;
    lower = 0x80;
    upper = 0xbf;
  }
  return needed + 1;
}
