/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What is wanted and what is known lie side by side; next_command() looks at
 * both and says what to ask of the kernel. Each event changes what is known and
 * looks again. A command that failed is asked again after a pause.
 */
#include "config.h"

#include "daemon/bluetooth/adapter_private.h"

#include "daemon/bluetooth/radio_socket.h"

#include <errno.h>
#include <event2/event.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define EVENTS_A_TURN 16
#define STATUS_TIMED_OUT 0x08 /* the interface's own number for it */
#define ANSWER_MS 10000       /* a controller that hangs answers nothing */
/* Awake; that it wakes is said within a second, if it is not lost. */
#define ASLEEP_MS 10000

/* ---- life, with upcalls that may end it ---- */

static void enter(struct adapter *adapter)
{
	adapter->depth++;
}

static void leave(struct adapter *adapter)
{
	if (--adapter->depth > 0 || !adapter->doomed)
		return;
	if (adapter->readable != NULL)
		event_free(adapter->readable);
	if (adapter->timer != NULL)
		event_free(adapter->timer);
	if (adapter->awake != NULL)
		event_free(adapter->awake);
	if (adapter->fd >= 0)
		close(adapter->fd);
	free(adapter);
}

void adapter_free(struct adapter *adapter)
{
	if (adapter == NULL || adapter->doomed)
		return;
	enter(adapter);
	adapter->doomed = true;
	leave(adapter);
}

/* Says once what is another state now. */
static void tell(struct adapter *adapter)
{
	enum adapter_state state = adapter_state(adapter);
	enum adapter_scan scan = adapter_scan(adapter);

	if (adapter->doomed ||
	    (state == adapter->told_state && scan == adapter->told_scan))
		return;
	adapter->told_state = state;
	adapter->told_scan = scan;
	if (adapter->ops->changed != NULL)
		adapter->ops->changed(adapter->user);
}

/* ---- the timer: a command's limit, or the pause before the next ---- */

static void set_timer(struct event *timer, uint32_t ms)
{
	struct timeval wait = {
		.tv_sec = (time_t)(ms / 1000),
		.tv_usec = (suseconds_t)(ms % 1000 * 1000),
	};

	event_add(timer, &wait);
}

/* A command under way keeps its limit: the pause is what follows it. */
void adapter_pause(struct adapter *adapter, uint32_t ms)
{
	if (adapter->command != 0)
		return;
	adapter->pausing = true;
	set_timer(adapter->timer, ms);
}

void adapter_end_pause(struct adapter *adapter)
{
	adapter->pausing = false;
}

/* ---- sleep ---- */

/* Linux 6.12 loses a link for good that was asked for while it falls asleep or
 * wakes: it connects twice, and takes neither for an answer to the other. */
void adapter_fall_asleep(struct adapter *adapter)
{
	adapter->asleep = true;
	set_timer(adapter->awake, ASLEEP_MS);
}

void adapter_wake(struct adapter *adapter)
{
	adapter->asleep = false;
	event_del(adapter->awake);
	adapter_end_pause(adapter);
}

/* ---- asking ---- */

/* Told in a turn of its own, as everything is. */
static void break_down(struct adapter *adapter, int error)
{
	adapter->error = error;
	event_del(adapter->readable);
	set_timer(adapter->timer, 0);
}

void adapter_send(struct adapter *adapter, const uint8_t *bytes, size_t length)
{
	ssize_t sent =
		send(adapter->fd, bytes, length, MSG_NOSIGNAL | MSG_DONTWAIT);

	/* what was not taken is what is not answered: asked again later */
	if (sent < 0 && errno != EAGAIN && errno != EINTR)
		break_down(adapter, errno);
}

static void ask(struct adapter *adapter, uint16_t command)
{
	uint8_t bytes[MGMT_COMMAND_MAX];
	size_t length;

	if (command == MGMT_READ_INDEX_LIST)
		length = mgmt_command(bytes, sizeof(bytes), command,
		                      MGMT_INDEX_NONE);
	else if (command == MGMT_READ_INFO)
		length = mgmt_command(bytes, sizeof(bytes), command,
		                      adapter->index);
	else if (command == MGMT_SET_LE || command == MGMT_SET_POWERED)
		length = mgmt_command_octet(bytes, sizeof(bytes), command,
		                            adapter->index, 1);
	else
		length = mgmt_command_octet(bytes, sizeof(bytes), command,
		                            adapter->index, MGMT_DISCOVER_LE);
	adapter->command = command;
	set_timer(adapter->timer, ANSWER_MS);
	adapter_send(adapter, bytes, length);
}

/* What an adapter that is not on needs; 0 when only others can help it. */
static uint16_t command_to_switch_on(const struct adapter *adapter)
{
	if (adapter->failure == MGMT_PERMISSION_DENIED)
		return 0;
	return adapter->info.current & MGMT_SETTING_LE ? MGMT_SET_POWERED
	                                               : MGMT_SET_LE;
}

/* 0 when there is nothing to do. */
static uint16_t next_command(const struct adapter *adapter)
{
	if (!adapter->listed)
		return MGMT_READ_INDEX_LIST;
	if (adapter->index == MGMT_INDEX_NONE || adapter->asleep)
		return 0;
	if (!adapter->informed)
		return MGMT_READ_INFO;
	if (!adapter_is_on(adapter))
		return command_to_switch_on(adapter);
	if (adapter->scan_wanted && !adapter->scan_denied &&
	    !adapter->discovering)
		return MGMT_START_DISCOVERY;
	if (!adapter->scan_wanted && adapter->discovery_is_ours)
		return MGMT_STOP_DISCOVERY;
	return 0;
}

