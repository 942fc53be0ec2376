/** Programs for the language server's tests. */

const HEAD = `#include <libwebsockets.h>
void drop(struct lws *wsi);
`;

/** Lines 3 to 8 are the callback; the statement is in line 6. */
export const callback = (statement: string, reason = "LWS_CALLBACK_RECEIVE"): string => `${HEAD}static int callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	if (reason == ${reason})
		${statement}
	return 0;
}
const struct lws_protocols protocols[] = { { "p", callback, 0, 0 }, { NULL, NULL, 0, 0 } };
`;

export const SYNC = "lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_SYNC);";
export const ASYNC = "lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);";

/** A helper that closes with this time. */
export const helper = (statement: string): string => `${HEAD}
void drop(struct lws *wsi)
{
	${statement}
}
`;
