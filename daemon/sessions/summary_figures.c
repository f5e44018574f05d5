/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/sessions/summary_figures.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define MILE_KM 1.609344
#define FOOT_M 0.3048

/* ---- values ---------------------------------------------------------------- */

static void comma(char *text, const struct summary_manner *how)
{
	char *point = strchr(text, '.');

	if (point && how->language && how->language->comma)
		*point = ',';
}

static char *print(char out[FIGURE_TEXT_MAX], const struct summary_manner *how,
                   double value, int decimals, const char *unit)
{
	if (!isfinite(value))
		return strcpy(out, "?");
	if (fabs(value) < 0.5 * pow(10, -decimals))
		value = 0; /* no "-0" */
	snprintf(out, FIGURE_TEXT_MAX, "%.*f%s%s", decimals, value, *unit ? " " : "", unit);
	comma(out, how);
	return out;
}

char *figure_time(char out[FIGURE_TEXT_MAX], uint32_t seconds)
{
	if (seconds < 3600)
		snprintf(out, FIGURE_TEXT_MAX, "%u:%02u", seconds / 60, seconds % 60);
	else
		snprintf(out, FIGURE_TEXT_MAX, "%u:%02u:%02u", seconds / 3600,
		         seconds / 60 % 60, seconds % 60);
	return out;
}

char *figure_distance(char out[FIGURE_TEXT_MAX], const struct summary_manner *how,
                      double metres)
{
	double km = metres / 1000;

	return print(out, how, how->miles ? km / MILE_KM : km, 2, how->miles ? "mi" : "km");
}

double figure_shown_speed(const struct summary_manner *how, double kmh)
{
	return how->miles ? kmh / MILE_KM : kmh;
}

const char *figure_speed_unit(const struct summary_manner *how)
{
	return how->miles ? "mph" : "km/h";
}

char *figure_speed(char out[FIGURE_TEXT_MAX], const struct summary_manner *how, double kmh)
{
	return print(out, how, figure_shown_speed(how, kmh), 1, figure_speed_unit(how));
}

char *figure_pace(char out[FIGURE_TEXT_MAX], const struct summary_manner *how,
                  double minutes)
{
	uint32_t seconds;

	if (!isfinite(minutes) || minutes < 0 || minutes > 1000)
		return strcpy(out, "?");
	seconds = (uint32_t)lround(minutes * 60);
	snprintf(out, FIGURE_TEXT_MAX, "%u:%02u /%s", seconds / 60, seconds % 60,
	         how->miles ? "mi" : "km");
	return out;
}

char *figure_percent(char out[FIGURE_TEXT_MAX], const struct summary_manner *how,
                     double percent, int decimals)
{
	return print(out, how, percent, decimals, "%");
}

char *figure_excess(char out[FIGURE_TEXT_MAX], const struct summary_manner *how,
                    double percent)
{
	char bare[FIGURE_TEXT_MAX];

	print(bare, how, percent, 1, "%");
	snprintf(out, FIGURE_TEXT_MAX, "%s%.40s", *bare == '-' || *bare == '?' ? "" : "+",
	         bare);
	return out;
}

char *figure_number(char out[FIGURE_TEXT_MAX], const struct summary_manner *how,
                    double value, int decimals)
{
	return print(out, how, value, decimals, "");
}

static char *length_text(char out[FIGURE_TEXT_MAX], const struct summary_manner *how,
                         double metres, int decimals)
{
	return print(out, how, how->miles ? metres / FOOT_M : metres,
	             how->miles && decimals > 0 ? decimals - 1 : decimals,
	             how->miles ? "ft" : "m");
}

/* ---- figures --------------------------------------------------------------- */

#define DETAIL_MAX sizeof(((struct summary_figure *)0)->detail)

/* One of a figure's details, behind those before it */
static void add_detail(struct summary_figure *f, const char *text)
{
	size_t used = strlen(f->detail);

	snprintf(f->detail + used, DETAIL_MAX - used, "%s%s", used ? ", " : "", text);
}

