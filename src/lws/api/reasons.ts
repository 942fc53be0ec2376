/**
 * Every reason with which libwebsockets calls a protocol callback, and what can be done there.
 *
 * Sources of the columns
 * - number, since: the headers of all release tags (`tools/extract-api.ts --check` compares them).
 * - side, wsi, userValid, dying, and returnEffect and closesOn unless marked `measured`: read at the call site in the library's source,
 *   named in the last column of each row as lines of revision 1e967537a (August 2026, 85 commits after 5.0.0).
 * - `measured`: programs that return -1 there were run against 3.2.3, 4.1.6, 4.3.10, 4.5.8 and 5.0.0. Where source reading and
 *   measurement differ, the measurement stands.
 * - asyncKillLost: measured. `LWS_TO_KILL_ASYNC` on the own connection closes within 0.2 ms in all other reasons that were tried.
 *   On a connection that is dying already (CLIENT_CONNECTION_ERROR, CLOSED, CLIENT_CLOSED, WSI_DESTROY) it does nothing (measured 4.1.6, 4.3.10).
 * - syncKillHarmless: measured with `LWS_TO_KILL_SYNC` and `lws_close_free_wsi()` under AddressSanitizer. False also means "not tried":
 *   CLIENT_CONNECTION_ERROR, for example, is a use after free although the connection is dying there.
 * - isWebSocket: `lws_close_reason()` asserts on, and reads through, the WebSocket part of the connection (`roles/ws/ops-ws.c`), so only
 *   reasons that an established WebSocket alone can have are marked. TIMER, which any connection can have, is not.
 */
import type { CallbackReason, ClosesOn, ReasonVersion, ReturnEffect, Side, SpecialReturn, WsiKind } from "./schema.js";

type Flag = "dying" | "userValid" | "asyncKillLost" | "syncKillHarmless" | "isWebSocket";

function row(
  name: string,
  number: number,
  since: string,
  side: Side,
  wsi: WsiKind,
  returnEffect: ReturnEffect,
  closesOn: ClosesOn,
  flags: string,
  source: string,
  versions?: readonly ReasonVersion[],
): CallbackReason {
  const has = (flag: Flag): boolean => flags.split(" ").includes(flag);
  return {
    name: `LWS_CALLBACK_${name}`,
    number,
    since,
    side,
    wsi,
    userValid: has("userValid"),
    dying: has("dying"),
    returnEffect,
    closesOn,
    asyncKillLost: has("asyncKillLost"),
    syncKillHarmless: has("syncKillHarmless"),
    isWebSocket: has("isWebSocket"),
    ...(versions === undefined ? {} : { versions }),
    source,
  };
}

