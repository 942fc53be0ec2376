/**
 * Calls whose order matters: which of them lie behind a point, which must or may follow one. The engine knows no names; the host says which
 * calls count (`CallEvents`) and which of them make earlier ones count no longer.
 */
import type { BasicBlock, Cfg, Edge } from "../cfg/cfg.js";
import type { CallExpr } from "../syntax/ast.js";
import { commonSites, uniteSites, type Env } from "./state.js";

export interface CallEvent {
  /** What it is, in the host's words. */
  readonly kinds: readonly string[];
  /** Counts only in functions that have an event which is none of these: it is everywhere, and says nothing by itself. */
  readonly isAuxiliary?: true;
  /** Its result is to be looked at. */
  readonly hasResult?: true;
  /** Kinds of earlier events that it makes count no longer. */
  readonly ends?: readonly string[];
}

export interface CallEvents {
  eventOf(name: string): CallEvent | undefined;
  /** Whether a call of this name has a place in the order that a function keeps for its callers. */
  isOrdered(name: string): boolean;
}

/** How a watched call stands to the other watched calls of its function. Calls are named by the offsets at which they start. */
export interface CallFlow {
  /** Lie behind it on some path; its own offset too where a loop comes back to it. */
  readonly before: readonly number[];
  /** Lie behind it on every path. */
  readonly always: readonly number[];
  /** Come after it on some path to the end of the function, whatever values are then. */
  readonly mayFollow: readonly number[];
  /** Come after it on every path. */
  readonly mustFollow: readonly number[];
  /** Whether a branch on anything but a parameter's constants decides if it is reached. */
  readonly isConditional: boolean;
}

/** The watched calls of a function: by the call's start. */
export type EventSites = ReadonlyMap<number, CallEvent>;

/** The state after a watched call. */
export function happened(env: Env, { span: { start } }: CallExpr, sites: EventSites): Env {
  const event = sites.get(start);
  const known = env.known.has(start) ? new Map([...env.known].filter(([site]) => site !== start)) : env.known;
  if (!event) return known === env.known ? env : { ...env, known };
  const kept = (list: readonly number[]): readonly number[] =>
    event.ends ? list.filter((site) => !sites.get(site)?.kinds.some((kind) => event.ends!.includes(kind))) : list;
  return { ...env, known, may: uniteSites(kept(env.may), [start]), must: uniteSites(kept(env.must), [start]) };
}

export interface Aftermath {
  readonly mayFollow: readonly number[];
  readonly mustFollow: readonly number[];
}

/** For each watched call what may and must follow it before the function ends. Backward over the graph alone: values do not matter. */
export function aftermathOf(cfg: Cfg, sites: EventSites): ReadonlyMap<number, Aftermath> {
  const found = new Map<number, Aftermath>();
  if (sites.size === 0) return found;
  const NOTHING: Aftermath = { mayFollow: [], mustFollow: [] };
  const into = new Map<BasicBlock, Aftermath>();
  const step = (block: BasicBlock, note: boolean): Aftermath => {
    let after: Aftermath | undefined;
    for (const { to } of block.successors) {
      const next = into.get(to);
      // A block that has not been seen yet lies on a loop: it takes nothing away.
      if (next) after = after ? { mayFollow: uniteSites(after.mayFollow, next.mayFollow), mustFollow: commonSites(after.mustFollow, next.mustFollow) } : next;
    }
    after ??= NOTHING;
    for (let i = block.elements.length - 1; i >= 0; i--) {
      const element = block.elements[i]!;
      if (element.kind === "return") after = NOTHING;
      if (element.kind !== "call" || !sites.has(element.expr.span.start)) continue;
      const site = element.expr.span.start;
      if (note) {
        const known = found.get(site);
        found.set(site, known ? { mayFollow: uniteSites(known.mayFollow, after.mayFollow), mustFollow: commonSites(known.mustFollow, after.mustFollow) } : after);
      }
      after = { mayFollow: uniteSites(after.mayFollow, [site]), mustFollow: uniteSites(after.mustFollow, [site]) };
    }
    return after;
  };
  const order = [...cfg.blocks].reverse();
  // `may` only grows and `must` only shrinks once a block has a value: the number of sites bounds both.
  for (let changed = true, rounds = 0; changed && rounds < MAX_ROUNDS; rounds++) {
    changed = false;
    for (const block of order) {
      const before = into.get(block);
      const now = step(block, false);
      if (before?.mayFollow.length === now.mayFollow.length && before.mustFollow.length === now.mustFollow.length) continue;
      into.set(block, now);
      changed = true;
    }
  }
  for (const block of order) step(block, true);
  return found;
}

