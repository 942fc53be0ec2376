/**
 * A forward worklist solver. It knows neither C nor libwebsockets: blocks hold elements, edges may refine
 * or refuse the state that flows along them.
 */
import type { Lattice } from "./lattice.js";

export interface FlowEdge<B> {
  readonly to: B;
}

export interface FlowBlock<E, Edge extends FlowEdge<FlowBlock<E, Edge>>> {
  readonly id: number;
  readonly elements: readonly E[];
  readonly successors: readonly Edge[];
}

export interface ForwardProblem<B extends { readonly elements: readonly unknown[]; readonly successors: readonly FlowEdge<B>[] }, T> {
  readonly lattice: Lattice<T>;
  readonly entry: T;
  readonly transfer: (element: B["elements"][number], state: T) => T;
  /** The state after an edge was taken; `undefined` where the edge cannot be taken in this state. */
  readonly flow?: (edge: B["successors"][number], state: T, from: B) => T | undefined;
  /** Joined with this instead of the lattice's join once a block has been entered often: must reach its top in few steps. */
  readonly widen?: (before: T, along: T) => T;
  /** How often a block may be visited before the solver gives up; a guard against lattices of great height. */
  readonly maxVisitsPerBlock?: number;
}

export interface Solution<B, T> {
  /** State on entry to each block; blocks that cannot be reached are not in the map. */
  readonly into: ReadonlyMap<B, T>;
  /** The states in front of each element of a block, and the one behind the last; `undefined` for a block that cannot be reached. */
  statesIn(block: B): readonly T[] | undefined;
  /** Whether the visit limit ended the iteration early: the states are then no fixpoint. */
  readonly incomplete: boolean;
}

/** Visits of a block after which values that still change are given up. Real code settles earlier. */
const WIDEN_AFTER = 3;

/**
 * Solves a forward problem over blocks that are numbered in reverse post-order (`id`), which is the order in
 * which the worklist is served.
 */
export function solveForward<
  B extends { readonly id: number; readonly elements: readonly unknown[]; readonly successors: readonly FlowEdge<B>[] },
  T,
>(entry: B, problem: ForwardProblem<B, T>): Solution<B, T> {
  const { lattice, transfer, flow, widen, maxVisitsPerBlock = 200 } = problem;
  const into = new Map<B, T>([[entry, problem.entry]]);
  const visits = new Map<B, number>();
  const pending = new Set<B>([entry]);
  // Of the last visit of each block, whose state on entry was the final one: the visit limit aside, a block whose state changes is visited again.
  const passed = new Map<B, readonly T[]>();
  let incomplete = false;

  const pass = (block: B): readonly T[] => {
    let out = into.get(block) as T;
    const states = [out];
    for (const element of block.elements) states.push((out = transfer(element, out)));
    passed.set(block, states);
    return states;
  };

  while (pending.size > 0) {
    const block = lowest(pending);
    pending.delete(block);
    const count = (visits.get(block) ?? 0) + 1;
    visits.set(block, count);
    if (count > maxVisitsPerBlock) {
      incomplete = true;
      passed.delete(block);
      continue;
    }

    const out = pass(block)[block.elements.length] as T;
    for (const edge of block.successors) {
      const along = flow ? flow(edge, out, block) : out;
      if (along === undefined) continue;
      const known = into.has(edge.to);
      const before = known ? (into.get(edge.to) as T) : lattice.bottom;
      const often = widen !== undefined && (visits.get(edge.to) ?? 0) >= WIDEN_AFTER;
      const after = !known ? along : often ? widen(before, along) : lattice.join(before, along);
      if (known && lattice.equals(before, after)) continue;
      into.set(edge.to, after);
      pending.add(edge.to);
    }
  }
  return { into, incomplete, statesIn: (block) => passed.get(block) ?? (into.has(block) ? pass(block) : undefined) };
}

function lowest<B extends { readonly id: number }>(blocks: ReadonlySet<B>): B {
  let best: B | undefined;
  for (const block of blocks) if (!best || block.id < best.id) best = block;
  return best!;
}
