/** Look-ups in the tables. Everything above this folder asks here and spells no name of libwebsockets itself. */
import { CLOSE_TIMEOUT_REASON, KILL_ASYNC, KILL_SYNC, NEVER_EXISTED, OTHER_CONSTANTS, TIMEOUT_PREFIXES, TIMEOUT_REASONS } from "./constants.js";
import { apiFunctions, EVENT_LIBRARY_HEADER, LWS_ROLES, OTHER_ROLES } from "./functions.js";
import { CALLBACK_REASONS, FORMER_REASONS } from "./reasons.js";
import type { ApiFunction, CallbackReason, CallRoles, NeverExisted, ReturnEffect } from "./schema.js";

export * from "./constants.js";
export { API_RELEASES } from "./functions.generated.js";
export { apiFunctions, CALLBACK_FIELDS, CONNECT_TARGET_FIELD, EVENT_LIBRARY_HEADER, EVENT_LIBRARY_TYPES, LWS_ROLES, OTHER_ROLES, PROTOCOL_TABLES } from "./functions.js";
export * from "./reasons.js";
export type * from "./schema.js";

const byName = new Map<string, CallbackReason>();
const byNumber = new Map<number, CallbackReason>();
for (const reason of FORMER_REASONS) byName.set(reason.name, reason);
for (const reason of CALLBACK_REASONS) {
  byName.set(reason.name, reason);
  byNumber.set(reason.number, reason);
}

const values = new Map<string, number>();
for (const reason of FORMER_REASONS) values.set(reason.name, reason.number);
for (const reason of CALLBACK_REASONS) values.set(reason.name, reason.number);
for (const reason of TIMEOUT_REASONS) values.set(reason.name, reason.value);
for (const { name, value } of [KILL_ASYNC, KILL_SYNC, ...OTHER_CONSTANTS]) values.set(name, value);

/** By full name, `LWS_CALLBACK_RECEIVE`; former reasons too. */
export const reasonByName = (name: string): CallbackReason | undefined => byName.get(name);

/** By the number in current headers. Numbers of user-defined reasons, from `LWS_CALLBACK_USER` up, have no row of their own. */
export const reasonByNumber = (number: number): CallbackReason | undefined => byNumber.get(number);

/** The value of a constant of libwebsockets, in current headers. */
export const constantValue = (name: string): number | undefined => values.get(name);

/** Compares releases as written, `4.1`, `4.1.6`, `v4.3`. The old 1.2x series stands between 1.2 and 1.3. */
export function compareReleases(a: string, b: string): number {
  const parts = (release: string): number[] => {
    const [major = 0, minor = 0, ...rest] = release.replace(/^v/, "").split(".").map(Number);
    return major === 1 && minor >= 21 && minor <= 23 ? [1, 2, minor - 20, ...rest] : [major, minor, ...(major === 1 ? [0] : []), ...rest];
  };
  const left = parts(a);
  const right = parts(b);
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

const within = (release: string, since: string | undefined, until: string | undefined): boolean => {
  const minor = release.replace(/^v/, "").split(".").slice(0, 2).join(".");
  return (since === undefined || compareReleases(minor, since) >= 0) && (until === undefined || compareReleases(minor, until) <= 0);
};

/** The effect of a nonzero return in one release, or in general. */
export const returnEffect = (reason: CallbackReason, release?: string): ReturnEffect =>
  (release === undefined
    ? undefined
    : reason.versions?.find((v) => v.returnEffect !== undefined && within(release, v.since, v.until))?.returnEffect) ??
  reason.returnEffect;

/**
 * Whether `return -1` ends the very connection that is the callback's first parameter, so that it can stand for a close.
 * Not on the listening socket, and not where a fake or a child is passed.
 */
export const returnCloses = (reason: CallbackReason, release?: string): boolean => {
  const effect = returnEffect(reason, release);
  return (effect === "closes" || effect === "rejects") && (reason.wsi === "live" || reason.wsi === "newborn");
};

export const apiFunction = (name: string): ApiFunction | undefined => apiFunctions().get(name);

/** Exported for event library plugins, "opaque for normal user code". */
export const isEventLibraryExport = (name: string): boolean => apiFunction(name)?.header === EVENT_LIBRARY_HEADER;

/**
 * Not for applications: in no installed header of any release, or only in the one for event libraries. With a release, what was internal then,
 * so that `lws_close_free_wsi()` is internal before 4.1 as well and `lws_ensure_user_space()` is before 5.0.
 */
export function isInternal(name: string, release?: string): boolean {
  const found = apiFunction(name);
  if (found === undefined) return false;
  if (found.kind === "internal" || found.header === EVENT_LIBRARY_HEADER) return true;
  // `libwebsocket_close_and_free_session()` was public in 1.0 and 1.1 only.
  if (LWS_ROLES[name]?.closesConnection !== undefined) return true;
  return release !== undefined && found.internalSince !== undefined && within(release, found.internalSince, found.internalUntil);
}

/** Whether an installed header of any release, or of the given one, declares the name. */
export function isPublic(name: string, release?: string): boolean {
  const found = apiFunction(name);
  if (found?.since === undefined) return false;
  return release === undefined || within(release, found.since, found.until);
}

const NO_ROLES: CallRoles = {};

/** What a call of this name does, when the name means the library's function. */
export const rolesOf = (name: string): CallRoles => own(LWS_ROLES, name) ?? own(OTHER_ROLES, name) ?? NO_ROLES;

const own = (roles: Readonly<Record<string, CallRoles>>, name: string): CallRoles | undefined =>
  Object.hasOwn(roles, name) ? roles[name] : undefined;

/** Whether a timeout reason is one that the library sets for its own purposes, other than to close: not the application's, and not a closing one. */
export function reasonIsTheLibrarys(value: number): boolean {
  const name = TIMEOUT_REASONS.find((reason) => reason.value === value)?.name;
  return name !== undefined && !/USER|CLOSE|FLUSH|KILLED/.test(name);
}

const neverExisted = new Map<string, NeverExisted>(NEVER_EXISTED.map((entry) => [entry.name, entry]));

/** A name that looks like a timeout reason and exists in no release, with what to write instead. */
export function unknownTimeoutReason(name: string): NeverExisted | undefined {
  if (!TIMEOUT_PREFIXES.some((prefix) => name.startsWith(prefix)) || values.has(name)) return undefined;
  return neverExisted.get(name) ?? { name, instead: CLOSE_TIMEOUT_REASON.name };
}

/** Whether rules know what a call of this name does. */
export const hasRole = (name: string): boolean => rolesOf(name) !== NO_ROLES;
