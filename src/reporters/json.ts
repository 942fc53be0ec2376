/** `--format json`: one object, described by `schemas/findings.schema.json`. */
import type { Diagnostic, Fix, Location } from "../diagnostics/diagnostic.js";
import { fullRuleId } from "../diagnostics/rule-id.js";
import { compareText } from "../diagnostics/order.js";
import { regionOf, type Region, type Report } from "./report.js";

/** Grows with every change that a reader of older output would stumble over. */
export const SCHEMA_VERSION = 1;

type Place = { readonly file: string } & Region;

const place = (location: Location, report: Report): Place => ({
  file: location.file,
  ...regionOf(location, report.source),
});

const fix = ({ kind, title, edits }: Fix, report: Report): object => ({
  kind,
  title,
  edits: edits.map((edit) => ({ ...place(edit, report), newText: edit.newText })),
});

const finding = (diagnostic: Diagnostic, report: Report): object => ({
  ruleId: fullRuleId(diagnostic.ruleId),
  severity: diagnostic.severity,
  ...place(diagnostic, report),
  message: diagnostic.message,
  help: diagnostic.help,
  reasons: diagnostic.reasons,
  related: diagnostic.related.map((related) => ({ ...place(related, report), message: related.message })),
  fixes: diagnostic.fixes.map((each) => fix(each, report)),
});

export const renderJson = (report: Report, { stats }: { readonly stats: boolean }): string => {
  const { tool, diagnostics, problems } = report;
  const { lwsVersions = [], ...summary } = report.summary;
  const [lwsVersion, ...others] = lwsVersions;
  const output = {
    schemaVersion: SCHEMA_VERSION,
    tool,
    summary: {
      ...summary,
      ...(lwsVersion === undefined ? {} : { lwsVersion: { ...lwsVersion, ...(others.length > 0 ? { others } : {}) } }),
      ...(stats && report.stats !== undefined ? { stats: report.stats } : {}),
    },
    findings: diagnostics.map((diagnostic) => finding(diagnostic, report)),
    problems: problems
      .map(({ file, message }) => ({ file, message }))
      .sort((a, b) => compareText(a.file, b.file) || compareText(a.message, b.message)),
  };
  return `${JSON.stringify(output, null, 2)}\n`;
};
