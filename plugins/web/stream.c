/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "plugins/web/stream.h"

#include "plugins/web/clock.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/socket.h>

/* The kernel's buffer is a queue as well: of old prompts, for a browser that
 * does not read. */
#define KERNEL_BUFFER 8192

struct browser {
	struct stream *stream;
	struct evhttp_request *request;
	struct evbuffer *text;
	uint32_t due;   /* PRESENT_BIT */
	bool busy;      /* it has not taken the last yet */
	bool told;      /* since the last beat */
	struct browser *next, **link;
};

struct stream {
	struct present *present;
	const struct trace *trace;
	struct browser *browsers;
	size_t count;
	char line[TRACE_TEXT_MAX];
};

struct stream *stream_new(struct present *present, const struct trace *trace)
{
	struct stream *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->present = present;
	s->trace = trace;
	return s;
}

static void forget(struct browser *b)
{
	*b->link = b->next;
	if (b->next)
		b->next->link = b->link;
	b->stream->count--;
	evbuffer_free(b->text);
	free(b);
}

/* Its connection is about to be freed, and with it the request, unless the
 * connection has failed: then evhttp has parted them and leaves it to us. */
static void on_gone(struct evhttp_connection *connection, void *user)
{
	struct browser *b = user;

	(void)connection;
	if (!evhttp_request_get_connection(b->request))
		evhttp_send_reply_end(b->request);
	forget(b);
}

void stream_free(struct stream *s)
{
	if (!s)
		return;
	while (s->browsers)
		evhttp_connection_free(evhttp_request_get_connection(s->browsers->request));
	free(s);
}

/* ---- what is sent ---- */
static void add_event(struct browser *b, const char *line, size_t length)
{
	if (!length)
		return;
	evbuffer_add(b->text, "data: ", 6);
	evbuffer_add(b->text, line, length);
	evbuffer_add(b->text, "\n", 1);
}

static void on_taken(struct evhttp_connection *connection, void *user);

static void send_text(struct browser *b)
{
	if (!evbuffer_get_length(b->text))
		return;
	b->busy = b->told = true;
	evhttp_send_reply_chunk_with_cb(b->request, b->text, on_taken, b);
}

static void send_due(struct browser *b)
{
	struct stream *s = b->stream;
	uint64_t now_ms = clock_ms();

	if (b->busy)
		return;
	for (enum present_part part = 0; part < PRESENT_PARTS; part++) {
		if (b->due & PRESENT_BIT(part))
			add_event(b, s->line, present_write(s->present, part, now_ms, s->line,
			                                    sizeof(s->line)));
	}
	b->due = 0;
	send_text(b);
}

static void on_taken(struct evhttp_connection *connection, void *user)
{
	struct browser *b = user;

	(void)connection;
	b->busy = false;
	send_due(b);
}

void stream_tell(struct stream *s, uint32_t parts)
{
	for (struct browser *b = s->browsers; b && parts; b = b->next) {
		b->due |= parts;
		send_due(b);
	}
}

void stream_beat(struct stream *s)
{
	for (struct browser *b = s->browsers; b; b = b->next) {
		if (!b->told && !b->busy) {
			evbuffer_add(b->text, ":\n\n", 3);
			send_text(b);
		}
		b->told = false;
	}
}

/* ---- a new one ---- */
static void set_up(struct evhttp_connection *connection)
{
	struct bufferevent *bev = evhttp_connection_get_bufferevent(connection);
	const struct timeval stuck = { .tv_sec = STREAM_STUCK_S };
	int size = KERNEL_BUFFER, yes = 1;
	int fd = bufferevent_getfd(bev);

	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes)); /* a Unix socket has none */
	bufferevent_set_timeouts(bev, NULL, &stuck);
}

bool stream_add(struct stream *s, struct evhttp_request *request)
{
	struct evhttp_connection *connection = evhttp_request_get_connection(request);
	struct browser *b = s->count < STREAM_MAX ? calloc(1, sizeof(*b)) : NULL;

	if (b)
		b->text = evbuffer_new();
	if (!b || !b->text) {
		free(b);
		return false;
	}
	b->stream = s;
	b->request = request;
	b->next = s->browsers;
	b->link = &s->browsers;
	if (b->next)
		b->next->link = &b->next;
	s->browsers = b;
	s->count++;
	evhttp_connection_set_closecb(connection, on_gone, b);
	evhttp_send_reply_start(request, 200, "OK");
	set_up(connection);
	add_event(b, s->line, trace_write(s->trace, clock_ms(), s->line, sizeof(s->line)));
	b->due = PRESENT_ALL;
	send_due(b);
	return true;
}

size_t stream_count(const struct stream *s)
{
	return s->count;
}