static void advance(struct adapter *adapter)
{
	uint16_t command;

	if (adapter->error != 0 || adapter->command != 0 || adapter->pausing)
		return;
	command = next_command(adapter);
	if (command != 0)
		ask(adapter, command);
	else
		event_del(adapter->timer);
}

/* ---- the descriptor ---- */

/* False when there is no more to read now. */
static bool receive_one(struct adapter *adapter)
{
	uint8_t bytes[MGMT_EVENT_MAX];
	struct mgmt_event event;
	ssize_t length = recv(adapter->fd, bytes, sizeof(bytes), MSG_DONTWAIT);

	if (length < 0 && (errno == EAGAIN || errno == EINTR))
		return false;
	if (length <= 0) {
		break_down(adapter, length < 0 ? errno : ENOTCONN);
		return false;
	}
	if (mgmt_event_decode(bytes, (size_t)length, &event)) {
		adapter_take_event(adapter, &event);
		if (!adapter->doomed)
			advance(adapter);
		tell(adapter);
	}
	return adapter->error == 0 && !adapter->doomed;
}

static void on_readable(evutil_socket_t fd, short what, void *user)
{
	struct adapter *adapter = user;

	(void)fd;
	(void)what;
	adapter->turns++;
	enter(adapter);
	for (int i = 0; i < EVENTS_A_TURN; i++)
		if (!receive_one(adapter))
			break;
	leave(adapter);
}

static void on_timer(evutil_socket_t fd, short what, void *user)
{
	struct adapter *adapter = user;
	uint16_t command = adapter->command;

	(void)fd;
	(void)what;
	enter(adapter);
	adapter->command = 0;
	adapter->pausing = false;
	if (command != 0 && adapter->error == 0)
		adapter_take_failure(adapter, command, STATUS_TIMED_OUT);
	advance(adapter);
	tell(adapter);
	leave(adapter);
}

static void on_awake(evutil_socket_t fd, short what, void *user)
{
	struct adapter *adapter = user;

	(void)fd;
	(void)what;
	enter(adapter);
	adapter_wake(adapter);
	advance(adapter);
	tell(adapter);
	leave(adapter);
}

int adapter_open(bool *may_manage)
{
	return radio_socket_management(may_manage);
}

struct adapter *adapter_new(struct event_base *base, int fd, int index,
                            const struct adapter_ops *ops, void *user)
{
	struct adapter *adapter = calloc(1, sizeof(*adapter));

	if (adapter == NULL) {
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	adapter->ops = ops;
	adapter->user = user;
	adapter->fd = fd;
	adapter->wanted_index = index;
	adapter->index = MGMT_INDEX_NONE;
	adapter->error = fd < 0 ? -fd : 0;
	adapter->timer = evtimer_new(base, on_timer, adapter);
	adapter->awake = evtimer_new(base, on_awake, adapter);
	adapter->readable =
		event_new(base, fd, EV_READ | EV_PERSIST, on_readable, adapter);
	if (adapter->timer == NULL || adapter->awake == NULL ||
	    adapter->readable == NULL ||
	    (fd >= 0 && event_add(adapter->readable, NULL) < 0)) {
		adapter_free(adapter);
		return NULL;
	}
	adapter->told_state = adapter_state(adapter);
	advance(adapter);
	return adapter;
}

bool adapter_is_blocked(const struct adapter *adapter)
{
	char pattern[80];
	glob_t files;
	bool blocked = false;

	snprintf(pattern, sizeof(pattern),
	         "/sys/class/bluetooth/hci%u/rfkill*/{soft,hard}", adapter->index);
	if (glob(pattern, GLOB_BRACE, NULL, &files) != 0)
		return false;
	for (size_t i = 0; i < files.gl_pathc; i++) {
		FILE *file = fopen(files.gl_pathv[i], "re");

		if (file == NULL)
			continue;
		blocked |= fgetc(file) == '1';
		fclose(file);
	}
	globfree(&files);
	return blocked;
}

void adapter_came_late(struct adapter *adapter)
{
	adapter->late = true;
}

const char *adapter_stuck(struct adapter *adapter)
{
	if (adapter->error != 0)
		return NULL;
	if (unserved_is(&adapter->socket, adapter->fd, adapter->turns))
		return "what the kernel says of the Bluetooth adapter is not read";
	if ((adapter->command != 0 || adapter->pausing) &&
	    !event_pending(adapter->timer, EV_TIMEOUT, NULL))
		return "a command to the Bluetooth adapter waits for ever";
	return NULL;
}

/* ---- what is wanted ---- */

void adapter_want_scan(struct adapter *adapter, bool wanted)
{
	adapter->scan_wanted = wanted;
	adapter->told_scan = adapter_scan(adapter);
	advance(adapter);
}

void adapter_allow_pairing(struct adapter *adapter,
                           const struct le_address *address)
{
	adapter->pairing_allowed = address != NULL;
	if (address != NULL)
		adapter->pairing = *address;
}
