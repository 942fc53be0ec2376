/** How a diagnostic of the engine becomes what ESLint shows and applies. */
import type { Diagnostic, Fix } from "../diagnostics/diagnostic.js";
import type { LineIndex } from "../source/line-index.js";
import type { SourceLocation } from "./syntax-tree.js";

/** The part of ESLint's fixer that is used here. */
export interface Fixer<Edit> {
  replaceTextRange(range: [number, number], text: string): Edit;
}

export interface ReportDescriptor {
  loc: SourceLocation;
  message: string;
  fix?: <Edit>(fixer: Fixer<Edit>) => Edit[];
  suggest?: { desc: string; fix: <Edit>(fixer: Fixer<Edit>) => Edit[] }[];
}

/** What may be offered for a file by a rule; ESLint throws on anything that the rule's `meta` does not announce. */
export interface Offers {
  readonly fixes: boolean;
  readonly suggestions: boolean;
}

export function describe(diagnostic: Diagnostic, lines: LineIndex, offers: Offers): ReportDescriptor {
  const { start, end } = diagnostic.span;
  const usable = diagnostic.fixes.filter((fix) => isApplicable(fix, diagnostic.file));
  const safe = offers.fixes ? usable.find((fix) => fix.kind === "safe") : undefined;
  // A second safe fix is an alternative: applying both would be wrong, so it is left to the reader.
  const others = offers.suggestions ? usable.filter((fix) => fix !== safe) : [];
  return {
    loc: { start: lines.positionAt(start), end: lines.positionAt(end) },
    message: messageOf(diagnostic, lines),
    ...(safe ? { fix: applier(safe) } : {}),
    ...(others.length > 0 ? { suggest: others.map((fix) => ({ desc: fix.title, fix: applier(fix) })) } : {}),
  };
}

/**
 * ESLint shows one text and no notes: the fact, then what to do, then the evidence in brackets, e.g. "The connection … is closed … . Close it
 * with … . (line 52: `lws_set_timeout()` closes it, in `drop()`; line 80: `callback()` is registered)".
 */
export function messageOf({ file, message, help, related }: Diagnostic, lines: LineIndex): string {
  const parts = [message, help].filter((text) => text !== "").map(asSentence);
  const evidence = related.map((place) => {
    // The engine points at the place and says "here".
    const note = place.message.replace(/(?: here)?\.?$/u, "");
    return place.file === file ? `line ${lines.positionAt(place.span.start).line}: ${note}` : `${place.file}: ${note}`;
  });
  if (evidence.length > 0) parts.push(`(${evidence.join("; ")})`);
  return parts.join(" ");
}

/** The engine's texts are clauses, fit to follow a colon. */
const asSentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?]$/u.test(text) ? "" : ".");

/** ESLint edits only the file it is at, and ends the run over edits that overlap. */
function isApplicable({ edits }: Fix, file: string): boolean {
  if (edits.length === 0 || edits.some((edit) => edit.file !== file)) return false;
  const ordered = [...edits].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
  return ordered.every((edit, index) => index === 0 || ordered[index - 1]!.span.end <= edit.span.start);
}

const applier =
  ({ edits }: Fix) =>
  <Edit>(fixer: Fixer<Edit>): Edit[] =>
    edits.map(({ span, newText }) => fixer.replaceTextRange([span.start, span.end], newText));

/**
 * Whether ESLint could change bytes that nobody asked it to. It decodes every file as UTF-8 and writes the whole text back, so in a Latin-1
 * file each character above ASCII, read as U+FFFD, would be lost; a lone surrogate has no UTF-8 form at all.
 */
export const isLossy = (text: string): boolean => /[\uFFFD\uD800-\uDFFF]/u.test(text);
