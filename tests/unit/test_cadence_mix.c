/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * One cadence out of several (footpods.md section 8, item 10), and the
 * treadmill's own count of steps.
 */
#include "daemon/devices/belt_steps.h"
#include "daemon/devices/cadence_mix.h"
#include "tests/bench/cadence_error.h"
#include "tests/unit/suite.h"

#include <math.h>
#include <stdlib.h>

#define SECOND 1000000ull
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct cadence_mix mix;
static int32_t shown;
static uint64_t now_us;

static void start(void)
{
	mix = (struct cadence_mix){ .has_source = false };
	shown = -1;
	now_us = 100 * SECOND;
}

static bool tell(enum cadence_source source, double spm)
{
	return cadence_mix_feed(&mix, source, (int32_t)lround(spm * 1000), now_us,
	                        &shown);
}

/* ANT each 250 ms and RSC each second, where they are above 0 */
static void both(unsigned seconds, double ant, double rsc)
{
	for (unsigned i = 0; i < 4 * seconds; i++) {
		if (ant > 0)
			tell(CADENCE_ANT, ant);
		if (rsc > 0 && i % 4 == 2)
			tell(CADENCE_RSC, rsc);
		now_us += SECOND / 4;
	}
}

static enum cadence_source source_now(void)
{
	struct cadence_view view;

	CU_ASSERT_TRUE_FATAL(cadence_mix_view(&mix, now_us, &view));
	return view.source;
}

static void test_the_better_counts(void)
{
	start();
	both(3, 0, 166);
	CU_ASSERT_EQUAL(shown, 166000);
	CU_ASSERT_EQUAL(source_now(), CADENCE_RSC);
	both(4, 160, 166); /* not before it has come for 5 s */
	CU_ASSERT_EQUAL(shown, 166000);
	both(2, 160, 166);
	CU_ASSERT_EQUAL(source_now(), CADENCE_ANT);
	CU_ASSERT_EQUAL(shown, 160000); /* 6 apart: one was wrong, at once */
	tell(CADENCE_STRIDES, 170);
	tell(CADENCE_TREADMILL, 120);
	CU_ASSERT_EQUAL(shown, 160000);
}

static void test_the_next_takes_over(void)
{
	start();
	both(8, 168, 166);
	both(3, 0, 166);
	CU_ASSERT_EQUAL(source_now(), CADENCE_ANT);
	both(2, 0, 166);
	CU_ASSERT_EQUAL(source_now(), CADENCE_RSC);
}

/* A change of source moves it by at most 2 steps/min in any second, when they
 * differ by at most 4. */
static void test_no_leap(void)
{
	static const double differ[] = { 4, 3.7, 2, 0.5, -0.5, -2, -4 };
	int32_t was[4 * 60];
	size_t count;

	for (size_t i = 0; i < COUNT(differ); i++) {
		start();
		both(10, 168, 168 + differ[i]);
		count = 0;
		for (unsigned j = 0; j < 4 * 30; j++) {
			double ant = j < 60 ? 0 : 168;

			if (ant > 0)
				tell(CADENCE_ANT, ant);
			if (j % 4 == 1)
				tell(CADENCE_RSC, 168 + differ[i]);
			was[count++] = shown;
			for (size_t back = 1; back <= 4 && back < count; back++)
				CU_ASSERT_TRUE(abs(shown - was[count - 1 - back]) <=
				               2000);
			now_us += SECOND / 4;
			if (j == 50) /* it was the other one's by then */
				CU_ASSERT_EQUAL(shown,
				                lround((168 + differ[i]) * 1000));
		}
		CU_ASSERT_EQUAL(shown, 168000);
	}
}

