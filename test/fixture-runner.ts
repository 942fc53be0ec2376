/**
 * Runs one fixture and compares what the analyzer says with what the fixture expects.
 *
 *     call();  //~ error: text that the message contains
 *     call();  //~ error[other-rule]: …         for another rule than that of the folder
 *     call();  //~ note: …                      a related location of some finding of the file starts on this line
 *     call();  //~ known-miss: error            should be found and is not; fails the day it is
 *     call();  //~ known-false: error           should not be found and is; fails the day it is not
 *     //~^ …                                    speaks of the line above, `//~^^` of the one above that
 *     //~ reasons: A, B                         the reasons of the finding on the line, all of them
 *
 * Only the folder's rule runs, and those that expectations of the file name.
 *
 * Several expectations on one line: `//~ error: a //~ note: b`. Notes are compared only in functions that expect one, errors always.
 * The first line may hold a directive: `fixture: no-compile (why)`, `fixture: lws-version 3.1`, `fixture: flags -DX`.
 */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

import { Analyzer, type Analysis, type AnalyzerOptions } from "../src/analyzer.js";
import type { Diagnostic, Fix, TextEdit } from "../src/diagnostics/diagnostic.js";

export const FIXTURES = "fixtures";

export interface Fixture {
  /** Folder name: the rule whose findings `//~ error` means. */
  readonly rule: string;
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Positions in it are those of the analyzer: a byte order mark is not part of it, a byte that is not UTF-8 is one character. */
  readonly text: string;
  readonly compiles: boolean;
  readonly flags: readonly string[];
  readonly options: AnalyzerOptions;
}

export interface Expectation {
  readonly line: number;
  readonly kind: "error" | "note" | "reasons" | "known-miss" | "known-false";
  readonly rule: string;
  readonly text: string;
}

export const analyzer = await Analyzer.create();

/** These rules and no others, whatever their default level is. */
export const only = (...ids: readonly string[]): NonNullable<AnalyzerOptions["rules"]> => Object.fromEntries(analyzer.rules.map(({ id }) => [id, ids.includes(id) ? "error" : "off"]));

const isUtf8 = (bytes: Uint8Array): boolean => {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
};

export const decode = (bytes: Uint8Array): string =>
  isUtf8(bytes) ? new TextDecoder("utf-8").decode(bytes) : Buffer.from(bytes).toString("latin1");

/** The inverse of `decode` for what belongs to a fixture's bytes. */
export const encode = (fixture: Fixture, text: string): Uint8Array =>
  isUtf8(fixture.bytes)
    ? Buffer.concat([Buffer.from(fixture.bytes[0] === 0xef && fixture.bytes[1] === 0xbb ? [0xef, 0xbb, 0xbf] : []), Buffer.from(text, "utf8")])
    : Buffer.from(text, "latin1");

export function loadFixture(file: string): Fixture {
  const bytes = readFileSync(file);
  const text = decode(bytes);
  const head = text.slice(0, text.search(/[\r\n]/));
  const directive = (name: string): string | undefined => new RegExp(`fixture: ${name}\\s*([^*]*)`).exec(head)?.[1]?.trim();
  const version = directive("lws-version");
  const rule = file.split(path.sep)[1]!;
  const named = [...text.matchAll(/\/\/~\^*\s*error\[([\w-]+)\]/g)].map((match) => match[1]!);
  return {
    rule,
    path: file.split(path.sep).join("/"),
    bytes,
    text,
    compiles: directive("no-compile") === undefined,
    flags: directive("flags")?.split(/\s+/) ?? [],
    options: { rules: only(rule, ...named), ...(version !== undefined && { lwsVersion: version }) },
  };
}

const isGolden = (file: string): boolean => /\.(fixed|suggested)\.\w+$/.test(file);

const sources = (depth: number): string[] =>
  readdirSync(FIXTURES, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.(c|cpp|h|hpp|inc)$/.test(file) && !isGolden(file) && file.split(path.sep).length === depth)
    .map((file) => path.join(FIXTURES, file))
    .sort();

/** `fixtures/RULE/NAME.c`: each a program of its own. */
export const fixtureFiles = (): string[] => sources(2);

/** `fixtures/RULE/NAME/*`: the files of a folder make one program. */
export const fixturePrograms = (): (readonly [folder: string, files: readonly string[]])[] => {
  const files = sources(3);
  return [...new Set(files.map((file) => path.dirname(file)))].map((folder) => [folder, files.filter((file) => path.dirname(file) === folder)]);
};

export const goldenFiles = (): string[] =>
  readdirSync(FIXTURES, { recursive: true, encoding: "utf8" })
    .filter(isGolden)
    .map((file) => path.join(FIXTURES, file))
    .sort();

