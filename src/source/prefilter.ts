import { Buffer } from "node:buffer";
import { encodingOf } from "./decode.js";

/**
 * Byte strings of which every file that uses libwebsockets holds at least one: its functions and types, its constants and macros,
 * its header. Plain ASCII, so the search needs no decoding. For the two short ones the rare letter is searched and the frequent
 * one before it is checked: over a tree that does not use the library this costs half of a search for the whole string.
 */
const SHORT_TRACES = [
  { rest: Buffer.from("ws_", "latin1"), first: "l".charCodeAt(0) },
  { rest: Buffer.from("WS_", "latin1"), first: "L".charCodeAt(0) },
];
const HEADER = Buffer.from("libwebsocket", "latin1");

/** Length of the longest trace in bytes: how far two chunks of one file must overlap when it is searched in pieces. */
export const LONGEST_TRACE = HEADER.length;

/** UTF-16, told by its byte order mark, holds ASCII with a zero byte beside each character. */
const asciiView = (view: Buffer): Buffer =>
  encodingOf(view) === "utf-8" ? view : Buffer.from(view.filter((byte) => byte !== 0));

/**
 * Whether the first `length` bytes of a file hold any trace of libwebsockets. False means that the file cannot name any part of it;
 * true means little.
 */
export const mayUseLws = (bytes: Uint8Array, length: number = bytes.length): boolean => {
  const view = asciiView(Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(length, bytes.length)));
  for (const { rest, first } of SHORT_TRACES) {
    for (let at = view.indexOf(rest, 1); at !== -1; at = view.indexOf(rest, at + 1)) {
      if (view[at - 1] === first) return true;
    }
  }
  return view.includes(HEADER);
};
