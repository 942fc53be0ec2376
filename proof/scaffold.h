/*
 * What the programs of this folder share: a WebSocket server and a client of it in one process, on loopback only. Each program has a protocol
 * callback for both sides and its own main loop, and says `done` when all went well. `give_up_after()` ends those that do not come to an end.
 */
#include <libwebsockets.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

/* Exit codes that run.ts knows. */
enum { EXIT_DONE = 0, EXIT_NO_SETUP = 10, EXIT_NO_CLOSE = 11, EXIT_SPIN = 12, EXIT_HANG = 13, EXIT_LATE = 14, EXIT_NO_ANSWER = 15, EXIT_NO_HEADER = 16, EXIT_MISREAD = 17, EXIT_UNSENT = 18, EXIT_LET_IN = 19, EXIT_GROWS = 20, EXIT_DROPPED = 21, EXIT_WRONG_ANSWER = 22 };

static int proof_exit = EXIT_HANG;
static const char *proof_text = "the program does not come to an end";

static inline void
proof_alarm(int sig)
{
	ssize_t n = write(2, proof_text, strlen(proof_text));

	(void)n;
	(void)!write(2, "\n", 1);
	_exit(proof_exit);
}

/* Ends the program with this code and text when it is still running then. */
static inline void
give_up_after(int ms, int code, const char *text)
{
	struct itimerval timer = { { 0, 0 }, { ms / 1000, ms % 1000 * 1000 } };

	proof_exit = code;
	proof_text = text;
	signal(SIGALRM, proof_alarm);
	setitimer(ITIMER_REAL, &timer, NULL);
}

/* A server for these protocols on a free port of 127.0.0.1, and one client of its protocol `server`, which the protocol `client` serves. */
static inline struct lws_context *
server_and_client(const struct lws_protocols *protocols)
{
	struct lws_context_creation_info info;
	struct lws_client_connect_info connect;
	struct lws_context *context;

	lws_set_log_level(LLL_ERR, NULL);
	memset(&info, 0, sizeof(info));
	info.port = 0;
	info.iface = "lo";
	info.protocols = protocols;
	info.gid = (gid_t)-1;
	info.uid = (uid_t)-1;
	info.options = LWS_SERVER_OPTION_DISABLE_IPV6;
	context = lws_create_context(&info);
	if (!context)
		exit(EXIT_NO_SETUP);

	memset(&connect, 0, sizeof(connect));
	connect.context = context;
	connect.address = connect.host = connect.origin = "127.0.0.1";
	connect.port = lws_get_vhost_listen_port(lws_get_vhost_by_name(context, "default"));
	connect.path = "/";
	connect.protocol = "server";
	connect.local_protocol_name = "client";
	if (!lws_client_connect_via_info(&connect))
		exit(EXIT_NO_SETUP);
	return context;
}

/* A correct write of a short text. */
static inline int
say(struct lws *wsi, const char *text)
{
	unsigned char buffer[LWS_PRE + 64];
	size_t n = strlen(text);

	memcpy(buffer + LWS_PRE, text, n);
	return lws_write(wsi, buffer + LWS_PRE, n, LWS_WRITE_TEXT) < (int)n ? -1 : 0;
}

/* The server's part, the same in every program: say hello, and answer once. */
static inline int
server_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	switch (reason) {
	case LWS_CALLBACK_ESTABLISHED:
		lws_callback_on_writable(wsi);
		break;
	case LWS_CALLBACK_SERVER_WRITEABLE:
		return say(wsi, "hello");
	default:
		break;
	}
	return 0;
}
