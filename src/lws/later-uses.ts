/** What a function still does with something that a call before it has ended, on every path. */
import type { FunctionNode } from "../analysis/call-graph.js";
import type { CallFact } from "../analysis/facts.js";
import { keyOf, type Value } from "../analysis/value.js";
import { apiFunction } from "./api/index.js";
import type { ApiCall, Program } from "./program.js";

export interface LaterUse {
  readonly node: FunctionNode;
  /** The call that ended it. */
  readonly ended: CallFact;
  /** The call of the same function that uses it: one of the library, or of the project that hands it on. */
  readonly use: CallFact;
  /** The call of the library. */
  readonly library: { readonly node: FunctionNode; readonly call: CallFact };
}

/** Calls that get what an earlier call in the same function has ended: the same value, not assigned to in between. */
export function usesAfter(program: Program, ending: ApiCall, argument: number): readonly LaterUse[] {
  const { node } = ending;
  const found = new Map<number, LaterUse>();
  for (const ended of ending.variants) {
    const value = ended.args[argument]?.value;
    if (!value || ended.uncertain || !isNameable(value)) continue;
    const key = keyOf(value);
    for (const use of node.facts.calls) {
      const behind = use.flow?.always ?? use.behind ?? [];
      const index = use.args.findIndex((arg) => keyOf(arg.value) === key);
      if (index < 0 || use.uncertain || use.span.start <= ended.span.end || !behind.includes(ended.span.start) || mayChange(program, node, value, ended, use)) continue;
      const library = libraryCall(program, node, use, index);
      if (library && !found.has(use.span.start)) found.set(use.span.start, { node, ended, use, library });
    }
  }
  return [...found.values()];
}

const isNameable = (value: Value): boolean => ["param", "entity", "field", "local", "result", "element", "deref"].includes(value.kind);

/** Writes a line about what it is given, and looks no further. */
export const isLogging = (name: string): boolean => /log|^_?lwsl_/.test(name);

/** The library's function that a value reaches: the call itself, or what a function of the project certainly does with its parameter. */
function libraryCall(program: Program, node: FunctionNode, call: CallFact, index: number, depth = 0): LaterUse["library"] | undefined {
  const targets = program.graph.namedTargets(node, call);
  if (targets.length === 0) return call.name !== undefined && apiFunction(call.name) !== undefined && !isLogging(call.name) ? { node, call } : undefined;
  const [target] = targets;
  if (targets.length > 1 || !target || depth > 2 || target.facts.incomplete) return undefined;
  for (const inner of target.facts.calls) {
    const at = inner.args.findIndex(({ value }) => value.kind === "param" && value.index === index);
    const isCertain = !inner.uncertain && inner.guard.length === 0 && inner.flow?.isConditional === false;
    const found = at >= 0 && isCertain ? libraryCall(program, target, inner, at, depth + 1) : undefined;
    if (found) return found;
  }
  return undefined;
}

/** Whether the variable may hold something else by then: assigned to, handed out by its address, or set by a function that is called in between. */
function mayChange(program: Program, node: FunctionNode, value: Value, from: CallFact, to: CallFact): boolean {
  const key = keyOf(value);
  const isBetween = ({ span }: { readonly span: CallFact["span"] }): boolean => span.start >= from.span.end && span.end <= to.span.start;
  if (node.facts.stores.some((store) => isBetween(store) && keyOf(store.target) === key)) return true;
  const name = value.kind === "entity" ? value.name : value.kind === "field" ? value.field : undefined;
  const isSetElsewhere = name !== undefined && [...program.storingFunctions(name)].some((other) => other !== node);
  return node.facts.calls.filter(isBetween).some((call) =>
    call.args.some((arg) => arg.value.kind === "address" && keyOf(arg.value.of) === key) ||
    (isSetElsewhere && (call.name === undefined || program.graph.namedTargets(node, call).length > 0)));
}
