/**
 * Which functions may be called off the thread that runs the event loop.
 *
 * Sources: `lws-service.h` and READMEs/README.coding.md at v4.3 ("The only lws api that's safe to call from other thread contexts is
 * lws_cancel_service()"), `lws-smd.h` ("threadsafe"), READMEs/README.lws_system.md, lib/core/libwebsockets.c at v5.0.0 (`lws_default_loop_exit()`
 * is a store and `lws_cancel_service()`). Measured: `lws_callback_on_writable()`, `lws_set_timeout()` and `lws_write()` from another thread
 * crash, corrupt the stream or do not wake the loop on 3.2 to 5.0, also under a mutex of the application.
 */
import { apiFunction, rolesOf } from "./index.js";

/** What a context is: the loop belongs to it. */
export const CONTEXT_TYPE = /^(?:struct )?(?:lws|libwebsocket)_context$/;

/** C++ types whose constructor runs its argument in a thread; also of the elements of a container. */
export const THREAD_CLASSES = /\b(?:std|boost)::j?thread\b/;

/** The same written as calls: `std::thread(f)`, with or without the namespace. */
export const THREAD_STARTERS: ReadonlySet<string> = new Set([
  "thread", "jthread", "async", "std::thread", "std::jthread", "std::async", "boost::thread", "boost::async", "QtConcurrent::run",
]);

/** Base classes of frameworks whose one method runs in a thread of its own. */
export const THREAD_BASES: Readonly<Record<string, string>> = {
  QThread: "run", QRunnable: "run", ofThread: "threadedFunction", wxThread: "Entry", "juce::Thread": "run", "Poco::Runnable": "run",
};

/** Names of wrappers that start threads: `netdata_thread_create()`, `ast_pthread_create_detached()`. */
export const THREAD_STARTER_NAME = /thread_?(?:create|start|spawn|new|launch)|(?:create|start|spawn|new|launch)_?(?!\w*(?:main|ui|loop))(?:\w+_)?p?thread(?!s?_?(?:pool|attr|key|local))/i;

/** Functions, and methods of C++, that come back when another thread has ended. */
export const JOINS: ReadonlySet<string> = new Set([
  "join",
  "pthread_join", "pthread_timedjoin_np", "thrd_join", "g_thread_join", "uv_thread_join", "SDL_WaitThread", "WaitForSingleObject",
  "WaitForSingleObjectEx", "WaitForMultipleObjects",
]);

/** Headers whose functions work on connections, contexts or the loop. Those of other headers are helpers that know no loop. */
const LOOP_HEADERS = new Set([
  "lws-adopt.h", "lws-async-dns.h", "lws-callbacks.h", "lws-cgi.h", "lws-client.h", "lws-context-vhost.h", "lws-http.h", "lws-mqtt.h",
  "lws-retry.h", "lws-secure-streams.h", "lws-secure-streams-client.h", "lws-sequencer.h", "lws-service.h", "lws-timeout-timer.h",
  "lws-webtransport.h", "lws-write.h", "lws-writeable.h", "lws-ws-close.h", "lws-ws-state.h", "libwebsockets.h", "lws-eventlib-exports.h",
]);

/** In headers of other things, but works on a connection or the loop. */
const LOOP_BOUND_TOO = new Set([
  "lws_rx_flow_control", "lws_rx_flow_allow_all_protocol", "lws_clear_child_pending_on_writable", "lws_spawn_piped",
  "lws_spawn_piped_kill_child_process", "lws_smtp_client_kick", "lws_smtpc_add_email", "lws_dht_search", "lws_dht_send_data", "lws_dht_ping_node",
  "lws_dir_notify_create", "lws_dir_notify_destroy",
]);

