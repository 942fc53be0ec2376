/**
 * Writes that come after another write on every path through a callback, also where each is made by a function of its own. Walks the order of calls
 * (`FunctionFacts.order`) of the callback and of what it calls, with all that is known of the arguments; what a function does to what its caller has
 * written is found once for each way it is called.
 */
import { admit, callIn, contextsOf, entryContext, type Context } from "../analysis/contexts.js";
import type { CallGraph, FunctionNode } from "../analysis/call-graph.js";
import type { CallFact, FileFacts, FunctionFacts, ReturnFact } from "../analysis/facts.js";
import type { OrderStep } from "../analysis/call-order.js";
import { keyOf, setOf, substitute, UNKNOWN } from "../analysis/value.js";
import { sameSet, unnoted } from "../dataflow/answers.js";
import * as Sets from "../analysis/value-set.js";
import type { ValueSet } from "../analysis/value-set.js";
import { rolesOf } from "./api/index.js";
import type { LwsEntryPoint } from "./entry-points.js";
import { isLibraryCall } from "./program-index.js";
import type { FileInProgram, Program, ProgramQuestion, Reached } from "./program.js";
import { isQueued, kindsOf } from "./written.js";

/** A call, and the function that makes it. */
export interface Place {
  readonly node: FunctionNode;
  readonly call: CallFact;
}

export interface RepeatedWrite {
  /** The later write as it is reached. */
  readonly reached: Reached;
  /** The call behind which it comes: a write, or a call of what writes, in a function on the way to the later one. */
  readonly earlier: Place;
}

/** What was written so far on the paths to a point. */
interface State {
  /** Nothing, on some path. */
  readonly clean: boolean;
  /** Something, on some path: by this call, or before the function was entered. */
  readonly written?: Place | "before";
}

interface Found {
  readonly context: Context;
  readonly call: CallFact;
  readonly selected: ValueSet;
  readonly earlier: Place | "before";
}

/** What a function comes to when it is entered in a state. */
interface Outcome {
  /** Where it returns to its caller without an error; absent where it does not. */
  readonly out: State | undefined;
  readonly found: readonly Found[];
}

const MAX_DEPTH = 10;
const MAX_WALKS = 3000;
const MAX_FOUND = 40;

/** Repeated writes of messages to a callback's own connection, for each callback of a file that writes. */
export const repeatedWrites = ({ program, entries }: FileInProgram): readonly RepeatedWrite[] =>
  entries.flatMap((entry) => {
    const writes = entry.kind === "protocol" && program.libraryCallsFrom(entry).some(({ call }) => rolesOf(call.name!).writes !== undefined);
    return writes ? new Walk(program, entry, program.ask(writers, "")).found() : [];
  });

/** The functions from which a write, or a look at the pipe, can be reached, as far as names and pointers tell. */
const writers: ProgramQuestion<"", ReadonlySet<FunctionNode>> = {
  answer: (program) => {
    program.graph.readAll();
    return unnoted(() => writersOf(program));
  },
  isSame: sameSet,
};

const startsOf = (file: FileFacts, graph: CallGraph): readonly FunctionNode[] =>
  graph.nodesOf(file).filter((node) => node.facts.calls.some((call) => {
    if (call.name === undefined) return (call.target ?? call.receiver) !== undefined;
    const roles = rolesOf(call.name);
    return (roles.writes ?? roles.checksChoke) !== undefined && isLibraryCall(graph, node, call);
  }));

function writersOf({ graph }: Program): ReadonlySet<FunctionNode> {
  const leading = new Set(graph.files.flatMap((file) => graph.derived(startsOf, file)));
  const pending = [...leading];
  for (let node = pending.pop(); node; node = pending.pop()) {
    for (const caller of graph.callersOf(node)) {
      if (leading.has(caller.node)) continue;
      leading.add(caller.node);
      pending.push(caller.node);
    }
  }
  return leading;
}

class Walk {
  readonly #known = new Map<string, { readonly top: Context; readonly outcome: Outcome } | "open">();
  #walks = 0;

