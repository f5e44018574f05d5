/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What the members of a leaf may be. The limits are wide: they are no judge of a
 * treadmill that counts oddly, but of what no gaitd writes, and of what sums, times and
 * tables further on could not take.
 */
#include "daemon/history/leaf_private.h"

#include "protocol/utf8.h"

#include <math.h>
#include <string.h>

#define YEAR_S (366 * 86400.0)    /* the longest session, with its pauses */
#define TIME_MOST_S 253402300799.0 /* the last second of the year 9999 */
#define OFFSET_MOST_S 86400
#define WAY_MOST_M 4e9 /* a uint32_t, and room to go on */
#define KMH_MOST 1000  /* and other speeds of what turns: beats, points */
#define ANY 1e6
#define COUNT_ANY 1e9
#define TOLD_MOST 1e9
#define SUM_MOST (KMH_MOST * YEAR_S)

enum type {
	FLAG,
	CHOICE, /* an enum, from 0 on */
	COUNT,  /* uint32_t */
	WHOLE,  /* int32_t */
	TIME,   /* int64_t */
	NUMBER, /* double, finite */
	MAYBE,  /* likewise, or NaN: not known */
	TEXT,
};
_Static_assert(sizeof(bool) == 1 && sizeof(enum display_gait) == sizeof(uint32_t),
               "flags and choices are read as octets and words");

struct member {
	size_t offset, size;
	enum type type;
	double low, high;
};

/* ---- a value ------------------------------------------------------------------ */

/* Printable, but for ends of lines and tabulators, and ended within its room */
static bool is_text(const char *text, size_t size)
{
	size_t length = strnlen(text, size), octets;

	for (size_t i = 0; i < length; i += octets) {
		octets = text[i] == '\n' || text[i] == '\t' ?
		                 1 : utf8_printable(text + i, length - i);
		if (octets == 0)
			return false;
	}
	return length < size;
}

/* NaN is nowhere between. */
static bool is_between(double value, const struct member *m)
{
	return value >= m->low && value <= m->high;
}

static bool is_number(const char *at, const struct member *m)
{
	double value;

	memcpy(&value, at, sizeof(value));
	return is_between(value, m) || (m->type == MAYBE && isnan(value));
}

static bool is_time(const char *at, const struct member *m)
{
	int64_t value;

	memcpy(&value, at, sizeof(value));
	return is_between((double)value, m);
}

static bool is_word(const char *at, const struct member *m)
{
	uint32_t value;
	int32_t whole;

	memcpy(&value, at, sizeof(value));
	memcpy(&whole, at, sizeof(whole));
	return is_between(m->type == WHOLE ? (double)whole : (double)value, m);
}

static bool holds(const void *of, const struct member *m)
{
	const char *at = (const char *)of + m->offset;

	switch (m->type) {
	case FLAG:
		return *(const unsigned char *)at <= 1;
	case CHOICE:
	case COUNT:
	case WHOLE:
		return is_word(at, m);
	case TIME:
		return is_time(at, m);
	case NUMBER:
	case MAYBE:
		return is_number(at, m);
	case TEXT:
		break;
	}
	return is_text(at, m->size);
}

static bool all_hold(const void *of, const struct member *members, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!holds(of, &members[i]))
			return false;
	return true;
}

#define ALL_HOLD(of, members) all_hold(of, members, sizeof(members) / sizeof((members)[0]))

/* ---- a second ------------------------------------------------------------------- */

#define AT(of, name) .offset = offsetof(struct of, name), .size = sizeof(((struct of *)0)->name)
#define PRESENT_MOST (2 * DISPLAY_DYNAMIC_BIT(DISPLAY_DYNAMICS - 1) - 1)

