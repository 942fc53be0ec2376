import fc from "fast-check";
import { Linter, type Rule } from "eslint";
import { describe, expect, it } from "vitest";
import type { Diagnostic } from "../../src/diagnostics/diagnostic.js";
import { applySuppressions, type SuppressionOptions } from "../../src/linter/suppressions.js";
import { SourceFile } from "../../src/source/source-file.js";

const RULES = ["alpha", "beta"];

/** Comments as any front end finds them; enough for texts without string literals. */
const commentsOf = (text: string) =>
  [...text.matchAll(/\/\*([\s\S]*?)\*\/|\/\/((?:\\\r?\n|[^\r\n])*)/gu)].map((match) => ({
    text: match[1] ?? match[2] ?? "",
    span: { start: match.index, end: match.index + match[0].length },
    style: match[0].startsWith("/*") ? ("block" as const) : ("line" as const),
  }));

const blank = (text: string): string =>
  commentsOf(text).reduce(
    (masked, { span }) =>
      masked.slice(0, span.start) + masked.slice(span.start, span.end).replace(/[^\n]/gu, " ") + masked.slice(span.end),
    text,
  );

/** Every word `alpha` or `beta` in the code is a finding of the rule of that name. */
const findings = (text: string): Diagnostic[] =>
  [...blank(text).matchAll(/alpha|beta/gu)].map((match) => ({
    ruleId: match[0],
    severity: "error",
    file: "a.c",
    span: { start: match.index, end: match.index + match[0].length },
    message: "found",
    help: "remove it",
    reasons: [],
    related: [],
    fixes: [],
  }));

const run = (text: string, options: SuppressionOptions = {}) => {
  const source = new SourceFile("a.c", text);
  return applySuppressions(findings(text), new Map([["a.c", { source, comments: commentsOf(text) }]]), {
    rules: RULES,
    ...options,
  });
};

/** `line:rule` of what is left. */
const left = (text: string, options?: SuppressionOptions): string[] =>
  run(text, options).kept.map(
    ({ ruleId, span }) => `${new SourceFile("a.c", text).positionAt(span.start).line}:${ruleId}`,
  );

