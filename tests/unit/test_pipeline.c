/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The core as one object: when it wants to be advanced, what it tells, and
 * that nothing hangs on how often it is advanced. design.md 3 and 5.
 */
#include "tests/unit/suite.h"
#include "tests/unit/track.h"

#include <math.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define SECOND 1000000ull

static struct track track;

static void start_as(struct runner runner)
{
	track_open(&track, rules_shipped(), &runner);
}

static void start(void)
{
	start_as(track_runner());
}

static void go(double kmh, double incline, double spm, unsigned seconds)
{
	track_go(&track, kmh, incline, spm, seconds);
}

static void tell_at(uint64_t t_us, enum sample_kind kind, int32_t value)
{
	struct sample_batch batch = { .t_us = t_us };

	sample_add(&batch, kind, value);
	pipeline_feed(track.pipeline, batch.samples, batch.count);
}

static uint64_t deadline(void)
{
	return pipeline_deadline(track.pipeline);
}

/* ---- when it wants to be advanced ----------------------------------------- */

static void test_nothing_is_due_before_the_first_input(void)
{
	start();
	CU_ASSERT_EQUAL(deadline(), PIPELINE_NEVER);
	pipeline_advance(track.pipeline, 3600 * SECOND);
	CU_ASSERT_EQUAL(deadline(), PIPELINE_NEVER);
	CU_ASSERT_EQUAL(track.out_us, 0);
	track_close(&track);
}

static void test_deadlines_are_whole_seconds(void)
{
	start();
	tell_at(300000, SAMPLE_SPEED, 0);
	CU_ASSERT_EQUAL(deadline(), SECOND);
	pipeline_advance(track.pipeline, SECOND - 1);
	CU_ASSERT_EQUAL(deadline(), SECOND);
	pipeline_advance(track.pipeline, SECOND);
	CU_ASSERT_EQUAL(deadline(), 2 * SECOND);
	tell_at(5 * SECOND, SAMPLE_SPEED, 0); /* due before it: met before it */
	CU_ASSERT_EQUAL(deadline(), 6 * SECOND);
	track_close(&track);
}

static void test_a_prompts_end_is_a_deadline(void)
{
	start();
	tell_at(SECOND / 2, SAMPLE_PAIN, 2);
	pipeline_advance(track.pipeline, 30 * SECOND);
	CU_ASSERT_EQUAL(deadline(), 30 * SECOND + SECOND / 2);
	pipeline_advance(track.pipeline, 31 * SECOND);
	track_said(&track, NULL, "0.5 pain-mild; 30.5 expired");
}

static void test_it_sleeps_when_nobody_sends_and_nobody_runs(void)
{
	start();
	go(0, 0, NAN, 5);
	pipeline_advance(track.pipeline, 20 * SECOND);
	CU_ASSERT_EQUAL(deadline(), 21 * SECOND);
	pipeline_advance(track.pipeline, 86400 * SECOND);
	CU_ASSERT_EQUAL(deadline(), PIPELINE_NEVER);
	CU_ASSERT_EQUAL(track.link.treadmill, DISPLAY_LINK_LOST);
	tell_at(90000 * SECOND + 1, SAMPLE_SPEED, 0);
	CU_ASSERT_EQUAL(deadline(), 90001 * SECOND);
	CU_ASSERT_EQUAL(track.link.treadmill, DISPLAY_LINK_LIVE);
	track_close(&track);
}

static void test_it_sleeps_under_a_locked_prompt(void)
{
	start();
	tell_at(SECOND / 2, SAMPLE_RED_FLAG, 0);
	pipeline_advance(track.pipeline, 3600 * SECOND);
	CU_ASSERT_TRUE(deadline() > 3601 * SECOND);
	tell_at(7200 * SECOND, SAMPLE_ACK, 0);
	track_said(&track, NULL, "0.5 pain-red-flag; 7200 acknowledged");
}

