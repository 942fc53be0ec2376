/**
 * An engine for tests of the tools: it reports every line that holds `BAD(rule)`, and gives the line that holds `SEE(rule)`
 * in any file as evidence. `THROW` makes the local phase of a file throw.
 */
import type { AnalyzerApi, AnalyzerOptions, Input } from "../../src/analyzer.js";
import type { Diagnostic, Location } from "../../src/diagnostics/diagnostic.js";
import { SourceFile } from "../../src/source/source-file.js";

const places = (source: SourceFile, word: string): { rule: string; location: Location }[] =>
  [...source.text.matchAll(new RegExp(`${word}\\(([\\w-]+)\\)`, "g"))].map((found) => ({
    rule: found[1] ?? "",
    location: { file: source.path, span: { start: found.index, end: found.index + found[0].length } },
  }));

export function fakeAnalyzer(): AnalyzerApi {
  return {
    rules: ["no-internal-api", "no-sync-kill", "no-context-destroy-in-callback"].map((id) => ({
      id,
      category: "correctness",
      summary: id,
      fixes: [],
      since: "0",
    })),
    start(options: AnalyzerOptions = {}) {
      const sources: SourceFile[] = [];
      return {
        add({ path, content }: Input) {
          const text = typeof content === "string" ? content : new TextDecoder().decode(content);
          if (text.includes("THROW")) throw new Error("the fake engine fell over");
          sources.push(new SourceFile(path, text));
          return { kind: "analyzed", functions: 1 };
        },
        finish() {
          const evidence = sources.flatMap((source) => places(source, "SEE"));
          const diagnostics = sources
            .flatMap((source) => places(source, "BAD"))
            .filter(({ rule }) => options.rules?.[rule] !== "off")
            .map(
              ({ rule, location }): Diagnostic => ({
                ...location,
                ruleId: rule,
                severity: "error",
                message: "`BAD` is bad",
                help: "do not",
                reasons: [],
                related: evidence
                  .filter((place) => place.rule === rule)
                  .map((place) => ({ ...place.location, message: "called here" })),
                fixes: [],
              }),
            );
          return {
            diagnostics,
            suppressed: [],
            problems: [],
            stats: {
              filesSeen: sources.length,
              filesPrefiltered: 0,
              filesAnalyzed: sources.length,
              filesOfLwsItself: 0,
              configurations: sources.length,
              functions: sources.length,
              callbacks: 0,
              incompleteFunctions: [],
              unreadRegions: [],
              callsThroughPointers: { resolved: 0, unresolved: 0 },
            },
            source: (path: string) => sources.find((source) => source.path === path),
          };
        },
      };
    },
  };
}
