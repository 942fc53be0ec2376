/* The server takes a message from its queue, whether it could be sent or not. */
#include "../scaffold.h"
#include <sys/socket.h>

static unsigned char buf[LWS_PRE + 5];
static int closed, queued = 1, heard;

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
		lws_write(wsi, buf + LWS_PRE, 5, LWS_WRITE_BINARY);
		queued--;
		break;
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
	if (reason == LWS_CALLBACK_CLIENT_RECEIVE)
		heard++;
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
	/* What is neither heard nor kept for another try is lost. */
	if (queued + heard < 1)
		return EXIT_UNSENT;
	puts("done");
	return 0;
}
