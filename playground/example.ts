/** What is there before anybody has pasted anything. */
export const EXAMPLE = String.raw`#include <libwebsockets.h>
#include <string.h>
#include <unistd.h>

struct session {
	struct lws *wsi;
	unsigned char buf[LWS_PRE + 1024];
	size_t len;
};

static void drop(struct lws *wsi)
{
	lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_SYNC);
}

static int on_event(struct lws *wsi, enum lws_callback_reasons reason,
		    void *user, void *in, size_t len)
{
	struct session *s = user;

	switch (reason) {
	case LWS_CALLBACK_ESTABLISHED:
		s->wsi = wsi;
		lws_set_timer_usecs(wsi, 3 * LWS_USEC_PER_SEC);
		break;
	case LWS_CALLBACK_RECEIVE:
		if (len > 1024) {
			drop(wsi);
			return 0;
		}
		memcpy(s->buf + LWS_PRE, in, len);
		s->len = len;
		lws_callback_on_writable(wsi);
		break;
	case LWS_CALLBACK_SERVER_WRITEABLE:
		lws_write(wsi, s->buf + LWS_PRE, s->len, LWS_WRITE_TEXT);
		break;
	case LWS_CALLBACK_TIMER:
		usleep(200000);
		break;
	case LWS_CALLBACK_CLOSED:
		s->wsi = NULL;
		break;
	default:
		break;
	}
	return 0;
}

static const struct lws_protocols protocols[] = {
	{ "chat", on_event, sizeof(struct session), 1024, 0, NULL, 0 },
	LWS_PROTOCOL_LIST_TERM
};
`;
