/** Where the grammars lie: beside the built package, or in the packages they come from. A build for browsers has a module of its own in this place. */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Language } from "./ast.js";

export function grammarFile(language: Language): string {
  const name = language === "c" ? "tree-sitter-c" : "tree-sitter-cpp";
  const shipped = path.join(path.dirname(fileURLToPath(import.meta.url)), "grammars", `${name}.wasm`);
  if (existsSync(shipped)) return shipped;
  return path.join(path.dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), `${name}.wasm`);
}
