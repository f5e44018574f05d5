/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/rules/language_check.h"
#include "daemon/rules/ruleset_check.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- the texts of a rule --------------------------------------------------- */

/* Those of its conditions, and the words of its arguments; "" where one has none */
static bool part_text_at(const struct rule *rule, size_t index, struct rule_text *out)
{
	if (index < rule->clause_count) {
		const char *text = rule->clauses[index].text;

		*out = (struct rule_text){ rule, "text", text ? text : "", TEXT_COLUMNS_MAX };
		return true;
	}
	index -= rule->clause_count;
	for (size_t i = 0; i < rule->arg_count; i++) {
		if (index < rule->args[i].word_count) {
			*out = (struct rule_text){ rule, "word", rule->args[i].words[index], 0 };
			return true;
		}
		index -= rule->args[i].word_count;
	}
	if (rule->answer_is_runner && index < 2) {
		*out = (struct rule_text){ rule, "answer",
			                   index ? RULE_NO_TEXT : RULE_YES_TEXT, 0 };
		return true;
	}
	return false;
}

bool rule_text_at(const struct rule *rule, size_t index, struct rule_text *out)
{
	const struct rule_text others[] = {
		{ rule, "public text", rule->public_text, TEXT_COLUMNS_MAX },
		{ rule, "why", rule->why, 0 },
	};
	const size_t other_count = sizeof(others) / sizeof(others[0]);
	size_t other = index - 1 - rule->text_count;

	if (index == 0)
		*out = (struct rule_text){ rule, "headline", rule->headline,
			                   HEADLINE_COLUMNS_MAX };
	else if (index <= rule->text_count)
		*out = (struct rule_text){ rule, "text", rule->texts[index - 1],
			                   TEXT_COLUMNS_MAX };
	else if (other < other_count)
		*out = others[other];
	else
		return part_text_at(rule, other - other_count, out);
	return true;
}

/* ---- a language against them ------------------------------------------------ */

struct check {
	const struct ruleset *set;
	const char *const *words; /* until NULL */
	const struct language *language;
	language_fault_fn say;
	void *user;
	size_t faults;
};

__attribute__((format(printf, 2, 3))) static void fault(struct check *check,
                                                        const char *format, ...)
{
	char message[600];
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	check->faults++;
	check->say(message, check->user);
}

/* A {placeholder} of `from` that `in` lacks; NULL: none */
static const char *lacks(const char *from, const char *in, size_t *length)
{
	for (const char *at = from; (at = strchr(at, '{')); at++) {
		char name[64];

		*length = strcspn(at, "}") + 1;
		snprintf(name, sizeof(name), "%.*s", (int)*length, at);
		if (!strstr(in, name))
			return at;
	}
	return NULL;
}

/* `where` and `member` say whose text it is */
static void check_placeholders(struct check *check, const char *where, const char *member,
                               const char *text)
{
	const char *said = language_text(check->language, text);
	size_t length;
	const char *lost = lacks(text, said, &length);
	const char *odd = lost ? NULL : lacks(said, text, &length);

	if (lost || odd)
		fault(check, "%s: %s: %.*s is %s: \"%s\"", where, member, (int)length,
		      lost ? lost : odd, lost ? "missing" : "not in the English", said);
}

/* The rule as the language has it, to be judged as any rule is */
static void check_columns(struct check *check, const struct rule *rule)
{
	const struct language *l = check->language;
	struct rule said = *rule;
	struct rule_problem problem;

	said.headline = (char *)language_text(l, rule->headline);
	said.public_text = (char *)language_text(l, rule->public_text);
	said.why = (char *)language_text(l, rule->why);
	for (size_t i = 0; i < rule->text_count; i++)
		said.texts[i] = (char *)language_text(l, rule->texts[i]);
	for (size_t i = 0; i < rule->clause_count; i++)
		if (rule->clauses[i].text)
			said.clauses[i].text =
				(char *)language_text(l, rule->clauses[i].text);
	for (size_t i = 0; i < rule->arg_count; i++)
		for (size_t j = 0; j < rule->args[i].word_count; j++)
			said.args[i].words[j] =
				(char *)language_text(l, rule->args[i].words[j]);
	if (!ruleset_check_texts(&said, &problem))
		fault(check, "%s: %s: %s", rule->id,
		      problem.member ? problem.member : problem.key, problem.message);
}

static void check_missing(struct check *check)
{
	struct rule_text text;

	for (size_t r = 0; r < check->set->count; r++) {
		const struct rule *rule = &check->set->rules[r];

		for (size_t i = 0; rule_text_at(rule, i, &text); i++)
			if (*text.text && !language_has(check->language, text.text))
				fault(check, "%s: %s: not translated: \"%s\"", rule->id,
				      text.member, text.text);
	}
	for (const char *const *word = check->words; *word; word++)
		if (!language_has(check->language, *word))
			fault(check, "summary: word: not translated: \"%s\"", *word);
}

static bool is_said(const struct check *check, const char *english)
{
	const struct ruleset *set = check->set;
	struct rule_text text;

	for (const char *const *word = check->words; *word; word++)
		if (strcmp(*word, english) == 0)
			return true;
	for (size_t r = 0; r < set->count; r++)
		for (size_t i = 0; rule_text_at(&set->rules[r], i, &text); i++)
			if (strcmp(text.text, english) == 0)
				return true;
	return false;
}

/* It does no harm, and is no fault. */
static void note_obsolete(const struct check *check)
{
	const struct catalogue *c = &check->language->texts;

	for (uint32_t i = 0; i < c->count; i++) {
		const char *english = catalogue_id(c, i);

		char note[600];

		if (!*english || is_said(check, english))
			continue;
		snprintf(note, sizeof(note), "note: nothing says this: \"%s\"", english);
		check->say(note, check->user);
	}
}

size_t language_check(const struct ruleset *set, const char *const *words,
                      const struct language *language, bool complete,
                      language_fault_fn say, void *user)
{
	static const char *const none[] = { NULL };
	struct check check = { set, words ? words : none, language, say, user, 0 };
	struct rule_text text;

	for (size_t r = 0; r < set->count; r++) {
		for (size_t i = 0; rule_text_at(&set->rules[r], i, &text); i++)
			check_placeholders(&check, text.rule->id, text.member, text.text);
		check_columns(&check, &set->rules[r]);
	}
	for (const char *const *word = check.words; *word; word++)
		check_placeholders(&check, "summary", "word", *word);
	if (complete) {
		check_missing(&check);
		note_obsolete(&check);
	}
	return check.faults;
}
