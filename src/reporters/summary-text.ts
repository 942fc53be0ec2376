/** The numbers of a run in words. */
import { count, grouped, type LwsVersion, type Report } from "./report.js";
import { printable, type Style } from "./style.js";

const findings = ({ errors, warnings }: Report["summary"], style: Style): string => {
  if (errors === 0 && warnings === 0) return style.success("No findings");
  const parts = [
    errors === 0 ? "" : style.error(count(errors, "error")),
    warnings === 0 ? "" : style.warning(count(warnings, "warning")),
  ];
  return parts.filter((part) => part !== "").join(", ");
};

const MOST_VERSIONS = 3;

/** A release with who says so. */
export const releaseInWords = ({ version, source, file, line }: LwsVersion): string => {
  const words = version.endsWith("+") ? `${version.slice(0, -1)} or later` : version.replace("..", " to ");
  if (source === "assumed") return `${words} assumed (no version found; set \`lwsVersion\`)`;
  if (source === "option" || file === undefined) return `${words} (from \`--lws-version\`)`;
  return `${words} (from ${printable(file)}${line === undefined ? "" : `:${line}`})`;
};

const renderVersions = ({ lwsVersions = [] }: Report["summary"]): string[] => {
  if (lwsVersions.length === 0) return [];
  const more = lwsVersions.length > MOST_VERSIONS ? `, and ${lwsVersions.length - MOST_VERSIONS} more` : "";
  return [`libwebsockets ${lwsVersions.slice(0, MOST_VERSIONS).map(releaseInWords).join(", ")}${more}.`];
};

const renderAdoption = ({ since, baseline }: Report["summary"], style: Style): string[] => {
  const lines: string[] = [];
  const findings = (number: number, kind: string): string => count(number, `${kind} finding`);
  if (since !== undefined) lines.push(`Only what is new since ${printable(since.revision)}: ${findings(since.known, "older")} not reported.`);
  if (baseline === undefined) return lines;
  const file = printable(baseline.file);
  if (baseline.written !== undefined) {
    const { added, removed } = baseline.written;
    lines.push(`${style.success("Baseline")} ${file} holds ${count(baseline.known, "finding")}: ${grouped(added)} added, ${grouped(removed)} removed.`);
  } else lines.push(`${findings(baseline.known, "known")} of ${file} not reported.`);
  if (baseline.stale > 0) {
    const match = baseline.stale === 1 ? "matches" : "match";
    lines.push(`${style.warning(count(baseline.stale, "entry", "entries"))} of ${file} ${match} nothing any more (\`--update-baseline\` removes what is gone).`);
  }
  return lines;
};

/** How the run went; always counts what was not understood, so that no silence passes for a clean result. */
export const renderSummary = (report: Report, style: Style): string[] => {
  const { summary } = report;
  const lines: string[] = [];
  if (summary.fixesApplied > 0)
    lines.push(`${style.success("Fixed")}: ${count(summary.fixesApplied, "fix", "fixes")} applied.`);
  lines.push(
    `${findings(summary, style)} in ${count(summary.filesAnalyzed, "file")} analyzed of ${count(summary.filesSeen, "file")} seen` +
      ` (${(summary.durationMs / 1000).toFixed(2)} s).`,
  );
  lines.push(...renderAdoption(summary, style), ...renderVersions(summary));
  const suggested = grouped(summary.fixableWithSuggestions);
  const fixable = [
    summary.fixable === 0 ? "" : `${grouped(summary.fixable)} fixable with \`--fix\``,
    summary.fixableWithSuggestions === 0
      ? ""
      : `${suggested} ${summary.fixable === 0 ? "fixable" : "more"} with \`--fix-suggestions\``,
    summary.suppressed === 0 ? "" : `${grouped(summary.suppressed)} suppressed by comments`,
  ].filter((part) => part !== "");
  if (fixable.length > 0) lines.push(`${fixable.join(", ")}.`);
  if (summary.vendoredSkipped.length > 0) {
    const copies = count(summary.vendoredSkipped.length, "copy", "copies");
    const names = summary.vendoredSkipped.slice(0, 3).map(printable).join(", ");
    const more = summary.vendoredSkipped.length > 3 ? ", …" : "";
    lines.push(`Skipped ${copies} of libwebsockets itself: ${names}${more} (\`--include-vendored\` scans them).`);
  }
  const gaps = [
    summary.incompleteFunctions === 0 ? "" : count(summary.incompleteFunctions, "function"),
    summary.unreadRegions === 0 ? "" : count(summary.unreadRegions, "region"),
  ].filter((part) => part !== "");
  if (gaps.length > 0)
    lines.push(style.warning(`Not fully understood: ${gaps.join(" and ")}`) + " (`--verbose` lists them).");
  return lines;
};

/** Everything that was not fully understood or left out, with its places. */
export const renderIncomplete = ({ stats, skippedFolders, summary }: Report): string[] => {
  const lines = [
    ...(stats?.incompleteFunctions ?? []).map(({ file, function: name, line, where }) => {
      const places = where.map((place) => `${place.line}:${place.column}`).join(", ");
      const at = places === "" ? "" : ` (at ${places})`;
      return `${printable(file)}:${line}: function \`${printable(name)}\` is not fully understood${at}`;
    }),
    ...(stats?.unreadRegions ?? []).map(
      ({ file, line, reason }) => `${printable(file)}:${line}: not read: ${printable(reason)}`,
    ),
    ...summary.vendoredSkipped.map((folder) => `${printable(folder)}: skipped: a copy of libwebsockets`),
    ...skippedFolders.map((folder) => `${printable(folder)}: skipped: a folder of build or package tools`),
  ];
  return lines.length === 0 ? [] : [...lines, ""];
};

/** `--stats`: one number a line. */
export const renderStats = ({ summary, stats }: Report): string[] => {
  const { resolved = 0, unresolved = 0 } = stats?.callsThroughPointers ?? {};
  const rows: [string, number][] = [
    ["files seen", summary.filesSeen],
    ["files without a trace of libwebsockets", summary.filesIrrelevant],
    ["files of libwebsockets itself", stats?.filesOfLwsItself ?? 0],
    ["files analyzed", summary.filesAnalyzed],
    ["configurations parsed", stats?.configurations ?? 0],
    ["functions", stats?.functions ?? 0],
    ["functions not fully understood", stats?.incompleteFunctions.length ?? 0],
    ["regions not read", stats?.unreadRegions.length ?? 0],
    ["protocol callbacks", stats?.callbacks ?? 0],
    ["calls through pointers, resolved", resolved],
    ["calls through pointers, unresolved", unresolved],
  ];
  const width = Math.max(...rows.map(([label]) => label.length));
  return [...rows.map(([label, value]) => `${label.padEnd(width)}  ${grouped(value).padStart(9)}`), ""];
};
