/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Each scenario through the whole line with the shipped rules: what it shows
 * is what its summary promises.
 */
#include "daemon/devices/intake.h"
#include "daemon/sources/simulate.h"
#include "tests/unit/simulated.h"
#include "tests/unit/suite.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct ruleset rules; /* the shipped ones */

/* ---- one scenario, coached ---- */

struct coached {
	struct simulator *simulator;
	struct pipeline *pipeline;
	struct intake *intake;
	char said[1024];   /* rules of the prompts but asides, in order */
	char timed[2048];  /* the same with seconds, for a failure's message */
	uint64_t first_us; /* of the first prompt */
	char first[48];
	uint32_t target_spm; /* of the first cadence-low */
	uint64_t praised_us;
	uint64_t undecoded;
};

static void append(char *list, size_t size, const char *word)
{
	size_t used = strlen(list);

	snprintf(list + used, size - used, "%s%s", used > 0 ? " " : "", word);
}

/* Small talk of any run, at seconds that no story is about */
static bool is_aside(const struct display_prompt *prompt)
{
	return prompt->level == DISPLAY_LEVEL_HABIT ||
	       strcmp(prompt->rule, "praise-smooth") == 0;
}

static void note_prompt(struct coached *c, uint64_t t_us,
                        const struct display_prompt *prompt)
{
	char timed[80];

	snprintf(timed, sizeof(timed), "%.1f:%s", (double)t_us / 1e6,
	         prompt->rule);
	if (!is_aside(prompt))
		append(c->said, sizeof(c->said), prompt->rule);
	append(c->timed, sizeof(c->timed), timed);
	if (c->first[0] == '\0') {
		c->first_us = t_us;
		snprintf(c->first, sizeof(c->first), "%s", prompt->rule);
	}
	if (strcmp(prompt->rule, "cadence-low") == 0 && c->target_spm == 0)
		c->target_spm = (uint32_t)(prompt->args[0].value + 0.5);
	if (strcmp(prompt->rule, "praise-hold") == 0 && c->praised_us == 0)
		c->praised_us = t_us;
}

static void note_outcome(const struct outcome *outcome, void *user)
{
	struct coached *c = user;
	const struct display_message *m = &outcome->message;

	simulator_outcome(c->simulator, outcome);
	if (m->type == DISPLAY_MESSAGE_PROMPT)
		note_prompt(c, outcome->t_us, &m->prompt);
}

static struct pipeline_settings settings_of(const struct scenario *scenario)
{
	struct pipeline_settings settings;
	char why[200];

	pipeline_settings_init(&settings);
	CU_ASSERT_TRUE_FATAL(runner_parse(scenario->runner, &settings.runner,
	                                  why, sizeof(why)));
	return settings;
}

static struct coached coach(const char *name, uint64_t seed)
{
	const struct scenario *scenario = scenario_by_name(name);
	struct pipeline_settings settings = settings_of(scenario);
	struct coached c = { .first = "" };
	struct source_event event;

	c.simulator = open_named(name, seed);
	c.pipeline = pipeline_new(&rules, &settings, note_outcome, &c);
	c.intake = intake_new(c.pipeline);
	CU_ASSERT_PTR_NOT_NULL_FATAL(c.intake);
	while (simulator_next(c.simulator, &event))
		intake_event(c.intake, &event);
	pipeline_advance(c.pipeline, scenario->seconds * SECOND);
	c.undecoded = intake_counts(c.intake).undecoded;
	intake_free(c.intake);
	pipeline_free(c.pipeline);
	simulator_free(c.simulator);
	return c;
}

/* ---- what each shows ---- */

