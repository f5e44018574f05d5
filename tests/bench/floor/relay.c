/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A floor for the path: takes a treadmill's notifications from a socket, writes
 * the speed as a line of JSON to whoever has connected, and that is all. It tries
 * send() first; who does not take a whole line misses the rest until he is ready.
 *
 *	WIRED_TREADMILL=FD relay SOCKET
 */
#include <config.h>

#include <errno.h>
#include <event2/event.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define CLIENTS_MAX 64
#define LINE_MAX 128
#define HEAD 7 /* a notification's opcode and handle, flags, speed */

struct client {
	struct event *writable;
	int fd;
	char rest[LINE_MAX];
	size_t rest_length;
};

static struct {
	struct event_base *base;
	struct client client[CLIENTS_MAX];
	size_t count;
	int link;
} relay;

static void take(struct client *c, const char *line, size_t length)
{
	ssize_t sent;

	if (c->rest_length > 0)
		return;
	sent = send(c->fd, line, length, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (sent == (ssize_t)length)
		return;
	c->rest_length = length - (sent > 0 ? (size_t)sent : 0);
	memcpy(c->rest, line + length - c->rest_length, c->rest_length);
	event_add(c->writable, NULL);
}

static void on_writable(evutil_socket_t fd, short what, void *user)
{
	struct client *c = user;
	ssize_t sent = send((int)fd, c->rest, c->rest_length, MSG_DONTWAIT | MSG_NOSIGNAL);

	(void)what;
	if (sent > 0) {
		c->rest_length -= (size_t)sent;
		memmove(c->rest, c->rest + sent, c->rest_length);
	}
	if (c->rest_length == 0 || (sent < 0 && errno != EAGAIN)) {
		c->rest_length = 0;
		event_del(c->writable);
	}
}

static void on_notification(evutil_socket_t fd, short what, void *user)
{
	uint8_t pdu[512];
	char line[LINE_MAX];
	ssize_t length = recv((int)fd, pdu, sizeof(pdu), MSG_DONTWAIT);
	unsigned speed;
	int written;

	(void)what;
	(void)user;
	if (length == 0)
		event_base_loopbreak(relay.base);
	if (length < HEAD)
		return;
	speed = pdu[5] | (unsigned)pdu[6] << 8;
	written = snprintf(line, sizeof(line), "{\"type\":\"metrics\",\"speed_kmh\":%u.%02u}\n",
	                   speed / 100, speed % 100);
	for (size_t i = 0; i < relay.count; i++)
		take(&relay.client[i], line, (size_t)written);
}

static void on_client(evutil_socket_t fd, short what, void *user)
{
	struct client *c = &relay.client[relay.count];
	int accepted = accept4((int)fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	(void)what;
	(void)user;
	if (accepted < 0 || relay.count == CLIENTS_MAX)
		return;
	c->fd = accepted;
	c->writable = event_new(relay.base, accepted, EV_WRITE | EV_PERSIST, on_writable, c);
	relay.count++;
}

static void on_term(evutil_socket_t number, short what, void *user)
{
	(void)number;
	(void)what;
	(void)user;
	event_base_loopbreak(relay.base);
}

int main(int argc, char **argv)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	const char *link = getenv("WIRED_TREADMILL");
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (argc != 2 || !link || strlen(argv[1]) >= sizeof(at.sun_path))
		return 2;
	relay.link = (int)strtol(link, NULL, 10);
	strcpy(at.sun_path, argv[1]);
	unlink(argv[1]);
	if (bind(fd, (struct sockaddr *)&at, sizeof(at)) < 0 || listen(fd, CLIENTS_MAX) < 0)
		return 1;
	relay.base = event_base_new();
	event_add(event_new(relay.base, fd, EV_READ | EV_PERSIST, on_client, NULL), NULL);
	event_add(event_new(relay.base, relay.link, EV_READ | EV_PERSIST, on_notification, NULL),
	          NULL);
	event_add(evsignal_new(relay.base, SIGTERM, on_term, NULL), NULL);
	event_base_dispatch(relay.base);
	unlink(argv[1]);
	return 0;
}