const MAX_ROUNDS = 50;

/**
 * Blocks that are reached only where a branch other than on `isSelector` goes their way: control dependence on anything that the caller does not
 * choose.
 */
export function conditionalBlocks(cfg: Cfg, isSelector: (edge: Edge) => boolean): ReadonlySet<BasicBlock> {
  const behind = postDominators(cfg);
  const conditional = new Set<BasicBlock>();
  // Control dependence is transitive: what depends on a block that is conditional itself is conditional, too.
  const dependents = new Map<BasicBlock, Set<BasicBlock>>();
  for (const block of cfg.blocks) {
    if (block.successors.length < 2) continue;
    for (const edge of block.successors) {
      // Whether a loop goes round again says nothing about the first time.
      if (edge.to.id <= block.id) continue;
      // Where the end is not reached, everything is passed or nothing is.
      if (edge.to !== cfg.exit && !behind.has(edge.to)) continue;
      const selects = isSelector(edge);
      for (let at: BasicBlock | undefined = edge.to; at && at !== behind.get(block); at = behind.get(at)) {
        if (at === block) continue;
        if (!selects) conditional.add(at);
        let list = dependents.get(block);
        if (!list) dependents.set(block, (list = new Set()));
        list.add(at);
      }
    }
  }
  const pending = [...conditional];
  for (let block = pending.pop(); block; block = pending.pop()) {
    for (const dependent of dependents.get(block) ?? []) {
      if (conditional.has(dependent)) continue;
      conditional.add(dependent);
      pending.push(dependent);
    }
  }
  return conditional;
}

/**
 * The immediate post-dominator of each block: the first block that every path from it to the end passes. Blocks from which the end is not reached have none,
 * and neither has the end. After Cooper, Harvey and Kennedy, "A Simple, Fast Dominance Algorithm", on the graph turned round.
 */
function postDominators({ blocks, exit }: Cfg): ReadonlyMap<BasicBlock, BasicBlock> {
  const predecessors = new Map<BasicBlock, BasicBlock[]>();
  for (const block of blocks) {
    for (const { to } of block.successors) {
      const list = predecessors.get(to);
      if (list) list.push(block);
      else predecessors.set(to, [block]);
    }
  }
  const order: BasicBlock[] = [];
  const seen = new Set([exit]);
  const stack = [{ block: exit, next: 0 }];
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    const before = predecessors.get(top.block)?.[top.next++];
    if (!before) order.push(stack.pop()!.block);
    else if (!seen.has(before)) {
      seen.add(before);
      stack.push({ block: before, next: 0 });
    }
  }
  const rank = new Map(order.map((block, i) => [block, i]));
  const nearest = new Map<BasicBlock, BasicBlock>([[exit, exit]]);
  for (let changed = true; changed; ) {
    changed = false;
    for (let i = order.length - 2; i >= 0; i--) {
      const block = order[i]!;
      let common: BasicBlock | undefined;
      for (const { to } of block.successors) {
        if (!nearest.has(to)) continue;
        let other = to;
        common ??= to;
        while (common !== other) {
          if (rank.get(common)! < rank.get(other)!) common = nearest.get(common)!;
          else other = nearest.get(other)!;
        }
      }
      if (!common || nearest.get(block) === common) continue;
      nearest.set(block, common);
      changed = true;
    }
  }
  nearest.delete(exit);
  return nearest;
}
