/** What is known about a name, in Markdown for people: the text of a hover. */
import { SUMMARIES } from "./summaries.js";
import {
  apiFunction, constantValue, EVENT_LIBRARY_HEADER, FORMER_REASONS, isInternal, KILL_ASYNC, KILL_SYNC, NEVER_EXISTED, NO_TIMEOUT,
  OTHER_CONSTANTS, reasonByName, reasonIsTheLibrarys, returnEffects, rolesOf, TIMEOUT_REASONS,
} from "./index.js";
import { REPLACED_BY_INFO, REPLACEMENTS } from "./migration.js";
import { reasonArguments, type WriteRule } from "./reason-arguments.js";
import { ASSUMED_RELEASE, compareReleases, formatRelease, type ReleaseRange, type Validity } from "./releases.js";
import type { ApiFunction, CallbackReason, CallRoles, ReturnEffect, Side, WsiKind } from "./schema.js";
import { isLoopBound, isUnsafeInSignalHandler, modernName } from "./threads.js";

const bullets = (lines: readonly (string | undefined)[]): string =>
  lines
    .filter((line) => line !== undefined)
    .map((line) => `- ${line}`)
    .join("\n");

const OLDEST_RELEASE = "1.0";

/** `since 2.3`, `2.3 to 3.0`. What the oldest known release has may be older. */
const lifetime = ({ since, until }: Validity): string => {
  if (since === undefined) return until === undefined ? "" : `up to ${until}`;
  if (until !== undefined) return since === until ? `in ${since} only` : `${since} to ${until}`;
  return since === OLDEST_RELEASE ? "since 1.0 or before" : `since ${since}`;
};

const isGone = (until: string | undefined, release: ReleaseRange): boolean => until !== undefined && compareReleases(release.from, until) > 0 && !release.from.startsWith(`${until}.`);

// ---- callback reasons ------------------------------------------------------------------------------------

const SIDES: Readonly<Record<Side, string>> = { client: "clients", server: "servers", both: "clients and servers", system: "the library itself, for no connection in particular" };

const CONNECTIONS: Readonly<Record<WsiKind, string>> = {
  live: "the connection being serviced",
  newborn: "a connection that is being set up",
  dying: "a connection that is already being closed",
  fake: "no connection: only context, virtual host and protocol can be asked of it; never store or close it",
  listen: "the listening socket",
  child: "the dying child, while `user` is the parent's",
  user: "whatever the application passed",
};

const RETURNS: Readonly<Record<ReturnEffect, string>> = {
  closes: "closes the connection",
  rejects: "refuses what was about to happen, which ends the connection",
  ignored: "is ignored",
  harmful: "does harm: return 0",
  special: "means something of its own",
  "init-fails": "makes the protocol or virtual host fail to start",
};

const WRITES: Readonly<Record<WriteRule, string>> = {
  yes: "allowed: this is the place for it",
  later: "not here: queue the data, call `lws_callback_on_writable(wsi)` and write in the WRITEABLE callback",
  headers: "response headers only (or `lws_return_http_status()`, `lws_serve_http_file()`); the body belongs in `LWS_CALLBACK_HTTP_WRITEABLE`",
  status: "only a whole answer that refuses, such as `lws_return_http_status()`",
  mqtt: "no: send with `lws_mqtt_client_send_publish()` and `lws_mqtt_client_send_subscribe()`",
  file: "no: `write()` to the descriptor, in `LWS_CALLBACK_RAW_WRITEABLE_FILE`",
  other: "no: there is no connection. Call `lws_callback_on_writable()` for those that have something to send",
  unknown: "depends on what the application does",
  no: "no",
};

const returnLine = (reason: CallbackReason, release: ReleaseRange): string => {
  const effects = returnEffects(reason, release);
  const which = reason.closesOn === "negative" ? "A negative return" : "A nonzero return";
  const told = effects.map((effect) => RETURNS[effect]).join(", or ");
  const more = reason.closesOn === "negative" ? "; one above 0 does not" : "";
  return `${which} ${told}${effects.length > 1 ? ", depending on the release" : ""}${more}.`;
};

const noteLine = ({ since, until, note }: NonNullable<CallbackReason["versions"]>[number]): string => {
  const when = lifetime({ since, until });
  return when === "" ? `${note.charAt(0).toUpperCase()}${note.slice(1)}.` : `${when.charAt(0).toUpperCase()}${when.slice(1)}: ${note}.`;
};

function describeReason(reason: CallbackReason, release: ReleaseRange): string {
  const known = reasonArguments(reason.name);
  const former = FORMER_REASONS.includes(reason);
  const closing = reason.dying ? "The connection is ending already: nothing has to close it." : undefined;
  const lost = reason.asyncKillLost ? "`LWS_TO_KILL_ASYNC` is forgotten here, as the handshake sets the timeout anew: `return -1`." : undefined;
  return [
    `**${reason.name}** (${reason.number}): callback reason of libwebsockets, ${lifetime(reason)}`,
    bullets([
      `Called for ${SIDES[reason.side]}. \`wsi\` is ${CONNECTIONS[reason.wsi]}.`,
      reason.wsi === "fake" || reason.userValid ? undefined : "`user` is not the session's data.",
      known?.given === undefined ? undefined : `\`in\` is ${known.given}.`,
      former ? undefined : returnLine(reason, release),
      known === undefined ? undefined : `\`lws_write()\`: ${WRITES[known.write]}.`,
      closing,
      lost,
      ...(reason.versions ?? []).map(noteLine),
    ]),
  ].join("\n\n");
}

