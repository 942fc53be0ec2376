/** Which of several functions of one name is meant. A wrong one is worse than none. */
import type { FileFacts } from "./facts.js";
import type { FunctionNode } from "./function-node.js";

/** What may be meant of functions with the same name: those that take as many arguments, of these the nearest to the caller. */
export function choose(file: FileFacts, candidates: readonly FunctionNode[], argumentCount: number | undefined, several = false): readonly FunctionNode[] {
  const exact = candidates.filter((node) => fits(node, argumentCount));
  // Default arguments.
  const fitting = exact.length > 0 ? exact : candidates.filter(({ facts }) => argumentCount === undefined || facts.params.length > argumentCount);
  if (fitting.length <= 1) return fitting;
  const classes = new Set(fitting.map(({ facts }) => facts.className));
  if (several && classes.size === fitting.length) return fitting;
  const best = nearest(file.path, fitting);
  if (best) return [best];
  // Overloads that only types tell apart: all of them, when they are few and of one file.
  return new Set(fitting.map((node) => node.file)).size === 1 && fitting.length <= 3 ? fitting : [];
}

/** Of functions of one file with the same name those whose namespace is nearest around the caller. */
export function inScope(candidates: readonly FunctionNode[], scope: string): readonly FunctionNode[] {
  for (let around = scope; ; around = around.slice(0, Math.max(0, around.lastIndexOf("::")))) {
    const found = candidates.filter(({ facts }) => (facts.qualifier ?? "") === around);
    if (found.length > 0) return found;
    if (around === "") return candidates;
  }
}

export const fits = (node: FunctionNode, argumentCount: number | undefined): boolean =>
  argumentCount === undefined || node.facts.params.length === argumentCount;

/** Same name twice in one file: two configurations of one function, or a macro beside a function. */
export function pick(candidates: readonly FunctionNode[], argumentCount: number | undefined): FunctionNode | undefined {
  return candidates.length === 1 ? candidates[0] : (candidates.find((node) => fits(node, argumentCount)) ?? candidates[0]);
}

/**
 * Repositories hold several programs with functions of the same names, each in a folder of its own: the definition that shares most folders
 * with the caller, if it is the only one that does.
 */
export function nearest(from: string, candidates: readonly FunctionNode[]): FunctionNode | undefined {
  const folders = from.split("/").slice(0, -1);
  const shared = candidates.map(({ file }) => {
    const other = file.path.split("/").slice(0, -1);
    const length = folders.findIndex((folder, i) => folder !== other[i]);
    return length === -1 ? folders.length : length;
  });
  const most = Math.max(...shared);
  const best = candidates.filter((_, i) => shared[i] === most);
  return best.length === 1 ? best[0] : undefined;
}
