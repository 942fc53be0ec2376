/** Workflow commands of GitHub Actions: each finding becomes an annotation of the changed line. */
import { fullRuleId } from "../diagnostics/rule-id.js";
import { evidenceLines, nameInRepository, regionOf, type Report } from "./report.js";
import { createStyle } from "./style.js";
import { renderSummary } from "./summary-text.js";

const escapeData = (text: string): string =>
  text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");

const escapeProperty = (text: string): string => escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");

const command = (name: string, properties: Readonly<Record<string, string | number>>, message: string): string => {
  const list = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(String(value))}`);
  return `::${name} ${list.join(",")}::${escapeData(message)}\n`;
};

export const renderGithub = (report: Report): string => {
  const annotations = report.diagnostics.map((diagnostic) => {
    const { line, column, endLine, endColumn } = regionOf(diagnostic, report.source);
    const properties = {
      file: nameInRepository(diagnostic.file, report),
      line,
      col: column,
      endLine,
      // Columns of different lines make GitHub refuse the annotation.
      ...(endLine === line ? { endColumn } : {}),
      title: fullRuleId(diagnostic.ruleId),
    };
    return command(
      diagnostic.severity,
      properties,
      [diagnostic.message, ...evidenceLines(diagnostic, report), `help: ${diagnostic.help}`].join("\n"),
    );
  });
  const problems = report.problems.map(({ file, message }) => command("warning", { file: nameInRepository(file, report), title: "lws-lint" }, message));
  const summary = renderSummary(report, createStyle(false)).map((line) => `${line}\n`);
  return [...annotations, ...problems, ...summary].join("");
};
