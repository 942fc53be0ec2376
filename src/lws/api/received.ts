/**
 * Data that a callback is given, and what takes it for more than it is.
 *
 * Sources: `lws-callbacks.h` and `lws-ws-state.h` at v4.1.6; `ops-ws.c`, `server-ws.c`, `client-parser-ws.c`, `ops-h1.c` and `ops-raw-skt.c` at v3.2.3 to v5.0.0 for
 * what is delivered and how; the manuals of cJSON, Jansson, json-c, yyjson, parson, json-parser, JSON-GLib, jsmn, frozen, libxml2, Mini-XML, ezxml, msgpack-c,
 * MPack, nanopb, libbson, Protocol Buffers, JSON for Modern C++, RapidJSON, JsonCpp, Boost.JSON, simdjson, POCO and Qt for the parsers.
 */
import type { Validity } from "./releases.js";
import type { CallRoles } from "./schema.js";

/** By reason: how a program learns that it has all of what comes in pieces. */
export const PIECES: ReadonlyMap<string, string> = new Map([
  ["LWS_CALLBACK_RECEIVE", "until `lws_is_final_fragment()` is true and `lws_remaining_packet_payload()` is 0"],
  ["LWS_CALLBACK_CLIENT_RECEIVE", "until `lws_is_final_fragment()` is true and `lws_remaining_packet_payload()` is 0"],
  ["LWS_CALLBACK_HTTP_BODY", "until `LWS_CALLBACK_HTTP_BODY_COMPLETION`"],
  ["LWS_CALLBACK_RECEIVE_CLIENT_HTTP_READ", "until `LWS_CALLBACK_COMPLETED_CLIENT_HTTP`"],
  ["LWS_CALLBACK_RAW_RX", "until the message is complete"],
]);

/** Makes RAW_RX bring whole datagrams. */
export const MAKES_DATAGRAMS: ReadonlySet<string> = new Set(["lws_create_adopt_udp"]);

/** What fits in the shortest header of a frame (RFC 6455, 5.2): who tests that takes tiny messages only. */
export const TINY = 125;

const first = { data: 0 };
const second = { data: 1 };

/** Parsers that want all of a document at once. What can go on with the next piece (`json_tokener_parse_ex()`, `XML_Parse()`, `lejp_parse()`) is not among them. */
const PARSERS: Readonly<Record<string, NonNullable<CallRoles["parsesWhole"]>>> = {
  cJSON_Parse: first, cJSON_ParseWithLength: first, cJSON_ParseWithOpts: first, cJSON_ParseWithLengthOpts: first,
  json_loads: first, json_loadb: first,
  json_tokener_parse: first, json_tokener_parse_verbose: first,
  yyjson_read: first, yyjson_read_opts: first,
  json_parse_string: first, json_parse_string_with_comments: first,
  json_parse: first, json_parse_ex: second,
  json_parser_load_from_data: second,
  jsmn_parse: second,
  json_scanf: first,
  xmlParseMemory: first, xmlReadMemory: first, xmlParseDoc: first, xmlReadDoc: first,
  blobmsg_add_json_from_string: second, mxmlLoadString: second, ezxml_parse_str: first,
  msgpack_unpack_next: second, mpack_tree_init: second, mpack_tree_init_data: second, mpack_reader_init_data: second,
  pb_istream_from_buffer: first,
  bson_new_from_json: first, bson_new_from_data: first, bson_init_from_json: second,
  // C++
  parse: { data: 0, scope: /(?:^|::)(?:ordered_)?json$|^nlohmann::/ },
  fromJson: { data: 0, scope: /^QJsonDocument$/ },
};

export const PARSER_ROLES: Readonly<Record<string, CallRoles>> = Object.fromEntries(Object.entries(PARSERS).map(([name, parsesWhole]) => [name, { parsesWhole }]));

/** Methods of C++ that do: by name and by the type of their object. */
export const PARSING_METHODS: ReadonlyMap<string, { readonly data: number; readonly type?: RegExp }> = new Map([
  ["Parse", { data: 0, type: /Document/ }],
  ["ParseInsitu", { data: 0, type: /Document/ }],
  ["parse", { data: 0, type: /Reader|[Pp]arser/ }],
  ["ParseFromArray", { data: 0 }],
  ["ParseFromString", { data: 0 }],
]);

