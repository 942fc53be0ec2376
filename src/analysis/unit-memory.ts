/**
 * What the local phase found out about the functions of one version of a file, for the next version: an editor changes one function at a time. What
 * was found of a function holds where its syntax is the same, and where the rest of the file answers what was asked of it as before.
 */
import type { FunctionDef, TranslationUnit } from "../syntax/ast.js";
import type { AggregateFact, FileFacts, FunctionFacts } from "./facts.js";
import { changeBetween, isSameMoved, moved, type TextChange } from "./moved.js";
import type { Surroundings } from "./surroundings.js";
import type { Questions, UnitScope } from "./unit-scope.js";

/** What one function came to. */
export interface FunctionResult {
  readonly facts: FunctionFacts;
  /** Of its own variables. */
  readonly aggregates: readonly AggregateFact[];
  readonly constantUses: FileFacts["constantUses"];
}

/** A function as it was analyzed, and what that took from outside of it. */
export interface KnownFunction {
  readonly fn: FunctionDef;
  readonly result: FunctionResult;
  readonly changes: ReadonlySet<string>;
  readonly around: Surroundings;
  readonly questions: Questions;
  /** It reads other functions, as one with lambdas does, or other files. */
  readonly isOpen: boolean;
}

export class UnitMemory {
  #text = "";
  #unit: TranslationUnit | undefined;
  #known: readonly KnownFunction[] = [];

  /** What is known of the functions of a new version, as far as their own syntax tells; by the new function. */
  recall(unit: TranslationUnit, text: string): Recollection {
    const before = this.#unit;
    if (before?.language !== unit.language) return new Recollection(new Map(), { start: 0, end: 0, shift: 0 });
    const change = changeBetween(this.#text, text);
    const byStart = new Map<string, KnownFunction[]>();
    for (const known of this.#known) {
      const { start } = moved(known.fn.span, change);
      const list = byStart.get(`${known.fn.name} ${start}`);
      if (list) list.push(known);
      else byStart.set(`${known.fn.name} ${start}`, [known]);
    }
    const found = new Map<FunctionDef, KnownFunction>();
    const isElsewhere = isInsideOneFunction(before, unit, change);
    for (const fn of unit.functions) {
      const known = byStart.get(`${fn.name} ${fn.span.start}`)?.shift();
      if (!known || known.isOpen) continue;
      const isTouched = known.fn.span.start <= change.start && change.end <= known.fn.span.end;
      if (isElsewhere ? !isTouched : isSameMoved(known.fn, fn, change)) found.set(fn, known);
    }
    return new Recollection(found, change);
  }

  remember(unit: TranslationUnit, text: string, known: readonly KnownFunction[]): void {
    this.#unit = unit;
    this.#text = text;
    this.#known = known;
  }
}

/** What is known of functions that are the same, with the change between then and now. */
export class Recollection {
  /** What questions are answered now, and whether that is what it was: functions of one file ask the same. */
  readonly #answers = new Map<string, { readonly now: unknown; readonly isSame: boolean }>();

  constructor(
    readonly found: ReadonlyMap<FunctionDef, KnownFunction>,
    readonly change: TextChange,
  ) {}

  /** The names a function changes, where that is known. */
  changesOf(fn: FunctionDef): ReadonlySet<string> | undefined {
    return this.found.get(fn)?.changes;
  }

  /** What is known of a function, in terms of the new text, where everything it asked has the same answer. */
  of(fn: FunctionDef, scope: UnitScope, around: Surroundings): KnownFunction | undefined {
    const known = this.found.get(fn);
    if (!known || !isSameMoved(known.around, around, this.change)) return undefined;
    const questions = new Map<string, unknown>();
    for (const [question, before] of known.questions) {
      let answer = this.#answers.get(question);
      if (!answer) {
        const now = scope.answer(question);
        this.#answers.set(question, (answer = { now, isSame: isSameMoved(before, now, this.change) }));
      }
      if (!answer.isSame) return undefined;
      questions.set(question, answer.now);
    }
    return { ...known, fn, around, questions, result: moved(known.result, this.change) };
  }
}

/**
 * Whether all that was changed lies inside of one function, in the old text and in the new one, and leaves alone what decides how other functions read:
 * the names of types, macros, and what conditional directives make of them.
 */
function isInsideOneFunction(before: TranslationUnit, after: TranslationUnit, { start, end, shift }: TextChange): boolean {
  const old = before.functions;
  const fresh = after.functions;
  const touched = old.findIndex(({ span, macro }) => macro !== true && span.start < start && end < span.end);
  const isSame = touched >= 0 && old.length === fresh.length && fresh.every((fn, i) => {
    const { name, span, lambda, madeByMacro } = old[i]!;
    return lambda !== true && madeByMacro !== true && fn.name === name && fn.span.end - fn.span.start === span.end - span.start + (i === touched ? shift : 0) &&
      (i === touched || configurationsOf(fn) === configurationsOf(old[i]!));
  });
  return isSame && old[touched]!.span.start === fresh[touched]!.span.start && directivesOf(before) === directivesOf(after);
}

const configurationsOf = ({ variants }: FunctionDef): string => variants.map(({ configuration }) => configuration).join("\n");

const directivesOf = ({ typedefs, objectMacros, includes }: TranslationUnit): string =>
  JSON.stringify([typedefs.map(({ name }) => name), objectMacros.map(({ name, text }) => [name, text]), includes.map(({ path }) => path)]);
