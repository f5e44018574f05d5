/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "tests/unit/made_session.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

void made_session(struct session_log *log, const char *runner, int64_t start_s)
{
	session_log_init(log);
	if (runner)
		snprintf(log->runner, sizeof(log->runner), "%s", runner);
	log->has_start = true;
	log->start_s = MADE_START_S + start_s;
	log->offset_s = 3600;
	snprintf(log->treadmill, sizeof(log->treadmill), "URTM041");
	snprintf(log->footpod, sizeof(log->footpod), "57043");
	snprintf(log->lang, sizeof(log->lang), "de");
	log->who.height_m = 1.75;
	log->has_kept = true;
	log->kept = (struct runner_session){
		.start_s = log->start_s, .run_kmh = 9.9, .cv_pct = NAN, .pain = -1,
		.pain_s = log->start_s, .morning_pain = 2,
	};
}

static struct session_second second_of(uint32_t at_s)
{
	return (struct session_second){
		.at_s = at_s,
		.metrics = {
			.present = DISPLAY_SPEED | DISPLAY_INCLINE | DISPLAY_CADENCE |
			           DISPLAY_TARGET | DISPLAY_STEP | DISPLAY_HEART_RATE |
			           DISPLAY_DISTANCE | DISPLAY_ELAPSED | DISPLAY_GAIT |
			           DISPLAY_DYNAMIC_BIT(DISPLAY_DYNAMIC_STANCE),
			.speed_kmh = (900 + at_s % 100) / 100.0,
			.incline_pct = ((int32_t)(at_s % 30) - 15) / 10.0,
			.cadence_spm = 150 + (int32_t)(at_s % 40),
			.target_spm = 170, .step_m = (80 + at_s % 20) / 100.0,
			.heart_rate_bpm = 120 + (int32_t)(at_s % 50),
			.distance_m = at_s * 5 / 2, .elapsed_s = at_s,
			.gait = DISPLAY_GAIT_RUN,
			.dynamics = { [DISPLAY_DYNAMIC_STANCE] = 33.3 },
		},
		.has_target = at_s % 2 == 0,
		.target = { at_s % 2 == 0 ? 165 : 0, at_s % 2 == 0 ? 178 : 0 },
	};
}

static void add_events(struct session_log *log, uint32_t at_s)
{
	struct session_event event = {
		.at_s = at_s, .kind = SESSION_EVENT_PROMPT, .id = at_s / 60,
		.rule = "cadence-low", .level = DISPLAY_LEVEL_FORM, .headline = "Quicker",
		.text = "Quicker: \"aim for 170\".\n",
	};

	session_log_add_event(log, &event);
	event.kind = SESSION_EVENT_CLEAR;
	event.headline[0] = event.text[0] = '\0';
	event.value = DISPLAY_CLEAR_CONDITION;
	session_log_add_event(log, &event);
}

void made_session_run(struct session_log *log, uint32_t length_s)
{
	for (uint32_t at_s = log->length_s + 1; at_s <= length_s; at_s++) {
		struct session_second second = second_of(at_s);

		session_log_add_second(log, &second);
		if (at_s % 60 == 0)
			add_events(log, at_s);
		runner_bins_add(log->kept.bins, 9 + at_s % 4 / 2.0, 160);
	}
	log->length_s = length_s;
	log->kept.distance_m = length_s * 2.5;
	log->kept.run_s = length_s;
}

static bool same_number(double a, double b)
{
	return !(a < b || a > b);
}

static bool same_second(const struct session_second *a, const struct session_second *b)
{
	const struct display_metrics *m = &a->metrics, *n = &b->metrics;
	bool good = a->at_s == b->at_s && a->has_target == b->has_target &&
	            a->target.low_spm == b->target.low_spm &&
	            a->target.high_spm == b->target.high_spm && m->present == n->present;

	for (size_t i = 0; i < DISPLAY_DYNAMICS; i++)
		good = good && same_number(m->dynamics[i], n->dynamics[i]);
	return good && same_number(m->speed_kmh, n->speed_kmh) &&
	       same_number(m->incline_pct, n->incline_pct) &&
	       same_number(m->step_m, n->step_m) && m->cadence_spm == n->cadence_spm &&
	       m->target_spm == n->target_spm && m->heart_rate_bpm == n->heart_rate_bpm &&
	       m->distance_m == n->distance_m && m->elapsed_s == n->elapsed_s &&
	       m->gait == n->gait && m->elevation_gain_m == n->elevation_gain_m &&
	       m->energy_kcal == n->energy_kcal;
}

static bool same_seconds(const struct session_log *log, const struct session_log *made)
{
	for (size_t i = 0; i < log->second_count; i++) {
		if (!same_second(&log->seconds[i], &made->seconds[i]))
			return false;
	}
	return log->second_count == made->second_count;
}

static bool same_events(const struct session_log *log, const struct session_log *made)
{
	for (size_t i = 0; i < log->event_count; i++) {
		const struct session_event *a = &log->events[i], *b = &made->events[i];

		if (a->at_s != b->at_s || a->kind != b->kind || a->id != b->id ||
		    a->value != b->value || a->level != b->level ||
		    strcmp(a->rule, b->rule) != 0 || strcmp(a->headline, b->headline) != 0 ||
		    strcmp(a->text, b->text) != 0)
			return false;
	}
	return log->event_count == made->event_count;
}

static bool same_bins(const struct runner_bin *a, const struct runner_bin *b)
{
	for (size_t i = 0; i < RUNNER_BINS; i++) {
		if (a[i].seconds != b[i].seconds || fabs(a[i].kmh_sum - b[i].kmh_sum) > 1e-9 ||
		    fabs(a[i].spm_sum - b[i].spm_sum) > 1e-9)
			return false;
	}
	return true;
}

bool made_session_is(const struct session_log *log, uint32_t length_s)
{
	struct session_log made;
	bool good;

	made_session(&made, NULL, 0);
	made_session_run(&made, length_s);
	good = log->length_s == length_s && log->kept.run_s == length_s &&
	       same_seconds(log, &made) && same_events(log, &made) &&
	       same_bins(log->kept.bins, made.kept.bins);
	session_log_free(&made);
	return good;
}
