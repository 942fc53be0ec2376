/* The client closes the socket of its connection. No closing callback comes, and the event loop spins on the dead descriptor. */
#include "../scaffold.h"

static int closed;

static int
client_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	switch (reason) {
	case LWS_CALLBACK_CLIENT_RECEIVE:
		close(lws_get_socket_fd(wsi));
		break;
	case LWS_CALLBACK_CLIENT_CLOSED:
		closed = 1;
		break;
	default:
		break;
	}
	return 0;
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
	long turns = 0;
	int n = 0;

	give_up_after(2000, EXIT_NO_CLOSE, "no close within 2 s");
	context = server_and_client(protocols);
	while (n >= 0 && !closed) {
		n = lws_service(context, 0);
		/* A quiet connection takes a dozen turns. */
		if (++turns == 10000)
			give_up_after(1, EXIT_SPIN, "10000 turns of the event loop, and no close: the processor is spinning");
	}
	lws_context_destroy(context);
	puts("done");
	return 0;
}
