/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * How long to wait before the next try: any time by chance within a bound that
 * doubles up to a maximum. So consoles that lost their broker at one moment do not
 * come back at one moment; nothing but chance spreads as well (Brooker, "Exponential
 * Backoff And Jitter", AWS 2015: full jitter).
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
	return (uint32_t)(bound * chance / UINT32_MAX);
}

static inline void backoff_reset(struct backoff *backoff)
{
	backoff->tries = 0;
}

#endif