static const struct member of_second[] = {
#define SECOND(name) AT(session_second, name)
#define METRIC(name) AT(session_second, metrics.name)
	{ SECOND(at_s), COUNT, 0, YEAR_S },
	{ SECOND(has_target), FLAG },
	{ SECOND(target.low_spm), WHOLE, -ANY, ANY },
	{ SECOND(target.high_spm), WHOLE, -ANY, ANY },
	{ METRIC(present), COUNT, 0, PRESENT_MOST },
	{ METRIC(speed_kmh), NUMBER, 0, KMH_MOST },
	{ METRIC(incline_pct), NUMBER, -ANY, ANY },
	{ METRIC(cadence_spm), WHOLE, 0, ANY },
	{ METRIC(target_spm), WHOLE, -ANY, ANY },
	{ METRIC(step_m), NUMBER, 0, ANY },
	{ METRIC(heart_rate_bpm), WHOLE, 0, ANY },
	{ METRIC(distance_m), COUNT, 0, WAY_MOST_M },
	{ METRIC(elapsed_s), COUNT, 0, YEAR_S },
	{ METRIC(gait), CHOICE, 0, DISPLAY_GAIT_RUN },
	{ METRIC(elevation_gain_m), WHOLE, -COUNT_ANY, COUNT_ANY },
	{ METRIC(energy_kcal), WHOLE, -COUNT_ANY, COUNT_ANY },
	{ METRIC(dynamics[0]), NUMBER, -ANY, ANY },
	{ METRIC(dynamics[1]), NUMBER, -ANY, ANY },
	{ METRIC(dynamics[2]), NUMBER, -ANY, ANY },
	{ METRIC(dynamics[3]), NUMBER, -ANY, ANY },
	{ METRIC(dynamics[4]), NUMBER, -ANY, ANY },
#undef METRIC
#undef SECOND
};
_Static_assert(DISPLAY_DYNAMICS == 5, "each of the dynamics is looked at");

bool leaf_second_holds(const struct session_second *second)
{
	return ALL_HOLD(second, of_second);
}

/* ---- an event ------------------------------------------------------------------- */

static const struct member of_event[] = {
#define EVENT(name) AT(session_event, name)
	{ EVENT(at_s), COUNT, 0, YEAR_S },
	{ EVENT(kind), CHOICE, 0, SESSION_EVENT_KINDS - 1 },
	{ EVENT(level), CHOICE, 0, DISPLAY_LEVEL_SAFETY },
	{ EVENT(rule), TEXT },
	{ EVENT(headline), TEXT },
	{ EVENT(text), TEXT },
#undef EVENT
};

/* Of the kinds with a value it is this at most, and 0 at least; of an answer it is what
 * the rule asks for. */
static const int32_t values[SESSION_EVENT_KINDS] = {
	[SESSION_EVENT_CLEAR] = DISPLAY_CLEAR_CONDITION,
	[SESSION_EVENT_PAIN] = DISPLAY_PAIN_MAX,
	[SESSION_EVENT_RED_FLAG] = DISPLAY_RED_FLAG_FALL,
	[SESSION_EVENT_MUTE] = DISPLAY_MUTE_MAX,
	[SESSION_EVENT_INTERVALS] = 1,
	[SESSION_EVENT_TREADMILL] = DISPLAY_LINK_LOST,
	[SESSION_EVENT_FOOTPOD] = DISPLAY_LINK_LOST,
};

bool leaf_event_holds(const struct session_event *event)
{
	return ALL_HOLD(event, of_event) &&
	       (event->kind == SESSION_EVENT_ANSWER ||
	        (event->value >= 0 && event->value <= values[event->kind]));
}

/* ---- the rest --------------------------------------------------------------------- */

