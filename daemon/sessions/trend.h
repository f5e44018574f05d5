/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A runner's weeks: how far, how often, how the beat came to its target, how the
 * back was. Weeks begin on Monday. Pure.
 */
#ifndef GAITD_TREND_H
#define GAITD_TREND_H

#include "daemon/sessions/summary.h"

#define TREND_WEEKS_MAX 53u
#define TREND_WEEKS 12u /* if nobody asks for more or fewer */

struct trend_week {
	int64_t monday; /* days since 1970-01-01 */
	uint32_t runs, walks;
	uint32_t moving_s;
	double distance_m;
	double longest_m; /* of its runs; 0: none */
	uint32_t band_s, inside_s; /* of running against the band */
	double excess_pct; /* of cadence against the target; NaN: none was */
	int32_t worst_pain; /* -1: none was told */
};

struct trend {
	size_t count; /* the last one is the week of "now" */
	struct trend_week weeks[TREND_WEEKS_MAX];
};

/* `weeks` 1..TREND_WEEKS_MAX */
void trend_begin(struct trend *trend, int64_t now_s, int32_t offset_s, size_t weeks);
/* One without a date, or of another time, is left out. */
void trend_add(struct trend *trend, const struct session_log *log,
               const struct session_summary *s);

#endif
