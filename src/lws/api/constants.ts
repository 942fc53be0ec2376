/**
 * Constants of libwebsockets, with their values.
 *
 * Source: `enum pending_timeout` and the macros of `lws-timeout-timer.h` (before 3.0 `libwebsockets.h`) in all release tags;
 * `tools/extract-api.ts --check` compares them, and a test compiles them against the installed header.
 */
import type { Validity } from "./releases.js";
import type { NeverExisted, TimeoutReason } from "./schema.js";

const T = (name: string, value: number, since: string, until?: string): TimeoutReason =>
  until === undefined ? { name, value, since } : { name, value, since, until };

export const TIMEOUT_REASONS: readonly TimeoutReason[] = [
  T("NO_PENDING_TIMEOUT", 0, "1.23"),
  T("PENDING_TIMEOUT_AWAITING_PROXY_RESPONSE", 1, "1.23"),
  T("PENDING_TIMEOUT_AWAITING_CONNECT_RESPONSE", 2, "1.23"),
  T("PENDING_TIMEOUT_ESTABLISH_WITH_SERVER", 3, "1.23"),
  T("PENDING_TIMEOUT_AWAITING_SERVER_RESPONSE", 4, "1.23"),
  T("PENDING_TIMEOUT_AWAITING_PING", 5, "1.23"),
  T("PENDING_TIMEOUT_CLOSE_ACK", 6, "1.23"),
  T("PENDING_TIMEOUT_AWAITING_EXTENSION_CONNECT_RESPONSE", 7, "1.23", "2.4"),
  T("PENDING_TIMEOUT_UNUSED1", 7, "3.0"),
  T("PENDING_TIMEOUT_SENT_CLIENT_HANDSHAKE", 8, "1.23"),
  T("PENDING_TIMEOUT_SSL_ACCEPT", 9, "1.23"),
  T("PENDING_TIMEOUT_HTTP_CONTENT", 10, "1.3"),
  T("PENDING_TIMEOUT_AWAITING_CLIENT_HS_SEND", 11, "1.3"),
  T("PENDING_FLUSH_STORED_SEND_BEFORE_CLOSE", 12, "1.5"),
  T("PENDING_TIMEOUT_SHUTDOWN_FLUSH", 13, "1.7"),
  T("PENDING_TIMEOUT_CGI", 14, "2.0"),
  T("PENDING_TIMEOUT_HTTP_KEEPALIVE_IDLE", 15, "2.0"),
  T("PENDING_TIMEOUT_WS_PONG_CHECK_SEND_PING", 16, "2.1"),
  T("PENDING_TIMEOUT_WS_PONG_CHECK_GET_PONG", 17, "2.1"),
  T("PENDING_TIMEOUT_CLIENT_ISSUE_PAYLOAD", 18, "2.1"),
  T("PENDING_TIMEOUT_AWAITING_SOCKS_GREETING_REPLY", 19, "2.3"),
  T("PENDING_TIMEOUT_AWAITING_SOCKS_CONNECT_REPLY", 20, "2.3"),
  T("PENDING_TIMEOUT_AWAITING_SOCKS_AUTH_REPLY", 21, "2.3"),
  T("PENDING_TIMEOUT_KILLED_BY_SSL_INFO", 22, "2.3"),
  T("PENDING_TIMEOUT_KILLED_BY_PARENT", 23, "2.3"),
  T("PENDING_TIMEOUT_CLOSE_SEND", 24, "2.3"),
  T("PENDING_TIMEOUT_HOLDING_AH", 25, "2.3"),
  T("PENDING_TIMEOUT_UDP_IDLE", 26, "3.0"),
  T("PENDING_TIMEOUT_CLIENT_CONN_IDLE", 27, "3.0"),
  T("PENDING_TIMEOUT_LAGGING", 28, "3.0"),
  T("PENDING_TIMEOUT_THREADPOOL", 29, "3.1"),
  T("PENDING_TIMEOUT_THREADPOOL_TASK", 30, "3.1"),
  T("PENDING_TIMEOUT_KILLED_BY_PROXY_CLIENT_CLOSE", 31, "3.1"),
  T("PENDING_TIMEOUT_USER_OK", 32, "3.2"),
  // In no release yet: on the development branch since August 2026.
  T("PENDING_TIMEOUT_HTTP_RESPONSE", 33, "5.1"),
  T("PENDING_TIMEOUT_USER_REASON_BASE", 1000, "2.4"),
];

/** `lws_set_timeout()` knows two negative times since 2.3. */
export const KILL_ASYNC = { name: "LWS_TO_KILL_ASYNC", value: -1, since: "2.3" } as const;
export const KILL_SYNC = { name: "LWS_TO_KILL_SYNC", value: -2, since: "2.3" } as const;

/** `LWS_SET_TIMER_USEC_CANCEL`: as a delay it cancels a timer (`lws-timeout-timer.h`). */
export const KILL_TIMER = -1;

/** Cancels the timeout; with a time of 0 the right way to say so in every release. */
export const NO_TIMEOUT = { name: "NO_PENDING_TIMEOUT", value: 0 } as const;

/**
 * What an asynchronous kill is asked for with, newest first. Since 3.2 the reason does not matter (measured); before, any but `NO_PENDING_TIMEOUT`
 * does (`lws_set_timeout()` at 2.3.0, 2.4.2, 3.0.1 and 3.1.0: the timeout has expired by the next check).
 */
export const CLOSE_TIMEOUT_REASONS = [
  { name: "PENDING_TIMEOUT_USER_OK", since: "3.2" },
  { name: "PENDING_TIMEOUT_USER_REASON_BASE", since: "2.4" },
] as const;

