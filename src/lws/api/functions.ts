/**
 * What calls do. Names and releases come from `functions.generated.ts`; this file adds roles.
 *
 * Sources of the roles: the doc comments of the installed headers at v4.1.6 and v5.0.0, the 1.x headers for `libwebsocket_*`, and where a row
 * says `measured`, programs run under AddressSanitizer on 3.2.3, 4.1.6, 4.3.10, 4.5.8 and 5.0.0.
 */
import { API_TABLE } from "./functions.generated.js";
import { PARSER_ROLES } from "./received.js";
import type { Validity } from "./releases.js";
import type { ApiFunction, CallbackField, CallRoles, FunctionKind } from "./schema.js";

const KINDS: Readonly<Record<string, FunctionKind>> = { f: "function", m: "macro", i: "inline", a: "alias", x: "internal" };

/** Functions of libwebsockets that rules ask about. */
export const LWS_ROLES: Readonly<Record<string, CallRoles>> = {
  // the context; `lws-context-vhost.h`. Measured in every reason that was tried.
  lws_context_destroy: { destroysContext: { context: 0 } },
  libwebsocket_context_destroy: { destroysContext: { context: 0 } },
  lws_context_destroy2: { destroysContext: { context: 0 } },
  // Runs the loop until `lws_default_loop_exit()`, then destroys (4.4).
  lws_context_default_loop_run_destroy: { destroysContext: { context: 0 }, servicesLoop: { context: 0 } },
  lws_create_context: { createsContext: { info: 0 }, readsInfo: { info: 0 } },
  libwebsocket_create_context: { createsContext: { info: 0 }, readsInfo: { info: 0 } },
  lws_create_vhost: { createsContext: { info: 1 }, readsInfo: { info: 1 } },
  lws_get_context: { contextOf: { from: 0 } },

  // the loop; `lws-service.h`. Nested service is measured: `in` is overwritten, and a use after free when the own connection closes.
  lws_service: { servicesLoop: { context: 0, time: 1 } },
  lws_service_tsi: { servicesLoop: { context: 0, time: 1 } },
  lws_service_fd: { servicesLoop: { context: 0 } },
  lws_service_fd_tsi: { servicesLoop: { context: 0 } },
  lws_plat_service: { servicesLoop: { context: 0 } },
  lws_plat_service_tsi: { servicesLoop: { context: 0 } },
  _lws_plat_service_tsi: { servicesLoop: { context: 0 } },
  _lws_plat_service_forced_tsi: { servicesLoop: { context: 0 } },
  lws_libuv_run: { servicesLoop: { context: 0 } },
  libwebsocket_service: { servicesLoop: { context: 0 } },
  libwebsocket_service_fd: { servicesLoop: { context: 0 } },
  lws_cancel_service: { wakesLoop: { context: 0 } },
  libwebsocket_cancel_service: { wakesLoop: { context: 0 } },
  lws_default_loop_exit: { exitsLoop: { context: 0 } },

  // closing from inside; `lws-eventlib-exports.h` and private headers. Measured: use after free on every release.
  lws_close_free_wsi: { closesConnection: { wsi: 0, status: 1 } },
  __lws_close_free_wsi: { closesConnection: { wsi: 0, status: 1 } },
  lws_close_free_wsi_final: { closesConnection: { wsi: 0 } },
  __lws_close_free_wsi_final: { closesConnection: { wsi: 0 } },
  libwebsocket_close_and_free_session: { closesConnection: { wsi: 1, status: 2 } },

  // timeouts; `lws-timeout-timer.h`
  lws_set_timeout: { setsTimeout: { wsi: 0, reason: 1, time: 2, unit: "s" } },
  libwebsocket_set_timeout: { setsTimeout: { wsi: 0, reason: 1, time: 2, unit: "s" } },
  lws_set_timeout_us: { setsTimeout: { wsi: 0, reason: 1, time: 2, unit: "us" } },
  // A macro: `lws_set_timeout(w, 1, to_kill)`. In 4.1 it ignores `w` and uses a variable named `wsi` (measured): never offer it.
  lws_wsi_close: { setsTimeout: { wsi: 0, time: 1, unit: "s" } },
  lws_close_reason: { setsCloseReason: { wsi: 0, status: 1, length: 3 } },

  // data; `lws-write.h`, `lws-ws-state.h`
  lws_write: { writes: { wsi: 0, buffer: 1, length: 2, kind: 3 } },
  libwebsocket_write: { writes: { wsi: 0, buffer: 1, length: 2, kind: 3 } },
  lws_send_pipe_choked: { checksChoke: { wsi: 0 } },
  lws_partial_buffered: { checksChoke: { wsi: 0 } },
  lws_callback_on_writable: { requestsWriteable: { wsi: 0 } },
  libwebsocket_callback_on_writable: { requestsWriteable: { wsi: 1 } },
  lws_is_first_fragment: { tellsFragment: { wsi: 0 } },
  lws_is_final_fragment: { tellsFragment: { wsi: 0 } },
  lws_remaining_packet_payload: { tellsFragment: { wsi: 0 } },
  libwebsocket_is_final_fragment: { tellsFragment: { wsi: 0 } },
  libwebsockets_remaining_packet_payload: { tellsFragment: { wsi: 0 } },

  // `pollfd.c` and `service.c`: the pointers are compared. `lws_callback_on_writable_all_protocol()` compares names, and is no such function.
  lws_callback_on_writable_all_protocol_vhost: { findsByProtocol: { protocol: 1, vhost: 0 } },
  lws_callback_all_protocol: { findsByProtocol: { protocol: 1 } },
  lws_callback_all_protocol_vhost: { findsByProtocol: { protocol: 1, vhost: 0 } },
  lws_callback_all_protocol_vhost_args: { findsByProtocol: { protocol: 1, vhost: 0 } },

  // HTTP; `lws-http.h`, `lws-client.h`
  lws_http_client_read: { readsResponse: { wsi: 0 } },
  lws_rx_flow_control: { pausesReceiving: { wsi: 0 }, controlsFlow: { wsi: 0 } },
  libwebsocket_rx_flow_control: { pausesReceiving: { wsi: 0 } },
  lws_http_transaction_completed: { completesTransaction: { wsi: 0 } },
  lws_serve_http_file: { servesFile: { wsi: 0 } },
  lws_return_http_status: { answersRequest: { wsi: 0 } },
  lws_http_redirect: { answersRequest: { wsi: 1 } },
  lws_hdr_copy: { readsHeader: { wsi: 0 } },
  lws_hdr_copy_fragment: { readsHeader: { wsi: 0 } },
  lws_hdr_total_length: { readsHeader: { wsi: 0 } },
  lws_hdr_fragment_length: { readsHeader: { wsi: 0 } },
  lws_hdr_custom_copy: { readsHeader: { wsi: 0 } },
  lws_hdr_custom_length: { readsHeader: { wsi: 0 } },
  lws_get_urlarg_by_name: { readsHeader: { wsi: 0 } },
  lws_get_urlarg_by_name_safe: { readsHeader: { wsi: 0 } },

  lws_set_opaque_user_data: { controlsFlow: { wsi: 0 } },

  // timers
  lws_sul_cancel: { unschedules: { sul: 0 } },
  lws_dll2_remove: { unlinks: { element: 0 } },
  lws_set_timer_usecs: { setsTimer: { wsi: 0 } },

  // functions that the loop calls later
  lws_sul_schedule: { schedules: { callback: 3, context: 0, sul: 2, delay: 4 } },
  lws_sul_schedule_wakesuspend: { schedules: { callback: 3, context: 0, sul: 2, delay: 4 } },
  lws_retry_sul_schedule: { schedules: { callback: 4, context: 0, sul: 2 } },
  lws_retry_sul_schedule_retry_wsi: { schedules: { callback: 2, sul: 1 } },
  lws_smd_register: { schedules: { callback: 4, context: 0 } },
  lws_async_dns_query: { schedules: { callback: 4, context: 0 } },

  // sockets
  lws_get_socket_fd: { socketOf: { wsi: 0 } },
  libwebsocket_get_socket_fd: { socketOf: { wsi: 0 } },

  // what belongs to a connection
  lws_set_wsi_user: { setsSession: { wsi: 0 } },
  lws_wsi_user: { sessionOf: { wsi: 0 } },
  lws_get_opaque_user_data: { sessionOf: { wsi: 0 } },
  lws_context_user: { applicationOf: { from: 0 } },
  libwebsocket_context_user: { applicationOf: { from: 0 } },
  lws_vhost_user: { applicationOf: { from: 0 } },
  lws_protocol_vh_priv_get: { applicationOf: { from: 0 } },
  lws_protocol_vh_priv_zalloc: { applicationOf: { from: 0 } },

  // other connections
  lws_get_parent: { otherConnectionOf: { wsi: 0 } },
  lws_get_child: { otherConnectionOf: { wsi: 0 } },
  lws_client_connect_via_info: { opensConnection: true, readsInfo: { info: 0 } },
  lws_client_connect: { opensConnection: true },
  lws_client_connect_extended: { opensConnection: true },
  libwebsocket_client_connect: { opensConnection: true },
  libwebsocket_client_connect_extended: { opensConnection: true },
  lws_adopt_socket: { opensConnection: true },
  lws_adopt_socket_vhost: { opensConnection: true },
  lws_adopt_descriptor_vhost: { opensConnection: true },
  lws_adopt_descriptor_vhost_via_info: { opensConnection: true, readsInfo: { info: 0 } },
  lws_ss_create: { readsInfo: { info: 2 } },
  lws_ss_destroy: { destroysStream: { handle: 0 } },
  lws_ss_request_tx: { asksStream: { handle: 0 } },
  lws_ss_request_tx_len: { asksStream: { handle: 0 } },
  lws_ss_client_connect: { asksStream: { handle: 0 } },
  lws_ss_set_metadata: { setsMetadata: { handle: 0, value: 2 } },
  lws_ss_alloc_set_metadata: { asksStream: { handle: 0 } },
};

