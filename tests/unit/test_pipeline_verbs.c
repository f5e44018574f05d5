/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What the daemon tells the core beside samples, and asks of it: batteries, pods to
 * choose from, who is running, what a restart interrupted.
 */
#include "tests/unit/suite.h"
#include "tests/unit/track.h"

#include <math.h>
#include <string.h>

#define SECOND 1000000ull

static struct track track;
static unsigned batteries, sessions, targets, metric_lines;
static enum display_battery_state battery;
static struct display_prompt last;

static void take(const struct outcome *outcome, void *user)
{
	const struct display_message *m = &outcome->message;

	if (m->type == DISPLAY_MESSAGE_BATTERY) {
		batteries++;
		battery = m->battery.footpod;
	}
	sessions += m->type == DISPLAY_MESSAGE_SESSION;
	targets += m->type == DISPLAY_MESSAGE_TARGET;
	metric_lines += m->type == DISPLAY_MESSAGE_METRICS;
	if (m->type == DISPLAY_MESSAGE_PROMPT)
		last = m->prompt;
	track_take(outcome, user);
}

static void start_by(struct ruleset rules, struct pipeline_settings settings)
{
	track = (struct track){ .rules = rules };
	batteries = 0;
	last = (struct display_prompt){ 0 };
	track.pipeline = pipeline_new(&track.rules, &settings, take, &track);
	CU_ASSERT_PTR_NOT_NULL_FATAL(track.pipeline);
}

static void start_with(struct pipeline_settings settings)
{
	start_by(rules_shipped(), settings);
}

static void start(void)
{
	struct pipeline_settings settings;

	pipeline_settings_init(&settings);
	settings.runner = track_runner();
	start_with(settings);
}

static double value(enum metric metric)
{
	return pipeline_values(track.pipeline)->value[metric];
}

/* ---- the pod -------------------------------------------------------------------- */

static void test_a_battery_is_told_when_it_changes(void)
{
	start();
	pipeline_battery(track.pipeline, DISPLAY_BATTERY_GOOD);
	CU_ASSERT_EQUAL(batteries, 1);
	CU_ASSERT_EQUAL(battery, DISPLAY_BATTERY_GOOD);
	pipeline_battery(track.pipeline, DISPLAY_BATTERY_GOOD);
	CU_ASSERT_EQUAL(batteries, 1);
	pipeline_battery(track.pipeline, DISPLAY_BATTERY_LOW);
	CU_ASSERT_EQUAL(batteries, 2);
	CU_ASSERT_EQUAL(battery, DISPLAY_BATTERY_LOW);
	pipeline_battery(track.pipeline, DISPLAY_BATTERY_LOW);
	CU_ASSERT_EQUAL(batteries, 2);
	track_close(&track);
}

static void test_which_pod_is_asked_and_answered_once(void)
{
	struct display_choice choices[DISPLAY_CHOICES_MAX + 1];
	int32_t answer = -1;

	for (size_t i = 0; i < DISPLAY_CHOICES_MAX + 1; i++)
		choices[i] = (struct display_choice){ .value = 41 + (int32_t)i, .text = "pod" };
	start();
	CU_ASSERT_FALSE(pipeline_pod_answer(track.pipeline, &answer));
	pipeline_ask_pods(track.pipeline, choices, DISPLAY_CHOICES_MAX + 1);
	for (unsigned s = 0; s < 60 && !track.spoken.live; s++)
		track_go(&track, 9, 0, NAN, 1);
	CU_ASSERT_TRUE_FATAL(track.spoken.live);
	CU_ASSERT_EQUAL(last.ask.kind, DISPLAY_ASK_CHOICE);
	CU_ASSERT_EQUAL(last.ask.choice_count, DISPLAY_CHOICES_MAX);
	CU_ASSERT_EQUAL(last.ask.choices[1].value, 42);
	CU_ASSERT_STRING_EQUAL(last.ask.choices[1].text, "pod");
	track_tell(&track, SAMPLE_ANSWER, 42);
	CU_ASSERT_TRUE(pipeline_pod_answer(track.pipeline, &answer));
	CU_ASSERT_EQUAL(answer, 42);
	CU_ASSERT_FALSE(pipeline_pod_answer(track.pipeline, &answer));
	pipeline_ask_pods(track.pipeline, NULL, 0);
	track_go(&track, 9, 0, NAN, 1);
	CU_ASSERT_EQUAL(value(METRIC_pods_unsure), 0);
	track_close(&track);
}

