/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/core/session.h"

#include <math.h>

#define GRAVITY 9.81
#define LEG_SHARE 0.53
#define TYPICAL_HEIGHT_M 1.75
#define FROUDE_RUN 0.6
#define FROUDE_WALK 0.4
#define RUN_SPM 140.0
#define WALK_SPM 135.0
#define GAIT_S 5          /* a cadence must last so long to tell */
#define PAUSE_END_S 300  /* after "paused by user" */
#define STOP_END_S 10    /* after "stopped by user" */
#define COAST_S 30       /* a belt that still moves then did not stop */
#define SILENT_END_S 300 /* without belt data */
#define SECOND_US 1000000u

static struct session fresh_session(const struct session *before)
{
	return (struct session){
		.number = before->number, .still_us = SESSION_NEVER,
		.moving_us = before->moving_us,
		.stopped_us = SESSION_NEVER, .paused_us = SESSION_NEVER,
		.reset_us = SESSION_NEVER,
		.planned_end_us = before->planned_end_us,
	};
}

void session_init(struct session *s)
{
	*s = (struct session){
		.moving_us = SESSION_NEVER, .planned_end_us = SESSION_NEVER,
	};
	*s = fresh_session(s);
	s->state = DISPLAY_SESSION_IDLE;
}

static void begin(struct session *s, uint64_t now_us)
{
	*s = fresh_session(s);
	s->state = DISPLAY_SESSION_RUNNING;
	s->number++;
	if (s->planned_end_us <= now_us)
		s->planned_end_us = SESSION_NEVER;
}

void session_resume(struct session *s)
{
	s->state = DISPLAY_SESSION_PAUSED;
	s->number++;
}

/* After a reset the machine counts anew, and so do we: at once. */
static void end(struct session *s, bool moving)
{
	s->state = DISPLAY_SESSION_ENDED;
	s->needs_stop = moving && s->reset_us == SESSION_NEVER;
	s->planned_end_us = SESSION_NEVER;
}

bool session_under_way(const struct session *s)
{
	return s->state == DISPLAY_SESSION_RUNNING ||
	       s->state == DISPLAY_SESSION_PAUSED;
}

double session_froude(double speed_kmh, double height_m)
{
	double v = speed_kmh / 3.6;
	double h = isnan(height_m) ? TYPICAL_HEIGHT_M : height_m;

	return v * v / (GRAVITY * LEG_SHARE * h);
}

/* Cadence first, Froude as backup: rules.md 2.8 */
static enum display_gait gait_of(const struct session *s,
                                 const struct session_input *in)
{
	double froude = session_froude(in->speed_kmh, in->height_m);

	if (isnan(in->speed_kmh))
		return DISPLAY_GAIT_UNKNOWN;
	if (in->speed_kmh < SESSION_MOVING_KMH)
		return DISPLAY_GAIT_IDLE;
	if (s->quick_s >= GAIT_S || froude >= FROUDE_RUN)
		return DISPLAY_GAIT_RUN;
	if (s->slow_s >= GAIT_S)
		return DISPLAY_GAIT_WALK;
	if (!isnan(in->cadence_spm) && (s->gait == DISPLAY_GAIT_RUN ||
	                                s->gait == DISPLAY_GAIT_WALK))
		return s->gait;
	return froude <= FROUDE_WALK ? DISPLAY_GAIT_WALK : DISPLAY_GAIT_UNKNOWN;
}

static void tick_gait(struct session *s, const struct session_input *in)
{
	bool quick = in->cadence_spm >= RUN_SPM;
	bool slow = in->cadence_spm > 0 && in->cadence_spm < WALK_SPM;

	s->quick_s = quick ? s->quick_s + 1 : 0;
	s->slow_s = slow ? s->slow_s + 1 : 0;
	s->gait = gait_of(s, in);
	s->run_bout_s = s->gait == DISPLAY_GAIT_RUN ? s->run_bout_s + 1 : 0;
}

