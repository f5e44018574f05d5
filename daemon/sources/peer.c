/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "config.h"

#include "daemon/sources/peer_private.h"

#include "daemon/bluetooth/gatt_socket.h"
#include "daemon/bluetooth/link.h"
#include "daemon/service/log.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What switched the adapter off ends its links first and is told a moment
 * later: until then nobody can say why a link ended. */
#define SETTLE_US UINT64_C(1000000)

const char *peer_state_name(enum peer_state state)
{
	static const char *const names[] = {
		[PEER_SEARCHING] = "searching",
		[PEER_OFF] = "off",
		[PEER_CONNECTING] = "connecting",
		[PEER_DISCOVERING] = "discovering",
		[PEER_LIVE] = "live",
		[PEER_WAITING] = "waiting",
	};

	return names[state];
}

/* "URTM041 (AA:BB:CC:DD:EE:FF)" */
const char *peer_title(const struct peer *peer, char text[PEER_TITLE_SIZE])
{
	char address[LE_ADDRESS_TEXT_SIZE];
	bool is_machine = peer->profile->device == SOURCE_TREADMILL;

	le_address_text(&peer->device.address, address);
	if (!is_machine)
		snprintf(text, PEER_TITLE_SIZE, "%s",
		         *peer->device.name ? peer->device.name : "one without a name");
	else if (*peer->device.name)
		snprintf(text, PEER_TITLE_SIZE, "%s (%s)", peer->device.name, address);
	else
		snprintf(text, PEER_TITLE_SIZE, "%s", address);
	return text;
}

/* ---- attempts, and how they end ------------------------------------------ */

static void drop_link(struct peer *peer)
{
	struct gatt_socket *socket = peer->socket;

	if (peer->state == PEER_CONNECTING)
		peer->ops->abandon(peer->user, peer);
	peer->socket = NULL;
	gatt_socket_free(socket); /* NULL is none */
	peer->fd = -1;
	peer->deadline_us = PEER_NEVER;
}

static void attempt(struct peer *peer)
{
	peer->deadline_us = PEER_NEVER;
	peer->busy_heard = false;
	peer->state = PEER_CONNECTING;
	peer->ops->connect(peer->user, peer, &peer->device.address,
	                   peer->device.type_known ? PEER_POLICY_LIMIT_MS
	                                           : PEER_POLICY_GUESS_MS);
}

static void say_failure(struct peer *peer)
{
	uint64_t now_us = peer->ops->now_us(peer->user);
	char text[PEER_TITLE_SIZE];

	peer->say_us = PEER_NEVER;
	if (!peer_policy_say(&peer->policy, peer->failure, now_us))
		return;
	peer->said = true;
	log_known(MESSAGE_DEVICE_LOST, peer->profile->what, "%s: %s; trying again",
	          peer_title(peer, text), peer->why);
}

void peer_say_end(struct peer *peer)
{
	if (peer->say_us != PEER_NEVER)
		say_failure(peer);
}

static void fail(struct peer *peer, enum peer_failure failure, const char *why,
                 uint64_t settle_us)
{
	uint64_t now_us = peer->ops->now_us(peer->user);

	drop_link(peer);
	if (peer->told == DISPLAY_LINK_LIVE)
		peer_link_is(peer, DISPLAY_LINK_LOST);
	if (failure == PEER_ADAPTER)
		peer->say_us = PEER_NEVER; /* this is why it ended */
	peer_say_end(peer);
	peer->failure = failure;
	peer->absences = failure == PEER_ABSENT ? peer->absences + 1 : 0;
	snprintf(peer->why, sizeof(peer->why), "%s", why);
	peer->deadline_us =
		now_us + peer_policy_wait_us(&peer->policy, failure);
	peer->state = PEER_WAITING;
	if (!peer->ready) {
		peer->state = PEER_OFF;
		peer->deadline_us = PEER_NEVER;
	} else if (settle_us > 0) {
		peer->say_us = now_us + settle_us;
	} else {
		say_failure(peer);
	}
}

void peer_fail(struct peer *peer, enum peer_failure failure, const char *why)
{
	fail(peer, failure, why, 0);
}

