/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "plugins/web/visitors.h"

#include "plugins/web/clock.h"

#include <event2/bufferevent.h>
#include <stdlib.h>

#define UNREAD_MAX 16384 /* octets that we hold of a connection */

struct visitor {
	struct bufferevent *bev; /* a reference of ours */
	uint64_t end_ms;         /* UINT64_MAX: it stays */
};

struct visitors {
	struct evconnlistener *listener;
	struct visitor all[VISITORS_MAX];
	size_t count;
};

/* evhttp tells nobody that a connection has ended, but it takes its callbacks
 * off. Our reference has kept the descriptor open until here. */
static bool has_left(const struct visitor *visitor)
{
	bufferevent_event_cb on_event;

	bufferevent_getcb(visitor->bev, NULL, NULL, &on_event, NULL);
	return !on_event;
}

static void sweep(struct visitors *v)
{
	for (size_t i = 0; i < v->count;) {
		if (has_left(&v->all[i])) {
			bufferevent_decref(v->all[i].bev);
			v->all[i] = v->all[--v->count];
		} else {
			i++;
		}
	}
	if (v->count < VISITORS_MAX)
		evconnlistener_enable(v->listener);
}

/* evhttp asks for what it reads a new connection with, or NULL for its own. */
static struct bufferevent *on_connection(struct event_base *base, void *user)
{
	struct visitors *v = user;
	struct bufferevent *bev = bufferevent_socket_new(base, -1, BEV_OPT_CLOSE_ON_FREE);

	if (!bev)
		return NULL;
	if (v->count == VISITORS_MAX - 1)
		sweep(v); /* before the new one, which has no callbacks yet, is among them */
	bufferevent_setwatermark(bev, EV_READ, 0, UNREAD_MAX);
	bufferevent_incref(bev);
	v->all[v->count++] = (struct visitor){ bev, clock_ms() + VISITORS_PATIENCE_MS };
	if (v->count == VISITORS_MAX)
		evconnlistener_disable(v->listener);
	return bev;
}

/* No descriptor left, which would be so again and again: wait for the tick */
static void on_no_connection(struct evconnlistener *listener, void *user)
{
	(void)user;
	evconnlistener_disable(listener);
}

struct visitors *visitors_new(struct evhttp *http, struct evconnlistener *listener)
{
	struct visitors *v = calloc(1, sizeof(*v));

	if (!v)
		return NULL;
	v->listener = listener;
	evhttp_set_bevcb(http, on_connection, v);
	evconnlistener_set_error_cb(listener, on_no_connection);
	return v;
}

void visitors_free(struct visitors *v)
{
	if (!v)
		return;
	for (size_t i = 0; i < v->count; i++)
		bufferevent_decref(v->all[i].bev);
	free(v);
}

void visitors_heard(struct visitors *v, struct evhttp_connection *connection,
                    bool stays)
{
	const struct bufferevent *bev = evhttp_connection_get_bufferevent(connection);

	for (size_t i = 0; i < v->count; i++) {
		if (v->all[i].bev == bev)
			v->all[i].end_ms = stays ? UINT64_MAX :
			                           clock_ms() + VISITORS_PATIENCE_MS;
	}
}

void visitors_tick(struct visitors *v)
{
	uint64_t now_ms = clock_ms();

	for (size_t i = 0; i < v->count; i++) {
		if (v->all[i].end_ms <= now_ms && !has_left(&v->all[i]))
			bufferevent_trigger_event(v->all[i].bev,
			                          BEV_EVENT_READING | BEV_EVENT_TIMEOUT, 0);
	}
	sweep(v);
}

size_t visitors_count(const struct visitors *v)
{
	return v->count;
}
