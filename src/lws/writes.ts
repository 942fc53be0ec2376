/** Where what a call sends comes from, through helpers that hand it on. */
import type { FunctionNode } from "../analysis/call-graph.js";
import type { CallFact } from "../analysis/facts.js";
import { substitute, type Value } from "../analysis/value.js";
import { rolesOf, type CallbackReason } from "./api/index.js";
import { callbackShape } from "./entry-points.js";
import type { ApiCall, FileInProgram, Program, Reached } from "./program.js";
import { uniqueReasons } from "./reached.js";
import { steps } from "./wording.js";

export type WriteRole = NonNullable<ReturnType<typeof rolesOf>["writes"]>;

/** The library's write calls in a file with the role of their arguments. */
export const writesOf = (file: FileInProgram): readonly { readonly api: ApiCall; readonly role: WriteRole }[] =>
  file.callsWith("writes").map((api) => ({ api, role: rolesOf(api.name).writes! }));

export interface Given {
  readonly node: FunctionNode;
  readonly call: CallFact;
  /** The arguments of the library call, in terms of `node`. */
  readonly args: readonly Value[];
}

const MAX_HOPS = 6;

/**
 * The calls that say what an argument of a library call is: the call itself, or, where its function only hands a parameter on, the calls of that
 * function.
 */
export function* giversOf(program: Program, { node, call, args }: Given, argument: number, depth = 0): Generator<Given> {
  const value = args[argument];
  const callers = value && mentionsParam(value) && !callbackShape(node.facts) && depth < MAX_HOPS ? program.graph.callersOf(node) : [];
  if (callers.length === 0) {
    yield { node, call, args };
    return;
  }
  for (const caller of callers) {
    const passed = caller.call.args.map((one) => one.value);
    yield* giversOf(program, { node: caller.node, call: caller.call, args: args.map((one) => substitute(one, passed)) }, argument, depth + 1);
  }
}

function mentionsParam(value: Value): boolean {
  switch (value.kind) {
    case "param": return true;
    case "address": return mentionsParam(value.of);
    case "field": case "element": case "deref": case "offset": return mentionsParam(value.base);
    case "any": return value.options.some(mentionsParam);
    default: return false;
  }
}

/** What reaches a library call by way of another call, or at all. */
export const reachedThrough = ({ call, node, reached }: ApiCall, given: Given): readonly Reached[] =>
  node === given.node && call.span.start === given.call.span.start
    ? reached
    : reached.filter((one) => steps(one).some((step) => step.node === given.node && step.call.span.start === given.call.span.start));

/** The reasons of protocol callbacks for which something is reached; `undefined` where something else than a protocol callback reaches it, or nothing. */
export function onlyReasons(reached: readonly Reached[]): readonly CallbackReason[] | undefined {
  if (reached.length === 0 || reached.some(({ entry }) => entry.kind !== "protocol")) return undefined;
  return uniqueReasons(reached);
}
