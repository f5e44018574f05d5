/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The words of peer_policy.h, one by one.
 */
#include "daemon/sources/peer_policy.h"
#include "tests/unit/suite.h"

#include <errno.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define SECOND UINT64_C(1000000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)

/* seconds before the dice; a quarter more or less is right */
static bool is_about(uint64_t wait_us, double seconds)
{
	double s = (double)wait_us / 1e6;

	return s >= 0.74 * seconds && s <= 1.26 * seconds;
}

static void waits_of_each_failure(void)
{
	static const struct {
		const char *name;
		enum peer_failure failure;
		double seconds[9];
	} rows[] = {
		{ "a device that is off is listened for all the time",
		  PEER_ABSENT, { .2, .2, .2, .2, .2, .2, .2, .2, .2 } },
		{ "a link that was good: at once, however often",
		  PEER_LOST, { 0, 0, 0, 0, 0, 0, 0, 0, 0 } },
		{ "found, and it did not work: at once, then doubling to 60 s",
		  PEER_FAULTY, { 0, 1, 2, 4, 8, 16, 32, 60, 60 } },
		{ "silent: likewise",
		  PEER_SILENT, { 0, 1, 2, 4, 8, 16, 32, 60, 60 } },
		{ "somebody else's: gently",
		  PEER_BUSY, { 10, 20, 40, 60, 60, 60, 60, 60, 60 } },
		{ "our adapter is off: the same wait each time",
		  PEER_ADAPTER, { 5, 5, 5, 5, 5, 5, 5, 5, 5 } },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct peer_policy policy;

		peer_policy_init(&policy, i);
		for (size_t j = 0; j < COUNT(rows[i].seconds); j++) {
			uint64_t us = peer_policy_wait_us(&policy, rows[i].failure);

			CU_ASSERT(is_about(us, rows[i].seconds[j]));
			if (!is_about(us, rows[i].seconds[j]))
				printf("\n%s: %zu: %f s\n", rows[i].name, j,
				       (double)us / 1e6);
		}
	}
}

static void for_ever(void)
{
	struct peer_policy policy;

	peer_policy_init(&policy, 1);
	for (int i = 0; i < 1000000; i++)
		CU_ASSERT(peer_policy_wait_us(&policy, PEER_FAULTY) <= 75 * SECOND);
}

/* Of 1,000 consoles that failed alike, no second sees more than a tenth. */
static void consoles_do_not_move_in_step(void)
{
	unsigned in_second[80] = { 0 };

	for (uint64_t seed = 0; seed < 1000; seed++) {
		struct peer_policy policy;
		uint64_t us = 0;

		peer_policy_init(&policy, seed);
		for (int i = 0; i < 8; i++)
			us = peer_policy_wait_us(&policy, PEER_FAULTY);
		CU_ASSERT_FATAL(us < 80 * SECOND);
		in_second[us / SECOND]++;
	}
	for (size_t i = 0; i < COUNT(in_second); i++)
		CU_ASSERT(in_second[i] < 100);
}

static void good_forgets_failures(void)
{
	struct peer_policy policy;

	peer_policy_init(&policy, 1);
	for (int i = 0; i < 6; i++)
		peer_policy_wait_us(&policy, PEER_FAULTY);
	/* a machine that takes each link and drops it is no good one */
	peer_policy_data(&policy, PEER_POLICY_GOOD_US - 1);
	CU_ASSERT(is_about(peer_policy_wait_us(&policy, PEER_FAULTY), 32));
	peer_policy_data(&policy, PEER_POLICY_GOOD_US);
	CU_ASSERT_EQUAL(peer_policy_wait_us(&policy, PEER_FAULTY), 0);
}

/* Absent does not make the next fault look like an old one, nor forgets it. */
static void absence_is_no_fault(void)
{
	struct peer_policy policy;

	peer_policy_init(&policy, 1);
	for (int i = 0; i < 100; i++)
		peer_policy_wait_us(&policy, PEER_ABSENT);
	CU_ASSERT_EQUAL(peer_policy_wait_us(&policy, PEER_FAULTY), 0);
	CU_ASSERT(is_about(peer_policy_wait_us(&policy, PEER_BUSY), 20));
}

