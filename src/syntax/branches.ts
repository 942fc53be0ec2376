/** The branches of a file's conditional groups, with what has to hold for them: for questions about a place that is known already. */
import type { Span } from "../source/span.js";
import type { Language } from "./ast.js";
import { conditionalTree, type Group } from "./conditionals.js";
import type { Condition } from "./conditions.js";
import { lex } from "./lexer.js";

export interface ConditionalBranch {
  /** From its first token to its last one. */
  readonly span: Span;
  readonly condition: Condition;
}

/** All branches that hold code, nested ones too, outer ones first. */
export function conditionalBranches(text: string, language: Language): readonly ConditionalBranch[] {
  const lexed = lex(text, language);
  const { tokens } = lexed;
  const found: ConditionalBranch[] = [];
  const pending: Group[] = [...conditionalTree(lexed, language).groups];
  for (let group = pending.shift(); group; group = pending.shift()) {
    for (const { condition, first, end, groups } of group.branches) {
      if (end > first) found.push({ span: { start: tokens.start[first]!, end: tokens.end[end - 1]! }, condition });
      pending.push(...groups);
    }
  }
  return found;
}

/** The texts of a condition's atoms. */
export function atomsOf(condition: Condition): readonly string[] {
  switch (condition.kind) {
    case "constant": return [];
    case "atom": return [condition.key];
    case "not": return atomsOf(condition.operand);
    case "and": case "or": return condition.operands.flatMap(atomsOf);
  }
}
