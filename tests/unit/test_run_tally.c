/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What is kept of a session's seconds of running: medians to the tenth, and cadence
 * by speed.
 */
#include "daemon/core/run_tally.h"
#include "tests/unit/suite.h"

#include <math.h>

static struct run_tally tally;

static void start(void)
{
	tally = (struct run_tally){ 0 };
}

static void add(double kmh, double cv_pct, unsigned seconds)
{
	struct run_second second = { .kmh = kmh, .spm = 170, .cv_pct = cv_pct };

	for (unsigned i = 0; i < seconds; i++)
		run_tally_second(&tally, &second);
}

#define KMH(value) CU_ASSERT_DOUBLE_EQUAL(run_tally_kmh(&tally), value, 1e-9)
#define CV(value) CU_ASSERT_DOUBLE_EQUAL(run_tally_cv_pct(&tally), value, 1e-9)

static void test_medians_are_to_the_tenth(void)
{
	start();
	CU_ASSERT_TRUE(isnan(run_tally_kmh(&tally)));
	CU_ASSERT_TRUE(isnan(run_tally_cv_pct(&tally)));
	add(9.96, 2.04, 3);
	KMH(10.0);
	CV(2.0);
	add(12, 3.06, 2);
	KMH(10.0);
	CV(2.0);
	add(12, 3.06, 1); /* as many above: the lower of the two */
	KMH(10.0);
	CV(2.0);
	add(12, 3.06, 1);
	KMH(12.0);
	CV(3.1);
}

static void test_what_no_treadmill_runs_is_not_counted(void)
{
	start();
	add(30, -0.1, 5);
	add(NAN, NAN, 5);
	add(-1, 31, 5);
	CU_ASSERT_TRUE(isnan(run_tally_kmh(&tally)));
	CU_ASSERT_TRUE(isnan(run_tally_cv_pct(&tally)));
	add(29.9, 0, 1);
	KMH(29.9);
	CV(0);
	start();
	add(0, 29.9, 1);
	KMH(0);
	CV(29.9);
}

static uint32_t seconds_taught(void)
{
	uint32_t seconds = 0;

	for (size_t i = 0; i < RUNNER_BINS; i++)
		seconds += tally.bins[i].seconds;
	return seconds;
}

static void test_only_what_teaches_is_cadence_by_speed(void)
{
	struct run_second second = { .kmh = 10, .spm = 170, .cv_pct = 2 };

	start();
	run_tally_second(&tally, &second);
	CU_ASSERT_EQUAL(seconds_taught(), 0);
	second.teaches = true;
	run_tally_second(&tally, &second);
	CU_ASSERT_EQUAL(seconds_taught(), 1);
}

static void test_a_session_that_goes_on_weighs_what_it_had(void)
{
	struct runner_session kept = { .run_kmh = 9, .cv_pct = 2, .run_s = 10 };

	kept.bins[3].seconds = 4;
	start();
	add(15, 8, 100); /* of another one */
	run_tally_resume(&tally, &kept);
	KMH(9);
	CV(2);
	CU_ASSERT_EQUAL(seconds_taught(), 4);
	CU_ASSERT_EQUAL(tally.bins[3].seconds, 4);
	add(12, 3, 10);
	KMH(9);
	CV(2);
	add(12, 3, 1);
	KMH(12);
	CV(3);
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "medians are to the tenth", test_medians_are_to_the_tenth },
		{ "what no treadmill runs is not counted", test_what_no_treadmill_runs_is_not_counted },
		{ "only what teaches is cadence by speed", test_only_what_teaches_is_cadence_by_speed },
		{ "a session that goes on weighs what it had",
		  test_a_session_that_goes_on_weighs_what_it_had },
		CU_TEST_INFO_NULL,
	};

	return suite_run("run_tally", tests);
}
