/**
 * Propagates entry points down the call graph. A context is a function as reached from one entry point: under which values
 * of the entry's selector parameter (for protocol callbacks: the reason), and with which arguments, told in terms of the entry's
 * own parameters. Breadth first, so the path a context remembers is a shortest one.
 */
import type { Assumption } from "./assumptions.js";
import type { CallFact, Guard, LoopFact } from "./facts.js";
import type { CallGraph, FunctionNode } from "./call-graph.js";
import { UNKNOWN, entityValue, keyOf, optionsOf, paramValue, setOf, substitute, type Value } from "./value.js";
import * as Sets from "./value-set.js";
import type { ValueSet } from "./value-set.js";

export interface EntryPoint {
  readonly kind: string;
  readonly node: FunctionNode;
  /** Index of the parameter that selects what the entry is called for. */
  readonly selector?: number;
  /** The values the selector can have at all. */
  readonly selectorValues?: ValueSet;
}

export interface Context {
  readonly entry: EntryPoint;
  readonly node: FunctionNode;
  /** What the entry's selector may be here. */
  readonly selected: ValueSet;
  /** Arguments in terms of the entry's parameters. */
  readonly args: readonly Value[];
  /** What the branches taken on the way say about the run. */
  readonly assumes: readonly Assumption[];
  /** How the context came about; absent for the entry itself. */
  readonly via?: { readonly caller: Context; readonly call: CallFact };
}

/** A call that is reached from an entry point. */
export interface ReachedCall {
  readonly context: Context;
  readonly call: CallFact;
  readonly selected: ValueSet;
  readonly args: readonly Value[];
  /** A region that could not be read lies on the way: nothing may be concluded from `selected`. */
  readonly uncertain: boolean;
  readonly assumes: readonly Assumption[];
}

export interface ReachedLoop {
  readonly context: Context;
  readonly loop: LoopFact;
  readonly selected: ValueSet;
}

export interface Propagation {
  readonly calls: readonly ReachedCall[];
  readonly loops: readonly ReachedLoop[];
  /** Every function that was entered, with the contexts it was entered in. */
  readonly contexts: ReadonlyMap<FunctionNode, readonly Context[]>;
  readonly indirectResolved: number;
  readonly indirectUnresolved: number;
  /** Entry points whose propagation was cut short by the context limit. */
  readonly cutShort: readonly EntryPoint[];
}

const MAX_CONTEXTS_PER_ENTRY = 20_000;
const MAX_CONTEXTS_PER_FUNCTION = 48;

/**
 * @param isInteresting Names of calls that somebody asks about; functions that cannot reach one are not entered,
 * @param isWatched unless somebody asks about the function for another reason.
 */
export function propagate(
  graph: CallGraph,
  entries: readonly EntryPoint[],
  isInteresting: (name: string) => boolean,
  isWatched: (node: FunctionNode) => boolean = () => false,
): Propagation {
  const relevant = relevantFunctions(graph, isInteresting, isWatched);
  const contexts = new Map<FunctionNode, Context[]>();
  const calls: ReachedCall[] = [];
  const loops: ReachedLoop[] = [];
  const cutShort: EntryPoint[] = [];
  const indirect = new Map<CallFact, boolean>();

  for (const entry of entries) {
    const start = entryContext(entry);
    const seen = new Set<string>();
    const perFunction = new Map<FunctionNode, number>();
    const queue: Context[] = [start];
    for (let i = 0; i < queue.length; i++) {
      if (i >= MAX_CONTEXTS_PER_ENTRY) {
        cutShort.push(entry);
        break;
      }
      const context = queue[i]!;
      const { facts } = context.node;
      const list = contexts.get(context.node);
      if (list) list.push(context);
      else contexts.set(context.node, [context]);

      for (const loop of facts.loops) {
        if (loop.uncertain) continue;
        const selected = admit(loop.guard, context);
        if (selected) loops.push({ context, loop, selected });
      }
      for (const call of facts.calls) {
        const selected = admit(call.guard, context);
        if (!selected) continue;
        const args = call.args.map((arg) => substitute(arg.value, context.args));
        const assumes = call.assumes.length === 0 ? context.assumes : [...new Set([...context.assumes, ...call.assumes])];
        if (call.name !== undefined && isInteresting(call.name)) {
          calls.push({ context, call, selected, args, uncertain: call.uncertain, assumes });
        }
        // A region that could not be read ends the path: what comes after it may never run.
        if (call.uncertain) continue;
        const target = call.target && substitute(call.target, context.args);
        const receiver = call.receiver && substitute(call.receiver.value, context.args);
        const targets = graph.targetsOf(context.node, call, target, receiver, args);
        if (call.name === undefined && !call.destroys) indirect.set(call, targets.length > 0 || (indirect.get(call) ?? false));
        for (const { node, where, bound } of targets) {
          if (!relevant.has(node)) continue;
          const narrowed = where ? restrict(substitute(where.value, context.args), where.set, selected, entry.selector) : selected;
          if (!narrowed) continue;
          const passed = call.passes ? node.facts.params.map(({ name }) => substitute(call.passes?.[name] ?? entityValue(name), context.args)) : bound ? withBound(node, args, bound, call.receiver ? undefined : context.args) : args;
          const next = enter({ entry, node, selected: narrowed, args: passed, assumes, via: { caller: context, call } }, perFunction);
          if (!next) continue;
          const key = `${node.id}/${Sets.keyOf(next.selected)}/${next.args.map(keyOf).join(",")}/${assumes.join(",")}`;
          if (seen.has(key)) continue;
          seen.add(key);
          perFunction.set(node, (perFunction.get(node) ?? 0) + 1);
          queue.push(next);
        }
      }
    }
  }
  let indirectResolved = 0;
  for (const resolved of indirect.values()) if (resolved) indirectResolved++;
  return { calls, loops, contexts, indirectResolved, indirectUnresolved: indirect.size - indirectResolved, cutShort };
}

