/* The client waits for the closing reason of servers, which it never gets. */
#include "../scaffold.h"

static int closed;

static int
server(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	switch (reason) {
	case LWS_CALLBACK_ESTABLISHED:
		lws_callback_on_writable(wsi);
		break;
	case LWS_CALLBACK_SERVER_WRITEABLE:
		return -1;
	default:
		break;
	}
	return 0;
}

static int
client(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	switch (reason) {
	case LWS_CALLBACK_CLIENT_ESTABLISHED:
		lws_set_timer_usecs(wsi, LWS_USEC_PER_SEC);
		break;
	case LWS_CALLBACK_CLOSED:
		closed = 1;
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

	give_up_after(2000, EXIT_NO_CLOSE, "no close within 2 s");
	context = server_and_client(protocols);
	while (n >= 0 && !closed)
		n = lws_service(context, 0);
	lws_context_destroy(context);
	puts("done");
	return 0;
}
