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
 * ESLint shows one text and no notes: the fact, then what to do, then the evidence, e.g. "`lws_set_timeout` frees … . Use … .
 * (reached on `LWS_CALLBACK_CLOSED`, line 7; called here, line 12)".
 */
export function messageOf(diagnostic: Diagnostic, lines: LineIndex): string {
  const evidence = diagnostic.related.map(({ file, span, message }) => {
    const note = message.replace(/\.$/u, "");
    return file === diagnostic.file ? `${note}, line ${lines.positionAt(span.start).line}` : `${note}, in ${file}`;
  });
  const sentences = [diagnostic.message, diagnostic.help].filter((text) => text !== "").map(asSentence);
  if (evidence.length > 0) sentences.push(`(${evidence.join("; ")})`);
  return sentences.join(" ");
}

const asSentence = (text: string): string => (/[.!?]$/u.test(text) ? text : `${text}.`);

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
