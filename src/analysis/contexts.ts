/**
 * Propagates entry points down the call graph. A context is a function as reached from one entry point: under which values
 * of the entry's selector parameter (for protocol callbacks: the reason), and with which arguments, told in terms of the entry's
 * own parameters. Breadth first, so the path a context remembers is a shortest one.
 */
import type { Assumption } from "./assumptions.js";
import { handedOver, withContents, withSelectors } from "./contents.js";
import type { CallFact, Guard, LoopFact } from "./facts.js";
import { Answer } from "../dataflow/answers.js";
import { Arrivals } from "./arrivals.js";
import type { CallGraph, CallTarget, FunctionNode } from "./call-graph.js";
import { Relevance, type Interest } from "./relevance.js";
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
  readonly entry: EntryPoint;
  readonly call: CallFact;
  readonly selected: ValueSet;
  readonly args: readonly Value[];
  /** A region that could not be read lies on the way: nothing may be concluded from `selected`. */
  readonly uncertain: boolean;
  readonly assumes: readonly Assumption[];
}

export interface ReachedLoop {
  readonly context: Context;
  readonly entry: EntryPoint;
  readonly loop: LoopFact;
  readonly selected: ValueSet;
}

/** What all entry points reach, in their order. */
export class Propagation {
  constructor(
    readonly reaches: readonly Reach[],
    readonly arrivals: Arrivals,
  ) {}

  get entries(): readonly EntryPoint[] {
    return this.reaches.map(({ entry }) => entry);
  }

  get calls(): readonly ReachedCall[] {
    return this.reaches.flatMap((reach) => reach.calls);
  }

  /** How many calls through values enter something that is known, and how many do not. */
  get indirect(): { readonly resolved: number; readonly unresolved: number } {
    const calls = new Map<CallFact, boolean>();
    for (const { indirect } of this.reaches) for (const [call, isResolved] of indirect) calls.set(call, isResolved || calls.get(call) === true);
    const resolved = [...calls.values()].filter(Boolean).length;
    return { resolved, unresolved: calls.size - resolved };
  }

  /** Entry points whose propagation was cut short by the context limit. */
  get cutShort(): readonly EntryPoint[] {
    return this.reaches.filter(({ isCutShort }) => isCutShort).map(({ entry }) => entry);
  }
}

const MAX_CONTEXTS_PER_ENTRY = 20_000;
const MAX_CONTEXTS_PER_FUNCTION = 48;

/** What one entry point reaches. */
export interface Reach {
  readonly entry: EntryPoint;
  readonly contexts: readonly Context[];
  readonly calls: readonly ReachedCall[];
  readonly loops: readonly ReachedLoop[];
  /** Calls through values, and whether anything was found that they enter. */
  readonly indirect: ReadonlyMap<CallFact, boolean>;
  readonly isCutShort: boolean;
}

/** Propagates through a graph, again and again as it takes in other versions of files: what an entry point reaches is worked out anew where it may differ. */
export class Propagator {
  readonly #relevance: Relevance;
  readonly #isInteresting: Interest["isInteresting"];
  readonly arrivals = new Arrivals();
  #known = new Map<FunctionNode, Known[]>();

  /** @param isKept whether it will run again */
  constructor(
    readonly graph: CallGraph,
    interest: Interest,
    readonly isKept: boolean,
  ) {
    this.#relevance = new Relevance(graph, interest);
    this.#isInteresting = interest.isInteresting;
  }

  run(entries: readonly EntryPoint[]): Propagation {
    const relevant = this.#relevance.functions();
    const reaches = this.isKept ? this.#keptReaches(entries, relevant) : entries.map((entry) => this.#reach(entry, relevant));
    this.arrivals.update(reaches);
    return new Propagation(reaches, this.arrivals);
  }

  #reach(entry: EntryPoint, relevant: ReadonlySet<FunctionNode>): Reach {
    return reachOf(this.graph, entry, relevant, this.#isInteresting);
  }

