/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A run through the whole core in a test: a treadmill that sends at .1 of each
 * second, a foot pod at .35, and what comes out.
 */
#ifndef GAITD_TRACK_H
#define GAITD_TRACK_H

#include "daemon/core/pipeline.h"
#include "tests/unit/spoken.h"

struct track {
	struct ruleset rules;
	struct pipeline *pipeline;
	uint64_t now_us;
	struct spoken spoken;
	uint64_t out_us; /* of the last outcome */
	/* what displays were told last */
	struct display_link link;
	struct display_session session;
	struct display_metrics metrics;
	struct display_target target;
};

/* design.md 5's header example: 162 steps a minute at 10 km/h, told 170 */
struct runner track_runner(void);
struct runner track_nobody(void);

void track_open(struct track *t, struct ruleset rules,
                const struct runner *runner);
/* Takes what comes out; `user` is the track. */
void track_take(const struct outcome *outcome, void *user);
void track_close(struct track *t);
/* Whole seconds; what is NaN is not sent. */
void track_go(struct track *t, double kmh, double incline, double spm,
              unsigned seconds);
/* Now, on the whole second, behind what was due in it */
void track_tell(struct track *t, enum sample_kind kind, int32_t value);
/* Checks what a rule (NULL: any) said, and closes. */
void track_said(struct track *t, const char *rule, const char *expected);

#endif
