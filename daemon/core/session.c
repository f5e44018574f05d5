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
#define PAUSE_END_S 300   /* after "paused by user" */
#define STOP_END_S 10     /* after "stopped by user" */
#define SILENT_END_S 300  /* without belt data */

void session_init(struct session *s)
{
	*s = (struct session){ .state = DISPLAY_SESSION_IDLE };
}

static void begin(struct session *s)
{
	*s = (struct session){
		.state = DISPLAY_SESSION_RUNNING, .number = s->number + 1,
	};
}

static void end(struct session *s, bool moving)
{
	s->state = DISPLAY_SESSION_ENDED;
	s->needs_stop = moving;
	s->planned_end_us = 0;
	s->stop_s = 0;
}

static bool under_way(const struct session *s)
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

static bool tick_end(struct session *s, const struct session_input *in,
                     bool moving)
{
	uint32_t patience = s->paused_by_user ? PAUSE_END_S : in->end_after_s;

	if (s->planned_end_us && in->t_us >= s->planned_end_us)
		return true;
	if (s->silent_s >= SILENT_END_S)
		return true;
	if (s->stop_s && !moving && s->stop_s++ >= STOP_END_S)
		return true;
	return s->still_s >= patience;
}

bool session_tick(struct session *s, const struct session_input *in)
{
	bool known = !isnan(in->speed_kmh);
	bool moving = known && in->speed_kmh >= SESSION_MOVING_KMH;
	bool began = false;

	s->silent_s = known ? 0 : s->silent_s + 1;
	if (moving)
		s->still_s = 0;
	else if (known)
		s->still_s++;
	if (known && !moving)
		s->needs_stop = false;
	if (!under_way(s) && moving && !s->needs_stop) {
		begin(s);
		began = true;
	}
	tick_gait(s, in);
	if (!under_way(s))
		return began;
	if (moving) {
		s->state = DISPLAY_SESSION_RUNNING;
		s->paused_by_user = false;
		if (!began)
			count_second(s, in);
	} else if (known) {
		s->state = DISPLAY_SESSION_PAUSED;
	}
	if (tick_end(s, in, moving))
		end(s, moving);
	return began;
}

void session_belt_status(struct session *s, enum belt_status status)
{
	if (!under_way(s))
		return;
	switch (status) {
	case BELT_RESET:
		end(s, s->still_s == 0);
		break;
	case BELT_STOPPED:
		s->stop_s = 1;
		break;
	case BELT_PAUSED:
		s->paused_by_user = true;
		break;
	case BELT_STARTED:
		s->stop_s = 0;
		s->paused_by_user = false;
		break;
	case BELT_SAFETY_KEY:
		break;
	}
}

void session_plan_end(struct session *s, uint64_t end_us)
{
	if (under_way(s))
		s->planned_end_us = end_us;
}

double session_mean_run_speed(const struct session *s)
{
	return s->run_s ? s->run_speed_sum / s->run_s : NAN;
}
