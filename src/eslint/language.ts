import type { AnalyzerApi } from "../analyzer.js";
import type { Language } from "../syntax/ast.js";
import { grammarOf } from "./grammar.js";
import { validateLanguageOptions, type LwsLanguageOptions } from "./options.js";
import { CSourceCode } from "./source-code.js";
import type { SyntaxNode } from "./syntax-tree.js";

/** The part of ESLint's `File` that a language needs. */
export interface LintedFile {
  readonly path: string;
  readonly body: string | Uint8Array;
}

interface Context {
  /** Absent where a host other than ESLint's own asks for a parse. */
  readonly languageOptions?: LwsLanguageOptions;
}

interface ParseResult {
  ok: true;
  ast: SyntaxNode;
  sourceCode: CSourceCode;
}

/** C, or C++ with `"cpp"`, as a language of ESLint. The language's grammar must have been loaded. */
export class CLanguage {
  readonly fileType = "text";
  readonly lineStart = 1;
  readonly columnStart = 1;
  readonly nodeTypeKey = "type";
  readonly visitorKeys: Record<string, string[]>;
  readonly #analyzer: AnalyzerApi;
  readonly #language: Language;

  constructor(analyzer: AnalyzerApi, language: Language) {
    this.#analyzer = analyzer;
    this.#language = language;
    this.visitorKeys = grammarOf(language).visitorKeys;
  }

  validateLanguageOptions(languageOptions: Record<string, unknown>): void {
    validateLanguageOptions(languageOptions);
  }

  /**
   * Never fails. A syntax error is local to the function it stands in, so there is always a tree; an answer without one would be
   * a fatal error to ESLint, and what a C file looks like to its own compiler is not this plugin's business.
   */
  parse(file: LintedFile, { languageOptions }: Context): ParseResult {
    // A byte order mark has been removed by ESLint.
    const text = typeof file.body === "string" ? file.body : new TextDecoder().decode(file.body);
    const sourceCode = new CSourceCode({
      analyzer: this.#analyzer,
      language: this.#language,
      path: file.path,
      text,
      languageOptions: languageOptions ?? {},
    });
    return { ok: true, ast: sourceCode.ast, sourceCode };
  }

  createSourceCode(_file: LintedFile, { sourceCode }: ParseResult): CSourceCode {
    return sourceCode;
  }
}
