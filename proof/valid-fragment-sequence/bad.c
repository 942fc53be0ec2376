/* The client sends a message in parts and begins it with each of them: the server drops the connection. */
#include "../scaffold.h"

static int done, gone, sent;
static unsigned char buf[LWS_PRE + 5];

static int
server(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	switch (reason) {
	case LWS_CALLBACK_RECEIVE:
		if (lws_is_final_fragment(wsi) && !lws_remaining_packet_payload(wsi))
			done = 1;
		break;
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
		lws_callback_on_writable(wsi);
		break;
	case LWS_CALLBACK_CLIENT_WRITEABLE:
		if (sent++ == 3)
			break;
		lws_callback_on_writable(wsi);
		return lws_write(wsi, buf + LWS_PRE, 5, LWS_WRITE_BINARY | LWS_WRITE_NO_FIN) < 5 ? -1 : 0;
	case LWS_CALLBACK_CLIENT_CLOSED:
		gone = 1;
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

	give_up_after(2000, EXIT_HANG, "neither the message nor a close arrives");
	context = server_and_client(protocols);
	while (n >= 0 && !done && !gone)
		n = lws_service(context, 0);
	lws_context_destroy(context);
	if (!done)
		return EXIT_DROPPED;
	puts("done");
	return 0;
}
