/* The client waits for the body of a response and never fetches it. */
#include "../scaffold.h"

static int done, received;

static int
server(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	if (reason == LWS_CALLBACK_HTTP)
		return lws_return_http_status(wsi, HTTP_STATUS_NOT_FOUND, NULL) || lws_http_transaction_completed(wsi) ? -1 : 0;
	return 0;
}

static int
client(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	switch (reason) {
	case LWS_CALLBACK_ESTABLISHED_CLIENT_HTTP:
		return lws_http_client_http_response(wsi) == HTTP_STATUS_NOT_FOUND ? 0 : -1;
	case LWS_CALLBACK_RECEIVE_CLIENT_HTTP_READ:
		received += (int)len;
		break;
	case LWS_CALLBACK_COMPLETED_CLIENT_HTTP:
		done = 1;
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
	struct lws_context_creation_info info;
	struct lws_client_connect_info connect;
	struct lws_context *context;
	int n = 0;

	give_up_after(2000, EXIT_NO_ANSWER, "the response does not arrive");
	lws_set_log_level(LLL_ERR, NULL);
	memset(&info, 0, sizeof(info));
	info.iface = "lo";
	info.protocols = protocols;
	info.gid = (gid_t)-1;
	info.uid = (uid_t)-1;
	info.options = LWS_SERVER_OPTION_DISABLE_IPV6;
	context = lws_create_context(&info);
	if (!context)
		return EXIT_NO_SETUP;

	memset(&connect, 0, sizeof(connect));
	connect.context = context;
	connect.address = connect.host = connect.origin = "127.0.0.1";
	connect.port = lws_get_vhost_listen_port(lws_get_vhost_by_name(context, "default"));
	connect.path = "/";
	connect.method = "GET";
	connect.local_protocol_name = "client";
	if (!lws_client_connect_via_info(&connect))
		return EXIT_NO_SETUP;
	while (n >= 0 && !done)
		n = lws_service(context, 0);
	lws_context_destroy(context);
	if (!received)
		return EXIT_NO_ANSWER;
	puts("done");
	return 0;
}
