/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Two coaches that are told the same: the rules of one may sleep (watch.h),
 * those of the other never do. They must come to the same.
 */
#ifndef GAITD_TWINS_H
#define GAITD_TWINS_H

#include "daemon/core/coach.h"

struct twin {
	struct coach coach;
	char text[1u << 16]; /* what it said, a line each */
	size_t used;
};

struct twins {
	struct twin sleeper, waker;
};

void twins_init(struct twins *twins, const struct ruleset *rules);
void twins_free(struct twins *twins);
/* A second with these values; what is reported just now comes behind it. */
void twins_second(struct twins *twins, const struct coach_input *now,
                  const double *value);
/* Something else that a coach may be told */
void twins_tell(struct twins *twins,
                void (*tell)(struct coach *coach, const struct coach_sink *sink,
                             void *user),
                void *user);
/* True if nothing differs; prints what does. */
bool twins_agree(struct twins *twins);

#endif
