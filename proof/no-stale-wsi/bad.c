/* The client keeps its connection in a variable and does not forget it when it closes: the timeout is set on freed memory. */
#include "../scaffold.h"

static struct lws *kept;
static int received;

static int
client_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	switch (reason) {
	case LWS_CALLBACK_CLIENT_ESTABLISHED:
		kept = wsi;
		break;
	case LWS_CALLBACK_CLIENT_RECEIVE:
		received = 1;
		return -1;
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
	int n = 0;

	give_up_after(2000, EXIT_HANG, "the loop does not end");
	context = server_and_client(protocols);
	while (n >= 0 && !received)
		n = lws_service(context, 0);
	if (kept)
		lws_set_timeout(kept, PENDING_TIMEOUT_USER_OK, 5);
	lws_context_destroy(context);
	puts("done");
	return 0;
}
