import { Buffer } from "node:buffer";

/**
 * Byte strings of which every file that uses libwebsockets holds at least one: its functions and types, its constants and macros,
 * its header. Plain ASCII, so the search needs no decoding.
 */
const TRACES = ["libwebsocket", "lws_", "LWS_"].map((trace) => Buffer.from(trace, "latin1"));

/** Length of the longest trace in bytes: how far two chunks of one file must overlap when it is searched in pieces. */
export const LONGEST_TRACE = Math.max(...TRACES.map((trace) => trace.length));

/**
 * Whether the first `length` bytes of a file hold any trace of libwebsockets. False means that the file cannot use it; true means little.
 */
export const mayUseLws = (bytes: Uint8Array, length: number = bytes.length): boolean => {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(length, bytes.length));
  return TRACES.some((trace) => view.includes(trace));
};
