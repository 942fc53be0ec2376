import { isPrivateHeader } from "./private-headers.js";

/** An include of one of the library's private headers by its bare name, as only files built inside the library's tree can write it. */
const PRIVATE_INCLUDE = /^[ \t]*#[ \t]*include[ \t]*["<]private-lib[\w-]*\.h[">]/m;

/**
 * Whether a file is part of libwebsockets itself. Told from the text, before anything is parsed: it is one of the library's private headers, or uses
 * one by its bare name. Programs that reach into that tree by a path are not: they are told about it.
 */
export const isLibrarySource = (path: string, text: string): boolean => isPrivateHeader(path) || PRIVATE_INCLUDE.test(text);
