/* The main flow kills the client's connection synchronously, and asks for a writeable callback of it. */
#include "../scaffold.h"

static struct lws *client;

static int
client_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	switch (reason) {
	case LWS_CALLBACK_CLIENT_ESTABLISHED:
		client = wsi;
		break;
	case LWS_CALLBACK_CLIENT_CLOSED:
		client = NULL;
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
	struct lws *wsi;
	int n = 0;

	give_up_after(2000, EXIT_HANG, "the loop does not end");
	context = server_and_client(protocols);
	while (n >= 0 && !client)
		n = lws_service(context, 0);
	wsi = client;
	lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_SYNC);
	lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, 5);
	lws_context_destroy(context);
	puts("done");
	return 0;
}
