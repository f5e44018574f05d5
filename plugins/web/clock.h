/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#ifndef GAITD_WEB_CLOCK_H
#define GAITD_WEB_CLOCK_H

#include <stdint.h>
#include <time.h>

static inline uint64_t clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000u + (uint64_t)now.tv_nsec / 1000000u;
}

#endif
