/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "config.h"

#include "daemon/peripheral/station.h"

#include "daemon/peripheral/peripheral.h"
#include "protocol/att.h"
#include "protocol/mgmt.h"
#include "protocol/packer.h"

#include <bluetooth/bluetooth.h>
#include <bluetooth/hci.h>
#include <bluetooth/l2cap.h>
#include <errno.h>
#include <event2/event.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define POWER_UP_TURNS 4
#define ANSWER_MS 5000
#define READ_SIZE 1024 /* more than the kernel's receive MTU, 672 */
#define TOGGLE_US 100000
#define SILENT_MAX 3
#define HCI_CHANNEL_CONTROL_ 3 /* not in BlueZ's header */
#define SUPERVISION_TIMEOUT 0x08
#define COMMAND_PACKET 0x01

struct station {
	const struct station_ops *ops;
	void *user;
	struct event_base *base;
	uint16_t adapter;
	uint8_t advertising[PERIPHERAL_ADVERTISING_MAX];
	size_t advertising_length;
	struct le_address address;
	char address_text[LE_ADDRESS_TEXT_SIZE];
	int control, raw, listener, central; /* sockets; -1: none */
	/* Links on which nothing was said, and which a later one replaced: kept
	 * up, for whoever linked may have a reason. */
	int silent[SILENT_MAX];
	size_t silent_count;
	bool heard; /* the central has spoken */
	uint16_t link_handle;
	bool powered;
	struct event *incoming, *readable, *toggle;
};

/* ---- the management socket: one command at a time, and wait ---- */

/* Other people's events fill the queue, and a full one loses our answer. */
static void drain(const struct station *s)
{
	uint8_t bytes[MGMT_EVENT_MAX];

	while (read(s->control, bytes, sizeof(bytes)) > 0)
		;
}

/* The next event of this command; false when none came in time. */
static bool answer_of(const struct station *s, uint16_t opcode,
                      struct mgmt_event *event, uint8_t bytes[MGMT_EVENT_MAX])
{
	struct pollfd poll_fd = { .fd = s->control, .events = POLLIN };

	while (poll(&poll_fd, 1, ANSWER_MS) > 0) {
		ssize_t length = read(s->control, bytes, MGMT_EVENT_MAX);

		if (length < 0)
			return false;
		if (mgmt_event_decode(bytes, (size_t)length, event) &&
		    (event->code == MGMT_COMMAND_COMPLETE ||
		     event->code == MGMT_COMMAND_STATUS) &&
		    event->opcode == opcode && event->index == s->adapter)
			return true;
	}
	return false;
}

static bool ask(const struct station *s, const uint8_t *command, size_t length,
                uint16_t opcode, struct mgmt_event *event,
                uint8_t bytes[MGMT_EVENT_MAX])
{
	drain(s);
	if (write(s->control, command, length) != (ssize_t)length ||
	    !answer_of(s, opcode, event, bytes)) {
		event->status = MGMT_FAILED;
		return false;
	}
	return event->status == MGMT_SUCCESS;
}

static bool set(const struct station *s, uint16_t opcode, uint8_t value,
                uint8_t *status)
{
	uint8_t command[MGMT_COMMAND_MAX], bytes[MGMT_EVENT_MAX];
	size_t length = mgmt_command_octet(command, sizeof(command), opcode,
	                                   s->adapter, value);
	struct mgmt_event event;
	bool done = ask(s, command, length, opcode, &event, bytes);

	*status = event.status;
	return done;
}

static bool add_advertising(const struct station *s, uint8_t *status)
{
	uint8_t command[MGMT_HEADER_SIZE + PERIPHERAL_ADVERTISING_MAX];
	uint8_t bytes[MGMT_EVENT_MAX];
	struct packer w = packer_into(command, sizeof(command));
	struct mgmt_event event;
	bool done;

	packer_uint(&w, MGMT_ADD_ADVERTISING, 2);
	packer_uint(&w, s->adapter, 2);
	packer_uint(&w, (uint32_t)s->advertising_length, 2);
	packer_bytes(&w, s->advertising, s->advertising_length);
	done = ask(s, command, packer_end(&w), MGMT_ADD_ADVERTISING, &event,
	           bytes);
	*status = event.status;
	return done;
}

