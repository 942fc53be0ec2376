/** `--format gitlab`: a Code Quality report, which GitLab shows in merge requests. */
import type { Severity } from "../diagnostics/diagnostic.js";
import { compareText } from "../diagnostics/order.js";
import { fullRuleId } from "../diagnostics/rule-id.js";
import { fingerprints, shortHash } from "./fingerprint.js";
import { nameInRepository, regionOf, type Report } from "./report.js";

const SEVERITIES: Readonly<Record<Severity, string>> = { error: "critical", warning: "minor" };

/** Issues with equal fingerprints are one issue to GitLab, so the file is part of them. */
export const renderGitlab = (report: Report): string => {
  const marks = fingerprints(report.diagnostics, report.source);
  const findings = report.diagnostics.map((diagnostic, index) => {
    const path = nameInRepository(diagnostic.file, report);
    const { line, endLine } = regionOf(diagnostic, report.source);
    return {
      type: "issue",
      check_name: fullRuleId(diagnostic.ruleId),
      description: `${diagnostic.message} (help: ${diagnostic.help})`,
      categories: ["Bug Risk"],
      severity: SEVERITIES[diagnostic.severity],
      fingerprint: shortHash(path, marks[index]!),
      location: { path, lines: { begin: line, end: endLine } },
      ...(diagnostic.related.length === 0
        ? {}
        : {
            other_locations: diagnostic.related.map((related) => {
              const at = regionOf(related, report.source);
              return { path: nameInRepository(related.file, report), lines: { begin: at.line, end: at.endLine } };
            }),
          }),
    };
  });
  const problems = [...report.problems]
    .sort((a, b) => compareText(a.file, b.file) || compareText(a.message, b.message))
    .map(({ file, message }, index) => {
      const path = nameInRepository(file, report);
      return {
        type: "issue",
        check_name: "lws-lint",
        description: message,
        categories: ["Clarity"],
        severity: "info",
        fingerprint: shortHash(path, "problem", message, String(index)),
        location: { path, lines: { begin: 1, end: 1 } },
      };
    });
  return `${JSON.stringify([...findings, ...problems], null, 2)}\n`;
};
