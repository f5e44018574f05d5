/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * When to try a device again, for how long, and when to speak of it. The
 * policy, in words:
 *
 * - There is no last attempt: a treadmill that was off for a week is linked
 *   with when it is switched on.
 * - An attempt is the kernel listening for the device's advertisement; nothing
 *   is sent until one is heard. A device that is not there is therefore
 *   listened for all the time: attempts of 30 s with a breath between them. It
 *   is linked with at its first advertisement, and nobody else is disturbed.
 * - A link that was good and ended is tried again at once.
 * - An attempt that found the device and failed (it refused, broke off, fell
 *   silent, is not what it should be) is tried again at once the first time,
 *   then after 1 s, 2 s, 4 s ... 60 s, each a quarter more or less by chance, so
 *   that consoles after a power cut do not move in step.
 * - A device that somebody else uses is theirs: 10 s, 20 s, 40 s, 60 s. No link
 *   is ever taken away.
 * - An adapter that is off or gone is nothing that the device did: wait until
 *   it is back, then begin at once. A try each 5 s is for adapters that say
 *   nothing of themselves.
 * - A link is good once data came over it for 10 s: then failures are forgotten.
 * - Each kind of failure is said at once, and again after 10 minutes, an hour,
 *   6 hours, then daily, until a link was good for a minute.
 */
#ifndef GAITD_PEER_POLICY_H
#define GAITD_PEER_POLICY_H

#include <stdbool.h>
#include <stdint.h>

#define PEER_POLICY_LIMIT_MS 30000 /* of an attempt */
#define PEER_POLICY_GUESS_MS 5000  /* while the address's type is a guess */
#define PEER_POLICY_GOOD_US (10 * UINT64_C(1000000))
#define PEER_POLICY_SETTLED_US (60 * UINT64_C(1000000))

enum peer_failure {
	PEER_ABSENT,  /* not heard for a whole attempt */
	PEER_LOST,    /* the link ended after it had been good */
	PEER_FAULTY,  /* found, and it did not work */
	PEER_SILENT,  /* linked, and no data where there should be some */
	PEER_BUSY,    /* somebody else's */
	PEER_ADAPTER, /* ours is off or gone */
	PEER_FAILURES,
};

struct peer_policy {
	unsigned tries;  /* failures of a found device since it was good */
	uint64_t random; /* state of the dice */
	struct {
		unsigned times; /* said */
		uint64_t next_us;
	} said[PEER_FAILURES];
};

/* `seed` sets consoles apart: anything that differs between them. */
void peer_policy_init(struct peer_policy *policy, uint64_t seed);

/* How long to wait after this failure, in microseconds */
uint64_t peer_policy_wait_us(struct peer_policy *policy,
                             enum peer_failure failure);

/* Whether to speak of it now; the caller does if so. */
bool peer_policy_say(struct peer_policy *policy, enum peer_failure failure,
                     uint64_t now_us);

/* Data came; the link is so old. */
void peer_policy_data(struct peer_policy *policy, uint64_t link_age_us);

/* What an errno of a connect, or of a link that ended before it was good,
 * means: `found` when the device had answered. */
enum peer_failure peer_policy_failure_of(int error, bool found);

#endif
