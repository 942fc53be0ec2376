/**
 * What a callback returns to whoever called it, through the project's own functions: `return on_receive(wsi, in, len);` returns what that function
 * returns. Each value is told with the values of the selector it is returned for.
 */
import { admit, argumentsOf, entryContext, type Context } from "../analysis/contexts.js";
import type { CallFact, Guard, ReturnFact } from "../analysis/facts.js";
import { UNKNOWN, optionsOf, setOf, substitute, type Value } from "../analysis/value.js";
import * as Sets from "../analysis/value-set.js";
import type { ValueSet } from "../analysis/value-set.js";
import type { CallbackReason } from "./api/index.js";
import { returnsToLibrary, type LwsEntryPoint } from "./entry-points.js";
import type { FileInProgram, Program, ProgramQuestion } from "./program.js";

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
  /** What branches on the way say about the entry's other parameters. */
  readonly where: Guard;
  /** The same `return` gives other values, too, and which one for which reason is not known. */
  readonly isOneOfSeveral: boolean;
}

const MAX_DEPTH = 6;

/** Everything an entry point may return, innermost `return` first named. What comes through unreadable regions is left out. */
export const returnedBy = (program: Program, entry: LwsEntryPoint): readonly Returned[] => program.ask(returned, entry);

const returned: ProgramQuestion<LwsEntryPoint, readonly Returned[]> = {
  answer: (program, entry) => {
    const found: Returned[] = [];
    collect(program, entry, entryContext(entry), { found, limit: undefined, where: [], isOneOfSeveral: false }, 0);
    return found;
  },
};

/** What protocol callbacks of a file return to the library, callback by callback. */
export const returnedToLibrary = ({ program, entries }: FileInProgram): readonly (readonly Returned[])[] =>
  entries.filter(returnsToLibrary).map((entry) => returnedBy(program, entry));

/** Whether the value is in a set for sure. What a constant of the project stands for is not known. */
export const isAlways = ({ set, value }: Returned, wanted: ValueSet): boolean => value.kind !== "constant" && Sets.isNone(Sets.without(set, wanted));

/** Whether the reasons that lead there are all named, so that it is no answer for whatever is left. */
export const isForNamedReasons = ({ selected }: Returned): boolean => Sets.isFinite(selected);

/**
 * Whether a callback certainly may return the value for a reason. Where the reason is one of many that nobody named, as before the switch
 * over them, a condition nobody can judge may keep it away: then it counts only if nothing else is returned for the reason, or the condition is that
 * there is no session, which is so where the library calls without one.
 */
export function isReturnedFor(one: Returned, reason: CallbackReason, all: readonly Returned[]): boolean {
  const { entry, selected, where } = one;
  if (!Sets.hasNumber(selected, reason.number)) return false;
  if (one.isOneOfSeveral && Sets.single(selected) !== reason.number) return false;
  const onWsi = where.find(({ param }) => param === entry.wsi);
  if (onWsi && Sets.isNone(Sets.intersect(onWsi.set, Sets.NONZERO))) return false;
  const onSession = where.find(({ param }) => param === entry.user);
  const hasNoSession = reason.wsi === "fake";
  if (hasNoSession && onSession && !Sets.hasNumber(onSession.set, 0)) return false;
  if (isForNamedReasons(one)) return true;
  if (hasNoSession && onSession && where.every(({ param }) => param === entry.user || param === entry.wsi)) return true;
  return all.every((other) => other === one || !Sets.hasNumber(other.selected, reason.number) || isAlways(other, one.set));
}

interface Collecting {
  readonly found: Returned[];
  /** What the callers' branches on the result leave of it. */
  readonly limit: ValueSet | undefined;
  readonly where: Guard;
  readonly isOneOfSeveral: boolean;
}

function collect(program: Program, entry: LwsEntryPoint, context: Context, at: Collecting, depth: number): void {
  const { limit } = at;
  for (const fact of context.node.facts.returns) {
    if (fact.uncertain || fact.value === undefined) continue;
    const selected = admit(fact.guard, context);
    if (!selected) continue;
    const options = optionsOf(substitute(fact.value, context.args));
    const isOneOfSeveral = at.isOneOfSeveral || options.length > 1;
    const where = [...at.where, ...fact.guard.flatMap(({ param, set }) => onEntry(context.args[param] ?? UNKNOWN, set, entry))];
    for (const option of options) {
      const here = fact.set && limit ? Sets.intersect(fact.set, limit) : (fact.set ?? limit);
      const call = option.kind === "result" ? program.callAt(context.node, option.site) : undefined;
      const callees = call && depth < MAX_DEPTH ? calleesOf(program, context, call) : [];
      if (call && callees.length > 0) {
        for (const node of callees) {
          collect(program, entry, { entry, node, selected, args: argumentsOf(context, call, node), assumes: context.assumes, via: { caller: context, call } }, { ...at, limit: here, where, isOneOfSeveral }, depth + 1);
        }
        continue;
      }
      const set = here ? Sets.intersect(setOf(option), here) : setOf(option);
      if (!Sets.isNone(set)) at.found.push({ entry, context, fact, value: option, set, selected, where, isOneOfSeveral });
    }
  }
}

/** A restriction on a parameter as one on the entry's, other than its selector. */
const onEntry = (value: Value, set: ValueSet, { selector }: LwsEntryPoint): Guard => (value.kind === "param" && value.index !== selector ? [{ param: value.index, set }] : []);

function calleesOf(program: Program, context: Context, call: CallFact): readonly Context["node"][] {
  const target = call.target && substitute(call.target, context.args);
  const receiver = call.receiver && substitute(call.receiver.value, context.args);
  const args = call.args.map((arg) => substitute(arg.value, context.args));
  return program.graph.targetsOf(context.node, call, target, receiver, args).filter(({ where, node }) => where === undefined && !node.facts.isMacro).map(({ node }) => node);
}
