/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "plugins/mqtt/fleet_socket.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define ANSWER_S 10
#define LINE_MAX_OCTETS 4096

struct fleet_question {
	struct fleet_socket *fleet;
	struct fleet_question *next;
	fleet_answer_fn answer;
	void *user;
	struct event *event;
	int fd;
	int error; /* why it could not be asked; 0: it was */
	char line[LINE_MAX_OCTETS];
	size_t length;
};

static void forget(struct fleet_question *q)
{
	struct fleet_question **place = &q->fleet->asked;

	while (*place != q)
		place = &(*place)->next;
	*place = q->next;
	if (q->event)
		event_free(q->event);
	if (q->fd >= 0)
		close(q->fd);
	free(q);
}

static void answered(struct fleet_question *q, json_t *reply, const char *error)
{
	const char *theirs = json_string_value(json_object_get(reply, "error"));
	bool ok = json_is_true(json_object_get(reply, "ok"));

	if (reply && !ok)
		error = theirs ? theirs : "gaitd said no";
	q->answer(ok ? reply : NULL, ok ? NULL : error, q->user);
	json_decref(reply);
	forget(q);
}

static const char *why_not(int error)
{
	if (error == EACCES)
		return "gaitd's fleet.sock may not be opened: it is for the group gaitd-fleet";
	if (error == ENOENT || error == ECONNREFUSED)
		return "gaitd does not run, or has no fleet.sock";
	return strerror(error);
}

static void on_event(evutil_socket_t fd, short what, void *user)
{
	struct fleet_question *q = user;
	ssize_t n;
	char *end;

	if (q->error || what & EV_TIMEOUT) {
		answered(q, NULL, q->error ? why_not(q->error) : "gaitd does not answer");
		return;
	}
	n = recv(fd, q->line + q->length, sizeof(q->line) - q->length, MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n > 0)
		q->length += (size_t)n;
	end = memchr(q->line, '\n', q->length);
	if (end)
		answered(q, json_loadb(q->line, (size_t)(end - q->line), 0, NULL),
		         "gaitd's answer is no JSON");
	else if (n <= 0 || q->length == sizeof(q->line))
		answered(q, NULL, "gaitd did not answer");
}

/* 0, or errno. A request is far smaller than any socket's buffer. */
static int dial(struct fleet_question *q, json_t *request)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	char line[512];
	size_t length = json_dumpb(request, line, sizeof(line) - 1, JSON_COMPACT);

	if (length == 0 || length >= sizeof(line))
		return EMSGSIZE;
	line[length++] = '\n';
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", q->fleet->path);
	q->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (q->fd < 0 || connect(q->fd, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	    send(q->fd, line, length, MSG_NOSIGNAL) != (ssize_t)length)
		return errno ? errno : EIO;
	return 0;
}

void fleet_ask(struct fleet_socket *fleet, json_t *request, fleet_answer_fn answer, void *user)
{
	static const struct timeval patience = { ANSWER_S, 0 }, now = { 0, 0 };
	struct fleet_question *q = calloc(1, sizeof(*q));

	if (!q) {
		json_decref(request);
		answer(NULL, "out of memory", user);
		return;
	}
	*q = (struct fleet_question){ .fleet = fleet, .next = fleet->asked, .answer = answer,
		                      .user = user, .fd = -1 };
	fleet->asked = q;
	q->error = dial(q, request);
	json_decref(request);
	q->event = event_new(fleet->base, q->error ? -1 : q->fd, q->error ? 0 : EV_READ | EV_PERSIST,
	                     on_event, q);
	if (q->event)
		event_add(q->event, q->error ? &now : &patience);
	else
		answered(q, NULL, "out of memory");
}

void fleet_close(struct fleet_socket *fleet)
{
	while (fleet->asked)
		/* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): each is taken out of the list */
		answered(fleet->asked, NULL, "gaitd-mqtt ends");
}