export const CALLBACK_REASONS: readonly CallbackReason[] = [
  row("ESTABLISHED", 0, "1.0", "server", "live", "closes", "nonzero", "isWebSocket userValid", "measured; lib/roles/ws/ops-ws.c:917-926; issue #1973", [
    { until: "3.2", returnEffect: "ignored", note: "the connection stays open (measured 3.2.3; issue 1973)" },
  ]),
  row("CLIENT_CONNECTION_ERROR", 1, "1.0", "client", "dying", "ignored", "none", "dying userValid", "measured; lib/core-net/close.c:439-444"),
  row("CLIENT_FILTER_PRE_ESTABLISH", 2, "1.2", "client", "live", "rejects", "nonzero", "asyncKillLost userValid", "measured; lib/roles/ws/client-ws.c:621-626; lib/roles/http/client/client-http.c:1566-1572", [
    { note: "CLIENT_CONNECTION_ERROR \"Rejected by filter cb\" follows (measured)" },
  ]),
  row("CLIENT_ESTABLISHED", 3, "1.0", "client", "live", "closes", "nonzero", "isWebSocket userValid", "measured; lib/roles/ws/client-ws.c:668-673", [
    { since: "4.1", note: "told as CLIENT_CONNECTION_ERROR \"Rejected at CLIENT_ESTABLISHED\", without CLIENT_CLOSED (measured)" },
  ]),
  row("CLOSED", 4, "1.0", "server", "dying", "ignored", "none", "syncKillHarmless dying userValid", "measured; lib/core-net/close.c:940-990; lib/roles/ws/ops-ws.c:2332; changelog v3.0.0"),
  row("CLOSED_HTTP", 5, "1.23", "server", "dying", "ignored", "none", "dying userValid", "measured; lib/core-net/close.c:940-990; lib/roles/h1/ops-h1.c:1265"),
  row("RECEIVE", 6, "1.0", "server", "live", "closes", "nonzero", "isWebSocket userValid", "measured; lib/roles/ws/ops-ws.c:757-771; lib/core-net/wsi.c:462"),
  row("RECEIVE_PONG", 7, "1.5", "server", "live", "closes", "nonzero", "isWebSocket userValid", "lib/roles/ws/ops-ws.c:757-771"),
  row("CLIENT_RECEIVE", 8, "1.0", "client", "live", "closes", "nonzero", "isWebSocket userValid", "measured; lib/roles/ws/client-parser-ws.c:785-795"),
  row("CLIENT_RECEIVE_PONG", 9, "1.0", "client", "live", "closes", "nonzero", "isWebSocket userValid", "lib/roles/ws/client-parser-ws.c:758-795"),
  row("CLIENT_WRITEABLE", 10, "1.0", "client", "live", "closes", "nonzero", "isWebSocket userValid", "measured; lib/roles/ws/ops-ws.c:1054-1091,2329"),
  row("SERVER_WRITEABLE", 11, "1.0", "server", "live", "closes", "nonzero", "isWebSocket userValid", "measured; lib/roles/ws/ops-ws.c:1054-1091"),
  row("HTTP", 12, "1.0", "server", "live", "closes", "nonzero", "userValid", "measured; lib/roles/http/server/server.c:2374-2385; lib/roles/h2/ops-h2.c:982"),
  row("HTTP_BODY", 13, "1.3", "server", "live", "closes", "nonzero", "userValid", "measured; lib/roles/h1/ops-h1.c:183-187; lib/roles/h2/ops-h2.c:1026"),
  row("HTTP_BODY_COMPLETION", 14, "1.3", "server", "live", "closes", "nonzero", "userValid", "measured; lib/roles/h1/ops-h1.c:254-260; lib/roles/h2/ops-h2.c:1060"),
  row("HTTP_FILE_COMPLETION", 15, "1.1", "server", "live", "closes", "negative", "userValid", "lib/roles/http/server/server.c:3974-3976"),
  row("HTTP_WRITEABLE", 16, "1.23", "server", "live", "closes", "negative", "userValid", "measured; lib/roles/h1/ops-h1.c:574-580; lib/roles/h2/ops-h2.c:1503"),
  row("FILTER_NETWORK_CONNECTION", 17, "1.0", "server", "listen", "rejects", "nonzero", "", "measured; lib/roles/listen/ops-listen.c:175-182"),
  row("FILTER_HTTP_CONNECTION", 18, "1.3", "server", "live", "rejects", "nonzero", "userValid", "measured; lib/roles/http/server/server.c:2061"),
  row("SERVER_NEW_CLIENT_INSTANTIATED", 19, "1.3", "both", "newborn", "ignored", "none", "userValid", "measured; lib/core-net/adopt.c:471-473; lib/core-net/client/connect.c:567", [
    { note: "clients: ignored (measured); servers since 3.1: the connection is dropped (adopt.c:471)" },
  ]),
  row("FILTER_PROTOCOL_CONNECTION", 20, "1.0", "server", "live", "rejects", "nonzero", "userValid", "measured; lib/roles/ws/server-ws.c:370-379"),
  row("OPENSSL_LOAD_EXTRA_CLIENT_VERIFY_CERTS", 21, "1.0", "system", "fake", "ignored", "none", "", "lib/tls/tls-client.c:175-184"),
  row("OPENSSL_LOAD_EXTRA_SERVER_VERIFY_CERTS", 22, "1.0", "system", "fake", "init-fails", "none", "", "lib/tls/tls-server.c:110-113"),
  row("OPENSSL_PERFORM_CLIENT_CERT_VERIFICATION", 23, "1.0", "server", "live", "rejects", "nonzero", "", "lib/tls/openssl/openssl-server.c:65-70"),
  row("CLIENT_APPEND_HANDSHAKE_HEADER", 24, "1.0", "client", "live", "rejects", "nonzero", "asyncKillLost userValid", "measured; lib/roles/http/client/client-http.c:2168-2171; lib/roles/h2/http2.c:3029", [
    { note: "neither CLIENT_CONNECTION_ERROR nor CLIENT_CLOSED follows, only CLOSED_CLIENT_HTTP and WSI_DESTROY (measured)" },
  ]),
  row("CONFIRM_EXTENSION_OKAY", 25, "1.0", "server", "live", "special", "none", "userValid", "lib/roles/ws/server-ws.c:138-150"),
  row("CLIENT_CONFIRM_EXTENSION_SUPPORTED", 26, "1.0", "client", "live", "special", "none", "userValid", "lib/roles/ws/client-ws.c:174-186"),
  row("PROTOCOL_INIT", 27, "1.2", "system", "fake", "init-fails", "none", "", "measured; lib/core-net/vhost.c:498,518-531,610-623", [
    { until: "4.2", returnEffect: "harmful", note: "the context is created and the next lws_client_connect_via_info() crashes (measured 3.2.3, 4.1.6)" },
    { since: "4.3", until: "4.3", note: "later protocols are not initialised (measured 4.3.10)" },
    { since: "4.4", returnEffect: "ignored", note: "logged only (measured 4.5.8, 5.0.0)" },
  ]),
  row("PROTOCOL_DESTROY", 28, "1.2", "system", "fake", "ignored", "none", "", "measured; lib/core-net/vhost.c:1726"),
  row("WSI_CREATE", 29, "1.3", "both", "newborn", "ignored", "none", "", "measured; lib/core-net/adopt.c:108; lib/core-net/client/connect3.c:1410"),
  row("WSI_DESTROY", 30, "1.3", "both", "dying", "ignored", "none", "syncKillHarmless dying", "measured; lib/core-net/close.c:1225"),
  row("GET_THREAD_ID", 31, "1.3", "system", "fake", "special", "none", "", "measured; lib/plat/unix/unix-service.c:118-128; lib/core-net/pollfd.c:195-201"),
  row("ADD_POLL_FD", 32, "1.0", "system", "live", "special", "none", "", "lib/core-net/pollfd.c:324-328"),
  row("DEL_POLL_FD", 33, "1.0", "system", "dying", "special", "none", "dying", "lib/core-net/pollfd.c:448-455"),
  row("CHANGE_MODE_POLL_FD", 34, "1.3", "system", "live", "special", "none", "", "lib/core-net/pollfd.c:157-164"),
  row("LOCK_POLL", 35, "1.3", "system", "live", "special", "none", "", "lib/core-net/pollfd.c:302-305,375-377,513-515"),
  row("UNLOCK_POLL", 36, "1.3", "system", "live", "special", "none", "", "lib/core-net/pollfd.c:336-339,466-468,522"),
  row("WS_PEER_INITIATED_CLOSE", 38, "1.7", "both", "live", "closes", "nonzero", "userValid", "measured; lib/roles/ws/ops-ws.c:538-545; lib/roles/ws/client-parser-ws.c:559-565"),
  row("WS_EXT_DEFAULTS", 39, "1.7", "client", "live", "rejects", "nonzero", "", "lib/roles/ws/client-ws.c:534-538"),
  row("CGI", 40, "2.0", "server", "live", "closes", "nonzero", "userValid", "lib/roles/cgi/ops-cgi.c:73-79; lib/core-net/dummy-callback.c:821"),
  row("CGI_TERMINATED", 41, "2.0", "server", "live", "closes", "nonzero", "userValid", "lib/roles/cgi/cgi-server.c:1021-1029"),
  row("CGI_STDIN_DATA", 42, "2.0", "server", "live", "closes", "negative", "userValid", "lib/roles/h1/ops-h1.c:172-179"),
  row("CGI_STDIN_COMPLETED", 43, "2.0", "server", "fake", "ignored", "none", "", "grep of HEAD lib/: no call site"),
  row("ESTABLISHED_CLIENT_HTTP", 44, "2.0", "client", "live", "closes", "nonzero", "userValid", "measured; lib/roles/http/client/client-http.c:1580-1586"),
  row("CLOSED_CLIENT_HTTP", 45, "2.0", "client", "dying", "ignored", "none", "dying userValid", "measured; lib/roles/h1/ops-h1.c:1264; issue #1847"),
  row("RECEIVE_CLIENT_HTTP", 46, "2.0", "client", "live", "closes", "nonzero", "userValid", "measured; lib/roles/h1/ops-h1.c:742-747; lib/roles/h2/ops-h2.c:352"),
  row("COMPLETED_CLIENT_HTTP", 47, "2.0", "client", "live", "ignored", "none", "userValid", "measured; lib/roles/http/client/client-http.c:527-532", [
    { note: "the connection closes anyway (measured)" },
  ]),
  row("RECEIVE_CLIENT_HTTP_READ", 48, "2.0", "client", "live", "closes", "negative", "userValid", "measured; lib/roles/http/client/client-http.c:2422-2432; lib/roles/h2/http2.c:2549-2563", [
    { until: "4.0", closesOn: "nonzero", note: "any other value than 0 makes lws_http_client_read() return -1" },
  ]),
  row("HTTP_BIND_PROTOCOL", 49, "2.1", "server", "live", "ignored", "none", "userValid", "measured; lib/core-net/wsi.c:1381-1385", [
    { note: "the source passes a nonzero return up, yet the connection stays open (measured 3.2.3 to 5.0.0)" },
  ]),
  row("HTTP_DROP_PROTOCOL", 50, "2.1", "server", "dying", "ignored", "none", "dying userValid", "measured; lib/core-net/wsi.c:1343; lib/core-net/close.c:793-803"),
  row("CHECK_ACCESS_RIGHTS", 51, "2.1", "server", "live", "rejects", "nonzero", "userValid", "lib/roles/http/server/server.c:2270-2277"),
  row("PROCESS_HTML", 52, "2.1", "server", "live", "closes", "negative", "userValid", "lib/roles/http/server/server.c:3896-3901"),
  row("ADD_HEADERS", 53, "2.1", "server", "live", "rejects", "nonzero", "userValid", "measured; lib/roles/http/server/server.c:1055; lib/roles/ws/server-ws.c:768; lib/roles/h2/http2.c:3217"),
  row("SESSION_INFO", 54, "2.1", "server", "fake", "ignored", "none", "", "v5.0.0:changelog:286"),
  row("GS_EVENT", 55, "2.1", "server", "fake", "ignored", "none", "", "v5.0.0:changelog:286"),
  row("HTTP_PMO", 56, "2.1", "server", "live", "rejects", "nonzero", "userValid", "lib/roles/http/server/server.c:2282-2286; lib/roles/ws/server-ws.c:804-807"),
  row("CLIENT_HTTP_WRITEABLE", 57, "2.1", "client", "live", "closes", "nonzero", "userValid", "measured; lib/roles/h2/ops-h2.c:1516,1707; lib/roles/h1/ops-h1.c:757-768,1262"),
  row("OPENSSL_PERFORM_SERVER_CERT_VERIFICATION", 58, "2.2", "client", "live", "rejects", "nonzero", "", "lib/tls/openssl/openssl-client.c:187-205"),
  row("RAW_RX", 59, "2.2", "both", "live", "closes", "negative", "userValid", "measured; lib/roles/raw-skt/ops-raw-skt.c:213-224"),
  row("RAW_CLOSE", 60, "2.2", "both", "dying", "ignored", "none", "dying userValid", "measured; lib/roles/raw-skt/ops-raw-skt.c:399"),
  row("RAW_WRITEABLE", 61, "2.2", "both", "live", "closes", "negative", "userValid", "measured; lib/roles/raw-skt/ops-raw-skt.c:264-271"),
  row("RAW_ADOPT", 62, "2.2", "server", "live", "closes", "nonzero", "userValid", "measured; lib/core-net/adopt.c:471-473; lib/roles/http/server/server.c:2585"),
  row("RAW_ADOPT_FILE", 63, "2.2", "both", "live", "closes", "nonzero", "userValid", "lib/core-net/adopt.c:471-473"),
  row("RAW_RX_FILE", 64, "2.2", "both", "live", "closes", "nonzero", "userValid", "lib/roles/raw-file/ops-raw-file.c:56-61"),
  row("RAW_WRITEABLE_FILE", 65, "2.2", "both", "live", "closes", "nonzero", "userValid", "lib/roles/raw-file/ops-raw-file.c:36-44"),
  row("RAW_CLOSE_FILE", 66, "2.2", "both", "dying", "ignored", "none", "dying userValid", "lib/roles/raw-file/ops-raw-file.c:132"),
  row("SSL_INFO", 67, "2.3", "both", "live", "closes", "nonzero", "userValid", "lib/tls/openssl/openssl-ssl.c:491-494"),
  row("CHILD_CLOSING", 69, "2.3", "both", "child", "ignored", "none", "dying", "lib/core-net/close.c:327-331", [
    { note: "the parent is closed with lws_set_timeout(lws_get_parent(wsi), PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC) (issue 3350)" },
  ]),
  row("CGI_PROCESS_ATTACH", 70, "2.4", "server", "live", "ignored", "none", "userValid", "lib/roles/cgi/cgi-server.c:484-489"),
  row("EVENT_WAIT_CANCELLED", 71, "3.0", "system", "fake", "harmful", "none", "", "measured; lib/roles/pipe/ops-pipe.c:204-207; lib/core-net/wsi.c:1035-1064", [
    { until: "4.1", note: "closes the internal event pipe: the next lws_cancel_service() or lws_context_destroy() crashes (measured 3.2.3, 4.1.6)" },
    { since: "4.2", note: "connections go on, and lws_cancel_service() never wakes the loop again (measured 4.3.10; roles/pipe/ops-pipe.c)" },
  ]),
  row("VHOST_CERT_AGING", 72, "3.0", "system", "fake", "ignored", "none", "", "lib/tls/tls-network.c:222"),
  row("TIMER", 73, "3.0", "both", "live", "closes", "nonzero", "userValid", "measured; lib/core-net/wsi-timeout.c:60-72", [
    { note: "a synchronous kill works with a return of 0 and is a use after free with -1 (measured)" },
  ]),
  row("VHOST_CERT_UPDATE", 74, "3.0", "system", "fake", "ignored", "none", "", "plugins/acme-client (only user)"),
  row("CLIENT_CLOSED", 75, "3.0", "client", "dying", "ignored", "none", "syncKillHarmless dying userValid", "measured; lib/roles/ws/ops-ws.c:2331; issue #3358"),
  row("CLIENT_HTTP_DROP_PROTOCOL", 76, "3.1", "client", "dying", "ignored", "none", "dying userValid", "lib/core-net/wsi.c:1343; lib/core-net/close.c:793-803"),
  row("WS_SERVER_BIND_PROTOCOL", 77, "3.1", "server", "live", "ignored", "none", "userValid", "measured; lib/core-net/wsi.c:1381-1385", [
    { note: "the source passes a nonzero return up, yet the connection stays open (measured 3.2.3 to 5.0.0)" },
  ]),
  row("WS_SERVER_DROP_PROTOCOL", 78, "3.1", "server", "dying", "ignored", "none", "dying userValid", "measured; lib/core-net/wsi.c:1343"),
  row("WS_CLIENT_BIND_PROTOCOL", 79, "3.1", "client", "live", "ignored", "none", "userValid", "lib/core-net/wsi.c:1381-1385", [
    { note: "the source passes a nonzero return up, yet the connection stays open (measured 3.2.3 to 5.0.0)" },
  ]),
  row("WS_CLIENT_DROP_PROTOCOL", 80, "3.1", "client", "dying", "ignored", "none", "dying userValid", "measured; lib/core-net/wsi.c:1343"),
  row("RAW_SKT_BIND_PROTOCOL", 81, "3.1", "both", "live", "rejects", "nonzero", "userValid", "measured; lib/core-net/wsi.c:1381-1385"),
  row("RAW_SKT_DROP_PROTOCOL", 82, "3.1", "both", "dying", "ignored", "none", "dying userValid", "measured; lib/core-net/wsi.c:1343"),
  row("RAW_FILE_BIND_PROTOCOL", 83, "3.1", "both", "live", "rejects", "nonzero", "userValid", "lib/core-net/wsi.c:1381-1385"),
  row("RAW_FILE_DROP_PROTOCOL", 84, "3.1", "both", "dying", "ignored", "none", "dying userValid", "lib/core-net/wsi.c:1343"),
  row("CLIENT_HTTP_BIND_PROTOCOL", 85, "3.1", "client", "live", "ignored", "none", "userValid", "lib/core-net/wsi.c:1381-1385", [
    { note: "the source passes a nonzero return up, yet the connection stays open (measured 3.2.3 to 5.0.0)" },
  ]),
  row("HTTP_CONFIRM_UPGRADE", 86, "3.1", "server", "live", "rejects", "negative", "userValid", "measured; lib/roles/http/server/server.c:2799-2818", [
    { note: "above zero means that the application has already answered" },
  ]),
  row("RAW_PROXY_CLI_RX", 89, "3.2", "client", "live", "closes", "negative", "userValid", "lib/roles/raw-proxy/ops-raw-proxy.c:90-99"),
  row("RAW_PROXY_SRV_RX", 90, "3.2", "server", "live", "closes", "negative", "userValid", "lib/roles/raw-proxy/ops-raw-proxy.c:90-99"),
  row("RAW_PROXY_CLI_CLOSE", 91, "3.2", "client", "dying", "ignored", "none", "dying userValid", "lib/roles/raw-proxy/ops-raw-proxy.c:259-260"),
  row("RAW_PROXY_SRV_CLOSE", 92, "3.2", "server", "dying", "ignored", "none", "dying userValid", "lib/roles/raw-proxy/ops-raw-proxy.c:259-260"),
  row("RAW_PROXY_CLI_WRITEABLE", 93, "3.2", "client", "live", "closes", "nonzero", "userValid", "lib/roles/raw-proxy/ops-raw-proxy.c:113-124"),
  row("RAW_PROXY_SRV_WRITEABLE", 94, "3.2", "server", "live", "closes", "nonzero", "userValid", "lib/roles/raw-proxy/ops-raw-proxy.c:113-124"),
  row("RAW_PROXY_CLI_ADOPT", 95, "3.2", "client", "live", "closes", "negative", "userValid", "lib/core-net/adopt.c:471-473; lib/core-net/client/connect4.c:260-272"),
  row("RAW_PROXY_SRV_ADOPT", 96, "3.2", "server", "live", "closes", "nonzero", "userValid", "lib/core-net/adopt.c:471-473; lib/core-net/client/connect4.c:260-272"),
  row("RAW_PROXY_CLI_BIND_PROTOCOL", 97, "3.2", "client", "live", "rejects", "nonzero", "userValid", "lib/core-net/wsi.c:1381-1385"),
  row("RAW_PROXY_SRV_BIND_PROTOCOL", 98, "3.2", "server", "live", "rejects", "nonzero", "userValid", "lib/core-net/wsi.c:1381-1385"),
  row("RAW_PROXY_CLI_DROP_PROTOCOL", 99, "3.2", "client", "dying", "ignored", "none", "dying userValid", "lib/core-net/wsi.c:1343"),
  row("RAW_PROXY_SRV_DROP_PROTOCOL", 100, "3.2", "server", "dying", "ignored", "none", "dying userValid", "lib/core-net/wsi.c:1343"),
  row("RAW_CONNECTED", 101, "3.2", "client", "live", "closes", "negative", "userValid", "measured; lib/core-net/client/connect4.c:260-272", [
    { since: "4.1", note: "CLIENT_CONNECTION_ERROR follows, no RAW_CLOSE (measured)" },
  ]),
  row("VERIFY_BASIC_AUTHORIZATION", 102, "4.0", "server", "live", "harmful", "none", "userValid", "lib/roles/http/server/server.c:1416-1421", [
    { note: "inverted: nonzero accepts the login, zero answers 401" },
  ]),
  row("WSI_TX_CREDIT_GET", 103, "4.0", "both", "live", "special", "none", "userValid", "lib/core-net/wsi.c:1717-1727"),
  row("CLIENT_HTTP_REDIRECT", 104, "4.1", "client", "live", "rejects", "nonzero", "userValid", "lib/roles/http/client/client-http.c:1263-1269"),
  row("CONNECTING", 105, "4.2", "client", "live", "rejects", "nonzero", "userValid", "lib/core-net/client/connect3.c:1071-1077"),
  row("MQTT_NEW_CLIENT_INSTANTIATED", 200, "4.0", "client", "live", "ignored", "none", "userValid", "lib/core-net/client/connect.c:567"),
  row("MQTT_IDLE", 201, "4.0", "client", "live", "rejects", "nonzero", "userValid", "lib/roles/mqtt/ops-mqtt.c:704; lib/core-net/wsi.c:1381"),
  row("MQTT_CLIENT_ESTABLISHED", 202, "4.0", "client", "live", "closes", "negative", "userValid", "lib/roles/mqtt/mqtt.c:253-256"),
  row("MQTT_SUBSCRIBED", 203, "4.0", "client", "live", "closes", "negative", "userValid", "lib/roles/mqtt/mqtt.c:1665-1669,2324-2330"),
  row("MQTT_CLIENT_WRITEABLE", 204, "4.0", "client", "live", "closes", "nonzero", "userValid", "lib/roles/mqtt/ops-mqtt.c:449-453"),
  row("MQTT_CLIENT_RX", 205, "4.0", "client", "live", "closes", "nonzero", "userValid", "lib/roles/mqtt/mqtt.c:1771-"),
  row("MQTT_UNSUBSCRIBED", 206, "4.0", "client", "live", "closes", "negative", "userValid", "lib/roles/mqtt/mqtt.c:1716-1720"),
  row("MQTT_DROP_PROTOCOL", 207, "4.0", "client", "dying", "ignored", "none", "dying userValid", "lib/core-net/wsi.c:1343"),
  row("MQTT_CLIENT_CLOSED", 208, "4.0", "client", "dying", "ignored", "none", "dying userValid", "lib/roles/mqtt/ops-mqtt.c:702"),
  row("MQTT_ACK", 209, "4.0", "client", "live", "closes", "negative", "userValid", "lib/roles/mqtt/mqtt.c:1478-1485,1599-1605,2231-2236"),
  row("MQTT_RESEND", 210, "4.0", "client", "live", "closes", "nonzero", "userValid", "lib/roles/mqtt/mqtt.c:432-434"),
  row("MQTT_UNSUBSCRIBE_TIMEOUT", 211, "4.3", "client", "live", "closes", "nonzero", "userValid", "lib/roles/mqtt/mqtt.c:445-448"),
  row("MQTT_SHADOW_TIMEOUT", 212, "4.3", "client", "live", "closes", "nonzero", "userValid", "lib/roles/mqtt/mqtt.c:459-462"),
  row("MQTT_QOS2_RX_COMPLETE", 213, "5.0", "client", "live", "closes", "nonzero", "userValid", "lib/roles/mqtt/mqtt.c:1569-1574"),
  row("HTTP_INTERCEPTOR_CHECK", 214, "5.0", "server", "live", "special", "none", "userValid", "lib/roles/http/server/server.c:1842-1848"),
  row("GET_PSS_SIZE", 215, "5.0", "system", "newborn", "harmful", "none", "", "lib/core-net/wsi.c:537-545", [
    { note: "the value is a size in bytes: -1 asks for (size_t)-1" },
  ]),
  row("DHT_VERB_DISPATCH", 216, "5.0", "system", "fake", "special", "none", "", "lib/misc/dht/dht.c:257-270"),
  row("QT_SERVER_RECEIVE", 217, "5.0", "server", "live", "special", "none", "userValid", "lib/roles/quic/parse-quic.c:249-258,358-367"),
  row("QT_CLIENT_RECEIVE", 218, "5.0", "client", "live", "special", "none", "userValid", "lib/roles/quic/parse-quic.c:249-258,358-367"),
  row("CLIENT_ESTABLISHED_EARLY", 219, "5.0", "client", "live", "special", "none", "userValid", "lib/roles/quic/crypto-quic.c:464-490"),
  row("USER", 1000, "1.3", "both", "user", "special", "none", "", "include/libwebsockets/lws-callbacks.h (end of enum)"),
];

