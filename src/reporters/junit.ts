/**
 * `--format junit`: a test report, for services that show nothing else. A file with findings is a suite, a finding a
 * test that failed; where nothing was found there is one test, which passed, as many readers take a report without
 * tests for a broken one.
 */
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { compareText } from "../diagnostics/order.js";
import { fullRuleId } from "../diagnostics/rule-id.js";
import { evidenceLines, nameInRepository, regionOf, type Report } from "./report.js";
import { element, xmlDocument, type Element } from "./xml.js";

class Suite {
  readonly cases: Element[] = [];
  readonly #names = new Map<string, number>();
  failures = 0;
  errors = 0;

  constructor(readonly file: string) {}

  /** Names tell tests apart, from run to run as well: they hold no line, and equal ones are numbered. */
  add(name: string, outcome: Element): void {
    const seen = (this.#names.get(name) ?? 0) + 1;
    this.#names.set(name, seen);
    this.cases.push(element("testcase", { name: seen === 1 ? name : `${name} (${seen})`, classname: this.file }, [outcome]));
  }

  toElement(): Element {
    const { file, cases, failures, errors } = this;
    return element("testsuite", { name: file, tests: cases.length, failures, errors, skipped: 0 }, cases);
  }
}

const details = (diagnostic: Diagnostic, report: Report): string => {
  const { line, column } = regionOf(diagnostic, report.source);
  return [
    `${nameInRepository(diagnostic.file, report)}:${line}:${column}: ${diagnostic.severity}: ${diagnostic.message}`,
    ...evidenceLines(diagnostic, report),
    ...(diagnostic.reasons.length === 0 ? [] : [`reached on: ${diagnostic.reasons.join(", ")}`]),
    `help: ${diagnostic.help}`,
  ].join("\n");
};

const passed = (name: string): Element =>
  element("testsuite", { name, tests: 1, failures: 0, errors: 0, skipped: 0 }, [element("testcase", { name: "no findings", classname: name })]);

export const renderJunit = (report: Report): string => {
  const suites = new Map<string, Suite>();
  const suiteOf = (file: string): Suite => {
    const name = nameInRepository(file, report);
    let suite = suites.get(name);
    if (suite === undefined) suites.set(name, (suite = new Suite(name)));
    return suite;
  };
  for (const diagnostic of report.diagnostics) {
    const suite = suiteOf(diagnostic.file);
    const { message, severity: type } = diagnostic;
    const rule = fullRuleId(diagnostic.ruleId);
    suite.failures++;
    suite.add(
      diagnostic.function === undefined ? rule : `${rule} in ${diagnostic.function}()`,
      element("failure", { type, message }, details(diagnostic, report)),
    );
  }
  for (const { file, message } of report.problems) {
    const suite = suiteOf(file);
    suite.errors++;
    suite.add("can be analyzed", element("error", { type: "problem", message }, message));
  }
  const all = [...suites.values()].sort((a, b) => compareText(a.file, b.file));
  const total = (count: (suite: Suite) => number): number => all.reduce((sum, suite) => sum + count(suite), 0);
  const { name } = report.tool;
  return xmlDocument(
    element(
      "testsuites",
      {
        name,
        tests: total(({ cases }) => cases.length) || 1,
        failures: total(({ failures }) => failures),
        errors: total(({ errors }) => errors),
        time: (report.summary.durationMs / 1000).toFixed(3),
      },
      all.length === 0 ? [passed(name)] : all.map((suite) => suite.toElement()),
    ),
  );
};