/** What fills, gives and takes memory. Source: ISO C, POSIX, the manuals of GLib and Windows, `lws_zalloc()` in `lws-misc.h`. */
export const MEMORY_ROLES: Readonly<Record<string, CallRoles>> = {
  memset: { fillsMemory: { target: 0, value: 1, length: 2 } },
  bzero: { fillsMemory: { target: 0, length: 1 } },
  explicit_bzero: { fillsMemory: { target: 0, length: 1 } },
  ZeroMemory: { fillsMemory: { target: 0, length: 1 } },
  RtlZeroMemory: { fillsMemory: { target: 0, length: 1 } },
  lws_context_info_defaults: { fillsMemory: { target: 0 } },
  malloc: { allocates: { size: 0, zeroed: false } },
  calloc: { allocates: { count: 0, size: 1, zeroed: true } },
  realloc: { allocates: { size: 1, zeroed: false } },
  g_malloc: { allocates: { size: 0, zeroed: false } },
  g_malloc0: { allocates: { size: 0, zeroed: true } },
  lws_malloc: { allocates: { size: 0, zeroed: false } },
  lws_zalloc: { allocates: { size: 0, zeroed: true } },
  alloca: { allocates: { size: 0, zeroed: false } },
  free: { frees: { target: 0 } },
  g_free: { frees: { target: 0 } },
  lws_free: { frees: { target: 0 } },
};

