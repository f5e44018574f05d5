/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A summary for programs, gaitctl(1). What was not known has no member.
 */
#include "daemon/sessions/summary_write.h"
#include "daemon/sessions/trend_write.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static void set(json_t *object, const char *key, json_t *value)
{
	json_object_set_new(object, key, value);
}

static void set_whole(json_t *object, const char *key, long long value)
{
	set(object, key, json_integer(value));
}

/* With so many decimals, so that 0.1 is not 0.1000000000000000055 */
static void set_number(json_t *object, const char *key, double value, int decimals)
{
	double scale = pow(10, decimals);

	if (isfinite(value))
		set(object, key, json_real(round(value * scale) / scale));
}

static void set_text(json_t *object, const char *key, const char *text)
{
	struct sheet plain = { .bytes = NULL };

	if (!*text)
		return;
	sheet_plain(&plain, text);
	set(object, key, json_string(plain.bytes ? plain.bytes : ""));
	sheet_free(&plain);
}

static void set_value(json_t *object, const char *key, const struct summary_value *v,
                      int decimals)
{
	json_t *row;

	if (v->seconds == 0)
		return;
	row = json_object();
	set_number(row, "mean", v->mean, decimals + 1);
	set_number(row, "least", v->least, decimals);
	set_number(row, "most", v->most, decimals);
	set_whole(row, "seconds", v->seconds);
	set(object, key, row);
}

/* ---- parts ----------------------------------------------------------------- */

static void set_head(json_t *o, const struct session_log *log)
{
	struct sheet start = { .bytes = NULL };

	set_text(o, "runner", log->runner);
	if (log->has_start) {
		sheet_local(&start, log->start_s, log->offset_s);
		set_text(o, "start", start.bytes ? start.bytes : "");
		sheet_free(&start);
	}
	set_text(o, "treadmill", log->treadmill);
	set_text(o, "footpod", log->footpod);
	set(o, "ended", json_boolean(log->ended));
	set(o, "cut", json_boolean(log->cut));
}

static void set_totals(json_t *o, const struct session_summary *s)
{
	set_whole(o, "moving_s", s->moving_s);
	set_whole(o, "paused_s", s->paused_s);
	set_whole(o, "run_s", s->run_s);
	set_whole(o, "walk_s", s->walk_s);
	if (s->has_distance)
		set_whole(o, "distance_m", s->distance_m);
	if (s->has_climb)
		set_whole(o, "climb_m", s->climb_m);
	if (s->has_energy)
		set_whole(o, "energy_kcal", s->energy_kcal);
	set_number(o, "pace_s_per_km", summary_pace_min(s, false) * 60, 1);
	set_value(o, "speed_kmh", &s->speed_kmh, 2);
	set_value(o, "incline_pct", &s->incline_pct, 1);
	set_value(o, "cadence_spm", &s->cadence_spm, 0);
	set_value(o, "step_m", &s->step_m, 2);
	set_value(o, "heart_rate_bpm", &s->heart_rate_bpm, 0);
}

static void set_band(json_t *o, const struct session_summary *s)
{
	const struct summary_band *band = &s->band;
	json_t *row, *list;

	if (summary_band_s(band) > 0) {
		row = json_object();
		set_whole(row, "low_spm", band->low_spm);
		set_whole(row, "high_spm", band->high_spm);
		set_whole(row, "below_s", band->below_s);
		set_whole(row, "inside_s", band->inside_s);
		set_whole(row, "above_s", band->above_s);
		set_number(row, "inside_pct", summary_inside_pct(band), 1);
		set_number(row, "excess_pct", band->excess_pct, 2);
		set(o, "target", row);
	}
	list = json_array();
	for (size_t i = 0; i < s->bins.count; i++) {
		int32_t from = s->bins.from_spm + (int32_t)i * SUMMARY_BIN_SPM;

		row = json_object();
		set_whole(row, "from_spm", from);
		set_whole(row, "to_spm", from + SUMMARY_BIN_SPM - 1);
		set_whole(row, "seconds", s->bins.seconds[i]);
		json_array_append_new(list, row);
	}
	set(o, "distribution", list);
}

