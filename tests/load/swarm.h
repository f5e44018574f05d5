/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Up to 64 displays in one process, of which some never read, read a byte a
 * second, flood, lie in the handshake or die. Speaks to a hub as any display
 * does: over its socket.
 */
#ifndef GAITD_TEST_SWARM_H
#define GAITD_TEST_SWARM_H

#include <stddef.h>
#include <stdint.h>

enum swarm_role { SWARM_GOOD, SWARM_NEVER, SWARM_DRIP, SWARM_FLOOD, SWARM_LIAR, SWARM_DIER, SWARM_ROLES };
extern const char *const swarm_names[SWARM_ROLES]; /* "good-0" is called so */

#define SWARM_DELAYS_MAX 20000

struct swarm_report {
	uint32_t prompts; /* that good ones read */
	uint32_t missed;  /* ids that they did not see */
	uint32_t delay_count;
	uint32_t delays_us[SWARM_DELAYS_MAX]; /* from the clock in `why` to reading it */
};

/* Plays until a good display is told bye. */
void swarm_run(const char *path, const unsigned counts[SWARM_ROLES],
               struct swarm_report *report);
uint64_t swarm_clock_us(void);

#endif