static const struct {
	const char *name, *said;
} expected[] = {
	{ "demo", "cadence-low praise-hold steep-and-fast" },
	{ "steady-good", "" },
	{ "cadence-low-obedient",
	  "cadence-low praise-hold cadence-low praise-hold" },
	{ "cadence-low-stubborn", "cadence-low cadence-low cadence-low" },
	{ "overstride", "overstride overstride" },
	{ "speed-jump", "speed-jump" },
	{ "steep", "steep-and-fast" },
	{ "decline", "decline" },
	{ "incline-jump", "incline-jump" },
	{ "no-warm-up", "warm-up" },
	{ "pain-mild", "pain-mild ask-pain pain-mild" },
	{ "pain-moderate",
	  "pain-moderate ask-pain pain-mild ask-pain pain-mild" },
	{ "pain-high", "pain-high-or-rising" },
	{ "pain-rising", "pain-mild pain-high-or-rising" },
	{ "red-flag", "pain-red-flag" },
	{ "cadence-lost", "cadence-lost" },
	{ "treadmill-lost", "treadmill-lost" },
	{ "anonymous-height", "learning cadence-low praise-hold" },
	{ "walk", "" },
	{ "intervals", "" },
	{ "safety-key", "safety-key" },
	{ "false-start", "safety-key" },
	{ "pause", "" },
	{ "belt-step-count", "" },
	{ "belt-split-record", "cadence-low praise-hold" },
	{ "belt-cut-frames", "cadence-low praise-hold" },
	{ "pod-drop-outs", "cadence-low praise-hold" },
	{ "pod-strides-only", "cadence-low praise-hold" },
	{ "pod-rsc-strides", "cadence-low praise-hold" },
	{ "pod-rsc-steps", "cadence-low praise-hold" },
};

/* Those of scenario_rules.c: among what else a run of that length brings, the
 * rule that each is about. */
static const struct {
	const char *name, *rule;
} shows[] = {
	{ "pain-ignored", "speed-over-cap-after-pain" },
	{ "steep-long", "steep-long" },
	{ "cadence-high", "cadence-high" },
	{ "cadence-irregular", "cadence-irregular" },
	{ "fatigue-drift", "fatigue-drift" },
	{ "recall", "recall" },
	{ "session-spike", "session-spike" },
	{ "rest-day", "rest-day-and-week" },
	{ "run-days", "rest-day-and-week" },
	{ "no-cool-down", "cool-down" },
	{ "after-run", "after-run" },
	{ "shoes", "shoe-mileage" },
	{ "long-run", "posture-rota" },
	{ "long-run", "praise-smooth" },
	{ "long-run", "static-pace" },
	{ "long-run", "hydration" },
	{ "handrail", "handrail-suspected" },
	{ "handrail-walk", "handrail-suspected" },
	{ "pod-reckons-short", "pod-belt-disagree" },
	{ "pod-battery", "pod-battery-low" },
	{ "pod-weak", "pod-signal-weak" },
	{ "pod-misplaced", "pod-location" },
	{ "which-pod", "ask-pod" },
	{ "morning", "ask-morning" },
	{ "learning", "learning" },
	{ "another-runner", "ask-runner" },
};

static void check_story(const char *name, const char *said, uint64_t seed)
{
	struct coached c = coach(name, seed);

	if (strcmp(c.said, said) != 0)
		printf("\n  %s, seed %u\n    expected %s\n    saw      %s\n",
		       name, (unsigned)seed, said, c.timed);
	CU_ASSERT_STRING_EQUAL(c.said, said);
	CU_ASSERT_EQUAL(c.undecoded, 0);
}

/* Chance decides when, and not what. */
static void test_each_scenario_shows_what_it_promises(void)
{
	for (size_t i = 0; i < sizeof(expected) / sizeof(*expected); i++)
		for (uint64_t seed = 1; seed <= 3; seed++)
			check_story(expected[i].name, expected[i].said, seed);
}

/* Among "12.0:one 34.5:other" */
static bool was_said(const char *timed, const char *rule)
{
	size_t length = strlen(rule);

	for (const char *at = timed; (at = strchr(at, ':')); at++)
		if (strncmp(at + 1, rule, length) == 0 &&
		    (at[1 + length] == ' ' || at[1 + length] == '\0'))
			return true;
	return false;
}

