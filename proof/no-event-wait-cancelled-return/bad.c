/* The callback answers -1 when the loop is woken, and wants the program to end with that. */
#include "../scaffold.h"

static volatile int woken;

static int
client_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	switch (reason) {
	case LWS_CALLBACK_CLIENT_RECEIVE:
		lws_cancel_service(lws_get_context(wsi));
		break;
	case LWS_CALLBACK_EVENT_WAIT_CANCELLED:
		woken = 1;
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

	give_up_after(2000, EXIT_LATE, "the loop is not woken");
	context = server_and_client(protocols);
	while (n >= 0 && !woken)
		n = lws_service(context, 0);
	/* Once more: is there still something that can be woken? */
	woken = 0;
	lws_cancel_service(context);
	while (n >= 0 && !woken)
		n = lws_service(context, 0);
	lws_context_destroy(context);
	puts("done");
	return 0;
}
