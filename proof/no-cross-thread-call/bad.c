/*
 * A thread asks for a write with `lws_callback_on_writable()`. The loop sleeps and does not learn of it. The callback is ready to do the same when it
 * is woken: the thread only has to wake it.
 */
#include "../scaffold.h"
#include <pthread.h>

static struct lws_context *context;
static struct lws *connection;
static volatile int asked, written;

static void *
producer(void *arg)
{
	usleep(300000);
	asked = 1;
	lws_callback_on_writable(connection);
	return NULL;
}

static int
client_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	switch (reason) {
	case LWS_CALLBACK_CLIENT_ESTABLISHED:
		connection = wsi;
		break;
	case LWS_CALLBACK_EVENT_WAIT_CANCELLED:
		if (asked && connection)
			lws_callback_on_writable(connection);
		break;
	case LWS_CALLBACK_CLIENT_WRITEABLE:
		if (asked && !written) {
			written = 1;
			return say(wsi, "data");
		}
		break;
	case LWS_CALLBACK_CLIENT_CLOSED:
	case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
		connection = NULL;
		break;
	default:
		break;
	}
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
	pthread_t id;
	int n = 0;

	context = server_and_client(protocols);
	while (n >= 0 && !connection)
		n = lws_service(context, 0);
	pthread_create(&id, NULL, producer, NULL);
	give_up_after(1000, EXIT_LATE, "0.7 s after it was asked for, there is no write");
	while (n >= 0 && !written)
		n = lws_service(context, 0);
	pthread_join(id, NULL);
	lws_context_destroy(context);
	puts("done");
	return 0;
}