static void test_each_rule_shows_in_its_scenario(void)
{
	for (size_t i = 0; i < sizeof(shows) / sizeof(*shows); i++)
		for (uint64_t seed = 1; seed <= 3; seed++) {
			struct coached c = coach(shows[i].name, seed);
			bool said = was_said(c.timed, shows[i].rule);

			/* a rule that is not shipped says nothing */
			if (said != (ruleset_find(&rules, shows[i].rule) != NULL))
				printf("\n  %s, seed %u, lacks %s: %s\n", shows[i].name,
				       (unsigned)seed, shows[i].rule, c.timed);
			CU_ASSERT_EQUAL(said, ruleset_find(&rules, shows[i].rule) != NULL);
			CU_ASSERT_EQUAL(c.undecoded, 0);
		}
}

/* A word among words */
static bool has_word(const char *words, const char *word)
{
	size_t length = strlen(word);

	for (const char *at = words; (at = strstr(at, word)); at += length)
		if ((at == words || at[-1] == ' ') && (at[length] == ' ' || !at[length]))
			return true;
	return false;
}

/* Which the two tests above have seen to be true */
static bool is_shown(const char *rule)
{
	for (size_t i = 0; i < sizeof(expected) / sizeof(*expected); i++)
		if (has_word(expected[i].said, rule))
			return true;
	for (size_t i = 0; i < sizeof(shows) / sizeof(*shows); i++)
		if (strcmp(shows[i].rule, rule) == 0)
			return true;
	return false;
}

static void test_each_rule_has_a_scenario(void)
{
	for (size_t i = 0; i < rules.count; i++) {
		if (!is_shown(rules.rules[i].id))
			printf("\n  no scenario shows %s\n", rules.rules[i].id);
		CU_ASSERT_TRUE(is_shown(rules.rules[i].id));
	}
}

static bool is_listed(const char *name)
{
	for (size_t i = 0; i < sizeof(expected) / sizeof(*expected); i++)
		if (strcmp(name, expected[i].name) == 0)
			return true;
	for (size_t i = 0; i < sizeof(shows) / sizeof(*shows); i++)
		if (strcmp(name, shows[i].name) == 0)
			return true;
	return false;
}

static void test_each_scenario_is_expected_here(void)
{
	for (size_t i = 0; i < scenario_count(); i++)
		CU_ASSERT_TRUE(is_listed(scenario_at(i)->name));
}

/* Whatever the seed, a first-time user sees the prompt, then the praise. */
static void test_the_demo_works_for_every_seed(void)
{
	for (uint64_t seed = 1; seed <= 20; seed++) {
		struct coached c = coach("demo", seed);

		CU_ASSERT_STRING_EQUAL(c.first, "cadence-low");
		CU_ASSERT(c.first_us >= 355 * SECOND &&
		          c.first_us <= 385 * SECOND);
		CU_ASSERT_EQUAL(c.target_spm, 170);
		CU_ASSERT(c.praised_us > c.first_us + 15 * SECOND &&
		          c.praised_us < c.first_us + 75 * SECOND);
	}
}

/* ---- the runners of the table ---- */

static void test_what_is_told_of_a_runner_is_true(void)
{
	for (size_t i = 0; i < scenario_count(); i++) {
		const struct scenario *s = scenario_at(i);
		struct runner runner = settings_of(s).runner;
		int64_t mspm = body_line_mspm(s->body, 10000000, 0);

		if (isnan(runner.height_m))
			continue;
		CU_ASSERT_EQUAL((int)(runner.height_m * 1000 + 0.5),
		                s->body->height_mm);
		if (isnan(runner.baseline_spm))
			continue;
		CU_ASSERT_EQUAL((int64_t)(runner.baseline_spm * 1000) / 1000,
		                (mspm + 500) / 1000);
		CU_ASSERT(fabs(runner_line_spm(&runner, 12, 4) * 1000 -
		               (double)body_line_mspm(s->body, 12000000,
		                                      4000)) < 500);
	}
}

