/** ESLint says about a file what the engine says about it, and its fixes do not break it. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { ESLint, type Linter } from "eslint";
import { describe, expect, test } from "vitest";
import { Analyzer } from "../../src/analyzer.js";
import type { Diagnostic, TextEdit } from "../../src/diagnostics/diagnostic.js";
import { createPlugin } from "../../src/eslint/plugin.js";
import { defaultLevel } from "../../src/linter/rule.js";
import { parseText } from "../../src/syntax/tree-sitter.js";

const fixtures = fileURLToPath(new URL("../../fixtures", import.meta.url));
const files = readdirSync(fixtures, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".c")).sort();

const analyzer = await Analyzer.create();
const plugin = createPlugin({ analyzer, version: "0.0.0", docsUrl: (id) => id });
const eslint = new ESLint({
  cwd: fixtures,
  overrideConfigFile: true,
  overrideConfig: [plugin.configs.all],
});

interface Edited {
  readonly range: readonly [number, number];
  readonly text: string;
}

/** What is comparable of a finding. */
interface Finding {
  readonly rule: string;
  readonly at: string;
  readonly severity: number;
  readonly message: string;
  readonly fix: Edited | undefined;
  readonly suggestions: readonly { readonly title: string; readonly edit: Edited }[];
}

/** ESLint knows one edit per fix: from the first place to the last, with what stands between. */
function merged(edits: readonly TextEdit[], text: string): Edited {
  const ordered = [...edits].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
  const range = [ordered[0]!.span.start, ordered.at(-1)!.span.end] as const;
  let at = range[0];
  let result = "";
  for (const { span, newText } of ordered) {
    result += text.slice(at, span.start) + newText;
    at = span.end;
  }
  return { range, text: result };
}

function fromEngine(file: string, content: Uint8Array): { findings: Finding[]; text: string } {
  const filePath = path.join(fixtures, file);
  const rules = Object.fromEntries(analyzer.rules.map((rule) => [rule.id, defaultLevel(rule) === "off" ? ("warn" as const) : defaultLevel(rule)]));
  const run = analyzer.start({ rules });
  run.add({ path: filePath, content });
  const analysis = run.finish();
  const source = analysis.source(filePath);
  if (!source) return { findings: [], text: "" };
  const { text } = source;
  const isLossy = text.includes("\uFFFD");
  const findings = analysis.diagnostics.map((diagnostic: Diagnostic): Finding => {
    const { ruleId, span, severity, message, fixes } = diagnostic;
    const [start, end] = [source.positionAt(span.start), source.positionAt(span.end)];
    const offered = isLossy ? [] : fixes;
    const safe = offered.find(({ kind }) => kind === "safe");
    return {
      rule: `lws/${ruleId}`,
      at: `${start.line}:${start.column}-${end.line}:${end.column}`,
      severity: severity === "error" ? 2 : 1,
      message,
      fix: safe && merged(safe.edits, text),
      suggestions: offered.filter((fix) => fix !== safe).map(({ title, edits }) => ({ title, edit: merged(edits, text) })),
    };
  });
  return { findings, text };
}

const fromEslint = ({ ruleId, line, column, endLine, endColumn, severity, message, fix, suggestions }: Linter.LintMessage): Finding => ({
  rule: ruleId ?? "",
  at: `${line}:${column}-${endLine}:${endColumn}`,
  severity,
  message,
  fix,
  suggestions: (suggestions ?? []).map(({ desc, fix: edit }) => ({ title: desc, edit })),
});

const order = (a: Finding, b: Finding): number =>
  a.at.localeCompare(b.at, "en", { numeric: true }) || a.rule.localeCompare(b.rule) || a.message.localeCompare(b.message);

/** The bare grammar knows no digraphs; spelled out, they are as long as before. */
const errorCount = (text: string): number =>
  parseText(text.replaceAll("<%", "{ ").replaceAll("%>", "} ").replaceAll("<:", "[ ").replaceAll(":>", "] "), "c")!.broken.length;

test("there are fixtures", () => expect(files.length).toBeGreaterThan(10));

describe.each(files)("%s", (file) => {
  const content = readFileSync(path.join(fixtures, file));
  const expected = fromEngine(file, content);
  const linted = eslint.lintFiles([path.join(fixtures, file)]).then(([result]) => result!);

  test("has the findings of the engine, with their fixes", async () => {
    const { messages } = await linted;
    // ESLint's own report of a directive that suppresses nothing has no rule.
    const actual = messages.filter(({ ruleId }) => ruleId !== null).map(fromEslint).sort(order);
    const wanted = expected.findings.toSorted(order);
    const withoutText = (finding: object): object => ({ ...finding, message: "" });
    expect(actual.map(withoutText)).toEqual(wanted.map(withoutText));
    // The text is the engine's, as a sentence and with more behind it.
    actual.forEach(({ message }, index) => expect(message.slice(1)).toContain(wanted[index]!.message.slice(1)));
  });

  test("trap 10: no fix adds a syntax error", async () => {
    const { text } = expected;
    const before = errorCount(text);
    for (const { fix, suggestions } of (await linted).messages) {
      for (const edit of [fix, ...(suggestions ?? []).map((suggestion) => suggestion.fix)]) {
        if (!edit) continue;
        const after = text.slice(0, edit.range[0]) + edit.text + text.slice(edit.range[1]);
        expect(errorCount(after), after.slice(edit.range[0] - 80, edit.range[0] + edit.text.length + 80)).toBeLessThanOrEqual(before);
      }
    }
  });
});
