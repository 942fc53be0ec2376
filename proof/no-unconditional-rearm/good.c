/* It asks once, and then not again: there is nothing to write. */
#include "../scaffold.h"

static int turns, done;

static int
client_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	switch (reason) {
	case LWS_CALLBACK_CLIENT_ESTABLISHED:
		lws_set_timer_usecs(wsi, 500 * LWS_US_PER_MS);
		lws_callback_on_writable(wsi);
		break;
	case LWS_CALLBACK_CLIENT_WRITEABLE:
		if (++turns > 10000)
			exit(EXIT_SPIN);
		break;
	case LWS_CALLBACK_TIMER:
		done = 1;
		return -1;
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

	give_up_after(3000, EXIT_HANG, "the program does not come to an end");
	context = server_and_client(protocols);
	while (n >= 0 && !done)
		n = lws_service(context, 0);
	lws_context_destroy(context);
	puts("done");
	return 0;
}
