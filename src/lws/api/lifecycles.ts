/**
 * Kinds of connections, by the reasons that only they have, and the reason in which each of them ends: what keeps the connection has to forget it there.
 *
 * Sources: `lib/core-net/close.c` (close_cb of the role, told once a connection is established), `lib/roles/<role>/ops-<role>.c` at v5.0.0; that CLOSED or
 * CLIENT_CLOSED does not follow CLIENT_CONNECTION_ERROR is `close.c:965-970` there and was measured on 3.2.3, 4.1.6, 4.3.10, 4.5.8 and 5.0.0.
 */
import type { Validity } from "./releases.js";

export interface Lifecycle {
  readonly of: string;
  /** Without the prefix. */
  readonly reasons: readonly string[];
  /** All of them have to forget the connection: which one comes differs from case to case. */
  readonly ends: readonly string[];
  /** Come as well when it ends. */
  readonly alternatives: readonly string[];
  /** The ends in older releases. */
  readonly before?: Validity & { readonly ends: readonly string[] };
}

const ANYWAY = ["WSI_DESTROY"];

export const LIFECYCLES: readonly Lifecycle[] = [
  {
    of: "a WebSocket server's connection",
    reasons: ["ESTABLISHED", "RECEIVE", "RECEIVE_PONG", "SERVER_WRITEABLE", "FILTER_PROTOCOL_CONNECTION", "WS_SERVER_BIND_PROTOCOL"],
    ends: ["CLOSED"],
    alternatives: ["WS_SERVER_DROP_PROTOCOL", ...ANYWAY],
  },
  {
    of: "a WebSocket client's connection",
    reasons: ["CLIENT_ESTABLISHED", "CLIENT_RECEIVE", "CLIENT_RECEIVE_PONG", "CLIENT_WRITEABLE"],
    ends: ["CLIENT_CLOSED"],
    alternatives: ["WS_CLIENT_DROP_PROTOCOL", ...ANYWAY],
    before: { until: "2.4", ends: ["CLOSED"] },
  },
  {
    of: "a client's connection that is being set up",
    reasons: ["CLIENT_APPEND_HANDSHAKE_HEADER", "CLIENT_FILTER_PRE_ESTABLISH", "CONNECTING"],
    ends: ["CLIENT_CONNECTION_ERROR"],
    alternatives: ANYWAY,
  },
  {
    of: "an HTTP server's connection",
    reasons: ["HTTP", "HTTP_BODY", "HTTP_BODY_COMPLETION", "HTTP_WRITEABLE", "FILTER_HTTP_CONNECTION", "HTTP_BIND_PROTOCOL"],
    ends: ["CLOSED_HTTP"],
    alternatives: ["HTTP_DROP_PROTOCOL", ...ANYWAY],
  },
  {
    of: "an HTTP client's connection",
    reasons: ["ESTABLISHED_CLIENT_HTTP", "RECEIVE_CLIENT_HTTP", "RECEIVE_CLIENT_HTTP_READ", "CLIENT_HTTP_WRITEABLE", "CLIENT_HTTP_BIND_PROTOCOL"],
    ends: ["CLOSED_CLIENT_HTTP"],
    alternatives: ["COMPLETED_CLIENT_HTTP", "CLIENT_HTTP_DROP_PROTOCOL", ...ANYWAY],
  },
  {
    of: "a raw connection",
    reasons: ["RAW_ADOPT", "RAW_CONNECTED", "RAW_RX", "RAW_WRITEABLE", "RAW_SKT_BIND_PROTOCOL"],
    ends: ["RAW_CLOSE"],
    alternatives: ["RAW_SKT_DROP_PROTOCOL", ...ANYWAY],
  },
  {
    of: "a raw file",
    reasons: ["RAW_ADOPT_FILE", "RAW_RX_FILE", "RAW_WRITEABLE_FILE"],
    ends: ["RAW_CLOSE_FILE"],
    alternatives: ["RAW_FILE_DROP_PROTOCOL", ...ANYWAY],
  },
  {
    of: "an MQTT client's connection",
    reasons: ["MQTT_CLIENT_ESTABLISHED", "MQTT_CLIENT_RX", "MQTT_CLIENT_WRITEABLE", "MQTT_SUBSCRIBED"],
    ends: ["MQTT_CLIENT_CLOSED"],
    alternatives: ["MQTT_DROP_PROTOCOL", ...ANYWAY],
  },
];

/** How a connection that a client asked for ends when it never comes to be. */
export const CONNECT_FAILS = "CLIENT_CONNECTION_ERROR";
