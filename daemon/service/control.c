/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/service/control.h"

#include "daemon/service/listener.h"
#include "daemon/service/log.h"
#include "protocol/display.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define TOKEN "control"
#define CLIENTS_MAX 16
#define SILENCE_S 60 /* of a client: then it makes room for others */

_Static_assert(CONTROL_LINE_MAX == DISPLAY_LINE_MAX, "one framer serves both");

/* One request at a time: while a reply is not taken nothing more is read. */
struct client {
	struct control *control;
	int fd;
	struct event *readable, *writable;
	struct display_framer framer;
	char unread[CONTROL_LINE_MAX]; /* read and not yet framed */
	size_t unread_start, unread_length;
	char reply[CONTROL_LINE_MAX];
	size_t reply_start, reply_length;
	uint64_t deferred; /* the number that its reply will come under; 0: none */
	json_t *id;        /* of that request */
};

struct control {
	struct event_base *base;
	struct listener listener;
	struct event *acceptable, *retry;
	struct {
		const struct control_verb *verbs;
		void *user;
	} tables[CONTROL_TABLES_MAX];
	size_t table_count;
	struct client *clients[CLIENTS_MAX]; /* NULL: free */
	struct client *serving; /* whose verb is running; NULL: none */
	uint64_t deferred;      /* the last number given */
};

/* ---- requests ------------------------------------------------------------ */

static bool fail(json_t *reply, const char *error)
{
	json_object_set_new(reply, "error", json_string(error));
	return false;
}

static bool answer(const struct control *control, const json_t *request,
                   json_t *reply)
{
	const char *cmd = json_string_value(json_object_get(request, "cmd"));
	char error[240];
	const struct control_verb *verb;
	size_t used;

	if (!cmd)
		return fail(reply, "expected a request as {\"cmd\":\"status\",\"id\":1}");
	for (size_t i = 0; i < control->table_count; i++) {
		for (verb = control->tables[i].verbs; verb->name; verb++) {
			if (strcmp(verb->name, cmd) == 0)
				return verb->run(request, reply, control->tables[i].user);
		}
	}
	used = (size_t)snprintf(error, sizeof(error), "unknown cmd \"%.40s\"; there are", cmd);
	for (size_t i = 0; i < control->table_count; i++) {
		for (verb = control->tables[i].verbs; verb->name && used < sizeof(error); verb++)
			used += (size_t)snprintf(error + used, sizeof(error) - used, " %s",
			                         verb->name);
	}
	return fail(reply, error);
}

/* The client's id comes back as it is, if it is a number or a text. */
static json_t *id_of(const json_t *request)
{
	json_t *id = json_object_get(request, "id");
	bool good = json_is_integer(id) ||
	            (json_is_string(id) && json_string_length(id) <= 64);

	return good ? json_incref(id) : NULL;
}

static void dump_reply(struct client *client, const json_t *reply)
{
	static const char too_long[] = "{\"ok\":false,\"error\":\"the reply is too long\"}";
	size_t length = json_dumpb(reply, client->reply, sizeof(client->reply) - 1,
	                           JSON_COMPACT | JSON_REAL_PRECISION(12));

	if (length == 0 || length >= sizeof(client->reply)) {
		length = sizeof(too_long) - 1;
		memcpy(client->reply, too_long, length);
	}
	client->reply[length] = '\n';
	client->reply_start = 0;
	client->reply_length = length + 1;
}

static void reply_to(struct client *client, json_t *id, bool ok, json_t *members)
{
	json_t *reply = json_object();

	if (id)
		json_object_set(reply, "id", id);
	json_object_set_new(reply, "ok", json_boolean(ok));
	json_object_update(reply, members);
	dump_reply(client, reply);
	json_decref(reply);
}

static void serve_line(struct client *client, const char *line, size_t length)
{
	json_error_t error;
	json_t *request = json_loadb(line, length, JSON_REJECT_DUPLICATES, &error);
	json_t *members = json_object(), *id = id_of(request);
	bool ok;

	client->control->serving = client;
	if (request)
		ok = answer(client->control, request, members);
	else
		ok = fail(members, error.text);
	client->control->serving = NULL;
	if (client->deferred)
		client->id = json_incref(id);
	else
		reply_to(client, id, ok, members);
	json_decref(id);
	json_decref(members);
	json_decref(request);
}

uint64_t control_defer(struct control *control)
{
	assert(control->serving);
	control->serving->deferred = ++control->deferred;
	return control->deferred;
}

/* ---- clients ------------------------------------------------------------- */

static void client_free(struct client *client)
{
	struct control *control = client->control;

	for (size_t i = 0; i < CLIENTS_MAX; i++) {
		if (control->clients[i] == client)
			control->clients[i] = NULL;
	}
	if (client->readable)
		event_free(client->readable);
	if (client->writable)
		event_free(client->writable);
	close(client->fd);
	json_decref(client->id);
	free(client);
	event_add(control->acceptable, NULL);
}

static void watch(struct client *client)
{
	static const struct timeval silence = { SILENCE_S, 0 };

	if (client->deferred)
		return; /* nothing is read until it has its reply */
	event_add(client->reply_length ? client->writable : client->readable, &silence);
}

/* False when the client is gone */
static bool send_reply(struct client *client)
{
	ssize_t n = send(client->fd, client->reply + client->reply_start,
	                 client->reply_length, MSG_NOSIGNAL);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	client->reply_start += (size_t)n;
	client->reply_length -= (size_t)n;
	return true;
}

