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
      for (const dependent of behind.get(edge.to) ?? []) {
        if (dependent === block || behind.get(block)?.has(dependent)) continue;
        if (!isSelector(edge)) conditional.add(dependent);
        let list = dependents.get(block);
        if (!list) dependents.set(block, (list = new Set()));
        list.add(dependent);
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

/** For each block the blocks that every path from it to the end passes, itself included. Blocks from which the end is not reached have none. */
function postDominators(cfg: Cfg): ReadonlyMap<BasicBlock, ReadonlySet<BasicBlock>> {
  const sets = new Map<BasicBlock, ReadonlySet<BasicBlock>>([[cfg.exit, new Set([cfg.exit])]]);
  const order = [...cfg.blocks].reverse();
  for (let changed = true, rounds = 0; changed && rounds < MAX_ROUNDS; rounds++) {
    changed = false;
    for (const block of order) {
      if (block === cfg.exit) continue;
      let common: Set<BasicBlock> | undefined;
      for (const { to } of block.successors) {
        const next = sets.get(to);
        if (!next) continue;
        common = common ? new Set([...common].filter((one) => next.has(one))) : new Set(next);
      }
      if (!common) continue;
      common.add(block);
      if (sets.get(block)?.size === common.size) continue;
      sets.set(block, common);
      changed = true;
    }
  }
  return sets;
}
