/** A small program with mistakes of several kinds, and one that would like to run in the page. */
export const HOSTILE_NAME = "src/<img src=x onerror=window.hacked=1>.c";

export const SOURCES: Readonly<Record<string, string>> = {
  "src/main.c": String.raw`#include <libwebsockets.h>
#include "chat.h"

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
		remember(s, in, len);
		lws_callback_on_writable(wsi);
		break;
	case LWS_CALLBACK_SERVER_WRITEABLE:
		lws_write(wsi, s->buf + LWS_PRE, s->len, LWS_WRITE_TEXT);
		break;
	case LWS_CALLBACK_TIMER:
		usleep(200000);
		shutdown_all(wsi);
		break;
	case LWS_CALLBACK_CLOSED:
		forget(s);
		break;
	default:
		break;
	}
	return 0;
}

static const struct lws_protocols protocols[] = {
	{ "chat", on_event, sizeof(struct session), 1024, 0, NULL, 0 },
};
`,
  "src/chat.h": String.raw`#include <libwebsockets.h>
struct session { struct lws *wsi; unsigned char buf[LWS_PRE + 1024]; size_t len; };
void drop(struct lws *wsi);
void shutdown_all(struct lws *wsi);
void remember(struct session *s, void *in, size_t len);
void forget(struct session *s);
`,
  "src/chat.c": String.raw`#include <string.h>
#include "chat.h"

void drop(struct lws *wsi)
{
	lwsl_notice("too much\n");
	lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_SYNC);
}

void shutdown_all(struct lws *wsi)
{
	lws_context_destroy(lws_get_context(wsi));
}

void remember(struct session *s, void *in, size_t len)
{
	memcpy(s->buf + LWS_PRE, in, len);
	s->len = len;
}

void forget(struct session *s)
{
	s->wsi = NULL;
}
`,
  [HOSTILE_NAME]: String.raw`#include <libwebsockets.h>
/* </script><img src=x onerror="window.hacked=1"> */
void stop(struct lws *wsi) { lws_close_free_wsi(wsi); /* </script><script>window.hacked=1</script> */ }
`,
};
