/* Sessions get the size of a pointer instead of the size of the struct. */
#include "../scaffold.h"

static int closed;

struct session {
	char received[256];
};

static int
client_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	struct session *session = user;

	switch (reason) {
	case LWS_CALLBACK_CLIENT_ESTABLISHED:
		memset(session->received, 0, sizeof(session->received));
		break;
	case LWS_CALLBACK_CLIENT_RECEIVE:
		return -1;
	case LWS_CALLBACK_CLIENT_CLOSED:
		closed = 1;
		break;
	default:
		break;
	}
	return 0;
}

static const struct lws_protocols protocols[] = {
	{ "server", server_callback, 0, 0 },
	{ "client", client_callback, sizeof(struct session *), 0 },
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
	puts("done");
	return 0;
}
