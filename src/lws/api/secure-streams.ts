/**
 * Secure Streams: what handlers return and what they are told.
 *
 * Sources: `lws-secure-streams.h` at v4.1.6, v4.3.0 and v5.0.0; `lib/secure-streams/secure-streams.c` and `lib/secure-streams/protocols/` at v4.3.10 and
 * v5.0.0. `measured`: a WebSocket stream against a plain server, under AddressSanitizer, on 4.1.6, 4.3.10, 4.5.8 and 5.0.0.
 */
import type { Validity } from "./releases.js";

export type Handler = "rx" | "tx" | "state";

/** What a handler may return, by name and by number. */
export const STREAM_RETURNS: readonly { readonly name: string; readonly value: number; readonly by: readonly Handler[] }[] = [
  { name: "LWSSSSRET_TX_DONT_SEND", value: 1, by: ["tx"] },
  { name: "LWSSSSRET_OK", value: 0, by: ["rx", "tx", "state"] },
  { name: "LWSSSSRET_DISCONNECT_ME", value: -1, by: ["rx", "tx", "state"] },
  { name: "LWSSSSRET_DESTROY_ME", value: -2, by: ["rx", "tx", "state"] },
];

export const [STREAM_DONT_SEND, STREAM_OK, STREAM_DISCONNECT, STREAM_DESTROY] = STREAM_RETURNS.map(({ name }) => name) as [string, string, string, string];

/** Is in the documentation and in no enum; the README of 5.0 still asks for it. */
export const STALE_STREAM_RETURN = { name: "LWSSSSRET_SS_HANDLE_DESTROYED", instead: STREAM_DESTROY } as const;
export const STREAM_PREFIX = "LWSSSSRET_SS_";

/** Since these releases headers ask the compiler to warn where the result is dropped (`LWS_WARN_UNUSED_RESULT`). */
export const RESULT_MATTERS: Readonly<Record<string, Validity>> = {
  lws_ss_create: { since: "4.3" },
  lws_ss_request_tx: { since: "4.3" },
  lws_ss_request_tx_len: { since: "4.3" },
  lws_ss_client_connect: { since: "4.3" },
  lws_ss_set_metadata: { since: "4.2" },
  lws_ss_alloc_set_metadata: { since: "4.2" },
};

/** In it a disconnect fails an assertion since 4.3: `lws_ss_check_next_state()` (measured). */
export const NO_DISCONNECT_IN = { name: "LWSSSCS_CONNECTED", since: "4.3" } as const;

/** A WebSocket stream asserts that the first piece of a message is marked: `v5.0.0:lib/secure-streams/protocols/ss-ws.c:199` (measured on 5.0.0). */
export const FLAGS_NEEDED: Validity = { since: "4.5" };

/** Keeps a copy of what it is given, and the first release that has it. */
export const COPIES_METADATA = { name: "lws_ss_alloc_set_metadata", instead: "lws_ss_set_metadata" } as const;

/** The type of what handlers return, and of the state that one of them is told. */
export const STREAM_RETURN_TYPE = /\blws_ss_state_return_t\b/;
export const STREAM_STATE_TYPE = /\blws_ss_constate_t\b/;

/** Whether a text says that the handle of a stream is kept in this member of its object. */
export const keepsHandleIn = (text: string, field: string): boolean =>
  new RegExp(String.raw`\bhandle_offset\s*=\s*offsetof\s*\([^,()]*,\s*${field}\s*\)`).test(text) || (field === "ss" && /\bLWS_SS_USER_TYPEDEF\b/.test(text));
