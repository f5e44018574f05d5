/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * gaitctl rules explain: a rule in words
 */
#include "daemon/gaitctl/rules.h"

#include "daemon/gaitctl/gaitctl.h"
#include "daemon/loading.h"
#include "daemon/rules/outline.h"

#include <stdio.h>
#include <string.h>

#define INDENT "            "

/* ---- as text -------------------------------------------------------------- */

/* The first line is continued where the caller stands. */
static void print_condition(const char *text, const char *behind_first)
{
	struct outline outline;
	char words[OUTLINE_WORDS_MAX];

	if (!outline_of(text, &outline)) {
		printf("%s%s\n", text, behind_first);
		return;
	}
	for (size_t i = 0; i < outline.count; i++) {
		const struct outline_part *part = &outline.parts[i];
		size_t length;

		outline_words(text, part, words);
		length = strlen(words);
		if (i > 0)
			printf(INDENT "%*s%s\n", 2 * part->depth, "", words);
		else if (part->kind == OUTLINE_LEAF)
			printf("%s%s\n", words, behind_first);
		else
			printf("%.*s%s:\n", (int)length - 1, words, behind_first);
	}
}

static void print_clauses(const struct rule *rule)
{
	for (size_t i = 0; i < rule->clause_count; i++) {
		char hold[60] = "";

		if (rule->clauses[i].hold_s)
			snprintf(hold, sizeof(hold), ", for %u s without a break",
			         rule->clauses[i].hold_s);
		else if (rule->instant)
			snprintf(hold, sizeof(hold), ", at the instant of the input");
		printf("%-12s", i ? "or when" : "speaks when");
		print_condition(rule->clauses[i].when.text, hold);
		if (rule->clauses[i].text)
			printf(INDENT "says: %s\n", rule->clauses[i].text);
	}
	if (rule->await.length) {
		printf("%-12s", "waits until");
		print_condition(rule->await.text, "");
	}
}

/* Who names it, for one that speaks only then */
static void print_praised(const struct ruleset *rules, const struct rule *rule)
{
	const char *between = "";

	if (!rule->only_as_praise)
		return;
	printf("%-12sonly as praise, when one of these has ended: ",
	       rule->clause_count ? "and" : "speaks");
	for (size_t i = 0; i < rules->count; i++) {
		if (rules->rules[i].praise != rule || rules->rules[i].disabled)
			continue;
		printf("%s%s", between, rules->rules[i].id);
		between = ", ";
	}
	printf("%s\n", *between ? "" : "none");
}

static void print_end(const struct rule *rule)
{
	char hold[60] = "";

	if (rule->instant || rule->only_as_praise)
		return;
	if (rule->clear_hold_s)
		snprintf(hold, sizeof(hold), ", for %u s", rule->clear_hold_s);
	printf("%-12s", "is over when");
	if (rule->clear.length)
		printf(" "), print_condition(rule->clear.text, hold);
	else
		printf(" it is true no longer%s\n", hold);
}

static const char *const once_names[] = {
	[RULE_ONCE_PER_SESSION] = "session", [RULE_ONCE_PER_REPORT] = "pain_report",
	[RULE_ONCE_PER_CONDITION] = "condition",
};

static const char *const once_words[] = {
	[RULE_ONCE_PER_SESSION] = "a session",
	[RULE_ONCE_PER_REPORT] = "for each pain report",
	[RULE_ONCE_PER_CONDITION] = "a session for each condition",
};

static void print_how_often(const struct rule *rule)
{
	printf("%-12s", "how often");
	if (rule->once)
		printf("once %s", once_words[rule->once]);
	else if (rule->repeat_s)
		printf("again after %u s", rule->repeat_s);
	else if (rule->instant)
		printf("at each input");
	else
		printf("once, until it is over");
	if (rule->once && rule->once != RULE_ONCE_PER_SESSION && rule->repeat_s)
		printf("; again after %u s", rule->repeat_s);
	if (rule->limit)
		printf("; at most %u time%s a session", rule->limit,
		       rule->limit == 1 ? "" : "s");
	if (rule->has_gap && rule->gap_s)
		printf("; at the earliest %u s after any other", rule->gap_s);
	else if (rule->has_gap)
		printf("; however soon after another");
	printf("\n");
}

static void print_names(const char *label, json_t *names, const char *behind)
{
	json_t *name;
	size_t i;

	if (json_array_size(names) > 0) {
		printf("%-12s", label);
		json_array_foreach(names, i, name)
			printf("%s%s", i ? ", " : "", json_string_value(name));
		printf("%s\n", behind);
	}
	json_decref(names);
}

