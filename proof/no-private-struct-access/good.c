/* The same by the public API. */
#include "../scaffold.h"

static int
client_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	return reason == LWS_CALLBACK_CLIENT_RECEIVE && lws_wsi_user(wsi) != user;
}

static const struct lws_protocols protocols[] = {
	{ "server", server_callback, 0, 0 },
	{ "client", client_callback, 0, 0 },
	{ NULL, NULL, 0, 0 }
};

int
main(void)
{
	lws_context_destroy(server_and_client(protocols));
	puts("done");
	return 0;
}
