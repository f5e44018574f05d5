/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "config.h"

#include "daemon/bluetooth/gatt_socket.h"

#include "daemon/service/timer.h"
#include "daemon/service/unserved.h"

#include <errno.h>
#include <event2/event.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define READ_SIZE 1024 /* more than the kernel's receive MTU, 672 */
/* One PDU that came makes at most two: an answer to the peer and our next
 * request; one more may be begun by our owner. */
#define WAITING_MAX 4

struct waiting {
	uint8_t pdu[ATT_MTU_MAX];
	size_t length;
};

struct gatt_socket {
	const struct gatt_socket_ops *ops;
	void *user;
	struct gatt *gatt;
	struct event *readable, *writable, *timer;
	struct event *failing; /* a timer of 0 */
	uint64_t timer_us; /* when the timer fires; GATT_NEVER when it is off */
	struct waiting waiting[WAITING_MAX];
	size_t waiting_count;
	int fd;    /* -1 once it is closed */
	int error; /* of a failed send, told in a turn of its own */
	struct unserved unserved;
	uint64_t turns; /* in which it was read */
	unsigned depth;
	bool securing; /* the kernel refuses sends until it has encrypted */
	bool closed, doomed;
};

static uint64_t clock_us(void *user)
{
	struct timespec now;

	(void)user;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000u + (uint64_t)now.tv_nsec / 1000u;
}

/* ---- life, with upcalls that may end it ---- */

/* At once, not when the last callback has returned: as long as the descriptor
 * is open, the kernel has the device busy. */
static void shut(struct gatt_socket *socket)
{
	struct event **events[] = { &socket->readable, &socket->writable,
		                    &socket->timer, &socket->failing };

	for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++) {
		if (*events[i] != NULL)
			event_free(*events[i]);
		*events[i] = NULL;
	}
	if (socket->fd >= 0)
		close(socket->fd);
	socket->fd = -1;
}

static void enter(struct gatt_socket *socket)
{
	socket->depth++;
}

static void leave(struct gatt_socket *socket)
{
	if (--socket->depth == 0 && socket->doomed)
		free(socket);
}

void gatt_socket_free(struct gatt_socket *socket)
{
	if (socket == NULL || socket->doomed)
		return;
	enter(socket);
	socket->doomed = true;
	shut(socket);
	gatt_free(socket->gatt);
	leave(socket);
}

/* What is not read because the peer takes nothing, or is encrypting, has limits of
 * its own. */
const char *gatt_socket_stuck(struct gatt_socket *socket)
{
	if (socket->closed || !event_pending(socket->readable, EV_READ, NULL))
		return NULL;
	if (unserved_is(&socket->unserved, socket->fd, socket->turns))
		return "what a Bluetooth device says is not read";
	if (socket->timer_us != GATT_NEVER && !event_pending(socket->timer, EV_TIMEOUT, NULL))
		return "a question to a Bluetooth device waits for ever";
	return NULL;
}

struct gatt *gatt_socket_client(struct gatt_socket *socket)
{
	return socket->gatt;
}

static void fail(struct gatt_socket *socket, int error)
{
	if (socket->closed || socket->doomed)
		return;
	socket->closed = true;
	shut(socket);
	gatt_closed(socket->gatt);
	if (!socket->doomed)
		socket->ops->closed(socket->user, error);
}

/* ---- the transaction timer ----
 * It is not moved for each request: when it fires early it is set again. */

static void arm(struct gatt_socket *socket)
{
	uint64_t deadline_us = gatt_deadline_us(socket->gatt);
	struct timeval wait;

	if (deadline_us == GATT_NEVER || socket->timer_us <= deadline_us)
		return;
	wait = timer_wait(deadline_us, clock_us(NULL));
	socket->timer_us = deadline_us;
	event_add(socket->timer, &wait);
}

static void on_timer(evutil_socket_t fd, short what, void *user)
{
	struct gatt_socket *socket = user;

	(void)fd;
	(void)what;
	enter(socket);
	socket->timer_us = GATT_NEVER;
	gatt_advance(socket->gatt);
	if (!socket->doomed && !socket->closed)
		arm(socket);
	leave(socket);
}

/* ---- sending ---- */

static void fail_later(struct gatt_socket *socket, int error)
{
	const struct timeval now = { 0, 0 };

	socket->error = error;
	event_add(socket->failing, &now);
}

static void on_failing(evutil_socket_t fd, short what, void *user)
{
	struct gatt_socket *socket = user;

	(void)fd;
	(void)what;
	enter(socket);
	fail(socket, socket->error);
	leave(socket);
}

/* 0, or an errno */
static int send_now(const struct gatt_socket *socket, const uint8_t *pdu,
                    size_t length)
{
	ssize_t sent;

	do
		sent = send(socket->fd, pdu, length,
		            MSG_NOSIGNAL | MSG_DONTWAIT);
	while (sent < 0 && errno == EINTR);
	return sent < 0 ? errno : 0;
}

