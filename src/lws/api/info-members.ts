/**
 * Members of `struct lws_context_creation_info` whose pointer is kept and not what it points to. Source: `v4.1.6:READMEs/README.coding.md` ("Both the mount structures and the strings must
 * persist until the context is destroyed, since they are not copied") and `v4.1.6:lib/core-net/vhost.c:521-571,715`. Tables of protocols are copied since 3.2.
 */
export const KEPT_INFO_MEMBERS: ReadonlySet<string> = new Set(["mounts", "pvo", "headers", "finalize_arg", "extensions", "retry_and_idle_policy"]);

/** Functions of other libraries that come back at once and keep the caller's frame: what may stand behind the call that makes a context. */
export const COMES_BACK: ReadonlySet<string> = new Set([
  "memset", "memcpy", "memmove", "free", "malloc", "calloc", "realloc", "strdup", "strlen", "strcmp", "strncmp", "strcpy", "strncpy", "snprintf", "printf", "fprintf", "puts", "fputs", "perror",
  "fflush", "syslog", "pthread_create", "pthread_mutex_lock", "pthread_mutex_unlock", "pthread_mutex_init", "exit", "abort", "assert", "g_free", "g_print",
]);
