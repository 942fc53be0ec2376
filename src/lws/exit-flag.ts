/** Finds the variable with which a program ends its service loop; nothing is invented. */
import type { FunctionNode } from "../analysis/call-graph.js";
import type { CallFact } from "../analysis/facts.js";
import * as Sets from "../analysis/value-set.js";
import type { Program } from "./program.js";

export interface ExitFlag {
  readonly name: string;
  /** What to assign to make the loop end. */
  readonly leaveValue: 0 | 1;
}

/** A file-scope variable that a service loop of the same file tests, declared before the call. */
export function findExitFlag(program: Program, node: FunctionNode, call: CallFact): ExitFlag | undefined {
  const source = program.sourceOf(node.file.path);
  if (!source) return undefined;
  for (const { continuesWhile } of program.in(node.file).serviceLoops) {
    for (const { value, set } of continuesWhile) {
      if (value.kind !== "entity" || value.name.includes(".")) continue;
      const zero = Sets.hasNumber(set, 0);
      const one = Sets.hasNumber(set, 1);
      if (zero === one) continue;
      const declared = new RegExp(String.raw`\b${value.name}\b`).exec(source.text);
      if (!declared || declared.index >= call.span.start) continue;
      return { name: value.name, leaveValue: zero ? 1 : 0 };
    }
  }
  return undefined;
}
