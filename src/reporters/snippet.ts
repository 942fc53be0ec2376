/** A line of source text with a part of it underlined. */
import type { SourceFile } from "../source/source-file.js";
import type { Span } from "../source/span.js";
import { displayWidth, printable, type Paint, type Style } from "./style.js";

const TAB_WIDTH = 8;
const ELLIPSIS = "…";

/** One character as it is shown: its text, its columns, and where it stands in the source. */
interface Cell {
  readonly text: string;
  readonly width: number;
  readonly offset: number;
}

export interface SnippetOptions {
  /** Columns of the gutter's number. */
  readonly gutter: number;
  /** Columns of the terminal. */
  readonly columns: number;
  readonly style: Style;
  readonly mark: Paint;
}

const lineText = (source: SourceFile, line: number): { readonly start: number; readonly text: string } => {
  const start = source.lines.lineStart(line);
  const end = source.lines.lineStart(line + 1);
  return { start, text: source.text.slice(start, end).replace(/[\r\n]+$/u, "") };
};

const cellsOf = (text: string, start: number): Cell[] => {
  const cells: Cell[] = [];
  let column = 0;
  let offset = start;
  for (const character of text) {
    const width = character === "\t" ? TAB_WIDTH - (column % TAB_WIDTH) : displayWidth(character);
    cells.push({ text: character === "\t" ? " ".repeat(width) : printable(character), width, offset });
    column += width;
    offset += character.length;
  }
  return cells;
};

const totalWidth = (cells: readonly Cell[]): number => cells.reduce((sum, cell) => sum + cell.width, 0);

/**
 * The part of a long line that shows the beginning of the span, with a quarter of the room for what stands before it.
 */
const clip = (cells: readonly Cell[], span: Span, room: number): readonly Cell[] => {
  if (totalWidth(cells) <= room) return cells;
  const ellipsis = (offset: number): Cell => ({ text: ELLIPSIS, width: 1, offset });
  const focus = Math.max(
    0,
    cells.findIndex((cell) => cell.offset >= span.start),
  );
  let first = focus;
  for (let before = 0; first > 0 && before + cells[first - 1]!.width <= room / 4; first--)
    before += cells[first - 1]!.width;
  // A line that nearly fits is not shifted for the sake of a few columns.
  if (totalWidth(cells.slice(0, focus)) < room / 2) first = 0;
  const head = first > 0 ? [ellipsis(-1)] : [];
  let last = first;
  for (let width = head.length; last < cells.length && width + cells[last]!.width <= room - 1; last++)
    width += cells[last]!.width;
  return [...head, ...cells.slice(first, last), ...(last < cells.length ? [ellipsis(cells[last]!.offset)] : [])];
};

const underline = (cells: readonly Cell[], span: Span): string => {
  let text = "";
  let marked = false;
  for (const { offset, width } of cells) {
    if (offset < span.start) text += " ".repeat(width);
    else if (offset < span.end || !marked) {
      text += marked ? "~".repeat(width) : `^${"~".repeat(Math.max(0, width - 1))}`;
      marked = true;
    }
  }
  return marked ? text : `${text}^`;
};

/**
 * The line where a span begins, with a line of marks below it. A span of several lines is marked to the end of its
 * first line; the lines it goes on to are counted.
 */
export const renderSnippet = (source: SourceFile, span: Span, options: SnippetOptions): string[] => {
  const { gutter, columns, style, mark } = options;
  const { line } = source.positionAt(span.start);
  const last = source.positionAt(Math.max(span.start, span.end - 1)).line;
  const { start, text } = lineText(source, line);
  const lineEnd = start + text.length;
  const onLine = { start: span.start, end: Math.min(span.end, lineEnd) };
  const cells = clip(cellsOf(text, start), onLine, Math.max(20, columns - gutter - 4));
  const bar = style.dim("|");
  const more = last > line ? style.dim(` (to line ${last})`) : "";
  const shown = cells
    .map((cell) => cell.text)
    .join("")
    .trimEnd();
  return [
    `${style.dim(String(line).padStart(gutter))} ${bar} ${shown}`,
    `${" ".repeat(gutter)} ${bar} ${mark(underline(cells, onLine))}${more}`,
  ];
};