static void test_it_stays_awake_while_an_answer_waits(void)
{
	start();
	tell_at(SECOND / 2, SAMPLE_BELT_STATUS, BELT_SAFETY_KEY);
	tell_at(SECOND / 2, SAMPLE_PAIN, 2);
	pipeline_advance(track.pipeline, 100 * SECOND);
	track_said(&track, NULL, "0.5 safety-key; 30.5 expired; 31 pain-mild; "
	           "61 expired");
}

static void test_it_stays_awake_in_a_session(void)
{
	start();
	go(8, 0, 160, 50);
	pipeline_advance(track.pipeline, 340 * SECOND);
	CU_ASSERT_EQUAL(track.session.state, DISPLAY_SESSION_RUNNING);
	CU_ASSERT_EQUAL(deadline(), 341 * SECOND);
	pipeline_advance(track.pipeline, 1000 * SECOND);
	CU_ASSERT_EQUAL(track.session.state, DISPLAY_SESSION_ENDED);
	CU_ASSERT_EQUAL(deadline(), PIPELINE_NEVER);
	track_close(&track);
}

static void test_holds_start_again_after_sleep(void)
{
	struct runner nobody = track_nobody();

	track_open(&track, rules_of("rules:\n- {id: a, level: system, "
	           "when: not session_running, hold: 40 s, "
	           "say: {headline: H, text: T}}\n"), &nobody);
	go(0, 0, NAN, 5);
	pipeline_advance(track.pipeline, 1000 * SECOND);
	track.now_us = 1000 * SECOND;
	go(0, 0, NAN, 45);
	track_said(&track, NULL, "1041 a");
}

static void test_the_last_minutes_do_not_outlive_sleep(void)
{
	struct runner nobody = track_nobody();

	track_open(&track, rules_of("rules:\n- {id: a, level: system, "
	           "when: incline_rise_30s > 2 %, "
	           "say: {headline: H, text: T}}\n"), &nobody);
	go(0, 0, NAN, 15);
	pipeline_advance(track.pipeline, 1000 * SECOND);
	track.now_us = 1000 * SECOND;
	go(0, 5, NAN, 60);
	track_said(&track, NULL, "");
}

static void test_a_time_gone_by_is_now(void)
{
	start();
	go(8, 0, 160, 50);
	tell_at(10 * SECOND, SAMPLE_PAIN, 2);
	go(8, 0, 160, 1);
	/* track.c checks that times do not fall */
	track_said(&track, "pain-mild", "50 pain-mild");
}

/* ---- what it tells -------------------------------------------------------- */

static unsigned metrics_told;

static void count_metrics(const struct outcome *outcome, void *user)
{
	(void)user;
	metrics_told += outcome->message.type == DISPLAY_MESSAGE_METRICS;
}

static void test_design_5_one_metrics_line_an_input_if_it_changed(void)
{
	struct ruleset rules = rules_shipped();
	struct pipeline_settings settings;
	struct pipeline *p;
	struct sample_batch batch = { .t_us = 100 };

	pipeline_settings_init(&settings);
	p = pipeline_new(&rules, &settings, count_metrics, NULL);
	metrics_told = 0;
	sample_add(&batch, SAMPLE_SPEED, 500);
	sample_add(&batch, SAMPLE_INCLINE, 10);
	sample_add(&batch, SAMPLE_HEART_RATE, 120);
	pipeline_feed(p, batch.samples, batch.count);
	CU_ASSERT_EQUAL(metrics_told, 1);
	pipeline_feed(p, batch.samples, batch.count);
	CU_ASSERT_EQUAL(metrics_told, 1);
	batch.samples[2].value++;
	pipeline_feed(p, batch.samples, batch.count);
	CU_ASSERT_EQUAL(metrics_told, 2);
	CU_ASSERT_EQUAL(pipeline_metrics(p)->heart_rate_bpm, 121);
	pipeline_free(p);
	ruleset_free(&rules);
}

static unsigned targets_told;

static void count_shown(const struct outcome *outcome, void *user)
{
	count_metrics(outcome, NULL);
	targets_told += outcome->message.type == DISPLAY_MESSAGE_TARGET;
	track_take(outcome, user);
}