/* Asked each 30 s for 10 days */
static void a_week_of_absence_is_a_few_lines(void)
{
	static const uint64_t expected[] = {
		0, 10 * MINUTE, 70 * MINUTE, 7 * HOUR + 10 * MINUTE,
		31 * HOUR + 10 * MINUTE, 55 * HOUR + 10 * MINUTE,
	};
	struct peer_policy policy;
	size_t said = 0;

	peer_policy_init(&policy, 1);
	for (uint64_t t = 0; t < 10 * 24 * HOUR; t += 30 * SECOND) {
		if (!peer_policy_say(&policy, PEER_ABSENT, t))
			continue;
		if (said < COUNT(expected))
			CU_ASSERT_EQUAL(t, expected[said]);
		said++;
	}
	CU_ASSERT_EQUAL(said, 13);
}

static void kinds_are_said_apart_and_do_not_flap(void)
{
	struct peer_policy policy;
	unsigned said = 0;

	peer_policy_init(&policy, 1);
	for (uint64_t t = 0; t < HOUR; t += SECOND) {
		said += peer_policy_say(&policy, PEER_ABSENT, t);
		said += peer_policy_say(&policy, PEER_BUSY, t);
	}
	CU_ASSERT_EQUAL(said, 4);
}

static void a_settled_link_makes_it_news_again(void)
{
	struct peer_policy policy;

	peer_policy_init(&policy, 1);
	CU_ASSERT_TRUE(peer_policy_say(&policy, PEER_LOST, 0));
	peer_policy_data(&policy, PEER_POLICY_SETTLED_US - 1);
	CU_ASSERT_FALSE(peer_policy_say(&policy, PEER_LOST, 60 * SECOND));
	peer_policy_data(&policy, PEER_POLICY_SETTLED_US);
	CU_ASSERT_TRUE(peer_policy_say(&policy, PEER_LOST, 61 * SECOND));
}

static void errors_by_meaning(void)
{
	static const struct {
		int error;
		bool found;
		enum peer_failure failure;
	} rows[] = {
		{ ETIMEDOUT, false, PEER_ABSENT },    /* our limit */
		{ ECONNREFUSED, false, PEER_ABSENT }, /* the kernel's, 40 s */
		{ ETIMEDOUT, true, PEER_FAULTY },     /* supervision */
		{ ETIME, true, PEER_FAULTY },         /* ATT transaction */
		{ ECONNRESET, true, PEER_FAULTY },
		{ ECONNRESET, false, PEER_FAULTY },
		{ 0, true, PEER_FAULTY },
		{ EBUSY, false, PEER_BUSY },
		{ EHOSTUNREACH, false, PEER_ADAPTER }, /* not powered */
		{ ECONNABORTED, true, PEER_ADAPTER },  /* pulled out */
		{ EAFNOSUPPORT, false, PEER_ADAPTER },
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		CU_ASSERT_EQUAL(peer_policy_failure_of(rows[i].error,
		                                       rows[i].found),
		                rows[i].failure);
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "waits of each failure", waits_of_each_failure },
		{ "for ever", for_ever },
		{ "consoles do not move in step", consoles_do_not_move_in_step },
		{ "a good link forgets failures", good_forgets_failures },
		{ "absence is no fault", absence_is_no_fault },
		{ "a week of absence is a few lines",
		  a_week_of_absence_is_a_few_lines },
		{ "kinds are said apart and do not flap",
		  kinds_are_said_apart_and_do_not_flap },
		{ "a settled link makes it news again",
		  a_settled_link_makes_it_news_again },
		{ "errors by meaning", errors_by_meaning },
		CU_TEST_INFO_NULL,
	};

	return suite_run("peer_policy", tests);
}
