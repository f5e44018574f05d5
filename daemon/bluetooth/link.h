/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * One attempt to link to a Bluetooth LE device: an L2CAP socket on the ATT
 * channel, connected without blocking. It needs no privilege; the adapter must
 * be powered (adapter.h) before any attempt.
 *
 * A success says that the radio link is up, no more: a device whose program
 * hangs connects too, and is silent for ever. And within 2 s of a close the
 * same radio link is found again, with what it still had to say.
 */
#ifndef GAITD_LINK_H
#define GAITD_LINK_H

#include "protocol/le_address.h"

#include <stdint.h>

struct event_base;
struct link;

/* Called once: with the connected descriptor, which is the callee's from here
 * on, and error 0; or with fd -1 and an errno for link_error_text(). The link
 * may be freed here or later. */
typedef void link_done(void *user, int fd, int error);

struct link_target {
	struct le_address peer;
	/* The adapter to use; all zero lets the kernel choose. */
	struct le_address adapter;
	uint32_t limit_ms; /* after which the attempt is ended: ETIMEDOUT */
};

/* NULL when memory is short. `done` is never called from within. */
struct link *link_connect(struct event_base *base,
                          const struct link_target *target, link_done *done,
                          void *user);
/* Ends the attempt if it still runs; `done` is not called then. */
void link_free(struct link *link);

/* The same for a socket whose connect() is under way (error 0 or EINPROGRESS),
 * or failed at once; owns `fd`, which may be -1 with an error. */
struct link *link_wait(struct event_base *base, int fd, int error,
                       uint32_t limit_ms, link_done *done, void *user);

/* Asks for an encrypted link, by pairing if need be: sends then wait until it
 * is. 0 or -errno. */
int link_secure(int fd);

/* What an errno of a connect, or of a link that ended, means in plain words;
 * 0 is an orderly end. Where somebody can do something, it says what. */
const char *link_error_text(int error);

#endif
