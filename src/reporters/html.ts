/** `--format html`: one file to look at, with everything in it. Nothing is fetched when it is opened. */
import { createHash } from "node:crypto";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { compareText } from "../diagnostics/order.js";
import { fullRuleId } from "../diagnostics/rule-id.js";
import { fingerprints } from "./fingerprint.js";
import { findingMarkup, type View } from "./html/finding.js";
import { escape, words } from "./html/markup.js";
import { findingsOf, reasonMap } from "./html/reason-map.js";
import { SCRIPT } from "./html/script.js";
import { STYLE } from "./html/style.js";
import { count, grouped, type Report } from "./report.js";

const sha256 = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** Names that stay the same when lines move, so that links into a report hold for the next one. */
const viewOf = ({ diagnostics, source }: Report): View => {
  const seen = new Map<string, number>();
  const ids = new Map<Diagnostic, string>();
  for (const [index, fingerprint] of fingerprints(diagnostics, source).entries()) {
    const name = `finding-${fingerprint.replace(":", "-")}`;
    const known = (seen.get(name) ?? 0) + 1;
    seen.set(name, known);
    // The same line in two files.
    ids.set(diagnostics[index]!, known === 1 ? name : `${name}-${known}`);
  }
  return { source, idOf: (diagnostic) => ids.get(diagnostic)! };
};

interface Group {
  readonly name: string;
  readonly errors: number;
  readonly warnings: number;
}

const groups = (diagnostics: readonly Diagnostic[], nameOf: (diagnostic: Diagnostic) => string): readonly Group[] => {
  const found = new Map<string, { name: string; errors: number; warnings: number }>();
  for (const diagnostic of diagnostics) {
    const name = nameOf(diagnostic);
    const group = found.get(name) ?? { name, errors: 0, warnings: 0 };
    group[diagnostic.severity === "error" ? "errors" : "warnings"]++;
    found.set(name, group);
  }
  return [...found.values()].sort((a, b) => b.errors - a.errors || b.warnings - a.warnings || compareText(a.name, b.name));
};

const summaryTable = (title: string, filter: "rule" | "file", list: readonly Group[], about: (name: string) => string): string => {
  const row = ({ name, errors, warnings }: Group): string =>
    `<tr><th scope="row"><a href="#findings" data-filter="${filter}" data-value="${escape(name)}">${escape(name)}</a>${about(name)}</th>` +
    `<td class="number">${grouped(errors)}</td><td class="number">${grouped(warnings)}</td></tr>`;
  return (
    `<table><caption>${title}</caption><thead><tr><th scope="col">${title.slice(3)}</th><th scope="col" class="number">errors</th><th scope="col" class="number">warnings</th></tr></thead>` +
    `<tbody>${list.map(row).join("")}</tbody></table>`
  );
};

const choice = (label: string, name: string, values: readonly string[]): string =>
  `<label>${label}<select name="${name}"><option value="">all</option>${values.map((value) => `<option value="${escape(value)}">${escape(value)}</option>`).join("")}</select></label>`;

const filterForm = (rules: readonly Group[], files: readonly Group[]): string =>
  `<form class="filter" id="filter" role="search" aria-label="Findings" hidden>` +
  `<label class="search">Search<input type="search" name="text" autocomplete="off"></label>` +
  choice("Severity", "severity", ["error", "warning"]) +
  choice("Rule", "rule", rules.map(({ name }) => name)) +
  choice("File", "file", files.map(({ name }) => name)) +
  `<label class="check"><input type="checkbox" name="fixable">with a fix</label>` +
  `<button type="button" id="clear">Clear</button><output id="shown" aria-live="polite"></output></form>`;

