/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Which treadmill does the runner stand on? Rows of machines, each driven by a
 * small program of speeds, second by second.
 */
#include "daemon/devices/pairing.h"
#include "tests/unit/suite.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define SECOND UINT64_C(1000000)
#define MPH 1.609344

/* What a machine's runner does, and how the machine tells it */
struct machine {
	double start_kmh; /* before anything is asked */
	bool obeys;       /* its runner does as he is asked */
	bool obeys_first, obeys_second; /* only that time */
	double unit;      /* sent for each 1 that is shown; 0: 1 */
	double ramp_kmh_s; /* 0: at once */
	double noise_kmh;
	double delay_s;     /* until the runner presses */
	unsigned period_s;  /* between values; 0: 1 */
	double then_kmh;    /* where it goes at then_s, once; 0: nowhere */
	unsigned then_s;
	bool spikes;        /* each 7th value is nonsense */
	unsigned silent_at, silent_s; /* says nothing for a while */
	/* now */
	double kmh, goal_kmh, pressed_s;
};

static struct pairing pairing;
static unsigned now_s;

static uint16_t sent(struct machine *m)
{
	double noise = now_s % 2 ? m->noise_kmh : -m->noise_kmh;

	if (m->spikes && now_s % 7 == 0)
		return 1999;
	return (uint16_t)lround((m->kmh + (m->kmh > 0 ? noise : 0)) * 100);
}

static void press(struct machine *m, uint16_t asked, double since_s)
{
	bool wanted = m->obeys || (m->obeys_first && pairing.step == PAIRING_FIRST) ||
	              (m->obeys_second && pairing.step == PAIRING_SECOND);

	if (asked && wanted && since_s >= m->delay_s)
		m->goal_kmh = asked / 10.0 * (m->unit > 0 ? m->unit : 1);
	if (m->then_kmh > 0 && now_s == m->then_s)
		m->goal_kmh = m->then_kmh;
}

static void move(struct machine *m)
{
	double step = m->ramp_kmh_s > 0 ? m->ramp_kmh_s : 100;

	if (m->kmh < m->goal_kmh)
		m->kmh = fmin(m->kmh + step, m->goal_kmh);
	else
		m->kmh = fmax(m->kmh - step, m->goal_kmh);
}

/* Plays it out; every machine is there from the beginning. */
static enum pairing_step play(struct machine *machines, size_t count,
                              enum pairing_unit console)
{
	uint16_t asked = 0;
	unsigned asked_s = 0;

	pairing_begin(&pairing, console, 0);
	for (size_t i = 0; i < count; i++) {
		CU_ASSERT_EQUAL(pairing_join(&pairing), i);
		machines[i].kmh = machines[i].goal_kmh = machines[i].start_kmh;
	}
	for (now_s = 1; now_s < 600 && !pairing_is_over(&pairing); now_s++) {
		for (size_t i = 0; i < count; i++) {
			struct machine *m = &machines[i];
			bool silent = now_s >= m->silent_at &&
			              now_s < m->silent_at + m->silent_s;

			press(m, asked, now_s - asked_s);
			move(m);
			if (!silent && now_s % (m->period_s ? m->period_s : 1) == 0)
				pairing_speed(&pairing, i, sent(m), now_s * SECOND);
		}
		pairing_advance(&pairing, now_s * SECOND);
		if (pairing_asked(&pairing) != asked) {
			asked = pairing_asked(&pairing);
			asked_s = now_s;
		}
	}
	return pairing.step;
}

#define PLAY(console, ...) \
	play((struct machine[]){ __VA_ARGS__ }, \
	     sizeof((struct machine[]){ __VA_ARGS__ }) / sizeof(struct machine), console)

static void found(enum pairing_step step, size_t index, enum pairing_unit sends)
{
	CU_ASSERT_EQUAL(step, PAIRING_FOUND);
	CU_ASSERT_EQUAL(pairing.found, index);
	CU_ASSERT_EQUAL(pairing.sends, sends);
}

