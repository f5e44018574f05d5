/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * gaitctl health: what the daemon's status amounts to for who has to decide
 * whether an image is good, or whether now is a time to restart. It reads the
 * words that displays are told, which a gaitd of another version has, too: an
 * upgrade asks the old daemon with the new gaitctl.
 */
#ifndef GAITD_HEALTH_H
#define GAITD_HEALTH_H

#include <jansson.h>
#include <stdbool.h>

#define HEALTH_WHY_SIZE 320

struct health {
	int status; /* to exit with: 0, 1 or 75 */
	char why[HEALTH_WHY_SIZE];
};

/* Whether it works: its radios do, or are starting, or do not. A treadmill that
 * is off is no fault of ours. */
void health_judge(const json_t *status, struct health *health);
/* Whether a restart disturbs nobody: no belt moves, no session is under way. */
void health_judge_idle(const json_t *status, struct health *health);

#endif
