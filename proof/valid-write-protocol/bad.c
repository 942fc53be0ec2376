/* The client sends HTTP data on its WebSocket: the server takes it for a broken frame. */
#include "../scaffold.h"

static int done;
static unsigned char buf[LWS_PRE + 64];

static int
server(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	if (reason == LWS_CALLBACK_RECEIVE)
		done = len == 5 && !memcmp(in, "hello", 5);
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
		memcpy(buf + LWS_PRE, "hello", 5);
		if (lws_write(wsi, buf + LWS_PRE, 5, LWS_WRITE_HTTP) < 5)
			return -1;
		break;
	default:
		break;
	}
	return 0;
}


static const struct lws_protocols protocols[] = {
	{ "server", server, 0, 65536 },
	{ "client", client, 0, 65536 },
	{ NULL, NULL, 0, 0 }
};

int
main(void)
{
	struct lws_context *context;
	int n = 0;

	give_up_after(2000, EXIT_NO_ANSWER, "nothing arrives");
	context = server_and_client(protocols);
	while (n >= 0 && !done)
		n = lws_service(context, 0);
	lws_context_destroy(context);
	puts("done");
	return 0;
}