const former = (name: string, number: number, since: string, until: string, side: Side, wsi: WsiKind, note: string): CallbackReason => ({
  ...row(name, number, since, side, wsi, "special", "none", "", "headers of the release tags"),
  until,
  versions: [{ note }],
});

/** Reasons that newer headers do not have. Their numbers may mean something else today. */
export const FORMER_REASONS: readonly CallbackReason[] = [
  former("BROADCAST", 11, "1.0", "1.1", "both", "live", "removed with libwebsockets_broadcast()"),
  former("SET_MODE_POLL_FD", 26, "1.0", "1.23", "system", "fake", "merged into CHANGE_MODE_POLL_FD"),
  former("CLEAR_MODE_POLL_FD", 27, "1.0", "1.23", "system", "fake", "merged into CHANGE_MODE_POLL_FD"),
  former("OPENSSL_CONTEXT_REQUIRES_PRIVATE_KEY", 37, "1.4", "4.2", "system", "fake", "4.3 removed it (last tag 4.3.2)"),
  former("CHILD_WRITE_VIA_PARENT", 68, "2.3", "3.0", "both", "live", "removed with lws_set_parent_carries_io()"),
];

/** Reasons in which a connection of WebSocket or raw data can be written to. */
export const WRITEABLE_REASONS: ReadonlySet<string> = new Set(["SERVER_WRITEABLE", "CLIENT_WRITEABLE", "RAW_WRITEABLE"].map((name) => `LWS_CALLBACK_${name}`));

