/** One finding: what is wrong where, the way there step by step, and the way out. */
import type { Diagnostic, Location, RelatedLocation } from "../../diagnostics/diagnostic.js";
import { fullRuleId } from "../../diagnostics/rule-id.js";
import type { SourceFile } from "../../source/source-file.js";
import { rulePageUrl } from "../rule-pages.js";
import { excerpt, lineOf } from "./excerpt.js";
import { fixDiff } from "./fix-diff.js";
import { escape, plain, words } from "./markup.js";

/** What the parts of a page ask of their surroundings. */
export interface View {
  source(file: string): SourceFile | undefined;
  /** Names the element of a finding; made of letters, digits and hyphens. */
  idOf(diagnostic: Diagnostic): string;
}

export const placeText = ({ file, span }: Location, { source }: Pick<View, "source">): string => {
  const { line, column } = source(file)?.positionAt(span.start) ?? { line: 1, column: 1 };
  return `${file}:${line}:${column}`;
};

const step = (related: RelatedLocation, index: number, previous: string, view: View): string => {
  const source = view.source(related.file);
  const changes = related.file === previous ? "" : `<p class="file">${escape(related.file)}</p>`;
  return (
    `<li${changes && ' class="elsewhere"'}>${changes}` +
    `<p class="step"><span class="count" aria-hidden="true">${index + 2}</span><span class="where">line ${lineOf(source, related.span.start)}</span> ${words(related.message)}</p>` +
    `${excerpt(source, related, 1, "note")}</li>`
  );
};

/** The way through the files, beginning behind the finding itself. */
const way = (diagnostic: Diagnostic, view: View): string => {
  const { related } = diagnostic;
  if (related.length === 0) return "";
  const steps = related.map((one, index) => step(one, index, related[index - 1]?.file ?? diagnostic.file, view));
  return `<section class="way"><h4>How it comes about</h4><ol start="2">${steps.join("")}</ol></section>`;
};

/** @param actions further markup for the head, such as buttons */
export const findingMarkup = (diagnostic: Diagnostic, view: View, actions = ""): string => {
  const { file, severity, ruleId, message, help, reasons, fixes } = diagnostic;
  const id = view.idOf(diagnostic);
  const rule = fullRuleId(ruleId);
  const source = view.source(file);
  const isFixable = fixes.some(({ kind }) => kind === "safe") ? "safe" : fixes.length > 0 ? "suggestion" : "none";
  const on = reasons.length === 0 ? "" : `<p class="reasons"><strong>Reached on</strong> ${reasons.map((reason) => `<code>${escape(reason)}</code>`).join(" ")}</p>`;
  return (
    `<article class="finding ${severity}" id="${id}" tabindex="-1" aria-labelledby="${id}-title" data-severity="${severity}" data-rule="${escape(rule)}" data-file="${escape(file)}" data-fix="${isFixable}">` +
    `<header><h3 id="${id}-title"><span class="badge ${severity}">${severity}</span> ${words(message)}</h3>` +
    `<p class="meta"><span class="where">${escape(placeText(diagnostic, view))}</span> <a href="${escape(rulePageUrl(ruleId))}" rel="noreferrer">${escape(rule)}</a>` +
    ` <a class="permalink" href="#${id}" aria-label="Link to this finding: ${plain(message)}">#</a>${actions}</p></header>` +
    excerpt(source, diagnostic, 3, severity) +
    `<p class="help"><strong>What to do</strong> ${words(help)}</p>${on}` +
    `${way(diagnostic, view)}${fixes.map((fix) => fixDiff(fix, (name) => view.source(name))).join("")}</article>`
  );
};
