import type { Guard } from "./facts.js";
import type { Env } from "./state.js";
import * as Sets from "./value-set.js";

// Many facts have the guards of one state.
const made = new WeakMap<Env["guards"], Guard>();

export function guardOf({ guards }: Env): Guard {
  let guard = made.get(guards);
  if (!guard) made.set(guards, (guard = [...guards].sort(([a], [b]) => a - b).map(([param, set]) => ({ param, set }))));
  return guard;
}

const keys = new WeakMap<Guard, string>();

export function guardKey(guard: Guard): string {
  let key = keys.get(guard);
  if (key === undefined) keys.set(guard, (key = keyFrom(guard)));
  return key;
}

const keyFrom = (guard: Guard): string => guard.map(({ param, set }) => `${param}=${Sets.keyOf(set)}`).join(";");

/** The weaker of both: a parameter that one of them does not restrict is not restricted. */
export function uniteGuards(a: Guard, b: Guard): Guard {
  return a.flatMap(({ param, set }) => {
    const other = b.find((entry) => entry.param === param);
    if (!other) return [];
    const both = Sets.union(set, other.set);
    return Sets.isAll(both) ? [] : [{ param, set: both }];
  });
}
