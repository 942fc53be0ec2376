import type { SourceFile } from "../source/source-file.js";
import type { TranslationUnit } from "../syntax/ast.js";
import { isPrivateHeader } from "./program.js";

/** How every file of the library's own tree begins, since 1.0. */
const LIBRARY_HEADER = /libwebsockets - (?:small server side|lightweight|protocol|generic|lib|mbedtls|libuv|libevent|glib|sdevent)|Copyright \(C\) [\d\s,-]+ Andy Green/;

/**
 * Whether a file is part of libwebsockets itself: it uses the library's private headers by their bare name, as only files built inside its
 * tree can, and says in its first comment whose it is. Programs that reach for private headers are not: they are told about it.
 */
export function isLibrarySource(unit: TranslationUnit, source: SourceFile): boolean {
  const usesPrivate = unit.includes.some(({ path }) => isPrivateHeader(path) && !/libwebsockets/.test(path.slice(0, path.lastIndexOf("/") + 1)));
  const isPrivate = isPrivateHeader(source.path);
  return (usesPrivate || isPrivate) && LIBRARY_HEADER.test(source.text.slice(0, 3000));
}
