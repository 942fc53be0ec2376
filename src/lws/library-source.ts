import type { TranslationUnit } from "../syntax/ast.js";
import { isPrivateHeader } from "./program.js";

/**
 * Whether a file is part of libwebsockets itself: it is one of the library's private headers, or uses one by its bare name, as files built
 * inside the library's tree do. Programs that reach into that tree by a path are not: they are told about it.
 */
export const isLibrarySource = (unit: TranslationUnit): boolean =>
  isPrivateHeader(unit.path) || unit.includes.some(({ path }) => isPrivateHeader(path) && !path.includes("/"));