export function expectationsOf(fixture: Fixture): Expectation[] {
  const found: Expectation[] = [];
  fixture.text.split(/\r\n|\n|\r/).forEach((content, index) => {
    for (const [, up, kind, rule, text] of content.matchAll(
      /\/\/~(\^*)\s*(error|note|reasons|known-miss|known-false)(?:\[([\w-]+)\])?(?::\s*((?:(?!\s*\/\/~).)*))?/g,
    ))
      found.push({
        line: index + 1 - up!.length,
        kind: kind as Expectation["kind"],
        rule: rule ?? fixture.rule,
        text: (text ?? "").trim().replace(/\s*\*\/$/, "").replace(kind!.startsWith("known") ? /^error(:\s*)?/ : /^$/, ""),
      });
  });
  return found;
}

export function analyzeProgram(fixtures: readonly Fixture[]): Analysis {
  const ids = analyzer.rules.map(({ id }) => id).filter((id) => fixtures.some(({ options }) => options.rules?.[id] === "error"));
  const run = analyzer.start({ rules: only(...ids) });
  for (const fixture of fixtures) run.add({ path: fixture.path, content: fixture.bytes });
  return run.finish();
}

export function analyze(input: { readonly path: string; readonly content: Uint8Array | string }, options: AnalyzerOptions = {}): Analysis {
  const run = analyzer.start(options);
  run.add(input);
  return run.finish();
}

export const lineOf = (analysis: Analysis, at: { readonly file: string; readonly span: { readonly start: number } }): number =>
  analysis.source(at.file)!.positionAt(at.span.start).line;

const show = (d: Diagnostic): string => `${d.ruleId}: ${d.message} [${d.reasons.length > 6 ? `${d.reasons.length} reasons` : d.reasons.join(", ")}]`;

/** What differs in one file, one line each; empty when all is as expected. */
export function compareWithExpectations(fixture: Fixture, analysis: Analysis): string[] {
  const complaints: string[] = [];
  const diagnostics = analysis.diagnostics.filter(({ file }) => file === fixture.path);
  const expected = expectationsOf(fixture);
  const taken = new Set<Diagnostic>();
  const on = (line: number): Diagnostic[] => diagnostics.filter((d) => lineOf(analysis, d) === line);
  const say = (line: number, text: string): unknown => complaints.push(`${fixture.path}:${line}: ${text}`);

  for (const e of expected) {
    const matches = on(e.line).filter((d) => d.ruleId === e.rule && !taken.has(d) && d.message.includes(e.text));
    if (e.kind === "error" || e.kind === "known-false") {
      const [match] = matches;
      if (match) taken.add(match);
      else say(e.line, e.kind === "error" ? `expected: ${e.rule}: ${e.text}` : "a known false report is gone: remove the mark");
    } else if (e.kind === "known-miss" && matches.length > 0) say(e.line, "a known miss is found now: make it an error");
  }
  for (const d of diagnostics)
    if (!taken.has(d) && !expected.some((e) => e.kind === "known-miss" && e.line === lineOf(analysis, d))) say(lineOf(analysis, d), `unexpected: ${show(d)}`);

  for (const e of expected.filter(({ kind }) => kind === "reasons")) {
    const wanted = e.text.split(/\s*,\s*/);
    const got = on(e.line).filter((d) => d.ruleId === e.rule).flatMap((d) => d.reasons);
    if (wanted.join() !== got.join()) say(e.line, `reasons are ${got.join(", ")}; expected ${e.text}`);
  }
  const related = analysis.diagnostics.flatMap((d) => d.related).filter(({ file }) => file === fixture.path);
  for (const e of expected.filter(({ kind }) => kind === "note"))
    if (!related.some((r) => lineOf(analysis, r) === e.line && r.message.includes(e.text)))
      say(e.line, `no note: ${e.text}; notes there: ${related.filter((r) => lineOf(analysis, r) === e.line).map((r) => r.message).join(" | ")}`);
  return complaints;
}

// ---- fixes -------------------------------------------------------------------------------------------

const overlaps = (a: TextEdit, b: TextEdit): boolean => a.span.start < b.span.end && b.span.start < a.span.end;

export interface Fixed {
  readonly text: string;
  /** Of that text. */
  readonly analysis: Analysis;
}

/** Applies fixes of the given kinds until nothing more can be applied, as the command line does. */
export function applyFixes(fixture: Pick<Fixture, "path" | "text" | "options">, kinds: readonly Fix["kind"][]): Fixed {
  let { text } = fixture;
  for (let rounds = 0; ; rounds++) {
    const analysis = analyze({ path: fixture.path, content: text }, fixture.options);
    const edits: TextEdit[] = [];
    for (const { fixes } of analysis.diagnostics) {
      const fix = fixes.find(({ kind }) => kinds.includes(kind));
      if (fix?.edits.every((edit) => edit.file === fixture.path && !edits.some((other) => overlaps(edit, other)))) edits.push(...fix.edits);
    }
    if (edits.length === 0) return { text, analysis };
    if (rounds === 10) throw new Error(`${fixture.path}: fixes do not come to an end`);
    for (const { span, newText } of edits.sort((a, b) => b.span.start - a.span.start)) text = text.slice(0, span.start) + newText + text.slice(span.end);
  }
}
