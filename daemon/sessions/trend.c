/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/sessions/trend.h"
#include "daemon/sessions/civil.h"

#include <math.h>
#include <string.h>

#define RUN_LEAST_S 60 /* less running is a walk: rules.md 5.5.11 */

void trend_begin(struct trend *trend, int64_t now_s, int32_t offset_s, size_t weeks)
{
	int64_t last = civil_monday(civil_day(now_s, offset_s));

	memset(trend, 0, sizeof(*trend));
	trend->count = weeks < TREND_WEEKS_MAX ? weeks : TREND_WEEKS_MAX;
	for (size_t i = 0; i < trend->count; i++)
		trend->weeks[i] = (struct trend_week){
			.monday = last - 7 * (int64_t)(trend->count - 1 - i),
			.excess_pct = NAN,
			.worst_pain = -1,
		};
}

static struct trend_week *week_of(struct trend *trend, const struct session_log *log)
{
	int64_t day = civil_day(log->start_s, log->offset_s);

	for (size_t i = 0; log->has_start && i < trend->count; i++)
		if (day >= trend->weeks[i].monday && day < trend->weeks[i].monday + 7)
			return &trend->weeks[i];
	return NULL;
}

/* Each session counts as long as it had a band. */
static void add_beat(struct trend_week *week, const struct summary_band *band)
{
	uint32_t seconds = summary_band_s(band);
	double before = isfinite(week->excess_pct) ? week->excess_pct : 0;

	if (seconds == 0 || !isfinite(band->excess_pct))
		return;
	week->excess_pct = (before * week->band_s + band->excess_pct * seconds) /
	                   (week->band_s + seconds);
	week->band_s += seconds;
	week->inside_s += band->inside_s;
}

void trend_add(struct trend *trend, const struct session_log *log,
               const struct session_summary *s)
{
	struct trend_week *week = week_of(trend, log);
	int32_t pain = s->red_flag ? DISPLAY_PAIN_MAX : s->worst_pain;

	if (!week)
		return;
	if (s->run_s > RUN_LEAST_S)
		week->runs++;
	else
		week->walks++;
	week->moving_s += s->moving_s;
	week->distance_m += s->distance_m;
	if (s->run_s > RUN_LEAST_S)
		week->longest_m = fmax(week->longest_m, s->distance_m);
	add_beat(week, &s->band);
	if (pain > week->worst_pain)
		week->worst_pain = pain;
}
