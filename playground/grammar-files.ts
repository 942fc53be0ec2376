/** In place of `src/syntax/grammar-files.ts`: the grammars lie beside the page. */
import type { Language } from "../src/syntax/ast.js";

export const grammarFile = (language: Language): string =>
  new URL(`grammars/${language === "c" ? "tree-sitter-c" : "tree-sitter-cpp"}.wasm`, document.baseURI).href;
