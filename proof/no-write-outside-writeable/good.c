/* The server counts what is asked for, and answers when there is room: nothing is kept but a number. */
#include "../scaffold.h"

#include <sys/resource.h>

enum { REQUESTS = 400, ANSWER = 100000 };

static unsigned char buf[LWS_PRE + ANSWER];
static int asked, answered, waiting;

static int
server(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	switch (reason) {
	case LWS_CALLBACK_RECEIVE:
		answered++;
		waiting++;
		lws_callback_on_writable(wsi);
		break;
	case LWS_CALLBACK_SERVER_WRITEABLE:
		if (!waiting)
			break;
		if (--waiting)
			lws_callback_on_writable(wsi);
		return lws_write(wsi, buf + LWS_PRE, ANSWER, LWS_WRITE_BINARY) < 0 ? -1 : 0;
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
		lws_rx_flow_control(wsi, 0);
		lws_callback_on_writable(wsi);
		break;
	case LWS_CALLBACK_CLIENT_WRITEABLE:
		if (++asked < REQUESTS)
			lws_callback_on_writable(wsi);
		return say(wsi, "more");
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

/* In KiB; never falls. */
static long
memory(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}

int
main(void)
{
	struct lws_context *context;
	long before;
	int n = 0;

	give_up_after(5000, EXIT_NO_ANSWER, "the requests do not arrive");
	context = server_and_client(protocols);
	before = memory();
	while (n >= 0 && answered < REQUESTS)
		n = lws_service(context, 0);
	n = memory() - before > 20 * 1024;
	lws_context_destroy(context);
	if (n)
		return EXIT_GROWS;
	puts("done");
	return 0;
}
