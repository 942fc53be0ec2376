/* The mount is gone when the first request comes. */
#include "../scaffold.h"
#include <arpa/inet.h>
#include <sys/socket.h>

static const struct lws_protocols protocols[] = { { "http", lws_callback_http_dummy, 0, 0 }, { NULL, NULL, 0, 0 } };

static struct lws_context *
start(void)
{
	struct lws_context_creation_info info;
	struct lws_http_mount mount = { .mountpoint = "/", .origin = "localhost/elsewhere", .origin_protocol = LWSMPRO_REDIR_HTTP, .mountpoint_len = 1 };

	memset(&info, 0, sizeof(info));
	info.iface = "lo";
	info.protocols = protocols;
	info.gid = (gid_t)-1;
	info.uid = (uid_t)-1;
	info.options = LWS_SERVER_OPTION_DISABLE_IPV6;
	info.mounts = &mount;
	return lws_create_context(&info);
}

/* What any other function does with the stack. */
static void
use_the_stack(void)
{
	volatile unsigned char other[65536];

	for (size_t n = 0; n < sizeof(other); n++)
		other[n] = 0xa5;
}

int
main(void)
{
	static const char request[] = "GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n";
	struct sockaddr_in address;
	struct lws_context *context;
	char response[1024] = "";
	int fd;

	give_up_after(2000, EXIT_NO_ANSWER, "the request is not answered");
	lws_set_log_level(0, NULL);
	context = start();
	if (!context)
		return EXIT_NO_SETUP;
	use_the_stack();

	memset(&address, 0, sizeof(address));
	address.sin_family = AF_INET;
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	address.sin_port = htons((uint16_t)lws_get_vhost_listen_port(lws_get_vhost_by_name(context, "default")));
	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)) || write(fd, request, sizeof(request) - 1) < 0)
		return EXIT_NO_SETUP;
	do {
		lws_cancel_service(context);
		if (lws_service(context, 0) < 0)
			break;
	} while (recv(fd, response, sizeof(response) - 1, MSG_DONTWAIT) < 0);
	close(fd);
	lws_context_destroy(context);
	/* The mount sends elsewhere. */
	if (!strstr(response, " 301 "))
		return EXIT_WRONG_ANSWER;
	puts("done");
	return 0;
}