  constructor(
    readonly program: Program,
    readonly entry: LwsEntryPoint,
    readonly writers: ReadonlySet<FunctionNode>,
  ) {}

  found(): readonly RepeatedWrite[] {
    const { found } = this.#enter(entryContext(this.entry), { clean: true }, 0);
    return found.flatMap(({ context, call, selected, earlier }) => {
      if (earlier === "before" || Sets.isAll(selected)) return [];
      return [{ reached: callIn(context, call, selected) as Reached, earlier }];
    });
  }

  #enter(context: Context, before: State, depth: number): Outcome {
    const { node } = context;
    const { order } = node.facts;
    const unchanged = { out: before, found: [] };
    if (!order || !this.writers.has(node) || depth > MAX_DEPTH) return unchanged;
    const key = `${node.id}/${Sets.keyOf(context.selected)}/${context.args.map(keyOf).join(",")}/${before.clean}${before.written !== undefined}`;
    const known = this.#known.get(key);
    if (known === "open" || this.#walks++ > MAX_WALKS) return unchanged;
    // The way here may be another one than the first time.
    if (known) {
      const { top, outcome } = known;
      return { ...outcome, found: outcome.found.map((one) => ({ ...one, context: reattached(one.context, top, context) })) };
    }
    this.#known.set(key, "open");
    const outcomes = order.map((steps) => this.#follow(context, steps, before, depth));
    const outcome: Outcome = { out: outcomes.map(({ out }) => out).reduce(joined, undefined), found: outcomes.flatMap(({ found }) => found).slice(0, MAX_FOUND) };
    this.#known.set(key, { top: context, outcome });
    return outcome;
  }

  /** One configuration of a function: a fixpoint over its steps, and then what is found in what came out. */
  #follow(context: Context, steps: readonly OrderStep[], before: State, depth: number): Outcome {
    const into: (State | undefined)[] = steps.map(() => undefined);
    into[0] = before;
    const pending = [0];
    for (let at = pending.shift(); at !== undefined; at = pending.shift()) {
      const { after } = this.#step(context, steps[at]!, into[at]!, depth);
      if (!after) continue;
      for (const to of steps[at]!.next) {
        const known = into[to];
        const now = joined(known, after)!;
        if (known?.clean === now.clean && (known.written === undefined) === (now.written === undefined)) continue;
        into[to] = now;
        pending.push(to);
      }
    }
    const found = new Map<string, Found>();
    let out: State | undefined;
    steps.forEach((step, i) => {
      const state = into[i];
      if (!state) return;
      const { after, returned } = this.#step(context, step, state, depth, found);
      out = joined(out, returned);
      if (step.next.length === 0) out = joined(out, after);
    });
    return { out, found: [...found.values()] };
  }

