/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * No safety prompt is missed, and none is late: random runs against counts of
 * the test's own, written from rules.md 5.2 and not from the rule file. What a
 * rule's hold asks for is said at most 2 s after it has run out, unless another
 * safety prompt is on display, its gap or the rule's own repeat is not over, or
 * its limit is reached.
 */
#include "tests/unit/suite.h"
#include "tests/unit/track.h"

#include <math.h>
#include <string.h>

#define RUNS 80
#define LEGS 40
#define LATE_S 2
#define SAFETY_GAP_S 10
#define HISTORY_S 32

static struct track track;

static uint64_t dice_state;

static uint32_t dice(uint32_t sides)
{
	dice_state = dice_state * 6364136223846793005ull + 1442695040888963407ull;
	return (uint32_t)(dice_state >> 33) % sides;
}

/* ---- what the table says, by itself ------------------------------------------ */

/* The last seconds, [0] is now */
struct second {
	double kmh, pct;
	bool runs;
};

struct report {
	bool told, high; /* high or rising: a walk, and then the end */
	int32_t last;
	unsigned at_s;
	double cap_kmh, moderate_kmh;
};

static struct second past[HISTORY_S];
static unsigned past_s;
static struct report report;
static struct runner who;
static bool intervals;

static double usual(void)
{
	return isnan(who.usual_kmh) ? 9 : who.usual_kmh;
}

static double level_kmh(void)
{
	return past[0].kmh * (1 + 4.5 * fmax(past[0].pct, 0) / 100);
}

static bool rises(double by, unsigned seconds)
{
	return past_s > seconds && past[0].kmh - past[seconds].kmh >= by - 1e-9;
}

static bool br06(void)
{
	double v = past[0].kmh;

	return rises(2.5, 10) && v >= 9 && past_s > 30 && !intervals &&
	       ((past[10].runs && v > 0.95 * usual() + 1e-9) || v > 1.1 * usual() + 1e-9);
}

static bool br07(void)
{
	bool history = !isnan(who.usual_kmh) || who.sessions > 0;
	double share = who.back_pain ? 1.15 : who.novice ? 1.2 : 1.25;

	return past[0].runs && past[0].pct >= 4 &&
	       level_kmh() >= (history ? share * usual() : 12) - 1e-9;
}

static bool br09(void)
{
	return past[0].runs && past[0].pct <= (who.back_pain ? -2 : -3);
}

static bool br05(void)
{
	bool slows = report.high && past_s > 10 &&
	             past[10].kmh - past[0].kmh >= 0.5 - 1e-9;

	return report.told && past_s >= report.at_s + 30 &&
	       past[0].kmh > report.cap_kmh + 0.2 + 1e-9 && !slows;
}

static struct watched {
	const char *rule;
	bool (*holds)(void);
	unsigned hold_s, repeat_s, limit;
	/* of this run */
	unsigned true_s, said, said_s;
} watched[] = {
	{ "speed-over-cap-after-pain", br05, 10, 60, 3, 0, 0, 0 },
	{ "speed-jump", br06, 3, 120, 0, 0, 0, 0 },
	{ "steep-and-fast", br07, 20, 180, 0, 0, 0, 0 },
	{ "decline", br09, 20, 300, 3, 0, 0, 0 },
};

#define WATCHED (sizeof(watched) / sizeof(watched[0]))

/* ---- what was said ------------------------------------------------------------ */

static unsigned free_s; /* since when a safety prompt may be said */
static uint32_t seen_id;

/* Room: no safety prompt on display, and 10 s since the last one */
static void watch_display(void)
{
	const struct display_prompt *last = &track.spoken.last;
	bool safety = last->level == DISPLAY_LEVEL_SAFETY && last->id != 0;

	if (last->id != seen_id && safety)
		for (size_t i = 0; i < WATCHED; i++)
			if (strcmp(watched[i].rule, last->rule) == 0) {
				CU_ASSERT_TRUE(watched[i].true_s > watched[i].hold_s);
				watched[i].said++;
				watched[i].said_s = past_s;
			}
	if ((last->id != seen_id && safety) || (track.spoken.live && safety))
		free_s = past_s + (last->ask.kind ? 0 : SAFETY_GAP_S);
	seen_id = last->id;
}

static unsigned later(unsigned a, unsigned b)
{
	return a > b ? a : b;
}

static unsigned owed; /* in all runs: how often it had to speak */

static void expect_spoken(const struct watched *w)
{
	unsigned due_s = past_s - w->true_s + 1 + w->hold_s;

	if (w->true_s <= w->hold_s || (w->limit && w->said >= w->limit))
		return;
	due_s = later(due_s, free_s);
	if (w->said)
		due_s = later(due_s, w->said_s + w->repeat_s);
	if (due_s + LATE_S >= past_s)
		return;
	printf("\n  %s is owed since %u s, at %u s\n", w->rule, due_s, past_s);
	CU_FAIL("a safety prompt is owed");
}

