/** Comments that switch a rule off, written the way the file is written. */
import type { TextEdit } from "../diagnostics/diagnostic.js";
import { fullRuleId } from "../diagnostics/rule-id.js";
import { parseSuppressions, type Directive } from "../linter/suppression-comments.js";
import type { SourceFile } from "../source/source-file.js";
import { span } from "../source/span.js";
import type { Comment } from "../syntax/ast.js";
import { languageOf } from "../syntax/index.js";
import { lex } from "../syntax/lexer.js";

interface Style {
  /** `//` where the file has such comments; C files that keep to blocks get a block. */
  readonly line: boolean;
  /** Whose grammar the comments of the file follow already. */
  readonly family: Directive["family"];
}

const inStyle = (text: string, line: boolean): string => (line ? `// ${text}` : `/* ${text} */`);

/** Adds a rule to the list of a comment that stands there already; `undefined` where that cannot be done in one place. */
const extend = (source: SourceFile, { family, span: at, comment, hasList }: Directive, rule: string): TextEdit | undefined => {
  const text = source.text.slice(comment.span.start, comment.span.end);
  if (!hasList || /[\r\n]/u.test(text)) return undefined;
  if (family === "nolint") return { file: source.path, span: span(at.end - 1, at.end - 1), newText: `, ${rule}` };
  const body = comment.style === "block" ? text.slice(0, -2) : text;
  const list = /^(.*?\S)\s*(?:\s-{2,}\s.*)?$/su.exec(body)?.[1] ?? body;
  const end = comment.span.start + list.length;
  return { file: source.path, span: span(end, end), newText: `, ${rule}` };
};

/** Writes suppressions into one file. */
export class Suppressor {
  readonly #comments: readonly Comment[];
  readonly #directives: readonly Directive[];
  readonly #style: Style;

  constructor(readonly source: SourceFile) {
    const language = languageOf(source.path, source.text);
    this.#comments = lex(source.text, language).comments;
    this.#directives = parseSuppressions(source, this.#comments).directives;
    this.#style = {
      line: language === "cpp" || this.#comments.some((comment) => comment.style === "line"),
      family: this.#directives[0]?.family ?? "lws-lint",
    };
  }

  /** Switches a rule off for the line of an offset: in the line above, or in the line itself where the one above goes on. */
  forLine(ruleId: string, offset: number): TextEdit {
    const { source } = this;
    const rule = fullRuleId(ruleId);
    const { line } = source.positionAt(offset);
    const start = source.lines.lineStart(line);
    const above = this.#textOf(line - 1);
    const known = this.#directives.find(
      ({ type, comment }) =>
        (type === "disable-next-line" || type === "next-line") && source.positionAt(comment.span.end).line === line - 1,
    );
    const extended = known && extend(source, known, rule);
    if (extended !== undefined) return extended;
    if (/\\[ \t]*$/u.test(above)) return this.#atEndOfLine(line, rule);
    const indentation = /^[ \t]*/u.exec(this.#textOf(line))?.[0] ?? "";
    const comment = inStyle(this.#style.family === "nolint" ? `NOLINTNEXTLINE(${rule})` : `${this.#style.family}-disable-next-line ${rule}`, this.#style.line);
    return { file: source.path, span: span(start, start), newText: `${indentation}${comment}\n` };
  }

  /** Switches a rule off for the whole file, below the comment it begins with. */
  forFile(ruleId: string): TextEdit {
    const { source } = this;
    const family = this.#style.family === "eslint" ? "eslint" : "lws-lint";
    const [first] = this.#comments;
    const head = first?.span.start === 0 && first.style === "block" ? first.span.end : 0;
    const lineBreak = /^[ \t]*(?:\r\n|\r|\n)/u.exec(source.text.slice(head))?.[0];
    const at = head === 0 ? 0 : head + (lineBreak?.length ?? 0);
    const comment = `/* ${family}-disable ${fullRuleId(ruleId)} */`;
    return { file: source.path, span: span(at, at), newText: head > 0 && lineBreak === undefined ? `\n${comment}\n` : `${comment}\n` };
  }

  /** A line that goes on from the one above takes no comment between them; a block comment can stand before its own splice. */
  #atEndOfLine(line: number, rule: string): TextEdit {
    const text = this.#textOf(line);
    const end = this.source.lines.lineStart(line) + (/[ \t]*\\?[ \t]*$/u.exec(text)?.index ?? text.length);
    const family = this.#style.family;
    const comment = family === "nolint" ? `/* NOLINT(${rule}) */` : `/* ${family}-disable-line ${rule} */`;
    return { file: this.source.path, span: span(end, end), newText: ` ${comment}` };
  }

  #textOf(line: number): string {
    const { lines, text } = this.source;
    return line < 1 ? "" : text.slice(lines.lineStart(line), lines.lineStart(line + 1)).replace(/[\r\n]+$/u, "");
  }
}
