/**
 * What a callback returns to whoever called it, through the project's own functions: `return on_receive(wsi, in, len);` returns what that function
 * returns. Each value is told with the values of the selector it is returned for.
 */
import { admit, entryContext, type Context } from "../analysis/contexts.js";
import type { CallFact, ReturnFact } from "../analysis/facts.js";
import { optionsOf, setOf, substitute, type Value } from "../analysis/value.js";
import * as Sets from "../analysis/value-set.js";
import type { ValueSet } from "../analysis/value-set.js";
import type { LwsEntryPoint } from "./entry-points.js";
import type { Program } from "./program.js";

export interface Returned {
  readonly entry: LwsEntryPoint;
  /** The function whose `return` gives the value, as it was reached. */
  readonly context: Context;
  readonly fact: ReturnFact;
  /** One value, in terms of the entry's parameters. */
  readonly value: Value;
  /** What it may be as a number. */
  readonly set: ValueSet;
  /** For which values of the entry's selector. */
  readonly selected: ValueSet;
}

const MAX_DEPTH = 6;

/** Everything an entry point may return, innermost `return` first named. What comes through unreadable regions is left out. */
export function returnedBy(program: Program, entry: LwsEntryPoint): readonly Returned[] {
  const found: Returned[] = [];
  collect(program, entry, entryContext(entry), undefined, found, 0);
  return found;
}

/** @param limit What the callers' branches on the result leave of it. */
function collect(program: Program, entry: LwsEntryPoint, context: Context, limit: ValueSet | undefined, found: Returned[], depth: number): void {
  for (const fact of context.node.facts.returns) {
    if (fact.uncertain || fact.value === undefined) continue;
    const selected = admit(fact.guard, context);
    if (!selected) continue;
    for (const option of optionsOf(substitute(fact.value, context.args))) {
      const here = fact.set && limit ? Sets.intersect(fact.set, limit) : (fact.set ?? limit);
      const call = option.kind === "result" ? program.callAt(context.node, option.site) : undefined;
      const callees = call && depth < MAX_DEPTH ? calleesOf(program, context, call) : [];
      if (call && callees.length > 0) {
        const args = call.args.map((arg) => substitute(arg.value, context.args));
        for (const node of callees) {
          collect(program, entry, { entry, node, selected, args, assumes: context.assumes, via: { caller: context, call } }, here, found, depth + 1);
        }
        continue;
      }
      const set = here ? Sets.intersect(setOf(option), here) : setOf(option);
      if (!Sets.isNone(set)) found.push({ entry, context, fact, value: option, set, selected });
    }
  }
}

function calleesOf(program: Program, context: Context, call: CallFact): readonly Context["node"][] {
  const target = call.target && substitute(call.target, context.args);
  const receiver = call.receiver && substitute(call.receiver.value, context.args);
  const args = call.args.map((arg) => substitute(arg.value, context.args));
  return program.graph.targetsOf(context.node, call, target, receiver, args).filter(({ where, node }) => where === undefined && !node.facts.isMacro).map(({ node }) => node);
}