static void set_prompts(json_t *o, const struct session_log *log,
                        const struct session_summary *s)
{
	json_t *prompts = json_object(), *levels = json_object(), *list = json_array();

	for (int i = 0; i < SUMMARY_LEVELS; i++) {
		json_t *row = json_object();

		if (s->prompts[i].given > 0) {
			set_whole(row, "given", s->prompts[i].given);
			set_whole(row, "answered", s->prompts[i].answered);
			set(levels, display_level_name((enum display_level)i), json_incref(row));
		}
		json_decref(row);
	}
	for (size_t i = 0; i < log->event_count; i++) {
		const struct session_event *event = &log->events[i];
		json_t *row;

		if (event->kind != SESSION_EVENT_PROMPT)
			continue;
		row = json_object();
		set_whole(row, "at_s", event->at_s);
		set_text(row, "rule", event->rule);
		set_text(row, "level", display_level_name(event->level));
		set_text(row, "headline", event->headline);
		set_text(row, "text", event->text);
		json_array_append_new(list, row);
	}
	set_whole(prompts, "given", s->prompt_count);
	set(prompts, "levels", levels);
	set(prompts, "list", list);
	set(o, "prompts", prompts);
}

static void set_back(json_t *o, const struct session_summary *s)
{
	json_t *pain = json_object(), *list = json_array();

	for (size_t i = 0; i < s->pain_count; i++) {
		json_t *row = json_object();

		set_whole(row, "at_s", s->pains[i].at_s);
		set_whole(row, "pain", s->pains[i].value);
		json_array_append_new(list, row);
	}
	if (s->worst_pain >= 0) {
		set_whole(pain, "first", s->first_pain);
		set_whole(pain, "last", s->last_pain);
		set_whole(pain, "worst", s->worst_pain);
	}
	if (s->morning_pain >= 0)
		set_whole(pain, "morning", s->morning_pain);
	set(pain, "red_flag", json_boolean(s->red_flag));
	set(pain, "reports", list);
	set(o, "pain", pain);
}

static void set_load(json_t *o, const struct session_summary *s)
{
	static const char *const names[] = {
		[SUMMARY_LOAD_UNKNOWN] = "unknown",     [SUMMARY_LOAD_IN_RANGE] = "in-range",
		[SUMMARY_LOAD_LONGEST] = "longest",     [SUMMARY_LOAD_PAST] = "past",
		[SUMMARY_LOAD_WELL_PAST] = "well-past", [SUMMARY_LOAD_TWICE] = "twice",
	};
	json_t *row = json_object();

	set_text(row, "verdict", names[s->load]);
	set_number(row, "percent", s->load_pct, 1);
	set_number(row, "longest_30d_m", s->longest_m, 0);
	if (s->load != SUMMARY_LOAD_UNKNOWN)
		set(row, "none_in_30d", json_boolean(s->load_of_none));
	set_number(row, "limit_m", s->limit_m, 0);
	if (s->run_days >= 0)
		set_whole(row, "run_days_in_row", s->run_days);
	set(o, "load", row);
}

static void set_advice(json_t *o, const struct summary_story *story)
{
	static const char *const names[SUMMARY_ADVICES] = {
		[SUMMARY_ADVICE_DOCTOR] = "doctor", [SUMMARY_ADVICE_HURT] = "hurt",
		[SUMMARY_ADVICE_WALK] = "walk",     [SUMMARY_ADVICE_LOAD] = "load",
		[SUMMARY_ADVICE_DAYS] = "days",     [SUMMARY_ADVICE_MORNING] = "morning",
		[SUMMARY_ADVICE_CAP] = "cap",       [SUMMARY_ADVICE_CALVES] = "calves",
		[SUMMARY_ADVICE_LIMIT] = "limit",   [SUMMARY_ADVICE_FREE] = "free",
	};
	const struct session_summary *s = story->summary;
	char text[SUMMARY_SENTENCE_MAX], moves[768];
	json_t *list = json_array();

	for (size_t i = 0; i < s->advice_count; i++) {
		json_t *row = json_object();

		set_text(row, "advice", names[s->advice[i]]);
		set_text(row, "text", summary_advice_text(text, s, s->advice[i], &story->how));
		json_array_append_new(list, row);
	}
	set(o, "tomorrow", list);
	summary_moves(story, moves);
	set_text(o, "moves", moves);
	set_text(o, "card", summary_card_text(text, s, &story->how));
}

json_t *summary_write_json(const struct summary_story *story)
{
	json_t *o = json_object();

	if (!o)
		return NULL;
	set_head(o, story->log);
	set_totals(o, story->summary);
	set_band(o, story->summary);
	set_prompts(o, story->log, story->summary);
	set_back(o, story->summary);
	set_load(o, story->summary);
	set_advice(o, story);
	if (story->trend)
		set(o, "trend", trend_write_json(story->trend));
	return o;
}