static bool serve_unread(struct client *client)
{
	while (!client->deferred && client->reply_length == 0 && client->unread_length > 0) {
		const char *at = client->unread + client->unread_start;
		size_t before = client->unread_length, line_length;

		switch (display_framer_next(&client->framer, &at, &client->unread_length,
		                            &line_length)) {
		case DISPLAY_FRAME_LINE:
			serve_line(client, client->framer.line, line_length);
			break;
		case DISPLAY_FRAME_TOO_LONG:
			log_warn(TOKEN, "a client sent a line of more than %d octets; closed",
			         CONTROL_LINE_MAX);
			return false;
		case DISPLAY_FRAME_NONE:
			break;
		}
		client->unread_start += before - client->unread_length;
		if (client->reply_length > 0 && !send_reply(client))
			return false;
	}
	return true;
}

static void on_readable(evutil_socket_t fd, short what, void *user)
{
	struct client *client = user;
	ssize_t n = what & EV_TIMEOUT ? 0 :
	                                recv(fd, client->unread, sizeof(client->unread), 0);

	if (n > 0) {
		client->unread_start = 0;
		client->unread_length = (size_t)n;
	}
	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR) ||
	    !serve_unread(client))
		client_free(client);
	else
		watch(client);
}

static void on_writable(evutil_socket_t fd, short what, void *user)
{
	struct client *client = user;

	(void)fd;
	if (what & EV_TIMEOUT || !send_reply(client) || !serve_unread(client))
		client_free(client);
	else
		watch(client);
}

void control_answer(struct control *control, uint64_t number, bool ok, json_t *members)
{
	for (size_t i = 0; i < CLIENTS_MAX; i++) {
		struct client *client = control->clients[i];

		if (!client || client->deferred != number)
			continue;
		client->deferred = 0;
		reply_to(client, client->id, ok, members);
		json_decref(client->id);
		client->id = NULL;
		if (send_reply(client) && serve_unread(client))
			watch(client);
		else
			client_free(client);
	}
	json_decref(members);
}

static bool client_new(struct control *control, struct client **place, int fd)
{
	struct client *client = calloc(1, sizeof(*client));

	if (!client)
		return false;
	client->control = control;
	client->fd = fd;
	client->readable = event_new(control->base, fd, EV_READ, on_readable, client);
	client->writable = event_new(control->base, fd, EV_WRITE, on_writable, client);
	*place = client;
	if (client->readable && client->writable)
		watch(client);
	else
		client_free(client);
	return true;
}

/* ---- the socket ---------------------------------------------------------- */

static struct client **free_place(struct control *control)
{
	for (size_t i = 0; i < CLIENTS_MAX; i++) {
		if (!control->clients[i])
			return &control->clients[i];
	}
	return NULL;
}

static void on_retry(evutil_socket_t fd, short what, void *user)
{
	struct control *control = user;

	(void)fd;
	(void)what;
	event_add(control->acceptable, NULL);
}

/* Full: the next one waits until a client leaves. Out of descriptors: for a
 * second, or the socket would be readable for ever. */
static void on_acceptable(evutil_socket_t fd, short what, void *user)
{
	struct control *control = user;
	static const struct timeval second = { 1, 0 };
	struct client **place = free_place(control);
	int accepted;

	(void)what;
	if (!place) {
		event_del(control->acceptable);
		return;
	}
	accepted = accept4(fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (accepted < 0) {
		if (errno == EMFILE || errno == ENFILE) {
			event_del(control->acceptable);
			event_add(control->retry, &second);
		}
		return;
	}
	if (!client_new(control, place, accepted))
		close(accepted);
}

void control_add(struct control *control, const struct control_verb *verbs,
                 void *user)
{
	assert(control->table_count < CONTROL_TABLES_MAX);
	control->tables[control->table_count].verbs = verbs;
	control->tables[control->table_count++].user = user;
}

static bool listen_there(struct control *control, const char *path, const char *group,
                         int passed)
{
	if (passed >= 0)
		return listener_adopt(&control->listener, TOKEN, passed);
	return listener_open(&control->listener, TOKEN, path, group);
}

struct control *control_new(struct event_base *base, const char *path, const char *group,
                            int passed, const struct control_verb *verbs, void *user)
{
	struct control *control = calloc(1, sizeof(*control));
	int kept_errno;

	if (!control)
		return NULL;
	control->base = base;
	control_add(control, verbs, user);
	if (!listen_there(control, path, group, passed)) {
		kept_errno = errno;
		free(control);
		errno = kept_errno;
		return NULL;
	}
	control->acceptable = event_new(base, control->listener.fd, EV_READ | EV_PERSIST,
	                                on_acceptable, control);
	control->retry = evtimer_new(base, on_retry, control);
	if (!control->acceptable || !control->retry) {
		control_free(control);
		return NULL;
	}
	event_add(control->acceptable, NULL);
	return control;
}

void control_free(struct control *control)
{
	if (!control)
		return;
	for (size_t i = 0; i < CLIENTS_MAX; i++) {
		if (control->clients[i])
			client_free(control->clients[i]);
	}
	if (control->acceptable)
		event_free(control->acceptable);
	if (control->retry)
		event_free(control->retry);
	listener_close(&control->listener);
	free(control);
}
