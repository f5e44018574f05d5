/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Catalogues, sound and not; a runner's language on the way from a rule to a
 * prompt; and what the check of translations finds.
 */
#include "daemon/core/pipeline.h"
#include "daemon/rules/language_check.h"
#include "tests/unit/suite.h"
#include "tests/unit/track.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MO_MAX 4096
#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

/* ---- a catalogue in the making ---- */

struct message {
	const char *id, *text;
};

struct mo {
	uint8_t bytes[MO_MAX];
	size_t length;
	bool big_endian;
};

static void put_word(struct mo *mo, size_t at, size_t value)
{
	for (size_t i = 0; i < 4; i++)
		mo->bytes[at + i] =
			(uint8_t)(value >> 8 * (mo->big_endian ? 3 - i : i));
}

static void put_string(struct mo *mo, size_t entry, const char *text)
{
	put_word(mo, entry, strlen(text));
	put_word(mo, entry + 4, mo->length);
	memcpy(mo->bytes + mo->length, text, strlen(text) + 1);
	mo->length += strlen(text) + 1;
}

/* `messages` are in the order of their ids, as msgfmt writes them. */
static struct mo make(const struct message *messages, size_t count, bool big_endian)
{
	struct mo mo = { .length = 28 + 16 * count, .big_endian = big_endian };

	put_word(&mo, 0, 0x950412de);
	put_word(&mo, 8, count);
	put_word(&mo, 12, 28);
	put_word(&mo, 16, 28 + 8 * count);
	for (size_t i = 0; i < count; i++) {
		put_string(&mo, 28 + 8 * i, messages[i].id);
		put_string(&mo, 28 + 8 * (count + i), messages[i].text);
	}
	return mo;
}

#define HEAD "Content-Type: text/plain; charset=UTF-8\nX-Decimal-Point: ,\n"

static const struct message few[] = {
	{ "", HEAD "X-Safety-Reviewed-By: \n" },
	{ "Hold", "Halt" },
	{ "Stay under {cap}", "Bleib unter {cap}" },
	{ "Thirsty?", "Durst?" },
};

/* ---- the file ---- */

static void test_either_order_of_octets_is_read(void)
{
	for (int big = 0; big < 2; big++) {
		struct mo mo = make(few, ROWS(few), big);
		struct catalogue c;
		char field[20];

		CU_ASSERT_TRUE_FATAL(catalogue_open(&c, mo.bytes, mo.length));
		for (size_t i = 0; i < ROWS(few); i++)
			CU_ASSERT_STRING_EQUAL(catalogue_text(&c, few[i].id), few[i].text);
		CU_ASSERT_PTR_NULL(catalogue_text(&c, "Hol"));
		CU_ASSERT_PTR_NULL(catalogue_text(&c, "Zebra"));
		CU_ASSERT_TRUE(catalogue_field(&c, "X-Decimal-Point", field, sizeof(field)));
		CU_ASSERT_STRING_EQUAL(field, ",");
		CU_ASSERT_TRUE(catalogue_field(&c, "X-Safety-Reviewed-By", field, sizeof(field)));
		CU_ASSERT_STRING_EQUAL(field, "");
		CU_ASSERT_FALSE(catalogue_field(&c, "Decimal-Point", field, sizeof(field)));
	}
}

static bool opens(const struct mo *mo)
{
	/* of its own size, so that a sanitizer sees an octet too far */
	uint8_t *copy = malloc(mo->length ? mo->length : 1);
	struct catalogue c;
	bool good;

	CU_ASSERT_PTR_NOT_NULL_FATAL(copy);
	memcpy(copy, mo->bytes, mo->length);
	good = catalogue_open(&c, copy, mo->length);
	free(copy);
	return good;
}

static void test_what_is_cut_is_refused(void)
{
	struct mo mo = make(few, ROWS(few), false);

	CU_ASSERT_TRUE(opens(&mo));
	while (mo.length--)
		CU_ASSERT_FALSE(opens(&mo));
}

