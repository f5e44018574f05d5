/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * How long to wait before the next try: within bounds that double up to a
 * maximum, anywhere in the upper three quarters of them by chance. So consoles
 * that lost their broker at one moment do not come back at one moment.
 */
#ifndef GAITD_MQTT_BACKOFF_H
#define GAITD_MQTT_BACKOFF_H

#include <stdint.h>

struct backoff {
	uint32_t base_ms, max_ms;
	unsigned tries;
};

static inline uint32_t backoff_next(struct backoff *backoff, uint32_t chance)
{
	uint64_t bound = (uint64_t)backoff->base_ms << (backoff->tries < 16 ? backoff->tries : 16);

	if (bound > backoff->max_ms)
		bound = backoff->max_ms;
	else
		backoff->tries++;
	return (uint32_t)(bound / 4 + (bound - bound / 4) * chance / UINT32_MAX);
}

static inline void backoff_reset(struct backoff *backoff)
{
	backoff->tries = 0;
}

#endif