static void add_said(struct summary_figure *f, const struct summary_manner *how,
                     enum summary_word word, const char *name, const char *value)
{
	struct summary_arg arg = { name, value };
	char text[SUMMARY_SENTENCE_MAX];

	add_detail(f, summary_say(text, sizeof(text), how->language, word, &arg, name != NULL));
}

static void say_time(struct summary_figure *f, const struct session_summary *s,
                     const struct summary_manner *how)
{
	const struct {
		enum summary_word word;
		uint32_t seconds;
	} parts[] = {
		{ WORD_RUNNING, s->run_s },
		{ WORD_WALKING, s->walk_s },
		{ WORD_PAUSED, s->paused_s },
	};
	char time[FIGURE_TEXT_MAX];

	figure_time(f->value, s->moving_s);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (parts[i].seconds > 0)
			add_said(f, how, parts[i].word, "time",
			         figure_time(time, parts[i].seconds));
}

static void say_distance(struct summary_figure *f, const struct session_summary *s,
                         const struct summary_manner *how)
{
	char climb[FIGURE_TEXT_MAX], text[DETAIL_MAX];

	if (!s->has_distance) {
		add_said(f, how, WORD_NO_DISTANCE, NULL, NULL);
		return;
	}
	figure_distance(f->value, how, s->distance_m);
	if (!s->has_climb)
		return;
	snprintf(text, sizeof(text), "%s %s", language_text(how->language,
	                                                    summary_word(WORD_CLIMB)),
	         length_text(climb, how, s->climb_m, 0));
	add_detail(f, text);
}

static void say_pace(struct summary_figure *f, const struct session_summary *s,
                     const struct summary_manner *how)
{
	char text[FIGURE_TEXT_MAX];

	if (s->speed_kmh.seconds == 0) {
		add_said(f, how, WORD_NO_SPEED, NULL, NULL);
		return;
	}
	figure_pace(f->value, how, summary_pace_min(s, how->miles));
	add_said(f, how, WORD_MEAN, "value", figure_speed(text, how, s->speed_kmh.mean));
	add_said(f, how, WORD_HIGHEST, "value", figure_speed(text, how, s->speed_kmh.most));
}

static void say_incline(struct summary_figure *f, const struct session_summary *s,
                        const struct summary_manner *how)
{
	char text[FIGURE_TEXT_MAX];

	if (s->incline_pct.seconds == 0) {
		add_said(f, how, WORD_NO_INCLINE, NULL, NULL);
		return;
	}
	figure_percent(f->value, how, s->incline_pct.mean, 1);
	add_said(f, how, WORD_HIGHEST, "value",
	         figure_percent(text, how, s->incline_pct.most, 1));
}

static void with_unit(char *out, size_t size, const struct summary_manner *how,
                      double value, enum summary_word unit)
{
	char number[FIGURE_TEXT_MAX];

	snprintf(out, size, "%s %s", figure_number(number, how, value, 0),
	         language_text(how->language, summary_word(unit)));
}

static void say_cadence(struct summary_figure *f, const struct session_summary *s,
                        const struct summary_manner *how)
{
	char text[DETAIL_MAX];

	if (s->cadence_spm.seconds == 0) {
		add_said(f, how, WORD_NO_FOOTPOD, NULL, NULL);
		return;
	}
	with_unit(f->value, sizeof(f->value), how, s->cadence_spm.mean, WORD_SPM);
	if (summary_band_s(&s->band) == 0) {
		add_said(f, how, WORD_NO_TARGET, NULL, NULL);
		return;
	}
	snprintf(text, sizeof(text), "%.60s %d\u2013%d",
	         language_text(how->language, summary_word(WORD_BAND)), s->band.low_spm,
	         s->band.high_spm);
	add_detail(f, text);
	add_said(f, how, WORD_EXCESS, "percent", figure_excess(text, how, s->band.excess_pct));
}