static void test_what_is_unsound_is_refused(void)
{
	static const struct {
		struct message messages[3];
		const char *what;
	} rows[] = {
		{ { { "", HEAD }, { "B", "b" }, { "A", "a" } }, "not in order" },
		{ { { "", HEAD }, { "A", "a" }, { "A", "b" } }, "twice" },
		{ { { "", HEAD }, { "A", "a" }, { "B", "" } }, "empty" },
		{ { { "", HEAD }, { "A", "a" }, { "B", "b\n" } }, "a line feed" },
		{ { { "", HEAD }, { "A", "a" }, { "B", "b\xff" } }, "no UTF-8" },
		{ { { "", HEAD }, { "A", "a" }, { "B\x1b[", "b" } }, "an escape" },
	};
	struct mo mo;

	for (size_t i = 0; i < ROWS(rows); i++) {
		mo = make(rows[i].messages, 3, false);
		if (opens(&mo))
			printf("\n  taken: %s\n", rows[i].what);
		CU_ASSERT_FALSE(opens(&mo));
	}
	mo = make(few, ROWS(few), false);
	mo.bytes[0]++;
	CU_ASSERT_FALSE(opens(&mo));
	mo = make(few, ROWS(few), false);
	put_word(&mo, 4, 1u << 16); /* a later major revision */
	CU_ASSERT_FALSE(opens(&mo));
	mo = make(few, ROWS(few), false);
	put_word(&mo, 28 + 8, 0xffffffff); /* a length that wraps */
	CU_ASSERT_FALSE(opens(&mo));
	mo = make(few, ROWS(few), false);
	put_word(&mo, 28 + 8, 3); /* shorter than the string is */
	CU_ASSERT_FALSE(opens(&mo));
	mo = make(few, ROWS(few), false);
	put_word(&mo, 8, 0x20000000); /* so many that eight times as many wrap */
	CU_ASSERT_FALSE(opens(&mo));
}

/* ---- tags ---- */

static void test_a_region_falls_back_to_its_language(void)
{
	static const struct {
		const char *wanted, *found;
	} rows[] = {
		{ "de", "de" },     { "DE", "de" },      { "de-AT", "de" },
		{ "de_CH", "de" },  { "pt-BR", "pt-BR" }, { "pt", NULL },
		{ "pt-PT", NULL },  { "d", NULL },       { "deu", NULL },
		{ "en", NULL },     { "", NULL },
	};
	struct mo mo = make(few, ROWS(few), false);
	struct languages set = { .count = 2 };

	CU_ASSERT_TRUE(language_open(&set.language[0], "pt-BR", mo.bytes, mo.length));
	CU_ASSERT_TRUE(language_open(&set.language[1], "de", mo.bytes, mo.length));
	CU_ASSERT_FALSE(language_open(&set.language[2], "longer-tag", mo.bytes, mo.length));
	for (size_t i = 0; i < ROWS(rows); i++) {
		const struct language *l = language_find(&set, rows[i].wanted);

		CU_ASSERT_EQUAL(l != NULL, rows[i].found != NULL);
		if (l && rows[i].found)
			CU_ASSERT_STRING_EQUAL(l->tag, rows[i].found);
	}
	CU_ASSERT_PTR_NULL(language_find(NULL, "de"));
	CU_ASSERT_TRUE(language_is_english("en") && language_is_english("en-GB"));
	CU_ASSERT_FALSE(language_is_english("eng") || language_is_english("e"));
}

/* ---- from the rule to the prompt ---- */

static const char rule_file[] =
	"rules:\n"
	"  - id: thirst\n"
	"    level: habit\n"
	"    when: \"speed >= 9 km/h\"\n"
	"    repeat: 600 s\n"
	"    say: {headline: \"Thirsty?\", text: \"Thirsty?\"}\n"
	"  - id: cap\n"
	"    level: safety\n"
	"    when: \"pain_reported > 0 /10\"\n"
	"    args: [{name: cap, value: \"90 % of speed\"}]\n"
	"    say: {headline: \"Stay under {cap}\", text: \"Stay under {cap}\"}\n"
	"    why: \"It is so.\"\n"
	"  - id: mixed\n"
	"    level: safety\n"
	"    when: red_flag\n"
	"    say: {headline: \"Hold\", text: \"Not translated.\"}\n";