  /** What the same entry point reached before, where nothing that was read on the way has changed since. */
  #keptReaches(entries: readonly EntryPoint[], relevant: ReadonlySet<FunctionNode>): readonly Reach[] {
    const before = this.#known;
    this.#known = new Map();
    const reaches = entries.map((entry) => {
      const known = before.get(entry.node)?.find((one) => isSameEntry(one.entry, entry)) ?? { entry, reach: new Answer<ReadonlySet<FunctionNode>, Reach>((functions) => this.#reach(entry, functions)) };
      const list = this.#known.get(entry.node);
      if (list) list.push(known);
      else this.#known.set(entry.node, [known]);
      return known.reach.get(relevant);
    });
    for (const [node, all] of before) for (const one of all) if (this.#known.get(node)?.includes(one) !== true) one.reach.drop();
    return reaches;
  }
}

interface Known {
  readonly entry: EntryPoint;
  readonly reach: Answer<ReadonlySet<FunctionNode>, Reach>;
}

function isSameEntry(a: EntryPoint, b: EntryPoint): boolean {
  if (a === b) return true;
  for (const key in a) if (!(key in b)) return false;
  for (const key in b) {
    const known: unknown = a[key as keyof EntryPoint];
    const value: unknown = b[key as keyof EntryPoint];
    if (known !== value && (key === "node" || JSON.stringify(known) !== JSON.stringify(value))) return false;
  }
  return true;
}

function reachOf(graph: CallGraph, entry: EntryPoint, relevant: ReadonlySet<FunctionNode>, isInteresting: Interest["isInteresting"]): Reach {
  const calls: ReachedCall[] = [];
  const loops: ReachedLoop[] = [];
  const indirect = new Map<CallFact, boolean>();
  const seen = new Set<string>();
  const perFunction = new Map<FunctionNode, number>();
  const queue: Context[] = [entryContext(entry)];
  let next = 0;
  for (; next < queue.length && next < MAX_CONTEXTS_PER_ENTRY; next++) {
    const context = queue[next]!;
    const { facts } = context.node;
    for (const loop of facts.loops) {
      if (loop.uncertain) continue;
      const selected = admit(loop.guard, context);
      if (selected) loops.push({ context, entry, loop, selected });
    }
    for (const call of facts.calls) {
      const selected = admit(call.guard, context);
      if (!selected) continue;
      const made = callIn(context, call, selected);
      const { args, assumes } = made;
      if (call.name !== undefined && isInteresting(call.name)) calls.push(made);
      // A region that could not be read ends the path: what comes after it may never run.
      if (call.uncertain) continue;
      const targets = targetsIn(graph, context, call, args);
      // A method of an object is no call through a pointer, even if nobody sees its class.
      const isMethod = call.receiver?.ref !== undefined && (targets.length === 0 || graph.namedTargets(context.node, call).length > 0);
      if (call.name === undefined && !call.destroys && !isMethod) indirect.set(call, targets.length > 0 || (indirect.get(call) ?? false));
      for (const target of targets) {
        const { node } = target;
        graph.readRelevance(node);
        if (!relevant.has(node)) continue;
        const inside = contextOf(target, context, call, { selected, assumes });
        const entered = inside && enter(inside, perFunction);
        if (!entered) continue;
        const key = `${node.id}/${Sets.keyOf(entered.selected)}/${entered.args.map(keyOf).join(",")}/${assumes.join(",")}`;
        if (seen.has(key)) continue;
        seen.add(key);
        perFunction.set(node, (perFunction.get(node) ?? 0) + 1);
        queue.push(entered);
      }
    }
  }
  return { entry, contexts: queue.slice(0, next), calls, loops, indirect, isCutShort: next < queue.length };
}

/** What a call is given in a context, with what is known of the structs that it is given. */
const argumentsIn = (context: Context, call: CallFact): readonly Value[] =>
  withContents(call.args.map((arg) => substitute(arg.value, context.args)), call.contents, context.args);

/** What a function is given where a call in a context enters it. */
export const argumentsOf = (context: Context, call: CallFact, { facts }: FunctionNode, bound: readonly Value[] = []): readonly Value[] =>
  withSelectors(facts, bound.length === 0 ? argumentsIn(context, call) : [...argumentsIn(context, call), ...bound]);

/** A call as it is made in a context, where the entry's selector is in `selected`. */
export const callIn = (context: Context, call: CallFact, selected: ValueSet): ReachedCall => ({
  context, entry: context.entry, call, selected,
  args: argumentsIn(context, call).map(handedOver),
  uncertain: call.uncertain,
  assumes: call.assumes.length === 0 ? context.assumes : [...new Set([...context.assumes, ...call.assumes])],
});

/** The functions that a call enters in a context. */
function targetsIn(graph: CallGraph, context: Context, call: CallFact, args: readonly Value[]): readonly CallTarget[] {
  const target = call.target && substitute(call.target, context.args);
  const receiver = call.receiver && substitute(call.receiver.value, context.args);
  return graph.targetsOf(context.node, call, target, receiver, args);
}

/** A function as a call in a context enters it; `undefined` where it does not under these values of the selector. */
function contextOf({ node, where, bound, args: given }: CallTarget, caller: Context, call: CallFact, at: Pick<Context, "selected" | "assumes">): Context | undefined {
  const selected = where ? restrict(substitute(where.value, caller.args), where.set, at.selected, caller.entry.selector) : at.selected;
  if (!selected) return undefined;
  const args = call.passes ? node.facts.params.map(({ name }) => substitute(call.passes?.[name] ?? entityValue(name), caller.args)) : bound ? withBound(node, given ?? argumentsIn(caller, call), bound, call.receiver ? undefined : caller.args) : argumentsIn(caller, call);
  return { entry: caller.entry, node, selected, args: withSelectors(node.facts, args), assumes: at.assumes, via: { caller, call } };
}

/** The functions that a call enters in a context, as it enters them; none where the call is not reached, or beyond a region that could not be read. */
export function contextsOf(graph: CallGraph, caller: Context, call: CallFact): readonly Context[] {
  const selected = call.uncertain ? undefined : admit(call.guard, caller);
  if (!selected) return [];
  const args = call.args.map((arg) => substitute(arg.value, caller.args));
  return targetsIn(graph, caller, call, args).flatMap((target) => contextOf(target, caller, call, { selected, assumes: caller.assumes }) ?? []);
}

/** An entry is called with its own parameters, and with an object of which nothing more is known. */
const entryArgs = ({ facts }: FunctionNode): readonly Value[] =>
  withSelectors(facts, Array.from({ length: facts.params.length + (facts.className === undefined ? 0 : 1) }, (_, index) => paramValue(index)));

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

/** The calls that lead from the entry to a context, first hop first. */
export function pathTo(context: Context): readonly { readonly caller: FunctionNode; readonly call: CallFact; readonly selected: ValueSet }[] {
  const hops: { caller: FunctionNode; call: CallFact; selected: ValueSet }[] = [];
  for (let at = context; at.via; at = at.via.caller) {
    hops.push({ caller: at.via.caller.node, call: at.via.call, selected: at.selected });
  }
  return hops.reverse();
}
