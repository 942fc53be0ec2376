/* The callback returns; a timer does the rest. */
#include "../scaffold.h"

static struct lws_context *context;
static int fired;
static lws_sorted_usec_list_t sul;

static void
on_time(lws_sorted_usec_list_t *timer)
{
	fired = 1;
	lws_cancel_service(context);
}

static int
client_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	if (reason != LWS_CALLBACK_CLIENT_RECEIVE)
		return 0;
	lws_sul_schedule(context, 0, &sul, on_time, 10 * LWS_US_PER_MS);
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
	int n = 0;

	give_up_after(2000, EXIT_LATE, "a timer of 10 ms has not fired after 2 s");
	context = server_and_client(protocols);
	while (n >= 0 && !fired)
		n = lws_service(context, 0);
	lws_context_destroy(context);
	puts("done");
	return 0;
}