/** Reasons of WebSockets at work in which the documentation does not allow to write data (`lws-write.h`: "only from the WRITEABLE callback"). */
export const WRITE_ELSEWHERE_REASONS: ReadonlySet<string> = new Set([
  "ESTABLISHED", "CLIENT_ESTABLISHED", "RECEIVE", "CLIENT_RECEIVE", "RECEIVE_PONG", "CLIENT_RECEIVE_PONG", "TIMER", "WS_PEER_INITIATED_CLOSE", "BROADCAST",
  "EVENT_WAIT_CANCELLED",
].map((name) => `LWS_CALLBACK_${name}`));

/** How data of a response comes to a client over HTTP/1: told that it waits, fetched, delivered (`lws-callbacks.h`). */
export const HTTP_CLIENT_DATA = { waiting: "LWS_CALLBACK_RECEIVE_CLIENT_HTTP", delivered: "LWS_CALLBACK_RECEIVE_CLIENT_HTTP_READ" } as const;

/** Reasons of connections that are at work: `user` is the session's data and nothing else (measured). */
export const SESSION_REASONS: ReadonlySet<string> = new Set([
  "ESTABLISHED", "RECEIVE", "SERVER_WRITEABLE", "CLIENT_ESTABLISHED", "CLIENT_RECEIVE", "CLIENT_WRITEABLE", "HTTP", "HTTP_BODY", "HTTP_WRITEABLE",
  "HTTP_BODY_COMPLETION", "RAW_ADOPT", "RAW_RX", "RAW_WRITEABLE",
].map((name) => `LWS_CALLBACK_${name}`));

