/**
 * `--format rdjson`: reviewdog's own format, with the fixes as changes that a reviewer can accept. Files are relative to
 * the working directory: reviewdog, run in the same one, finds the repository itself.
 */
import { Buffer } from "node:buffer";
import type { Diagnostic, Location } from "../diagnostics/diagnostic.js";
import { fullRuleId } from "../diagnostics/rule-id.js";
import type { SourceFile } from "../source/source-file.js";
import type { Span } from "../source/span.js";
import type { Report } from "./report.js";
import { PROJECT_PAGE, rulePageUrl } from "./rule-pages.js";

type Json = Record<string, unknown>;

const SEVERITIES = { error: "ERROR", warning: "WARNING" } as const;

/** Columns are bytes of UTF-8 here, from 1 on. */
const position = (source: SourceFile, offset: number): Json => {
  const { line } = source.positionAt(offset);
  const before = source.text.slice(source.lines.lineStart(line), offset);
  return { line, column: Buffer.byteLength(before, "utf8") + 1 };
};

const range = (source: SourceFile, { start, end }: Span): Json => ({
  start: position(source, start),
  end: position(source, end),
});

const location = (place: Location, report: Report): Json => {
  const source = report.source(place.file);
  return { path: place.file, ...(source === undefined ? {} : { range: range(source, place.span) }) };
};

/**
 * The first fix, as one change of the file of the finding: several edits become one that spans them all. Whoever
 * accepts a change accepts it alone, so a fix that needs another file, too, is left out.
 */
const suggestions = ({ file, fixes }: Diagnostic, report: Report): Json[] => {
  const fix = fixes.find(({ kind }) => kind === "safe") ?? fixes[0];
  const source = report.source(file);
  if (fix === undefined || source === undefined || fix.edits.length === 0) return [];
  if (fix.edits.some((edit) => edit.file !== file)) return [];
  const edits = [...fix.edits].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
  const span = { start: edits[0]!.span.start, end: Math.max(...edits.map((edit) => edit.span.end)) };
  let text = "";
  let at = span.start;
  for (const edit of edits) {
    text += source.text.slice(at, edit.span.start) + edit.newText;
    at = edit.span.end;
  }
  return [{ range: range(source, span), text }];
};

export const renderRdjson = (report: Report): string => {
  const diagnostics = report.diagnostics.map((diagnostic) => {
    const offered = suggestions(diagnostic, report);
    return {
      message: `${diagnostic.message}\nhelp: ${diagnostic.help}`,
      location: location(diagnostic, report),
      severity: SEVERITIES[diagnostic.severity],
      code: { value: fullRuleId(diagnostic.ruleId), url: rulePageUrl(diagnostic.ruleId) },
      ...(offered.length === 0 ? {} : { suggestions: offered }),
      ...(diagnostic.related.length === 0
        ? {}
        : {
            related_locations: diagnostic.related.map((related) => ({ message: related.message, location: location(related, report) })),
          }),
    };
  });
  const problems = report.problems.map(({ file, message }) => ({
    message,
    location: { path: file },
    severity: SEVERITIES.warning,
  }));
  const output = { source: { name: report.tool.name, url: PROJECT_PAGE }, diagnostics: [...diagnostics, ...problems] };
  return `${JSON.stringify(output, null, 2)}\n`;
};
