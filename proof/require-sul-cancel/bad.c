/* A timer in the session's data is still running when the connection closes and its data is freed. */
#include "../scaffold.h"

struct pss {
	lws_sorted_usec_list_t sul;
};

static struct lws_context *context;
static lws_sorted_usec_list_t stop;
static int stopped;

static void
tick(lws_sorted_usec_list_t *sul)
{
}

static void
finish(lws_sorted_usec_list_t *sul)
{
	stopped = 1;
	lws_cancel_service(context);
}

static int
client_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	struct pss *pss = user;

	switch (reason) {
	case LWS_CALLBACK_CLIENT_ESTABLISHED:
		lws_sul_schedule(lws_get_context(wsi), 0, &pss->sul, tick, 100000);
		lws_sul_schedule(lws_get_context(wsi), 0, &stop, finish, 200000);
		break;
	case LWS_CALLBACK_CLIENT_RECEIVE:
		return -1;
	default:
		break;
	}
	return 0;
}

static const struct lws_protocols protocols[] = {
	{ "server", server_callback, 0, 0 },
	{ "client", client_callback, sizeof(struct pss), 0 },
	{ NULL, NULL, 0, 0 }
};

int
main(void)
{
	int n = 0;

	give_up_after(2000, EXIT_HANG, "the loop does not end");
	context = server_and_client(protocols);
	while (n >= 0 && !stopped)
		n = lws_service(context, 0);
	lws_context_destroy(context);
	puts("done");
	return 0;
}
