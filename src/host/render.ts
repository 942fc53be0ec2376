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

export interface Rendered {
  readonly text: string;
  /** The summary alone, without colours. */
  readonly summary: string;
  /** What was not fully understood or left out, alone. */
  readonly gaps: string;
}

const joinLines = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join("");

const renderFormat = async (report: Report, options: RenderOptions): Promise<string> => {
  switch (options.format) {
    case "json":
      return (await import("../reporters/json.js")).renderJson(report, options);
    case "sarif":
      return (await import("../reporters/sarif.js")).renderSarif(report);
    case "github":
      return (await import("../reporters/github.js")).renderGithub(report);
    case "text":
      return (await import("../reporters/text.js")).renderText(report, options);
  }
};

export const render = async (report: Report, options: RenderOptions): Promise<Rendered> => ({
  text: await renderFormat(report, options),
  summary: joinLines(renderSummary(report, createStyle(false))),
  gaps: joinLines(renderIncomplete(report)),
});