/** The same as patterns, with or without `struct` and `enum`. */
export const REASON_TYPE = /\b(?:lws|libwebsocket)_callback_reasons\b/;
export const CONNECTION_TYPE = /^(?:struct )?(?:lws|libwebsocket)$/;

/** Types whose members belong to the library: installed headers declare them and define none of them. */
export const PRIVATE_TYPE = /^(?:struct )?(?:lws|libwebsocket)(?:_context|_vhost|_ss_handle)?$/;

/**
 * Reasons in which the connection is a stand-in that has a context, a virtual host and a protocol and nothing else. `vhost.c:498` at v5.0.0: "NOTE the
 * fakewsi is garbage, except the key pointers". GET_THREAD_ID is left out: some of its calls come with a connection.
 */
export const STANDS_IN = (reason: CallbackReason): boolean => reason.wsi === "fake" && reason.name !== "LWS_CALLBACK_GET_THREAD_ID" && /PROTOCOL|EVENT_WAIT|VHOST_CERT|LOAD_EXTRA|DHT/.test(reason.name);

/**
 * Reasons that come with NULL for the session's data, whatever the protocol (`vhost.c:518`, `vhost.c:1726`, `ops-pipe.c:204`, `adopt.c:108`,
 * `connect3.c:1410`). A client's WSI_CREATE comes with what `userdata` of its connect info was.
 */
