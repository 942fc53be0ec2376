/** Unified diffs that `patch` and `git apply` take, for files in any encoding. */
import { Buffer } from "node:buffer";
import { OMIT_HEADERS, formatPatch, structuredPatch } from "diff";

/** The bytes as one character each: a diff in terms of lines needs no more, and survives the way back. */
const latin1 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");

/** Git's quoting of names with characters that would end them. */
const quoted = (name: string): string => (/[\t\n\r"\\]/u.test(name) ? JSON.stringify(name) : name);

/** The difference between two contents of one file, in the bytes of the file. */
export const unifiedDiff = (name: string, before: Uint8Array, after: Uint8Array): Uint8Array => {
  const patch = structuredPatch(name, name, latin1(before), latin1(after), undefined, undefined, { context: 3 });
  const head = `--- ${quoted(`a/${name}`)}\n+++ ${quoted(`b/${name}`)}\n`;
  return Buffer.concat([Buffer.from(head, "utf8"), Buffer.from(formatPatch(patch, OMIT_HEADERS), "latin1")]);
};
