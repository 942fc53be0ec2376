/** What the engine says, in the words of the protocol. */
import { DiagnosticSeverity, DiagnosticTag, type Diagnostic as LspDiagnostic, type Position, type Range, type TextEdit as LspTextEdit } from "vscode-languageserver";
import type { Diagnostic, TextEdit } from "../diagnostics/diagnostic.js";
import { fullRuleId } from "../diagnostics/rule-id.js";
import { withLineEndsOf } from "../host/fix.js";
import { UNUSED_SUPPRESSION } from "../linter/unused-suppressions.js";
import { rulePageUrl } from "../reporters/rule-pages.js";
import type { SourceFile } from "../source/source-file.js";
import type { Span } from "../source/span.js";

/** Under which findings are shown. */
export const SOURCE = "lws-lint";

/** What of a diagnostic the client can show. */
export interface ShowOptions {
  readonly relatedInformation: boolean;
  readonly codeDescription: boolean;
  readonly tags: readonly DiagnosticTag[];
  /** Rules whose findings are out of date rather than wrong. */
  readonly outdated: ReadonlySet<string>;
}

/** What a finding's conversion asks of its program. */
export interface Places {
  source(file: string): SourceFile | undefined;
  uriOf(file: string): string;
}

const START: Position = { line: 0, character: 0 };

export const rangeOf = (source: SourceFile | undefined, { start, end }: Span): Range => {
  if (source === undefined) return { start: START, end: START };
  const position = (offset: number): Position => {
    const { line, column } = source.positionAt(offset);
    return { line: line - 1, character: column - 1 };
  };
  return { start: position(start), end: position(end) };
};

/** The engine's texts are clauses, fit to follow a colon. */
const asSentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?]$/u.test(text) ? "" : ".");

const SEVERITIES = { error: DiagnosticSeverity.Error, warning: DiagnosticSeverity.Warning } as const;

export const toLspDiagnostic = (diagnostic: Diagnostic, places: Places, show: ShowOptions): LspDiagnostic => {
  const { ruleId, severity, file, span, message, help, related } = diagnostic;
  const hasPage = ruleId !== UNUSED_SUPPRESSION;
  const lines = [message, ...(help === "" ? [] : [asSentence(help)])];
  if (!show.relatedInformation) {
    // Without the way there a finding in a helper cannot be judged.
    lines.push(...related.map((place) => `${place.file}:${(places.source(place.file)?.positionAt(place.span.start).line ?? 1).toString()}: ${place.message}`));
  }
  const wanted = ruleId === UNUSED_SUPPRESSION ? DiagnosticTag.Unnecessary : show.outdated.has(ruleId) ? DiagnosticTag.Deprecated : undefined;
  const tags = show.tags.filter((tag) => tag === wanted);
  return {
    range: rangeOf(places.source(file), span),
    severity: SEVERITIES[severity],
    source: SOURCE,
    code: fullRuleId(ruleId),
    ...(hasPage && show.codeDescription ? { codeDescription: { href: rulePageUrl(ruleId) } } : {}),
    message: lines.join("\n"),
    ...(tags.length > 0 ? { tags } : {}),
    ...(show.relatedInformation && related.length > 0
      ? {
          relatedInformation: related.map((place) => ({
            location: { uri: places.uriOf(place.file), range: rangeOf(places.source(place.file), place.span) },
            message: place.message,
          })),
        }
      : {}),
  };
};

export const toLspEdit = (edit: TextEdit, source: SourceFile): LspTextEdit => ({
  range: rangeOf(source, edit.span),
  newText: withLineEndsOf(source.text, edit).newText,
});
