/** The engine's diagnostics for one file, shared by all rules that run over it. */
import type { AnalyzerApi, AnalyzerOptions, Input } from "../analyzer.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { Level } from "../linter/rule.js";
import { warnOnce } from "./warnings.js";

export interface FindingsSource {
  readonly analyzer: AnalyzerApi;
  readonly path: string;
  readonly text: string;
  readonly options: AnalyzerOptions;
  /** Asked when the engine runs, see `CSourceCode.#engineReadsDirectives`. */
  eslintComments(): boolean;
}

/**
 * Runs the engine once for all rules. ESLint calls `create()` of every enabled rule before it visits the first node, so
 * the set of wanted rules is complete when the first of them asks.
 */
export class Findings {
  readonly #source: FindingsSource;
  readonly #wanted = new Set<string>();
  #ranFor = 0;
  #byRule: ReadonlyMap<string, readonly Diagnostic[]> = new Map();

  constructor(source: FindingsSource) {
    this.#source = source;
  }

  want(ruleId: string): void {
    this.#wanted.add(ruleId);
  }

  of(ruleId: string): readonly Diagnostic[] {
    // The same source code can be verified again with more rules.
    if (this.#ranFor < this.#wanted.size) {
      this.#byRule = this.#run();
      this.#ranFor = this.#wanted.size;
    }
    return this.#byRule.get(ruleId) ?? [];
  }

  #run(): ReadonlyMap<string, readonly Diagnostic[]> {
    const { analyzer, path, text, options } = this.#source;
    // What a finding weighs is up to ESLint's configuration; the engine only has to know which rules to run.
    const rules: Record<string, Level> = {};
    for (const { id } of analyzer.rules) rules[id] = this.#wanted.has(id) ? "error" : "off";
    const run = analyzer.start({ ...options, rules, eslintComments: this.#source.eslintComments() });
    const input: Input = { path, content: text };
    if (run.add(input).kind === "irrelevant") return new Map();
    const analysis = run.finish();
    for (const { file, message } of analysis.problems) warnOnce(file, message);
    const byRule = new Map<string, Diagnostic[]>();
    for (const diagnostic of analysis.diagnostics) {
      // ESLint has no way to report in another file than the one it is at.
      if (diagnostic.file !== path) continue;
      const sameRule = byRule.get(diagnostic.ruleId);
      if (sameRule) sameRule.push(diagnostic);
      else byRule.set(diagnostic.ruleId, [diagnostic]);
    }
    return byRule;
  }
}