static const struct member of_runner[] = {
#define RUNNER(name) AT(runner, name)
	{ RUNNER(height_m), MAYBE, 0, TOLD_MOST },
	{ RUNNER(weight_kg), MAYBE, 0, TOLD_MOST },
	{ RUNNER(age), MAYBE, 0, TOLD_MOST },
	{ RUNNER(max_hr_bpm), MAYBE, 0, TOLD_MOST },
	{ RUNNER(back_pain), FLAG },
	{ RUNNER(novice), FLAG },
	{ RUNNER(experienced), FLAG },
	{ RUNNER(balance), FLAG },
	{ RUNNER(baseline_spm), MAYBE, -TOLD_MOST, TOLD_MOST },
	{ RUNNER(baseline_kmh), MAYBE, -TOLD_MOST, TOLD_MOST },
	{ RUNNER(baseline_slope), MAYBE, -TOLD_MOST, TOLD_MOST },
	{ RUNNER(dose_pct), MAYBE, -TOLD_MOST, TOLD_MOST },
	{ RUNNER(own_cv_pct), MAYBE, 0, TOLD_MOST },
	{ RUNNER(usual_kmh), MAYBE, 0, TOLD_MOST },
	{ RUNNER(longest_30d_m), MAYBE, 0, TOLD_MOST },
	{ RUNNER(longest_walk_30d_m), MAYBE, 0, TOLD_MOST },
	{ RUNNER(last_pain), MAYBE, 0, TOLD_MOST },
	{ RUNNER(last_pain_age_h), MAYBE, -TOLD_MOST, TOLD_MOST },
	{ RUNNER(last_morning_pain), MAYBE, 0, TOLD_MOST },
	{ RUNNER(shoe_km), MAYBE, 0, TOLD_MOST },
	{ RUNNER(shoe_told_km), MAYBE, 0, TOLD_MOST },
	{ RUNNER(lang), TEXT },
	{ RUNNER(miles), FLAG },
	{ RUNNER(prompts), CHOICE, 0, RUNNER_PROMPTS_OFF },
	{ RUNNER(faded), FLAG },
#undef RUNNER
};

static const struct member of_kept[] = {
#define KEPT(name) AT(runner_session, name)
	{ KEPT(start_s), TIME, -TIME_MOST_S, TIME_MOST_S },
	{ KEPT(distance_m), MAYBE, 0, WAY_MOST_M },
	{ KEPT(run_s), COUNT, 0, YEAR_S },
	{ KEPT(run_kmh), MAYBE, 0, KMH_MOST },
	{ KEPT(cv_pct), MAYBE, 0, ANY },
	{ KEPT(pain), WHOLE, -1, DISPLAY_PAIN_MAX },
	{ KEPT(pain_s), TIME, -TIME_MOST_S, TIME_MOST_S },
	{ KEPT(morning_pain), WHOLE, -1, DISPLAY_PAIN_MAX },
	{ KEPT(told_of_shoes), FLAG },
#undef KEPT
};

static const struct member of_bin[] = {
	{ AT(runner_bin, kmh_sum), NUMBER, 0, SUM_MOST },
	{ AT(runner_bin, spm_sum), NUMBER, 0, SUM_MOST },
	{ AT(runner_bin, seconds), COUNT, 0, YEAR_S },
};

static const struct member of_head[] = {
#define HEAD(name) AT(leaf_head, name)
	{ HEAD(touch.boot), TEXT },
	{ HEAD(touch.boot_ms), TIME, 0, TIME_MOST_S * 1000 },
	{ HEAD(log.runner), TEXT },
	{ HEAD(log.has_start), FLAG },
	{ HEAD(log.start_s), TIME, 0, TIME_MOST_S },
	{ HEAD(log.offset_s), WHOLE, -OFFSET_MOST_S, OFFSET_MOST_S },
	{ HEAD(log.treadmill), TEXT },
	{ HEAD(log.footpod), TEXT },
	{ HEAD(log.miles), FLAG },
	{ HEAD(log.lang), TEXT },
	{ HEAD(log.ended), FLAG },
	{ HEAD(log.length_s), COUNT, 0, YEAR_S },
	{ HEAD(log.has_kept), FLAG },
	{ HEAD(log.cut), FLAG },
#undef HEAD
};

static bool kept_holds(const struct runner_session *kept)
{
	for (size_t i = 0; i < RUNNER_BINS; i++)
		if (!ALL_HOLD(&kept->bins[i], of_bin))
			return false;
	return ALL_HOLD(kept, of_kept);
}

/* It is of nobody's session, which is under way: that of a runner, whoever he is said to
 * be, is in his history. */
bool leaf_head_holds(const struct leaf_head *head)
{
	const struct session_log *log = &head->log;

	return ALL_HOLD(head, of_head) && ALL_HOLD(&log->who, of_runner) &&
	       kept_holds(&log->kept) && !log->ended && strcmp(log->runner, "anonymous") == 0 &&
	       head->first_second <= SESSION_LOG_SECONDS_MAX &&
	       head->first_event <= SESSION_LOG_EVENTS_MAX;
}
