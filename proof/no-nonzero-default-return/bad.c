/* The client's callback answers -1 for everything it does not handle. */
#include "../scaffold.h"

static int closed;

static int
client_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	switch (reason) {
	case LWS_CALLBACK_CLIENT_ESTABLISHED:
		return 0;
	case LWS_CALLBACK_CLIENT_RECEIVE:
		return -1;
	case LWS_CALLBACK_CLIENT_CLOSED:
		closed = 1;
		return 0;
	default:
		return -1;
	}
}

static const struct lws_protocols protocols[] = {
	{ "server", server_callback, 0, 0 },
	{ "client", client_callback, 0, 0 },
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