/**
 * Calls that keep a thread from anything else. Source: POSIX, the manuals of glibc, libcurl, GLib, FreeRTOS, Zephyr, SDL, MySQL, PostgreSQL, hiredis
 * and Windows. Locks are not among them: to hold
 * one for a moment is how threads hand work to the loop (`minimal-ws-server-threads` of the library).
 */
const STALLING: Readonly<Record<string, NonNullable<CallRoles["stalls"]>>> = {
  sleep: { why: "sleeps", unlessZero: 0 },
  usleep: { why: "sleeps", unlessZero: 0 },
  nanosleep: { why: "sleeps" },
  clock_nanosleep: { why: "sleeps" },
  thrd_sleep: { why: "sleeps" },
  Sleep: { why: "sleeps", unlessZero: 0 },
  g_usleep: { why: "sleeps", unlessZero: 0 },
  vTaskDelay: { why: "sleeps", unlessZero: 0 },
  SDL_Delay: { why: "sleeps", unlessZero: 0 },
  k_msleep: { why: "sleeps", unlessZero: 0 },
  sleep_for: { why: "sleeps" },
  sleep_until: { why: "sleeps" },
  // A stream that ends may wait for the end of its thread: `minimal-secure-streams-threads` of the library does.
  pthread_join: { why: "waits for a thread to end", protocolsOnly: true },
  pthread_cond_wait: { why: "waits for another thread" },
  pthread_cond_timedwait: { why: "waits for another thread" },
  cnd_wait: { why: "waits for another thread" },
  g_cond_wait: { why: "waits for another thread" },
  sem_wait: { why: "waits for another thread" },
  sem_timedwait: { why: "waits for another thread" },
  poll: { why: "waits for descriptors", unlessZero: 2 },
  select: { why: "waits for descriptors" },
  system: { why: "waits for a program to end", unlessZero: 0 },
  wait: { why: "waits for a process to end" },
  waitpid: { why: "waits for a process to end", unlessFlag: { argument: 2, name: "WNOHANG" } },
  getaddrinfo: { why: "asks name servers" },
  gethostbyname: { why: "asks name servers" },
  gethostbyname2: { why: "asks name servers" },
  gethostbyaddr: { why: "asks name servers" },
  curl_easy_perform: { why: "runs a whole transfer" },
  mysql_query: { why: "waits for a database" },
  mysql_real_query: { why: "waits for a database" },
  mysql_real_connect: { why: "waits for a database" },
  PQexec: { why: "waits for a database" },
  PQexecParams: { why: "waits for a database" },
  PQexecPrepared: { why: "waits for a database" },
  PQconnectdb: { why: "waits for a database" },
  redisCommand: { why: "waits for a database" },
  redisConnect: { why: "waits for a database" },
  pclose: { why: "waits for a program to end" },
  g_spawn_sync: { why: "waits for a program to end" },
  g_spawn_command_line_sync: { why: "waits for a program to end" },
  ulfius_send_http_request: { why: "runs a whole transfer" },
  mq_receive: { why: "waits for a message" },
  scanf: { why: "waits for input" },
  getchar: { why: "waits for input" },
  fgets: { why: "waits for input", onlyFor: { argument: 2, text: "stdin" } },
};
/** Those that come back when something else has happened, or after a while. */
const WAITING = new Set([
  "sleep", "usleep", "nanosleep", "clock_nanosleep", "thrd_sleep", "Sleep", "g_usleep", "vTaskDelay", "SDL_Delay", "k_msleep", "pthread_join", "pthread_cond_wait",
  "pthread_cond_timedwait", "cnd_wait", "g_cond_wait", "sem_wait", "sem_timedwait", "poll", "select",
]);

