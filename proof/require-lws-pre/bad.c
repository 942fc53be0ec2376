/* The client sends a literal: the header of the frame is written in front of it, into memory that cannot be written to. */
#include "../scaffold.h"

static int heard;

static int
server(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	if (reason == LWS_CALLBACK_RECEIVE)
		heard = len == 5 && !memcmp(in, "hello", 5);
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
		if (lws_write(wsi, (unsigned char *)"hello", 5, LWS_WRITE_TEXT) < 5)
			return -1;
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

	give_up_after(2000, EXIT_HANG, "nothing arrives");
	context = server_and_client(protocols);
	while (n >= 0 && !heard)
		n = lws_service(context, 0);
	lws_context_destroy(context);
	puts("done");
	return 0;
}
