/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "tests/unit/random_rules.h"

#include "tests/unit/suite.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define COUNT(array) ((uint32_t)(sizeof(array) / sizeof((array)[0])))

static const char *const flags[] = {
	"running", "walking",   "novice",      "warm",    "calm",
	"settled", "pain_free", "belt_moving", "balance", "true",
};

static const struct {
	enum metric metric;
	const char *unit;
	double limits[2];
} numbers[] = {
	{ METRIC_speed, "km/h", { 8, 10 } },
	{ METRIC_usual_speed, "km/h", { 8, 10 } },
	{ METRIC_incline, "%", { 0, 3 } },
	{ METRIC_heart_rate, "bpm", { 100, 150 } },
	{ METRIC_run_time, "s", { 5, 60 } },
	{ METRIC_treadmill_gap, "s", { 2, 10 } },
	{ METRIC_pain, "/10", { 0, 4 } },
	{ METRIC_form_quiet, "s", { 10, 60 } },
	{ METRIC_safety_quiet, "s", { 10, 60 } },
	{ METRIC_elapsed, "s", { 10, 100 } },
	{ METRIC_sessions, "", { 2, 8 } },
	{ METRIC_held_time, "s", { 0, 5 } },
	{ METRIC_fired_age, "s", { 5, 30 } },
	{ METRIC_fired_count, "", { 1, 2 } },
};

static const char *const compares[] = { "<", "<=", ">", ">=" };
static const char *const speeds[] = { "speed", "usual_speed", "level_speed" };
static const char *const levels[] = { "safety", "load", "form", "habit",
	                              "praise" };
static const char *const once[] = { "session", "pain_report", "condition" };

static const char *one_of(struct dice *dice, const char *const *words,
                          uint32_t count)
{
	return words[dice_below(dice, count)];
}

/* ---- conditions ---- */

static void write_simple(struct dice *dice, FILE *to)
{
	const char *compare = one_of(dice, compares, COUNT(compares));
	uint32_t i = dice_below(dice, COUNT(numbers));

	switch (dice_below(dice, 6)) {
	case 0:
	case 1:
		fprintf(to, "%s%s", dice_percent(dice, 30) ? "not " : "",
		        one_of(dice, flags, COUNT(flags)));
		break;
	case 2:
	case 3:
		fprintf(to, "%s %s %g %s", metric_table[numbers[i].metric].name,
		        compare, numbers[i].limits[dice_below(dice, 2)],
		        numbers[i].unit);
		break;
	case 4:
		i = dice_below(dice, COUNT(speeds));
		fprintf(to, "%s %s %u %% of %s", speeds[i], compare,
		        90 + dice_below(dice, 21),
		        speeds[(i + 1) % COUNT(speeds)]);
		break;
	default:
		fputs(dice_percent(dice, 50) ? "speed - usual_speed < 1 km/h"
		                             : "7 km/h < speed <= 11 km/h",
		      to);
	}
}

static void write_condition(struct dice *dice, FILE *to, unsigned depth)
{
	uint32_t form = dice_below(dice, depth > 0 ? 10 : 6);

	if (form < 6) {
		write_simple(dice, to);
		return;
	}
	fputs(form == 7 ? "not (" : "(", to);
	write_condition(dice, to, depth - 1);
	fputc(')', to);
	if (form == 7)
		return;
	fputs(form == 6 ? " or (" : " and (", to);
	write_condition(dice, to, depth - 1);
	fputc(')', to);
	if (form == 9)
		fprintf(to, " and %s", one_of(dice, flags, COUNT(flags)));
}

/* ---- keys of a rule ---- */

static void write_also(struct dice *dice, FILE *to)
{
	uint32_t count = 1 + dice_below(dice, 3);

	fputs(", also: [", to);
	for (uint32_t i = 0; i < count; i++) {
		fputs(i ? ", {when: '" : "{when: '", to);
		write_condition(dice, to, 1);
		fprintf(to, "', hold: %u s}", dice_below(dice, 5));
	}
	fputc(']', to);
}

static void write_keyed(struct dice *dice, FILE *to, const char *key,
                        unsigned depth)
{
	fprintf(to, ", %s: '", key);
	write_condition(dice, to, depth);
	fputc('\'', to);
}