  /** One step: the state behind it, or the one in which it returns. */
  #step(context: Context, { sites }: OrderStep, before: State, depth: number, found?: Map<string, Found>): { readonly after?: State | undefined; readonly returned?: State | undefined } {
    let state: State | undefined = before;
    const places = placesIn(context.node.facts);
    for (const site of sites) {
      const { returns, calls } = places.get(site) ?? NOTHING;
      if (returns.length > 0) return { returned: returns.some((one) => this.#goesOn(one, context)) ? state : undefined };
      state = this.#call(context, calls, state, depth, found);
      if (!state) return {};
    }
    return { after: state };
  }

  /** The state after the calls that start at one place; absent where none of them is reached. */
  #call(context: Context, calls: readonly CallFact[], before: State, depth: number, found?: Map<string, Found>): State | undefined {
    if (calls.length === 0) return before;
    let after: State | undefined;
    for (const call of calls) {
      const selected = admit(call.guard, context);
      if (!selected) continue;
      after = joined(after, this.#oneCall(context, call, selected, before, depth, found));
    }
    return after;
  }

  #oneCall(context: Context, call: CallFact, selected: ValueSet, before: State, depth: number, found?: Map<string, Found>): State | undefined {
    const { node } = context;
    if (call.uncertain || call.assumes.length > 0) return { ...before, clean: true };
    const roles = rolesOf(call.name ?? "");
    if ((roles.writes ?? roles.checksChoke) !== undefined && !this.program.graph.isOwn(node, call)) {
      if (!roles.writes) return { clean: true };
      if (!this.#isMessage(context, call, selected)) return before;
      const { written, clean } = before;
      if (!clean && written) found?.set(`${call.span.start}`, { context, call, selected, earlier: written });
      return { clean: false, written: { node, call } };
    }
    const entered = contextsOf(this.program.graph, context, call).filter((one) => this.writers.has(one.node));
    if (entered.length === 0) return before;
    let after: State | undefined;
    for (const inner of entered) {
      const outcome = this.#enter(inner, before.written === undefined ? before : { clean: before.clean, written: "before" }, depth + 1);
      for (const one of outcome.found) {
        const earlier = one.earlier === "before" ? before.written! : one.earlier;
        found?.set(`${call.span.start}:${one.call.span.start}:${one.context.node.id}:${earlier === "before" ? "" : earlier.call.span.start}`, { ...one, earlier });
      }
      const { out } = outcome;
      if (out) after = joined(after, { clean: out.clean, ...(out.written !== undefined && { written: out.written === "before" ? before.written! : { node, call } }) });
    }
    return after;
  }

  #isMessage(context: Context, call: CallFact, selected: ValueSet): boolean {
    const { wsi } = rolesOf(call.name!).writes!;
    const args = call.args.map((arg) => substitute(arg.value, context.args));
    return !isQueued(call.name!, args) && (kindsOf(call.name!, args)?.every((kind) => kind === "frame") ?? false) &&
      this.program.ownership(args[wsi] ?? UNKNOWN, { entry: this.entry, selected }) === "own";
  }

  /** Whether a caller goes on after a `return`: not after an error, and not where its own connection would have to be missing. */
  #goesOn({ value, set, guard }: ReturnFact, context: Context): boolean {
    if (!admit(guard, context)) return false;
    const { wsi, user } = this.entry;
    const isMissing = guard.some(({ param, set: needed }) => {
      const passed = context.args[param];
      return passed?.kind === "param" && (passed.index === wsi || passed.index === user) && Sets.isNone(Sets.intersect(needed, Sets.NONZERO));
    });
    if (isMissing) return false;
    const result = value && Sets.intersect(set ?? Sets.ALL, setOf(substitute(value, context.args)));
    return !result || !Sets.isNone(Sets.without(result, NEGATIVE));
  }
}

/** The calls and returns of a function that start at one place, as configurations and paths see them. */
interface AtPlace {
  readonly calls: CallFact[];
  readonly returns: ReturnFact[];
}

const NOTHING: AtPlace = { calls: [], returns: [] };

const places = new WeakMap<FunctionFacts, ReadonlyMap<number, AtPlace>>();

function placesIn(facts: FunctionFacts): ReadonlyMap<number, AtPlace> {
  let known = places.get(facts);
  if (!known) {
    const found = new Map<number, AtPlace>();
    const at = (site: number): AtPlace => {
      let place = found.get(site);
      if (!place) found.set(site, (place = { calls: [], returns: [] }));
      return place;
    };
    for (const one of facts.returns) at(one.span.start).returns.push(one);
    for (const one of facts.calls) if (!one.destroys) at(one.span.start).calls.push(one);
    places.set(facts, (known = found));
  }
  return known;
}

const NEGATIVE = Sets.ofRange(null, -1);

function joined(a: State | undefined, b: State | undefined): State | undefined {
  if (!a || !b) return a ?? b;
  const written = a.written ?? b.written;
  return { clean: a.clean || b.clean, ...(written !== undefined && { written }) };
}

/** The same way down from another caller of the function at its top. */
function reattached(context: Context, top: Context, to: Context): Context {
  if (context === top) return to;
  const { via } = context;
  return via ? { ...context, via: { ...via, caller: reattached(via.caller, top, to) } } : context;
}
