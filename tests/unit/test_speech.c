/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What the voice says, and what it leaves unsaid.
 */
#include "plugins/voice/speech.h"
#include "tests/unit/suite.h"

#include <string.h>

#define NOW 1000000u /* ms */

static struct speech speech;

static void prompt(uint32_t id, enum display_level level)
{
	struct display_prompt p = { .id = id, .level = level, .ttl_ms = 8000 };

	strcpy(p.headline, "Headline");
	strcpy(p.text, "Text in full.");
	speech_prompt(&speech, &p, NOW);
}

/* What is said next; "" if nothing */
static const char *next(void)
{
	static char said[300];
	struct utterance u;

	if (!speech_next(&speech, &u))
		return "";
	snprintf(said, sizeof(said), "%s %u: %s", u.lang, (unsigned)u.id, u.text);
	return said;
}

static void test_by_level(void)
{
	static const struct {
		enum display_level level;
		const char *usual, *changed;
	} rows[] = {
		{ DISPLAY_LEVEL_SAFETY, "en 1: Text in full.", "en 1: Headline" },
		{ DISPLAY_LEVEL_LOAD, "en 1: Text in full.", "en 1: Text in full." },
		{ DISPLAY_LEVEL_FORM, "en 1: Headline", "en 1: Text in full." },
		{ DISPLAY_LEVEL_HABIT, "en 1: Headline", "en 1: Headline" },
		{ DISPLAY_LEVEL_PRAISE, "en 1: Headline", "" },
		{ DISPLAY_LEVEL_SYSTEM, "en 1: Headline", "en 1: Headline" },
	};
	char wrong[32];

	speech_init(&speech);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		prompt(1, rows[i].level);
		CU_ASSERT_STRING_EQUAL(next(), rows[i].usual);
	}
	CU_ASSERT_TRUE(speech_policy_read(&speech.policy,
	                                  "form=text,praise=nothing,safety=headline", wrong,
	                                  sizeof(wrong)));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		prompt(1, rows[i].level);
		CU_ASSERT_STRING_EQUAL(next(), rows[i].changed);
	}
}

static void test_policy_that_is_wrong(void)
{
	static const char *const words[] = {
		"form", "form=", "=text", "form=texts", "Form=text", "form=text,,", "form=text x",
		"form=text,safety=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	};
	struct speech_policy policy, before;
	char wrong[32];

	speech_policy_init(&policy);
	before = policy;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		CU_ASSERT_FALSE(speech_policy_read(&policy, words[i], wrong, sizeof(wrong)));
		CU_ASSERT_EQUAL(memcmp(&policy, &before, sizeof(policy)), 0);
	}
	CU_ASSERT_FALSE(speech_policy_read(&policy, "form=text,prase=text", wrong, sizeof(wrong)));
	CU_ASSERT_STRING_EQUAL(wrong, "prase=text");
}

static void test_said_once_and_nothing_waits(void)
{
	speech_init(&speech);
	CU_ASSERT_STRING_EQUAL(next(), "");
	prompt(1, DISPLAY_LEVEL_FORM);
	prompt(2, DISPLAY_LEVEL_FORM);
	prompt(3, DISPLAY_LEVEL_FORM);
	CU_ASSERT_STRING_EQUAL(next(), "en 3: Headline");
	CU_ASSERT_STRING_EQUAL(next(), "");
}

static void test_too_late(void)
{
	speech_init(&speech);
	prompt(1, DISPLAY_LEVEL_FORM);
	CU_ASSERT_EQUAL(speech_deadline(&speech), NOW + 8000);
	CU_ASSERT_FALSE(speech_advance(&speech, NOW + 7999));
	CU_ASSERT_TRUE(speech_advance(&speech, NOW + 8000));
	CU_ASSERT_FALSE(speech_advance(&speech, NOW + 8001));
	CU_ASSERT_STRING_EQUAL(next(), "");
	prompt(2, DISPLAY_LEVEL_FORM);
	CU_ASSERT_FALSE(speech_clear(&speech, 1));
	CU_ASSERT_TRUE(speech_clear(&speech, 2));
	CU_ASSERT_STRING_EQUAL(next(), "");
	prompt(3, DISPLAY_LEVEL_FORM);
	speech_forget(&speech);
	CU_ASSERT_STRING_EQUAL(next(), "");
	CU_ASSERT_EQUAL(speech_deadline(&speech), UINT64_MAX);
}

static void test_languages(void)
{
	speech_init(&speech);
	strcpy(speech.lang, "de");
	prompt(1, DISPLAY_LEVEL_SAFETY);
	strcpy(speech.prompt.english.headline, "English headline");
	strcpy(speech.prompt.english.text, "English in full.");
	CU_ASSERT_STRING_EQUAL(next(), "de 1: Text in full.");
	CU_ASSERT_STRING_EQUAL(next(), "en 0: English in full."); /* not reviewed: both */
	CU_ASSERT_STRING_EQUAL(next(), "");
}

/* It stands under no level, and is as late as anything after its time. */
static void test_summary(void)
{
	struct display_summary summary = { .text = "4.00 km in 20:00." };
	char wrong[32];

	speech_init(&speech);
	speech_policy_read(&speech.policy, "system=nothing", wrong, sizeof(wrong));
	speech_summary(&speech, &summary, NOW);
	CU_ASSERT_STRING_EQUAL(next(), "en 0: 4.00 km in 20:00.");
	CU_ASSERT_STRING_EQUAL(next(), "");
	speech_summary(&speech, &summary, NOW);
	prompt(1, DISPLAY_LEVEL_SYSTEM);
	CU_ASSERT_STRING_EQUAL(next(), "");
	speech_summary(&speech, &summary, NOW);
	CU_ASSERT_TRUE(speech_advance(&speech, NOW + 30000));
	CU_ASSERT_STRING_EQUAL(next(), "");
}

static CU_TestInfo tests[] = {
	{ "headline or text, by level", test_by_level },
	{ "levels that are wrong", test_policy_that_is_wrong },
	{ "said once, and nothing waits", test_said_once_and_nothing_waits },
	{ "what is late is not said", test_too_late },
	{ "languages", test_languages },
	{ "the sentence at the end", test_summary },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return suite_run("speech", tests);
}
