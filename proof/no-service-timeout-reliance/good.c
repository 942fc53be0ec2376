/* A timer of the loop does it, and wakes the loop when it is time to end. */
#include "../scaffold.h"

static const struct lws_protocols protocols[] = { { "server", server_callback, 0, 0 }, { NULL, NULL, 0, 0 } };

static struct lws_context *context;
static lws_sorted_usec_list_t sul;
static int ticks;

static void
tick(lws_sorted_usec_list_t *timer)
{
	if (++ticks < 3)
		lws_sul_schedule(context, 0, timer, tick, 50 * LWS_US_PER_MS);
	else
		lws_cancel_service(context);
}

int
main(void)
{
	struct lws_context_creation_info info;
	int n = 0;

	give_up_after(2000, EXIT_LATE, "3 turns of 50 ms have not passed after 2 s");
	memset(&info, 0, sizeof(info));
	info.port = CONTEXT_PORT_NO_LISTEN;
	info.protocols = protocols;
	info.gid = (gid_t)-1;
	info.uid = (uid_t)-1;
	lws_set_log_level(LLL_ERR, NULL);
	context = lws_create_context(&info);
	if (!context)
		return EXIT_NO_SETUP;
	lws_sul_schedule(context, 0, &sul, tick, 50 * LWS_US_PER_MS);
	while (n >= 0 && ticks < 3)
		n = lws_service(context, 0);
	lws_context_destroy(context);
	puts("done");
	return 0;
}
