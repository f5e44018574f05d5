/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The present: samples folded into values that have an age, the last minutes
 * of them, the session, the runner; and the metrics that rules are made of.
 * A value that is too old does not exist.
 */
#ifndef GAITD_STATE_H
#define GAITD_STATE_H

#include "daemon/core/cadence.h"
#include "daemon/core/pain.h"
#include "daemon/core/pod_report.h"
#include "daemon/core/run_tally.h"
#include "daemon/rules/metrics.h"
#include "daemon/core/runner.h"
#include "daemon/core/sample.h"
#include "daemon/core/session.h"
#include "daemon/core/trends.h"
#include "daemon/core/window.h"
#include "protocol/display.h"

#include <stdbool.h>
#include <stdint.h>

#define LEARNING_S 360 /* rules.md 5.1 */

struct reading {
	bool known;
	int32_t value;
	uint64_t at_us;
};

/* A count of the machine's, made a session's: increments only, whatever the
 * machine starts from or falls back to. */
struct odometer {
	bool known;
	int32_t last;
	int64_t total;
};

/* What is true only while an input is being answered */
struct instant {
	int32_t pain; /* -1: none */
	bool red_flag, safety_key;
};

/* What is learnt in this session: a line of its own (rules.md 5.1, minutes 6 to
 * 12) for who has none, and what is kept for the next ones. */
struct learning {
	uint64_t began_us;
	struct point seconds[LEARNING_S];
	size_t count;
	struct run_tally tally;
	bool told_of_shoes;
};

/* Seconds of doubt, and what has been doubted for long enough in this session */
struct doubts {
	uint32_t another_s, disagree_s;
	bool another;   /* these are hardly this runner's steps */
	bool same;      /* they are: he said so */
	bool stranger;  /* they are not: his profile was put aside */
	bool disagreed; /* pod and belt, about the speed */
};

struct state {
	uint64_t now_us;
	struct reading speed, incline, heart_rate, pod_speed;
	uint64_t heart_rate_new_us; /* when it last was another */
	struct reading dynamics[DISPLAY_DYNAMICS]; /* as samples have them */
	struct odometer distance, elevation, energy;
	bool stood;    /* the belt was seen to stand since start-up */
	double belt_m; /* speed integrated over the session */
	double unseen_m; /* how much more it may be: seconds without a speed */
	bool treadmill_heard;
	uint64_t treadmill_at_us, footpod_at_us;
	uint64_t treadmill_link_us, footpod_link_us; /* last told of it */
	int incline_support; /* -1 not known, 0, 1 */
	bool fixed_incline;
	double fixed_incline_pct;
	bool level_seen;
	uint64_t level_at_us; /* incline was last 0 */
	struct display_link link;
	struct cadence cadence;
	struct window speed_s, incline_s, ran_s; /* by second */
	uint32_t speed_steady_s, incline_steady_s;
	struct session session;
	uint32_t end_after_s;
	struct pain pain;
	double morning_pain; /* NaN: not told in this session */
	struct instant instant;
	int32_t worst_pain; /* of the session, or of the one that just ended */
	bool intervals;
	bool pods_unsure; /* which foot pod is his is to be asked */
	struct pod_report pod_report;
	int32_t planned_m; /* 0: no distance was planned */
	int32_t day_s;     /* local time of day at time 0; -1: not known */
	bool early;        /* the session began soon after rising */
	struct runner known_runner; /* what the session begins with */
	struct runner runner;       /* with what was told in this session */
	char runner_name[32];       /* "anonymous" */
	struct learning learning;
	bool has_kept;
	struct runner_session kept; /* of the last session that ended */
	struct doubts doubts;
	uint64_t key_told_us; /* the safety key's pull; SESSION_NEVER: not the last word */
	struct trends trends;
};

void state_init(struct state *s, const struct runner *runner);

/* Folds one sample in; `s->now_us` is already its time. Inputs set `instant`,
 * which the caller clears when they have been answered. */
void state_sample(struct state *s, const struct sample *sample);
/* One second has passed. Returns true when a new session began. */
bool state_tick(struct state *s);
/* A session in which a red flag was pressed goes on after a restart. */
void state_resume_after_red_flag(struct state *s);
/* state_learning.c: a session goes on after a restart from what it had come to, and
 * from the totals that were shown last. */
void state_resume(struct state *s, const struct runner_session *kept,
                  const struct display_metrics *shown);
/* Seconds were skipped: what the windows hold is not the last minutes. */
void state_forget_minutes(struct state *s);
void state_profile(struct state *s, const struct display_profile *profile);
void state_clear_instant(struct state *s);

double state_speed_kmh(const struct state *s);   /* NaN: absent */
double state_incline_pct(const struct state *s); /* NaN: absent */
/* For the cadence line: 0 too while the incline was 0 less than 60 s ago */
double state_line_incline_pct(const struct state *s);
/* Speed on the flat that costs the same: ACSM running equation */
double state_level_kmh(double speed_kmh, double incline_pct);
int32_t state_day_s(const struct state *s); /* local time of day; -1: absent */
double state_heart_rate_bpm(const struct state *s); /* NaN: absent */
double state_pod_kmh(const struct state *s);   /* NaN: absent */
double state_usual_kmh(const struct state *s); /* 9 if not known */
/* What pain asks for, in this session and for 48 h; NaN: nothing */
/* Pain was reported in another session, less than 48 h ago. */
bool state_hurt_lately(const struct state *s);
double state_speed_cap_kmh(const struct state *s);
bool state_treadmill_fresh(const struct state *s);
/* How much cadence varied in a minute of one speed; NaN: there was none */
double state_cadence_cv_pct(const struct state *s);
uint32_t state_distance_m(const struct state *s);
/* state_schedule.c */
bool state_is_early(const struct state *s);
/* Inside a feedback window of the faded schedule (rules.md 5.5.10) */
bool state_feedback_on(const struct state *s);
/* In the first feedback window of a runner whose feedback has faded */
bool state_recall_due(const struct state *s);
/* Warm-up is over; it is longer with back pain, and early in the morning. */
bool state_warm(const struct state *s);
/* Run-walk intervals: declared, or seen in the pattern */
bool state_run_walk(const struct state *s);

/* Who takes the console; NULL: somebody unknown */
void state_name(struct state *s, const char *name);
bool state_is_anonymous(const struct state *s);

/* state_doubts.c: a second has passed */
void state_tick_doubts(struct state *s);
/* The answer to "is it still you?" */
void state_answer_who(struct state *s, bool same);
/* What is seen now teaches nothing of the runner. */
bool state_in_doubt(const struct state *s);
/* state_learning.c */
void state_begin_learning(struct state *s);
void state_tick_learning(struct state *s); /* a second has passed */
/* The session that ends, as it is kept */
void state_keep(struct state *s);
/* The session under way as far as it goes, else the last that ended; times are
 * seconds of the session clock. False: there was none, or it is not known to be
 * the runner's. */
bool state_kept(const struct state *s, struct runner_session *out);

/* state_metrics.c: fills the whole table but what the coach itself knows */
void state_metrics(const struct state *s, struct metrics *out);
/* state_display.c: what a display shows; false: there is no target */
void state_display(const struct state *s, struct display_metrics *out);
bool state_target(const struct state *s, struct display_target *out);

#endif
