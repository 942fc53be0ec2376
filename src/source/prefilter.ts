import { Buffer } from "node:buffer";
import { encodingOf } from "./decode.js";

/**
 * Byte strings of which every file that uses libwebsockets holds at least one: its functions and types, its constants
 * and macros, its header and oldest functions. Plain ASCII, so the search needs no decoding. What is searched is the
 * rare part of each, and what stands before it is checked where the part is found: over a tree that does not use the
 * library this takes half the time of a search for the whole.
 */
const TRACES = [
  { before: "l", part: "ws_" },
  { before: "L", part: "WS_" },
  { before: "lib", part: "websock" },
].map(({ before, part }) => ({ before: Buffer.from(before, "latin1"), part: Buffer.from(part, "latin1") }));

/** Length of the longest trace in bytes: how far two chunks of one file must overlap when it is searched in pieces. */
export const LONGEST_TRACE = Math.max(...TRACES.map(({ before, part }) => before.length + part.length));

const viewOf = (bytes: Uint8Array, length: number): Buffer =>
  Buffer.isBuffer(bytes) && length === bytes.length ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, length);

/** UTF-16, told by its byte order mark, holds ASCII with a zero byte beside each character. */
const asciiView = (view: Buffer): Buffer =>
  encodingOf(view) === "utf-8" ? view : Buffer.from(view.filter((byte) => byte !== 0));

const holds = (view: Buffer, { before, part }: (typeof TRACES)[number], isWord = false): boolean => {
  const first = before.length;
  for (let at = view.indexOf(part, first); at !== -1; at = view.indexOf(part, at + 1)) {
    if (before.compare(view, at - first, at) === 0 && !(isWord && isNamePart(view[at - first - 1]))) return true;
  }
  return false;
};

const isNamePart = (byte: number | undefined): boolean =>
  byte !== undefined && ((byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122) || byte === 95);

/**
 * Whether the first `length` bytes of a file hold any trace of libwebsockets. False means that the file cannot name any
 * part of it; true means little.
 */
export const mayUseLws = (bytes: Uint8Array, length: number = bytes.length): boolean => {
  const view = asciiView(viewOf(bytes, Math.min(length, bytes.length)));
  return TRACES.some((trace) => holds(view, trace));
};

/** Whether some name begins like those of libwebsockets; `skip_lws_chars`, of linear white space, does not. False for all that `mayUseLws` denies. */
export const namesLws = (bytes: Uint8Array): boolean => {
  const view = asciiView(viewOf(bytes, bytes.length));
  return TRACES.some((trace) => holds(view, trace, true));
};
