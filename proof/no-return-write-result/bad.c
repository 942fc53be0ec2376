/* The client returns what lws_write() returned: the server's answer never comes. */
#include "../scaffold.h"

static int answered;

static int
echo_server(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	switch (reason) {
	case LWS_CALLBACK_RECEIVE:
		lws_set_timer_usecs(wsi, 50 * LWS_US_PER_MS);
		break;
	case LWS_CALLBACK_TIMER:
		lws_callback_on_writable(wsi);
		break;
	case LWS_CALLBACK_SERVER_WRITEABLE:
		return say(wsi, "answer");
	default:
		break;
	}
	return 0;
}

static int
client_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	static unsigned char buffer[LWS_PRE + 8];

	switch (reason) {
	case LWS_CALLBACK_CLIENT_ESTABLISHED:
		lws_callback_on_writable(wsi);
		break;
	case LWS_CALLBACK_CLIENT_WRITEABLE:
		return lws_write(wsi, buffer + LWS_PRE, 8, LWS_WRITE_BINARY);
	case LWS_CALLBACK_CLIENT_RECEIVE:
		answered = 1;
		return -1;
	default:
		break;
	}
	return 0;
}

static const struct lws_protocols protocols[] = {
	{ "server", echo_server, 0, 0 },
	{ "client", client_callback, 0, 0 },
	{ NULL, NULL, 0, 0 }
};

int
main(void)
{
	struct lws_context *context;
	int n = 0;

	give_up_after(2000, EXIT_NO_ANSWER, "no answer: the connection is gone");
	context = server_and_client(protocols);
	while (n >= 0 && !answered)
		n = lws_service(context, 0);
	lws_context_destroy(context);
	puts("done");
	return 0;
}