/* The other type of address, as long as none has answered. */
static void guess_again(struct peer *peer)
{
	struct le_address *address = &peer->device.address;

	if (peer->device.type_known)
		return;
	address->type = address->type == LE_ADDRESS_PUBLIC ? LE_ADDRESS_RANDOM
	                                                   : LE_ADDRESS_PUBLIC;
}

/* Most devices fall silent while they are linked with, so silence does not tell
 * one that is off from one that is in use. */
static const char *const absent_texts[] = {
	[PEER_AROUND_UNKNOWN] = "not heard: switched off, out of range, or in use by "
				"another device",
	[PEER_AROUND_NOBODY] = "nothing at all is heard: it is switched off or in use, "
			       "or the Bluetooth adapter hears nothing where it is",
	[PEER_AROUND_OTHERS] = "not heard, though others are: switched off, out of "
			       "range, or in use by another device",
};

static void attempt_failed(struct peer *peer, int error)
{
	enum peer_failure failure = peer_policy_failure_of(error, false);

	peer->state = PEER_WAITING; /* there is nothing to abandon */
	peer_fail(peer, failure,
	          failure == PEER_ABSENT ? absent_texts[peer->around]
	                                 : link_error_text(error));
	if (failure == PEER_ABSENT)
		guess_again(peer);
}

/* ---- from the socket ----------------------------------------------------- */

/* Its firmware was changed under us: nothing that is known holds. */
static void on_changed_services(void *user, uint16_t start, uint16_t end)
{
	struct peer *peer = user;

	(void)start;
	(void)end;
	memset(&peer->device.table, 0, sizeof(peer->device.table));
	peer->state = PEER_DISCOVERING;
	peer->deadline_us = PEER_NEVER;
	peer_talk_discover(peer);
	peer_changed(peer);
}

static bool on_secure(void *user)
{
	struct peer *peer = user;

	return peer->ops->secure(peer->user, peer, peer->fd);
}

static bool was_good(const struct peer *peer)
{
	return peer->state == PEER_LIVE &&
	       peer->data_us - peer->live_us >= PEER_POLICY_GOOD_US;
}

static void on_closed(void *user, int error)
{
	struct peer *peer = user;
	enum peer_failure failure = peer_policy_failure_of(error, true);
	const char *why = link_error_text(error);

	if (failure == PEER_FAULTY && was_good(peer))
		failure = PEER_LOST;
	if (peer->state == PEER_DISCOVERING && (error == 0 || error == ECONNRESET))
		why = "it ends each link at once: in use by another device, or "
		      "it wants to be paired";
	fail(peer, failure, why, SETTLE_US);
	peer_changed(peer);
}

static const struct gatt_socket_ops socket_ops = {
	.value = peer_talk_value,
	.changed = on_changed_services,
	.secure = on_secure,
	.closed = on_closed,
};

void peer_connected(struct peer *peer, int fd, int error)
{
	if (fd < 0) {
		attempt_failed(peer, error);
		peer_changed(peer);
		return;
	}
	peer->state = PEER_DISCOVERING;
	peer->fd = fd;
	peer->socket = gatt_socket_new(peer->base, fd, &socket_ops, peer);
	if (peer->socket == NULL) {
		peer_fail(peer, PEER_FAULTY, "out of memory");
	} else {
		peer_talk_begin(peer);
	}
	peer_changed(peer);
}

/* ---- from the owner ------------------------------------------------------ */

struct peer *peer_new(struct event_base *base, const struct peer_profile *profile,
                      unsigned unit, uint64_t seed, const struct peer_ops *ops,
                      void *user)
{
	struct peer *peer = calloc(1, sizeof(*peer));
	struct peer_attribute attributes[PEER_ATTRIBUTES_MAX];

	if (peer == NULL)
		return NULL;
	peer->base = base;
	peer->profile = profile;
	peer->unit = unit;
	peer->ops = ops;
	peer->user = user;
	peer->fd = -1;
	peer->deadline_us = PEER_NEVER;
	peer->say_us = PEER_NEVER;
	peer->said = true; /* that it is live at all is news */
	peer_policy_init(&peer->policy, seed);
	peer->job_count = peer_profile_attributes(profile, attributes);
	for (size_t i = 0; i < peer->job_count; i++)
		peer->jobs[i] = (struct job){ peer, attributes[i] };
	return peer;
}

void peer_free(struct peer *peer)
{
	if (peer == NULL)
		return;
	drop_link(peer);
	free(peer);
}