export const SESSION_IS_NULL: readonly string[] = ["PROTOCOL_INIT", "PROTOCOL_DESTROY", "EVENT_WAIT_CANCELLED", "VHOST_CERT_AGING", "WSI_CREATE"].map((name) => `LWS_CALLBACK_${name}`);
export const SESSION_MAY_BE_GIVEN = "LWS_CALLBACK_WSI_CREATE";

/** The reason that `lws_cancel_service()` brings; every protocol of every vhost gets it. */
export const WAKE_REASON = "LWS_CALLBACK_EVENT_WAIT_CANCELLED";

/** What names of reasons begin with. */
export const REASON_PREFIX = "LWS_CALLBACK_";

/**
 * How the end of a connection is told: 3.0 gave clients a reason of their own (changelog of 3.0.0), and a connection that was never made has another
 * (measured: they exclude each other).
 */
export const CLIENT_CLOSE = {
  server: "LWS_CALLBACK_CLOSED",
  client: "LWS_CALLBACK_CLIENT_CLOSED",
  failed: "LWS_CALLBACK_CLIENT_CONNECTION_ERROR",
  /** What only a client's WebSocket gets. */
  data: ["LWS_CALLBACK_CLIENT_ESTABLISHED", "LWS_CALLBACK_CLIENT_RECEIVE", "LWS_CALLBACK_CLIENT_WRITEABLE"] as readonly string[],
} as const;