/** Functions beside those that allocate which give the beginning of a fresh object. Source: POSIX, the manuals of cJSON, json-c, Jansson and GLib. */
export const GIVES_FRESH_MEMORY: ReadonlySet<string> = new Set([
  "strdup", "strndup", "g_strdup", "g_strndup", "g_strdup_printf", "cJSON_Print", "cJSON_PrintUnformatted", "cJSON_PrintBuffered",
  "json_dumps", "json_object_to_json_string", "json_object_to_json_string_ext", "json_object_to_json_string_length",
]);

/** Methods of C++ that give the beginning of an object. Source: ISO C++, containers and strings; the manual of Qt. */
export const STARTS_OF_OBJECTS: readonly { readonly method: string; readonly type?: RegExp }[] = [
  { method: "c_str" },
  { method: "data", type: /\b(?:basic_)?(?:string|vector|array)\b|\bQByteArray\b/ },
  { method: "constData", type: /\bQByteArray\b/ },
];

/** Functions of other libraries. Source: their manuals; POSIX and Windows for descriptors and threads. */
export const OTHER_ROLES: Readonly<Record<string, CallRoles>> = {
  close: { closesDescriptor: { fd: 0 } },
  closesocket: { closesDescriptor: { fd: 0 } },
  _close: { closesDescriptor: { fd: 0 } },
  lwip_close: { closesDescriptor: { fd: 0 } },
  compatible_close: { closesDescriptor: { fd: 0 } },
  shutdown: { shutsDownDescriptor: { fd: 0 } },

  uv_run: { servicesLoop: { foreign: true } },
  ev_run: { servicesLoop: { foreign: true } },
  ev_loop: { servicesLoop: { foreign: true } },
  event_base_loop: { servicesLoop: { foreign: true } },
  event_base_dispatch: { servicesLoop: { foreign: true } },
  g_main_loop_run: { servicesLoop: { foreign: true } },
  g_main_context_iteration: { servicesLoop: { foreign: true } },
  sd_event_run: { servicesLoop: { foreign: true } },
  sd_event_loop: { servicesLoop: { foreign: true } },

  pthread_create: { startsThread: { entry: 2 } },
  thrd_create: { startsThread: { entry: 1 } },
  CreateThread: { startsThread: { entry: 2 } },
  QueueUserWorkItem: { startsThread: { entry: 0 } },
  // Windows calls a console handler in a thread of its own.
  SetConsoleCtrlHandler: { startsThread: { entry: 0 } },
  _beginthread: { startsThread: { entry: 0 } },
  _beginthreadex: { startsThread: { entry: 2 } },
  g_thread_new: { startsThread: { entry: 1 } },
  g_thread_try_new: { startsThread: { entry: 1 } },
  xTaskCreate: { startsThread: { entry: 0 } },
  xTaskCreatePinnedToCore: { startsThread: { entry: 0 } },
  xTaskCreateStatic: { startsThread: { entry: 0 } },
  xTaskCreateStaticPinnedToCore: { startsThread: { entry: 0 } },
  osThreadNew: { startsThread: { entry: 0 } },
  k_thread_create: { startsThread: { entry: 3 } },
  g_thread_create: { startsThread: { entry: 0 } },
  g_thread_pool_new: { startsThread: { entry: 0 } },
  apr_thread_create: { startsThread: { entry: 2 } },
  uv_thread_create: { startsThread: { entry: 1 } },
  uv_thread_create_ex: { startsThread: { entry: 2 } },
  uv_queue_work: { startsThread: { entry: 2 } },
  SDL_CreateThread: { startsThread: { entry: 0 } },

  signal: { handlesSignal: { handler: 1 } },
  sigset: { handlesSignal: { handler: 1 } },
  bsd_signal: { handlesSignal: { handler: 1 } },
  sysv_signal: { handlesSignal: { handler: 1 } },
  atexit: { runsAtExit: { handler: 0 } },
  on_exit: { runsAtExit: { handler: 0 } },
  at_quick_exit: { runsAtExit: { handler: 0 } },

  ...Object.fromEntries(Object.entries(STALLING).map(([name, stalls]) => [name, { stalls, ...(WAITING.has(name) && { blocks: true as const }) }])),
  sched_yield: { blocks: true },
  ...PARSER_ROLES,
};

