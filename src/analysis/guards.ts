import type { Guard } from "./facts.js";
import type { Env } from "./state.js";
import * as Sets from "./value-set.js";

export const guardOf = (env: Env): Guard =>
  [...env.guards].sort(([a], [b]) => a - b).map(([param, set]) => ({ param, set }));

export const guardKey = (guard: Guard): string => guard.map(({ param, set }) => `${param}=${Sets.keyOf(set)}`).join(";");

/** The weaker of both: a parameter that one of them does not restrict is not restricted. */
export function uniteGuards(a: Guard, b: Guard): Guard {
  return a.flatMap(({ param, set }) => {
    const other = b.find((entry) => entry.param === param);
    if (!other) return [];
    const both = Sets.union(set, other.set);
    return Sets.isAll(both) ? [] : [{ param, set: both }];
  });
}
