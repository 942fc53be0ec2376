/** Reports about suppression comments that suppress nothing. */
import type { Diagnostic, Fix } from "../diagnostics/diagnostic.js";
import type { SourceFile } from "../source/source-file.js";
import { span } from "../source/span.js";
import type { Directive, Pattern } from "./suppression-comments.js";

/** The rule id of such reports: not a rule of its own, so it has no page and no level. */
export const UNUSED_SUPPRESSION = "unused-suppression";

/** Takes the comment out with its line where it stands alone, else with the blanks before it. */
const removal = (source: SourceFile, { comment }: Directive): Fix => {
  const { text } = source;
  let { start, end } = comment.span;
  while (start > 0 && /[ \t]/u.test(text.charAt(start - 1))) start--;
  const lineBreak = /^[ \t]*(\r\n|\r|\n)/u.exec(text.slice(end, end + 200));
  const ownLine = start === 0 || /[\r\n]/u.test(text.charAt(start - 1));
  if (ownLine && lineBreak !== null) end += lineBreak[0].length;
  // Code behind the comment keeps its indentation.
  else if (ownLine) start = comment.span.start;
  const edit = { file: source.path, span: span(start, end), newText: "" };
  return { kind: "safe", title: "Remove the comment", edits: [edit] };
};

/** Says that `idle`, some or all of what a comment switches off, is not reported where the comment holds. */
export const unusedSuppression = (source: SourceFile, directive: Directive, idle: readonly Pattern[]): Diagnostic => {
  const names = idle.map((pattern) => `\`${pattern.text}\``).join(", ");
  const whole = idle.length === directive.patterns.length;
  return {
    ruleId: UNUSED_SUPPRESSION,
    severity: "warning",
    file: source.path,
    span: directive.span,
    message: directive.hasList
      ? `\`${directive.keyword}\` suppresses nothing: ${names} is not reported here.`
      : `\`${directive.keyword}\` suppresses nothing: no rule reports here.`,
    help: whole ? "Remove the comment." : `Take ${names} out of the list.`,
    reasons: [],
    related: [],
    // A NOLINT may stand in the middle of other words, and the end of a block stands elsewhere.
    fixes: whole && directive.family !== "nolint" && directive.type !== "disable" ? [removal(source, directive)] : [],
  };
};