/* A fast replay without displays */
static void test_metrics_are_spared_and_prompts_are_not(void)
{
	struct pipeline_settings settings;

	for (int spared = 0; spared < 2; spared++) {
		start();
		pipeline_free(track.pipeline);
		pipeline_settings_init(&settings);
		settings.runner.baseline_kmh = 10;
		settings.runner.baseline_spm = 165;
		track.pipeline = pipeline_new(&track.rules, &settings, count_shown, &track);
		if (spared)
			pipeline_spare_metrics(track.pipeline);
		metrics_told = targets_told = 0;
		go(9, 0, 150, 100);
		tell_at(100 * SECOND, SAMPLE_PAIN, 2);
		go(9, 0, 150, 1);
		CU_ASSERT_EQUAL(metrics_told > 0, !spared);
		CU_ASSERT_EQUAL(targets_told > 0, !spared);
		CU_ASSERT_EQUAL(track.session.state, DISPLAY_SESSION_RUNNING);
		track_said(&track, "pain-mild", "100 pain-mild");
	}
}

static void test_5_1_session_states(void)
{
	start();
	go(0, 0, NAN, 10);
	CU_ASSERT_EQUAL(track.session.state, DISPLAY_SESSION_IDLE);
	go(5, 0, 110, 130);
	CU_ASSERT_EQUAL(track.session.state, DISPLAY_SESSION_RUNNING);
	CU_ASSERT_EQUAL(track.session.elapsed_s, 130); /* told each 10 s */
	go(0, 0, 0, 10);
	CU_ASSERT_EQUAL(track.session.state, DISPLAY_SESSION_PAUSED);
	CU_ASSERT_EQUAL(track.session.elapsed_s, 130);
	go(0, 0, 0, 60);
	CU_ASSERT_EQUAL(track.session.state, DISPLAY_SESSION_ENDED);
	CU_ASSERT_EQUAL(track.metrics.elapsed_s, 130);
	go(5, 0, 110, 1);
	CU_ASSERT_EQUAL(track.session.state, DISPLAY_SESSION_RUNNING);
	CU_ASSERT_EQUAL(track.metrics.elapsed_s, 1);
	track_close(&track);
}

static void test_settings(void)
{
	struct pipeline_settings settings;

	start();
	pipeline_free(track.pipeline);
	pipeline_settings_init(&settings);
	CU_ASSERT_TRUE(isnan(settings.runner.height_m)); /* nobody is known */
	CU_ASSERT_STRING_EQUAL(settings.runner.lang, "en");
	settings.session_end_after_s = 15;
	settings.fixed_incline = true;
	settings.incline_pct = 1.5;
	track.pipeline = pipeline_new(&track.rules, &settings, track_take, &track);
	go(5, 8, 110, 10);
	CU_ASSERT_DOUBLE_EQUAL(track.metrics.incline_pct, 1.5, 1e-9);
	go(0, 8, 0, 15);
	CU_ASSERT_EQUAL(track.session.state, DISPLAY_SESSION_PAUSED);
	go(0, 8, 0, 1);
	CU_ASSERT_EQUAL(track.session.state, DISPLAY_SESSION_ENDED);
	track_close(&track);
}

static void test_profile_and_runner_reach_the_displays(void)
{
	struct display_profile profile = {
		.has_height = true, .height_m = 1.8, .has_units = true, .miles = true,
		.has_lang = true, .lang = "de",
	};

	start_as(track_nobody());
	go(5, 0, 110, 10);
	CU_ASSERT_STRING_EQUAL(track.session.runner, "anonymous");
	CU_ASSERT_FALSE(track.session.miles);
	pipeline_profile(track.pipeline, track.now_us, &profile);
	CU_ASSERT_TRUE(track.session.miles);
	CU_ASSERT_STRING_EQUAL(track.session.lang, "de");
	CU_ASSERT_DOUBLE_EQUAL(pipeline_who(track.pipeline)->height_m, 1.8, 1e-9);
	pipeline_runner(track.pipeline, track.now_us, "ada");
	CU_ASSERT_STRING_EQUAL(track.session.runner, "ada");
	pipeline_runner(track.pipeline, track.now_us, NULL);
	CU_ASSERT_STRING_EQUAL(track.session.runner, "anonymous");
	go(0, 0, 0, 61);
	CU_ASSERT_FALSE(track.session.miles); /* this session only */
	CU_ASSERT_TRUE(isnan(pipeline_who(track.pipeline)->height_m));
	track_close(&track);
}