/* ---- one follows ---------------------------------------------------------- */

static void test_one_machine(void)
{
	found(PLAY(PAIRING_KMH, { .obeys = true, .delay_s = 4 }), 0, PAIRING_KMH);
}

static void test_one_of_many(void)
{
	found(PLAY(PAIRING_KMH, { .start_kmh = 10 }, { .start_kmh = 0 }, { .start_kmh = 6 },
	           { .start_kmh = 8, .then_kmh = 9, .then_s = 30 },
	           { .obeys = true, .delay_s = 6 }, { .start_kmh = 5.5 }),
	      4, PAIRING_KMH);
}

static void test_machine_that_ramps_slowly(void)
{
	found(PLAY(PAIRING_KMH, { .obeys = true, .ramp_kmh_s = 0.1, .delay_s = 3 },
	           { .start_kmh = 10 }),
	      0, PAIRING_KMH);
}

static void test_noisy_machine(void)
{
	found(PLAY(PAIRING_KMH, { .obeys = true, .noise_kmh = 0.06, .spikes = true }), 0,
	      PAIRING_KMH);
}

static void test_machine_that_speaks_rarely(void)
{
	found(PLAY(PAIRING_KMH, { .obeys = true, .period_s = 3 }), 0, PAIRING_KMH);
}

/* ---- miles ---------------------------------------------------------------- */

/* Its console shows miles; FTMS wants km/h, and it keeps to that. */
static void test_console_in_miles(void)
{
	found(PLAY(PAIRING_MPH, { .obeys = true, .unit = MPH }, { .start_kmh = 6 }), 0,
	      PAIRING_MPH);
}

/* Its console shows miles, and it sends the number shown: quirk mph. */
static void test_machine_that_sends_what_it_shows(void)
{
	found(PLAY(PAIRING_MPH, { .obeys = true, .unit = 1 }, { .start_kmh = 6 }), 0,
	      PAIRING_KMH);
}

/* One unit at both speeds: 3.0 and then 4.5 mph is nobody's answer. */
static void test_units_are_not_mixed(void)
{
	pairing_begin(&pairing, PAIRING_KMH, 0);
	pairing_join(&pairing);
	for (now_s = 1; now_s < 400 && !pairing_is_over(&pairing); now_s++) {
		uint16_t asked = pairing_asked(&pairing);
		bool second = pairing.step == PAIRING_SECOND;

		pairing_speed(&pairing, 0, (uint16_t)(asked * (second ? 16.09 : 10)),
		              now_s * SECOND);
		pairing_advance(&pairing, now_s * SECOND);
	}
	CU_ASSERT_EQUAL(pairing.step, PAIRING_NOBODY);
}

/* ---- who is not chosen ---------------------------------------------------- */

static void test_two_follow(void)
{
	CU_ASSERT_EQUAL(PLAY(PAIRING_KMH, { .obeys = true }, { .obeys = true, .delay_s = 2 },
	                     { .start_kmh = 9 }),
	                PAIRING_SEVERAL);
}

static void test_one_follows_only_once(void)
{
	found(PLAY(PAIRING_KMH, { .obeys_first = true }, { .obeys = true, .delay_s = 2 }), 1,
	      PAIRING_KMH);
}

static void test_nobody_follows(void)
{
	CU_ASSERT_EQUAL(PLAY(PAIRING_KMH, { .start_kmh = 9 }, { .start_kmh = 0 }),
	                PAIRING_NOBODY);
	CU_ASSERT_EQUAL(PLAY(PAIRING_KMH, { .obeys_first = true }), PAIRING_NOBODY);
}

static void test_no_machine_speaks(void)
{
	CU_ASSERT_EQUAL(PLAY(PAIRING_KMH, { .silent_at = 0, .silent_s = 1000 }),
	                PAIRING_NOBODY);
}

