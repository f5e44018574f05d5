/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/core/shown.h"

#include <stdio.h>
#include <string.h>

#define SESSION_REFRESH_S 10

static bool is_link(struct shown *shown, const struct state *s, struct display_message *out)
{
	if (s->link.treadmill == shown->link.treadmill && s->link.footpod == shown->link.footpod)
		return false;
	out->link = shown->link = s->link;
	return true;
}

/* Seconds and metres alone are no news: metrics bring them. */
static bool session_is_shown(const struct display_session *was, const struct state *s)
{
	return s->session.state == was->state && s->runner.miles == was->miles &&
	       s->session.elapsed_s / SESSION_REFRESH_S ==
	           was->elapsed_s / SESSION_REFRESH_S &&
	       s->intervals == was->intervals &&
	       state_feedback_on(s) == was->feedback &&
	       strcmp(s->runner_name, was->runner) == 0 &&
	       strcmp(s->runner.lang, was->lang) == 0;
}

static bool is_session(struct shown *shown, const struct state *s, struct display_message *out)
{
	struct display_session *now = &shown->session;

	if (session_is_shown(now, s))
		return false;
	*now = (struct display_session){
		.state = s->session.state, .elapsed_s = s->session.elapsed_s,
		.distance_m = state_distance_m(s), .miles = s->runner.miles,
		.feedback = state_feedback_on(s), .intervals = s->intervals,
	};
	snprintf(now->runner, sizeof(now->runner), "%s", s->runner_name);
	snprintf(now->lang, sizeof(now->lang), "%s", s->runner.lang);
	out->session = *now;
	return true;
}

static bool same_dynamics(const struct display_metrics *a,
                          const struct display_metrics *b)
{
	for (size_t i = 0; i < DISPLAY_DYNAMICS; i++) {
		if (a->dynamics[i] < b->dynamics[i] || a->dynamics[i] > b->dynamics[i])
			return false;
	}
	return true;
}

static bool same_metrics(const struct display_metrics *a,
                         const struct display_metrics *b)
{
	return a->present == b->present &&
	       !(a->speed_kmh < b->speed_kmh || a->speed_kmh > b->speed_kmh) &&
	       !(a->incline_pct < b->incline_pct || a->incline_pct > b->incline_pct) &&
	       !(a->step_m < b->step_m || a->step_m > b->step_m) &&
	       a->cadence_spm == b->cadence_spm && a->target_spm == b->target_spm &&
	       a->heart_rate_bpm == b->heart_rate_bpm &&
	       a->distance_m == b->distance_m && a->elapsed_s == b->elapsed_s &&
	       a->gait == b->gait && a->elevation_gain_m == b->elevation_gain_m &&
	       a->energy_kcal == b->energy_kcal && same_dynamics(a, b);
}

static bool is_metrics(struct shown *shown, const struct state *s, struct display_message *out)
{
	struct display_metrics now;

	state_display(s, &now);
	if (same_metrics(&now, &shown->metrics))
		return false;
	out->metrics = shown->metrics = now;
	return true;
}

static bool is_target(struct shown *shown, const struct state *s, struct display_message *out)
{
	struct display_target now;

	if (!state_target(s, &now) || (now.low_spm == shown->target.low_spm &&
	                               now.high_spm == shown->target.high_spm))
		return false;
	out->target = shown->target = now;
	return true;
}

/* Each: whether it is news; then `out` and what was told last have it. */
static const struct {
	bool (*is_news)(struct shown *shown, const struct state *s, struct display_message *out);
	enum display_message_type type;
	bool spared;
} parts[] = {
	{ is_link, DISPLAY_MESSAGE_LINK, false },
	{ is_session, DISPLAY_MESSAGE_SESSION, false },
	{ is_metrics, DISPLAY_MESSAGE_METRICS, true },
	{ is_target, DISPLAY_MESSAGE_TARGET, true },
};

void shown_update(struct shown *shown, const struct state *s, outcome_fn emit, void *user)
{
	struct outcome outcome;

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if ((parts[i].spared && shown->spares_metrics) ||
		    !parts[i].is_news(shown, s, &outcome.message))
			continue;
		outcome.t_us = s->now_us;
		outcome.message.type = parts[i].type;
		emit(&outcome, user);
	}
}
