/** An engine small enough to predict: it finds words. The tests of this folder are about ESLint, not about libwebsockets. */
import type { AddResult, Analysis, AnalyzerApi, AnalyzerOptions, Input } from "../../src/analyzer.js";
import type { Diagnostic, Problem } from "../../src/diagnostics/diagnostic.js";
import type { RuleMeta } from "../../src/linter/rule.js";

const rules: RuleMeta[] = [
  { id: "no-sync", category: "correctness", summary: "Reports SYNC", fixes: ["safe", "suggestion"], since: "0.1.0" },
  { id: "no-maybe", category: "suspicious", summary: "Reports MAYBE", fixes: ["suggestion"], since: "0.1.0" },
  { id: "no-pedant", category: "pedantic", summary: "Reports PEDANT", fixes: [], since: "0.1.0" },
];
const words: Record<string, RegExp> = { "no-sync": /\bSYNC\b/g, "no-maybe": /\bMAYBE\b/g, "no-pedant": /\bPEDANT\b/g };

export interface FakeRun {
  readonly options: AnalyzerOptions;
  readonly inputs: Input[];
}

/** Every run is recorded. `problems` are handed out by each of them. */
export class FakeAnalyzer implements AnalyzerApi {
  readonly rules = rules;
  readonly runs: FakeRun[] = [];
  problems: readonly Problem[] = [];
  /** Changes diagnostics on their way out. */
  amend: (diagnostic: Diagnostic) => Diagnostic = (diagnostic) => diagnostic;

  start(options: AnalyzerOptions = {}) {
    const inputs: Input[] = [];
    this.runs.push({ options, inputs });
    return {
      add: (input: Input): AddResult => {
        inputs.push(input);
        return String(input.content).includes("lws") ? { kind: "analyzed", functions: 1 } : { kind: "irrelevant" };
      },
      finish: (): Analysis => ({
        diagnostics: inputs.flatMap((input) => this.#check(input, options)),
        suppressed: [],
        problems: this.problems,
        stats: {} as Analysis["stats"],
        source: () => undefined,
      }),
    };
  }

  #check({ path: file, content }: Input, options: AnalyzerOptions): Diagnostic[] {
    const text = String(content);
    return rules.flatMap(({ id, fixes }) => {
      if (options.rules?.[id] === "off") return [];
      if (options.eslintComments && text.includes(`eslint-disable lws/${id}`)) return [];
      return [...text.matchAll(words[id]!)].map(({ index, 0: word }) => {
        const span = { start: index, end: index + word.length };
        return this.amend({
          ruleId: id,
          file,
          span,
          severity: "error",
          message: `\`${word}\` is wrong`,
          help: "Use `ASYNC`.",
          reasons: [],
          related: [],
          fixes: fixes.map((kind) => ({ kind, title: `Make it ${kind}`, edits: [{ file, span, newText: kind === "safe" ? "ASYNC" : "NEVER" }] })),
        });
      });
    });
  }
}