/* A run at 8.5 km/h in the middle of which the runner says what his language is */
static struct display_prompt say(const struct languages *set, const char *lang,
                                 enum sample_kind input, double kmh)
{
	struct pipeline_settings settings;
	struct display_profile profile = { .has_lang = true };
	struct track t = { .rules = rules_of(rule_file) };

	pipeline_settings_init(&settings);
	settings.languages = set;
	t.pipeline = pipeline_new(&t.rules, &settings, track_take, &t);
	CU_ASSERT_PTR_NOT_NULL_FATAL(t.pipeline);
	track_go(&t, 8, 0, NAN, 5);
	snprintf(profile.lang, sizeof(profile.lang), "%s", lang);
	pipeline_profile(t.pipeline, t.now_us, &profile);
	track_go(&t, kmh, 0, NAN, 5);
	if (input != SAMPLE_SPEED)
		track_tell(&t, input, 4);
	CU_ASSERT_STRING_EQUAL(t.session.lang, lang);
	track_close(&t);
	return t.spoken.last;
}

static struct languages german(struct mo *mo, const char *reviewer)
{
	struct message messages[ROWS(few)];
	struct languages set = { .count = 1 };
	char head[200];

	memcpy(messages, few, sizeof(few));
	snprintf(head, sizeof(head), HEAD "X-Safety-Reviewed-By: %s\n", reviewer);
	messages[0].text = head;
	*mo = make(messages, ROWS(few), false);
	CU_ASSERT_TRUE_FATAL(language_open(&set.language[0], "de", mo->bytes, mo->length));
	return set;
}

static void test_a_prompt_is_said_in_the_runners_language(void)
{
	struct mo mo;
	struct languages set = german(&mo, "");
	struct display_prompt p = say(&set, "de-AT", SAMPLE_SPEED, 9.5);

	CU_ASSERT_STRING_EQUAL(p.rule, "thirst");
	CU_ASSERT_STRING_EQUAL(p.headline, "Durst?");
	CU_ASSERT_STRING_EQUAL(p.english.text, ""); /* a habit harms nobody */
	p = say(&set, "fr", SAMPLE_SPEED, 9.5);
	CU_ASSERT_STRING_EQUAL(p.headline, "Thirsty?");
	p = say(NULL, "de", SAMPLE_SPEED, 9.5);
	CU_ASSERT_STRING_EQUAL(p.headline, "Thirsty?");
}

static void test_safety_shows_its_english_until_it_is_reviewed(void)
{
	struct mo mo;
	struct languages set = german(&mo, "");
	struct display_prompt p = say(&set, "de", SAMPLE_PAIN, 8);

	CU_ASSERT_STRING_EQUAL(p.headline, "Bleib unter 7,2 km/h");
	CU_ASSERT_STRING_EQUAL(p.english.headline, "Stay under 7.2 km/h");
	CU_ASSERT_STRING_EQUAL(p.english.text, "Stay under 7.2 km/h");
	CU_ASSERT_STRING_EQUAL(p.why, "It is so.");
	CU_ASSERT_DOUBLE_EQUAL(p.args[0].value, 7.2, 1e-9);
	set = german(&mo, "A. Muster <a@example.org>");
	p = say(&set, "de", SAMPLE_PAIN, 8);
	CU_ASSERT_STRING_EQUAL(p.headline, "Bleib unter 7,2 km/h");
	CU_ASSERT_STRING_EQUAL(p.english.headline, "");
	CU_ASSERT_STRING_EQUAL(p.english.text, "");
}

static void test_half_a_translation_is_none(void)
{
	struct mo mo;
	struct languages set = german(&mo, "");
	struct display_prompt p = say(&set, "de", SAMPLE_RED_FLAG, 8);

	CU_ASSERT_STRING_EQUAL(p.headline, "Hold");
	CU_ASSERT_STRING_EQUAL(p.text, "Not translated.");
	CU_ASSERT_STRING_EQUAL(p.english.text, "");
}