/* ---- the source ---- */

static void test_source_hurries_to_5_s_before_the_first_prompt(void)
{
	struct pipeline_settings settings;
	struct simulate *s;
	char why[200];

	pipeline_settings_init(&settings);
	s = simulate_open("demo", 3, &rules, &settings, why, sizeof(why));
	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	CU_ASSERT_EQUAL(simulate_ops.fast_until_us(s),
	                coach("demo", 3).first_us - 5 * SECOND);
	CU_ASSERT_DOUBLE_EQUAL(settings.runner.baseline_spm, 158, 0.001);
	CU_ASSERT_STRING_EQUAL(simulate_model(s), "demo");
	simulate_ops.free(s);
	s = simulate_open("walk", 1, &rules, &settings, why, sizeof(why));
	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	CU_ASSERT_EQUAL(simulate_ops.fast_until_us(s), 0);
	simulate_ops.free(s);
}

static void test_source_ends_with_the_scenario(void)
{
	struct pipeline_settings settings;
	struct source_event event;
	uint64_t end_us = 0;
	struct simulate *s;
	char why[200];

	pipeline_settings_init(&settings);
	s = simulate_open("walk", 1, &rules, &settings, why, sizeof(why));
	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	while (simulate_ops.next(s, &event, &end_us) == SOURCE_NEXT_EVENT)
		;
	CU_ASSERT_EQUAL(end_us, scenario_by_name("walk")->seconds * SECOND);
	simulate_ops.free(s);
}

static void test_source_proposes_the_name_that_was_meant(void)
{
	struct pipeline_settings settings;
	char why[200];

	pipeline_settings_init(&settings);
	CU_ASSERT_PTR_NULL(simulate_open("steady-god", 1, &rules, &settings,
	                                 why, sizeof(why)));
	CU_ASSERT_PTR_NOT_NULL(strstr(why, "did you mean steady-good?"));
	CU_ASSERT_PTR_NOT_NULL(strstr(why, "--simulate list"));
	CU_ASSERT_PTR_NULL(simulate_open("xyzzyxyzzy", 1, &rules, &settings,
	                                 why, sizeof(why)));
	CU_ASSERT_PTR_NULL(strstr(why, "did you mean"));
}

static bool load_rules(void)
{
	static char text[1u << 17];
	FILE *file = fopen(TEST_SOURCE "/daemon/rules/rules.yaml", "r");
	size_t length = file ? fread(text, 1, sizeof(text), file) : 0;
	struct ruleset_error error = { "rules.yaml", "cannot be read" };

	if (file)
		fclose(file);
	if (length > 0 &&
	    ruleset_parse(&rules, "rules.yaml", text, length, &error))
		return true;
	fprintf(stderr, "%s: %s\n", error.where, error.message);
	return false;
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "each is expected here",
		  test_each_scenario_is_expected_here },
		{ "each shows what it promises",
		  test_each_scenario_shows_what_it_promises },
		{ "each rule shows in its scenario",
		  test_each_rule_shows_in_its_scenario },
		{ "each rule has a scenario", test_each_rule_has_a_scenario },
		{ "the demo for every seed",
		  test_the_demo_works_for_every_seed },
		{ "runners are told truly",
		  test_what_is_told_of_a_runner_is_true },
		{ "source: hurries",
		  test_source_hurries_to_5_s_before_the_first_prompt },
		{ "source: ends", test_source_ends_with_the_scenario },
		{ "source: did you mean",
		  test_source_proposes_the_name_that_was_meant },
		CU_TEST_INFO_NULL,
	};
	int status;

	if (!load_rules())
		return 99;
	status = suite_run("scenarios", tests);
	ruleset_free(&rules);
	return status;
}
