/** Which calls' order matters to rules: those of the library that have a role, and what fills memory. */
import type { CallEvent, CallEvents } from "../analysis/call-events.js";
import { apiFunction, LWS_ROLES, MEMORY_ROLES, rolesOf } from "./api/index.js";
import type { CallRoles } from "./api/index.js";

/** What makes earlier calls count no longer: after a look at the pipe, another write is right. */
const ENDS: Partial<Record<keyof CallRoles, readonly (keyof CallRoles)[]>> = {
  checksChoke: ["writes"],
};

const known = new Map<string, CallEvent>();
for (const [name, roles] of [...Object.entries(LWS_ROLES), ...Object.entries(MEMORY_ROLES)]) {
  const kinds = Object.keys(roles) as (keyof CallRoles)[];
  const ends = kinds.flatMap((kind) => ENDS[kind] ?? []);
  known.set(name, { kinds, ...(ends.length > 0 && { ends }), ...(roles.writes && { hasResult: true as const }), ...(name in MEMORY_ROLES && { isAuxiliary: true as const }) });
}

/** Names that no project gives to a function of its own: those of the C library, of macros that log. */
const NEVER_OWN = /^(?:mem|str|wcs|is|to|ato)[a-z]+$|printf$|^(?:lwsl|_lwsl)_|^(?:assert|abort|exit|free|realloc|time|memset|perror|sizeof)$|LOG|DEBUG/;

/**
 * Writes, looks at the pipe, and whatever may be a function of the project that does so. What is one of the library and does neither, and
 * what everybody calls, would only make the facts larger.
 */
function isOrdered(name: string): boolean {
  const roles = rolesOf(name);
  if (roles.writes || roles.checksChoke) return true;
  return !known.has(name) && apiFunction(name) === undefined && !NEVER_OWN.test(name);
}

export const lwsCallEvents: CallEvents = { eventOf: (name) => known.get(name), isOrdered };