/* ---- a locked prompt --------------------------------------------------------------- */

static void test_a_lock_is_told_of_and_comes_back(void)
{
	start();
	CU_ASSERT_FALSE(pipeline_is_locked(track.pipeline));
	track_go(&track, 9, 0, 165, 5);
	track_tell(&track, SAMPLE_RED_FLAG, 0);
	CU_ASSERT_TRUE(pipeline_is_locked(track.pipeline));
	track_close(&track);

	start(); /* the daemon died under it */
	pipeline_restore_lock(track.pipeline);
	CU_ASSERT_TRUE(pipeline_is_locked(track.pipeline));
	CU_ASSERT_TRUE(track.spoken.live);
	CU_ASSERT_EQUAL(last.level, DISPLAY_LEVEL_SAFETY);
	CU_ASSERT_EQUAL(pipeline_session(track.pipeline), DISPLAY_SESSION_PAUSED);
	track_go(&track, 9, 0, 165, 5);
	CU_ASSERT_EQUAL(value(METRIC_pain_free), 0);
	track_close(&track);
}

/* ---- a session that a restart interrupted --------------------------------------------- */

static void resume(const struct runner_session *kept, const struct display_metrics *shown)
{
	start();
	pipeline_resume(track.pipeline, "Ann", kept, shown);
}

static struct runner_session twenty_minutes(void)
{
	struct runner_session kept = {
		.distance_m = 3300, .run_s = 1200, .run_kmh = 10, .cv_pct = 2,
		.pain = -1, .morning_pain = -1,
	};

	kept.bins[10].seconds = 600;
	return kept;
}

static void test_a_session_goes_on_from_what_it_had_come_to(void)
{
	struct runner_session kept = twenty_minutes(), now;
	struct display_metrics shown = {
		.elapsed_s = 1260, .elevation_gain_m = 12, .energy_kcal = 240,
	};

	resume(&kept, &shown);
	CU_ASSERT_EQUAL(track.session.state, DISPLAY_SESSION_PAUSED);
	CU_ASSERT_EQUAL(track.session.elapsed_s, 1260);
	CU_ASSERT_DOUBLE_EQUAL(track.session.distance_m, 3300, 0.5);
	CU_ASSERT_STRING_EQUAL(track.session.runner, "Ann");
	track_go(&track, 10, 0, 165, 36);
	CU_ASSERT_EQUAL(track.session.state, DISPLAY_SESSION_RUNNING);
	CU_ASSERT_EQUAL(value(METRIC_elapsed), 1296);
	CU_ASSERT_EQUAL(value(METRIC_run_time), 1236);
	CU_ASSERT_DOUBLE_EQUAL(value(METRIC_distance), 3400, 3);
	CU_ASSERT_TRUE_FATAL(pipeline_kept(track.pipeline, &now));
	CU_ASSERT_EQUAL(now.run_s, 1236);
	CU_ASSERT_DOUBLE_EQUAL(now.run_kmh, 10, 1e-9);
	CU_ASSERT_DOUBLE_EQUAL(now.cv_pct, 2, 1e-9);
	CU_ASSERT_EQUAL(now.bins[10].seconds, 636);
	CU_ASSERT_EQUAL(now.pain, -1);
	CU_ASSERT_EQUAL(now.morning_pain, -1);
	track_close(&track);
}

