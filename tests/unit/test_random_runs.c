/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What must hold whoever runs: runners of all heights, beats and speeds through
 * the whole core, with the shipped rules. And what no text may ever say.
 */
#include "tests/unit/suite.h"
#include "tests/unit/track.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define RUNNERS 40

static struct track track;

/* The same numbers on every machine: Lehmer's generator */
static uint64_t dice;

static double between(double low, double high)
{
	dice = dice * 48271 % 2147483647;
	return low + (high - low) * (double)dice / 2147483647;
}

static bool said(const char *rule)
{
	for (size_t i = 0; i < track.spoken.count; i++)
		if (strcmp(track.spoken.line[i].word, rule) == 0)
			return true;
	return false;
}

static enum display_level level_of(const char *word)
{
	const struct rule *rule = ruleset_find(&track.rules, word);

	return rule ? rule->level : DISPLAY_LEVEL_SYSTEM;
}

/* z from `low` to `high` standard deviations */
static struct runner any_runner(double low, double high)
{
	struct runner runner = track_nobody();

	runner.height_m = between(1.5, 2.0);
	runner.baseline_kmh = 10;
	runner.baseline_spm = runner_population_spm(10, runner.height_m) +
	                      9 * between(low, high);
	runner.usual_kmh = between(8.5, 12); /* 2.4 more than easy: no jump */
	runner.sessions = (int32_t)between(0, 30);
	runner.longest_30d_m = 30000;
	return runner;
}

/* A textbook run of 35 minutes at his own beat, give or take a spm */
static void run_clean(const struct runner *runner)
{
	double easy = 0.8 * runner->usual_kmh, pace = runner->usual_kmh;

	track_go(&track, 5, 0, 112, 60);
	for (unsigned s = 60; s < 2100; s++) {
		double kmh = s < 300 ? easy : pace;
		double spm = runner_target_spm(runner, kmh, 0) + between(-1, 1);

		track_go(&track, kmh, 0, spm, 1);
	}
}

static void test_clean_run_of_35_minutes(void)
{
	dice = 1;
	for (unsigned i = 0; i < RUNNERS; i++) {
		struct runner runner = any_runner(-2, 2);
		unsigned prompts = 0;

		track_open(&track, rules_shipped(), &runner);
		run_clean(&runner);
		for (size_t j = 0; j < track.spoken.count; j++) {
			const char *word = track.spoken.line[j].word;
			enum display_level level = level_of(word);

			prompts += ruleset_find(&track.rules, word) != NULL;
			CU_ASSERT_FALSE(level == DISPLAY_LEVEL_FORM);
			CU_ASSERT_FALSE(level == DISPLAY_LEVEL_LOAD);
			CU_ASSERT_FALSE(level == DISPLAY_LEVEL_SAFETY);
		}
		CU_ASSERT_TRUE(prompts > 2 && prompts <= 6);
		track_close(&track);
	}
}

/* Any belt, any beat, tired or not */
static void run_anyhow(void)
{
	for (unsigned leg = 0; leg < 25; leg++) {
		double kmh = between(6, 13), pct = between(0, 4), spm = between(140, 190);

		track_go(&track, kmh, pct, spm, (unsigned)between(30, 180));
	}
}

static void test_z_0_and_above_is_never_told_to_step_quicker(void)
{
	dice = 7;
	for (unsigned i = 0; i < RUNNERS; i++) {
		struct runner runner = any_runner(0.001, 2.5);

		runner.faded = i % 2;
		track_open(&track, rules_shipped(), &runner);
		run_anyhow();
		CU_ASSERT_FALSE(said("cadence-low"));
		CU_ASSERT_FALSE(said("recall"));
		track_close(&track);
	}
}

static void test_low_beats_are_told(void)
{
	unsigned told = 0;

	dice = 7;
	for (unsigned i = 0; i < RUNNERS; i++) {
		struct runner runner = any_runner(-2.5, -1);

		track_open(&track, rules_shipped(), &runner);
		run_anyhow();
		told += said("cadence-low") || said("overstride");
		track_close(&track);
	}
	CU_ASSERT_TRUE(told > RUNNERS / 2);
}

