/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What the check of rules takes for granted, held against real runs: declared
 * ranges, what flags imply, what never exceeds what, how clocks go.
 */
#include "daemon/rules/metric_facts.h"
#include "tests/unit/suite.h"
#include "tests/unit/track.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define RUNNERS 30
#define LEGS 30
#define NEAR 1e-6

static struct track track;
static struct metrics before;
static size_t seen[METRIC_COUNT]; /* how often a flag was true */

/* The same numbers on every machine: Lehmer's generator */
static uint64_t dice;

static double between(double low, double high)
{
	dice = dice * 48271 % 2147483647;
	return low + (high - low) * (double)dice / 2147483647;
}

static bool one_in(unsigned n)
{
	return between(0, n) < 1;
}

/* ---- what must hold at any second -------------------------------------------- */

static void complain(enum metric metric, const struct metrics *m, const char *what)
{
	printf("\n  %s is %g at %.0f s: %s\n", metric_table[metric].name, m->value[metric],
	       (double)track.now_us / 1e6, what);
	CU_FAIL("no fact");
}

static void check_ranges(const struct metrics *m)
{
	for (size_t i = 0; i < METRIC_COUNT; i++)
		if (m->value[i] < metric_table[i].low - NEAR ||
		    m->value[i] > metric_table[i].high + NEAR)
			complain((enum metric)i, m, "out of its declared range");
}

static void check_facts(const struct metrics *m)
{
	for (size_t i = 0; i < metric_fact_count; i++) {
		const struct metric_fact *fact = &metric_facts[i];
		double value = m->value[fact->metric];

		if (isnan(m->value[fact->flag]) ||
		    (m->value[fact->flag] > 0) != fact->truth)
			continue;
		if (!isnan(value) && (fact->low > fact->high || value < fact->low - NEAR ||
		                      value > fact->high + NEAR))
			complain(fact->metric, m, metric_table[fact->flag].name);
	}
}

static void check_orders(const struct metrics *m)
{
	for (size_t i = 0; i < metric_order_count; i++)
		if (m->value[metric_orders[i].less] > m->value[metric_orders[i].more] + NEAR)
			complain(metric_orders[i].less, m,
			         metric_table[metric_orders[i].more].name);
}

static bool must_grow(const struct metric_clock *clock, const struct metrics *m)
{
	switch (clock->growth) {
	case GROWS:
	case GROWS_FROM_ZERO:
		return true;
	case GROWS_IN_RUN:
		return m->value[METRIC_running] > 0 && before.value[METRIC_running] > 0;
	case GROWS_IN_WALK:
		return m->value[METRIC_walking] > 0 && before.value[METRIC_walking] > 0;
	}
	return false;
}

/* Of whichever rule was looked at last; many are not looked at for minutes. */
static bool is_a_rules_own(enum metric metric)
{
	return metric == METRIC_fired_age || metric == METRIC_held_time;
}

/* A clock that neither grows nor begins anew would last for longer than the
 * check of rules says; the session's own stand still in a pause. */
static void check_clocks(const struct metrics *m)
{
	bool paused = !(m->value[METRIC_session_running] > 0) ||
	              !(before.value[METRIC_session_running] > 0) ||
	              isnan(m->value[METRIC_speed]) ||
	              !(m->value[METRIC_belt_moving] > 0);

	for (size_t i = 0; i < metric_clock_count; i++) {
		enum metric metric = metric_clocks[i].metric;
		double step = m->value[metric] - before.value[metric];

		if (isnan(step) || is_a_rules_own(metric) || !must_grow(&metric_clocks[i], m) ||
		    (paused && metric != METRIC_belt_still))
			continue;
		if (step > -NEAR && step < 1 - NEAR && m->value[metric] >= 1)
			complain(metric, m, "has stood still");
		if (step < 0 && metric_clocks[i].growth != GROWS_FROM_ZERO &&
		    m->value[METRIC_elapsed] > before.value[METRIC_elapsed])
			complain(metric, m, "has fallen");
	}
}

