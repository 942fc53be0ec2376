/** Reports to render. */
import type { Report } from "../../src/reporters/report.js";
import { SourceFile } from "../../src/source/source-file.js";
import { diagnostic, edit, FAKE_RULES, findWords } from "../host/harness.js";

export type Overrides = Partial<Omit<Report, "summary">> & { readonly summary?: Partial<Report["summary"]> };

/** A report about these sources. */
export const report = (sources: readonly SourceFile[], more: Overrides = {}): Report => {
  const byName = new Map(sources.map((source) => [source.path, source]));
  const diagnostics = more.diagnostics ?? findWords(byName);
  return {
    tool: { name: "lws-lint", version: "1.2.3" },
    cwd: "/work",
    root: "/work",
    rules: FAKE_RULES,
    diagnostics,
    suppressed: [],
    problems: [],
    skippedFolders: [],
    source: (file) => byName.get(file),
    rulePage: () => undefined,
    ...more,
    summary: {
      filesSeen: 1234,
      filesIrrelevant: 1233,
      filesAnalyzed: sources.length,
      errors: diagnostics.filter(({ severity }) => severity === "error").length,
      warnings: diagnostics.filter(({ severity }) => severity === "warning").length,
      fixable: 0,
      fixableWithSuggestions: 0,
      suppressed: 0,
      fixesApplied: 0,
      vendoredSkipped: [],
      incompleteFunctions: 0,
      unreadRegions: 0,
      durationMs: 120,
      ...more.summary,
    },
  };
};

export const main = new SourceFile("src/a b#ü.c", "int f(void)\n{\n\treturn lws_bad(1,\n\t\t2);\n}\nlws_odd(); /* 漢 👋 */\n");
export const helper = new SourceFile("src/helper.c", "void g(void) { f(); }\n");

/** One with everything in it: evidence in another file, fixes of one and of two files, suppressed findings, a problem. */
export const chain = (): Report => {
  const start = main.text.indexOf("lws_bad");
  const error = diagnostic(main, start, main.text.indexOf(";", start), {
    reasons: ["LWS_CALLBACK_RECEIVE", "LWS_CALLBACK_CLOSED"],
    related: [
      { file: helper.path, span: { start: 5, end: 6 }, message: "`g()` is a callback" },
      { file: helper.path, span: { start: 15, end: 18 }, message: "called here" },
    ],
    fixes: [
      { kind: "safe", title: "Call the other one", edits: [edit(main, start, start + 7, "lws_good")] },
      {
        kind: "suggestion",
        title: "Change both",
        edits: [edit(main, start, start + 7, "x"), edit(helper, 0, 4, "int")],
      },
    ],
  });
  const warning = findWords(new Map([[main.path, main]])).filter(({ severity }) => severity === "warning");
  return report([main, helper], {
    diagnostics: [error, ...warning],
    suppressed: [
      { ...diagnostic(helper, 15, 16), justification: "tested" },
      { ...diagnostic(helper, 16, 17), justification: "" },
    ],
    problems: [{ file: "src/x.c", message: "cannot be read: permission denied" }],
  });
};
