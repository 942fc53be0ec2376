/**
 * What came in the place of functions that are gone. Which are gone, and since when, is told by `functions.generated.ts`; this says only what to use.
 *
 * Source: the library's changelog at v5.0.0, `v2.0.3:changelog:681-707` for the names before 1.6, and the headers of the release tags.
 */
export interface Replacement {
  readonly instead: string;
  /** The other name takes the same arguments and gives the same result. */
  readonly isRename?: true;
}

const rename = (instead: string): Replacement => ({ instead, isRename: true });
const use = (instead: string): Replacement => ({ instead });

const DLL2 = ["add_head", "add_tail", "foreach_safe", "get_head", "get_tail", "is_detached", "remove"] as const;
const EVENT_LIBRARIES = ["lws_ev", "lws_event", "lws_uv"] as const;

export const REPLACEMENTS: Readonly<Record<string, Replacement>> = {
  // 1.6 renamed everything; these kept their arguments.
  libwebsocket_write: rename("lws_write"),
  libwebsocket_service: rename("lws_service"),
  libwebsocket_service_fd: rename("lws_service_fd"),
  libwebsocket_create_context: rename("lws_create_context"),
  libwebsocket_context_destroy: rename("lws_context_destroy"),
  libwebsocket_context_user: rename("lws_context_user"),
  libwebsocket_cancel_service: rename("lws_cancel_service"),
  libwebsocket_is_final_fragment: rename("lws_is_final_fragment"),
  libwebsockets_remaining_packet_payload: rename("lws_remaining_packet_payload"),
  libwebsockets_get_protocol: rename("lws_get_protocol"),
  libwebsocket_set_timeout: rename("lws_set_timeout"),
  libwebsocket_rx_flow_control: rename("lws_rx_flow_control"),
  libwebsocket_get_socket_fd: rename("lws_get_socket_fd"),
  libwebsocket_canonical_hostname: rename("lws_canonical_hostname"),
  libwebsocket_set_proxy: rename("lws_set_proxy"),
  libwebsockets_get_random: rename("lws_get_random"),
  // Its first argument, the context, went away.
  libwebsocket_callback_on_writable: use("lws_callback_on_writable"),
  libwebsocket_client_connect: use("lws_client_connect_via_info"),
  libwebsocket_client_connect_extended: use("lws_client_connect_via_info"),

  lws_client_connect: use("lws_client_connect_via_info"),
  lws_client_connect_extended: use("lws_client_connect_via_info"),
  lws_vhost_get: rename("lws_get_vhost"),
  lws_timed_callback_vh_protocol: use("lws_sul_schedule"),
  lws_timed_callback_vh_protocol_us: use("lws_sul_schedule"),
  lws_plat_file_open: use("lws_vfs_file_open"),
  lws_plat_file_close: use("lws_vfs_file_close"),
  lws_plat_file_seek_cur: use("lws_vfs_file_seek_cur"),
  lws_plat_file_read: use("lws_vfs_file_read"),
  lws_plat_file_write: use("lws_vfs_file_write"),
  lws_libuv_run: use("lws_service"),
  lws_libuv_stop: use("lws_cancel_service"),
  lws_genrsa_public_sign: use("lws_genrsa_hash_sign"),
  lws_genrsa_public_verify: use("lws_genrsa_hash_sig_verify"),
  lws_jws_confirm_sig: use("lws_jws_sig_confirm"),
  lws_jws_create_packet: use("lws_jws_sign_from_b64"),
  lws_jwk_destroy_genrsa_elements: use("lws_genrsa_destroy_elements"),
  lws_system_get_info: use("lws_system_get_ops"),
  lws_system_reboot: use("lws_system_get_ops"),
  lws_compare_time_t: use("lws_now_secs"),
  // `struct lws_dll` became `struct lws_dll2`.
  ...Object.fromEntries(DLL2.map((name) => [`lws_dll_${name}`, use(`lws_dll2_${name}`)])),
  lws_dll_add_front: use("lws_dll2_add_head"),
  lws_dll_insert: use("lws_dll2_add_before"),
  lws_dll_is_null: use("lws_dll2_is_detached"),
  lws_dll_lws_add_front: use("lws_dll2_add_head"),
  lws_dll_lws_remove: use("lws_dll2_remove"),
  lws_dll_remove_track_tail: use("lws_dll2_remove"),
};

/** Replaced by members of `struct lws_context_creation_info` (3.0). */
export const REPLACED_BY_INFO: Readonly<Record<string, string>> = Object.fromEntries(
  EVENT_LIBRARIES.flatMap((name) => [[`${name}_initloop`, "foreign_loops"], [`${name}_sigint_cfg`, "signal_cb"], [`${name}_sigint_cb`, "signal_cb"]]),
);
