import type { Language } from "./ast.js";
import { lex } from "./lexer.js";
import { Stream } from "./stream.js";
import { T } from "./token.js";

/**
 * Conditions of the preprocessor as boolean expressions over atoms. An atom is something whose truth is
 * not known without a build: whether a name is defined, whether a version is at least some number. The
 * same text is the same atom, which is all the consistency that is asked of a configuration.
 */
export type Condition =
  | { readonly kind: "constant"; readonly value: boolean }
  | { readonly kind: "atom"; readonly key: string }
  | { readonly kind: "not"; readonly operand: Condition }
  | { readonly kind: "and" | "or"; readonly operands: readonly Condition[] };

export const always: Condition = { kind: "constant", value: true };
export const never: Condition = { kind: "constant", value: false };

export function not(operand: Condition): Condition {
  if (operand.kind === "constant") return operand.value ? never : always;
  return operand.kind === "not" ? operand.operand : { kind: "not", operand };
}

export function all(operands: readonly Condition[]): Condition {
  const rest = operands.filter((operand) => operand.kind !== "constant" || !operand.value);
  if (rest.some((operand) => operand.kind === "constant")) return never;
  return rest.length === 0 ? always : rest.length === 1 ? rest[0]! : { kind: "and", operands: rest };
}

function any(operands: readonly Condition[]): Condition {
  const rest = operands.filter((operand) => operand.kind !== "constant" || operand.value);
  if (rest.some((operand) => operand.kind === "constant")) return always;
  return rest.length === 0 ? never : rest.length === 1 ? rest[0]! : { kind: "or", operands: rest };
}

const atom = (key: string): Condition => ({ kind: "atom", key });

/** Whether a name is defined. `__cplusplus` is known from the language. */
export function definedCondition(name: string, language: Language): Condition {
  if (name === "__cplusplus") return language === "cpp" ? always : never;
  return atom(`defined(${name})`);
}

/** Reads the condition of `#if` or `#elif` in `[from, to)` of a text. What it cannot read is an atom as a whole. */
export function parseCondition(text: string, from: number, to: number, language: Language): Condition {
  const { tokens } = lex(text, language, { from, to });
  const reader = new ConditionReader(new Stream(tokens, 0, tokens.count), language);
  return reader.read(0, tokens.count);
}

/** Comparisons that are the negation of another one are written as that, so that both are one atom. */
const negations: Readonly<Record<string, string>> = { "<": ">=", "<=": ">", "!=": "==" };

/** Conditions that are nested deeper or have more tokens are atoms as a whole; real ones stay far below. */
const DEPTH_LIMIT = 50;
const LENGTH_LIMIT = 500;

class ConditionReader {
  readonly #s: Stream;
  readonly #language: Language;
  #depth = 0;

  constructor(s: Stream, language: Language) {
    this.#s = s;
    this.#language = language;
  }

  read(from: number, to: number): Condition {
    const s = this.#s;
    if (from >= to) return never;
    if (this.#depth > DEPTH_LIMIT || to - from > LENGTH_LIMIT) return atom(s.phrase(from, to));
    this.#depth++;
    const condition = this.#parts(from, to);
    this.#depth--;
    return condition;
  }

  #parts(from: number, to: number): Condition {
    const s = this.#s;
    const alternatives = this.#split(from, to, "||");
    if (alternatives.length > 1) return any(alternatives.map((part) => this.read(part.from, part.to)));
    const parts = this.#split(from, to, "&&");
    if (parts.length > 1) return all(parts.map((part) => this.read(part.from, part.to)));
    const kind = s.kind(from);
    if (kind === T.Not) return not(this.read(from + 1, to));
    if (kind === T.LParen && s.close(from, to) === to - 1) return this.read(from + 1, to - 1);
    return this.#operand(from, to);
  }

