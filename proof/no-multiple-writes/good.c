/* One message per callback: all of them arrive. */
#include "../scaffold.h"

static int done, sent;
static unsigned char buf[LWS_PRE + 5000];

static int
server(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	static size_t heard;

	if (reason == LWS_CALLBACK_RECEIVE) {
		heard += len;
		done = heard == 40 * 5000;
	}
	return 0;
}

static int
client(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	switch (reason) {
	case LWS_CALLBACK_CLIENT_ESTABLISHED:
		lws_callback_on_writable(wsi);
		break;
	case LWS_CALLBACK_CLIENT_WRITEABLE:
		if (sent < 40) {
			if (lws_write(wsi, buf + LWS_PRE, 5000, LWS_WRITE_BINARY) < 0)
				return -1;
			sent++;
			lws_callback_on_writable(wsi);
		}
		break;
	default:
		break;
	}
	return 0;
}


static const struct lws_protocols protocols[] = {
	{ "server", server, 0, 0 },
	{ "client", client, 0, 0 },
	{ NULL, NULL, 0, 0 }
};

int
main(void)
{
	struct lws_context *context;
	int n = 0;

	give_up_after(3000, EXIT_NO_ANSWER, "the messages do not arrive");
	context = server_and_client(protocols);
	while (n >= 0 && !done)
		n = lws_service(context, 0);
	lws_context_destroy(context);
	puts("done");
	return 0;
}
