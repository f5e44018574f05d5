/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/sessions/summary.h"

#include <math.h>
#include <string.h>

#define MILE_KM 1.609344
#define RUN_LEAST_S 60 /* less running is a walk: rules.md 5.5.11 */

/* ---- second by second ------------------------------------------------------ */

/* A log that was read may lie: what is beyond it is not known. */
#define VALUE_MAX 10000

static struct summary_value no_value(void)
{
	return (struct summary_value){ 0, NAN, NAN, NAN };
}

/* `mean` is the sum until value_end() */
static void value_add(struct summary_value *v, double value)
{
	if (!(fabs(value) <= VALUE_MAX))
		return;
	v->mean = v->seconds ? v->mean + value : value;
	v->least = v->seconds ? fmin(v->least, value) : value;
	v->most = v->seconds ? fmax(v->most, value) : value;
	v->seconds++;
}

static void value_end(struct summary_value *v)
{
	if (v->seconds)
		v->mean /= v->seconds;
}

static void add_values(struct session_summary *s, const struct display_metrics *m)
{
	const struct {
		struct summary_value *value;
		uint32_t bit;
		double now;
	} all[] = {
		{ &s->speed_kmh, DISPLAY_SPEED, m->speed_kmh },
		{ &s->incline_pct, DISPLAY_INCLINE, m->incline_pct },
		{ &s->cadence_spm, DISPLAY_CADENCE, m->cadence_spm },
		{ &s->step_m, DISPLAY_STEP, m->step_m },
		{ &s->heart_rate_bpm, DISPLAY_HEART_RATE, m->heart_rate_bpm },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (m->present & all[i].bit)
			value_add(all[i].value, all[i].now);
}

/* What only grows: the last that was known */
static void add_totals(struct session_summary *s, const struct display_metrics *m)
{
	if (m->present & DISPLAY_DISTANCE) {
		s->has_distance = true;
		s->distance_m = m->distance_m;
	}
	if (m->present & DISPLAY_ELEVATION_GAIN) {
		s->has_climb = true;
		s->climb_m = m->elevation_gain_m;
	}
	if (m->present & DISPLAY_ENERGY) {
		s->has_energy = true;
		s->energy_kcal = m->energy_kcal;
	}
	s->moving_s = m->present & DISPLAY_ELAPSED ? m->elapsed_s : s->moving_s + 1;
}

/* Of running with a beat alone */
struct of_running {
	struct summary_value kmh, spm, step_m, low_spm, high_spm, excess_pct;
};

static void add_band(struct summary_band *band, struct of_running *of,
                     const struct session_second *second)
{
	int32_t spm = second->metrics.cadence_spm;

	if (!second->has_target)
		return;
	value_add(&of->low_spm, second->target.low_spm);
	value_add(&of->high_spm, second->target.high_spm);
	if (spm < second->target.low_spm)
		band->below_s++;
	else if (spm > second->target.high_spm)
		band->above_s++;
	else
		band->inside_s++;
}

#define BEAT_MAX_SPM 500 /* far beyond what legs can */

static bool runs_with_beat(const struct display_metrics *m)
{
	return (m->present & DISPLAY_GAIT) && m->gait == DISPLAY_GAIT_RUN &&
	       (m->present & DISPLAY_CADENCE) && m->cadence_spm > 0 &&
	       m->cadence_spm <= BEAT_MAX_SPM;
}

static void add_second(struct session_summary *s, const struct session_second *second,
                       struct of_running *of)
{
	const struct display_metrics *m = &second->metrics;

	add_values(s, m);
	add_totals(s, m);
	s->run_s += (m->present & DISPLAY_GAIT) && m->gait == DISPLAY_GAIT_RUN;
	s->walk_s += (m->present & DISPLAY_GAIT) && m->gait == DISPLAY_GAIT_WALK;
	if (!runs_with_beat(m))
		return;
	add_band(&s->band, of, second);
	value_add(&of->spm, m->cadence_spm);
	if (m->present & DISPLAY_SPEED)
		value_add(&of->kmh, m->speed_kmh);
	if (m->present & DISPLAY_STEP)
		value_add(&of->step_m, m->step_m);
	if ((m->present & DISPLAY_TARGET) && m->target_spm > 0)
		value_add(&of->excess_pct,
		          100.0 * (m->cadence_spm - m->target_spm) / m->target_spm);
}

/* The beat and the steps of whoever ran are those of his running. */
static void end_values(struct session_summary *s, struct of_running *of)
{
	if (of->spm.seconds > RUN_LEAST_S) {
		s->cadence_spm = of->spm;
		s->step_m = of->step_m;
	}
	value_end(&s->speed_kmh);
	value_end(&s->incline_pct);
	value_end(&s->cadence_spm);
	value_end(&s->step_m);
	value_end(&s->heart_rate_bpm);
	value_end(&of->kmh);
	value_end(&of->spm);
	value_end(&of->low_spm);
	value_end(&of->high_spm);
	value_end(&of->excess_pct);
	s->band.excess_pct = of->excess_pct.mean;
	if (of->low_spm.seconds > 0) {
		s->band.low_spm = (int32_t)lround(of->low_spm.mean);
		s->band.high_spm = (int32_t)lround(of->high_spm.mean);
	}
}

/* ---- how cadence is spread ------------------------------------------------- */

static int32_t bin_floor(int32_t spm)
{
	return spm - spm % SUMMARY_BIN_SPM;
}

/* The bin of what most was run at; the others lie about it. */
static void fill_bins(const struct session_log *log, struct summary_bins *bins)
{
	double sum = 0;
	uint32_t count = 0;
	int32_t least = INT32_MAX, most = 0;

	for (size_t i = 0; i < log->second_count; i++) {
		const struct display_metrics *m = &log->seconds[i].metrics;

		if (!runs_with_beat(m))
			continue;
		sum += m->cadence_spm;
		count++;
		least = m->cadence_spm < least ? m->cadence_spm : least;
		most = m->cadence_spm > most ? m->cadence_spm : most;
	}
	if (count == 0)
		return;
	bins->from_spm = bin_floor((int32_t)(sum / count) -
	                           SUMMARY_BINS / 2 * SUMMARY_BIN_SPM);
	if (bin_floor(least) > bins->from_spm)
		bins->from_spm = bin_floor(least);
	if (bins->from_spm < 0)
		bins->from_spm = 0;
	bins->count = (size_t)((most - bins->from_spm) / SUMMARY_BIN_SPM) + 1;
	if (bins->count > SUMMARY_BINS)
		bins->count = SUMMARY_BINS;
}

static void count_bins(const struct session_log *log, struct summary_bins *bins)
{
	for (size_t i = 0; i < log->second_count && bins->count > 0; i++) {
		const struct display_metrics *m = &log->seconds[i].metrics;
		int32_t place;

		if (!runs_with_beat(m))
			continue;
		place = (m->cadence_spm - bins->from_spm) / SUMMARY_BIN_SPM;
		if (m->cadence_spm < bins->from_spm)
			place = 0;
		if (place >= (int32_t)bins->count)
			place = (int32_t)bins->count - 1;
		bins->seconds[place]++;
	}
}

/* ---- what was said and told ------------------------------------------------ */

static void report_pain(struct session_summary *s, const struct session_event *event)
{
	int32_t before = s->last_pain, value = event->value;

	if (value < 0 || value > DISPLAY_PAIN_MAX)
		return;
	if (s->pain_count < SUMMARY_PAINS_MAX)
		s->pains[s->pain_count++] = (struct summary_pain){ event->at_s, value };
	if (s->first_pain < 0)
		s->first_pain = value;
	s->last_pain = value;
	if (value > s->worst_pain)
		s->worst_pain = value;
	if (value >= 6 || (before >= 0 && value >= 4 && value - before >= 2))
		s->pain_was_high = true;
}

static void take_answer(struct session_summary *s, const struct session_event *event)
{
	if (strcmp(event->rule, "ask-pain") == 0)
		report_pain(s, event);
	else if (strcmp(event->rule, "ask-morning") == 0 && event->value >= 0 &&
	         event->value <= DISPLAY_PAIN_MAX)
		s->morning_pain = event->value;
}

static bool is_level(enum display_level level)
{
	return (unsigned)level < SUMMARY_LEVELS;
}

static void take_event(struct session_summary *s, const struct session_event *event)
{
	if (event->kind == SESSION_EVENT_PROMPT && is_level(event->level)) {
		s->prompts[event->level].given++;
		s->prompt_count++;
	} else if (event->kind == SESSION_EVENT_CLEAR && is_level(event->level)) {
		s->prompts[event->level].answered +=
			event->value == DISPLAY_CLEAR_ACKNOWLEDGED;
	} else if (event->kind == SESSION_EVENT_ANSWER) {
		take_answer(s, event);
	} else if (event->kind == SESSION_EVENT_PAIN) {
		report_pain(s, event);
	} else if (event->kind == SESSION_EVENT_RED_FLAG) {
		s->red_flag = true;
	}
}

/* A pause that nothing ended is the end. */
static uint32_t paused_s(const struct session_log *log)
{
	uint32_t since_s = 0, sum_s = 0;
	bool pauses = false;

	for (size_t i = 0; i < log->event_count; i++) {
		const struct session_event *event = &log->events[i];

		if (event->kind == SESSION_EVENT_PAUSE && !pauses) {
			pauses = true;
			since_s = event->at_s;
		} else if (event->kind == SESSION_EVENT_RESUME && pauses) {
			pauses = false;
			sum_s += event->at_s - since_s;
		}
	}
	return sum_s;
}

/* ---- the load, rules.md BR-22 ---------------------------------------------- */

#define NO_RUN_IN_30D_M 3000.0
#define IN_RANGE_PCT 110.0

static const struct {
	double from_pct;
	enum summary_load load;
} loads[] = {
	{ 200, SUMMARY_LOAD_TWICE },
	{ 130, SUMMARY_LOAD_WELL_PAST },
	{ 110, SUMMARY_LOAD_PAST },
	{ 100, SUMMARY_LOAD_LONGEST },
	{ 0, SUMMARY_LOAD_IN_RANGE },
};

static void weigh(struct session_summary *s, const struct runner *who)
{
	bool ran = s->run_s > RUN_LEAST_S;
	double longest = ran ? who->longest_30d_m : who->longest_walk_30d_m;

	s->longest_m = s->load_pct = s->limit_m = NAN;
	if (ran && longest <= 0) { /* false if it is not known */
		s->load_of_none = true;
		longest = NO_RUN_IN_30D_M;
	}
	if (!(longest > 0) || !s->has_distance)
		return;
	s->longest_m = longest;
	s->load_pct = 100.0 * s->distance_m / longest;
	s->limit_m = fmax(longest, s->distance_m) * IN_RANGE_PCT / 100;
	for (size_t i = 0; s->load == SUMMARY_LOAD_UNKNOWN; i++)
		if (s->load_pct >= loads[i].from_pct)
			s->load = loads[i].load;
}

/* ---- tomorrow -------------------------------------------------------------- */

#define CAP_SHARE 0.9      /* of the usual speed, for 48 h after a pain: BR-05 */
#define QUICKER_SHARE 1.05 /* than the own line: calves may feel it */
#define MOVES_RUN_S 600    /* BR-25 */
#define MOVES_PAIN 4

static int32_t days_in_row_max(const struct runner *who)
{
	if (who->novice)
		return 2;
	return who->experienced ? 5 : 3;
}

static void count_days(struct session_summary *s, const struct runner *who)
{
	s->run_days = who->run_days_in_row;
	if (s->run_days >= 0 && s->run_s > RUN_LEAST_S)
		s->run_days++;
}

static bool is_quicker(const struct of_running *of, const struct runner *who)
{
	double own = runner_line_spm(who, of->kmh.mean, 0);

	return of->spm.seconds >= MOVES_RUN_S && of->spm.mean > QUICKER_SHARE * own;
}

static void advise(struct session_summary *s, const struct of_running *of,
                   const struct runner *who)
{
	bool hurts = s->worst_pain > 0;
	bool many = s->run_days >= days_in_row_max(who) && s->run_s > RUN_LEAST_S;
	bool high = s->pain_was_high && !s->red_flag;
	bool held = s->red_flag || s->worst_pain >= MOVES_PAIN ||
	            s->load >= SUMMARY_LOAD_PAST || many;
	const bool due[SUMMARY_ADVICES] = {
		[SUMMARY_ADVICE_DOCTOR] = s->red_flag || s->worst_pain >= 7,
		[SUMMARY_ADVICE_HURT] = high && s->worst_pain < 7,
		[SUMMARY_ADVICE_WALK] = s->worst_pain >= MOVES_PAIN && !high && !s->red_flag,
		[SUMMARY_ADVICE_LOAD] = s->load >= SUMMARY_LOAD_PAST,
		[SUMMARY_ADVICE_DAYS] = many,
		[SUMMARY_ADVICE_MORNING] = hurts && s->worst_pain < MOVES_PAIN && !s->red_flag,
		[SUMMARY_ADVICE_CAP] = hurts && !s->red_flag && isfinite(s->cap_kmh),
		[SUMMARY_ADVICE_CALVES] = is_quicker(of, who),
		[SUMMARY_ADVICE_LIMIT] = !held && !hurts && isfinite(s->limit_m) &&
		                         s->run_s > RUN_LEAST_S,
		[SUMMARY_ADVICE_FREE] = !held && !hurts,
	};

	for (int i = 0; i < SUMMARY_ADVICES; i++) {
		if (!due[i] || s->advice_count == SUMMARY_ADVICE_MAX)
			continue;
		/* it says the same, with a number */
		if (i == SUMMARY_ADVICE_FREE && due[SUMMARY_ADVICE_LIMIT])
			continue;
		s->advice[s->advice_count++] = (enum summary_advice)i;
	}
}

/* ---- the whole ------------------------------------------------------------- */

static void clear(struct session_summary *s)
{
	memset(s, 0, sizeof(*s));
	s->speed_kmh = s->incline_pct = s->cadence_spm = no_value();
	s->step_m = s->heart_rate_bpm = no_value();
	s->first_pain = s->last_pain = s->worst_pain = s->morning_pain = -1;
}

void summary_of(const struct session_log *log, struct session_summary *out)
{
	struct of_running of = { no_value(), no_value(), no_value(),
		                 no_value(), no_value(), no_value() };

	clear(out);
	for (size_t i = 0; i < log->second_count; i++)
		add_second(out, &log->seconds[i], &of);
	end_values(out, &of);
	fill_bins(log, &out->bins);
	count_bins(log, &out->bins);
	for (size_t i = 0; i < log->event_count; i++)
		take_event(out, &log->events[i]);
	out->paused_s = paused_s(log);
	out->cap_kmh = CAP_SHARE * log->who.usual_kmh;
	weigh(out, &log->who);
	count_days(out, &log->who);
	advise(out, &of, &log->who);
	out->moves_fit = out->run_s >= MOVES_RUN_S && !out->red_flag &&
	                 out->worst_pain < MOVES_PAIN;
}

double summary_pace_min(const struct session_summary *s, bool miles)
{
	double km = (double)s->distance_m / 1000;

	if (!s->has_distance || s->distance_m == 0 || s->moving_s == 0)
		return NAN;
	return s->moving_s / 60.0 / (miles ? km / MILE_KM : km);
}

uint32_t summary_band_s(const struct summary_band *band)
{
	return band->below_s + band->inside_s + band->above_s;
}

double summary_inside_pct(const struct summary_band *band)
{
	uint32_t seconds = summary_band_s(band);

	return seconds ? 100.0 * band->inside_s / seconds : (double)NAN;
}
