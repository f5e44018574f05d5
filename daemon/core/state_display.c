/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What a display shows of the state: computed at each input, so only that.
 */
#include "daemon/core/state.h"

#include <math.h>

#define TARGET_LOW_SHARE 0.97  /* speaks below */
#define TARGET_HIGH_SHARE 1.10 /* of the own line */
#define DYNAMIC_STALE_US 5000000u

static void show(struct display_metrics *out, uint32_t members, bool present)
{
	if (present)
		out->present |= members;
}

/* Rounded as it is written, so that what reads the same is the same */
static double rounded(double value, double scale)
{
	double r = isnan(value) ? 0 : round(value * scale) / scale;

	return r + 0.0; /* no negative zero */
}

static double target_spm(const struct state *s, double speed_kmh)
{
	if (s->session.gait != DISPLAY_GAIT_RUN)
		return NAN;
	return runner_target_spm(&s->runner, speed_kmh, state_line_incline_pct(s));
}

static void display_cadence(const struct state *s, double speed,
                            struct display_metrics *out)
{
	double cadence = cadence_now(&s->cadence, s->now_us);
	double target = target_spm(s, speed);
	bool has_step = cadence > 0 && speed >= SESSION_MOVING_KMH;

	show(out, DISPLAY_CADENCE, !isnan(cadence));
	out->cadence_spm = (int32_t)rounded(cadence, 1);
	show(out, DISPLAY_TARGET, !isnan(target));
	out->target_spm = (int32_t)rounded(target, 1);
	show(out, DISPLAY_STEP, has_step);
	out->step_m = has_step ? rounded(speed * 1000 / 60 / cadence, 100) : 0;
}

/* In the order of their samples */
static void display_dynamics(const struct state *s, struct display_metrics *out)
{
	static const double units[DISPLAY_DYNAMICS] = {
		[DISPLAY_DYNAMIC_OSCILLATION] = 0.001,
		[DISPLAY_DYNAMIC_GROUND_CONTACT] = 1,
		[DISPLAY_DYNAMIC_STANCE] = 0.01,
		[DISPLAY_DYNAMIC_BALANCE] = 0.01,
		[DISPLAY_DYNAMIC_VERTICAL_RATIO] = 0.01,
	};

	for (size_t i = 0; i < DISPLAY_DYNAMICS; i++) {
		const struct reading *r = &s->dynamics[i];
		bool fresh = r->known && s->now_us - r->at_us <= DYNAMIC_STALE_US;

		if (!fresh)
			continue;
		show(out, DISPLAY_DYNAMIC_BIT(i), true);
		out->dynamics[i] = rounded(r->value * units[i],
		                           display_dynamic_members[i].decimals ? 10 : 1);
	}
}

void state_display(const struct state *s, struct display_metrics *out)
{
	bool session = s->session.number > 0;
	double speed = state_speed_kmh(s);
	double incline = state_incline_pct(s);
	double heart_rate = state_heart_rate_bpm(s);

	*out = (struct display_metrics){ .present = 0 };
	show(out, DISPLAY_SPEED | DISPLAY_GAIT, !isnan(speed));
	out->speed_kmh = rounded(speed, 100);
	out->gait = isnan(speed) ? DISPLAY_GAIT_UNKNOWN : s->session.gait;
	show(out, DISPLAY_INCLINE, !isnan(incline));
	out->incline_pct = rounded(incline, 10);
	display_cadence(s, speed, out);
	show(out, DISPLAY_HEART_RATE, !isnan(heart_rate));
	out->heart_rate_bpm = (int32_t)rounded(heart_rate, 1);
	show(out, DISPLAY_DISTANCE | DISPLAY_ELAPSED, session);
	out->distance_m = session ? state_distance_m(s) : 0;
	out->elapsed_s = s->session.elapsed_s;
	show(out, DISPLAY_ELEVATION_GAIN, session && s->elevation.known);
	out->elevation_gain_m = (int32_t)(s->elevation.total / 10);
	show(out, DISPLAY_ENERGY, session && s->energy.known);
	out->energy_kcal = (int32_t)s->energy.total;
	display_dynamics(s, out);
}

bool state_target(const struct state *s, struct display_target *out)
{
	double speed = state_speed_kmh(s);
	double target = target_spm(s, speed);
	double line;

	if (isnan(target))
		return false;
	line = runner_line_spm(&s->runner, speed, state_line_incline_pct(s));
	out->low_spm = (int32_t)round(TARGET_LOW_SHARE * target);
	out->high_spm = (int32_t)round(TARGET_HIGH_SHARE * line);
	return true;
}