describe("ESLint's comments", () => {
  it.each([
    ["line", "alpha; // eslint-disable-line lws/alpha\nalpha;", ["2:alpha"]],
    ["line, block comment", "alpha; /* eslint-disable-line lws/alpha */\nalpha;", ["2:alpha"]],
    ["next line", "// eslint-disable-next-line lws/alpha, lws/beta -- why\nalpha; beta;\nbeta;", ["3:beta"]],
    [
      "next line after a comment of several lines",
      "/* eslint-disable-next-line\n lws/alpha\n*/\nalpha;\nalpha;",
      ["5:alpha"],
    ],
    ["block", "alpha;\n/* eslint-disable */\nalpha;\n/* eslint-enable */\nalpha;", ["1:alpha", "5:alpha"]],
    ["block of one rule", "/* eslint-disable lws/alpha */ alpha; beta;", ["1:beta"]],
    ["enable of one rule", "/* eslint-disable */ alpha;\n/* eslint-enable lws/beta */ alpha; beta;", ["2:beta"]],
    ["no block in a line comment", "// eslint-disable lws/alpha\nalpha;", ["2:alpha"]],
    ["another tool's rule", "alpha; // eslint-disable-line no-undef", ["1:alpha"]],
    ["without the prefix", "alpha; // eslint-disable-line alpha", []],
    ["quoted", `alpha; // eslint-disable-line "lws/alpha", 'lws/beta'`, []],
    ["spliced line", "alpha; // eslint-disable-line lws/al\\\npha\nalpha;", ["3:alpha"]],
    ["own spelling", "/* lws-lint-disable lws/alpha */ alpha; beta; // lws-lint-disable-line beta\nbeta;", ["2:beta"]],
    ["only a part of the line before it", "alpha; /* eslint-disable lws/alpha */ alpha;", ["1:alpha"]],
    ["a word that only begins alike", "alpha; // eslint-disable-lines", ["1:alpha"]],
    ["last line without a line break", "/* eslint-disable-next-line */\nalpha;", []],
  ])("%s", (_, text, expected) => expect(left(text)).toEqual(expected));

  it("leaves them to ESLint where the host says so, but not its own spelling", () => {
    expect(left("alpha; // eslint-disable-line\nbeta; // lws-lint-disable-line", { eslintComments: false })).toEqual([
      "1:alpha",
    ]);
  });

  it("says that a comment for one line stands on several", () => {
    const { kept, problems } = run("alpha; /* eslint-disable-line\n lws/alpha */");
    expect(kept).toHaveLength(1);
    expect(problems).toEqual([{ file: "a.c", message: expect.stringContaining("should not span multiple lines") }]);
  });

  it("keeps the reason", () => {
    expect(run("alpha; // eslint-disable-line lws/alpha -- tested by hand").suppressed[0]?.justification).toBe(
      "tested by hand",
    );
    expect(run("alpha; // eslint-disable-line lws/alpha").suppressed[0]?.justification).toBe("");
  });

  it("means the same as in ESLint", () => {
    const reportEach = (name: string): Rule.RuleModule => ({
      create: (context) => ({
        Identifier: (node) => {
          if (node.name === name) context.report({ node, message: "found" });
        },
      }),
    });
    const linter = new Linter();
    const config: Linter.Config = {
      plugins: { lws: { rules: { alpha: reportEach("alpha"), beta: reportEach("beta") } } },
      rules: { "lws/alpha": 2, "lws/beta": 2 },
      linterOptions: { reportUnusedDisableDirectives: "off" },
    };
    const directive = fc
      .tuple(
        fc.constantFrom("disable", "enable", "disable-line", "disable-next-line"),
        fc.constantFrom("", " lws/alpha", " lws/beta", " lws/alpha, lws/beta", " lws/alpha -- because", "\n lws/beta "),
        fc.boolean(),
      )
      .map(([type, list, block]) =>
        block ? `/* eslint-${type}${list} */` : `// eslint-${type}${list.replace("\n", " ")}\n`,
      );
    const piece = fc.oneof(directive, fc.constantFrom("alpha;", "beta;", "\n", "\n\n", " "));
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(" ")),
        (text) => {
          const expected = linter
            .verify(text, config)
            .filter(({ ruleId }) => ruleId !== null)
            .map(({ ruleId, line }) => `${line}:${ruleId!.slice(4)}`);
          expect(left(text)).toEqual(expected);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe("clang-tidy's comments", () => {
  it.each([
    ["bare", "alpha; // NOLINT\nalpha;", ["2:alpha"]],
    ["with a list", "alpha; beta; // NOLINT(lws/alpha)", ["1:beta"]],
    ["with a glob", "alpha; beta; // NOLINT(lws/*)", []],
    ["with a glob and an exception", "alpha; beta; // NOLINT(lws/*, -lws/beta)", ["1:beta"]],
    ["of other tools only", "alpha; // NOLINT(bugprone-*, readability-braces)", ["1:alpha"]],
    ["of other tools too", "alpha; // NOLINT(bugprone-branch, lws/alpha)", []],
    ["an empty list", "alpha; // NOLINT()", ["1:alpha"]],
    ["next line", "// NOLINTNEXTLINE(lws/alpha)\nalpha;\nalpha;", ["3:alpha"]],
    ["block", "/* NOLINTBEGIN(lws/alpha) */\nalpha; beta;\n/* NOLINTEND(lws/alpha) */\nalpha;", ["2:beta", "4:alpha"]],
    ["an end with another list is no end", "// NOLINTBEGIN(lws/alpha)\nalpha;\n// NOLINTEND(lws/beta)", ["2:alpha"]],
    ["another word", "alpha; // NOLINTING\nbeta; // XNOLINT", ["1:alpha", "2:beta"]],
    ["a hyphen in a glob is a hyphen", "alpha; // NOLINT(a-a)", ["1:alpha"]],
  ])("%s", (_, text, expected) => expect(left(text)).toEqual(expected));

  it("counts in hosts that apply ESLint's comments themselves", () => {
    expect(left("alpha; // NOLINT", { eslintComments: false })).toEqual([]);
  });

  it("keeps the reason", () => {
    expect(run("alpha; // NOLINT(lws/alpha): tested by hand").suppressed[0]?.justification).toBe("tested by hand");
    expect(run("alpha; /* NOLINT(lws/alpha) - why not */").suppressed[0]?.justification).toBe("why not");
  });

  it("says when a block has no end", () => {
    expect(run("// NOLINTBEGIN(lws/alpha)\nalpha;").problems).toHaveLength(1);
    expect(run("// NOLINTBEGIN(bugprone-*)\nalpha;").problems).toHaveLength(0);
  });
});

describe("unused suppressions", () => {
  const unused = (text: string): string[] => run(text, { reportUnused: true }).unused.map(({ message }) => message);

  it.each([
    ["a comment that does something", "alpha; // eslint-disable-line lws/alpha", 0],
    ["a comment that does nothing", "gamma; // eslint-disable-line lws/alpha", 1],
    ["one idle rule of two", "alpha; // eslint-disable-line lws/alpha, lws/beta", 1],
    ["another tool's rule", "gamma; // eslint-disable-line no-undef", 0],
    ["a bare NOLINT is anybody's", "gamma; // NOLINT", 0],
    ["a NOLINT of ours", "gamma; // NOLINT(lws/alpha)", 1],
    ["two comments for one finding", "/* eslint-disable lws/alpha */ alpha; // eslint-disable-line lws/alpha", 1],
  ])("%s", (_, text, count) => expect(unused(text)).toHaveLength(count));

  it("can be removed, with their line where they stand alone", () => {
    const edit = (text: string): string => {
      const fix = run(text, { reportUnused: true }).unused[0]!.fixes[0]!.edits[0]!;
      return text.slice(0, fix.span.start) + fix.newText + text.slice(fix.span.end);
    };
    expect(edit("a;\n  // eslint-disable-next-line lws/alpha\nb;")).toBe("a;\nb;");
    expect(edit("gamma; // eslint-disable-line lws/alpha\nb;")).toBe("gamma;\nb;");
    expect(edit("  /* eslint-disable-line lws/alpha */ gamma;\n")).toBe("   gamma;\n");
  });
});
