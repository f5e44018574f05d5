/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Doubts that last: whose steps these are, and at what speed.
 */
#include "daemon/core/state.h"

#include <math.h>

#define OTHER_S 180 /* another runner: rules.md 7 */
#define OTHER_SPREADS 4
#define TYPICAL_SPREAD_PCT 2.5 /* within a run: rules.md 2.2 */
#define DISAGREE_S 30
#define DISAGREE_SHARE 0.15

/* What may not be this runner's steps, or not at this speed, is no baseline:
 * rules.md 7. */
void state_tick_doubts(struct state *s)
{
	struct doubts *d = &s->doubts;
	double speed = state_speed_kmh(s), pod = state_pod_kmh(s);
	double c30 = cadence_mean_30s(&s->cadence, s->now_us);
	double line = runner_line_spm(&s->runner, speed, state_line_incline_pct(s));
	double spread = isnan(s->runner.own_cv_pct) ? TYPICAL_SPREAD_PCT
	                                            : s->runner.own_cv_pct;
	bool another = s->session.gait == DISPLAY_GAIT_RUN &&
	               fabs(c30 - line) > OTHER_SPREADS * spread / 100 * line;
	bool disagree = speed >= SESSION_MOVING_KMH &&
	                fabs(pod - speed) > DISAGREE_SHARE * speed;

	d->another_s = another ? d->another_s + 1 : 0;
	d->disagree_s = disagree ? d->disagree_s + 1 : 0;
	d->another |= d->another_s >= OTHER_S;
	d->disagreed |= d->disagree_s >= DISAGREE_S;
}
