/** Findings for people: each with its source lines, the way it is reached, and what to do. */
import type { Diagnostic, Location } from "../diagnostics/diagnostic.js";
import { compareText } from "../diagnostics/order.js";
import { fullRuleId } from "../diagnostics/rule-id.js";
import { regionOf, type Report } from "./report.js";
import { renderSnippet } from "./snippet.js";
import { createStyle, printable, type Paint, type Style } from "./style.js";
import { renderIncomplete, renderStats, renderSummary } from "./summary-text.js";

export interface TextOptions {
  readonly color: boolean;
  /** Columns of the terminal; 0 when the output is no terminal. */
  readonly columns: number;
  readonly stats: boolean;
  readonly verbose: boolean;
}

/** Width for output that goes to a file or a pipe. */
const DEFAULT_COLUMNS = 120;
const MIN_GUTTER = 4;

class TextWriter {
  readonly #lines: string[] = [];
  readonly #style: Style;
  readonly #columns: number;

  constructor(
    readonly report: Report,
    options: TextOptions,
  ) {
    this.#style = createStyle(options.color);
    this.#columns = options.columns > 0 ? options.columns : DEFAULT_COLUMNS;
  }

  finding(diagnostic: Diagnostic): void {
    const style = this.#style;
    const mark = style[diagnostic.severity];
    const places = [diagnostic, ...diagnostic.related].map((place) => regionOf(place, this.report.source).line);
    const gutter = Math.max(MIN_GUTTER, ...places.map((line) => String(line).length));

    const rule = style.dim(`[${fullRuleId(diagnostic.ruleId)}]`);
    this.#head(diagnostic, mark(diagnostic.severity), `${style.bold(printable(diagnostic.message))} ${rule}`);
    this.#snippet(diagnostic, gutter, mark);
    for (const related of diagnostic.related) {
      this.#head(related, style.note("note"), printable(related.message));
      this.#snippet(related, gutter, style.note);
    }
    const reasons = diagnostic.reasons.map((reason) => `\`${printable(reason)}\``).join(", ");
    if (reasons !== "") this.#detail(gutter, "reached on", reasons);
    this.#detail(gutter, "help", printable(diagnostic.help));
    for (const { kind, title } of diagnostic.fixes) {
      const option = kind === "safe" ? "--fix" : "--fix-suggestions";
      this.#detail(gutter, kind === "safe" ? "fix" : "suggestion", `${printable(title)} ${style.dim(`(${option})`)}`);
    }
    this.#lines.push("");
  }

  /** What kept files from being read, one line each. */
  problems(): void {
    const problems = [...this.report.problems].sort((a, b) => compareText(a.file, b.file));
    for (const { file, message } of problems) {
      this.#lines.push(
        `${this.#style.bold(printable(file))}: ${this.#style.warning("problem")}: ${printable(message)}`,
      );
    }
    if (problems.length > 0) this.#lines.push("");
  }

  add(lines: readonly string[]): void {
    this.#lines.push(...lines);
  }

  get style(): Style {
    return this.#style;
  }

  toString(): string {
    return this.#lines.map((line) => `${line}\n`).join("");
  }

  #head(place: Location, label: string, text: string): void {
    const { line, column } = regionOf(place, this.report.source);
    this.#lines.push(`${this.#style.bold(`${printable(place.file)}:${line}:${column}:`)} ${label}: ${text}`);
  }

  #snippet({ file, span }: Location, gutter: number, mark: Paint): void {
    const source = this.report.source(file);
    if (source === undefined) return;
    this.#lines.push(...renderSnippet(source, span, { gutter, columns: this.#columns, style: this.#style, mark }));
  }

  #detail(gutter: number, label: string, text: string): void {
    this.#lines.push(`${" ".repeat(gutter)} ${this.#style.dim("=")} ${this.#style.bold(`${label}:`)} ${text}`);
  }
}

/** The whole report as text, summary included. */
export const renderText = (report: Report, options: TextOptions): string => {
  const writer = new TextWriter(report, options);
  for (const diagnostic of report.diagnostics) writer.finding(diagnostic);
  writer.problems();
  if (options.verbose) writer.add(renderIncomplete(report));
  if (options.stats) writer.add(renderStats(report));
  writer.add(renderSummary(report, writer.style));
  return writer.toString();
};
