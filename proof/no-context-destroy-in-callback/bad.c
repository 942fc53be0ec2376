/* The client destroys the context when its connection is closed. Before 4.2 it is left half
 * destroyed and leaks; from then on it is gone when the loop ends, and the usual destroy after the loop is a use after free. */
#include "../scaffold.h"

static struct lws_context *context;
static volatile int interrupted;

static int
client_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	switch (reason) {
	case LWS_CALLBACK_CLIENT_RECEIVE:
		return -1;
	case LWS_CALLBACK_CLIENT_CLOSED:
		lws_context_destroy(context);
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
	int n = 0;

	give_up_after(2000, EXIT_HANG, "the loop does not end");
	context = server_and_client(protocols);
	while (n >= 0 && !interrupted)
		n = lws_service(context, 0);
#if LWS_LIBRARY_VERSION_NUMBER < 4002000
	/* Otherwise the callback has done it: so it seems, yet 4.1 keeps the context until it is destroyed outside. */
	if (interrupted)
#endif
	lws_context_destroy(context);
	context = NULL;
	puts("done");
	return 0;
}
