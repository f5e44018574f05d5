/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The metronome's beat, in samples.
 */
#include "plugins/metronome/beat.h"
#include "tests/unit/suite.h"

#include <math.h>
#include <stdlib.h>

#define RATE 48000u
#define BLOCK 480
#define BEATS 4096

static struct beat beat;
static uint64_t now; /* samples written */
static uint64_t begins[BEATS]; /* of clicks: when the tone begins after silence */
static size_t begun;

static void start(void)
{
	beat_init(&beat, RATE);
	now = 0;
	begun = 0;
}

/* A click's first sample is 0, its second is not. */
static void play(bool on, int spm, double seconds)
{
	const struct beat_wish wish = { on, spm, 0.5 };
	uint64_t end = now + (uint64_t)(seconds * RATE);
	static int silent = 1000;

	while (now < end) {
		int16_t samples[BLOCK];

		beat_write(&beat, &wish, samples, BLOCK);
		for (int i = 0; i < BLOCK; i++, now++) {
			if (samples[i] && silent > 400 && begun < BEATS)
				begins[begun++] = now - 1;
			silent = samples[i] ? 0 : silent + 1;
		}
	}
}

static double gap_ms(size_t i)
{
	return (double)(begins[i + 1] - begins[i]) * 1000 / RATE;
}

static void test_a_click_for_each_step(void)
{
	start();
	play(true, 170, 60);
	CU_ASSERT_EQUAL(begins[0], 0); /* at once */
	CU_ASSERT_EQUAL(beat.beats, 170);
	CU_ASSERT_EQUAL(begun, 170);
	for (size_t i = 0; i + 1 < begun; i++) /* to the sample */
		CU_ASSERT_TRUE(fabs(gap_ms(i) - 60000.0 / 170) <= 1000.0 / RATE);
}

/* A new pace bends what is left of the way to the next step: the gap in which it
 * changes lies between both paces, and no click is lost or doubled. */
static void test_a_new_pace_does_not_jump(void)
{
	for (int new_spm = 150; new_spm <= 190; new_spm += 4)
		for (double at = 10; at < 10.4; at += 0.03) {
			double old_ms = 60000.0 / 170, new_ms = 60000.0 / new_spm;
			double least = fmin(old_ms, new_ms) - 0.05;
			double most = fmax(old_ms, new_ms) + 0.05;

			start();
			play(true, 170, at);
			play(true, new_spm, 3);
			for (size_t i = 0; i + 1 < begun; i++)
				CU_ASSERT_TRUE(gap_ms(i) >= least && gap_ms(i) <= most);
			CU_ASSERT_TRUE(fabs(gap_ms(begun - 2) - new_ms) <= 0.05);
		}
}

static void test_off_is_silent(void)
{
	size_t before;

	start();
	play(false, 170, 2);
	CU_ASSERT_EQUAL(begun, 0);
	play(true, 170, 2);
	before = begun;
	play(false, 170, 5);
	CU_ASSERT_EQUAL(begun, before);
	play(true, 160, 1); /* on again: at once, in the new pace */
	CU_ASSERT_EQUAL(begins[before], 9 * RATE);
	CU_ASSERT_TRUE(fabs(gap_ms(before) - 375) <= 0.05);
}

/* After a gap the beat is where it would be by now; nothing is made up for. */
static void test_time_that_was_lost(void)
{
	const struct beat_wish wish = { true, 150, 0.5 }; /* a step each 400 ms */
	size_t before;

	start();
	play(true, 150, 4.1);
	before = begun;
	beat_skip(&beat, &wish, 1.0); /* steps at 4.4, 4.8 fall into it */
	play(true, 150, 1);
	CU_ASSERT_TRUE(fabs((double)(begins[before] - (uint64_t)(4.1 * RATE)) / RATE - 0.1) <
	               0.001); /* 5.2 */
	beat_skip(&beat, &wish, -5);
	beat_skip(&beat, &wish, NAN);
	CU_ASSERT_TRUE(beat.phase >= 0 && beat.phase <= 1.01);
}

static void test_volume(void)
{
	static const double volumes[] = { 0.1, 0.5, 1 };

	for (size_t k = 0; k < sizeof(volumes) / sizeof(volumes[0]); k++) {
		const struct beat_wish wish = { true, 170, volumes[k] };
		int16_t samples[BLOCK];
		int loudest = 0;

		beat_init(&beat, RATE);
		beat_write(&beat, &wish, samples, BLOCK);
		for (int i = 0; i < BLOCK; i++)
			loudest = abs(samples[i]) > loudest ? abs(samples[i]) : loudest;
		CU_ASSERT_TRUE(loudest > volumes[k] * 32767 * 0.8);
		CU_ASSERT_TRUE(loudest <= volumes[k] * 32767);
	}
}

static void test_what_is_wished(void)
{
	const struct beat_facts good = { true, true, true, true, false, 170 };
	struct beat_facts f = good;

	CU_ASSERT_TRUE(beat_wish_of(&f, 0.5).on);
	CU_ASSERT_EQUAL(beat_wish_of(&f, 0.5).steps_per_minute, 170);
	f.feedback = false;
	CU_ASSERT_FALSE(beat_wish_of(&f, 0.5).on);
	f = good;
	f.running = false;
	CU_ASSERT_FALSE(beat_wish_of(&f, 0.5).on);
	f = good;
	f.ready = false;
	CU_ASSERT_FALSE(beat_wish_of(&f, 0.5).on);
	f = good;
	f.has_target = false;
	CU_ASSERT_FALSE(beat_wish_of(&f, 0.5).on);
	f = good;
	f.target_spm = 100000;
	CU_ASSERT_FALSE(beat_wish_of(&f, 0.5).on);
	f = good;
	f.has_prompt = true; /* who speaks is heard */
	CU_ASSERT_TRUE(beat_wish_of(&f, 0.5).on);
	CU_ASSERT_TRUE(beat_wish_of(&f, 0.5).volume < 0.25);
}

static CU_TestInfo tests[] = {
	{ "a click for each step", test_a_click_for_each_step },
	{ "a new pace does not jump", test_a_new_pace_does_not_jump },
	{ "off is silent", test_off_is_silent },
	{ "time that was lost", test_time_that_was_lost },
	{ "volume", test_volume },
	{ "what is wished", test_what_is_wished },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return suite_run("beat", tests);
}
