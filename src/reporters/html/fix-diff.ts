/** A fix as the difference it makes. */
import { structuredPatch } from "diff";
import type { Fix, TextEdit } from "../../diagnostics/diagnostic.js";
import type { SourceFile } from "../../source/source-file.js";
import { escape, words } from "./markup.js";

/** The text with edits carried out that do not overlap. */
export const edited = (text: string, edits: readonly TextEdit[]): string => {
  let result = "";
  let at = 0;
  for (const { span, newText } of [...edits].sort((a, b) => a.span.start - b.span.start)) {
    result += text.slice(at, span.start) + newText;
    at = span.end;
  }
  return result + text.slice(at);
};

const SIGNS: Readonly<Record<string, { readonly kind: string; readonly label: string }>> = {
  "+": { kind: "added", label: "added: " },
  "-": { kind: "removed", label: "removed: " },
};

const row = (line: string): string => {
  const sign = SIGNS[line[0] ?? " "];
  const text = escape(line.slice(1).replace(/\r$/u, ""));
  if (sign === undefined) return `<span class="line"><span class="number" aria-hidden="true"> </span><code>${text}</code></span>`;
  return `<span class="line ${sign.kind}"><span class="number" aria-hidden="true">${line[0]!}</span><span class="hidden">${sign.label}</span><code>${text}</code></span>`;
};

export const fixDiff = ({ kind, title, edits }: Fix, sourceOf: (file: string) => SourceFile | undefined): string => {
  const files = [...new Set(edits.map(({ file }) => file))];
  const diffs = files.map((file) => {
    const before = sourceOf(file)?.text ?? "";
    const { hunks } = structuredPatch(file, file, before, edited(before, edits.filter((one) => one.file === file)), undefined, undefined, { context: 2 });
    const lines = hunks.map((hunk) => {
      const head = `<span class="line hunk"><code>@@ line ${hunk.oldStart} @@</code></span>`;
      return head + hunk.lines.filter((line) => !line.startsWith("\\")).map(row).join("");
    });
    const name = files.length > 1 ? `<p class="file">${escape(file)}</p>` : "";
    return `${name}<div class="source diff">${lines.join("")}</div>`;
  });
  const label = kind === "safe" ? "Safe fix" : "Suggestion";
  return `<div class="fix"><h4><span class="badge ${kind}">${label}</span> ${words(title)}</h4>${diffs.join("")}</div>`;
};
