/** `--format sarif`: SARIF 2.1.0, the exchange format of code scanning services. */
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { SuppressedDiagnostic } from "../analyzer.js";
import type { Diagnostic, Fix, Location, Problem, TextEdit } from "../diagnostics/diagnostic.js";
import { compareDiagnostics, compareText } from "../diagnostics/order.js";
import { bareRuleId, fullRuleId } from "../diagnostics/rule-id.js";
import { defaultLevel, type RuleMeta } from "../linter/rule.js";
import { fingerprints, githubLineHashes } from "./fingerprint.js";
import { nameInRepository, regionOf, type Report } from "./report.js";
import { PROJECT_PAGE, rulePageUrl } from "./rule-pages.js";

const SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json";
const BASE = "SRCROOT";

type Json = Record<string, unknown>;
type Result = Diagnostic & Partial<SuppressedDiagnostic>;

const SARIF_LEVELS = { off: "none", warn: "warning", error: "error" } as const;

/** Relative to the top where the file lies below it: a log must not depend on the machine. */
const artifactLocation = (file: string, report: Report): Json => {
  const name = nameInRepository(file, report);
  if (path.isAbsolute(name)) return { uri: pathToFileURL(name).href };
  return { uri: name.split("/").map(encodeURIComponent).join("/"), uriBaseId: BASE };
};

const sarifRegion = (place: Location, report: Report): Json => {
  const { line, column, endLine, endColumn } = regionOf(place, report.source);
  return { startLine: line, startColumn: column, endLine, endColumn };
};

const location = (place: Location, report: Report, message?: string, id?: number): Json => ({
  ...(id === undefined ? {} : { id }),
  physicalLocation: {
    artifactLocation: artifactLocation(place.file, report),
    region: sarifRegion(place, report),
  },
  ...(message === undefined ? {} : { message: { text: message } }),
});

/** Several edits in one file are several replacements of one change. */
const sarifFix = ({ title, edits }: Fix, report: Report): Json => {
  const files = new Map<string, TextEdit[]>();
  for (const edit of edits) files.set(edit.file, [...(files.get(edit.file) ?? []), edit]);
  return {
    description: { text: title },
    artifactChanges: [...files].map(([file, ofFile]) => ({
      artifactLocation: artifactLocation(file, report),
      replacements: ofFile.map((edit) => ({
        deletedRegion: sarifRegion(edit, report),
        insertedContent: { text: edit.newText },
      })),
    })),
  };
};

const pascalCase = (id: string): string =>
  id
    .split("-")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

const ruleDescriptor = (rule: RuleMeta, report: Report): Json => {
  const summary = sentence(rule.summary);
  const page = report.rulePage(rule.id);
  const level = defaultLevel(rule);
  return {
    id: fullRuleId(rule.id),
    name: pascalCase(rule.id),
    shortDescription: { text: summary },
    fullDescription: { text: summary },
    help: { text: `${summary} See ${rulePageUrl(rule.id)}`, ...(page === undefined ? {} : { markdown: page }) },
    helpUri: rulePageUrl(rule.id),
    // A rule that is off reports nothing by default; what it reports when it is switched on is a warning.
    defaultConfiguration: { enabled: level !== "off", level: SARIF_LEVELS[level === "off" ? "warn" : level] },
    properties: { category: rule.category, since: rule.since, tags: ["libwebsockets", rule.category] },
  };
};

/** For reports that no rule makes, as those about unused suppression comments. */
const bareDescriptor = (id: string): Json => ({ id: fullRuleId(id), name: pascalCase(id) });

const result = (diagnostic: Result, partialFingerprints: Json, ruleIndex: number, report: Report): Json => {
  const primary = location(diagnostic, report, diagnostic.message);
  const steps = diagnostic.related.map((related) => location(related, report, related.message));
  return {
    ruleId: fullRuleId(diagnostic.ruleId),
    ruleIndex,
    level: diagnostic.severity,
    message: { text: `${diagnostic.message}\n${diagnostic.help}` },
    locations: [
      {
        ...location(diagnostic, report),
        ...(diagnostic.function === undefined ? {} : { logicalLocations: [{ fullyQualifiedName: diagnostic.function, kind: "function" }] }),
      },
    ],
    ...(steps.length === 0
      ? {}
      : {
          relatedLocations: diagnostic.related.map((related, index) =>
            location(related, report, related.message, index + 1),
          ),
          codeFlows: [{ threadFlows: [{ locations: [...steps, primary].map((step) => ({ location: step })) }] }],
        }),
    partialFingerprints,
    ...(diagnostic.fixes.length === 0 ? {} : { fixes: diagnostic.fixes.map((fix) => sarifFix(fix, report)) }),
    // All results have the property or none: an empty list says that this one is not suppressed.
    suppressions:
      diagnostic.justification === undefined
        ? []
        : [
            {
              kind: "inSource",
              ...(diagnostic.justification === "" ? {} : { justification: diagnostic.justification }),
            },
          ],
    ...(diagnostic.reasons.length === 0 ? {} : { properties: { reasons: diagnostic.reasons } }),
  };
};

const notification = ({ file, message }: Problem, report: Report): Json => ({
  level: "warning",
  message: { text: `${file}: ${message}` },
  locations: [{ physicalLocation: { artifactLocation: artifactLocation(file, report) } }],
});

export const renderSarif = (report: Report): string => {
  const results: Result[] = [...report.diagnostics, ...report.suppressed].sort(compareDiagnostics);
  const known = report.rules.map((rule) => rule.id);
  const others = [...new Set(results.map(({ ruleId }) => bareRuleId(ruleId)))]
    .filter((id) => !known.includes(id))
    .sort(compareText);
  const ids = [...known, ...others];
  const marks = fingerprints(results, report.source);
  const lineHashes = new Map<string, readonly string[]>();
  const hashesOf = (file: string): readonly string[] => {
    let hashes = lineHashes.get(file);
    if (hashes === undefined) lineHashes.set(file, (hashes = githubLineHashes(report.source(file)?.text ?? "")));
    return hashes;
  };
  const partialFingerprints = (each: Result, index: number): Json => ({
    "lwsLint/v1": marks[index]!,
    primaryLocationLineHash: hashesOf(each.file)[regionOf(each, report.source).line - 1],
  });
  const log = {
    $schema: SCHEMA,
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: report.tool.name,
            version: report.tool.version,
            semanticVersion: report.tool.version,
            informationUri: PROJECT_PAGE,
            rules: [...report.rules.map((rule) => ruleDescriptor(rule, report)), ...others.map(bareDescriptor)],
          },
        },
        automationDetails: { id: `${report.tool.name}/` },
        originalUriBaseIds: { [BASE]: { description: { text: report.root === report.cwd ? "The folder in which the linter was started." : "The top of the repository." } } },
        invocations: [
          {
            executionSuccessful: true,
            // In an order that parts of a report can be merged into.
            toolExecutionNotifications: [...report.problems]
              .sort((a, b) => compareText(`${a.file}: ${a.message}`, `${b.file}: ${b.message}`))
              .map((problem) => notification(problem, report)),
          },
        ],
        columnKind: "utf16CodeUnits",
        ...(report.summary.shard && { properties: { shard: report.summary.shard } }),
        results: results.map((each, index) =>
          result(each, partialFingerprints(each, index), ids.indexOf(bareRuleId(each.ruleId)), report),
        ),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
};
