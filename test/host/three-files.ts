/** A way to the library that leads through a file without a trace of it: a callback, what it hands on to, and what that comes back to. */

export const CALLBACK = `#include <libwebsockets.h>
struct s { struct lws *conn; int done; };
void session_done(struct s *session);
static int callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	struct s *session = user;

	if (reason == LWS_CALLBACK_ESTABLISHED)
		session->conn = wsi;
	if (reason == LWS_CALLBACK_RECEIVE)
		session_done(session);
	return 0;
}
static const struct lws_protocols protocols[] = { { "p", callback, 8, 0 }, { NULL, NULL, 0, 0 } };
`;
export const DROP = `#include <libwebsockets.h>
void conn_drop(struct lws *wsi)
{
	lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_SYNC);
}
`;

/** The file in the middle, with the function that it hands on to. */
export const session = (call: string): string =>
  `struct s { void *conn; };\nvoid conn_drop(void *c);\nvoid session_done(struct s *s)\n{\n\t${call}(s->conn);\n}\n`;
