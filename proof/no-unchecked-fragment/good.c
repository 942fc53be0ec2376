/* The pieces of the message are put together: it can be parsed. */
#include "../scaffold.h"
#include "../parser.h"

static int done, lost;

static int
server(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	static unsigned char buf[LWS_PRE + 6000];

	switch (reason) {
	case LWS_CALLBACK_ESTABLISHED:
		lws_callback_on_writable(wsi);
		break;
	case LWS_CALLBACK_SERVER_WRITEABLE:
		memset(buf + LWS_PRE, ' ', 6000);
		buf[LWS_PRE] = '{';
		buf[LWS_PRE + 5999] = '}';
		return lws_write(wsi, buf + LWS_PRE, 6000, LWS_WRITE_TEXT) < 0 ? -1 : 0;
	default:
		break;
	}
	return 0;
}

static int
client(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	static char text[8192];
	static size_t length;

	switch (reason) {
	case LWS_CALLBACK_CLIENT_RECEIVE:
		if (length + len > sizeof(text))
			return -1;
		memcpy(text + length, in, len);
		length += len;
		if (!lws_is_final_fragment(wsi) || lws_remaining_packet_payload(wsi))
			break;
		if (cJSON_ParseWithLength(text, length))
			done = 1;
		else
			lost = 1;
		break;
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

	give_up_after(3000, EXIT_NO_ANSWER, "the message does not arrive");
	context = server_and_client(protocols);
	while (n >= 0 && !done && !lost)
		n = lws_service(context, 0);
	lws_context_destroy(context);
	if (lost)
		return EXIT_MISREAD;
	puts("done");
	return 0;
}
