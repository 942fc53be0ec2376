/* The program counts on lws_service() coming back after 50 ms. */
#include "../scaffold.h"

static const struct lws_protocols protocols[] = { { "server", server_callback, 0, 0 }, { NULL, NULL, 0, 0 } };

static int ticks;

static void
tick(void)
{
	ticks++;
}

int
main(void)
{
	struct lws_context_creation_info info;
	struct lws_context *context;

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
	while (ticks < 3) {
		lws_service(context, 50);
		tick();
	}
	lws_context_destroy(context);
	puts("done");
	return 0;
}