/** Source: `server.c:1416` and `server.c:2799` of the revision above. */
export const SPECIAL_RETURNS: readonly SpecialReturn[] = [
  {
    reason: "LWS_CALLBACK_VERIFY_BASIC_AUTHORIZATION",
    always: {
      zero: "every login is refused: 0 on `LWS_CALLBACK_VERIFY_BASIC_AUTHORIZATION` answers 401, whatever the password is",
      nonzero: "every login is accepted: a value other than 0 on `LWS_CALLBACK_VERIFY_BASIC_AUTHORIZATION` lets in, whatever the password is",
    },
    help: "return 1 for a name and password that are right, else 0",
  },
  {
    reason: "LWS_CALLBACK_HTTP_CONFIRM_UPGRADE",
    answered: "a positive value on `LWS_CALLBACK_HTTP_CONFIRM_UPGRADE` says that a response was sent, and none is: the peer waits",
    help: "return 0 to go on, -1 to hang up, and 1 only after a response",
  },
];

/** In which a server answers a request over HTTP, and has to say when it has. */
export const RESPONSE_REASONS: readonly string[] = ["HTTP", "HTTP_BODY", "HTTP_BODY_COMPLETION", "HTTP_FILE_COMPLETION", "HTTP_WRITEABLE"].map((name) => REASON_PREFIX + name);
