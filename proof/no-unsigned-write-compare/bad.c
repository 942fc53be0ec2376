/* A write fails, and a comparison with a size_t takes that for success. */
#include "../scaffold.h"
#include <sys/socket.h>

static unsigned char buf[LWS_PRE + 5];
static size_t length = 5;
static int closed, tried, noticed;

static int
server(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	switch (reason) {
	case LWS_CALLBACK_ESTABLISHED:
		lws_callback_on_writable(wsi);
		break;
	case LWS_CALLBACK_SERVER_WRITEABLE:
		/* As if the network was gone. */
		shutdown(lws_get_socket_fd(wsi), SHUT_RDWR);
		tried = 1;
		if (lws_write(wsi, buf + LWS_PRE, length, LWS_WRITE_BINARY) < length)
			noticed = 1;
		return -1;
	case LWS_CALLBACK_CLOSED:
		closed = 1;
		break;
	default:
		break;
	}
	return 0;
}

static int
client(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
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

	give_up_after(2000, EXIT_NO_CLOSE, "no close within 2 s");
	context = server_and_client(protocols);
	while (n >= 0 && !closed)
		n = lws_service(context, 0);
	lws_context_destroy(context);
	if (tried && !noticed)
		return EXIT_UNSENT;
	puts("done");
	return 0;
}