static void say_step(struct summary_figure *f, const struct session_summary *s,
                     const struct summary_manner *how)
{
	if (s->step_m.seconds > 0)
		length_text(f->value, how, s->step_m.mean, 2);
	else
		add_said(f, how, WORD_NO_FOOTPOD, NULL, NULL);
}

static void say_heart(struct summary_figure *f, const struct session_summary *s,
                      const struct summary_manner *how)
{
	char text[FIGURE_TEXT_MAX];

	if (s->heart_rate_bpm.seconds == 0) {
		add_said(f, how, WORD_NO_HEART, NULL, NULL);
		return;
	}
	with_unit(f->value, sizeof(f->value), how, s->heart_rate_bpm.mean, WORD_BPM);
	add_said(f, how, WORD_HIGHEST, "value",
	         figure_number(text, how, s->heart_rate_bpm.most, 0));
}

static void say_back(struct summary_figure *f, const struct session_summary *s,
                     const struct summary_manner *how)
{
	size_t used = 0;
	char text[FIGURE_TEXT_MAX];

	if (s->worst_pain >= 0)
		snprintf(f->value, sizeof(f->value), "%d/10", s->worst_pain);
	for (size_t i = 0; i < s->pain_count && used + 16 < sizeof(f->detail); i++)
		used += (size_t)snprintf(f->detail + used, sizeof(f->detail) - used,
		                         "%s%s: %d", used ? ", " : "",
		                         figure_time(text, s->pains[i].at_s),
		                         s->pains[i].value);
	if (s->worst_pain < 0 && !s->red_flag)
		add_said(f, how, WORD_NO_PAIN, NULL, NULL);
	if (s->red_flag)
		add_said(f, how, WORD_RED_FLAG, NULL, NULL);
	if (s->morning_pain >= 0) {
		snprintf(text, sizeof(text), "%d", s->morning_pain);
		add_said(f, how, WORD_MORNING, "pain", text);
	}
}

static void say_load(struct summary_figure *f, const struct session_summary *s,
                     const struct summary_manner *how)
{
	static const enum summary_word words[] = {
		[SUMMARY_LOAD_UNKNOWN] = WORD_LOAD_UNKNOWN,
		[SUMMARY_LOAD_IN_RANGE] = WORD_LOAD_IN_RANGE,
		[SUMMARY_LOAD_LONGEST] = WORD_LOAD_LONGEST,
		[SUMMARY_LOAD_PAST] = WORD_LOAD_PAST,
		[SUMMARY_LOAD_WELL_PAST] = WORD_LOAD_WELL_PAST,
		[SUMMARY_LOAD_TWICE] = WORD_LOAD_TWICE,
	};
	char longest[FIGURE_TEXT_MAX];

	if (s->load != SUMMARY_LOAD_UNKNOWN) {
		figure_percent(f->value, how, s->load_pct, 0);
		add_said(f, how, s->load_of_none ? WORD_LOAD_OF_NONE : WORD_LOAD_OF, "longest",
		         figure_distance(longest, how, s->longest_m));
	}
	add_said(f, how, words[s->load], NULL, NULL);
}

size_t summary_figures(const struct session_summary *s,
                       const struct summary_manner *how,
                       struct summary_figure out[SUMMARY_FIGURES_MAX])
{
	static const struct {
		enum summary_word name;
		void (*say)(struct summary_figure *f, const struct session_summary *s,
		            const struct summary_manner *how);
	} all[] = {
		{ WORD_DISTANCE, say_distance }, { WORD_MOVING, say_time },
		{ WORD_PACE, say_pace },         { WORD_INCLINE, say_incline },
		{ WORD_CADENCE, say_cadence },   { WORD_STEP, say_step },
		{ WORD_HEART, say_heart },       { WORD_BACK, say_back },
		{ WORD_LOAD, say_load },
	};
	const size_t count = sizeof(all) / sizeof(all[0]);

	for (size_t i = 0; i < count; i++) {
		out[i] = (struct summary_figure){ .name = all[i].name };
		all[i].say(&out[i], s, how);
	}
	return count;
}

