/* A writeable callback is asked for, of the connection that is established. */
#include "../scaffold.h"

static int established;

static int
client_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	switch (reason) {
	case LWS_CALLBACK_CLIENT_ESTABLISHED:
		lws_callback_on_writable(wsi);
		break;
	case LWS_CALLBACK_CLIENT_RECEIVE:
		established = 1;
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
	int n = 0;

	give_up_after(2000, EXIT_HANG, "the loop does not end");
	context = server_and_client(protocols);
	while (n >= 0 && !established)
		n = lws_service(context, 0);
	lws_context_destroy(context);
	puts("done");
	return 0;
}
