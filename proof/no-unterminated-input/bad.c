/* The server reads a short number after a long one: what is left of the long one is still behind it, and counts. */
#include "../scaffold.h"

static int done, misread;

static int
server(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	char text[32];

	switch (reason) {
	case LWS_CALLBACK_RECEIVE:
		snprintf(text, sizeof(text), "%s", (char *)in);
		if (len == 1) {
			done = atoi(text) == 5;
			misread = !done;
		} else
			lws_callback_on_writable(wsi);
		break;
	case LWS_CALLBACK_SERVER_WRITEABLE:
		return say(wsi, "ok");
	default:
		break;
	}
	return 0;
}

static int
client(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	static const char *number = "99999999";

	switch (reason) {
	case LWS_CALLBACK_CLIENT_RECEIVE:
		number = "5";
		lws_callback_on_writable(wsi);
		break;
	case LWS_CALLBACK_CLIENT_ESTABLISHED:
		lws_callback_on_writable(wsi);
		break;
	case LWS_CALLBACK_CLIENT_WRITEABLE:
		return say(wsi, number);
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

	give_up_after(3000, EXIT_NO_ANSWER, "the numbers do not arrive");
	context = server_and_client(protocols);
	while (n >= 0 && !done && !misread)
		n = lws_service(context, 0);
	lws_context_destroy(context);
	if (misread)
		return EXIT_MISREAD;
	puts("done");
	return 0;
}
