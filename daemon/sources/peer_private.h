/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A peer's inside, shared by peer.c (attempts and states) and peer_talk.c (what
 * a link is asked, and what comes of it).
 */
#ifndef GAITD_PEER_PRIVATE_H
#define GAITD_PEER_PRIVATE_H

#include "daemon/bluetooth/gatt_socket.h"
#include "daemon/sources/peer.h"

/* One attribute being asked for: what an operation's callback gets */
struct job {
	struct peer *peer;
	struct peer_attribute attribute;
};

struct peer {
	struct event_base *base;
	const struct peer_profile *profile;
	unsigned unit;
	const struct peer_ops *ops;
	void *user;
	struct peer_policy policy;
	struct job jobs[PEER_ATTRIBUTES_MAX];
	size_t job_count;

	bool ready; /* the adapter is */
	bool has_device;
	struct peer_device device;
	enum peer_state state;
	uint64_t deadline_us; /* of the state */
	uint64_t say_us; /* when to say how the last link ended */
	bool told_link;
	enum display_link_state told;

	/* the link */
	struct gatt_socket *socket;
	int fd; /* the socket's */
	uint64_t live_us, data_us;

	/* how it went */
	enum peer_failure failure; /* the last */
	char why[PEER_WHY_SIZE];
	bool said; /* the failure; so that it is live again is news, too */
	bool busy_heard;
	unsigned absences;
	enum peer_around around;
	bool unfit;
};

/* peer.c */
/* "URTM041 (AA:BB:CC:DD:EE:FF)"; for the log, and so of a pod or a strap, which is
 * somebody's, no more than the name. */
#define PEER_TITLE_SIZE (PEER_NAME_SIZE + 32)
const char *peer_title(const struct peer *peer, char text[PEER_TITLE_SIZE]);
/* Ends what there is, and waits for the next try. */
void peer_fail(struct peer *peer, enum peer_failure failure, const char *why);
/* Says how the last link ended, if that is still to be said. */
void peer_say_end(struct peer *peer);

/* The last thing that is done: our owner may set another device. */
static inline void peer_changed(struct peer *peer)
{
	peer->ops->changed(peer->user, peer);
}

/* peer_talk.c */
void peer_link_is(struct peer *peer, enum display_link_state link);
void peer_talk_begin(struct peer *peer);
void peer_talk_discover(struct peer *peer);
/* Of struct gatt_socket_ops */
void peer_talk_value(void *user, const struct gatt_characteristic *from,
                     const uint8_t *value, size_t length);

#endif
