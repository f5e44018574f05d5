/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "tests/unit/simulated.h"
#include "tests/unit/suite.h"

#include <stdlib.h>
#include <string.h>

/* ---- chance ---- */

/* SplitMix64 from 1234567: the values its authors' reference code prints */
static void test_splitmix_reference_values(void)
{
	static const uint64_t expected[] = {
		UINT64_C(6457827717110365317),
		UINT64_C(3203168211198807973),
		UINT64_C(9817491932198370423),
	};
	uint64_t state = 1234567;

	for (size_t i = 0; i < sizeof(expected) / sizeof(*expected); i++)
		CU_ASSERT_EQUAL(dice_splitmix(&state), expected[i]);
}

/* xoshiro256** from the state 1 2 3 4: its reference code's first values */
static void test_xoshiro_reference_values(void)
{
	static const uint64_t expected[] = {
		11520,
		0,
		1509978240,
		UINT64_C(1215971899390074240),
	};
	struct dice dice = { { 1, 2, 3, 4 } };

	for (size_t i = 0; i < sizeof(expected) / sizeof(*expected); i++)
		CU_ASSERT_EQUAL(dice_next(&dice), expected[i]);
}

static void test_normal_has_mean_0_and_deviation_1(void)
{
	const int64_t count = 20000;
	int64_t sum = 0, squares = 0;
	struct dice dice;

	dice_seed(&dice, 7, 1);
	for (int64_t i = 0; i < count; i++) {
		int64_t x = dice_normal_permille(&dice);

		sum += x;
		squares += x * x;
	}
	CU_ASSERT(llabs(sum / count) < 30);
	CU_ASSERT(squares / count > 970000 && squares / count < 1030000);
}

static void test_streams_differ(void)
{
	struct dice a, b, c;

	dice_seed(&a, 1, 1);
	dice_seed(&b, 1, 2);
	dice_seed(&c, 2, 1);
	CU_ASSERT_NOT_EQUAL(dice_next(&a), dice_next(&b));
	CU_ASSERT_NOT_EQUAL(dice_next(&a), dice_next(&c));
}

/* ---- the table ---- */

static void test_every_scenario_is_told_in_order(void)
{
	for (size_t i = 0; i < scenario_count(); i++) {
		const struct scenario *s = scenario_at(i);
		const struct scenario_step *step = s->program;
		unsigned last_s = 0;

		CU_ASSERT_PTR_EQUAL(scenario_by_name(s->name), s);
		CU_ASSERT(strlen(s->summary) <= 100);
		for (; step->button != SCENARIO_END; step++) {
			CU_ASSERT(step->at_s >= last_s);
			last_s = step->at_s;
		}
		CU_ASSERT(last_s < s->seconds);
	}
	CU_ASSERT_PTR_NULL(scenario_by_name("dmeo"));
	CU_ASSERT_PTR_NULL(scenario_at(scenario_count()));
}

static void test_no_silence_longer_than_a_reaction(void)
{
	/* A player looks one event ahead: were pod and belt silent at once, a
	 * prompt would be heard too late. */
	for (size_t i = 0; i < scenario_count(); i++) {
		const struct scenario *s = scenario_at(i);

		CU_ASSERT(s->machine_gap.seconds == 0 ||
		          (s->pod != POD_NONE && s->pod_gap.seconds == 0));
	}
}

/* ---- the events ---- */

struct order {
	uint64_t last_us;
	uint64_t longest_us; /* without an event */
	uint64_t second;
	unsigned in_second, most_in_second;
};

static void check_order(const struct source_event *event, struct simulator *sim,
                        void *user)
{
	struct order *order = user;

	(void)sim;
	CU_ASSERT(event->t_us >= order->last_us);
	if (event->t_us - order->last_us > order->longest_us)
		order->longest_us = event->t_us - order->last_us;
	if (event->t_us / SECOND != order->second)
		order->in_second = 0;
	order->second = event->t_us / SECOND;
	order->last_us = event->t_us;
	if (++order->in_second > order->most_in_second)
		order->most_in_second = order->in_second;
}

static void test_events_come_in_order_and_without_storms(void)
{
	for (size_t i = 0; i < scenario_count(); i++) {
		const struct scenario *s = scenario_at(i);
		struct order order = { 0 };

		play(s->name, 1, check_order, &order);
		CU_ASSERT(order.last_us < s->seconds * SECOND);
		CU_ASSERT(order.last_us > s->seconds * SECOND - 2 * SECOND);
		CU_ASSERT(order.longest_us < MIND_LATENCY_MIN_US);
		CU_ASSERT(order.most_in_second <= 14);
	}
}

static void test_a_seed_repeats_to_the_byte(void)
{
	for (size_t i = 0; i < scenario_count(); i++) {
		const char *name = scenario_at(i)->name;
		uint64_t first = hash_of(name, 5);

		CU_ASSERT_EQUAL(first, hash_of(name, 5));
		CU_ASSERT_NOT_EQUAL(first, hash_of(name, 6));
	}
}

/* The same number on every machine and by every compiler: a change here is a
 * change of the model, and then only the number is to be replaced. */
static void test_a_seed_is_the_same_everywhere(void)
{
	CU_ASSERT_EQUAL(hash_of("steady-good", 1),
	                UINT64_C(0xde39b17045946a4d));
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "SplitMix64 reference values",
		  test_splitmix_reference_values },
		{ "xoshiro256** reference values",
		  test_xoshiro_reference_values },
		{ "normal: mean 0, deviation 1",
		  test_normal_has_mean_0_and_deviation_1 },
		{ "streams differ", test_streams_differ },
		{ "table in order", test_every_scenario_is_told_in_order },
		{ "never both silent", test_no_silence_longer_than_a_reaction },
		{ "events in order, no storms",
		  test_events_come_in_order_and_without_storms },
		{ "a seed repeats to the byte",
		  test_a_seed_repeats_to_the_byte },
		{ "a seed is the same everywhere",
		  test_a_seed_is_the_same_everywhere },
		CU_TEST_INFO_NULL,
	};

	return suite_run("simulator", tests);
}
