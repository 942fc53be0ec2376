/* The server closes with a status that may be sent. */
#include "../scaffold.h"

static int done;

static int
server(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	switch (reason) {
	case LWS_CALLBACK_ESTABLISHED:
		lws_callback_on_writable(wsi);
		break;
	case LWS_CALLBACK_SERVER_WRITEABLE:
		lws_close_reason(wsi, LWS_CLOSE_STATUS_GOINGAWAY, (unsigned char *)"gone", 4);
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
	case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
		done = len >= 2 ? ((unsigned char *)in)[0] << 8 | ((unsigned char *)in)[1] : -1;
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

	give_up_after(2000, EXIT_NO_CLOSE, "no close frame within 2 s");
	context = server_and_client(protocols);
	while (n >= 0 && !done)
		n = lws_service(context, 0);
	lws_context_destroy(context);
	if (done == LWS_CLOSE_STATUS_PROTOCOL_ERR)
		return EXIT_MISREAD;
	puts("done");
	return 0;
}
