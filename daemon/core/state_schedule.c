/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What time does to a session: warm-up, and feedback that fades over sessions
 * (rules.md 5.1 and 5.5.10).
 */
#include "daemon/core/state.h"

#define SECOND_US 1000000u
#define WARM_S 300
#define WARM_LONG_S 480    /* with back pain, or early */
#define EARLY_FROM_S 10800 /* 3:00 to 6:00: soon after rising, Snook 1998 */
#define EARLY_UNTIL_S 21600
#define DAY_S 86400
#define FADED_AFTER_WARM_S 60
#define FADED_PERIOD_S 600
#define FADED_OUT 9 /* from this session on: a recall cue, and checks */

/* Seconds of each 600 s in which feedback is on, by number of session */
static uint32_t feedback_seconds(int32_t session)
{
	static const uint32_t fading[] = { 450, 300, 200, 90 };

	if (session <= 4)
		return 600;
	return session <= 8 ? fading[session - 5] : 120;
}

static int32_t session_number(const struct state *s)
{
	return s->runner.sessions < 0 ? 1 : s->runner.sessions + 1;
}

int32_t state_day_s(const struct state *s)
{
	if (s->day_s < 0)
		return -1;
	return (int32_t)(((uint64_t)s->day_s + s->now_us / SECOND_US) % DAY_S);
}

bool state_is_early(const struct state *s)
{
	int32_t day_s = state_day_s(s);

	return day_s >= EARLY_FROM_S && day_s < EARLY_UNTIL_S;
}

static uint32_t warm_s(const struct state *s)
{
	return s->runner.back_pain || s->early ? WARM_LONG_S : WARM_S;
}

bool state_warm(const struct state *s)
{
	return s->session.elapsed_s >= warm_s(s);
}

/* Seconds since the first feedback window opened; negative before */
static int64_t since_first_window_s(const struct state *s)
{
	return (int64_t)s->session.elapsed_s - warm_s(s) - FADED_AFTER_WARM_S;
}

bool state_feedback_on(const struct state *s)
{
	int32_t session = session_number(s);
	int64_t since = since_first_window_s(s);

	if (!s->runner.faded || session <= 4)
		return true;
	return since >= 0 && since % FADED_PERIOD_S < feedback_seconds(session);
}

bool state_recall_due(const struct state *s)
{
	int32_t session = session_number(s);
	int64_t since = since_first_window_s(s);

	return s->runner.faded && session >= FADED_OUT && since >= 0 &&
	       since < feedback_seconds(session);
}

bool state_run_walk(const struct state *s)
{
	return s->intervals || trends_run_walk(&s->trends);
}