static void test_zero_needs_all(void)
{
	start();
	both(8, 168, 166);
	CU_ASSERT_FALSE(tell(CADENCE_ANT, 0)); /* the other still steps */
	CU_ASSERT_EQUAL(shown, 168000);
	CU_ASSERT_FALSE(tell(CADENCE_RSC, 0)); /* as ANT was, until it says so again */
	now_us += 4 * SECOND;
	CU_ASSERT_TRUE(tell(CADENCE_ANT, 0));
	CU_ASSERT_EQUAL(shown, 0);
	both(1, 168, 0); /* no fading from standing to running */
	CU_ASSERT_EQUAL(shown, 168000);
}

static void test_nothing_old(void)
{
	struct cadence_view view;

	start();
	CU_ASSERT_FALSE(cadence_mix_view(&mix, now_us, &view));
	both(8, 168, 0);
	CU_ASSERT_TRUE(cadence_mix_view(&mix, now_us, &view));
	CU_ASSERT_EQUAL(view.quality, CADENCE_GOOD);
	now_us += 4 * SECOND;
	CU_ASSERT_TRUE(cadence_mix_view(&mix, now_us, &view));
	CU_ASSERT_EQUAL(view.quality, CADENCE_LOW);
	now_us += SECOND;
	CU_ASSERT_FALSE(cadence_mix_view(&mix, now_us, &view));
}

static void test_another_pod(void)
{
	start();
	both(8, 168, 166);
	cadence_mix_forget_pod(&mix);
	CU_ASSERT_TRUE(tell(CADENCE_STRIDES, 150));
	CU_ASSERT_EQUAL(shown, 150000); /* another runner's, not faded to */
}

/* ---- the treadmill's steps ------------------------------------------------ */

static void test_belt_steps(void)
{
	struct belt_steps steps = { .known = false };
	unsigned readings = 0;
	int32_t milli;

	now_us = 0;
	for (unsigned i = 0; i < 120; i++, now_us += SECOND / 2) {
		/* 110 a minute, told in whole steps each half second */
		if (!belt_steps_feed(&steps, 1000 + i * 110 / 120, now_us, &milli))
			continue;
		readings++;
		CU_ASSERT_DOUBLE_EQUAL(milli / 1000.0, 110, 6);
	}
	CU_ASSERT_TRUE(readings > 60);
	CU_ASSERT_FALSE(belt_steps_feed(&steps, 3, now_us, &milli)); /* anew */
	CU_ASSERT_FALSE(belt_steps_feed(&steps, 90, now_us + SECOND, &milli));
}

static void test_belt_that_counts_nothing(void)
{
	struct belt_steps steps = { .known = false };
	int32_t milli;

	for (unsigned i = 0; i < 120; i++)
		CU_ASSERT_FALSE(belt_steps_feed(&steps, 8, i * SECOND, &milli));
}

/* ---- against the simulated truth: make bench-cadence, in short ------------ */

static void test_error(void)
{
	static const struct cadence_error_case cases[] = {
		{ POD_ANT, false, 8, 7 }, { POD_ANT_STRIDES, false, 15, 7 },
	};
	struct cadence_error e;

	for (size_t i = 0; i < COUNT(cases); i++) {
		cadence_error_measure(&cases[i], &e);
		CU_ASSERT_TRUE(e.seconds > 2000);
		CU_ASSERT_TRUE(cadence_error_percentile(&e, 0.5) < 1);
		CU_ASSERT_TRUE(cadence_error_percentile(&e, 0.99) < 4);
		CU_ASSERT_EQUAL(e.halved + e.doubled + e.stale, 0);
	}
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "the better one counts", test_the_better_counts },
		{ "the next takes over", test_the_next_takes_over },
		{ "no leap at a change", test_no_leap },
		{ "0 needs every word", test_zero_needs_all },
		{ "nothing older than 5 s", test_nothing_old },
		{ "another pod", test_another_pod },
		{ "a treadmill's steps", test_belt_steps },
		{ "a treadmill that counts nothing", test_belt_that_counts_nothing },
		{ "off by little from the truth", test_error },
		CU_TEST_INFO_NULL,
	};

	return suite_run("cadence mix", tests);
}