static bool read_address(struct station *s, uint8_t *status)
{
	uint8_t command[MGMT_COMMAND_MAX], bytes[MGMT_EVENT_MAX];
	size_t length = mgmt_command(command, sizeof(command), MGMT_READ_INFO,
	                             s->adapter);
	struct mgmt_event event;
	struct mgmt_info info;
	bool done = ask(s, command, length, MGMT_READ_INFO, &event, bytes) &&
	            mgmt_info_decode(event.result, event.result_length, &info);

	*status = event.status;
	if (done) {
		s->address = info.address;
		le_address_text(&info.address, s->address_text);
	}
	return done;
}

static const char *power_up(struct station *s, uint8_t *status)
{
	if (!set(s, MGMT_SET_POWERED, 0, status) ||
	    !set(s, MGMT_SET_LE, 1, status))
		return "power off and set LE";
	if (!set(s, MGMT_SET_CONNECTABLE, 1, status) ||
	    !set(s, MGMT_SET_BONDABLE, 0, status))
		return "be connectable";
	if (!set(s, MGMT_SET_POWERED, 1, status))
		return "power on";
	if (!add_advertising(s, status))
		return "advertise";
	s->powered = true;
	return NULL;
}

/* A controller that has not done yet with what the program before it asked for
 * refuses; power off and on makes it forget that. */
static const char *power_up_patiently(struct station *s, uint8_t *status)
{
	const char *failed = power_up(s, status);

	for (unsigned turn = 1; failed && turn < POWER_UP_TURNS; turn++)
		failed = power_up(s, status);
	return failed;
}

/* ---- sockets ---- */

