/** Which calls' order matters to rules: those of the library that have a role, and what fills memory. */
import type { CallEvent, CallEvents } from "../analysis/call-events.js";
import { LWS_ROLES, MEMORY_ROLES } from "./api/index.js";
import type { CallRoles } from "./api/index.js";

/** What makes earlier calls count no longer: after a look at the pipe, another write is right. */
const ENDS: Partial<Record<keyof CallRoles, readonly (keyof CallRoles)[]>> = {
  checksChoke: ["writes"],
};

const known = new Map<string, CallEvent>();
for (const [name, roles] of [...Object.entries(LWS_ROLES), ...Object.entries(MEMORY_ROLES)]) {
  const kinds = Object.keys(roles) as (keyof CallRoles)[];
  const ends = kinds.flatMap((kind) => ENDS[kind] ?? []);
  known.set(name, { kinds, ...(ends.length > 0 && { ends }), ...(name in MEMORY_ROLES && { isAuxiliary: true as const }) });
}

export const lwsCallEvents: CallEvents = { eventOf: (name) => known.get(name) };
