/* The info for a client's connection is not zeroed: members nobody thought of hold what was on the stack. */
#include "../scaffold.h"

static const struct lws_protocols protocols[] = { { "server", server_callback, 0, 0 }, { NULL, NULL, 0, 0 } };

/* Leaves behind what earlier calls leave on any stack. */
static __attribute__((noinline)) void
use_the_stack(void)
{
	volatile unsigned char used[16384];

	memset((void *)used, 0xa5, sizeof(used));
}

static __attribute__((noinline)) void
connect_to(struct lws_context *context)
{
	struct lws_client_connect_info info;

	info.context = context;
	info.address = info.host = info.origin = "127.0.0.1";
	info.port = 1;
	info.path = "/";
	info.protocol = "server";
	lws_client_connect_via_info(&info);
}

int
main(void)
{
	struct lws_context_creation_info info;
	struct lws_context *context;

	memset(&info, 0, sizeof(info));
	info.port = CONTEXT_PORT_NO_LISTEN;
	info.protocols = protocols;
	info.gid = (gid_t)-1;
	info.uid = (uid_t)-1;
	lws_set_log_level(0, NULL);
	context = lws_create_context(&info);
	if (!context)
		return EXIT_NO_SETUP;
	use_the_stack();
	connect_to(context);
	lws_context_destroy(context);
	puts("done");
	return 0;
}
