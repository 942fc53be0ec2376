import { ConfigCommentParser, Directive, TextSourceCodeBase, VisitNodeStep } from "@eslint/plugin-kit";
import type { AnalyzerApi } from "../analyzer.js";
import { LineIndex } from "../source/line-index.js";
import type { Language } from "../syntax/ast.js";
import { parseText, type ParsedTree } from "../syntax/tree-sitter.js";
import { partsOf, readComments, readDirective, type CComment, type DirectiveComment } from "./comments.js";
import { Findings } from "./findings.js";
import { grammarOf } from "./grammar.js";
import { analyzerOptions, type LwsLanguageOptions } from "./options.js";
import { isLossy } from "./report.js";
import { SyntaxTree, type SourceLocation, type SyntaxNode } from "./syntax-tree.js";
import { warnOnce } from "./warnings.js";

interface FileProblem {
  ruleId: null;
  message: string;
  loc: SourceLocation;
}

interface InlineConfig {
  config: { rules: NonNullable<Extract<ReturnType<ConfigCommentParser["parseJSONLikeConfig"]>, { ok: true }>["config"]> };
  loc: SourceLocation;
}

export interface SourceCodeInput {
  readonly analyzer: AnalyzerApi;
  readonly language: Language;
  readonly path: string;
  readonly text: string;
  readonly languageOptions: LwsLanguageOptions;
}

interface Types {
  LangOptions: LwsLanguageOptions & Record<string, unknown>;
  RootNode: SyntaxNode;
  SyntaxElementWithLoc: SyntaxNode | CComment;
  ConfigNode: CComment;
}

const commentParser = new ConfigCommentParser();

/** One C or C++ file in ESLint: its text, tree, comments and directives, and the engine's findings for it. */
export class CSourceCode extends TextSourceCodeBase<Types> {
  readonly lineIndex: LineIndex;
  /** What the plugin's own rules report. */
  readonly findings: Findings;
  readonly visitorKeys: Record<string, string[]>;
  /** Whether ESLint would damage the file by writing it; then nothing that makes it write is offered. */
  readonly isLossy: boolean;
  readonly #tree: SyntaxTree;
  readonly #language: Language;
  #comments: readonly CComment[] | undefined;
  #directives: readonly DirectiveComment[] | undefined;
  #engineReadsDirectives = false;

  constructor({ analyzer, language, path, text, languageOptions }: SourceCodeInput) {
    const lineIndex = new LineIndex(text);
    const grammar = grammarOf(language);
    const parse = (): ParsedTree | undefined => {
      if (languageOptions.syntaxTree === false) return undefined;
      const parsed = parseText(text, language, "full");
      if (!parsed) warnOnce(path, "the syntax tree would cost too much; rules that use selectors see an empty file.");
      return parsed;
    };
    const tree = new SyntaxTree({ text, lines: lineIndex, grammar, parse });
    super({ text, ast: tree.root, lineEndingPattern: /\r\n|[\r\n]/u });
    this.lineIndex = lineIndex;
    this.visitorKeys = grammar.visitorKeys;
    this.isLossy = isLossy(text);
    this.#tree = tree;
    this.#language = language;
    this.findings = new Findings({
      analyzer,
      path,
      text,
      options: analyzerOptions(languageOptions),
      eslintComments: () => this.#engineReadsDirectives,
    });
  }

  /** All comments in source order. JavaScript rules that run over a C file by mistake call this. */
  getAllComments(): readonly CComment[] {
    return (this.#comments ??= readComments(this.text, this.#language, this.lineIndex));
  }

  override getParent(node: SyntaxNode): SyntaxNode | undefined {
    return node.parent ?? undefined;
  }

  /** How many places the parser could not read: a fix must not raise it. */
  get syntaxErrorCount(): number {
    return this.#tree.errorCount;
  }

  override *traverse(): Generator<VisitNodeStep, void, void> {
    for (const { node, phase } of this.#tree.walk()) yield new VisitNodeStep({ target: node, phase, args: [node] });
  }

  #readDirectives(): readonly DirectiveComment[] {
    if (this.#directives === undefined) {
      // Most files have none: then their comments are not even looked for.
      const comments = this.text.includes("eslint") ? this.getAllComments() : [];
      this.#directives = comments.map(readDirective).filter((directive) => directive !== undefined);
    }
    return this.#directives;
  }

  getInlineConfigNodes(): CComment[] {
    return this.#readDirectives().map(({ comment }) => comment);
  }

  getDisableDirectives(): { directives: Directive[]; problems: FileProblem[] } {
    const directives: Directive[] = [];
    const problems: FileProblem[] = [];
    if (this.isLossy) {
      // ESLint removes unused directives under `--fix` by default, and there is no way to give it one without that fix.
      // The engine reads them instead.
      this.#engineReadsDirectives = true;
      return { directives, problems };
    }
    for (const directive of this.#readDirectives()) {
      const { kind, comment, justification } = directive;
      if (kind === "config") continue;
      if (kind === "disable-line" && comment.loc.start.line !== comment.loc.end.line) {
        problems.push({ ruleId: null, message: "eslint-disable-line comment should not span multiple lines.", loc: comment.loc });
        continue;
      }
      for (const { value, node } of partsOf(directive, this.text)) {
        directives.push(new Directive({ type: kind, node, value, justification }));
      }
    }
    return { directives, problems };
  }

  applyInlineConfig(): { configs: InlineConfig[]; problems: FileProblem[] } {
    const configs: InlineConfig[] = [];
    const problems: FileProblem[] = [];
    for (const { kind, comment, value } of this.#readDirectives()) {
      if (kind !== "config") continue;
      const parsed = commentParser.parseJSONLikeConfig(value);
      if (parsed.ok) configs.push({ config: { rules: parsed.config }, loc: comment.loc });
      else problems.push({ ruleId: null, message: parsed.error.message, loc: comment.loc });
    }
    return { configs, problems };
  }
}
