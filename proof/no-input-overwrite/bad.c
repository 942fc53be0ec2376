/* Three messages come in one packet. The zero behind the first one is written where the header of the second one stands. */
#include "../scaffold.h"

static int done;

static int
server(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	static int sum;

	switch (reason) {
	case LWS_CALLBACK_ESTABLISHED:
		/* Nothing is read until all of them are there. */
		lws_rx_flow_control(wsi, 0);
		lws_set_timer_usecs(wsi, 300 * LWS_US_PER_MS);
		break;
	case LWS_CALLBACK_TIMER:
		lws_rx_flow_control(wsi, 1);
		break;
	case LWS_CALLBACK_RECEIVE:
		((char *)in)[len] = '\0';
		sum += atoi(in);
		done = sum == 33;
		break;
	default:
		break;
	}
	return 0;
}

static int
client(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	static int sent;

	switch (reason) {
	case LWS_CALLBACK_CLIENT_ESTABLISHED:
		lws_callback_on_writable(wsi);
		break;
	case LWS_CALLBACK_CLIENT_WRITEABLE:
		if (++sent < 3)
			lws_callback_on_writable(wsi);
		return say(wsi, "11");
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

	give_up_after(3000, EXIT_NO_ANSWER, "the messages do not arrive");
	context = server_and_client(protocols);
	while (n >= 0 && !done)
		n = lws_service(context, 0);
	lws_context_destroy(context);
	puts("done");
	return 0;
}