static void test_what_was_told_of_pain_holds_on(void)
{
	struct runner_session kept = twenty_minutes(), now;
	struct display_metrics shown = { .elapsed_s = 1260 };

	kept.pain = 5;
	kept.morning_pain = 3;
	kept.told_of_shoes = true;
	resume(&kept, &shown);
	track_go(&track, 5, 0, 110, 5);
	CU_ASSERT_EQUAL(value(METRIC_pain), 5);
	CU_ASSERT_EQUAL(value(METRIC_worst_pain), 5);
	CU_ASSERT_EQUAL(value(METRIC_pain_free), 0);
	CU_ASSERT_EQUAL(value(METRIC_morning_pain), 3);
	CU_ASSERT_TRUE_FATAL(pipeline_kept(track.pipeline, &now));
	CU_ASSERT_EQUAL(now.pain, 5);
	CU_ASSERT_EQUAL(now.morning_pain, 3);
	CU_ASSERT_TRUE(now.told_of_shoes);
	track_close(&track);

	kept = twenty_minutes();
	resume(&kept, &shown);
	track_go(&track, 5, 0, 110, 5);
	CU_ASSERT_TRUE(isnan(value(METRIC_pain)));
	CU_ASSERT_EQUAL(value(METRIC_pain_free), 1);
	CU_ASSERT_TRUE(isnan(value(METRIC_morning_pain)));
	track_close(&track);
}

/* ---- who runs ----------------------------------------------------------------------------- */

static void test_what_is_known_anew_waits_for_the_next_session(void)
{
	struct runner taller = track_runner();

	taller.height_m = 1.9;
	start();
	pipeline_know(track.pipeline, &taller); /* nobody has begun */
	CU_ASSERT_DOUBLE_EQUAL(pipeline_who(track.pipeline)->height_m, 1.9, 1e-9);
	track_go(&track, 9, 0, 165, 5);
	taller.height_m = 1.6;
	pipeline_know(track.pipeline, &taller);
	CU_ASSERT_DOUBLE_EQUAL(pipeline_who(track.pipeline)->height_m, 1.9, 1e-9);
	track_go(&track, 0, 0, NAN, 70);
	CU_ASSERT_EQUAL(pipeline_session(track.pipeline), DISPLAY_SESSION_ENDED);
	CU_ASSERT_DOUBLE_EQUAL(pipeline_who(track.pipeline)->height_m, 1.6, 1e-9);
	track_go(&track, 9, 0, 165, 5);
	taller.height_m = 1.7;
	pipeline_know_now(track.pipeline, &taller);
	CU_ASSERT_DOUBLE_EQUAL(pipeline_who(track.pipeline)->height_m, 1.7, 1e-9);
	track_go(&track, 0, 0, NAN, 70);
	CU_ASSERT_DOUBLE_EQUAL(pipeline_who(track.pipeline)->height_m, 1.7, 1e-9);
	track_close(&track);
}

static void test_nothing_is_kept_before_the_first_session(void)
{
	struct runner_session kept;

	start();
	CU_ASSERT_FALSE(pipeline_kept(track.pipeline, &kept));
	track_go(&track, 9, 0, 165, 30);
	CU_ASSERT_TRUE(pipeline_kept(track.pipeline, &kept));
	track_go(&track, 0, 0, NAN, 70);
	CU_ASSERT_TRUE(pipeline_kept(track.pipeline, &kept));
	CU_ASSERT_DOUBLE_EQUAL(kept.distance_m, 75, 3);
	track_close(&track);
}

/* ---- the time of day ------------------------------------------------------------------------ */

static void test_the_local_time_of_day(void)
{
	CU_ASSERT_EQUAL(pipeline_day_s(0, 0), 0);
	CU_ASSERT_EQUAL(pipeline_day_s(86399, 0), 86399);
	CU_ASSERT_EQUAL(pipeline_day_s(86400, 3600), 3600);
	CU_ASSERT_EQUAL(pipeline_day_s(0, -3600), 82800);
	CU_ASSERT_EQUAL(pipeline_day_s(3600, -3600), 0);
}

