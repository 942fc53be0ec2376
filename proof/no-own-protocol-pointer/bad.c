/* The server asks for a writeable callback of all who speak a protocol, by a row of its own table: nobody is found. */
#include "../scaffold.h"

static int asked, done;

static int server(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len);
static int client(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len);

static const struct lws_protocols protocols[] = {
	{ "server", server, 0, 0 },
	{ "client", client, 0, 0 },
	{ NULL, NULL, 0, 0 }
};

static int
server(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	struct lws_vhost *vhost = lws_get_vhost(wsi);

	switch (reason) {
	case LWS_CALLBACK_ESTABLISHED:
		asked = 1;
		lws_callback_on_writable_all_protocol_vhost(vhost, &protocols[0]);
		break;
	case LWS_CALLBACK_SERVER_WRITEABLE:
		done = asked;
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

int
main(void)
{
	struct lws_context *context;
	int n = 0;

	give_up_after(2000, EXIT_NO_ANSWER, "no writeable callback");
	context = server_and_client(protocols);
	while (n >= 0 && !done)
		n = lws_service(context, 0);
	lws_context_destroy(context);
	puts("done");
	return 0;
}
