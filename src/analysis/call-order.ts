/**
 * The order in which a function makes the calls that may matter to its callers: its control-flow graph with everything left out but these calls and its
 * returns. What a call of the project's own function does is not known in the local phase; the program phase walks this graph and knows.
 */
import type { BasicBlock, Cfg, Element } from "../cfg/cfg.js";

/** A stretch of a function without branches that matter. The function begins in the first one. */
export interface OrderStep {
  /** Calls and `return` statements, by where they start. */
  readonly sites: readonly number[];
  /** Which steps may come next; none where the function ends. */
  readonly next: readonly number[];
}

/** The steps of one configuration; nothing where no call is kept, or where there are too many steps to say anything useful. */
export function callOrder(cfg: Cfg, isReached: (block: BasicBlock) => boolean, isKept: (element: Element) => boolean): readonly OrderStep[] | undefined {
  const sitesOf = new Map<BasicBlock, readonly number[]>();
  let calls = 0;
  for (const block of cfg.blocks) {
    if (!isReached(block)) continue;
    let sites: number[] | undefined;
    for (const element of block.elements) {
      if (element.kind === "return") (sites ??= []).push(element.stmt.span.start);
      else if (element.kind === "call" && isKept(element)) {
        (sites ??= []).push(element.expr.span.start);
        calls++;
      }
    }
    sitesOf.set(block, sites ?? NO_SITES);
  }
  if (calls === 0 || sitesOf.size > MAX_STEPS) return undefined;
  // A block with nothing in it and one way on is no step.
  const leadsTo = (block: BasicBlock): BasicBlock => {
    let at = block;
    for (let hops = 0; hops < MAX_STEPS; hops++) {
      const [only, other] = at.successors;
      if (other || !only || at === cfg.exit || sitesOf.get(at) !== NO_SITES || !sitesOf.has(only.to)) break;
      at = only.to;
    }
    return at;
  };
  const index = new Map<BasicBlock, number>();
  const order: BasicBlock[] = [];
  const number = (block: BasicBlock): number => {
    let known = index.get(block);
    if (known === undefined) {
      index.set(block, (known = order.length));
      order.push(block);
    }
    return known;
  };
  const steps: OrderStep[] = [];
  number(leadsTo(cfg.entry));
  // Grows while it is walked.
  for (const block of order) {
    const next: number[] = [];
    for (const { to } of block.successors) {
      if (!sitesOf.has(to)) continue;
      const step = number(leadsTo(to));
      if (!next.includes(step)) next.push(step);
    }
    steps.push({ sites: sitesOf.get(block)!, next });
  }
  return steps;
}

const NO_SITES: readonly number[] = [];
const MAX_STEPS = 2000;