/* Soon after rising the back is warmed up for 8 minutes instead of 5. */
static void test_early_is_by_the_time_of_day_that_was_set(void)
{
	static const struct {
		int32_t day_s;
		bool early;
	} rows[] = {
		{ -1, false }, { 10790, false }, { 10800, true }, { 21590, true },
		{ 21600, false },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct pipeline_settings settings;

		pipeline_settings_init(&settings);
		settings.runner = track_runner();
		settings.day_s = rows[i].day_s;
		start_with(settings);
		track_go(&track, 8, 0, 165, 310);
		CU_ASSERT_EQUAL(value(METRIC_warm) > 0, !rows[i].early);
		track_close(&track);
	}
}

/* ---- what displays need not hear again ------------------------------------------------------ */

static void test_only_news_is_told(void)
{
	start();
	track_go(&track, 10, 0, 165, 30);
	sessions = targets = 0;
	track_go(&track, 10, 0, 165, 30);
	CU_ASSERT_EQUAL(sessions, 3); /* each 10 s, for who came late */
	CU_ASSERT_EQUAL(targets, 0);
	track_go(&track, 10.5, 0, 165, 1);
	CU_ASSERT_EQUAL(targets, 1);
	track_close(&track);
}

static void test_running_dynamics_are_told_when_they_change(void)
{
	static const int32_t millimetres[] = { 80, 81, 81, 79 };
	static const unsigned told[] = { 1, 2, 2, 3 };

	for (int kind = SAMPLE_OSCILLATION; kind <= SAMPLE_VERTICAL_RATIO; kind++) {
		start();
		metric_lines = 0;
		for (size_t i = 0; i < 4; i++) {
			track_tell(&track, (enum sample_kind)kind, millimetres[i] * 1000);
			CU_ASSERT_EQUAL(metric_lines, told[i]);
		}
		track_close(&track);
	}
}

/* ---- a rule that fails ------------------------------------------------------------------------ */

/* 1e45 x sessions, six times over, is a number up to a million sessions or so */
#define BIG "999999999999999 * 999999999999999 * 999999999999999 * sessions"
#define HUGE BIG " * " BIG " * " BIG " * " BIG " * " BIG " * " BIG

static const struct rule *failed;

static void on_failed(const struct rule *rule, void *user)
{
	CU_ASSERT_PTR_EQUAL(user, &track);
	failed = rule;
}

static void test_whoever_wants_to_know_hears_of_a_rule_that_fails(void)
{
	for (int wants = 0; wants <= 1; wants++) {
		struct pipeline_settings settings;

		pipeline_settings_init(&settings);
		settings.runner = track_runner();
		settings.runner.sessions = 10000000;
		if (wants)
			settings.rule_failed = on_failed;
		start_by(rules_of("rules:\n- {id: a, level: form, when: '" HUGE " > 1', "
		                  "say: {headline: H, text: T}}\n"), settings);
		failed = NULL;
		track_go(&track, 10, 0, 165, 3);
		CU_ASSERT_EQUAL(failed == &track.rules.rules[0], wants);
		track_close(&track);
	}
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "a battery is told when it changes", test_a_battery_is_told_when_it_changes },
		{ "which pod is asked, and answered once", test_which_pod_is_asked_and_answered_once },
		{ "a lock is told of, and comes back", test_a_lock_is_told_of_and_comes_back },
		{ "a session goes on from what it had come to",
		  test_a_session_goes_on_from_what_it_had_come_to },
		{ "what was told of pain holds on", test_what_was_told_of_pain_holds_on },
		{ "what is known anew waits for the next session",
		  test_what_is_known_anew_waits_for_the_next_session },
		{ "nothing is kept before the first session",
		  test_nothing_is_kept_before_the_first_session },
		{ "the local time of day", test_the_local_time_of_day },
		{ "early is by the time of day that was set",
		  test_early_is_by_the_time_of_day_that_was_set },
		{ "only news is told", test_only_news_is_told },
		{ "running dynamics are told when they change",
		  test_running_dynamics_are_told_when_they_change },
		{ "a rule that fails", test_whoever_wants_to_know_hears_of_a_rule_that_fails },
		CU_TEST_INFO_NULL,
	};

	return suite_run("pipeline_verbs", tests);
}