static void wait_to_send(struct gatt_socket *socket, const uint8_t *pdu,
                         size_t length)
{
	struct waiting *last = &socket->waiting[socket->waiting_count];

	if (socket->waiting_count == WAITING_MAX) {
		fail_later(socket, ENOBUFS);
		return;
	}
	memcpy(last->pdu, pdu, length);
	last->length = length;
	socket->waiting_count++;
	event_del(socket->readable);
	event_add(socket->writable, NULL);
}

static void on_send(void *user, const uint8_t *pdu, size_t length)
{
	struct gatt_socket *socket = user;
	int error = EAGAIN;

	if (socket->closed || socket->doomed)
		return;
	if (socket->waiting_count == 0 && !socket->securing)
		error = send_now(socket, pdu, length);
	if (error == EAGAIN)
		wait_to_send(socket, pdu, length);
	else if (error != 0)
		fail_later(socket, error);
	arm(socket);
}

static void on_writable(evutil_socket_t fd, short what, void *user)
{
	struct gatt_socket *socket = user;

	(void)fd;
	(void)what;
	socket->securing = false;
	while (socket->waiting_count > 0) {
		int error = send_now(socket, socket->waiting[0].pdu,
		                     socket->waiting[0].length);

		if (error == EAGAIN)
			return;
		if (error != 0) {
			fail_later(socket, error);
			break;
		}
		socket->waiting_count--;
		memmove(&socket->waiting[0], &socket->waiting[1],
		        socket->waiting_count * sizeof(socket->waiting[0]));
	}
	event_del(socket->writable);
	event_add(socket->readable, NULL);
}

/* ---- receiving ---- */

/* A read of nothing is an empty PDU or the end. */
static bool is_hung_up(int fd)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLRDHUP };

	return poll(&poll_fd, 1, 0) > 0 &&
	       (poll_fd.revents & (POLLHUP | POLLRDHUP | POLLERR));
}

/* One PDU a turn: they come one by one, and to ask whether there is another takes
 * a system call more for each. */
static void receive_one(struct gatt_socket *socket)
{
	uint8_t pdu[READ_SIZE];
	ssize_t length = recv(socket->fd, pdu, sizeof(pdu), MSG_DONTWAIT);

	if (length < 0) {
		if (errno != EAGAIN && errno != EINTR)
			fail(socket, errno);
		return;
	}
	if (length == 0 && is_hung_up(socket->fd)) {
		fail(socket, 0);
		return;
	}
	gatt_receive(socket->gatt, pdu, (size_t)length);
}

static void on_readable(evutil_socket_t fd, short what, void *user)
{
	struct gatt_socket *socket = user;

	(void)fd;
	(void)what;
	socket->turns++;
	enter(socket);
	receive_one(socket);
	leave(socket);
}

/* ---- from the client ---- */

static uint64_t on_now(void *user)
{
	return clock_us(user);
}

static void on_value(void *user, const struct gatt_characteristic *from,
                     const uint8_t *value, size_t length)
{
	struct gatt_socket *socket = user;

	if (!socket->closed)
		socket->ops->value(socket->user, from, value, length);
}

static void on_changed(void *user, uint16_t start, uint16_t end)
{
	struct gatt_socket *socket = user;

	socket->ops->changed(socket->user, start, end);
}

static bool on_secure(void *user)
{
	struct gatt_socket *socket = user;

	socket->securing = socket->ops->secure(socket->user);
	return socket->securing;
}

static void on_dead(void *user)
{
	fail(user, ETIME);
}

static const struct gatt_ops gatt_ops = {
	.send = on_send,
	.now_us = on_now,
	.value = on_value,
	.changed = on_changed,
	.secure = on_secure,
	.dead = on_dead,
};

struct gatt_socket *gatt_socket_new(struct event_base *base, int fd,
                                    const struct gatt_socket_ops *ops,
                                    void *user)
{
	struct gatt_socket *socket = calloc(1, sizeof(*socket));

	if (socket == NULL) {
		close(fd);
		return NULL;
	}
	socket->ops = ops;
	socket->user = user;
	socket->fd = fd;
	socket->timer_us = GATT_NEVER;
	evutil_make_socket_nonblocking(fd);
	socket->gatt = gatt_new(&gatt_ops, socket);
	socket->readable =
		event_new(base, fd, EV_READ | EV_PERSIST, on_readable, socket);
	socket->writable =
		event_new(base, fd, EV_WRITE | EV_PERSIST, on_writable, socket);
	socket->timer = evtimer_new(base, on_timer, socket);
	socket->failing = evtimer_new(base, on_failing, socket);
	if (socket->gatt == NULL || socket->readable == NULL ||
	    socket->writable == NULL || socket->timer == NULL ||
	    socket->failing == NULL || event_add(socket->readable, NULL) < 0) {
		gatt_socket_free(socket);
		return NULL;
	}
	return socket;
}