/* ---- runs ---------------------------------------------------------------------- */

/* rules.md 5.2, BR-02 to BR-05 */
static void take_report(int32_t pain, double kmh)
{
	bool rose = report.told && pain - report.last >= 2;

	report.high |= pain >= 6 || (pain >= 4 && rose);
	if (report.high) {
		report.cap_kmh = 6;
	} else if (pain >= 4) {
		report.moderate_kmh = isnan(report.moderate_kmh)
		                              ? kmh : fmax(report.moderate_kmh, kmh);
		report.cap_kmh = fmin(0.8 * report.moderate_kmh, 6);
	} else if (!isnan(report.moderate_kmh)) {
		report.cap_kmh = 0.8 * report.moderate_kmh;
		report.moderate_kmh = NAN;
	} else if (pain > 0) {
		report.cap_kmh = 0.9 * kmh;
	}
	report.told = true;
	report.last = pain;
	report.at_s = past_s;
}

static void second_of_run(double kmh, double pct, double spm)
{
	memmove(past + 1, past, sizeof(past) - sizeof(past[0]));
	track_go(&track, kmh, pct, spm, 1);
	past_s++;
	past[0] = (struct second){ kmh, pct, track.metrics.gait == DISPLAY_GAIT_RUN };
	for (size_t i = 0; i < WATCHED; i++)
		watched[i].true_s = watched[i].holds() ? watched[i].true_s + 1 : 0;
	watch_display();
	for (size_t i = 0; i < WATCHED; i++) {
		expect_spoken(&watched[i]);
		owed += watched[i].true_s == watched[i].hold_s + 1;
	}
}

/* Answered within its own instant, whatever is live */
static void tell_something(double kmh)
{
	static const int32_t pains[] = { 1, 2, 3, 3, 4, 5, 6 };
	uint32_t id = track.spoken.last.id;

	if (dice(3) == 0) {
		track_tell(&track, SAMPLE_ACK, 0);
	} else if (dice(12) == 0) {
		track_tell(&track, SAMPLE_INTERVALS, 1);
		intervals = true;
	} else if (dice(3) == 0 && past_s > 0) {
		int32_t pain = pains[dice(7)];

		track_tell(&track, SAMPLE_PAIN, pain);
		take_report(pain, kmh);
		CU_ASSERT_TRUE(track.spoken.live && track.spoken.last.id > id);
		CU_ASSERT_EQUAL(track.spoken.line[track.spoken.count - 1].t_us, track.now_us);
		watch_display();
	}
}

static struct runner any_runner(void)
{
	struct runner runner = track_nobody();

	if (dice(3))
		runner.height_m = 1.5 + 0.05 * dice(10);
	if (dice(2))
		runner.usual_kmh = 8 + 0.5 * dice(8);
	if (dice(2))
		runner.sessions = (int32_t)dice(20);
	if (dice(2)) {
		runner.baseline_kmh = 10;
		runner.baseline_spm = 155 + dice(25);
	}
	runner.back_pain = dice(2);
	runner.novice = dice(3) == 0;
	runner.prompts = dice(5) ? RUNNER_PROMPTS_ALL : RUNNER_PROMPTS_SAFETY;
	return runner;
}

static void start(uint64_t seed)
{
	dice_state = seed;
	who = any_runner();
	track_open(&track, rules_shipped(), &who);
	for (size_t i = 0; i < HISTORY_S; i++)
		past[i] = (struct second){ NAN, NAN, false };
	for (size_t i = 0; i < WATCHED; i++)
		watched[i].true_s = watched[i].said = watched[i].said_s = 0;
	report = (struct report){ .cap_kmh = NAN, .moderate_kmh = NAN };
	past_s = free_s = seen_id = 0;
	intervals = false;
}

static void test_no_safety_prompt_is_late(void)
{
	for (uint64_t seed = 1; seed <= RUNS; seed++) {
		start(seed);
		for (unsigned leg = 0; leg < LEGS; leg++) {
			double kmh = 5 + 0.5 * dice(20), pct = dice(2) ? (double)dice(16) - 6 : 0;
			double spm = kmh > 7 ? 150 + 2.0 * dice(20) : 112;
			unsigned seconds = 3 + dice(90);

			tell_something(past_s ? past[0].kmh : kmh);
			for (unsigned s = 0; s < seconds; s++)
				second_of_run(kmh, pct, spm);
		}
		track_close(&track);
	}
	CU_ASSERT_TRUE(owed > 10 * RUNS); /* else it shows little */
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "no safety prompt is late", test_no_safety_prompt_is_late },
		CU_TEST_INFO_NULL,
	};

	return suite_run("safety timing", tests);
}
