/** What is shown for the name under the cursor and for a finding there. */
import { MarkupKind, type Hover, type Position } from "vscode-languageserver";
import type { Analysis } from "../analyzer.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { fullRuleId } from "../diagnostics/rule-id.js";
import { rulePage } from "../host/package-info.js";
import { describeName } from "../lws/api/describe.js";
import { parseRelease } from "../lws/api/releases.js";
import { documentUrl, rulePageUrl } from "../reporters/rule-pages.js";
import type { SourceFile } from "../source/source-file.js";
import { span, type Span } from "../source/span.js";
import { rangeOf } from "./convert.js";

/** The identifier at an offset, also when the cursor stands right behind it. */
export const wordAt = (text: string, offset: number): Span | undefined => {
  const isPart = (index: number): boolean => /\w/u.test(text.charAt(index));
  let start = offset;
  let end = offset;
  while (start > 0 && isPart(start - 1)) start--;
  while (end < text.length && isPart(end)) end++;
  return start === end || /\d/u.test(text.charAt(start)) ? undefined : span(start, end);
};

/** A page of the documentation, readable outside of its folder. */
export const pageOf = (ruleId: string): string | undefined =>
  rulePage(ruleId)
    ?.replace(/^# .*\n+/u, "")
    .replace(/^```c (?:bad|good)$/gmu, "```c")
    .replace(/\]\((?!https?:)(\.\.\/)?([\w-]+\.md(?:#[\w-]+)?)\)/gu, (_, up: string | undefined, file: string) =>
      up === undefined ? `](${documentUrl(`rules/${file}`)})` : `](${documentUrl(file)})`,
    );

const describeFinding = ({ ruleId, message, help }: Diagnostic): string | undefined => {
  const page = pageOf(ruleId);
  return page === undefined ? undefined : `### [${fullRuleId(ruleId)}](${rulePageUrl(ruleId)})\n\n${message}: ${help}\n\n${page.trimEnd()}`;
};

/** Enough for editors that show no Markdown. */
const plain = (markdown: string): string => markdown.replace(/^#+ /gmu, "").replace(/\*\*|`/gu, "").replace(/\[([^\]]*)\]\([^)]*\)/gu, "$1");

export interface HoverContext {
  readonly source: SourceFile;
  /** The result of the very text, if there is one yet. */
  readonly analysis: Analysis | undefined;
  /** The release by which the file is judged. */
  readonly release: string | undefined;
  readonly markdown: boolean;
}

export const hoverAt = ({ source, analysis, release, markdown }: HoverContext, { line, character }: Position): Hover | undefined => {
  const offset = Math.min(source.lines.lineStart(line + 1) + character, source.text.length);
  const word = wordAt(source.text, offset);
  const name = word && describeName(source.text.slice(word.start, word.end), release === undefined ? undefined : parseRelease(release));
  const findings = (analysis?.diagnostics ?? []).filter((one) => one.file === source.path && one.span.start <= offset && offset <= one.span.end);
  const pages = [...new Map(findings.map((one) => [one.ruleId, one])).values()].flatMap((one) => describeFinding(one) ?? []);
  const parts = [...(name === undefined ? [] : [name]), ...pages];
  if (parts.length === 0) return undefined;
  const value = parts.join("\n\n---\n\n");
  const at = name === undefined ? findings[0]?.span : word;
  return {
    contents: markdown ? { kind: MarkupKind.Markdown, value } : { kind: MarkupKind.PlainText, value: plain(value) },
    ...(at === undefined ? {} : { range: rangeOf(source, at) }),
  };
};
