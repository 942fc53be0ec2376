/** Entry to the front end: text in, plain records out. */
import { languageOf as languageByName } from "../source/languages.js";
import type { SourceFile } from "../source/source-file.js";
import type { FunctionVariant, Language, TranslationUnit } from "./ast.js";
import { GrammarMissing, loadGrammars } from "./tree-sitter.js";
import { UnitBuilder, type FunctionHeader, type UnitOptions } from "./unit.js";

/** Loads the parser and the grammars, once; `parseUnit` is synchronous from then on. */
export const initSyntax = (languages: readonly Language[] = ["c", "cpp"]): Promise<void> => loadGrammars(languages);

export interface ParseOptions extends UnitOptions {
  readonly language?: Language;
}

/** What a header has that only C++ compiles, at the start of a line. */
const cppHeader = /^[ \t]*(?:class\s+\w+(?:\s*;|[^;()]*\{)|namespace\b[^;()]*\{|template\s*<|using\s+\w|(?:public|private|protected)\s*:)/m;

/** C++ by the file's name; a `.h` file by what is in it. */
export function languageOf(path: string, text: string): Language {
  if (languageByName(path) === "c++") return "cpp";
  return path.endsWith(".h") && cppHeader.test(text) ? "cpp" : "c";
}

/** What only C++ has; whether it stands in code is for the parser to say. */
const cppTraces = /::|\b(?:class|template|namespace|nullptr|static_cast|reinterpret_cast|using)\b|\b(?:new|delete)\s+\w/;

/** Reads a file. Never throws for what is in it; what could not be read is in `coverage`. */
export function parseUnit(file: SourceFile, options: ParseOptions = {}): TranslationUnit {
  const language = options.language ?? languageOf(file.path, file.text);
  const unit = new UnitBuilder(file, language, options).build();
  // By its name C, but only a C++ compiler takes it.
  if (options.language !== undefined || language === "cpp" || troubles(unit) === 0 || !cppTraces.test(file.text)) return unit;
  const other = new UnitBuilder(file, "cpp", options).build();
  return troubles(other) < troubles(unit) ? other : unit;
}

const troubles = ({ coverage }: TranslationUnit): number => coverage.incompleteFunctions.length + coverage.unreadRegions.length;

/**
 * Reads a file that is included inside of a function: statements and `case` labels, one variant for each
 * configuration that changes its text.
 */
export function parseFragment(file: SourceFile, options: { readonly language?: Language } = {}): readonly FunctionVariant[] {
  return new UnitBuilder(file, options.language ?? languageOf(file.path, file.text), {}).buildFragment();
}

/** What `read` gives, with the grammars loaded that it turns out to need. */
export async function withGrammars<R>(read: () => R): Promise<R> {
  for (;;) {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof GrammarMissing)) throw error;
      await loadGrammars([error.language]);
    }
  }
}

export type { FunctionHeader };