static void write_continuous(struct dice *dice, FILE *to)
{
	write_keyed(dice, to, "when", 2);
	if (dice_percent(dice, 40))
		fprintf(to, ", hold: %u s", dice_below(dice, 6));
	if (dice_percent(dice, 25))
		write_also(dice, to);
	if (dice_percent(dice, 20))
		write_keyed(dice, to, "await", 1);
	if (dice_percent(dice, 25)) {
		write_keyed(dice, to, "clear", 1);
		fprintf(to, ", clear_hold: %u s", dice_below(dice, 4));
	}
	if (dice_percent(dice, 15))
		fprintf(to, ", praise: p%u, praise_within: %u s",
		        dice_below(dice, 3), 5 + dice_below(dice, 60));
}

static void write_needs(struct dice *dice, FILE *to)
{
	fprintf(to, ", needs: [%s, %s]",
	        metric_table[numbers[dice_below(dice, COUNT(numbers))].metric]
	                .name,
	        dice_percent(dice, 50) ? "calm" : "level_speed");
}

static void write_limits(struct dice *dice, FILE *to, unsigned at, bool instant)
{
	if (dice_percent(dice, 40))
		fprintf(to, ", repeat: %u s", 5 + dice_below(dice, 40));
	if (dice_percent(dice, 15))
		fprintf(to, ", limit: %u", 1 + dice_below(dice, 3));
	if (dice_percent(dice, 25))
		fprintf(to, ", once: %s", one_of(dice, once, instant ? 2 : 3));
	if (dice_percent(dice, 15))
		fprintf(to, ", gap: %u s", dice_below(dice, 20));
	if (dice_percent(dice, 30))
		write_needs(dice, to);
	if (at > 1 && dice_percent(dice, 15))
		fprintf(to, ", mutes: [r%u]", dice_below(dice, at));
	if (at > 1 && dice_percent(dice, 5))
		fprintf(to, ", bars: [r%u]", dice_below(dice, at));
	if (dice_percent(dice, 3))
		fputs(", enabled: false", to);
}

static void write_rule(struct dice *dice, FILE *to, unsigned at)
{
	bool instant = dice_percent(dice, 8);
	/* praise is no answer to praise */
	uint32_t level = dice_below(dice, COUNT(levels) - 1);

	fprintf(to, "- {id: r%u, level: %s, rank: %u", at, levels[level],
	        dice_below(dice, 10));
	if (instant)
		fprintf(to, ", when: 'pain_reported > %u /10'",
		        dice_below(dice, 4));
	else
		write_continuous(dice, to);
	write_limits(dice, to, at, instant);
	if (level == 0 && dice_percent(dice, 5))
		fputs(", lock: true", to);
	fputs(", say: {headline: H, text: T}}\n", to);
}

/* What others praise by; without a condition of its own one of them has to. */
static void write_praise(struct dice *dice, FILE *to, unsigned at)
{
	fprintf(to, "- {id: p%u, level: praise", at);
	if (dice_percent(dice, 50))
		write_keyed(dice, to, "when", 1);
	fprintf(to,
	        ", say: {headline: H, text: T}}\n"
	        "- {id: h%u, level: load, when: 'running and speed > %u km/h', praise: p%u,"
	        " say: {headline: H, text: T}}\n",
	        at, 7 + 2 * at, at);
}

char *random_rules(struct dice *dice, unsigned count)
{
	char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);

	CU_ASSERT_PTR_NOT_NULL_FATAL(to);
	fputs("rules:\n", to);
	for (unsigned i = 0; i < count; i++)
		write_rule(dice, to, i);
	for (unsigned i = 0; i < 3; i++)
		write_praise(dice, to, i);
	fclose(to);
	return text;
}

/* ---- values ---- */

static double near_limit(struct dice *dice, const double limits[2])
{
	double limit = limits[dice_below(dice, 2)];

	if (dice_percent(dice, 20))
		return limit + (int)dice_below(dice, 21) - 10;
	return limit + ((int)dice_below(dice, 5) - 2) *
	                       (dice_percent(dice, 50) ? 0.5 : 1e-9);
}

double random_rules_value(struct dice *dice, enum metric metric)
{
	if (metric == METRIC_true)
		return 1;
	if (dice_percent(dice, 15) && metric != METRIC_calm)
		return NAN;
	for (size_t i = 0; i < COUNT(numbers); i++)
		if (numbers[i].metric == metric)
			return near_limit(dice, numbers[i].limits);
	if (metric == METRIC_level_speed)
		return 8 + dice_below(dice, 5);
	return metric_table[metric].dimension == DIMENSION_FLAG
	               ? (double)dice_percent(dice, 60)
	               : NAN;
}