static void metrics_of(const struct rule *rule, uint64_t uses[METRIC_WORDS])
{
	for (size_t word = 0; word < METRIC_WORDS; word++) {
		uses[word] = rule->clear.uses[word] | rule->await.uses[word] |
		             rule->needs[word];
		for (size_t i = 0; i < rule->clause_count; i++)
			uses[word] |= rule->clauses[i].when.uses[word];
		for (size_t i = 0; i < rule->arg_count; i++)
			uses[word] |= rule->args[i].value.uses[word];
	}
}

static void print_metrics(const struct rule *rule)
{
	static const uint64_t none[METRIC_WORDS];
	uint64_t uses[METRIC_WORDS];

	metrics_of(rule, uses);
	if (memcmp(uses, none, sizeof(none)) != 0)
		printf("with\n");
	for (size_t i = 0; i < METRIC_COUNT; i++)
		if (uses[i / 64] >> i % 64 & 1)
			printf("  %s: %s\n", metric_table[i].name, metric_table[i].meaning);
}

static void print_text(const char *label, const char *text)
{
	if (*text)
		printf("%-12s%s\n", label, text);
}

/* "where {cap} is speed cap": what stands in the texts' brackets */
static void print_args(const struct rule *rule)
{
	for (size_t i = 0; i < rule->arg_count; i++) {
		const struct rule_arg *arg = &rule->args[i];

		printf("%-12s{%s} is %s", i ? "" : "where", arg->name,
		       arg->is_runner ? "the runner's name" : arg->value.text);
		if (arg->unit)
			printf(", in %s", arg->unit->name);
		for (size_t j = 0; j < arg->word_count; j++)
			printf("%s\"%s\"", j ? ", " : ", by turns ", arg->words[j]);
		printf("%s\n", arg->personal ? " (personal)" : "");
	}
}

static void print_question(const struct rule *rule)
{
	if (rule->answer_is_pod)
		printf("%-12swhich foot pod is the runner's\n", "asks");
	else if (rule->answer_is_runner)
		printf("%-12swhether it is the runner it knows\n", "asks");
	else if (rule->ask)
		printf("%-12sfor a number from %d to %d%s\n", "asks", rule->ask_minimum,
		       rule->ask_maximum,
		       rule->answer_is_pain      ? ", a pain report"
		       : rule->answer_is_morning ? ", the pain of this morning"
		                                 : "");
	else if (rule->ack)
		printf("%-12sa button to acknowledge it\n", "offers");
}

static void print_rule(const struct ruleset *rules, const struct rule *rule)
{
	uint64_t muters[RULES_MAX / 64];

	printf("%s: %s, rank %u%s%s\n", rule->id, rules_level(rule), rule->rank,
	       rule->lock ? ", until it is acknowledged nothing else is shown" : "",
	       rule->disabled ? ", switched off" : "");
	print_text("from", rule->where);
	printf("%-12s%s\n", "says", rule->headline);
	for (size_t i = 0; i < rule->text_count; i++)
		printf(INDENT "%s\n", rule->texts[i]);
	print_text("in public", rule->public_text);
	print_args(rule);
	print_question(rule);
	print_clauses(rule);
	print_praised(rules, rule);
	print_end(rule);
	print_how_often(rule);
	print_names("needs", rules_metric_names(rule->needs), "; sleeps without");
	print_names("mutes", rules_ids(rules, rule->mutes), "");
	print_names("bars", rules_ids(rules, rule->bars), ", once it has spoken");
	rules_muted_by(rules, rule, muters);
	print_names("muted by", rules_ids(rules, muters), "");
	if (rule->praise)
		printf("%-12s%s, within %u s of its end\n", "praise", rule->praise->id,
		       rule->praise_within_s);
	print_text("why", rule->why);
	print_text("source", rule->source);
	print_text("strength", rule->strength);
	print_metrics(rule);
}

/* ---- as JSON -------------------------------------------------------------- */

static json_t *condition_json(const char *text)
{
	json_t *lines = json_array();
	struct outline outline;
	char words[OUTLINE_WORDS_MAX];

	if (!outline_of(text, &outline))
		outline.count = 0;
	for (size_t i = 0; i < outline.count; i++) {
		outline_words(text, &outline.parts[i], words);
		json_array_append_new(lines, json_sprintf("%*s%s", 2 * outline.parts[i].depth,
		                                          "", words));
	}
	return lines;
}

static json_t *clauses_json(const struct rule *rule)
{
	json_t *list = json_array();

	for (size_t i = 0; i < rule->clause_count; i++) {
		json_t *row = json_object();

		rules_set(row, "when", json_string(rule->clauses[i].when.text));
		rules_set(row, "words", condition_json(rule->clauses[i].when.text));
		rules_set(row, "hold_s", json_integer(rule->clauses[i].hold_s));
		if (rule->clauses[i].text)
			rules_set(row, "text", json_string(rule->clauses[i].text));
		json_array_append_new(list, row);
	}
	return list;
}