/** Functions and constructors whose result is a copy, or another view, of an argument. */
export const GIVES_COPY: ReadonlyMap<string, number> = new Map([
  ["strdup", 0], ["strndup", 0], ["g_strdup", 0], ["g_strndup", 0], ["g_memdup", 0], ["g_memdup2", 0],
  ["string", 0], ["string_view", 0], ["basic_string", 0], ["span", 0], ["QByteArray", 0], ["QString", 0], ["fromRawData", 0], ["fromUtf8", 0], ["fromLatin1", 0],
]);

/** Functions that copy `from` to `to`. */
export const COPIES: ReadonlyMap<string, { readonly to: number; readonly from: number }> = new Map(
  ["memcpy", "memmove", "strncpy", "strcpy", "strlcpy", "lws_strncpy", "strncat", "strcat", "strlcat"].map((name) => [name, { to: 0, from: 1 }] as const),
);

/** Functions that add an argument to what is kept elsewhere. */
export const KEEPS: ReadonlyMap<string, number> = new Map([
  ["lws_buflist_append_segment", 1], ["g_string_append_len", 1], ["g_string_append", 1], ["g_byte_array_append", 1], ["evbuffer_add", 1], ["json_tokener_parse_ex", 1], ["lejp_parse", 1],
  ["lws_spa_process", 1], ["XML_Parse", 1], ["fwrite", 0], ["write", 1],
]);

/** Methods of C++ that give what their object is made of. */
export const VIEWS: ReadonlySet<string> = new Set(["c_str", "data", "constData", "begin", "str"]);

/** Methods of C++ that add their first argument to their object. */
export const ADDS: ReadonlySet<string> = new Set(["append", "assign", "write", "insert", "feed", "push_back"]);

/**
 * Since when a reason's data has no zero behind it. Measured on 4.1.6 (RECEIVE: `strlen()` of 8 bytes gives 259; HTTP_BODY and RAW_RX alike); `server-ws.c` hands out the
 * read buffer itself since 3.0. A client gets a zero behind what came on CLIENT_RECEIVE (`client-parser-ws.c`), and both sides behind a pong.
 */
export const UNTERMINATED: ReadonlyMap<string, Validity> = new Map([
  ["LWS_CALLBACK_RECEIVE", { since: "3.0" }],
  ["LWS_CALLBACK_HTTP_BODY", {}],
  ["LWS_CALLBACK_RECEIVE_CLIENT_HTTP_READ", {}],
  ["LWS_CALLBACK_RAW_RX", {}],
]);

/** Functions that read arguments up to a zero, by position. Source: ISO C, POSIX, the manuals of GLib, cJSON, Jansson, json-c and parson. */
export const READS_TEXT: ReadonlyMap<string, readonly number[]> = new Map<string, readonly number[]>([
  ...["strlen", "strchr", "strrchr", "strtok", "strtok_r", "strpbrk", "strspn", "strcspn", "strdup", "g_strdup", "atoi", "atol", "atoll", "atof", "strtol", "strtoul",
    "strtoll", "strtoull", "strtod", "strtof", "sscanf", "puts", "fputs", "cJSON_Parse", "json_loads", "json_tokener_parse", "json_parse_string", "xmlParseDoc",
    "g_strsplit", "g_string_new"].map((name) => [name, [0]] as const),
  ...["strcmp", "strcasecmp", "strstr", "strcasestr", "g_strcmp0", "g_str_has_prefix"].map((name) => [name, [0, 1]] as const),
  ...["strcpy", "strcat", "stpcpy", "g_string_append"].map((name) => [name, [1]] as const),
]);

/** Functions that take a format, by its position. */
export const FORMATS: ReadonlyMap<string, number> = new Map([
  ["printf", 0], ["fprintf", 1], ["sprintf", 1], ["snprintf", 2], ["asprintf", 1], ["dprintf", 1], ["syslog", 1], ["lws_snprintf", 2], ["_lws_log", 1], ["g_print", 0], ["g_strdup_printf", 0],
  ...["err", "warn", "notice", "info", "debug", "parser", "header", "ext", "client", "latency", "user", "thread"].map((level) => [`lwsl_${level}`, 0] as const),
]);

/** A constructor of C++ that reads up to a zero if it is given nothing but a pointer. */
export const STRING_CLASSES: ReadonlySet<string> = new Set(["string", "string_view", "QString", "QByteArray"]);

/** Since when a reason's data lies in the buffer that was read from the socket, with what came after it behind. Measured on 4.1.6 for RECEIVE: the byte there is 0x81. */
export const SHARES_BUFFER: ReadonlyMap<string, Validity> = new Map([["LWS_CALLBACK_RECEIVE", { since: "3.0" }]]);