/**
 * Where libwebsockets takes function pointers from structures. Positions: the first members of `struct lws_protocols` have been the same
 * since 1.0; `lws_context_creation_info` changes with build options, so it has no positions.
 */
export const CALLBACK_FIELDS: readonly CallbackField[] = [
  { struct: ["struct lws_protocols", "struct libwebsocket_protocols", "lws_protocols"], field: "callback", index: 1, calledAs: "protocol" },
  { struct: ["struct lws_sorted_usec_list", "lws_sorted_usec_list_t"], field: "cb", index: 2, calledAs: "timer" },
  { struct: ["struct lws_ss_info", "lws_ss_info_t"], field: "rx", calledAs: "ss" },
  { struct: ["struct lws_ss_info", "lws_ss_info_t"], field: "tx", calledAs: "ss" },
  { struct: ["struct lws_ss_info", "lws_ss_info_t"], field: "state", calledAs: "ss" },
  { struct: ["struct lws_context_creation_info"], field: "signal_cb", calledAs: "event-loop-signal" },
  { struct: ["struct lws_state_notify_link", "lws_state_notify_link_t"], field: "notify_cb", calledAs: "timer" },
  { struct: ["struct sigaction"], field: "sa_handler", index: 0, calledAs: "signal" },
  { struct: ["struct sigaction"], field: "sa_sigaction", calledAs: "signal" },
  // Tasks run in the pool's threads; what they return tells the library what to do in the loop's.
  { struct: ["struct lws_threadpool_task_args"], field: "task", calledAs: "thread" },
];