/* Links, or waits for the adapter, or for a device to be found */
static void begin(struct peer *peer)
{
	peer->deadline_us = PEER_NEVER;
	if (!peer->has_device) {
		peer->state = PEER_SEARCHING;
	} else if (!peer->ready) {
		peer->state = PEER_OFF;
	} else {
		/* in a turn of its own, as all attempts begin */
		peer->state = PEER_WAITING;
		peer->deadline_us = peer->ops->now_us(peer->user);
	}
}

void peer_set_device(struct peer *peer, const struct peer_device *device)
{
	drop_link(peer);
	peer->has_device = device != NULL;
	if (device != NULL)
		peer->device = *device;
	peer->unfit = false;
	peer->absences = 0;
	peer->around = PEER_AROUND_UNKNOWN;
	peer->say_us = PEER_NEVER;
	peer_policy_init(&peer->policy, peer->policy.random);
	peer_link_is(peer, DISPLAY_LINK_SEARCHING);
	begin(peer);
}

void peer_set_ready(struct peer *peer, bool ready)
{
	bool idle = peer->state == PEER_OFF || peer->state == PEER_WAITING;

	if (ready == peer->ready)
		return;
	peer->ready = ready;
	/* whatever the last failure was, this is why nothing is tried now */
	if (!ready && peer->state != PEER_LIVE)
		snprintf(peer->why, sizeof(peer->why), "%s",
		         link_error_text(EHOSTUNREACH));
	if (!ready && peer->say_us != PEER_NEVER) {
		peer->failure = PEER_ADAPTER; /* and why the last link ended */
		say_failure(peer);
	}
	if (!ready && peer->state == PEER_CONNECTING)
		drop_link(peer);
	else if (!idle)
		return;
	begin(peer);
}

void peer_heard(struct peer *peer, bool connectable)
{
	bool was_absent = peer->failure == PEER_ABSENT || peer->busy_heard;

	peer->around = PEER_AROUND_UNKNOWN;
	if (!connectable && peer->state == PEER_CONNECTING) {
		peer_fail(peer, PEER_BUSY, "in use by another device");
		peer->busy_heard = true;
		peer_changed(peer);
	} else if (connectable && peer->state == PEER_WAITING && was_absent) {
		peer->deadline_us = peer->ops->now_us(peer->user);
		peer_changed(peer);
	}
}

void peer_freed(struct peer *peer)
{
	if (peer->state != PEER_WAITING || peer->failure != PEER_BUSY)
		return;
	peer->deadline_us = peer->ops->now_us(peer->user);
	peer_changed(peer);
}

void peer_missed(struct peer *peer, enum peer_around around)
{
	peer->around = around;
	if (peer->absences > 0)
		snprintf(peer->why, sizeof(peer->why), "%s", absent_texts[around]);
}

void peer_advance(struct peer *peer)
{
	uint64_t now_us = peer->ops->now_us(peer->user);

	if (now_us >= peer->say_us)
		say_failure(peer);
	if (now_us < peer->deadline_us)
		return;
	if (peer->state == PEER_WAITING) {
		attempt(peer);
	} else if (now_us - peer->data_us >= peer->profile->silence_us) {
		peer_fail(peer, PEER_SILENT, "connected, but it sends nothing");
		peer_changed(peer);
	} else {
		peer->deadline_us = peer->data_us + peer->profile->silence_us;
	}
}

uint64_t peer_deadline_us(const struct peer *peer)
{
	return peer->say_us < peer->deadline_us ? peer->say_us : peer->deadline_us;
}

/* ---- what is known ------------------------------------------------------- */

const struct peer_profile *peer_profile(const struct peer *peer)
{
	return peer->profile;
}

const char *peer_stuck(struct peer *peer)
{
	return peer->socket ? gatt_socket_stuck(peer->socket) : NULL;
}

enum peer_state peer_state(const struct peer *peer)
{
	return peer->state;
}

const struct peer_device *peer_device(const struct peer *peer)
{
	return peer->has_device ? &peer->device : NULL;
}

const char *peer_why(const struct peer *peer)
{
	return peer->why;
}

unsigned peer_absences(const struct peer *peer)
{
	return peer->absences;
}

bool peer_is_unfit(const struct peer *peer)
{
	return peer->unfit;
}
