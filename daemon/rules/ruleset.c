/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/rules/ruleset.h"

#include <stdlib.h>
#include <string.h>

/* The strings that every rule has, if empty ones */
static const size_t strings[] = {
	offsetof(struct rule, id),          offsetof(struct rule, headline),
	offsetof(struct rule, public_text), offsetof(struct rule, why),
	offsetof(struct rule, source),      offsetof(struct rule, strength),
	offsetof(struct rule, where),
};

#define STRINGS (sizeof(strings) / sizeof(strings[0]))

static char **string_at(const struct rule *rule, size_t index)
{
	return (char **)((uintptr_t)rule + strings[index]);
}

static void arg_free(struct rule_arg *arg)
{
	for (size_t i = 0; i < RULE_WORDS_MAX; i++)
		free(arg->words[i]);
	expression_free(&arg->value);
	*arg = (struct rule_arg){ 0 };
}

void rule_drop_args(struct rule *rule)
{
	for (size_t i = 0; i < RULE_ARGS_MAX; i++)
		arg_free(&rule->args[i]);
	rule->arg_count = 0;
}

void rule_drop_clauses(struct rule *rule, size_t from)
{
	for (size_t i = from; i < RULE_CLAUSES_MAX; i++) {
		expression_free(&rule->clauses[i].when);
		free(rule->clauses[i].text);
		rule->clauses[i] = (struct rule_clause){ 0 };
	}
}

static void rule_free(struct rule *rule)
{
	for (size_t i = 0; i < STRINGS; i++)
		free(*string_at(rule, i));
	for (size_t i = 0; i < RULE_TEXTS_MAX; i++)
		free(rule->texts[i]);
	rule_drop_clauses(rule, 0);
	rule_drop_args(rule);
	expression_free(&rule->await);
	expression_free(&rule->clear);
}

/* NULL stays NULL */
static bool text_copy(const char *from, char **to)
{
	*to = from ? strdup(from) : NULL;
	return *to || !from;
}

static bool clause_copy(const struct rule_clause *from, struct rule_clause *to)
{
	bool good = text_copy(from->text, &to->text);

	return expression_copy(&from->when, &to->when) && good;
}

static bool arg_copy(const struct rule_arg *from, struct rule_arg *to)
{
	bool good = true;

	for (size_t i = 0; i < RULE_WORDS_MAX; i++)
		good &= text_copy(from->words[i], &to->words[i]);
	return expression_copy(&from->value, &to->value) && good;
}

/* What is allocated is copied; `to` holds NULL where a copy failed. */
static bool rule_copy(const struct rule *from, struct rule *to)
{
	bool good = true;

	*to = *from;
	for (size_t i = 0; i < STRINGS; i++)
		good &= (*string_at(to, i) = strdup(*string_at(from, i))) != NULL;
	for (size_t i = 0; i < RULE_TEXTS_MAX; i++)
		good &= text_copy(from->texts[i], &to->texts[i]);
	for (size_t i = 0; i < RULE_CLAUSES_MAX; i++)
		good &= clause_copy(&from->clauses[i], &to->clauses[i]);
	for (size_t i = 0; i < RULE_ARGS_MAX; i++)
		good &= arg_copy(&from->args[i], &to->args[i]);
	good &= expression_copy(&from->await, &to->await);
	return expression_copy(&from->clear, &to->clear) && good;
}

bool ruleset_copy(const struct ruleset *from, struct ruleset *to, size_t more)
{
	*to = (struct ruleset){ 0 };
	to->rules = calloc(from->count + more + 1, sizeof(to->rules[0]));
	if (!to->rules)
		return false;
	for (size_t i = 0; i < from->count; i++) {
		struct rule *rule = &to->rules[to->count++];

		if (!rule_copy(&from->rules[i], rule)) {
			ruleset_free(to);
			return false;
		}
		if (rule->praise)
			rule->praise = to->rules + (rule->praise - from->rules);
	}
	return true;
}

void ruleset_free(struct ruleset *set)
{
	for (size_t i = 0; i < set->count; i++)
		rule_free(&set->rules[i]);
	free(set->rules);
	*set = (struct ruleset){ 0 };
}

struct rule *ruleset_add(struct ruleset *set, const char *id)
{
	struct rule *rule = &set->rules[set->count++];
	bool good = true;

	*rule = (struct rule){ .rank = 5, .level = DISPLAY_LEVEL_FORM };
	for (size_t i = 0; i < STRINGS; i++)
		good &= (*string_at(rule, i) = strdup(i == 0 ? id : "")) != NULL;
	return good ? rule : NULL;
}

const struct rule *ruleset_find(const struct ruleset *set, const char *id)
{
	for (size_t i = 0; i < set->count; i++)
		if (strcmp(set->rules[i].id, id) == 0)
			return &set->rules[i];
	return NULL;
}
