/* The server tells failure from an answer that has been sent: both requests are answered. */
#include "../scaffold.h"
#include <arpa/inet.h>
#include <sys/socket.h>

static int requests;

static int
callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	int n;

	switch (reason) {
	case LWS_CALLBACK_HTTP:
		requests++;
		n = lws_serve_http_file(wsi, "/nowhere/to/be/found", "text/plain", NULL, 0);
		if (n < 0 || (n > 0 && lws_http_transaction_completed(wsi)))
			return -1;
		break;
	case LWS_CALLBACK_HTTP_FILE_COMPLETION:
		if (lws_http_transaction_completed(wsi))
			return -1;
		break;
	default:
		break;
	}
	return 0;
}

static const struct lws_protocols protocols[] = { { "http", callback, 0, 0 }, { NULL, NULL, 0, 0 } };

int
main(void)
{
	static const char request[] = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
	struct lws_context_creation_info info;
	struct sockaddr_in address;
	struct lws_context *context;
	int fd, n;
	char response[1024];

	give_up_after(2000, EXIT_NO_ANSWER, "the second request is not answered");
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

	memset(&address, 0, sizeof(address));
	address.sin_family = AF_INET;
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	address.sin_port = htons((uint16_t)lws_get_vhost_listen_port(lws_get_vhost_by_name(context, "default")));
	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)) || write(fd, request, sizeof(request) - 1) < 0)
		return EXIT_NO_SETUP;
	/* Accept, read, answer; each wakes the loop by itself, the rest is woken from here. */
	do {
		lws_cancel_service(context);
		if (lws_service(context, 0) < 0)
			break;
		n = (int)recv(fd, response, sizeof(response), MSG_DONTWAIT);
		if (n > 0 && requests == 1 && write(fd, request, sizeof(request) - 1) < 0)
			break;
	} while (n && requests < 2);
	close(fd);
	lws_context_destroy(context);
	if (requests < 2)
		return EXIT_NO_ANSWER;
	puts("done");
	return 0;
}
