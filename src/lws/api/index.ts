/** Look-ups in the tables. Everything above this folder asks here and spells no name of libwebsockets itself. */
import { CLOSE_TIMEOUT_REASONS, KILL_ASYNC, KILL_SYNC, OTHER_CONSTANTS, TIMEOUT_PREFIXES, TIMEOUT_REASONS } from "./constants.js";
import { apiFunctions, EVENT_LIBRARY_HEADER, LWS_ROLES, MEMORY_ROLES, OTHER_ROLES } from "./functions.js";
import { CALLBACK_REASONS, FORMER_REASONS } from "./reasons.js";
import { ASSUMED_RELEASE, holds, mayHold, type ReleaseRange } from "./releases.js";
import { PRE, WRITE_KINDS } from "./writes.js";
import type { ApiFunction, CallbackReason, CallRoles, ReturnEffect } from "./schema.js";

export * from "./constants.js";
export { API_RELEASES } from "./release-list.generated.js";
export { apiFunctions, CALLBACK_FIELDS, CONNECT_TARGET_FIELD, CONTEXT_INFO_TYPE, CONTEXT_IS_NULLED, COPIES_PROTOCOLS, DESTROYS_IN_STEPS, EVENT_LIBRARY_HEADER, EVENT_LIBRARY_TYPES, INITIALIZER_MACROS, LWS_ROLES, MEMORY_ROLES, OTHER_ROLES, PROTOCOL_TABLES, SESSION_SIZE_FIELD } from "./functions.js";
export * from "./info-members.js";
export * from "./lifecycles.js";
export * from "./migration.js";
export { GIVES_FRESH_MEMORY, STARTS_OF_OBJECTS } from "./functions.js";
export * from "./reasons.js";
export * from "./received.js";
export * from "./writes.js";
export * from "./releases.js";
export * from "./secure-streams.js";
export type * from "./schema.js";

const byName = new Map<string, CallbackReason>();
const byNumber = new Map<number, CallbackReason>();
for (const reason of FORMER_REASONS) byName.set(reason.name, reason);
for (const reason of CALLBACK_REASONS) {
  byName.set(reason.name, reason);
  byNumber.set(reason.number, reason);
}

const values = new Map<string, number>();
// A former reason whose number another one has today is known by its name alone.
for (const reason of FORMER_REASONS) if (!byNumber.has(reason.number)) values.set(reason.name, reason.number);
for (const reason of CALLBACK_REASONS) values.set(reason.name, reason.number);
for (const reason of TIMEOUT_REASONS) values.set(reason.name, reason.value);
for (const { name, value } of [KILL_ASYNC, KILL_SYNC, ...OTHER_CONSTANTS, ...WRITE_KINDS]) values.set(name, value);

/** By full name, `LWS_CALLBACK_RECEIVE`; former reasons too. */
export const reasonByName = (name: string): CallbackReason | undefined => byName.get(name);

/** By the number in current headers. Numbers of user-defined reasons, from `LWS_CALLBACK_USER` up, have no row of their own. */
export const reasonByNumber = (number: number): CallbackReason | undefined => byNumber.get(number);

/** The value of a constant of libwebsockets, in current headers. */
export const constantValue = (name: string): number | undefined => values.get(name);

/** The effects a nonzero return has in the releases in question: one, or several where they differ. */
export function returnEffects(reason: CallbackReason, release: ReleaseRange = ASSUMED_RELEASE): readonly ReturnEffect[] {
  if (reason.versions === undefined) return [reason.returnEffect];
  const different = reason.versions.flatMap(({ since, until, returnEffect }) => (returnEffect === undefined ? [] : [{ since, until, returnEffect }]));
  const found = new Set(different.filter((version) => mayHold(version, release)).map((version) => version.returnEffect));
  if (!different.some((version) => holds(version, release))) found.add(reason.returnEffect);
  return [...found];
}

/**
 * Whether `return -1` ends the very connection that is the callback's first parameter in all releases in question, so that it can stand for a close.
 * Not on the listening socket, and not where a fake or a child is passed.
 */
export const returnCloses = (reason: CallbackReason, release?: ReleaseRange): boolean =>
  returnEffects(reason, release).every((effect) => effect === "closes" || effect === "rejects") && (reason.wsi === "live" || reason.wsi === "newborn");

/** Whether in some release in question a positive value leaves the connection open where a negative one closes it. */
export function closesOnlyBelowZero(reason: CallbackReason, release: ReleaseRange = ASSUMED_RELEASE): boolean {
  if (reason.returnEffect !== "closes" || reason.closesOn !== "negative" || !mayHold(reason, release)) return false;
  return !(reason.versions ?? []).some((version) => version.closesOn === "nonzero" && holds(version, release));
}

