/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A session summed up: how far, how long, how the beat was against its target,
 * what was said, how the back was, what the load was, and what may be good
 * tomorrow. What was not known in it stays absent. Pure.
 */
#ifndef GAITD_SUMMARY_H
#define GAITD_SUMMARY_H

#include "daemon/rules/ruleset.h"
#include "daemon/sessions/session_log.h"

#define SUMMARY_LEVELS (DISPLAY_LEVEL_SAFETY + 1)
#define SUMMARY_BIN_SPM 4    /* of the distribution of cadence */
#define SUMMARY_BINS 14      /* at most; the outer ones hold what is beyond */
#define SUMMARY_PAINS_MAX 32 /* reports; what is more is counted, not listed */
#define SUMMARY_ADVICE_MAX 3
#define SUMMARY_MOVES_MAX 3

/* A value over the session; seconds 0: it was not known in any of them, and the
 * others are NaN. */
struct summary_value {
	uint32_t seconds;
	double mean, least, most;
};

/* Cadence of running against the band of its second */
struct summary_band {
	uint32_t below_s, inside_s, above_s; /* all 0: there was no band */
	int32_t low_spm, high_spm;           /* means of them: the band goes with speed */
	double excess_pct; /* mean of cadence less target, of the target; NaN */
};

struct summary_bins {
	int32_t from_spm; /* of the first */
	uint32_t seconds[SUMMARY_BINS];
	size_t count;
};

struct summary_pain {
	uint32_t at_s;
	int32_t value;
};

enum summary_load {
	SUMMARY_LOAD_UNKNOWN, /* the longest of 30 days, or the distance, is not known */
	SUMMARY_LOAD_IN_RANGE,
	SUMMARY_LOAD_LONGEST,   /* from 100 % on */
	SUMMARY_LOAD_PAST,      /* from 110 % on */
	SUMMARY_LOAD_WELL_PAST, /* from 130 % on */
	SUMMARY_LOAD_TWICE,     /* from 200 % on */
};

/* Each with a text in summary_words.h, in order of what matters more */
enum summary_advice {
	SUMMARY_ADVICE_DOCTOR,
	SUMMARY_ADVICE_HURT,     /* a high or rising pain */
	SUMMARY_ADVICE_WALK,     /* 4 or 5 of 10 */
	SUMMARY_ADVICE_LOAD,     /* well past the longest run */
	SUMMARY_ADVICE_DAYS,     /* too many days with a run in a row */
	SUMMARY_ADVICE_MORNING,  /* a mild pain */
	SUMMARY_ADVICE_CAP,      /* the speed to stay under for two days */
	SUMMARY_ADVICE_LIMIT,    /* how far is in range */
	SUMMARY_ADVICE_FREE,
	SUMMARY_ADVICE_CALVES,   /* the beat was a good deal quicker than the own */
	SUMMARY_ADVICES, /* how many */
};

struct session_summary {
	uint32_t moving_s; /* not paused */
	uint32_t paused_s; /* between; not the standing at the end */
	uint32_t run_s, walk_s;
	bool has_distance, has_climb, has_energy;
	uint32_t distance_m;
	int32_t climb_m, energy_kcal;
	struct summary_value speed_kmh, incline_pct, cadence_spm, step_m, heart_rate_bpm;
	struct summary_band band;
	struct summary_bins bins; /* of cadence while running */
	struct {
		uint32_t given, answered; /* acknowledged, or answered */
	} prompts[SUMMARY_LEVELS];
	uint32_t prompt_count;
	bool red_flag;
	int32_t first_pain, last_pain, worst_pain; /* -1: none was told */
	bool pain_was_high; /* 6 or more, or it rose by 2 to 4 or more */
	int32_t morning_pain; /* as answered; -1: not */
	struct summary_pain pains[SUMMARY_PAINS_MAX];
	size_t pain_count;
	enum summary_load load;
	bool load_of_none; /* no run in 30 days: against what is taken then */
	double longest_m, load_pct; /* NaN: not known */
	double limit_m; /* what is in range next; NaN */
	double cap_kmh; /* NaN */
	int32_t run_days; /* in a row, today with them; -1: not known */
	enum summary_advice advice[SUMMARY_ADVICE_MAX];
	size_t advice_count;
	bool moves_fit; /* three moves for legs and back may follow */
};

void summary_of(const struct session_log *log, struct session_summary *out);

/* Mean minutes for a kilometre or mile of way; NaN: not known. */
double summary_pace_min(const struct session_summary *s, bool miles);
/* The seconds that had a band, and what share of them was inside; NaN: none */
uint32_t summary_band_s(const struct summary_band *band);
double summary_inside_pct(const struct summary_band *band);

#endif
