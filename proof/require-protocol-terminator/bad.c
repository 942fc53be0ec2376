/* The table of protocols has no last row that ends it. */
#include "../scaffold.h"

static struct lws_context *
start(void)
{
	struct lws_protocols protocols[] = {
		{ "server", server_callback, 0, 0 },
		{ "other", server_callback, 0, 0 },
	};
	struct lws_context_creation_info info;

	memset(&info, 0, sizeof(info));
	info.port = CONTEXT_PORT_NO_LISTEN;
	info.protocols = protocols;
	info.gid = (gid_t)-1;
	info.uid = (uid_t)-1;
	return lws_create_context(&info);
}

/* Leaves behind what earlier calls leave on any stack. */
static __attribute__((noinline)) void
use_the_stack(void)
{
	volatile unsigned char used[16384];

	memset((void *)used, 0xa5, sizeof(used));
}

int
main(void)
{
	struct lws_context *context;

	lws_set_log_level(LLL_ERR, NULL);
	use_the_stack();
	context = start();
	if (!context)
		return EXIT_NO_SETUP;
	lws_context_destroy(context);
	puts("done");
	return 0;
}
