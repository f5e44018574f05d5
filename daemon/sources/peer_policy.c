/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/sources/peer_policy.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#define MS UINT64_C(1000)
#define SECOND UINT64_C(1000000)
#define HOUR (3600 * SECOND)

/* Waits double from `first` to `most`; with `at_once` the first is none. */
static const struct {
	uint64_t first, most;
	bool at_once, counts;
} waits[] = {
	[PEER_ABSENT] = { 200 * MS, 200 * MS, false, false },
	[PEER_LOST] = { 200 * MS, 200 * MS, true, false },
	[PEER_FAULTY] = { SECOND, 60 * SECOND, true, true },
	[PEER_SILENT] = { SECOND, 60 * SECOND, true, true },
	[PEER_BUSY] = { 10 * SECOND, 60 * SECOND, false, true },
	[PEER_ADAPTER] = { 5 * SECOND, 5 * SECOND, false, false },
};

/* After the first time */
static const uint64_t silences[] = { 600 * SECOND, HOUR, 6 * HOUR, 24 * HOUR };

void peer_policy_init(struct peer_policy *policy, uint64_t seed)
{
	memset(policy, 0, sizeof(*policy));
	policy->random = seed;
}

/* splitmix64 */
static uint64_t roll(struct peer_policy *policy)
{
	uint64_t z = policy->random += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static uint64_t a_quarter_off(struct peer_policy *policy, uint64_t wait_us)
{
	return wait_us - wait_us / 4 + roll(policy) % (wait_us / 2 + 1);
}

uint64_t peer_policy_wait_us(struct peer_policy *policy,
                             enum peer_failure failure)
{
	uint64_t wait_us = waits[failure].first;
	unsigned before = waits[failure].counts ? policy->tries++ : 0;

	if (waits[failure].at_once && before-- == 0)
		return 0;
	while (before-- > 0 && wait_us < waits[failure].most)
		wait_us *= 2;
	if (wait_us > waits[failure].most)
		wait_us = waits[failure].most;
	return a_quarter_off(policy, wait_us);
}

bool peer_policy_say(struct peer_policy *policy, enum peer_failure failure,
                     uint64_t now_us)
{
	const size_t count = sizeof(silences) / sizeof(silences[0]);
	unsigned times = policy->said[failure].times;

	if (times > 0 && now_us < policy->said[failure].next_us)
		return false;
	policy->said[failure].next_us =
		now_us + silences[times < count ? times : count - 1];
	if (times < count)
		policy->said[failure].times++;
	return true;
}

void peer_policy_data(struct peer_policy *policy, uint64_t link_age_us)
{
	if (link_age_us >= PEER_POLICY_GOOD_US)
		policy->tries = 0;
	if (link_age_us >= PEER_POLICY_SETTLED_US)
		memset(policy->said, 0, sizeof(policy->said));
}

/* Of a connect and of a link (link.h has the words). The kernel gives up a
 * connect by itself with ECONNREFUSED, after 40 s in which it heard nothing. */
enum peer_failure peer_policy_failure_of(int error, bool found)
{
	switch (error) {
	case EBUSY:
		return PEER_BUSY;
	case EHOSTUNREACH:
	case ENODEV:
	case ENETDOWN:
	case ECONNABORTED:
	case EAFNOSUPPORT:
	case EPROTONOSUPPORT:
		return PEER_ADAPTER;
	case ETIMEDOUT:
	case ECONNREFUSED:
	case EHOSTDOWN:
		return found ? PEER_FAULTY : PEER_ABSENT;
	default:
		return PEER_FAULTY;
	}
}