/** In those headers, but without the loop: documented as safe, constant after creation, or text helpers. */
const SAFE_ANYWHERE = new Set([
  "lws_cancel_service", "lws_cancel_service_pt", "lws_default_loop_exit",
  "lws_get_library_version", "lws_context_user", "lws_get_context", "lws_context_is_being_destroyed", "lws_context_is_deprecated",
  "lws_write_ws_flags", "lws_cmdline_option", "lws_cmdline_option_handle_builtin", "lws_cmdline_passfail", "lws_check_opt",
  "lws_http_basic_auth_gen", "lws_http_basic_auth_gen2", "lws_get_mimetype", "lws_http_get_uri_and_method", "lws_parse_uri",
  "lws_urlencode", "lws_urldecode", "lws_container_of", "lws_ptr_diff", "lws_ptr_diff_size_t", "lws_retry_get_delay_ms", "lws_json_dump_context",
  "lws_now_usecs", "lws_now_secs", "lws_humanize", "lws_concat_temp", "lws_concat_used", "lws_set_log_level", "lwsl_emit_syslog", "lwsl_emit_stderr",
  "lws_context_info_defaults", "_lws_context_info_defaults", "lws_ss_state_name", "lws_daemonize",
  // what a handle was made with
  "lws_get_vhost_name", "lws_get_vhost_port", "lws_get_vhost_user", "lws_get_vhost_iface", "lws_vhost_user", "lws_vh_tag",
  "lws_ss_tag", "lws_ss_to_user_object", "lws_ss_get_context", "lws_ss_get_vhost", "lws_sspc_tag", "lws_sspc_to_user_object", "lws_sspc_get_context",
  // no handle at all
  "lws_time_in_microseconds", "lws_http_date_parse_unix", "lws_http_date_render_from_unix", "lws_token_to_string", "lws_systemd_inherited_fd",
  "lws_mqtt_str_create", "lws_mqtt_str_create_cstr_dup", "lws_mqtt_str_create_init", "lws_mqtt_str_init", "lws_mqtt_str_free", "lws_mqtt_str_next",
  "lws_mqtt_str_advance", "lws_mqtt_bindata_cmp", "lws_realloc", "lws_SHA1", "lws_get_random", "lws_canonical_hostname",
  "lws_fx_add", "lws_fx_sub", "lws_fx_mul", "lws_fx_div", "lws_fx_comp", "lws_fx_sqrt", "lws_fx_string", "lws_fx_roundup", "lws_fx_rounddown",
  "lws_pthread_mutex_init", "lws_pthread_mutex_destroy", "lws_pthread_mutex_lock", "lws_pthread_mutex_unlock",
  "lws_mutex_refcount_init", "lws_mutex_refcount_destroy", "lws_mutex_refcount_lock", "lws_mutex_refcount_unlock", "lws_mutex_refcount_assert_held",
]);

/** The name a function of 1.x has had since 1.6; the name itself otherwise. */
export const modernName = (name: string): string => name.replace(/^libwebsockets?_/, "lws_");

/** Whether a function must be called on the thread that runs the event loop. */
export function isLoopBound(name: string): boolean {
  const modern = modernName(name);
  if (SAFE_ANYWHERE.has(modern)) return false;
  if (LOOP_BOUND_TOO.has(modern)) return true;
  const roles = rolesOf(name);
  if (roles.destroysContext || roles.setsTimeout || roles.closesConnection) return true;
  const found = apiFunction(name) ?? apiFunction(modern);
  return found !== undefined && (found.kind === "function" || found.kind === "inline" || found.kind === "alias") && LOOP_HEADERS.has(found.header);
}

/** Whether a function makes a context, and so a loop that belongs to the calling thread. A virtual host belongs to the loop of its context. */
export const makesLoop = (name: string): boolean => modernName(name) === "lws_create_context";

/** Names that service loops have, for functions nobody shows. */
export const LOOP_LIKE_NAME = /loop|serv(?:e|ice)|dispatch|(?:^|_)run(?:$|_)|event_?base/i;

/** What a signal handler may call of the library: what wakes or ends the loop, and what only reads or copies a few bytes. */
const SAFE_IN_SIGNAL_HANDLER = new Set([
  "lws_cancel_service", "lws_cancel_service_pt", "lws_default_loop_exit",
  "lws_get_context", "lws_context_user", "lws_wsi_user", "lws_get_opaque_user_data", "lws_context_is_being_destroyed", "lws_get_library_version",
  "lws_get_vhost_user", "lws_vhost_user", "lws_ss_to_user_object", "lws_now_usecs", "lws_now_secs", "lws_strncpy", "lws_explicit_bzero",
  "lws_ptr_diff", "lws_ptr_diff_size_t", "lws_container_of",
]);

/** Whether a library function takes locks, allocates, formats or works on the loop, none of which a signal handler may do. */
export function isUnsafeInSignalHandler(name: string): boolean {
  const modern = modernName(name);
  if (SAFE_IN_SIGNAL_HANDLER.has(modern)) return false;
  if (/^_?lwsl?_log|^lwsl_/.test(modern)) return true;
  const found = apiFunction(name) ?? apiFunction(modern);
  return found !== undefined && found.kind !== "macro";
}
