/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * One Bluetooth device that we want to hear: linked with, asked what it is,
 * subscribed to, and linked with again whenever the link is gone, by
 * peer_policy.h. What it sends comes out as source events, stamped by the
 * callee's clock.
 *
 *   off -> connecting -> discovering -> live -+-> waiting -> connecting ...
 *   (searching: no address is known yet)
 *
 * The control point is never written, but for `request_control`.
 */
#ifndef GAITD_PEER_H
#define GAITD_PEER_H

#include "daemon/bluetooth/gatt_table.h"
#include "daemon/sources/peer_policy.h"
#include "daemon/sources/peer_profile.h"
#include "protocol/le_address.h"

#define PEER_NEVER UINT64_MAX
#define PEER_NAME_SIZE 128
#define PEER_WHY_SIZE 160

struct event_base;
struct peer;

enum peer_state {
	PEER_SEARCHING, /* no device is known */
	PEER_OFF,       /* known, and the adapter is not ready */
	PEER_CONNECTING,
	PEER_DISCOVERING,
	PEER_LIVE,
	PEER_WAITING, /* until the next try */
};
const char *peer_state_name(enum peer_state state);

/* What a scan found out while it was not heard */
enum peer_around {
	PEER_AROUND_UNKNOWN,
	PEER_AROUND_NOBODY, /* nothing at all is heard */
	PEER_AROUND_OTHERS,
};

/* What is known of a device */
struct peer_device {
	struct le_address address;
	bool type_known; /* of the address; else both are tried in turn */
	char name[PEER_NAME_SIZE]; /* advertised; "" when not known */
	bool request_control; /* a quirk's: ask for it, or nothing is sent */
	struct gatt_table table; /* all zero: to be discovered */
};

struct peer_ops {
	uint64_t (*now_us)(void *user); /* the session's clock */
	/* Begins an attempt to link, which ends with peer_connected(), called
	 * later. */
	void (*connect)(void *user, struct peer *peer,
	                const struct le_address *to, uint32_t limit_ms);
	/* Ends it without. */
	void (*abandon)(void *user, struct peer *peer);
	/* Asks for an encrypted link; false if that cannot be. */
	bool (*secure)(void *user, struct peer *peer, int fd);
	/* All but `t_us` is set. */
	void (*event)(void *user, const struct source_event *event);
	/* Its state, its deadline, or what is known of its device. Must not
	 * free the peer, and may set its device. */
	void (*changed)(void *user, struct peer *peer);
};

/* `unit` is 1 for the first of its kind; `seed` as of peer_policy_init(). NULL
 * when memory is short. */
struct peer *peer_new(struct event_base *base, const struct peer_profile *profile,
                      unsigned unit, uint64_t seed, const struct peer_ops *ops,
                      void *user);
void peer_free(struct peer *peer);

/* The device to link with from now on; NULL: none, one is being searched. A
 * link with another one ends. */
void peer_set_device(struct peer *peer, const struct peer_device *device);
/* Whether links can be made at all. One that lives is not touched. */
void peer_set_ready(struct peer *peer, bool ready);
/* Its advertisement was heard by a scan: one that cannot be connected to tells
 * that another device has it. */
void peer_heard(struct peer *peer, bool connectable);
/* A link of anybody's on our adapter with it ended: if that was in the way, now
 * is the time. */
void peer_freed(struct peer *peer);
/* A scan did not hear it, but, or not even, others: words for why it is absent. */
void peer_missed(struct peer *peer, enum peer_around around);
/* How an attempt ended: a descriptor of SOCK_SEQPACKET, which is the peer's
 * from here on, or -1 and an errno. */
void peer_connected(struct peer *peer, int fd, int error);

void peer_advance(struct peer *peer);
uint64_t peer_deadline_us(const struct peer *peer);

/* ---- what is known ---- */
const struct peer_profile *peer_profile(const struct peer *peer);
enum peer_state peer_state(const struct peer *peer);
/* For watchdog.h: NULL, or what cannot go on by itself */
const char *peer_stuck(struct peer *peer);
/* NULL while searching */
const struct peer_device *peer_device(const struct peer *peer);
/* The last failure in words, until it is live; "" when there was none. */
const char *peer_why(const struct peer *peer);
/* Attempts in a row in which nothing was heard of it */
unsigned peer_absences(const struct peer *peer);
/* It was linked with and is not what was looked for. */
bool peer_is_unfit(const struct peer *peer);

#endif
