/* A signal handler destroys the context while the loop sleeps. With 4.1 the loop does not end; from 4.2 on it wakes on freed memory. */
#include "../scaffold.h"

static struct lws_context *context;
static volatile sig_atomic_t interrupted;

static void
handler(int sig)
{
	lws_context_destroy(context);
}

static int
client_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	return 0;
}

static const struct lws_protocols protocols[] = {
	{ "server", server_callback, 0, 0 },
	{ "client", client_callback, 0, 0 },
	{ NULL, NULL, 0, 0 }
};

int
main(void)
{
	int n = 0;

	signal(SIGUSR1, handler);
	context = server_and_client(protocols);
	if (fork() == 0) {
		usleep(300000);
		kill(getppid(), SIGUSR1);
		_exit(0);
	}
	give_up_after(3000, EXIT_HANG, "the loop does not end");
	while (n >= 0 && !interrupted)
		n = lws_service(context, 0);
	if (interrupted)
		lws_context_destroy(context);
	context = NULL;
	puts("done");
	return 0;
}
