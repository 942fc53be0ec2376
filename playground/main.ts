/** The engine in a browser: what is typed is analyzed, findings are drawn as the HTML report draws them. */
import { Analyzer, type Analysis, type AnalyzerOptions } from "../src/analyzer.js";
import type { Diagnostic } from "../src/diagnostics/diagnostic.js";
import { defaultLevel, type Level } from "../src/linter/rule.js";
import { edited } from "../src/reporters/html/fix-diff.js";
import { findingMarkup, type View } from "../src/reporters/html/finding.js";
import { words } from "../src/reporters/html/markup.js";
import { reasonMap } from "../src/reporters/html/reason-map.js";
import { STYLE } from "../src/reporters/html/style.js";
import { EXAMPLE } from "./example.js";
import { PAGE_STYLE } from "./style.js";

/** Typing is not disturbed: the analysis begins when it pauses. */
const PAUSE_MS = 250;

const element = (id: string): HTMLElement => document.getElementById(id)!;

const code = element("code") as HTMLTextAreaElement;
const language = element("language") as HTMLSelectElement;
const release = element("release") as HTMLSelectElement;
const pedantic = element("pedantic") as HTMLInputElement;
const undo = element("undo") as HTMLButtonElement;
const status = element("status");
const results = element("findings");
const maps = element("maps");

const sheet = new CSSStyleSheet();
sheet.replaceSync(STYLE + PAGE_STYLE);
document.adoptedStyleSheets = [sheet];

let shown: readonly Diagnostic[] = [];
let analyzed = "";
const earlier: string[] = [];

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? "" : "s"}`;

const buttons = ({ fixes }: Diagnostic, index: number): string =>
  ` <button type="button" data-show="${index}">Show in source</button>` +
  fixes.map(({ title, kind }, fix) => ` <button type="button" data-finding="${index}" data-fix="${fix}">${kind === "safe" ? "Fix" : "Suggestion"}: ${words(title)}</button>`).join("");

const draw = (analysis: Analysis): void => {
  shown = analysis.diagnostics;
  const names = new Map(shown.map((diagnostic, index) => [diagnostic, `finding-${index + 1}`]));
  const view: View = { source: (file) => analysis.source(file), idOf: (diagnostic) => names.get(diagnostic)! };
  results.innerHTML = shown.map((diagnostic, index) => findingMarkup(diagnostic, view, buttons(diagnostic, index))).join("");
  const drawn = (analysis.callbacks ?? []).filter(({ calls }) => calls.length > 0).map((map, index) => reasonMap(map, shown, view, `callback-${index + 1}`));
  maps.innerHTML = drawn.length === 0 ? "" : `<h2>Callbacks</h2>${drawn.join("")}`;
  const errors = shown.filter(({ severity }) => severity === "error").length;
  const problems = analysis.problems.map(({ message }) => message);
  const found = shown.length === 0 ? "Nothing was found." : `${count(errors, "error")}, ${count(shown.length - errors, "warning")}.`;
  status.textContent = [found, ...problems].join(" ");
};

const start = (analyzer: Analyzer): void => {
  const analyze = (): void => {
    const levels: Record<string, Level> = {};
    if (pedantic.checked) for (const rule of analyzer.rules) if (defaultLevel(rule) === "off") levels[rule.id] = "warn";
    const options: AnalyzerOptions = { rules: levels, describeCallbacks: true, ...(release.value !== "" && { lwsVersion: release.value }) };
    try {
      const run = analyzer.start(options);
      run.add({ path: language.value === "cpp" ? "main.cpp" : "main.c", content: code.value, isChosen: true });
      analyzed = code.value;
      draw(run.finish());
    } catch (error) {
      status.textContent = `The analysis failed: ${error instanceof Error ? error.message : String(error)}`;
    }
  };
  let pending: ReturnType<typeof setTimeout> | undefined;
  code.addEventListener("input", () => {
    clearTimeout(pending);
    pending = setTimeout(analyze, PAUSE_MS);
  });
  for (const choice of [language, release, pedantic]) choice.addEventListener("change", analyze);
  undo.addEventListener("click", () => {
    const text = earlier.pop();
    undo.disabled = earlier.length === 0;
    if (text === undefined) return;
    code.value = text;
    analyze();
  });
  results.addEventListener("click", ({ target }) => {
    if (!(target instanceof Element)) return;
    const { show, finding, fix } = target.closest("button")?.dataset ?? {};
    if (show !== undefined) reveal(shown[Number(show)]!);
    if (finding === undefined || fix === undefined) return;
    // Places are those of the text that was analyzed.
    if (analyzed !== code.value) return;
    const { edits } = shown[Number(finding)]!.fixes[Number(fix)]!;
    earlier.push(code.value);
    undo.disabled = false;
    code.value = edited(code.value, edits);
    analyze();
    element("results").focus();
  });
  analyze();
};

const reveal = ({ span }: Diagnostic): void => {
  code.focus();
  code.setSelectionRange(span.start, span.end);
  const line = code.value.slice(0, span.start).split("\n").length;
  code.scrollTop = (line - 5) * parseFloat(getComputedStyle(code).lineHeight);
};

code.value = EXAMPLE;
start(await Analyzer.create());
