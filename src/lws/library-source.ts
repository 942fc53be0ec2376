import { includesPrivateHeader, isPrivateHeader } from "./private-headers.js";

/** Where the library keeps its sources, and the tests that are built with its private headers. */
const LIBRARY_FOLDER = /(?:^|\/)(?:lib\/(?:abstract|core|core-net|cose|drivers|event-libs|jose|misc|plat|roles|secure-streams|system|tls)|minimal-examples(?:-lowlevel)?\/api-tests)\//;
/** Sources that came to the library with another licence text, or with none; older releases have them all in one folder. */
const FOREIGN_SOURCE = /(?:^|\/)(?:sha-1|base64-decode|getifaddrs|daemonize|lws-plat-\w+)\.c(?:pp)?$/;
/** The first comment of the library's sources, which are also kept together as one file. */
const LICENCE = "libwebsockets - small server side";
const AUTHOR = "Andy Green";
/** The library's examples name the same author, and programs begin as copies of them. */
const EXAMPLE = /\bCC0\b|libwebsockets-test-/;
const HEAD = 3000;

/**
 * Whether a file is part of libwebsockets itself. Told from its path and its text, before anything is parsed: it is one of the library's private headers,
 * or it includes one by its bare name and is known for the library's by its folder, its name or its licence. A program that has copied such a header, or
 * that reaches into the library's tree by a path, is not: it is told about it.
 */
export function isLibrarySource(path: string, text: string): boolean {
  if (isPrivateHeader(path)) return true;
  if (!includesPrivateHeader(text)) return false;
  if (LIBRARY_FOLDER.test(path) || FOREIGN_SOURCE.test(path) || text.includes(LICENCE)) return true;
  const head = text.slice(0, HEAD);
  return head.includes(AUTHOR) && !EXAMPLE.test(head);
}