static void test_5_1_pain_is_answered_at_its_own_instant(void)
{
	start();
	go(5, 0, 110, 10);
	tell_at(10 * SECOND + 123456, SAMPLE_PAIN, 5);
	CU_ASSERT_EQUAL(track.spoken.count, 1);
	track_said(&track, NULL, "10.123456 pain-moderate");
}

static void test_a_sessions_end_clears_the_lock(void)
{
	start();
	go(5, 0, 110, 10);
	track_tell(&track, SAMPLE_RED_FLAG, 0);
	go(0, 0, 0, 5);
	tell_at(15 * SECOND + 200000, SAMPLE_BELT_STATUS, BELT_RESET);
	go(0, 0, 0, 5);
	track_said(&track, NULL, "10 pain-red-flag; 16 condition");
}

static void test_a_new_session_starts_with_clean_counts(void)
{
	start_as(track_nobody());
	go(5, 0, 110, 10);
	go(0, 0, 0, 70);
	go(5, 0, 110, 10);
	track_said(&track, NULL, "1 learning; 7 expired; 81 learning; 87 expired");
}

static void test_7_prompts_off_and_safety_only(void)
{
	static const struct {
		enum runner_prompts prompts;
		const char *said;
	} rows[] = {
		{ RUNNER_PROMPTS_ALL, "11 warm-up; 19 expired; 30 decline" },
		{ RUNNER_PROMPTS_SAFETY, "30 decline" },
		{ RUNNER_PROMPTS_OFF, "" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct runner runner = track_runner();

		runner.prompts = rows[i].prompts;
		start_as(runner);
		go(9, 0, 166, 9);
		go(9, -4, 166, 25);
		track_said(&track, NULL, rows[i].said);
	}
}

static void test_rules_swapped_in_mid_run(void)
{
	struct ruleset again = rules_shipped();

	start();
	go(5, 0, 115, 60);
	go(8.5, 0, 166, 240);
	go(10, 0, 162, 200); /* 360, 480 */
	CU_ASSERT_TRUE(pipeline_set_rules(track.pipeline, &again));
	ruleset_free(&track.rules);
	track.rules = again;
	go(10, 0, 162, 500); /* the third by its back-off, and no more */
	track_said(&track, "cadence-low",
	           "360 cadence-low; 368 expired; 480 cadence-low; 488 expired; "
	           "720 cadence-low; 728 expired");
}

/* ---- whatever comes ------------------------------------------------------- */

static void test_values_that_no_decoder_gives_do_no_harm(void)
{
	static const int32_t values[] = {
		0, 1, -1, 65535, -32768, INT32_MAX / 2, INT32_MIN / 2,
	};

	start();
	for (unsigned round = 0; round < 30; round++)
		for (int kind = SAMPLE_SPEED; kind <= SAMPLE_HEART_RATE; kind++) {
			tell_at(round * 7 * SECOND / 3 + (unsigned)kind,
			        (enum sample_kind)kind,
			        values[(round + (unsigned)kind) % COUNT(values)]);
			tell_at(round * 7 * SECOND / 3 + 100, SAMPLE_CADENCE,
			        values[round % COUNT(values)]);
		}
	pipeline_advance(track.pipeline, 10000 * SECOND);
	CU_ASSERT_EQUAL(track.session.state, DISPLAY_SESSION_ENDED);
	track_close(&track);
}

/* ---- same input, same outcomes -------------------------------------------- */

struct dice {
	uint64_t state;
};

static uint32_t roll(struct dice *d, uint32_t sides)
{
	d->state = d->state * 6364136223846793005ull + 1442695040888963407ull;
	return (uint32_t)(d->state >> 33) % sides;
}

/* A random run, as a list of inputs */
#define INPUTS_MAX 4000

struct input {
	uint64_t t_us;
	struct sample samples[3];
	size_t count;
};

struct run {
	struct input input[INPUTS_MAX];
	size_t count;
	uint64_t end_us;
};

static struct input *add_input(struct run *run, uint64_t t_us)
{
	struct input *input = &run->input[run->count++];

	*input = (struct input){ .t_us = t_us };
	return input;
}

static void put(struct input *input, enum sample_kind kind, int32_t value)
{
	input->samples[input->count++] = (struct sample){
		.t_us = input->t_us, .kind = (uint8_t)kind, .value = value,
	};
}

static void add_word(struct run *run, uint64_t t_us, struct dice *d)
{
	static const struct {
		enum sample_kind kind;
		uint32_t values;
	} words[] = {
		{ SAMPLE_PAIN, 11 }, { SAMPLE_RED_FLAG, 5 }, { SAMPLE_ACK, 1 },
		{ SAMPLE_ANSWER, 11 }, { SAMPLE_MUTE, 3 }, { SAMPLE_INTERVALS, 2 },
		{ SAMPLE_END, 600 }, { SAMPLE_BELT_STATUS, 5 },
		{ SAMPLE_TREADMILL_LINK, 5 }, { SAMPLE_FOOTPOD_LINK, 5 },
		{ SAMPLE_HEART_RATE, 200 }, { SAMPLE_DISTANCE, 5000 },
		{ SAMPLE_ACK, 1 }, { SAMPLE_ANSWER, 11 },
	};
	uint32_t i = roll(d, COUNT(words));

	put(add_input(run, t_us), words[i].kind,
	    (int32_t)roll(d, words[i].values));
}

/* Phases of some minutes: a speed, a slope, a cadence, with or without each;
 * words of the runner and the machine in between. */
static void make_run(struct run *run, uint64_t seed)
{
	struct dice d = { seed * 2654435761u + 1 };
	int32_t speed = 0, incline = 0, cadence = 150000;
	bool belt = true, pod = true;
	uint64_t t = roll(&d, 1000000);

	run->count = 0;
	while (run->count < INPUTS_MAX - 4) {
		if (roll(&d, 150) == 0) {
			speed = (int32_t)roll(&d, 4) ? 700 + (int32_t)roll(&d, 700) : 0;
			incline = (int32_t)roll(&d, 3) ? 0 : (int32_t)roll(&d, 120) - 50;
			cadence = 140000 + (int32_t)roll(&d, 40000);
			belt = roll(&d, 12) != 0;
			pod = roll(&d, 12) != 0;
		}
		if (belt) {
			struct input *input = add_input(run, t);

			put(input, SAMPLE_SPEED, speed);
			put(input, SAMPLE_INCLINE, incline);
		}
		if (pod)
			put(add_input(run, t + roll(&d, 100000)), SAMPLE_CADENCE,
			    cadence + (int32_t)roll(&d, 4000));
		if (roll(&d, 150) == 0)
			add_word(run, t + 100000, &d);
		t += 100000 + roll(&d, 900000);
		if (roll(&d, 2000) == 0)
			t += roll(&d, 900) * SECOND;
	}
	run->end_us = t + roll(&d, 600) * SECOND;
}

/* All that came out, as lines, by their FNV-1a hash */
struct trace {
	uint64_t hash;
	size_t prompts, lines;
};

static size_t write_outcome(char *line, const struct outcome *o)
{
	const struct display_message *m = &o->message;

	if (m->type == DISPLAY_MESSAGE_PROMPT)
		return display_write_prompt_event(line, DISPLAY_LINE_MAX, o->t_us,
		                                  &m->prompt);
	if (m->type == DISPLAY_MESSAGE_CLEAR)
		return display_write_clear_event(line, DISPLAY_LINE_MAX, o->t_us,
		                                 &m->clear);
	if (m->type == DISPLAY_MESSAGE_METRICS)
		return display_write_metrics_event(line, DISPLAY_LINE_MAX, o->t_us,
		                                   &m->metrics);
	if (m->type == DISPLAY_MESSAGE_LINK)
		return display_write_link(line, DISPLAY_LINE_MAX, &m->link);
	if (m->type == DISPLAY_MESSAGE_SESSION)
		return display_write_session(line, DISPLAY_LINE_MAX, &m->session, true);
	return display_write_target(line, DISPLAY_LINE_MAX, &m->target);
}

static void hash_outcome(const struct outcome *outcome, void *user)
{
	struct trace *trace = user;
	char line[DISPLAY_LINE_MAX];
	size_t length = write_outcome(line, outcome);

	for (size_t i = 0; i < length; i++)
		trace->hash = (trace->hash ^ (uint8_t)line[i]) * 0x100000001b3ull;
	trace->hash = (trace->hash ^ outcome->t_us) * 0x100000001b3ull;
	trace->prompts += outcome->message.type == DISPLAY_MESSAGE_PROMPT;
	trace->lines++;
}

enum pace { BY_INPUT, AT_DEADLINES, AT_RANDOM, EACH_100_MS };

/* Goes to an instant, in one leap or in many steps */
static void travel(struct pipeline *p, uint64_t from_us, uint64_t to_us,
                   enum pace pace, struct dice *d)
{
	switch (pace) {
	case BY_INPUT:
		return;
	case AT_DEADLINES:
		for (uint64_t t; (t = pipeline_deadline(p)) <= to_us;)
			pipeline_advance(p, t);
		return;
	case AT_RANDOM:
		for (uint64_t t = from_us; t <= to_us; t += roll(d, 3000000))
			pipeline_advance(p, t);
		return;
	case EACH_100_MS:
		for (uint64_t t = from_us; t <= to_us; t += 100000)
			pipeline_advance(p, t);
		return;
	}
}

static struct trace play(const struct run *run, const struct ruleset *rules,
                         const struct runner *runner, enum pace pace)
{
	struct trace trace = { .hash = 0xcbf29ce484222325ull };
	struct dice d = { 7 };
	struct pipeline_settings settings;
	struct pipeline *p;
	uint64_t now_us = 0;

	pipeline_settings_init(&settings);
	settings.runner = *runner;
	p = pipeline_new(rules, &settings, hash_outcome, &trace);
	for (size_t i = 0; i < run->count; i++) {
		const struct input *input = &run->input[i];

		if (input->t_us > now_us) {
			travel(p, now_us, input->t_us, pace, &d);
			now_us = input->t_us;
		}
		pipeline_feed(p, input->samples, input->count);
	}
	travel(p, now_us, run->end_us, pace, &d);
	pipeline_advance(p, run->end_us);
	pipeline_free(p);
	return trace;
}

static void test_same_input_same_outcomes_at_any_pace(void)
{
	static struct run run;
	struct ruleset rules = rules_shipped();
	size_t prompts = 0;

	for (uint64_t seed = 1; seed <= 60; seed++) {
		struct runner runner = seed % 3 ? track_runner() : track_nobody();
		struct trace once;

		if (seed % 6 == 0)
			runner.height_m = 1.7;
		make_run(&run, seed);
		once = play(&run, &rules, &runner, BY_INPUT);
		prompts += once.prompts;
		for (enum pace pace = AT_DEADLINES; pace <= EACH_100_MS; pace++) {
			struct trace again = play(&run, &rules, &runner, pace);

			CU_ASSERT_EQUAL(again.lines, once.lines);
			CU_ASSERT_EQUAL(again.hash, once.hash);
		}
	}
	CU_ASSERT_TRUE(prompts > 400); /* else it shows little */
	ruleset_free(&rules);
}

static void test_it_sleeps_20_s_after_the_last_input(void)
{
	start();
	tell_at(5 * SECOND, SAMPLE_SPEED, 0);
	pipeline_advance(track.pipeline, 25 * SECOND);
	CU_ASSERT_EQUAL(deadline(), 26 * SECOND);
	pipeline_advance(track.pipeline, 26 * SECOND);
	CU_ASSERT_EQUAL(deadline(), PIPELINE_NEVER);
	track_close(&track);
}

/* Of the one that tells of silence, too, which holds on while the belt is gone */
static void test_the_hold_of_a_silence_does_not_outlive_sleep(void)
{
	struct runner nobody = track_nobody();

	track_open(&track, rules_of("rules:\n- {id: a, level: system, "
	           "when: treadmill_gap > 5 s, hold: 40 s, "
	           "say: {headline: H, text: T}}\n"), &nobody);
	go(0, 0, NAN, 5);
	pipeline_advance(track.pipeline, 1000 * SECOND);
	for (unsigned s = 0; s < 45; s++) {
		tell_at((1000 + s) * SECOND, SAMPLE_HEART_RATE, 60);
		pipeline_advance(track.pipeline, (1001 + s) * SECOND);
	}
	track_said(&track, NULL, "1041 a");
}

/* Within the 3 s in which a speed is fresh */
static void test_a_reconnect_begins_the_last_minutes_anew(void)
{
	static const struct {
		int32_t link;
		double steady_s;
	} rows[] = { { DISPLAY_LINK_LIVE, 51 }, { DISPLAY_LINK_LOST, 0 } };

	for (size_t i = 0; i < COUNT(rows); i++) {
		start();
		go(10, 0, NAN, 60);
		track_tell(&track, SAMPLE_TREADMILL_LINK, rows[i].link);
		track_tell(&track, SAMPLE_TREADMILL_LINK, DISPLAY_LINK_LIVE);
		go(10, 0, NAN, 1);
		CU_ASSERT_DOUBLE_EQUAL(pipeline_values(track.pipeline)->value[METRIC_speed_steady],
		                       rows[i].steady_s, 1e-9);
		track_close(&track);
	}
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "nothing due at first", test_nothing_is_due_before_the_first_input },
		{ "whole seconds", test_deadlines_are_whole_seconds },
		{ "a prompt's end", test_a_prompts_end_is_a_deadline },
		{ "sleep", test_it_sleeps_when_nobody_sends_and_nobody_runs },
		{ "sleep under a lock", test_it_sleeps_under_a_locked_prompt },
		{ "no sleep on an answer", test_it_stays_awake_while_an_answer_waits },
		{ "no sleep in a session", test_it_stays_awake_in_a_session },
		{ "holds after sleep", test_holds_start_again_after_sleep },
		{ "last minutes after sleep",
		  test_the_last_minutes_do_not_outlive_sleep },
		{ "a time gone by", test_a_time_gone_by_is_now },
		{ "design 5 metrics lines",
		  test_design_5_one_metrics_line_an_input_if_it_changed },
		{ "metrics spared", test_metrics_are_spared_and_prompts_are_not },
		{ "5.1 session states", test_5_1_session_states },
		{ "settings", test_settings },
		{ "profile, runner", test_profile_and_runner_reach_the_displays },
		{ "5.1 pain at its instant",
		  test_5_1_pain_is_answered_at_its_own_instant },
		{ "new session", test_a_new_session_starts_with_clean_counts },
		{ "session end", test_a_sessions_end_clears_the_lock },
		{ "7 prompts: all, safety, off", test_7_prompts_off_and_safety_only },
		{ "new rules in mid-run", test_rules_swapped_in_mid_run },
		{ "wild values", test_values_that_no_decoder_gives_do_no_harm },
		{ "same input, same outcomes",
		  test_same_input_same_outcomes_at_any_pace },
		{ "sleep 20 s after the last input", test_it_sleeps_20_s_after_the_last_input },
		{ "a silence's hold after sleep",
		  test_the_hold_of_a_silence_does_not_outlive_sleep },
		{ "a reconnect", test_a_reconnect_begins_the_last_minutes_anew },
		CU_TEST_INFO_NULL,
	};

	return suite_run("pipeline", tests);
}