static void test_languages_are_swapped_in(void)
{
	struct pipeline_settings settings;
	struct mo mo;
	struct languages set = german(&mo, "");
	struct track t = { .rules = rules_of(rule_file) };

	pipeline_settings_init(&settings);
	strcpy(settings.runner.lang, "de");
	t.pipeline = pipeline_new(&t.rules, &settings, track_take, &t);
	CU_ASSERT_PTR_NOT_NULL_FATAL(t.pipeline);
	track_go(&t, 8, 0, NAN, 2);
	track_tell(&t, SAMPLE_PAIN, 2);
	CU_ASSERT_STRING_EQUAL(t.spoken.last.headline, "Stay under 7.2 km/h");
	pipeline_set_languages(t.pipeline, &set);
	track_tell(&t, SAMPLE_PAIN, 2);
	CU_ASSERT_STRING_EQUAL(t.spoken.last.headline, "Bleib unter 7,2 km/h");
	track_close(&t);
}

/* ---- the check ---- */

static void join(const char *message, void *user)
{
	char *all = user;

	strncat(all, message, 1000 - strlen(all));
	strncat(all, "\n", 1000 - strlen(all));
}

static void check_found(const struct message *messages, size_t count, bool complete,
                        const char *expected, size_t faults)
{
	struct mo mo = make(messages, count, false);
	struct ruleset rules = rules_of(rule_file);
	struct language language;
	char all[1001] = "";

	CU_ASSERT_TRUE_FATAL(language_open(&language, "de", mo.bytes, mo.length));
	CU_ASSERT_EQUAL(language_check(&rules, NULL, &language, complete, join, all), faults);
	if (!strstr(all, expected))
		printf("\n  %s\n", all);
	CU_ASSERT_PTR_NOT_NULL(strstr(all, expected));
	ruleset_free(&rules);
}

static void test_the_check_finds_what_is_wrong(void)
{
	static const struct message wide[] = {
		{ "", HEAD }, { "Thirsty?", "のどがとても渇いていませんか？水" },
	};
	static const struct message just[] = {
		{ "", HEAD }, { "Thirsty?", "のどがとても渇いていませんか？" },
	};
	static const struct message lost[] = {
		{ "", HEAD }, { "Stay under {cap}", "Bleib langsam" },
	};
	static const struct message odd[] = {
		{ "", HEAD }, { "Hold", "Halt {cap}" },
	};
	static const struct message old[] = {
		{ "", HEAD }, { "Hold", "Halt" }, { "It is so.", "Es ist so." },
		{ "Not translated.", "Doch." }, { "Stay above {cap}", "Bleib über {cap}" },
		{ "Stay under {cap}", "Bleib unter {cap}" },
	};

	check_found(wide, ROWS(wide), false, "thirst: headline: 32 columns", 1);
	check_found(just, ROWS(just), false, "", 0);
	check_found(lost, ROWS(lost), false, "{cap} is missing: \"Bleib langsam\"", 2);
	check_found(odd, ROWS(odd), false, "mixed: headline: {cap} is not in the English", 2);
	check_found(old, ROWS(old), true, "note: nothing says this: \"Stay above {cap}\"", 2);
	check_found(old, ROWS(old), true, "thirst: text: not translated: \"Thirsty?\"", 2);
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "either order of octets", test_either_order_of_octets_is_read },
		{ "cut files", test_what_is_cut_is_refused },
		{ "unsound files", test_what_is_unsound_is_refused },
		{ "tags", test_a_region_falls_back_to_its_language },
		{ "prompts", test_a_prompt_is_said_in_the_runners_language },
		{ "English beneath safety",
		  test_safety_shows_its_english_until_it_is_reviewed },
		{ "half a translation", test_half_a_translation_is_none },
		{ "a reload", test_languages_are_swapped_in },
		{ "the check", test_the_check_finds_what_is_wrong },
		CU_TEST_INFO_NULL,
	};

	return suite_run("language", tests);
}
