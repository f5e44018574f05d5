/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "config.h"

#include "daemon/bluetooth/link.h"

#include "daemon/bluetooth/radio_socket.h"
#include "protocol/att.h"

#include <bluetooth/bluetooth.h>
#include <bluetooth/l2cap.h>
#include <errno.h>
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct link {
	link_done *done;
	void *user;
	struct event *event;
	int fd;    /* -1 when handed over, or never had */
	int error; /* of a connect that failed at once */
};

/* ---- the socket ---- */

static struct sockaddr_l2 att_address(const struct le_address *address)
{
	struct sockaddr_l2 to = {
		.l2_family = AF_BLUETOOTH,
		.l2_cid = htobs(ATT_CID),
		.l2_bdaddr_type = BDADDR_LE_PUBLIC,
	};

	if (address->type == LE_ADDRESS_RANDOM)
		to.l2_bdaddr_type = BDADDR_LE_RANDOM;
	memcpy(to.l2_bdaddr.b, address->octets, sizeof(to.l2_bdaddr.b));
	return to;
}

/* Returns 0, EINPROGRESS or an errno. */
static int begin_connect(int fd, const struct le_address *peer)
{
	struct sockaddr_l2 to = att_address(peer);

	return connect(fd, (struct sockaddr *)&to, sizeof(to)) < 0 ? errno : 0;
}

int link_secure(int fd)
{
	struct bt_security security = { .level = BT_SECURITY_MEDIUM };

	if (setsockopt(fd, SOL_BLUETOOTH, BT_SECURITY, &security,
	               sizeof(security)) < 0)
		return -errno;
	return 0;
}

/* ---- waiting for it ---- */

static int result_of_connect(int fd)
{
	int error = 0;
	socklen_t length = sizeof(error);

	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) < 0)
		return errno;
	return error;
}

static void on_event(evutil_socket_t ignored, short what, void *user)
{
	struct link *link = user;
	int fd = link->fd, error = link->error;

	(void)ignored;
	if (error == 0)
		error = what & EV_TIMEOUT ? ETIMEDOUT : result_of_connect(fd);
	link->fd = -1;
	if (error != 0 && fd >= 0) {
		close(fd);
		fd = -1;
	}
	link->done(link->user, fd, error);
}

/* What failed at once is told in a turn of its own, as a success is; by a timer
 * of 0, because an event made active in a callback that asks again at once
 * would keep the loop from everything else. */
static int add_event(struct link *link, uint32_t limit_ms)
{
	struct timeval limit = {
		.tv_sec = (time_t)(limit_ms / 1000),
		.tv_usec = (suseconds_t)(limit_ms % 1000 * 1000),
	};

	if (link->error != 0)
		limit = (struct timeval){ 0, 0 };
	return event_add(link->event, &limit);
}

struct link *link_wait(struct event_base *base, int fd, int error,
                       uint32_t limit_ms, link_done *done, void *user)
{
	struct link *link = calloc(1, sizeof(*link));
	bool pending = error == 0 || error == EINPROGRESS;

	if (link == NULL) {
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	link->done = done;
	link->user = user;
	link->fd = fd;
	link->error = pending ? 0 : error;
	link->event = event_new(base, pending ? fd : -1, pending ? EV_WRITE : 0,
	                        on_event, link);
	if (link->event == NULL || add_event(link, limit_ms) < 0) {
		link_free(link);
		return NULL;
	}
	return link;
}

struct link *link_connect(struct event_base *base,
                          const struct link_target *target, link_done *done,
                          void *user)
{
	int fd = radio_socket_att(&target->adapter);
	int error = fd < 0 ? -fd : begin_connect(fd, &target->peer);

	return link_wait(base, fd < 0 ? -1 : fd, error, target->limit_ms, done, user);
}

void link_free(struct link *link)
{
	if (link == NULL)
		return;
	if (link->event != NULL)
		event_free(link->event);
	if (link->fd >= 0)
		close(link->fd);
	free(link);
}

/* ---- words ---- */

static const struct {
	int error;
	const char *text;
} texts[] = {
	{ 0, "ended by the device" },
	{ ECONNREFUSED, "no answer: switched off, out of range, or in use by "
	                "another device" },
	{ ETIMEDOUT, "out of range or switched off" },
	{ ETIME, "the device stopped answering" },
	{ ECONNRESET, "ended by the device, or by switching Bluetooth off" },
	{ ECONNABORTED, "the Bluetooth adapter went away" },
	{ EHOSTUNREACH, "the Bluetooth adapter is off or gone" },
	{ ENODEV, "the Bluetooth adapter is gone" },
	{ EBUSY, "another program on this computer holds the link: let "
	         "bluetoothd forget the device" },
	{ ENOSYS, "the radio link failed" },
	{ ENOTCONN, "the link is gone" },
	{ EACCES, "the device wants to be paired first" },
	{ EPERM, "not permitted" },
	{ EINVAL, "the kernel refuses the address" },
	{ EAFNOSUPPORT, "no Bluetooth here: the kernel is without it, or gaitd "
	                "runs in a network namespace of its own" },
	{ EPROTONOSUPPORT, "the kernel is without L2CAP: load the module "
	                   "bluetooth" },
	{ ENOBUFS, "the device does not take what is sent" },
};

const char *link_error_text(int error)
{
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (texts[i].error == error)
			return texts[i].text;
	return strerror(error);
}