static int open_hci(uint16_t adapter, uint16_t channel)
{
	struct sockaddr_hci address = {
		.hci_family = AF_BLUETOOTH,
		.hci_dev = adapter,
		.hci_channel = channel,
	};
	int fd = socket(AF_BLUETOOTH, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
	                BTPROTO_HCI);

	if (fd < 0 ||
	    bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	close(fd);
	return -1;
}

static int open_listener(const struct station *s)
{
	struct sockaddr_l2 address = {
		.l2_family = AF_BLUETOOTH,
		.l2_cid = htobs(ATT_CID),
		.l2_bdaddr_type = BDADDR_LE_PUBLIC,
	};
	int fd = socket(AF_BLUETOOTH,
	                SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK,
	                BTPROTO_L2CAP);

	memcpy(&address.l2_bdaddr, s->address.octets, 6);
	if (fd < 0 ||
	    (bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0 &&
	     listen(fd, 1) == 0))
		return fd;
	close(fd);
	return -1;
}

/* ---- raw commands to the controller ---- */

static bool command_controller(const struct station *s, uint16_t opcode,
                               const uint8_t *parameters, uint8_t length)
{
	uint8_t packet[16];
	struct packer w = packer_into(packet, sizeof(packet));

	packer_uint(&w, COMMAND_PACKET, 1);
	packer_uint(&w, opcode, 2);
	packer_uint(&w, length, 1);
	packer_bytes(&w, parameters, length);
	return write(s->raw, packet, packer_end(&w)) > 0;
}

static void on_toggle(evutil_socket_t fd, short what, void *user)
{
	static const uint8_t off[] = { 0 }, on[] = { 1 };
	uint16_t opcode =
		cmd_opcode_pack(OGF_LE_CTL, OCF_LE_SET_ADVERTISE_ENABLE);
	struct station *s = user;

	(void)fd;
	(void)what;
	if ((s->central >= 0 && s->heard) || !s->powered)
		return;
	command_controller(s, opcode, off, sizeof(off));
	command_controller(s, opcode, on, sizeof(on));
}

bool station_drop(struct station *s)
{
	uint8_t parameters[] = { (uint8_t)s->link_handle,
		                 (uint8_t)(s->link_handle >> 8),
		                 SUPERVISION_TIMEOUT };

	return s->central >= 0 &&
	       command_controller(s,
	                          cmd_opcode_pack(OGF_LINK_CTL, OCF_DISCONNECT),
	                          parameters, sizeof(parameters));
}

static void close_silent(struct station *s)
{
	while (s->silent_count > 0)
		close(s->silent[--s->silent_count]);
}

bool station_power(struct station *s, bool on)
{
	uint8_t status;

	if (on)
		return power_up(s, &status) == NULL;
	s->powered = false;
	close_silent(s);
	return set(s, MGMT_SET_POWERED, 0, &status);
}

/* ---- the central ---- */

static void hang_up(struct station *s, int error)
{
	event_free(s->readable);
	s->readable = NULL;
	close(s->central);
	s->central = -1;
	s->ops->disconnected(s->user, error);
}

static void on_readable(evutil_socket_t fd, short what, void *user)
{
	struct station *s = user;
	uint8_t pdu[READ_SIZE];
	ssize_t length = recv(fd, pdu, sizeof(pdu), 0);

	(void)what;
	s->heard = true;
	if (length > 0)
		s->ops->received(s->user, pdu, (size_t)length);
	else if (length == 0)
		hang_up(s, 0);
	else if (errno != EAGAIN && errno != EINTR)
		hang_up(s, errno);
}

/* A central that links and says nothing, a telephone in a pocket, keeps nobody
 * out. */
static bool make_room(struct station *s)
{
	if (s->heard || s->silent_count == SILENT_MAX)
		return false;
	event_free(s->readable);
	s->readable = NULL;
	s->silent[s->silent_count++] = s->central;
	s->central = -1;
	return true;
}

static void on_incoming(evutil_socket_t fd, short what, void *user)
{
	struct station *s = user;
	int central = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	struct l2cap_conninfo info = { .hci_handle = 0 };
	socklen_t size = sizeof(info);

	(void)what;
	if (central < 0)
		return;
	if (s->central >= 0 && !make_room(s)) {
		close(central);
		return;
	}
	s->heard = false;
	getsockopt(central, SOL_L2CAP, L2CAP_CONNINFO, &info, &size);
	s->link_handle = info.hci_handle;
	s->central = central;
	s->readable = event_new(s->base, central, EV_READ | EV_PERSIST,
	                        on_readable, s);
	event_add(s->readable, NULL);
	s->ops->connected(s->user);
}

void station_send(struct station *s, const uint8_t *pdu, size_t length)
{
	if (s->central >= 0)
		(void)!send(s->central, pdu, length,
		            MSG_DONTWAIT | MSG_NOSIGNAL);
}

/* ---- life ---- */

const char *station_address(const struct station *s)
{
	return s->address_text;
}

static bool set_up(struct station *s, char *why, size_t size)
{
	uint8_t status = 0;
	const char *failed;

	s->control = open_hci(HCI_DEV_NONE, HCI_CHANNEL_CONTROL_);
	if (s->control < 0) {
		snprintf(why, size, "no management socket: %s",
		         strerror(errno));
		return false;
	}
	failed = read_address(s, &status) ? NULL : "read the adapter";
	s->raw = open_hci(s->adapter, HCI_CHANNEL_RAW);
	s->listener = open_listener(s);
	if (failed == NULL && s->listener < 0) {
		snprintf(why, size, "hci%u: cannot listen: %s",
		         (unsigned)s->adapter, strerror(errno));
		return false;
	}
	/* a central may come as soon as it is seen: listen first */
	if (failed == NULL)
		failed = power_up_patiently(s, &status);
	if (failed != NULL) {
		snprintf(why, size, "hci%u: could not %s: %s",
		         (unsigned)s->adapter, failed,
		         mgmt_status_text(status));
		return false;
	}
	return true;
}

static void add_events(struct station *s, bool toggle)
{
	static const struct timeval often = { .tv_usec = TOGGLE_US };

	s->incoming = event_new(s->base, s->listener, EV_READ | EV_PERSIST,
	                        on_incoming, s);
	event_add(s->incoming, NULL);
	if (!toggle)
		return;
	s->toggle = event_new(s->base, -1, EV_PERSIST, on_toggle, s);
	event_add(s->toggle, &often);
}

struct station *station_new(struct event_base *base,
                            const struct station_settings *settings,
                            const struct station_ops *ops, void *user,
                            char *why, size_t size)
{
	struct station *s = calloc(1, sizeof(*s));

	if (s == NULL) {
		snprintf(why, size, "out of memory");
		return NULL;
	}
	s->ops = ops;
	s->user = user;
	s->base = base;
	s->adapter = settings->adapter;
	s->control = s->raw = s->listener = s->central = -1;
	s->advertising_length = settings->advertising_length;
	memcpy(s->advertising, settings->advertising,
	       settings->advertising_length);
	if (!set_up(s, why, size)) {
		station_free(s);
		return NULL;
	}
	add_events(s, settings->toggle_advertising);
	return s;
}

void station_free(struct station *s)
{
	struct event *events[] = { s->incoming, s->readable, s->toggle };
	int sockets[] = { s->central, s->listener, s->raw, s->control };
	uint8_t status;

	if (s->powered)
		set(s, MGMT_SET_POWERED, 0, &status);
	close_silent(s);
	for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++)
		if (events[i] != NULL)
			event_free(events[i]);
	for (size_t i = 0; i < sizeof(sockets) / sizeof(sockets[0]); i++)
		if (sockets[i] >= 0)
			close(sockets[i]);
	free(s);
}
