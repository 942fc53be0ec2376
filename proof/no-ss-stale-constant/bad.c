/* The constant that the documentation of Secure Streams asks for: no header has it, so it does not compile. */
#include "../scaffold.h"

static lws_ss_state_return_t
stream_rx(void *userobj, const uint8_t *buf, size_t len, int flags)
{
	return len ? LWSSSSRET_OK : LWSSSSRET_SS_HANDLE_DESTROYED;
}

static const lws_ss_info_t stream = { .rx = stream_rx, .streamtype = "any" };

static const struct lws_protocols protocols[] = {
	{ "server", server_callback, 0, 0 },
	{ "client", server_callback, 0, 0 },
	{ NULL, NULL, 0, 0 }
};

int
main(void)
{
	lws_context_destroy(server_and_client(protocols));
	printf("done with %s\n", stream.streamtype);
	return 0;
}
