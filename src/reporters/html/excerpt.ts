/** Lines of source with a part of them marked. */
import type { Location } from "../../diagnostics/diagnostic.js";
import type { SourceFile } from "../../source/source-file.js";
import { escape } from "./markup.js";

/** A span that goes on for longer is cut: its first lines say what it is. */
const MAX_LINES = 12;

/** A longer line is cut around what is marked: minified sources have lines of megabytes. */
const MAX_COLUMNS = 400;

export const lineOf = (source: SourceFile | undefined, offset: number): number => source?.positionAt(offset).line ?? 1;

/** The code around a place, `context` lines on both sides. */
export const excerpt = (source: SourceFile | undefined, { span }: Location, context: number, mark: "error" | "warning" | "note"): string => {
  if (source === undefined) return "";
  const first = lineOf(source, span.start);
  const end = Math.max(span.start, span.end);
  const last = Math.min(lineOf(source, Math.max(span.start, end - 1)), first + MAX_LINES - 1);
  const total = lineOf(source, source.text.length);
  const rows: string[] = [];
  for (let line = Math.max(1, first - context); line <= Math.min(total, last + context); line++) {
    const start = source.lines.lineStart(line);
    const text = source.text.slice(start, source.lines.lineStart(line + 1)).replace(/[\r\n]+$/u, "");
    const from = Math.min(Math.max(span.start - start, 0), text.length);
    const to = Math.min(Math.max(end - start, from), text.length);
    const isMarked = line >= first && line <= last;
    const low = isMarked ? Math.max(0, from - MAX_COLUMNS / 4) : 0;
    const high = Math.max(low + MAX_COLUMNS, isMarked ? Math.min(to, from + MAX_COLUMNS) : 0);
    const piece = (a: number, b: number): string => escape(text.slice(Math.max(a, low), Math.max(Math.min(b, high), Math.max(a, low))));
    const code = isMarked ? `${piece(0, from)}<mark class="${mark}">${piece(from, to) || "&#8203;"}</mark>${piece(to, text.length)}` : piece(0, text.length);
    const cut = (isCut: boolean): string => (isCut ? "…" : "");
    rows.push(`<span class="line${isMarked ? " here" : ""}"><span class="number" aria-hidden="true">${line}</span><code>${cut(low > 0)}${code}${cut(high < text.length)}</code></span>`);
  }
  return `<div class="source">${rows.join("")}</div>`;
};
