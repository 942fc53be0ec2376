/** The stable order of results and the removal of repeated ones. */
import type { Diagnostic } from "./diagnostic.js";

/** Compares by UTF-16 code units, so that the order depends on no locale. */
export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Orders diagnostics by file, position, rule, message, and then by how they are reached. */
export const compareDiagnostics = (a: Diagnostic, b: Diagnostic): number =>
  compareText(a.file, b.file) ||
  a.span.start - b.span.start ||
  compareText(a.ruleId, b.ruleId) ||
  a.span.end - b.span.end ||
  compareText(a.message, b.message) ||
  a.related.length - b.related.length ||
  compareText(relatedKey(a), relatedKey(b));

const relatedKey = (diagnostic: Diagnostic): string =>
  diagnostic.related.map(({ file, span, message }) => `${file}:${span.start}:${span.end}:${message}`).join("\n");

const placeKey = ({ ruleId, file, span, message }: Diagnostic): string =>
  `${ruleId}\n${file}\n${span.start}:${span.end}\n${message}`;

/**
 * Puts diagnostics in order and keeps one of those that say the same about the same place: the one with the shortest
 * evidence, with the callback reasons of all of them.
 */
export const sortAndDeduplicate = (diagnostics: readonly Diagnostic[]): Diagnostic[] => {
  const byPlace = new Map<string, Diagnostic>();
  for (const diagnostic of [...diagnostics].sort(compareDiagnostics)) {
    const key = placeKey(diagnostic);
    const first = byPlace.get(key);
    byPlace.set(key, first === undefined ? diagnostic : { ...first, reasons: [...first.reasons, ...diagnostic.reasons] });
  }
  return [...byPlace.values()].map((one) => (one.reasons.length > 1 ? { ...one, reasons: [...new Set(one.reasons)] } : one));
};