/** Before this release `NO_PENDING_TIMEOUT` cancels an asynchronous kill as well (measured 2.4.2, 3.2.3 and later). */
export const KILL_WITHOUT_REASON_SINCE = "3.2";

/** Before this release a time of 0 made the timeout expire at once; since then it only cancels (`wsi-timeout.c`, measured 3.2.3 to 5.0.0). */
export const ZERO_CANCELS_SINCE = "3.2";

/** Since then the service functions wait until something happens, whatever time they are given (`lws-service.h`: "Set to 0; ignored"; `lws_plat_service()`). */
export const SERVICE_TIME_IGNORED_SINCE = "3.2";

/**
 * What `lws_context_destroy()` in a callback does. Measured on 3.2.3, 4.1.6, 4.3.10, 4.5.8 and 5.0.0, the rest by `lws_context_destroy()` at the tags:
 * up to 3.2 it closes everything at once; 4.0 to 4.2 put it off and expect a second call; since 4.3 the service function finishes it.
 */
export const DESTROY_IN_CALLBACK: readonly (Validity & { readonly effect: string })[] = [
  { until: "3.2", effect: "frees the connections at once, under the event loop that is calling back" },
  { since: "4.0", until: "4.2", effect: "leaks the context unless it is destroyed again after the loop" },
  { since: "4.3", effect: "frees the context when the loop comes back: another destroy after that is a use after free" },
];

const CLOSE_STATUSES = Object.entries({
  NOSTATUS: 0, NORMAL: 1000, GOINGAWAY: 1001, PROTOCOL_ERR: 1002, UNACCEPTABLE_OPCODE: 1003, RESERVED: 1004, NO_STATUS: 1005, ABNORMAL_CLOSE: 1006,
  INVALID_PAYLOAD: 1007, POLICY_VIOLATION: 1008, MESSAGE_TOO_LARGE: 1009, EXTENSION_REQUIRED: 1010, UNEXPECTED_CONDITION: 1011, TLS_FAILURE: 1015,
}).map(([name, value]) => ({ name: `LWS_CLOSE_STATUS_${name}`, value, since: "1.3" }));

/** Why a status must not stand in a close frame (RFC 6455, 7.4), `undefined` where it may. 0 is the library's word for "no status". */
export function unsendableStatus(status: number): string | undefined {
  if (status === 1004) return "it is reserved";
  if (status === 1005) return "it stands for a close frame without a status";
  if (status === 1006) return "it stands for a connection that ended without a close frame";
  if (status === 1015) return "it stands for a TLS handshake that failed";
  if (status > 0 && status < 1000) return "statuses below 1000 are not used";
  return status >= 5000 ? "statuses end at 4999" : undefined;
}

/** Bytes of text in a close frame: a control frame holds 125 (RFC 6455, 5.5), two of them are the status. */
export const CLOSE_TEXT_LIMIT = 123;

/** Values of other macros that code compares with. Source: `lws-timeout-timer.h`. */
export const OTHER_CONSTANTS: readonly { readonly name: string; readonly value: number; readonly since: string }[] = [
  { name: "LWS_SET_TIMER_USEC_CANCEL", value: -1, since: "3.0" },
  // `lws-write.h`, `libwebsockets.h`: room for the largest header in front of the data, as 64-bit machines have it.
  { name: "LWS_PRE", value: 16, since: "1.7" },
  { name: "LWS_SEND_BUFFER_PRE_PADDING", value: 16, since: "1.3" },
  { name: "LWS_SEND_BUFFER_POST_PADDING", value: 0, since: "1.3" },
  // `lws-ws-close.h`.
  ...CLOSE_STATUSES,
];

/** Macros that tell the release a program is compiled with (`lws_config.h`; the number is major * 1000000 + minor * 1000 + patch). */
export const VERSION_MACROS: Readonly<Record<string, "number" | "major" | "minor" | "patch">> = {
  LWS_LIBRARY_VERSION_NUMBER: "number",
  LWS_LIBRARY_VERSION_MAJOR: "major",
  LWS_LIBRARY_VERSION_MINOR: "minor",
  LWS_LIBRARY_VERSION_PATCH: "patch",
};

/** Families of names in which every member is known: an unknown one with the prefix exists in no release. */
export const TIMEOUT_PREFIXES: readonly string[] = ["PENDING_TIMEOUT_"];

/**
 * Names that texts about libwebsockets mention and no header ever had.
 * Source: search of all release tags; the callback reasons stand in the library's own `READMEs/README.lifecycle.md`.
 */
export const NEVER_EXISTED: readonly NeverExisted[] = [
  { name: "PENDING_TIMEOUT_USER_WSI_CLOSE", instead: "PENDING_TIMEOUT_USER_OK" },
  { name: "LWS_CALLBACK_RECEIVE_HTTP", instead: "LWS_CALLBACK_RECEIVE_CLIENT_HTTP_READ" },
  { name: "LWS_CALLBACK_WS_BIND_PROTOCOL", instead: "LWS_CALLBACK_WS_SERVER_BIND_PROTOCOL" },
  { name: "LWS_CALLBACK_WS_DROP_PROTOCOL", instead: "LWS_CALLBACK_WS_SERVER_DROP_PROTOCOL" },
];

/** The kind of write that ends a response (`enum lws_write_protocol`). */
export const FINAL_WRITE = { name: "LWS_WRITE_HTTP_FINAL", value: 7 } as const;

/** Says that a response is complete, so that the connection can take the next request. */
export const COMPLETE_TRANSACTION = "lws_http_transaction_completed";