/* Some machines send nothing while they stand. */
static void test_machine_that_is_silent_while_it_stands(void)
{
	found(PLAY(PAIRING_KMH, { .obeys = true, .silent_at = 0, .silent_s = 28 }), 0,
	      PAIRING_KMH);
}

static void test_no_machine_at_all(void)
{
	CU_ASSERT_EQUAL(play(NULL, 0, PAIRING_KMH), PAIRING_NOBODY);
	CU_ASSERT_EQUAL(pairing_asked(&pairing), 0);
}

/* Speeds that somebody runs at are not asked for. */
static void test_speeds_are_chosen_where_nobody_is(void)
{
	found(PLAY(PAIRING_KMH, { .start_kmh = 3.0 }, { .start_kmh = 4.6 },
	           { .obeys = true, .delay_s = 3 }),
	      2, PAIRING_KMH);
	CU_ASSERT_NOT_EQUAL(pairing.asked[0], 30);
}

/* Where there is no free speed: one who has it all the time did not go there. */
static void test_crowded_row(void)
{
	found(PLAY(PAIRING_KMH, { .start_kmh = 3.0 }, { .start_kmh = 2.5 },
	           { .start_kmh = 3.5 }, { .start_kmh = 4.0 }, { .start_kmh = 4.5 },
	           { .start_kmh = 2.0 }, { .obeys = true, .delay_s = 3 }),
	      6, PAIRING_KMH);
	CU_ASSERT_EQUAL(PLAY(PAIRING_KMH, { .start_kmh = 3.0, .obeys_second = true },
	                     { .start_kmh = 2.5 }, { .start_kmh = 2.5 },
	                     { .start_kmh = 3.5 }, { .start_kmh = 3.5 },
	                     { .start_kmh = 4.0 }, { .start_kmh = 4.0 },
	                     { .obeys_first = true }),
	                PAIRING_NOBODY);
	CU_ASSERT_EQUAL(pairing.asked[0], 30);
}

/* It passes both speeds on its way up, and keeps neither. */
static void test_ramp_passes_by(void)
{
	for (unsigned ramp = 4; ramp <= 20; ramp += 2)
		CU_ASSERT_EQUAL(PLAY(PAIRING_KMH,
		                     { .start_kmh = 0.5, .then_kmh = 14, .then_s = 8,
		                       .ramp_kmh_s = ramp / 100.0 }),
		                PAIRING_NOBODY);
}

/* ---- machines that fall silent -------------------------------------------- */

/* Until the first speed is asked for; the machine stands. */
static void begin_with_a_standing_machine(void)
{
	pairing_begin(&pairing, PAIRING_KMH, 0);
	pairing_join(&pairing);
	for (now_s = 1; pairing.step == PAIRING_LISTENING; now_s++) {
		pairing_speed(&pairing, 0, 0, now_s * SECOND);
		pairing_advance(&pairing, now_s * SECOND);
	}
}

/* It has the speed that is asked for, for so many seconds. */
static void is_there(unsigned seconds)
{
	for (unsigned i = 0; i < seconds; i++, now_s++)
		pairing_speed(&pairing, 0, (uint16_t)(pairing.asked[0] * 10), now_s * SECOND);
	pairing_advance(&pairing, (now_s - 1) * SECOND);
}

/* The link was lost: its last value is no news, and what was before is not
 * what is after. */
static void test_stale_values_prove_nothing(void)
{
	begin_with_a_standing_machine();
	is_there(6);
	now_s += 10;
	pairing_advance(&pairing, now_s * SECOND);
	CU_ASSERT_EQUAL(pairing.step, PAIRING_FIRST);
	is_there(1);
	is_there(4);
	CU_ASSERT_EQUAL(pairing.step, PAIRING_FIRST);
	is_there(1);
	is_there(3);
	CU_ASSERT_EQUAL(pairing.step, PAIRING_SECOND);
}