/** An entry is called with its own parameters, and with an object of which nothing more is known. */
const entryArgs = ({ facts }: FunctionNode): readonly Value[] =>
  Array.from({ length: facts.params.length + (facts.className === undefined ? 0 : 1) }, (_, index) => paramValue(index));

/** Arguments with what stands behind them; `this` of the caller is told in the caller's terms. */
function withBound(node: FunctionNode, args: readonly Value[], bound: readonly Value[], own: readonly Value[] | undefined): readonly Value[] {
  const { params, isLambda } = node.facts;
  const declared = params.map((_, index) => args[index] ?? UNKNOWN);
  return [...declared, ...(own && !isLambda ? bound.map((value) => substitute(value, own)) : bound)];
}

function enter(next: Context, perFunction: ReadonlyMap<FunctionNode, number>): Context | undefined {
  const known = perFunction.get(next.node) ?? 0;
  if (known < MAX_CONTEXTS_PER_FUNCTION) return next;
  if (known >= 2 * MAX_CONTEXTS_PER_FUNCTION) return undefined;
  // Too many different arguments: go on with what matters most, the entry's own parameters.
  return { ...next, args: next.args.map((arg) => (arg.kind === "param" ? arg : UNKNOWN)) };
}

/** A function as it is called from outside. */
export const entryContext = (entry: EntryPoint): Context =>
  ({ entry, node: entry.node, selected: entry.selectorValues ?? Sets.ALL, args: entryArgs(entry.node), assumes: [] });

/** What the entry's selector may be where the guard holds; `undefined` where the guard cannot hold in this context. */
export function admit(guard: Guard, context: Context): ValueSet | undefined {
  let selected = context.selected;
  for (const { param, set } of guard) {
    const value = context.args[param] ?? UNKNOWN;
    const possible = restrict(value, set, selected, context.entry.selector);
    if (!possible) return undefined;
    selected = possible;
  }
  return selected;
}

function restrict(value: Value, set: ValueSet, selected: ValueSet, selector: number | undefined): ValueSet | undefined {
  switch (value.kind) {
    case "param": {
      if (value.index !== selector) return selected;
      const both = Sets.intersect(selected, set);
      return Sets.isNone(both) ? undefined : both;
    }
    case "test": {
      const one = Sets.hasNumber(set, 1);
      const zero = Sets.hasNumber(set, 0);
      if (one && zero) return selected;
      if (!one && !zero) return undefined;
      return restrict(value.of, one ? value.set : Sets.complement(value.set), selected, selector);
    }
    case "any": {
      const options = optionsOf(value)
        .map((option) => restrict(option, set, selected, selector))
        .filter((option) => option !== undefined);
      return options.length === 0 ? undefined : options.reduce(Sets.union, Sets.NONE);
    }
    default:
      return Sets.isNone(Sets.intersect(setOf(value), set)) ? undefined : selected;
  }
}

/** Functions from which an interesting call or a call through a pointer can be reached, by name edges, backwards to a fixpoint. */
function relevantFunctions(graph: CallGraph, isInteresting: (name: string) => boolean, isWatched: (node: FunctionNode) => boolean): ReadonlySet<FunctionNode> {
  const relevant = new Set<FunctionNode>();
  const pending: FunctionNode[] = [];
  for (const node of graph.nodes) {
    let interesting = node.facts.loops.length > 0 || isWatched(node);
    for (const call of node.facts.calls) {
      const targets = graph.namedTargets(node, call);
      // What a value is called through is not known yet, and neither is who listens to an event.
      if (targets.length === 0) interesting ||= call.name === undefined && !call.receiver?.ref ? true : graph.targetsOf(node, call, call.target).length > 0;
      if (call.name !== undefined && isInteresting(call.name)) interesting = true;
    }
    if (interesting) {
      relevant.add(node);
      pending.push(node);
    }
  }
  for (let node = pending.pop(); node; node = pending.pop()) {
    for (const { node: caller } of graph.callersOf(node)) {
      if (relevant.has(caller)) continue;
      relevant.add(caller);
      pending.push(caller);
    }
  }
  return relevant;
}

/** The calls that lead from the entry to a context, first hop first. */
export function pathTo(context: Context): readonly { readonly caller: FunctionNode; readonly call: CallFact; readonly selected: ValueSet }[] {
  const hops: { caller: FunctionNode; call: CallFact; selected: ValueSet }[] = [];
  for (let at = context; at.via; at = at.via.caller) {
    hops.push({ caller: at.via.caller.node, call: at.via.call, selected: at.selected });
  }
  return hops.reverse();
}
