/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Doubts that last: whose steps these are, and at what speed.
 */
#include "daemon/core/state.h"

#include <math.h>
#include <string.h>

#define OTHER_S 180 /* another runner: rules.md 7 */
#define OTHER_SPREADS 4
#define LEAST_SPREAD_PCT 2.5 /* within a run: rules.md 2.2 */
#define DISAGREE_S 30
#define DISAGREE_SHARE 0.15

/* What a stranger runs by: nothing known of him, but how the console speaks */
static struct runner stranger_of(const struct runner *runner)
{
	struct runner stranger;

	runner_init(&stranger);
	stranger.miles = runner->miles;
	stranger.prompts = runner->prompts;
	stranger.faded = runner->faded;
	memcpy(stranger.lang, runner->lang, sizeof(stranger.lang));
	return stranger;
}

void state_answer_who(struct state *s, bool same)
{
	s->doubts.another = false;
	s->doubts.same = same;
	if (same)
		return;
	s->doubts.stranger = true;
	s->runner = stranger_of(&s->runner);
	state_name(s, NULL);
	state_begin_learning(s);
	trends_init(&s->trends);
}

bool state_in_doubt(const struct state *s)
{
	return s->doubts.disagreed || s->doubts.another;
}

/* What may not be this runner's steps, or not at this speed, is no baseline:
 * rules.md 7. */
void state_tick_doubts(struct state *s)
{
	struct doubts *d = &s->doubts;
	double speed = state_speed_kmh(s), pod = state_pod_kmh(s);
	double c30 = cadence_mean_30s(&s->cadence, s->now_us);
	double line = runner_line_spm(&s->runner, speed, state_line_incline_pct(s));
	double spread = fmax(s->runner.own_cv_pct, LEAST_SPREAD_PCT);
	bool another = s->session.gait == DISPLAY_GAIT_RUN &&
	               fabs(c30 - line) > OTHER_SPREADS * spread / 100 * line;
	bool disagree = speed >= SESSION_MOVING_KMH &&
	                fabs(pod - speed) > DISAGREE_SHARE * speed;

	d->another_s = another ? d->another_s + 1 : 0;
	d->disagree_s = disagree ? d->disagree_s + 1 : 0;
	d->another |= d->another_s >= OTHER_S && !d->same;
	d->disagreed |= d->disagree_s >= DISAGREE_S;
}