static void check_second(void)
{
	const struct metrics *m = pipeline_values(track.pipeline);

	check_ranges(m);
	check_facts(m);
	check_orders(m);
	/* nothing is computed while there is nothing to judge */
	if (track.now_us > 1000000 && memcmp(m, &before, sizeof(before)) != 0)
		check_clocks(m);
	for (size_t i = 0; i < METRIC_COUNT; i++)
		seen[i] += metric_table[i].dimension == DIMENSION_FLAG && m->value[i] > 0;
	before = *m;
}

/* ---- runs ------------------------------------------------------------------------ */

static struct runner anybody(void)
{
	struct runner runner = track_nobody();

	if (one_in(4))
		return runner;
	runner.height_m = between(1.5, 2.0);
	runner.back_pain = one_in(3);
	runner.longest_30d_m = between(1000, 12000);
	if (one_in(3))
		return runner;
	runner.baseline_kmh = 10;
	runner.baseline_spm = runner_population_spm(10, runner.height_m) +
	                      between(-20, 20);
	runner.usual_kmh = between(8.5, 12);
	runner.sessions = (int32_t)between(0, 30);
	return runner;
}

static void tell_something(void)
{
	if (one_in(12))
		track_tell(&track, SAMPLE_PAIN, (int32_t)between(0, 10.9));
	else if (one_in(12))
		track_tell(&track, SAMPLE_INTERVALS, one_in(2));
}

/* Steady or not, on foot or not, heard or not */
static void leg(void)
{
	double kmh = one_in(8) ? 0 : one_in(4) ? between(1, 6.5) : between(7, 14);
	double pct = one_in(3) ? between(-6, 12) : 0;
	double spm = kmh <= 0 ? NAN : kmh < 7 ? between(90, 130) : between(145, 190);
	unsigned seconds = (unsigned)between(5, one_in(6) ? 1500 : 150);
	bool deaf = one_in(15);

	tell_something();
	for (unsigned s = 0; s < seconds; s++) {
		track_go(&track, deaf ? (double)NAN : kmh, deaf ? (double)NAN : pct, spm, 1);
		check_second();
	}
}

/* Steps that grow longer at one speed: chance hardly meets them. */
static void tire(void)
{
	struct runner runner = track_runner();

	track_open(&track, rules_shipped(), &runner);
	for (unsigned s = 0; s < 2000; s++) {
		track_go(&track, 10, 0, s < 1300 ? 170 : 163, 1);
		check_second();
	}
	track_close(&track);
}

static void test_facts_hold_in_any_run(void)
{
	tire();
	dice = 11;
	for (unsigned i = 0; i < RUNNERS; i++) {
		struct runner runner = anybody();

		track_open(&track, rules_shipped(), &runner);
		for (unsigned l = 0; l < LEGS; l++)
			leg();
		track_close(&track);
	}
	/* a flag that was never true has shown nothing */
	for (size_t i = 0; i < metric_fact_count; i++)
		if (metric_facts[i].truth && seen[metric_facts[i].flag] < 50)
			complain(metric_facts[i].flag, &before, "was hardly ever true");
}

static void test_rises_are_of_what_they_say(void)
{
	struct runner runner = track_runner();
	const struct metrics *m;

	track_open(&track, rules_shipped(), &runner);
	track_go(&track, 8, 1, 160, 60);
	track_go(&track, 10, 3, 165, 5);
	m = pipeline_values(track.pipeline);
	CU_ASSERT_DOUBLE_EQUAL(m->value[METRIC_speed_rise_10s], 2, NEAR);
	CU_ASSERT_DOUBLE_EQUAL(m->value[METRIC_incline_rise_30s], 2, NEAR);
	track_go(&track, 10, 3, 165, 10);
	m = pipeline_values(track.pipeline);
	CU_ASSERT_DOUBLE_EQUAL(m->value[METRIC_speed_rise_10s], 0, NEAR);
	CU_ASSERT_DOUBLE_EQUAL(m->value[METRIC_incline_rise_30s], 2, NEAR);
	track_go(&track, 10, 3, 165, 20);
	m = pipeline_values(track.pipeline);
	CU_ASSERT_DOUBLE_EQUAL(m->value[METRIC_incline_rise_30s], 0, NEAR);
	track_close(&track);
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "facts hold in any run", test_facts_hold_in_any_run },
		{ "rises are of what they say", test_rises_are_of_what_they_say },
		CU_TEST_INFO_NULL,
	};

	return suite_run("metric_facts", tests);
}
