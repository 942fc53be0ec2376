/* The session's data is tested before it is followed. */
#include "../scaffold.h"

struct pss {
	int count;
};

static int established;

static int
client_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	struct pss *pss = user;

	if (pss)
		pss->count++;
	if (reason == LWS_CALLBACK_CLIENT_RECEIVE)
		established = 1;
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
	struct lws_context *context;
	int n = 0;

	give_up_after(2000, EXIT_HANG, "the loop does not end");
	context = server_and_client(protocols);
	while (n >= 0 && !established)
		n = lws_service(context, 0);
	lws_context_destroy(context);
	puts("done");
	return 0;
}