  #split(from: number, to: number, operator: string): { from: number; to: number }[] {
    const s = this.#s;
    const parts: { from: number; to: number }[] = [];
    let start = from;
    for (let i = from; i < to; i++) {
      const kind = s.kind(i);
      if (kind === T.LParen) i = s.close(i, to);
      // `a ? b : c` binds weaker than both operators: the whole is one atom.
      else if (kind === T.Question) return [{ from, to }];
      else if ((kind === T.AmpAmp || kind === T.Operator) && s.text(i) === operator) {
        parts.push({ from: start, to: i });
        start = i + 1;
      }
    }
    parts.push({ from: start, to });
    return parts;
  }

  #operand(from: number, to: number): Condition {
    const s = this.#s;
    const first = s.text(from);
    if (first === "defined") {
      const name = s.kind(from + 1) === T.LParen ? from + 2 : from + 1;
      const end = s.kind(from + 1) === T.LParen ? from + 4 : from + 2;
      if (end === to && name < to) return definedCondition(s.text(name), this.#language);
    }
    if (to - from === 1) {
      if (s.kind(from) === T.Number) return /^0[xX]?0*[uUlL]*$/.test(first) ? never : always;
      if (first === "__cplusplus" || first === "true" || first === "false") {
        return first === "true" || (first === "__cplusplus" && this.#language === "cpp") ? always : never;
      }
      // A macro that is true is defined.
      return all([definedCondition(first, this.#language), atom(first)]);
    }
    return this.#comparison(from, to) ?? atom(s.phrase(from, to));
  }

  #comparison(from: number, to: number): Condition | undefined {
    const s = this.#s;
    for (let i = from + 1; i < to - 1; i++) {
      const kind = s.kind(i);
      if (kind === T.LParen) {
        i = s.close(i, to);
        continue;
      }
      if (kind !== T.Less && kind !== T.Greater && kind !== T.Operator) continue;
      const operator = s.text(i);
      if (operator !== "<" && operator !== ">" && !(operator in negations) && operator !== "==" && operator !== ">=") continue;
      const left = s.phrase(from, i);
      if (left === "__cplusplus") return this.#language === "cpp" ? always : never;
      const positive = negations[operator];
      const key = `${left} ${positive ?? operator} ${s.phrase(i + 1, to)}`;
      return positive === undefined ? atom(key) : not(atom(key));
    }
    return undefined;
  }
}

/** Truth of atoms; atoms that are not in it are free. */
export type Assignment = ReadonlyMap<string, boolean>;

export const noAssignment: Assignment = new Map();

/** Truth under an assignment, `undefined` while it is open. */
export function evaluate(condition: Condition, assignment: Assignment): boolean | undefined {
  switch (condition.kind) {
    case "constant":
      return condition.value;
    case "atom":
      return assignment.get(condition.key);
    case "not": {
      const value = evaluate(condition.operand, assignment);
      return value === undefined ? undefined : !value;
    }
    case "and":
    case "or": {
      const decisive = condition.kind === "or";
      let isOpen = false;
      for (const operand of condition.operands) {
        const value = evaluate(operand, assignment);
        if (value === decisive) return decisive;
        if (value === undefined) isOpen = true;
      }
      return isOpen ? undefined : !decisive;
    }
  }
}

/** Counts the work of a search, so that it ends the same way on every machine. */
export class Effort {
  #left: number;

  constructor(steps: number) {
    this.#left = steps;
  }

  spend(): boolean {
    return --this.#left >= 0;
  }

  get isExhausted(): boolean {
    return this.#left < 0;
  }
}

/** Extends an assignment so that the condition gets the wanted value; `undefined` when that is impossible or too much effort. */
export function satisfy(condition: Condition, wanted: boolean, assignment: Assignment, effort: Effort): Assignment | undefined {
  return first(solutions(condition, wanted, assignment, effort));
}

function first<V>(values: Iterable<V>): V | undefined {
  for (const value of values) return value;
  return undefined;
}

function* solutions(condition: Condition, wanted: boolean, assignment: Assignment, effort: Effort): Iterable<Assignment> {
  if (!effort.spend()) return;
  switch (condition.kind) {
    case "constant":
      if (condition.value === wanted) yield assignment;
      return;
    case "atom": {
      const value = assignment.get(condition.key);
      if (value === wanted) yield assignment;
      else if (value === undefined) yield new Map(assignment).set(condition.key, wanted);
      return;
    }
    case "not":
      yield* solutions(condition.operand, !wanted, assignment, effort);
      return;
    case "and":
    case "or":
      if ((condition.kind === "and") === wanted) yield* together(condition.operands, 0, wanted, assignment, effort);
      else for (const operand of condition.operands) yield* solutions(operand, wanted, assignment, effort);
  }
}

function* together(operands: readonly Condition[], from: number, wanted: boolean, assignment: Assignment, effort: Effort): Iterable<Assignment> {
  const operand = operands[from];
  if (operand === undefined) {
    yield assignment;
    return;
  }
  for (const partial of solutions(operand, wanted, assignment, effort)) yield* together(operands, from + 1, wanted, partial, effort);
}

/** An assignment in words; atoms of `context` are left out, since they hold around the whole. */
export function describeAssignment(assignment: Assignment, context: Assignment): string {
  const words = new Map<string, string>();
  for (const [key, value] of assignment) {
    if (context.has(key)) continue;
    const name = /^defined\((.*)\)$/.exec(key)?.[1] ?? key;
    const isWord = /^\w+$/.test(name);
    if (words.get(name)?.startsWith("without")) continue;
    words.set(name, `${value ? "with" : "without"} ${isWord ? name : `\`${name}\``}`);
  }
  return [...words.values()].join(", ");
}