/** Types of tables of callbacks, and where a creation info takes them. Source: `lws-context-vhost.h`, `lws-protocols-plugins.h`. */
export const PROTOCOL_TABLES = {
  structs: ["struct lws_protocols", "struct libwebsocket_protocols", "lws_protocols"],
  fields: ["protocols", "pprotocols"],
  /** The one that takes an array which a row without callback ends. */
  listField: "protocols",
} as const;

/** Since when every vhost has a copy of its table (`v3.2.3:lib/core-net/vhost.c:580`); before that only with plugins. */
export const COPIES_PROTOCOLS: Validity = { since: "3.2" };

/** Member of a row that says how much memory a session gets. */
export const SESSION_SIZE_FIELD = { field: "per_session_data_size", index: 2 } as const;

/** What contexts and vhosts are made from. */
export const CONTEXT_INFO_TYPE = /^(?:struct )?(?:lws|libwebsocket)_context_creation_info$/;

/** A file that defines one of these is an event library plugin: the exports of `lws-eventlib-exports.h` are meant for it. */
export const EVENT_LIBRARY_TYPES: readonly string[] = [
  "struct lws_event_loop_ops",
  "struct lws_plugin_evlib",
  "lws_plugin_evlib_t",
];

/** The header whose declarations are not for applications: "You should consider these opaque for normal user code". */
export const EVENT_LIBRARY_HEADER = "lws-eventlib-exports.h";

const range = (text: string): readonly [since: string, until: string | undefined] | undefined => {
  if (text === "-") return undefined;
  const [since, until] = text.split("..");
  return [since!, until];
};

function parse(line: string): ApiFunction {
  const [name, kind, declared, internal, header] = line.split(" ") as [string, string, string, string, string];
  const shown = range(declared);
  const hidden = range(internal);
  return {
    name,
    kind: KINDS[kind]!,
    ...(shown === undefined ? {} : { since: shown[0] }),
    ...(shown?.[1] === undefined ? {} : { until: shown[1] }),
    ...(hidden === undefined ? {} : { internalSince: hidden[0] }),
    ...(hidden?.[1] === undefined ? {} : { internalUntil: hidden[1] }),
    header,
  };
}

let table: ReadonlyMap<string, ApiFunction> | undefined;

/** Every function, macro and internal function of libwebsockets by name. */
export const apiFunctions = (): ReadonlyMap<string, ApiFunction> =>
  (table ??= new Map(
    API_TABLE.trim()
      .split("\n")
      .map((line) => [line.slice(0, line.indexOf(" ")), parse(line)]),
  ));

/**
 * A program that uses a foreign event loop destroys its context in several steps, by calling the same function again
 * (`minimal-http-server-eventlib.c`; issue 3045); one that gives `pcontext` has its variable set to NULL (`lws-context-vhost.h`).
 */
export const DESTROYS_IN_STEPS = /\bLWS_SERVER_OPTION_(?:LIB(?:UV|EV|EVENT)|GLIB|SDEVENT|ULOOP)\b|\bforeign_loops\b/;
export const CONTEXT_IS_NULLED = /\bpcontext\b/;

/** Member of `struct lws_client_connect_info` that points to where the new connection is kept (`lws-client.h`). */
export const CONNECT_TARGET_FIELD = "pwsi";

/** Macros that begin the initialiser of a variable they declare (`lws-secure-streams.h`): its type, and what is put before its name. */
export const INITIALIZER_MACROS: ReadonlyMap<string, { readonly type: string; readonly namePrefix: string }> = new Map([
  ["LWS_SS_INFO", { type: "lws_ss_info_t", namePrefix: "ssi_" }],
]);