/* A second is what its end says it is. */
static void count_second(struct session *s, const struct session_input *in)
{
	if (in->off_belt)
		return;
	s->elapsed_s++;
	if (s->gait == DISPLAY_GAIT_RUN) {
		s->run_s++;
		s->run_speed_sum += in->speed_kmh;
	} else if (s->gait == DISPLAY_GAIT_WALK) {
		s->walk_s++;
	}
}

static bool passed(uint64_t since_us, uint32_t seconds, uint64_t now_us)
{
	return since_us <= now_us &&
	       now_us - since_us >= (uint64_t)seconds * SECOND_US;
}

/* What the machine said holds until the belt proves it wrong. */
static void forget_words(struct session *s)
{
	s->stopped_us = SESSION_NEVER;
	s->paused_us = SESSION_NEVER;
}

static void tick_motion(struct session *s, const struct session_input *in,
                        bool moving)
{
	if (isnan(in->speed_kmh))
		return;
	if (!moving) {
		s->state = DISPLAY_SESSION_PAUSED;
		return;
	}
	if (s->state == DISPLAY_SESSION_PAUSED ||
	    passed(s->stopped_us, COAST_S, in->t_us) ||
	    passed(s->paused_us, COAST_S, in->t_us))
		forget_words(s);
	s->state = DISPLAY_SESSION_RUNNING;
}

/* A belt that stood when it was last heard of goes on standing. */
static bool tick_end(const struct session *s, const struct session_input *in,
                     bool moving)
{
	uint32_t pause_s = in->end_after_s > PAUSE_END_S ? in->end_after_s
	                                                 : PAUSE_END_S;

	if (passed(s->planned_end_us, 0, in->t_us) ||
	    passed(s->reset_us, 0, in->t_us) || s->silent_s >= SILENT_END_S)
		return true;
	if (moving)
		return false;
	if (passed(s->stopped_us, STOP_END_S, in->t_us))
		return true;
	if (s->paused_us != SESSION_NEVER)
		return passed(s->paused_us, pause_s, in->t_us);
	return passed(s->still_us, in->end_after_s, in->t_us);
}

bool session_tick(struct session *s, const struct session_input *in)
{
	bool known = !isnan(in->speed_kmh);
	bool moving = known && in->speed_kmh >= SESSION_MOVING_KMH;
	bool began = false;

	s->silent_s = known ? 0 : s->silent_s + 1;
	if (known && !moving)
		s->needs_stop = false;
	if (!session_under_way(s) && moving && !s->needs_stop) {
		begin(s, in->t_us);
		began = true;
	}
	tick_gait(s, in);
	if (!session_under_way(s))
		return false;
	tick_motion(s, in, moving);
	if (moving)
		count_second(s, in);
	if (tick_end(s, in, moving))
		end(s, moving);
	return began;
}

void session_speed(struct session *s, uint64_t t_us, double speed_kmh)
{
	uint64_t *since = &s->still_us, *no_longer = &s->moving_us;

	if (speed_kmh >= SESSION_MOVING_KMH) {
		since = &s->moving_us;
		no_longer = &s->still_us;
	}
	*no_longer = SESSION_NEVER;
	if (*since == SESSION_NEVER)
		*since = t_us;
}

void session_belt_status(struct session *s, uint64_t t_us,
                         enum belt_status status)
{
	if (!session_under_way(s))
		return;
	switch (status) {
	case BELT_RESET:
		s->reset_us = t_us;
		break;
	case BELT_STOPPED:
		s->stopped_us = t_us;
		break;
	case BELT_PAUSED:
		forget_words(s);
		s->paused_us = t_us;
		break;
	case BELT_STARTED:
		forget_words(s);
		break;
	case BELT_SAFETY_KEY:
		break;
	}
}

void session_plan_end(struct session *s, uint64_t end_us)
{
	s->planned_end_us = end_us;
}

double session_mean_run_speed(const struct session *s)
{
	return s->run_s ? s->run_speed_sum / s->run_s : NAN;
}
