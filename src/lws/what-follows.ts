/** What a callback does and returns once a call is made: whether it leaves the connection as it is. */
import { admit } from "../analysis/contexts.js";
import type { Guard } from "../analysis/facts.js";
import { NONZERO, ZERO, intersect, isNone, type ValueSet } from "../analysis/value-set.js";
import type { Span } from "../source/span.js";
import { rolesOf, type CallRoles } from "./api/index.js";
import type { ApiCall, Program, Reached } from "./program.js";
import { isAlways, returnedBy, type Returned } from "./returned.js";

/** What may bring another callback of the connection, or end it. */
const LATER: readonly (keyof CallRoles)[] = ["requestsWriteable", "setsTimer", "setsTimeout", "schedules", "closesConnection"];

/** What the callback may return after the call has been made, by the returns of the call's own function. */
export const returnedAfter = (program: Program, { node }: ApiCall, { entry, call, selected }: Reached): readonly Returned[] =>
  returnedBy(program, entry).filter(({ context, fact, selected: on }) => context.node === node && fact.before.includes(call.span.start) && !isNone(intersect(on, selected)));

const isNumber = (one: Returned, set: ValueSet): boolean => !one.isOneOfSeveral && isAlways(one, set);

/** Whether everything the callback returns after the call is 0, and nothing on the way has a say in what becomes of the connection. */
export const onlyReturnsZero = (program: Program, api: ApiCall, reached: Reached): boolean => {
  const after = returnedAfter(program, api, reached);
  return after.length > 0 && after.every((one) => isNumber(one, ZERO)) && isLeftAlone(program, api, reached, after);
};

/** Those returns of 0 behind the call on which nothing has a say in what becomes of the connection; none where something unknown is returned. */
export function zerosAfter(program: Program, api: ApiCall, reached: Reached, also: readonly (keyof CallRoles)[]): readonly Returned[] {
  const after = returnedAfter(program, api, reached);
  if (!after.every((one) => isNumber(one, ZERO) || isNumber(one, NONZERO)) || !isLeftAlone(program, api, reached, after, also)) return [];
  return after.filter((one) => isNumber(one, ZERO));
}

/** No call that asks for another callback or is one of `also`, none of the project's own functions, and nothing that is noted for later. */
function isLeftAlone(program: Program, { node }: ApiCall, { context, call, selected }: Reached, after: readonly Returned[], also: readonly (keyof CallRoles)[] = []): boolean {
  const has = (name: string | undefined): boolean => name !== undefined && [...LATER, ...also].some((kind) => rolesOf(name)[kind] !== undefined);
  if ([...(call.flow?.before ?? []), ...(call.flow?.mayFollow ?? [])].some((other) => has(program.callAt(node, other)?.name))) return false;
  const end = Math.max(...after.map(({ fact }) => fact.span.start));
  const isBetween = ({ span, guard }: { readonly span: Span; readonly guard: Guard }): boolean => {
    const on = span.start > call.span.end && span.start < end ? admit(guard, context) : undefined;
    return on !== undefined && !isNone(intersect(on, selected));
  };
  const callsOwn = node.facts.calls.some((other) => isBetween(other) && (program.graph.targetsOf(node, other, other.target).length > 0 || other.name === undefined));
  return !callsOwn && !node.facts.stores.some(isBetween);
}