static void test_silence_in_between_is_outlived(void)
{
	found(PLAY(PAIRING_KMH, { .obeys = true, .silent_at = 20, .silent_s = 8 }), 0,
	      PAIRING_KMH);
}

/* A machine whose link comes late may be there already. */
static void test_late_machine(void)
{
	pairing_begin(&pairing, PAIRING_KMH, 0);
	pairing_join(&pairing);
	for (now_s = 1; now_s < 100 && !pairing_is_over(&pairing); now_s++) {
		uint16_t asked = pairing_asked(&pairing);

		pairing_speed(&pairing, 0, 900, now_s * SECOND);
		if (now_s == 20)
			CU_ASSERT_EQUAL(pairing_join(&pairing), 1);
		if (now_s >= 20)
			pairing_speed(&pairing, 1, (uint16_t)(asked * 10), now_s * SECOND);
		pairing_advance(&pairing, now_s * SECOND);
	}
	found(pairing.step, 1, PAIRING_KMH);
}

/* ---- time ----------------------------------------------------------------- */

/* Only its deadlines are met, and it comes to the same end. */
static void test_deadlines_suffice(void)
{
	uint64_t now_us = 0;
	unsigned turns = 0;

	pairing_begin(&pairing, PAIRING_KMH, 0);
	pairing_join(&pairing);
	pairing_speed(&pairing, 0, 0, 0);
	while (!pairing_is_over(&pairing) && turns++ < 10) {
		CU_ASSERT_TRUE(pairing_deadline_us(&pairing) > now_us);
		CU_ASSERT_TRUE(pairing_deadline_us(&pairing) <= now_us + PAIRING_LIMIT_US);
		now_us = pairing_deadline_us(&pairing);
		CU_ASSERT_TRUE(pairing_advance(&pairing, now_us));
	}
	CU_ASSERT_EQUAL(pairing.step, PAIRING_NOBODY);
	CU_ASSERT_EQUAL(pairing_deadline_us(&pairing), PAIRING_NEVER);
	CU_ASSERT_FALSE(pairing_advance(&pairing, now_us + SECOND));
}

static void test_too_many_machines(void)
{
	pairing_begin(&pairing, PAIRING_KMH, 0);
	for (size_t i = 0; i < PAIRING_MAX; i++)
		CU_ASSERT_EQUAL(pairing_join(&pairing), i);
	CU_ASSERT_EQUAL(pairing_join(&pairing), PAIRING_MAX);
}

static CU_TestInfo tests[] = {
	{ "one machine", test_one_machine },
	{ "one of many", test_one_of_many },
	{ "a machine that ramps slowly", test_machine_that_ramps_slowly },
	{ "a noisy machine", test_noisy_machine },
	{ "a machine that speaks rarely", test_machine_that_speaks_rarely },
	{ "a console in miles", test_console_in_miles },
	{ "a machine that sends what it shows", test_machine_that_sends_what_it_shows },
	{ "units are not mixed", test_units_are_not_mixed },
	{ "two follow", test_two_follow },
	{ "one follows only once", test_one_follows_only_once },
	{ "nobody follows", test_nobody_follows },
	{ "no machine speaks", test_no_machine_speaks },
	{ "a machine that is silent while it stands",
	  test_machine_that_is_silent_while_it_stands },
	{ "no machine at all", test_no_machine_at_all },
	{ "speeds are chosen where nobody is", test_speeds_are_chosen_where_nobody_is },
	{ "a crowded row", test_crowded_row },
	{ "a ramp passes by", test_ramp_passes_by },
	{ "stale values prove nothing", test_stale_values_prove_nothing },
	{ "silence in between is outlived", test_silence_in_between_is_outlived },
	{ "a late machine", test_late_machine },
	{ "deadlines suffice", test_deadlines_suffice },
	{ "too many machines", test_too_many_machines },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return suite_run("pairing", tests);
}
