/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "tests/unit/spoken.h"

#include <CUnit/CUnit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void note(struct spoken *s, uint64_t t_us, uint32_t id, const char *word)
{
	CU_ASSERT_FATAL(s->count < SPOKEN_MAX);
	CU_ASSERT_TRUE(s->count == 0 || s->line[s->count - 1].t_us <= t_us);
	s->line[s->count].t_us = t_us;
	s->line[s->count].id = id;
	snprintf(s->line[s->count].word, sizeof(s->line[0].word), "%s", word);
	s->count++;
}

void spoken_prompt(struct spoken *s, uint64_t t_us,
                   const struct display_prompt *prompt)
{
	CU_ASSERT_FALSE(s->live);
	CU_ASSERT_TRUE(prompt->id > s->last.id);
	s->last = *prompt;
	s->live = true;
	note(s, t_us, prompt->id, prompt->rule);
}

void spoken_clear(struct spoken *s, uint64_t t_us,
                  const struct display_clear *clear)
{
	CU_ASSERT_TRUE(s->live);
	CU_ASSERT_EQUAL(clear->id, s->last.id);
	s->live = false;
	note(s, t_us, clear->id, display_clear_reason_name(clear->reason));
}

static bool said_by(const struct spoken *s, size_t index, const char *rule)
{
	for (size_t i = 0; i <= index; i++)
		if (s->line[i].id == s->line[index].id)
			return strcmp(s->line[i].word, rule) == 0;
	return false;
}

void spoken_check(const struct spoken *s, const char *rule,
                  const char *expected)
{
	char text[8192] = "";
	size_t used = 0;

	for (size_t i = 0; i < s->count && used < sizeof(text) - 80; i++) {
		if (rule && !said_by(s, i, rule))
			continue;
		used += (size_t)snprintf(text + used, sizeof(text) - used,
		                         "%s%.10g %s", used ? "; " : "",
		                         (double)s->line[i].t_us / 1e6,
		                         s->line[i].word);
	}
	if (strcmp(text, expected) == 0) {
		CU_PASS(expected);
		return;
	}
	printf("\n    expected: %s\n    said:     %s\n", expected, text);
	CU_FAIL("something else was said");
}

static struct ruleset parsed(const char *name, const char *text, size_t length)
{
	struct ruleset rules = { 0 };
	struct ruleset_error error;
	bool good = ruleset_parse(&rules, name, text, length, &error);

	if (!good)
		printf("\n    %s: %s\n", error.where, error.message);
	CU_ASSERT_TRUE_FATAL(good);
	return rules;
}

struct ruleset rules_of(const char *yaml)
{
	return parsed("test", yaml, strlen(yaml));
}

struct ruleset rules_shipped(void)
{
	static const char path[] = TEST_SOURCE "/daemon/rules/rules.yaml";
	FILE *file = fopen(path, "r");
	size_t size = 1u << 18, length = 0;
	char *text = malloc(size);
	struct ruleset rules;

	if (file && text)
		length = fread(text, 1, size, file);
	CU_ASSERT_TRUE_FATAL(length > 0);
	rules = parsed(path, text, length);
	fclose(file);
	free(text);
	return rules;
}
