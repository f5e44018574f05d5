/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * How strongly a device was heard: all readings, counted. Pure.
 */
#ifndef GAITD_STRENGTH_H
#define GAITD_STRENGTH_H

#include <stdbool.h>
#include <stdint.h>

#define STRENGTH_DBM_LEAST (-127) /* weaker, or 0 and more, is no reading */

/* Begins all zero. */
struct strength {
	uint32_t heard[-STRENGTH_DBM_LEAST]; /* how often at -1, -2, ... dBm */
	uint32_t count;
};

void strength_add(struct strength *strength, int32_t dbm);
/* What `per_mille` of the readings were at most; false: there was none. */
bool strength_at(const struct strength *strength, unsigned per_mille, int32_t *dbm);

#endif