/* rules.md 3: at most three form prompts in 600 s, whatever happens */
static void test_budget_of_form(void)
{
	dice = 3;
	for (unsigned i = 0; i < RUNNERS; i++) {
		struct runner runner = any_runner(-2.5, 2.5);
		uint64_t at[SPOKEN_MAX];
		size_t forms = 0;

		track_open(&track, rules_shipped(), &runner);
		run_anyhow();
		for (size_t j = 0; j < track.spoken.count; j++)
			if (level_of(track.spoken.line[j].word) == DISPLAY_LEVEL_FORM)
				at[forms++] = track.spoken.line[j].t_us;
		for (size_t j = 3; j < forms; j++)
			CU_ASSERT_TRUE(at[j] - at[j - 3] >= 600000000);
		track_close(&track);
	}
}

/* ---- words ------------------------------------------------------------------ */

static bool contains(const char *text, const char *word)
{
	char lower[1024];
	size_t length = strlen(text);

	CU_ASSERT_FATAL(length < sizeof(lower));
	for (size_t i = 0; i <= length; i++)
		lower[i] = (char)tolower((unsigned char)text[i]);
	return strstr(lower, word) != NULL;
}

static void expect_no_false_friend(const char *text)
{
	static const char *const never[] = {
		"longer stride", "longer step", "stride out", "bed rest", "ibuprofen",
		"naproxen", "painkiller", "tablet", "prevent", "cure", "treat",
		"diagnos", "heal ", "correct posture", "straight back", "medically",
		"push through", "jump off", "damage", "wear out your", "avoid running",
		"170-190", "170 to 190", "engage your core",
	};

	for (size_t i = 0; text && i < COUNT(never); i++) {
		if (!contains(text, never[i]))
			continue;
		printf("\n    \"%s\" in \"%s\"\n", never[i], text);
		CU_FAIL("a false friend");
	}
	/* 180 is named once, to say that it is no target */
	if (text && contains(text, "180"))
		CU_ASSERT_TRUE(contains(text, "not a magic 180"));
}

static void test_no_false_friends(void)
{
	struct ruleset rules = rules_shipped();

	CU_ASSERT_TRUE(rules.count >= 30);
	for (size_t i = 0; i < rules.count; i++) {
		const struct rule *rule = &rules.rules[i];

		expect_no_false_friend(rule->headline);
		expect_no_false_friend(rule->public_text);
		expect_no_false_friend(rule->why);
		for (size_t j = 0; j < rule->text_count; j++)
			expect_no_false_friend(rule->texts[j]);
		for (size_t j = 0; j < rule->clause_count; j++)
			expect_no_false_friend(rule->clauses[j].text);
		for (size_t j = 0; j < rule->arg_count; j++)
			for (size_t k = 0; k < rule->args[j].word_count; k++)
				expect_no_false_friend(rule->args[j].words[k]);
	}
	ruleset_free(&rules);
}

/* What a physiotherapist asks for: where does it come from, how sure is it? */
static void test_each_rule_names_its_source_and_strength(void)
{
	struct ruleset rules = rules_shipped();

	for (size_t i = 0; i < rules.count; i++) {
		CU_ASSERT_TRUE(rules.rules[i].source[0] != '\0');
		CU_ASSERT_TRUE(rules.rules[i].strength[0] != '\0');
	}
	ruleset_free(&rules);
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "clean run of 35 minutes", test_clean_run_of_35_minutes },
		{ "z >= 0: never told to step quicker",
		  test_z_0_and_above_is_never_told_to_step_quicker },
		{ "low beats are told", test_low_beats_are_told },
		{ "3 budget of form", test_budget_of_form },
		{ "no false friends", test_no_false_friends },
		{ "each rule names its source and strength",
		  test_each_rule_names_its_source_and_strength },
		CU_TEST_INFO_NULL,
	};

	return suite_run("random_runs", tests);
}
