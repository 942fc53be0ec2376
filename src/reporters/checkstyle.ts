/** `--format checkstyle`: the XML of Checkstyle, which Jenkins, reviewdog and many others read. */
import { compareText } from "../diagnostics/order.js";
import { fullRuleId } from "../diagnostics/rule-id.js";
import { evidenceLines, regionOf, type Report } from "./report.js";
import { element, xmlDocument, type Element } from "./xml.js";

/** The version of the format, which is that of Checkstyle; what readers check is that there is one. */
const VERSION = "4.3";

export const renderCheckstyle = (report: Report): string => {
  const files = new Map<string, Element[]>();
  const add = (file: string, error: Element): void => {
    files.set(file, [...(files.get(file) ?? []), error]);
  };
  for (const diagnostic of report.diagnostics) {
    const { line, column } = regionOf(diagnostic, report.source);
    const message = [diagnostic.message, ...evidenceLines(diagnostic, report), `help: ${diagnostic.help}`].join("\n");
    const source = fullRuleId(diagnostic.ruleId);
    add(diagnostic.file, element("error", { line, column, severity: diagnostic.severity, message, source }));
  }
  // What concerns a file as a whole stands at its top: readers ask for a line.
  for (const { file, message } of report.problems) {
    add(file, element("error", { line: 1, severity: "warning", message, source: "lws-lint" }));
  }
  const elements = [...files].sort(([a], [b]) => compareText(a, b)).map(([name, errors]) => element("file", { name }, errors));
  return xmlDocument(element("checkstyle", { version: VERSION }, elements));
};
