/** Chooses the reporter; each is loaded only when it is used. */
import type { Report } from "../reporters/report.js";
import { createStyle } from "../reporters/style.js";
import { renderIncomplete, renderSummary } from "../reporters/summary-text.js";
import type { Format } from "./options.js";

export interface RenderOptions {
  readonly format: Format;
  readonly color: boolean;
  readonly columns: number;
  readonly stats: boolean;
  readonly verbose: boolean;
}

export const render = async (report: Report, options: RenderOptions): Promise<string> => {
  switch (options.format) {
    case "json":
      return (await import("../reporters/json.js")).renderJson(report, options);
    case "sarif":
      return (await import("../reporters/sarif.js")).renderSarif(report);
    case "github":
      return (await import("../reporters/github.js")).renderGithub(report);
    case "gitlab":
      return (await import("../reporters/gitlab.js")).renderGitlab(report);
    case "junit":
      return (await import("../reporters/junit.js")).renderJunit(report);
    case "checkstyle":
      return (await import("../reporters/checkstyle.js")).renderCheckstyle(report);
    case "rdjson":
      return (await import("../reporters/rdjson.js")).renderRdjson(report);
    case "html":
      return (await import("../reporters/html.js")).renderHtml(report);
    case "text":
      return (await import("../reporters/text.js")).renderText(report, options);
  }
};

const joinLines = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join("");

/** Without colours: the summary alone, and alone what was not fully understood or left out. */
export const summarize = (report: Report): { readonly summary: string; readonly gaps: string } => ({
  summary: joinLines(renderSummary(report, createStyle(false))),
  gaps: joinLines(renderIncomplete(report)),
});
