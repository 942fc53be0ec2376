/** What `lws_write()` takes. */
/**
 * What is written (`enum lws_write_protocol`, the same numbers in all releases), with flags from 0x20 up. Source: `lws-write.h`.
 * `frame`: a WebSocket frame, or a part of one; a header goes in front of the data. `control`: a frame that may come between the parts of a
 * message. `plain`: goes out as it is on a WebSocket (`roles/ws/ops-ws.c`: `send_raw`).
 */
export const WRITE_KINDS: readonly { readonly name: string; readonly value: number; readonly since: string; readonly is: "frame" | "control" | "plain" | "flag" }[] = [
  { name: "LWS_WRITE_TEXT", value: 0, since: "1.0", is: "frame" },
  { name: "LWS_WRITE_BINARY", value: 1, since: "1.0", is: "frame" },
  { name: "LWS_WRITE_CONTINUATION", value: 2, since: "1.0", is: "frame" },
  { name: "LWS_WRITE_HTTP", value: 3, since: "1.0", is: "plain" },
  { name: "LWS_WRITE_RAW", value: 3, since: "2.2", is: "plain" },
  { name: "LWS_WRITE_PING", value: 5, since: "1.0", is: "control" },
  { name: "LWS_WRITE_PONG", value: 6, since: "1.0", is: "control" },
  { name: "LWS_WRITE_HTTP_FINAL", value: 7, since: "1.4", is: "plain" },
  { name: "LWS_WRITE_HTTP_HEADERS", value: 8, since: "1.4", is: "plain" },
  { name: "LWS_WRITE_HTTP_HEADERS_CONTINUATION", value: 9, since: "2.1", is: "plain" },
  { name: "LWS_WRITE_BUFLIST", value: 0x20, since: "3.2", is: "flag" },
  { name: "LWS_WRITE_NO_FIN", value: 0x40, since: "1.0", is: "flag" },
  { name: "LWS_WRITE_H2_STREAM_END", value: 0x80, since: "3.1", is: "flag" },
  { name: "LWS_WRITE_CLIENT_IGNORE_XOR_MASK", value: 0x80, since: "1.0", is: "flag" },
];

/** Room for the header that goes in front of the data; the longest one of a WebSocket uses 14 bytes of it (RFC 6455, 5.2). */
export const PRE = { name: "LWS_PRE", value: 16, used: 14, since: "1.7", oldName: "LWS_SEND_BUFFER_PRE_PADDING" } as const;

/** Bits that are no protocol by themselves. */
export const WRITE_FLAGS = 0xe0;
export const NO_FIN = 0x40;
export const CONTINUATION = 2;
export const BUFLIST = 0x20;

/** A file with one of these serves QUIC streams, which have the writeable reasons of WebSockets (5.0, `roles/quic/ops-quic.c`). */
export const HTTP_OVER_QUIC = /\bLWS_CALLBACK_QT_\w+_RECEIVE\b/;

/** The last reasons on which a WebSocket has the headers of its handshake ("lost after the ESTABLISHED callback", `README.coding.md`). */
export const HEADERS_LAST_SEEN: ReadonlySet<string> = new Set(["LWS_CALLBACK_ESTABLISHED", "LWS_CALLBACK_CLIENT_ESTABLISHED"]);
