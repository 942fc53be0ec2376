/* The server means to let the handshake pass, and says that it has answered it: the client waits for ever. */
#include "../scaffold.h"

static int done;

static int
server(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	switch (reason) {
	case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
		return 1;
	default:
		break;
	}
	return 0;
}

static int
client(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	if (reason == LWS_CALLBACK_CLIENT_ESTABLISHED)
		done = 1;
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

	give_up_after(2000, EXIT_NO_ANSWER, "no answer to the handshake");
	context = server_and_client(protocols);
	while (n >= 0 && !done)
		n = lws_service(context, 0);
	lws_context_destroy(context);
	puts("done");
	return 0;
}
