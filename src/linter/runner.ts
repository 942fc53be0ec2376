import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { FileFacts, FunctionFacts } from "../analysis/facts.js";
import type { Program, ProgramQuestion } from "../lws/program.js";
import type { Span } from "../source/span.js";
import { defaultLevel, type Level, type Report, type Rule } from "./rule.js";

/** The level of each rule: what the user says, or the rule's default. */
export function levelOf(rule: Rule, levels: Readonly<Record<string, Level>>): Level {
  return levels[rule.id] ?? defaultLevel(rule);
}

/**
 * Runs the rules that are on, file by file. Two reports of one rule at one place, as two entry points or configurations give them, become one that
 * names the reasons of both.
 */
export function runRules(rules: readonly Rule[], program: Program, levels: Readonly<Record<string, Level>>): readonly Diagnostic[] {
  const question = findings(rules, levels);
  const byPlace = new Map<string, Diagnostic>();
  for (const path of program.paths) for (const diagnostic of program.ask(question, path)) put(byPlace, diagnostic);
  return withoutRepeats(rules, [...byPlace.values()]);
}

type Findings = ProgramQuestion<string, readonly Diagnostic[]>;

/** By rules and levels: what is asked has to be the same question in each run over a program that is kept. */
const questions = new WeakMap<readonly Rule[], Map<string, Findings>>();

/** What all rules that are on find in a file. */
function findings(rules: readonly Rule[], levels: Readonly<Record<string, Level>>): Findings {
  const on = rules.flatMap((rule) => {
    const level = levelOf(rule, levels);
    return level === "off" ? [] : [{ rule, level }];
  });
  const key = on.map(({ rule: { id }, level }) => `${id} ${level}`).join();
  let known = questions.get(rules);
  if (!known) questions.set(rules, (known = new Map<string, Findings>()));
  let question = known.get(key);
  if (!question) {
    const each = on.map(({ rule, level }) => findingsOf(rule, level));
    question = {
      answer: (program, path) => {
        const found = each.flatMap((one) => program.ask(one, path));
        return found.length === 0 ? NOTHING : found;
      },
    };
    known.set(key, question);
  }
  return question;
}

/** What one rule finds in a file. */
const findingsOf = (rule: Rule, level: "warn" | "error"): Findings => ({
  answer: (program, path) => {
    const byPlace = new Map<string, Diagnostic>();
    rule.check(program.in(program.fileAt(path)!), (report) => {
      // What other releases compile is not this program; neither is a way that leads through it.
      if ([report, ...(report.related ?? [])].some((place) => program.isDead(place))) return;
      put(byPlace, toDiagnostic(rule, level, report, functionAt(program.fileAt(report.file), report.span)));
    });
    return byPlace.size === 0 ? NOTHING : [...byPlace.values()];
  },
});

const NOTHING: readonly Diagnostic[] = [];

function put(byPlace: Map<string, Diagnostic>, diagnostic: Diagnostic): void {
  const key = `${diagnostic.ruleId}:${diagnostic.file}:${diagnostic.span.start}:${diagnostic.span.end}`;
  const known = byPlace.get(key);
  byPlace.set(key, known ? merge(known, diagnostic) : diagnostic);
}

/** One bug, one report: a rule that yields to another says nothing where that one has spoken. */
function withoutRepeats(rules: readonly Rule[], diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const yielding = new Map(rules.flatMap(({ id, yieldsTo }) => (yieldsTo && yieldsTo.length > 0 ? [[id, yieldsTo] as const] : [])));
  if (yielding.size === 0) return diagnostics;
  const byFile = new Map<string, Diagnostic[]>();
  for (const diagnostic of diagnostics) {
    const list = byFile.get(diagnostic.file);
    if (list) list.push(diagnostic);
    else byFile.set(diagnostic.file, [diagnostic]);
  }
  return diagnostics.filter(({ ruleId, file, span }) => {
    const others = yielding.get(ruleId);
    return !others || !byFile.get(file)!.some((other) => others.includes(other.ruleId) && other.span.start < span.end && span.start < other.span.end);
  });
}

/** The innermost function around a place. */
function functionAt(file: FileFacts | undefined, { start, end }: Span): string | undefined {
  let innermost: FunctionFacts | undefined;
  for (const one of file?.functions ?? []) {
    const length = one.span.end - one.span.start;
    if (one.span.start > start || one.span.end < end) continue;
    if (innermost === undefined || length < innermost.span.end - innermost.span.start) innermost = one;
  }
  return innermost?.className === undefined ? innermost?.name : `${innermost.className}::${innermost.name}`;
}

const toDiagnostic = (rule: Rule, level: "warn" | "error", report: Report, name: string | undefined): Diagnostic => ({
  ruleId: rule.id,
  severity: level === "error" ? "error" : "warning",
  ...(name === undefined ? {} : { function: name }),
  file: report.file,
  span: report.span,
  message: report.message,
  help: report.help,
  reasons: report.reasons ?? [],
  related: report.related ?? [],
  fixes: report.fixes ?? [],
});

function merge(a: Diagnostic, b: Diagnostic): Diagnostic {
  const related = [...a.related];
  for (const one of b.related) {
    if (!related.some((known) => known.file === one.file && known.span.start === one.span.start && known.message === one.message)) related.push(one);
  }
  // Two views that do not agree on the way out offer none.
  const sameFixes = JSON.stringify(a.fixes) === JSON.stringify(b.fixes);
  return { ...a, reasons: [...new Set([...a.reasons, ...b.reasons])], related, fixes: sameFixes ? a.fixes : [] };
}