const callbacks = (report: Report, view: View): string => {
  const maps = (report.callbacks ?? []).map((map, index) => {
    const isWrong = findingsOf(map, report.diagnostics).length > 0;
    return { isWrong, isEmpty: map.calls.length === 0 && !isWrong, markup: () => reasonMap(map, report.diagnostics, view, `callback-${index + 1}`) };
  });
  const shown = maps.filter(({ isWrong }) => isWrong).map(({ markup }) => markup());
  const rest = maps.filter(({ isWrong, isEmpty }) => !isWrong && !isEmpty).map(({ markup }) => markup());
  if (shown.length + rest.length === 0) return "";
  const others = rest.length === 0 ? "" : `<details${shown.length === 0 ? " open" : ""}><summary>${count(rest.length, "callback")} without findings</summary>${rest.join("")}</details>`;
  return (
    `<section aria-labelledby="callbacks"><h2 id="callbacks">Callbacks</h2>` +
    `<p class="meta">Which reason reaches which call of the library. Red lines are findings.</p>${shown.join("")}${others}</section>`
  );
};

const problems = ({ problems: list }: Report): string =>
  list.length === 0
    ? ""
    : `<section aria-labelledby="problems"><h2 id="problems">Problems</h2><ul>${list.map(({ file, message }) => `<li><span class="where">${escape(file)}</span> ${words(message)}</li>`).join("")}</ul></section>`;

const totals = ({ summary }: Report): string => {
  const { errors, warnings, fixable, fixableWithSuggestions, suppressed, filesAnalyzed, filesSeen } = summary;
  const one = (number: number, name: string, kind = ""): string => `<li${kind && ` class="${kind}"`}><strong>${grouped(number)}</strong>${name}</li>`;
  return (
    `<ul class="totals">${one(errors, errors === 1 ? "error" : "errors", errors > 0 ? "error" : "")}${one(warnings, warnings === 1 ? "warning" : "warnings", warnings > 0 ? "warning" : "")}` +
    `${one(fixable, "with a safe fix")}${one(fixableWithSuggestions, "with suggestions")}${suppressed > 0 ? one(suppressed, "suppressed") : ""}${one(filesAnalyzed, `of ${count(filesSeen, "file")} analyzed`)}</ul>`
  );
};

/** The whole report as one page. */
export const renderHtml = (report: Report): string => {
  const { diagnostics, tool, rules, summary } = report;
  const view = viewOf(report);
  const byRule = groups(diagnostics, ({ ruleId }) => fullRuleId(ruleId));
  const byFile = groups(diagnostics, ({ file }) => file);
  const summaryOf = new Map(rules.map(({ id, summary: text }) => [fullRuleId(id), text]));
  const about = (name: string): string => {
    const text = summaryOf.get(name);
    return text === undefined ? "" : `<br><span class="meta">${words(text)}</span>`;
  };
  const versions = (summary.lwsVersions ?? []).map(({ version }) => version).join(", ");
  const policy = `default-src 'none'; img-src data:; style-src ${sha256(STYLE)}; script-src ${sha256(SCRIPT)}; base-uri 'none'; form-action 'none'`;
  const hasFindings = diagnostics.length > 0;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>lws-lint: ${count(summary.errors, "error")}, ${count(summary.warnings, "warning")}</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body>
<a class="skip" href="#findings">Skip to the findings</a>
<header class="top"><h1>lws-lint report</h1><p>${escape(`${tool.name} ${tool.version}`)}${versions && `, judged by libwebsockets ${escape(versions)}`}</p><button type="button" id="theme" hidden>Dark</button></header>
<main>
<section aria-label="Summary">${totals(report)}
${hasFindings ? `<div class="tables">${summaryTable("By rule", "rule", byRule, about)}${summaryTable("By file", "file", byFile, () => "")}</div>` : ""}</section>
<section aria-labelledby="findings"><h2 id="findings" tabindex="-1">Findings</h2>
${hasFindings ? filterForm(byRule, byFile) : "<p>Nothing was found.</p>"}
<p id="nothing" hidden>No finding fits the filter.</p>
${diagnostics.map((diagnostic) => findingMarkup(diagnostic, view)).join("\n")}
</section>
${callbacks(report, view)}
${problems(report)}
</main>
<footer class="foot"><p class="keys"><kbd>/</kbd> search, <kbd>j</kbd> and <kbd>k</kbd> next and previous finding, <kbd>Esc</kbd> clears the filter</p></footer>
<script>${SCRIPT}</script>
</body>
</html>
`;
};