/**
 * Whether a nonzero value is ignored in some release in question although the application may mean to close with it: a connection that lives on, or the
 * parent of a child that is closing.
 */
export const closeIsIgnored = (reason: CallbackReason, release: ReleaseRange = ASSUMED_RELEASE): boolean =>
  mayHold(reason, release) && (reason.wsi === "child" || (reason.wsi === "live" && reason.name !== CLOSES_BY_ITSELF)) && returnEffects(reason, release).includes("ignored");

/** The last release that ignores a nonzero value, where newer ones in question do not. */
export const ignoredUntil = (reason: CallbackReason, release: ReleaseRange = ASSUMED_RELEASE): string | undefined =>
  reason.versions?.find((version) => version.returnEffect === "ignored" && version.until !== undefined && mayHold(version, release) && !holds(version, release))?.until;

/**
 * Whether the connection itself is being closed, for good: not the child of one, nor a descriptor, nor a protocol that is exchanged for another, which
 * happens in the middle of a connection's life as well.
 */
export const isLastBreath = ({ dying, wsi, side, name }: CallbackReason): boolean => dying && wsi === "dying" && side !== "system" && !name.endsWith("_DROP_PROTOCOL");

/** Ignored as well, but the connection ends with its transaction (measured). */
const CLOSES_BY_ITSELF = "LWS_CALLBACK_COMPLETED_CLIENT_HTTP";

export const apiFunction = (name: string): ApiFunction | undefined => apiFunctions().get(name);

/** Exported for event library plugins, "opaque for normal user code". */
export const isEventLibraryExport = (name: string): boolean => apiFunction(name)?.header === EVENT_LIBRARY_HEADER;

/**
 * Not for applications: in no installed header of any release, or only in the one for event libraries. With a release, what is internal there as
 * well, so that `lws_ensure_user_space()` is before 5.0.
 */
export function isInternal(name: string, release: ReleaseRange = ASSUMED_RELEASE): boolean {
  const found = apiFunction(name);
  if (found === undefined) return false;
  if (found.kind === "internal" || found.header === EVENT_LIBRARY_HEADER) return true;
  // `libwebsocket_close_and_free_session()` was public in 1.0 and 1.1 only.
  if (LWS_ROLES[name]?.closesConnection !== undefined) return true;
  // Where nobody says a release, the code may be written for one that has it.
  return release.assumed !== true && found.internalSince !== undefined && mayHold({ since: found.internalSince, until: found.internalUntil }, release);
}

/** Whether a name is internal in some release. */
export function mayBeInternal(name: string): boolean {
  const found = apiFunction(name);
  return found !== undefined && (found.internalSince !== undefined || found.header === EVENT_LIBRARY_HEADER);
}

/** Whether an installed header of any release, or of all the given ones, declares the name. */
export function isPublic(name: string, release?: ReleaseRange): boolean {
  const found = apiFunction(name);
  if (found?.since === undefined) return false;
  return release === undefined || holds(found, release);
}

const NO_ROLES: CallRoles = {};

const roles = new Map<string, CallRoles>([...Object.entries(OTHER_ROLES), ...Object.entries(MEMORY_ROLES), ...Object.entries(LWS_ROLES)]);

/** What a call of this name does, when the name means the library's function. */
export const rolesOf = (name: string): CallRoles => roles.get(name) ?? NO_ROLES;

/** The name of the room in front of what is written, in all releases in question. */
export const preName = (release: ReleaseRange): string => (holds(PRE, release) ? PRE.name : PRE.oldName);

/** Whether a timeout reason is one that the library sets for its own purposes, other than to close: not the application's, and not a closing one. */
export function reasonIsTheLibrarys(value: number): boolean {
  const name = TIMEOUT_REASONS.find((reason) => reason.value === value)?.name;
  return name !== undefined && !/USER|CLOSE|FLUSH|KILLED/.test(name);
}

/** What to ask for an asynchronous kill with; `undefined` where some release in question knows none. */
export const closeTimeoutReason = (release: ReleaseRange): string | undefined =>
  holds(KILL_ASYNC, release) ? CLOSE_TIMEOUT_REASONS.find((reason) => holds(reason, release))?.name : undefined;

/** Whether a name looks like a timeout reason and exists in no release. */
export const isUnknownTimeoutReason = (name: string): boolean => TIMEOUT_PREFIXES.some((prefix) => name.startsWith(prefix)) && !values.has(name);

/** Whether rules know what a call of this name does. */
export const hasRole = (name: string): boolean => rolesOf(name) !== NO_ROLES && !(name in MEMORY_ROLES);
