/** Names for findings that outlive edits elsewhere in the file. */
import { createHash } from "node:crypto";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { SourceFile } from "../source/source-file.js";

const lineAt = (source: SourceFile | undefined, offset: number): string => {
  if (source === undefined) return "";
  const { line } = source.positionAt(offset);
  return source.text.slice(source.lines.lineStart(line), source.lines.lineStart(line + 1));
};

/**
 * One fingerprint for each diagnostic, in the same order: the rule and the text of the line without its white space,
 * and a number that tells equal lines of one file apart in their order.
 */
export const fingerprints = (
  diagnostics: readonly Diagnostic[],
  source: (file: string) => SourceFile | undefined,
): string[] => {
  const seen = new Map<string, number>();
  return diagnostics.map(({ ruleId, file, span }) => {
    const line = lineAt(source(file), span.start).replace(/\s+/gu, "");
    const hash = createHash("sha256").update(`${ruleId}\n${line}`).digest("hex").slice(0, 16);
    const key = `${hash} ${file}`;
    const occurrence = (seen.get(key) ?? 0) + 1;
    seen.set(key, occurrence);
    return `${hash}:${occurrence}`;
  });
};
