/** Builds text edits that keep indentation and line ends. */
import type { TextEdit } from "../diagnostics/diagnostic.js";
import type { SourceFile } from "../source/source-file.js";
import type { Span } from "../source/span.js";

/** White space before an offset on its line, when there is nothing else before it; `undefined` otherwise. */
export function indentationAt(source: SourceFile, offset: number): string | undefined {
  const start = source.lines.lineStart(source.positionAt(offset).line);
  const before = source.text.slice(start, offset);
  return /^[ \t]*$/.test(before) ? before : undefined;
}

export const lineEnding = (source: SourceFile): string => (source.text.includes("\r\n") ? "\r\n" : source.text.includes("\n") ? "\n" : source.text.includes("\r") ? "\r" : "\n");

/**
 * Replaces a statement by others, each on a line of its own. Where the statement is the lone body of an `if` or a loop, several
 * statements get braces, and none becomes `;`.
 */
export function replaceStatement(source: SourceFile, statement: Span, replacement: readonly string[], needsBraces: boolean): TextEdit {
  const file = source.path;
  const eol = lineEnding(source);
  const indent = indentationAt(source, statement.start);
  if (replacement.length === 0) {
    if (needsBraces) return { file, span: statement, newText: ";" };
    return { file, span: indent === undefined ? statement : wholeLines(source, statement), newText: "" };
  }
  if (replacement.length === 1) return { file, span: statement, newText: replacement[0]! };
  const separator = indent === undefined ? " " : `${eol}${indent}`;
  if (!needsBraces) return { file, span: statement, newText: replacement.join(separator) };
  return { file, span: statement, newText: `{ ${replacement.join(" ")} }` };
}

/** The statement with its indentation, a comment-free rest of its last line and the line end, so that no empty line stays. */
function wholeLines(source: SourceFile, statement: Span): Span {
  const start = source.lines.lineStart(source.positionAt(statement.start).line);
  const rest = /^[ \t]*(?:\r\n|\n|\r)/.exec(source.text.slice(statement.end, statement.end + 200));
  return rest ? { start, end: statement.end + rest[0].length } : statement;
}

/** Takes a statement away, with its line where it had one to itself. */
export const removeStatement = (source: SourceFile, statement: Span): TextEdit =>
  ({ file: source.path, span: indentationAt(source, statement.start) === undefined ? statement : wholeLines(source, statement), newText: "" });

/** Whether a preprocessor directive stands in a span: an edit across it would be right in one configuration only. */
export const hasDirective = (source: SourceFile, span: Span): boolean => /^[ \t]*(?:#|%:|\?\?=)/m.test(source.text.slice(span.start, span.end));

/** An expression as an `int`: a cast where it is no plain number, in parentheses where it is no plain name or member. */
export function asInt(expression: string): string {
  if (/^\d+$/.test(expression)) return expression;
  return /^\w+(?:(?:->|\.)\w+)*$/.test(expression) ? `(int)${expression}` : `(int)(${expression})`;
}

/** Whether an expression can be written a second time: it counts, assigns and calls nothing. */
export const isRepeatable = (expression: string): boolean => expression !== "" && !/\+\+|--|=|\(\s*\)|\w\s*\(/.test(expression.replace(/^sizeof\b/, ""));
