/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What a session teaches of the runner: for its own minutes, and for the next
 * sessions (rules.md 5.1).
 */
#include "daemon/core/state.h"

#include <math.h>

#define SECOND_US 1000000u
#define LEARN_FROM_S 360
#define LEARN_UNTIL_S (LEARN_FROM_S + LEARNING_S)
#define LEARN_LEAST_S 120
#define LEVEL_PCT 1
#define PAIN_OF_RED_FLAG 10

void state_begin_learning(struct state *s)
{
	s->learning = (struct learning){ .began_us = s->now_us };
}

/* "With a height and no history" */
static void learn_own_line(struct state *s, double kmh, double spm, bool teaches)
{
	struct learning *l = &s->learning;
	uint32_t t = s->session.elapsed_s;

	if (!isnan(s->runner.baseline_spm) || runner_has_history(&s->runner))
		return;
	if (teaches && t <= LEARN_UNTIL_S && l->count < LEARNING_S)
		l->seconds[l->count++] = (struct point){ kmh, spm };
	if (t >= LEARN_UNTIL_S && l->count >= LEARN_LEAST_S &&
	    !isnan(s->runner.height_m))
		runner_fit_seconds(&s->runner, l->seconds, l->count);
}

void state_tick_learning(struct state *s)
{
	double kmh = state_speed_kmh(s);
	double spm = cadence_now(&s->cadence, s->now_us);
	bool runs = s->session.gait == DISPLAY_GAIT_RUN;
	struct run_second second = {
		.kmh = kmh, .spm = spm, .cv_pct = state_cadence_cv_pct(s),
		.teaches = runs && spm > 0 && s->session.elapsed_s > LEARN_FROM_S &&
		           fabs(state_incline_pct(s)) <= LEVEL_PCT,
	};

	if (!runs || state_in_doubt(s))
		return;
	run_tally_second(&s->learning.tally, &second);
	learn_own_line(s, kmh, spm, second.teaches);
}

static void keep_pain(const struct state *s, struct runner_session *out)
{
	const struct pain *pain = &s->pain;

	out->pain = -1;
	if (pain->reported)
		out->pain = pain->last;
	if (pain->red_flag)
		out->pain = PAIN_OF_RED_FLAG;
	out->pain_s = (int64_t)((pain->reported ? pain->at_us : s->now_us) / SECOND_US);
	out->morning_pain = isnan(s->morning_pain) ? -1 : (int32_t)s->morning_pain;
}

static void keep_bins(const struct state *s, struct runner_session *out)
{
	for (size_t i = 0; i < RUNNER_BINS && !state_in_doubt(s); i++)
		out->bins[i] = s->learning.tally.bins[i];
}

static bool keep(const struct state *s, struct runner_session *out)
{
	const struct run_tally *tally = &s->learning.tally;

	*out = (struct runner_session){
		.start_s = (int64_t)(s->learning.began_us / SECOND_US),
		.distance_m = state_distance_m(s), .run_s = s->session.run_s,
		.run_kmh = run_tally_kmh(tally), .cv_pct = run_tally_cv_pct(tally),
		.told_of_shoes = s->learning.told_of_shoes,
	};
	keep_pain(s, out);
	keep_bins(s, out);
	return !s->doubts.stranger;
}

void state_keep(struct state *s)
{
	s->has_kept = keep(s, &s->kept);
}

bool state_kept(const struct state *s, struct runner_session *out)
{
	if (session_under_way(&s->session))
		return keep(s, out);
	*out = s->kept;
	return s->has_kept;
}

/* What was told of pain holds on; at what speed it was felt is not known. */
static void resume_pain(struct state *s, const struct runner_session *kept)
{
	if (kept->pain < 0)
		return;
	pain_report(&s->pain, s->now_us, kept->pain, NAN);
	s->worst_pain = kept->pain;
}

void state_resume(struct state *s, const struct runner_session *kept,
                  const struct display_metrics *shown)
{
	struct session *session = &s->session;

	session_resume(session);
	session->elapsed_s = shown->elapsed_s;
	s->elevation.total = 10LL * shown->elevation_gain_m;
	s->energy.total = shown->energy_kcal;
	session->run_s = kept->run_s;
	if (!isnan(kept->run_kmh))
		session->run_speed_sum = kept->run_s * kept->run_kmh;
	if (kept->distance_m > 0) {
		s->belt_m = kept->distance_m;
		s->distance.total = (int64_t)kept->distance_m;
	}
	state_begin_learning(s);
	run_tally_resume(&s->learning.tally, kept);
	s->learning.told_of_shoes = kept->told_of_shoes;
	if (kept->morning_pain >= 0)
		s->morning_pain = kept->morning_pain;
	resume_pain(s, kept);
}