// ---- functions -------------------------------------------------------------------------------------------

const KINDS: Readonly<Record<ApiFunction["kind"], string>> = {
  function: "function", macro: "macro", inline: "inline function", alias: "macro, another name of a function", internal: "internal function",
};

/** What the roles mean for somebody who is about to write the call. */
const ROLE_NOTES: readonly (readonly [role: keyof CallRoles, note: string])[] = [
  ["destroysContext", "Never in a callback: set a flag, wake the loop with `lws_cancel_service()`, and destroy once after the loop."],
  ["servicesLoop", "Never in a callback: it calls callbacks before it returns."],
  ["closesConnection", "Frees the connection at once. In its own callback `return -1`, elsewhere `lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC)`."],
  ["wakesLoop", "Safe in other threads and in signal handlers."],
  ["socketOf", "Closing it makes the event loop spin; close the connection instead."],
  ["destroysStream", "Ends the Secure Stream; not from its own handlers."],
  ["asksStream", "Asks something of a Secure Stream; the result matters."],
  ["setsMetadata", "Keeps a pointer to the value."],
  ["unlinks", "Takes an element out of its list."],
  ["controlsFlow", "Changes something of the connection."],
  ["schedules", "The function it is given is called by the event loop."],
];

const threadNote = (name: string, internal: boolean): string | undefined => {
  if (internal || rolesOf(name).wakesLoop !== undefined) return undefined;
  if (isLoopBound(name)) return "Only on the thread that runs the event loop.";
  return isUnsafeInSignalHandler(name) ? "Not in a signal handler." : undefined;
};

function describeFunction(found: ApiFunction, release: ReleaseRange): string {
  const { name } = found;
  const internal = isInternal(name, release);
  const modern = modernName(name);
  const roles = rolesOf(name);
  const since = found.since === undefined ? "in no installed header" : `${lifetime(found)}, \`${found.header}\``;
  const forEventLibraries = found.header === EVENT_LIBRARY_HEADER;
  return [
    `**${name}${found.kind === "macro" ? "" : "()"}**: ${internal && found.kind !== "internal" ? "internal " : ""}${KINDS[found.kind]} of libwebsockets, ${since}`,
    SUMMARIES[name] ?? SUMMARIES[modern],
    bullets([
      modern !== name ? `Called \`${modern}\` since 1.6.` : undefined,
      modern === name && REPLACEMENTS[name] !== undefined ? `Use \`${REPLACEMENTS[name].instead}()\` instead.` : undefined,
      REPLACED_BY_INFO[name] === undefined ? undefined : `Set \`${REPLACED_BY_INFO[name]}\` of the creation info instead.`,
      isGone(found.until, release) ? `Not in ${formatRelease(release)}: the last release with it is ${found.until!}.` : undefined,
      internal ? `Not for applications${forEventLibraries ? ": exported for event library plugins alone" : ""}.` : undefined,
      ...ROLE_NOTES.flatMap(([role, note]) => (roles[role] === undefined ? [] : [note])),
      threadNote(name, internal),
    ]),
  ]
    .filter((part) => part !== undefined && part !== "")
    .join("\n\n");
}

// ---- constants -------------------------------------------------------------------------------------------

const CONSTANT_NOTES: Readonly<Record<string, string>> = {
  [KILL_ASYNC.name]: "As time of `lws_set_timeout()`: the event loop closes the connection in its next turn, once the callback has returned.",
  [KILL_SYNC.name]: "As time of `lws_set_timeout()`: closes and frees the connection before the call returns. Never for the connection being serviced.",
  [NO_TIMEOUT.name]: "Cancels the connection's timeout, with a time of 0.",
  PENDING_TIMEOUT_USER_OK: "A timeout reason for the application's own use; the one to close with: `lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC)`.",
  PENDING_TIMEOUT_USER_REASON_BASE: "The first number for timeout reasons of the application's own.",
};

function describeConstant(name: string): string | undefined {
  const timeout = TIMEOUT_REASONS.find((one) => one.name === name);
  const found = timeout ?? [KILL_ASYNC, KILL_SYNC, ...OTHER_CONSTANTS].find((one) => one.name === name);
  if (found === undefined) return undefined;
  const what = timeout === undefined ? "constant" : "timeout reason";
  const note = CONSTANT_NOTES[name] ?? (timeout && reasonIsTheLibrarys(timeout.value) ? "Set by the library for purposes of its own." : undefined);
  return [`**${name}** (${found.value}): ${what} of libwebsockets, ${lifetime(found)}`, note].filter((part) => part !== undefined).join("\n\n");
}

/**
 * What a name of libwebsockets is, since which release, and what follows for code that uses it; `undefined` for names that are none.
 *
 * @param release by which the file is judged
 */
export function describeName(name: string, release: ReleaseRange = ASSUMED_RELEASE): string | undefined {
  const never = NEVER_EXISTED.find((one) => one.name === name);
  if (never !== undefined) return `**${name}** exists in no release of libwebsockets. Use \`${never.instead}\`.`;
  const reason = reasonByName(name);
  if (reason !== undefined) return describeReason(reason, release);
  const constant = constantValue(name) === undefined ? undefined : describeConstant(name);
  if (constant !== undefined) return constant;
  const found = apiFunction(name);
  return found && describeFunction(found, release);
}