static json_t *number_or_null(uint32_t value)
{
	return value ? json_integer(value) : json_null();
}

static json_t *metrics_json(const struct rule *rule)
{
	uint64_t uses[METRIC_WORDS];
	json_t *meanings = json_object();

	metrics_of(rule, uses);
	for (size_t i = 0; i < METRIC_COUNT; i++)
		if (uses[i / 64] >> i % 64 & 1)
			rules_set(meanings, metric_table[i].name,
			          json_string(metric_table[i].meaning));
	return meanings;
}

static json_t *texts_json(const struct rule *rule)
{
	json_t *texts = json_array();

	for (size_t i = 0; i < rule->text_count; i++)
		json_array_append_new(texts, json_string(rule->texts[i]));
	return texts;
}

static json_t *args_json(const struct rule *rule)
{
	json_t *args = json_object();

	for (size_t i = 0; i < rule->arg_count; i++)
		rules_set(args, rule->args[i].name,
		          json_string(rule->args[i].is_runner ? "the runner's name"
		                                              : rule->args[i].value.text));
	return args;
}

static json_t *rule_json(const struct ruleset *rules, const struct rule *rule)
{
	uint64_t muters[RULES_MAX / 64];
	json_t *out = json_object();

	rules_muted_by(rules, rule, muters);
	rules_set(out, "id", json_string(rule->id));
	rules_set(out, "level", json_string(rules_level(rule)));
	rules_set(out, "rank", json_integer(rule->rank));
	rules_set(out, "enabled", json_boolean(!rule->disabled));
	rules_set(out, "where", json_string(rule->where));
	rules_set(out, "headline", json_string(rule->headline));
	rules_set(out, "texts", texts_json(rule));
	rules_set(out, "text_public", json_string(rule->public_text));
	rules_set(out, "args", args_json(rule));
	rules_set(out, "conditions", clauses_json(rule));
	if (rule->clear.length) {
		rules_set(out, "clear", json_string(rule->clear.text));
		rules_set(out, "clear_words", condition_json(rule->clear.text));
	}
	rules_set(out, "clear_hold_s", number_or_null(rule->clear_hold_s));
	rules_set(out, "repeat_s", number_or_null(rule->repeat_s));
	rules_set(out, "limit", number_or_null(rule->limit));
	if (rule->once)
		rules_set(out, "once", json_string(once_names[rule->once]));
	rules_set(out, "needs", rules_metric_names(rule->needs));
	rules_set(out, "mutes", rules_ids(rules, rule->mutes));
	rules_set(out, "bars", rules_ids(rules, rule->bars));
	if (rule->await.length)
		rules_set(out, "await", json_string(rule->await.text));
	if (rule->has_gap)
		rules_set(out, "gap_s", json_integer(rule->gap_s));
	rules_set(out, "muted_by", rules_ids(rules, muters));
	rules_set(out, "lock", json_boolean(rule->lock));
	if (rule->praise)
		rules_set(out, "praise", json_string(rule->praise->id));
	rules_set(out, "why", json_string(rule->why));
	rules_set(out, "source", json_string(rule->source));
	rules_set(out, "strength", json_string(rule->strength));
	rules_set(out, "metrics", metrics_json(rule));
	return out;
}

/* ---- the command ---------------------------------------------------------- */

static int explain(const struct ruleset *rules, char **ids)
{
	json_t *list = json_array();

	for (size_t i = 0; ids[i]; i++) {
		const struct rule *rule = rules_find(rules, ids[i]);

		if (!rule) {
			json_decref(list);
			return EXIT_USAGE;
		}
		if (gaitctl.as_json)
			json_array_append_new(list, rule_json(rules, rule));
		else
			printf("%s", i ? "\n" : ""), print_rule(rules, rule);
	}
	if (gaitctl.as_json && json_array_size(list) == 1) {
		json_t *only = json_incref(json_array_get(list, 0));

		json_decref(list);
		list = only;
	}
	if (gaitctl.as_json)
		return rules_print_json(list);
	json_decref(list);
	return EXIT_OK;
}

int gaitctl_rules_explain(char **words)
{
	struct ruleset *rules;
	struct config *config;
	int status;

	config = loading_config(gaitctl.config, &status);
	rules = config ? rules_load(config, NULL, 0, &status) : NULL;
	if (rules)
		status = explain(rules, words);
	loading_free_rules(rules);
	config_free(config);
	return status;
}