/* ---- sentences ------------------------------------------------------------- */

bool summary_advice_matters(enum summary_advice advice)
{
	return advice <= SUMMARY_ADVICE_CAP;
}

char *summary_advice_text(char out[SUMMARY_SENTENCE_MAX], const struct session_summary *s,
                          enum summary_advice advice, const struct summary_manner *how)
{
	static const enum summary_word words[SUMMARY_ADVICES] = {
		[SUMMARY_ADVICE_DOCTOR] = WORD_DOCTOR, [SUMMARY_ADVICE_HURT] = WORD_HURT,
		[SUMMARY_ADVICE_WALK] = WORD_WALK,     [SUMMARY_ADVICE_LOAD] = WORD_TOO_FAR,
		[SUMMARY_ADVICE_DAYS] = WORD_DAYS,
		[SUMMARY_ADVICE_MORNING] = WORD_MORNING_CHECK,
		[SUMMARY_ADVICE_CAP] = WORD_CAP,       [SUMMARY_ADVICE_CALVES] = WORD_CALVES,
		[SUMMARY_ADVICE_LIMIT] = WORD_LIMIT,   [SUMMARY_ADVICE_FREE] = WORD_FREE,
	};
	char speed[FIGURE_TEXT_MAX], days[FIGURE_TEXT_MAX], limit[FIGURE_TEXT_MAX];
	const struct summary_arg args[] = {
		{ "speed", figure_speed(speed, how, s->cap_kmh) },
		{ "days", figure_number(days, how, s->run_days, 0) },
		{ "limit", figure_distance(limit, how, s->limit_m) },
	};

	return summary_say(out, SUMMARY_SENTENCE_MAX, how->language, words[advice], args, 3);
}

const char *summary_level_word(enum display_level level, const struct summary_manner *how)
{
	static const enum summary_word words[SUMMARY_LEVELS] = {
		[DISPLAY_LEVEL_SYSTEM] = WORD_SYSTEM, [DISPLAY_LEVEL_PRAISE] = WORD_PRAISE,
		[DISPLAY_LEVEL_HABIT] = WORD_HABIT,   [DISPLAY_LEVEL_FORM] = WORD_FORM,
		[DISPLAY_LEVEL_LOAD] = WORD_LOAD_LEVEL,
		[DISPLAY_LEVEL_SAFETY] = WORD_SAFETY,
	};

	return language_text(how->language, summary_word(words[level]));
}

/* A sentence behind those before it, if it fits whole */
static void add_sentence(char out[SUMMARY_SENTENCE_MAX], const char *text)
{
	size_t used = strlen(out), length = strlen(text);

	if (used + length + 1 < SUMMARY_SENTENCE_MAX)
		snprintf(out + used, SUMMARY_SENTENCE_MAX - used, "%s%s", used ? " " : "",
		         text);
}

char *summary_card_text(char out[SUMMARY_SENTENCE_MAX], const struct session_summary *s,
                        const struct summary_manner *how)
{
	char distance[FIGURE_TEXT_MAX], time[FIGURE_TEXT_MAX], percent[FIGURE_TEXT_MAX];
	const struct summary_arg args[] = {
		{ "distance", figure_distance(distance, how, s->distance_m) },
		{ "time", figure_time(time, s->moving_s) },
		{ "percent", figure_percent(percent, how, summary_inside_pct(&s->band), 0) },
	};
	char text[SUMMARY_SENTENCE_MAX];
	bool matters = s->advice_count > 0 && summary_advice_matters(s->advice[0]);

	summary_say(out, SUMMARY_SENTENCE_MAX, how->language,
	            s->has_distance ? WORD_CARD : WORD_CARD_TIME, args, 3);
	if (!matters && summary_band_s(&s->band) >= 60)
		add_sentence(out, summary_say(text, sizeof(text), how->language,
		                              WORD_CARD_BAND, args, 3));
	if (s->advice_count > 0)
		add_sentence(out, summary_advice_text(text, s, s->advice[0], how));
	return out;
}
