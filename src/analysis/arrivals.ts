/** What the entry points reach, function by function. Kept between edits: what an entry point no longer reaches is taken out, what it reaches anew put in. */
import { Source } from "../dataflow/answers.js";
import type { FunctionNode } from "./call-graph.js";
import type { Context, Reach, ReachedCall, ReachedLoop } from "./contexts.js";
import type { CallFact } from "./facts.js";

/** What is reached in one function; each in the order of entry points. */
export interface Arrival {
  readonly contexts: readonly Context[];
  readonly calls: ReadonlyMap<CallFact, readonly ReachedCall[]>;
  readonly loops: readonly ReachedLoop[];
}

const NOTHING: Arrival = { contexts: [], calls: new Map(), loops: [] };

export class Arrivals {
  #reaches: readonly Reach[] = [];
  /** Position among the entry points. */
  #order = new Map<Reach, number>();
  readonly #byNode = new Map<FunctionNode, Set<Reach>>();
  readonly #known = new Map<FunctionNode, Arrival>();
  readonly #sources = new Map<FunctionNode, Source>();

  /** Takes in what the entry points reach now; most of it is what they reached before. */
  update(reaches: readonly Reach[]): void {
    const order = new Map(reaches.map((reach, index) => [reach, index]));
    const changed = new Set<FunctionNode>();
    let last = -1;
    for (const reach of this.#reaches) {
      const position = order.get(reach);
      if (position === undefined) {
        for (const { node } of reach.contexts) {
          this.#byNode.get(node)?.delete(reach);
          changed.add(node);
        }
        // What has only changed places is told in another order.
      } else if (position < last) for (const { node } of reach.contexts) changed.add(node);
      last = Math.max(last, position ?? -1);
    }
    for (const reach of reaches) {
      if (this.#order.has(reach)) continue;
      for (const { node } of reach.contexts) {
        let here = this.#byNode.get(node);
        if (!here) this.#byNode.set(node, (here = new Set()));
        here.add(reach);
        changed.add(node);
      }
    }
    this.#reaches = reaches;
    this.#order = order;
    for (const node of changed) {
      this.#known.delete(node);
      this.#sources.get(node)?.changed();
    }
  }

  /** What is reached in a function. */
  at(node: FunctionNode): Arrival {
    let source = this.#sources.get(node);
    if (!source) this.#sources.set(node, (source = new Source()));
    source.read();
    let known = this.#known.get(node);
    if (!known) this.#known.set(node, (known = this.#gather(node)));
    return known;
  }

  #gather(node: FunctionNode): Arrival {
    const here = this.#byNode.get(node);
    if (!here || here.size === 0) return NOTHING;
    const places = [...here].sort((a, b) => this.#order.get(a)! - this.#order.get(b)!).map((reach) => placesOf(reach).get(node)!);
    const [only] = places;
    if (places.length === 1) return only!;
    const calls = new Map<CallFact, ReachedCall[]>();
    for (const place of places) for (const [call, reached] of place.calls) calls.set(call, [...(calls.get(call) ?? []), ...reached]);
    return { contexts: places.flatMap(({ contexts }) => contexts), calls, loops: places.flatMap(({ loops }) => loops) };
  }
}

interface Place {
  readonly contexts: Context[];
  readonly calls: Map<CallFact, ReachedCall[]>;
  readonly loops: ReachedLoop[];
}

const places = new WeakMap<Reach, ReadonlyMap<FunctionNode, Place>>();

/** What one entry point reaches, function by function. */
function placesOf(reach: Reach): ReadonlyMap<FunctionNode, Place> {
  const known = places.get(reach);
  if (known) return known;
  const found = new Map<FunctionNode, Place>();
  for (const context of reach.contexts) {
    const place = found.get(context.node);
    if (place) place.contexts.push(context);
    else found.set(context.node, { contexts: [context], calls: new Map(), loops: [] });
  }
  for (const one of reach.calls) {
    const { calls } = found.get(one.context.node)!;
    const list = calls.get(one.call);
    if (list) list.push(one);
    else calls.set(one.call, [one]);
  }
  for (const one of reach.loops) found.get(one.context.node)!.loops.push(one);
  places.set(reach, found);
  return found;
}
