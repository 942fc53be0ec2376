/**
 * What a callback is given with each reason, and whether it may write there.
 *
 * Sources: the call sites named in `reasons.ts`, `lws-callbacks.h` and `lws-write.h` at v5.0.0. Measured on 3.2.3 to 5.0.0: a write in CLOSED returns
 * -1, one in CLIENT_CLOSED is dropped; a single small write works in RECEIVE and ESTABLISHED too, while several of more than the buffer's size
 * in one callback corrupt the stream.
 */

/**
 * Whether `lws_write()` is allowed: `yes`; `later`: ask for a WRITEABLE callback; `headers`: response headers only, the body comes later; `status`:
 * nothing but a whole answer that refuses; `mqtt`: with functions of its own; `file`: with `write()` on the descriptor; `other`: ask for a WRITEABLE
 * callback of the connections meant; `unknown`: depends on the application; `no`.
 */
export type WriteRule = "yes" | "later" | "headers" | "status" | "mqtt" | "file" | "other" | "unknown" | "no";

/** By the name without `LWS_CALLBACK_`: the rule, and what `in` is where it is not NULL. */
const ARGUMENTS: Readonly<Record<string, readonly [write: WriteRule, given?: string]>> = {
  ESTABLISHED: ["later", "`SSL *`, or NULL without TLS"],
  CLIENT_CONNECTION_ERROR: ["no", "text of the error, `len` bytes, or NULL"],
  CLIENT_FILTER_PRE_ESTABLISH: ["no"],
  CLIENT_ESTABLISHED: ["later"],
  CLOSED: ["no"],
  CLOSED_HTTP: ["no"],
  RECEIVE: ["later", "a piece of the message, `len` bytes: see `lws_is_final_fragment()`"],
  RECEIVE_PONG: ["later", "payload of the pong, `len` bytes"],
  CLIENT_RECEIVE: ["later", "a piece of the message, `len` bytes: see `lws_is_final_fragment()`"],
  CLIENT_RECEIVE_PONG: ["later", "payload of the pong, `len` bytes"],
  CLIENT_WRITEABLE: ["yes"],
  SERVER_WRITEABLE: ["yes"],
  HTTP: ["headers", "URI behind the mount point, NUL-terminated"],
  HTTP_BODY: ["later", "a piece of the body, `len` bytes, not NUL-terminated"],
  HTTP_BODY_COMPLETION: ["headers"],
  HTTP_FILE_COMPLETION: ["later"],
  HTTP_WRITEABLE: ["yes"],
  FILTER_NETWORK_CONNECTION: ["no", "descriptor of the accepted socket, as a pointer"],
  FILTER_HTTP_CONNECTION: ["status", "the URI, `len` bytes"],
  SERVER_NEW_CLIENT_INSTANTIATED: ["later"],
  FILTER_PROTOCOL_CONNECTION: ["status", "name of the protocol asked for"],
  OPENSSL_LOAD_EXTRA_CLIENT_VERIFY_CERTS: ["no"],
  OPENSSL_LOAD_EXTRA_SERVER_VERIFY_CERTS: ["no", "`struct lws_vhost *`"],
  OPENSSL_PERFORM_CLIENT_CERT_VERIFICATION: ["no", "`SSL *`; `len` is preverify_ok"],
  CLIENT_APPEND_HANDSHAKE_HEADER: ["no", "`char **`: append there and move it on; `len` is the room left"],
  CONFIRM_EXTENSION_OKAY: ["no", "name of the extension"],
  CLIENT_CONFIRM_EXTENSION_SUPPORTED: ["no", "name of the extension"],
  PROTOCOL_INIT: ["no", "`struct lws_protocol_vhost_options *` or NULL"],
  PROTOCOL_DESTROY: ["no"],
  WSI_CREATE: ["no"],
  WSI_DESTROY: ["no"],
  GET_THREAD_ID: ["no"],
  ADD_POLL_FD: ["no", "`struct lws_pollargs *`"],
  DEL_POLL_FD: ["no", "`struct lws_pollargs *`"],
  CHANGE_MODE_POLL_FD: ["no", "`struct lws_pollargs *`"],
  LOCK_POLL: ["no", "`struct lws_pollargs *`; `len` is 1 when the table of descriptors changes"],
  UNLOCK_POLL: ["no", "`struct lws_pollargs *`"],
  WS_PEER_INITIATED_CLOSE: ["no", "close code and reason, `len` bytes"],
  WS_EXT_DEFAULTS: ["no", "`char *`: room for an option string; `len` is its size"],
  CGI: ["yes", "`struct lws_cgi_args *`"],
  CGI_TERMINATED: ["yes", "`struct lws_cgi_args *`; `len` is the process id"],
  CGI_STDIN_DATA: ["no", "`struct lws_cgi_args *`"],
  CGI_STDIN_COMPLETED: ["no"],
  ESTABLISHED_CLIENT_HTTP: ["later"],
  CLOSED_CLIENT_HTTP: ["no"],
  RECEIVE_CLIENT_HTTP: ["later"],
  COMPLETED_CLIENT_HTTP: ["later"],
  RECEIVE_CLIENT_HTTP_READ: ["later", "a piece of the body, `len` bytes"],
  HTTP_BIND_PROTOCOL: ["no"],
  HTTP_DROP_PROTOCOL: ["no", "why, as text"],
  CHECK_ACCESS_RIGHTS: ["status", "`struct lws_process_html_args *`"],
  PROCESS_HTML: ["no", "`struct lws_process_html_args *`"],
  ADD_HEADERS: ["no", "`struct lws_process_html_args *`: append at `p`, `max_len` is the room left"],
  SESSION_INFO: ["no"],
  GS_EVENT: ["no"],
  HTTP_PMO: ["no", "`const struct lws_protocol_vhost_options *`"],
  CLIENT_HTTP_WRITEABLE: ["yes"],
  OPENSSL_PERFORM_SERVER_CERT_VERIFICATION: ["no", "`SSL *`; `len` is preverify_ok"],
  RAW_RX: ["later", "data, `len` bytes"],
  RAW_CLOSE: ["no"],
  RAW_WRITEABLE: ["yes"],
  RAW_ADOPT: ["later"],
  RAW_ADOPT_FILE: ["no"],
  RAW_RX_FILE: ["file", "NULL: read the descriptor yourself"],
  RAW_WRITEABLE_FILE: ["file"],
  RAW_CLOSE_FILE: ["no"],
  SSL_INFO: ["no", "`struct lws_ssl_info *`"],
  CHILD_CLOSING: ["no", "the child connection"],
  CGI_PROCESS_ATTACH: ["no", "NULL; `len` is the process id of the child"],
  EVENT_WAIT_CANCELLED: ["other"],
  VHOST_CERT_AGING: ["no", "`struct lws_acme_cert_aging_args *`; `len` is the number of days"],
  TIMER: ["later"],
  VHOST_CERT_UPDATE: ["no", "JSON or NULL; `len` is the state"],
  CLIENT_CLOSED: ["no"],
  CLIENT_HTTP_DROP_PROTOCOL: ["no", "why, as text"],
  WS_SERVER_BIND_PROTOCOL: ["no"],
  WS_SERVER_DROP_PROTOCOL: ["no", "why, as text"],
  WS_CLIENT_BIND_PROTOCOL: ["no"],
  WS_CLIENT_DROP_PROTOCOL: ["no", "why, as text"],
  RAW_SKT_BIND_PROTOCOL: ["no"],
  RAW_SKT_DROP_PROTOCOL: ["no", "why, as text"],
  RAW_FILE_BIND_PROTOCOL: ["no"],
  RAW_FILE_DROP_PROTOCOL: ["no", "why, as text"],
  CLIENT_HTTP_BIND_PROTOCOL: ["no"],
  HTTP_CONFIRM_UPGRADE: ["status", "name of the upgrade: `websocket`, `h2c`"],
  RAW_PROXY_CLI_RX: ["no", "data, `len` bytes"],
  RAW_PROXY_SRV_RX: ["no", "data, `len` bytes"],
  RAW_PROXY_CLI_CLOSE: ["no"],
  RAW_PROXY_SRV_CLOSE: ["no"],
  RAW_PROXY_CLI_WRITEABLE: ["yes"],
  RAW_PROXY_SRV_WRITEABLE: ["yes"],
  RAW_PROXY_CLI_ADOPT: ["no"],
  RAW_PROXY_SRV_ADOPT: ["no"],
  RAW_PROXY_CLI_BIND_PROTOCOL: ["no"],
  RAW_PROXY_SRV_BIND_PROTOCOL: ["no"],
  RAW_PROXY_CLI_DROP_PROTOCOL: ["no", "why, as text"],
  RAW_PROXY_SRV_DROP_PROTOCOL: ["no", "why, as text"],
  RAW_CONNECTED: ["later"],
  VERIFY_BASIC_AUTHORIZATION: ["no", "`user:password` in plain text, `len` bytes"],
  WSI_TX_CREDIT_GET: ["no", "NULL; `len` is by how much to raise the credit"],
  CLIENT_HTTP_REDIRECT: ["no", "the new location; `len` is the HTTP status"],
  CONNECTING: ["no", "descriptor of the socket, as a pointer"],
  MQTT_NEW_CLIENT_INSTANTIATED: ["no"],
  MQTT_IDLE: ["no"],
  MQTT_CLIENT_ESTABLISHED: ["later"],
  MQTT_SUBSCRIBED: ["later"],
  MQTT_CLIENT_WRITEABLE: ["mqtt"],
  MQTT_CLIENT_RX: ["later", "`lws_mqtt_publish_param_t *`"],
  MQTT_UNSUBSCRIBED: ["later"],
  MQTT_DROP_PROTOCOL: ["no", "why, as text"],
  MQTT_CLIENT_CLOSED: ["no"],
  MQTT_ACK: ["later"],
  MQTT_RESEND: ["later"],
  MQTT_UNSUBSCRIBE_TIMEOUT: ["later"],
  MQTT_SHADOW_TIMEOUT: ["later"],
  MQTT_QOS2_RX_COMPLETE: ["later", "`uint16_t *`: the packet id"],
  HTTP_INTERCEPTOR_CHECK: ["no", "`const struct lws_protocols *`"],
  GET_PSS_SIZE: ["no"],
  DHT_VERB_DISPATCH: ["no", "`struct lws_dht_verb_dispatch_args *`"],
  QT_SERVER_RECEIVE: ["later", "data, `len` bytes"],
  QT_CLIENT_RECEIVE: ["later", "data, `len` bytes"],
  CLIENT_ESTABLISHED_EARLY: ["later"],
  USER: ["unknown"],
};

export interface ReasonArguments {
  readonly write: WriteRule;
  /** What the parameter `in` is, in words; absent where it is NULL or says nothing. */
  readonly given?: string;
}

/** By full name; `undefined` for reasons of releases before 1.2 and unknown ones. */
export const reasonArguments = (name: string): ReasonArguments | undefined => {
  const short = name.replace(/^LWS_CALLBACK_/, "");
  const row = Object.hasOwn(ARGUMENTS, short) ? ARGUMENTS[short] : undefined;
  return row && { write: row[0], ...(row[1] === undefined ? {} : { given: row[1] }) };
};
