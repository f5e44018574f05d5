/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * One function a key of a rule, in one table.
 */
#include "daemon/rules/ruleset_yaml.h"
#include "daemon/rules/expression_parse.h"
#include "daemon/rules/suggest.h"
#include "protocol/utf8.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PRAISE_WITHIN_S 60 /* rules.md 3: "within 60 s of returning" */

static struct yaml_text *yaml_of(const struct rule_entry *entry)
{
	return &entry->loader->yaml;
}

static bool out_of_memory(const struct rule_entry *entry)
{
	return yaml_text_fault_top(yaml_of(entry), entry->loader->fault,
	                           "out of memory");
}

/* ---- texts ---------------------------------------------------------------- */

/* Folded text comes with line breaks; a display takes one line. */
static void unfold(char *text)
{
	size_t length = strlen(text);

	while (length && (text[length - 1] == '\n' || text[length - 1] == ' '))
		text[--length] = '\0';
	for (char *c = text; (c = strchr(c, '\n')); c++)
		*c = ' ';
}

/* A word processor's: YAML takes them for letters. */
static bool begins_with_curly_quote(const struct yaml_node *node)
{
	static const char *const quotes[] = { "\xe2\x80\x9c", "\xe2\x80\x9e",
		                              "\xe2\x80\x9d", "\xe2\x80\x98" };
	const char *text = yaml_text_scalar(node);

	if (!node || !text)
		return false;
	for (size_t i = 0; i < sizeof(quotes) / sizeof(quotes[0]); i++)
		if (node->style == YAML_PLAIN_SCALAR_STYLE &&
		    strncmp(text, quotes[i], strlen(quotes[i])) == 0)
			return true;
	return false;
}

bool rule_entry_text(struct rule_entry *entry, const struct yaml_node *node,
                     const char *text, char **out)
{
	char *copy = strdup(text);

	if (begins_with_curly_quote(node)) {
		free(copy);
		return yaml_text_fault(yaml_of(entry), node, entry->loader->fault,
		                       "curly quotes would be shown: write straight ones");
	}
	if (!copy)
		return out_of_memory(entry);
	unfold(copy);
	free(*out);
	*out = copy;
	for (size_t i = 0, step; copy[i]; i += step) {
		step = utf8_printable(copy + i, strlen(copy + i));
		if (step == 0)
			return yaml_text_fault(yaml_of(entry), node, entry->loader->fault,
			                       "a display cannot show this text: control "
			                       "character 0x%02x in it",
			                       (unsigned)(unsigned char)copy[i]);
	}
	return true;
}

static bool key_why(struct rule_entry *entry, const struct yaml_node *node)
{
	return rule_entry_text(entry, node, entry->from->why, &entry->rule->why);
}

static bool key_source(struct rule_entry *entry, const struct yaml_node *node)
{
	return rule_entry_text(entry, node, entry->from->source, &entry->rule->source);
}

static bool key_strength(struct rule_entry *entry, const struct yaml_node *node)
{
	return rule_entry_text(entry, node, entry->from->strength, &entry->rule->strength);
}

static void drop_texts(struct rule *rule)
{
	for (size_t i = 0; i < RULE_TEXTS_MAX; i++) {
		free(rule->texts[i]);
		rule->texts[i] = NULL;
	}
	rule->text_count = 0;
}

static bool take_texts(struct rule_entry *entry, const struct yaml_node *node)
{
	const struct file_say *say = entry->from->say;
	struct yaml_text *yaml = yaml_of(entry);
	struct rule *rule = entry->rule;

	if (say->text && say->texts_count)
		return yaml_text_fault(yaml_of(entry), node, entry->loader->fault,
		                       "\"text\" and \"texts\" stand side by side: keep one");
	if (say->text || say->texts_count)
		drop_texts(rule);
	if (say->text)
		return rule_entry_text(entry, yaml_text_member(yaml, node, "text"), say->text,
		                 &rule->texts[rule->text_count++]);
	for (unsigned i = 0; i < say->texts_count; i++)
		if (!rule_entry_text(entry,
		               yaml_text_item(yaml, yaml_text_member(yaml, node, "texts"), i),
		               say->texts[i], &rule->texts[rule->text_count++]))
			return false;
	return true;
}

static bool key_say(struct rule_entry *entry, const struct yaml_node *node)
{
	const struct file_say *say = entry->from->say;
	struct rule *rule = entry->rule;

	return (!say->headline ||
	        rule_entry_text(entry, yaml_text_member(yaml_of(entry), node, "headline"),
	                  say->headline, &rule->headline)) &&
	       (!say->text_public ||
	        rule_entry_text(entry, yaml_text_member(yaml_of(entry), node, "text_public"),
	                  say->text_public, &rule->public_text)) &&
	       take_texts(entry, node);
}

/* ---- conditions and times ------------------------------------------------- */

static bool fail_inside(struct rule_entry *entry, const struct yaml_node *node,
                        const struct expression_error *error)
{
	return yaml_text_fault_inside(yaml_of(entry), node, error->offset,
	                              entry->loader->fault, "%s", error->message);
}

static bool take_condition(struct rule_entry *entry, const struct yaml_node *node,
                           struct expression *out)
{
	struct expression_error error;
	struct expression compiled = { 0 };

	if (!expression_compile_condition(yaml_text_scalar(node), &compiled, &error))
		return fail_inside(entry, node, &error);
	expression_free(out);
	*out = compiled;
	return true;
}

/* "60 s", "2 min": whole seconds, because rules are judged once a second */
static bool take_seconds(struct rule_entry *entry, const struct yaml_node *node,
                         uint32_t *out)
{
	struct expression_error error;
	double seconds = 0;

	if (!expression_quantity(yaml_text_scalar(node), DIMENSION_TIME, &seconds,
	                         &error))
		return fail_inside(entry, node, &error);
	if (seconds > RULE_SECONDS_MAX)
		return yaml_text_fault(yaml_of(entry), node, entry->loader->fault,
		                       "%g s is longer than a day", seconds);
	if (fabs(seconds - round(seconds)) > 1e-6)
		return yaml_text_fault(yaml_of(entry), node, entry->loader->fault,
		                       "rules are judged once a second: write whole seconds, "
		                       "%g s", ceil(seconds));
	*out = (uint32_t)lround(seconds);
	return true;
}

static bool key_when(struct rule_entry *entry, const struct yaml_node *node)
{
	if (entry->rule->clause_count == 0)
		entry->rule->clause_count = 1;
	return take_condition(entry, node, &entry->rule->clauses[0].when);
}

static bool key_hold(struct rule_entry *entry, const struct yaml_node *node)
{
	return take_seconds(entry, node, &entry->rule->clauses[0].hold_s);
}

static bool take_clause(struct rule_entry *entry, const struct yaml_node *node,
                        struct rule_clause *clause)
{
	struct yaml_text *yaml = yaml_of(entry);
	const struct yaml_node *hold = yaml_text_member(yaml, node, "hold");
	const struct yaml_node *text = yaml_text_member(yaml, node, "text");

	return take_condition(entry, yaml_text_member(yaml, node, "when"),
	                      &clause->when) &&
	       (!hold || take_seconds(entry, hold, &clause->hold_s)) &&
	       (!text || rule_entry_text(entry, text, yaml_text_scalar(text), &clause->text));
}

static bool key_also(struct rule_entry *entry, const struct yaml_node *node)
{
	struct rule *rule = entry->rule;
	const struct yaml_node *item;

	if (rule->clause_count == 0)
		return yaml_text_fault(yaml_of(entry), node, entry->loader->fault,
		                       "\"also\" adds to \"when\": write that first");
	rule_drop_clauses(rule, 1);
	rule->clause_count = 1;
	for (size_t i = 0; (item = yaml_text_item(yaml_of(entry), node, i)); i++)
		if (!take_clause(entry, item, &rule->clauses[rule->clause_count++]))
			return false;
	return true;
}

static bool key_await(struct rule_entry *entry, const struct yaml_node *node)
{
	return take_condition(entry, node, &entry->rule->await);
}

static bool key_clear(struct rule_entry *entry, const struct yaml_node *node)
{
	return take_condition(entry, node, &entry->rule->clear);
}

static bool key_clear_hold(struct rule_entry *entry, const struct yaml_node *node)
{
	return take_seconds(entry, node, &entry->rule->clear_hold_s);
}

static bool key_repeat(struct rule_entry *entry, const struct yaml_node *node)
{
	return take_seconds(entry, node, &entry->rule->repeat_s);
}

static bool key_gap(struct rule_entry *entry, const struct yaml_node *node)
{
	entry->rule->has_gap = true;
	return take_seconds(entry, node, &entry->rule->gap_s);
}

static bool key_praise_within(struct rule_entry *entry, const struct yaml_node *node)
{
	return take_seconds(entry, node, &entry->rule->praise_within_s);
}

/* ---- words and numbers ---------------------------------------------------- */

static bool key_level(struct rule_entry *entry, const struct yaml_node *node)
{
	(void)node;
	entry->rule->level = *entry->from->level;
	return true;
}

static bool take_number(struct rule_entry *entry, const struct yaml_node *node,
                        long value, long low, long high)
{
	if (value >= low && value <= high)
		return true;
	return yaml_text_fault(yaml_of(entry), node, entry->loader->fault,
	                       "%ld is out of range: expected %ld to %ld", value, low,
	                       high);
}

static bool key_rank(struct rule_entry *entry, const struct yaml_node *node)
{
	int rank = *entry->from->rank;

	if (!take_number(entry, node, rank, 0, 9))
		return false;
	entry->rule->rank = (uint8_t)rank;
	return true;
}

static bool key_limit(struct rule_entry *entry, const struct yaml_node *node)
{
	unsigned limit = *entry->from->limit;

	entry->rule->limit = limit;
	return take_number(entry, node, (long)limit, 0, 1000);
}

static bool key_once(struct rule_entry *entry, const struct yaml_node *node)
{
	(void)node;
	entry->rule->once = *entry->from->once;
	return true;
}

static bool key_lock(struct rule_entry *entry, const struct yaml_node *node)
{
	(void)node;
	entry->rule->lock = *entry->from->lock;
	return true;
}

static bool key_ack(struct rule_entry *entry, const struct yaml_node *node)
{
	(void)node;
	entry->rule->ack = *entry->from->ack;
	return true;
}

static bool key_enabled(struct rule_entry *entry, const struct yaml_node *node)
{
	(void)node;
	entry->rule->disabled = !*entry->from->enabled;
	return true;
}

static bool key_ask(struct rule_entry *entry, const struct yaml_node *node)
{
	const struct file_ask *ask = entry->from->ask;
	struct rule *rule = entry->rule;

	rule->ask = DISPLAY_ASK_SCALE;
	rule->ask_minimum = ask->minimum;
	rule->ask_maximum = ask->maximum;
	rule->answer_is_pain = ask->is && *ask->is == FILE_ASK_PAIN;
	rule->answer_is_pod = ask->is && *ask->is == FILE_ASK_POD;
	if (rule->answer_is_pod) /* which there are is known when it is asked */
		rule->ask = DISPLAY_ASK_CHOICE;
	rule->answer_is_morning = ask->is && *ask->is == FILE_ASK_MORNING;
	rule->answer_is_runner = ask->is && *ask->is == FILE_ASK_RUNNER;
	if (rule->answer_is_runner)
		rule->ask = DISPLAY_ASK_CHOICE;
	return take_number(entry, node, ask->minimum, -1000, 1000) &&
	       take_number(entry, node, ask->maximum, -1000, 1000);
}

/* ---- metrics -------------------------------------------------------------- */

static bool key_needs(struct rule_entry *entry, const struct yaml_node *node)
{
	const struct yaml_node *item;

	memset(entry->rule->needs, 0, sizeof(entry->rule->needs));
	for (size_t i = 0; (item = yaml_text_item(yaml_of(entry), node, i)); i++) {
		const char *name = yaml_text_scalar(item);
		enum metric metric = metric_by_name(name, strlen(name));
		char hint[96];

		if (metric == METRIC_COUNT) {
			expression_metric_hint(name, strlen(name), hint, sizeof(hint));
			return yaml_text_fault(yaml_of(entry), item, entry->loader->fault,
			                       "unknown metric \"%s\"%s", name, hint);
		}
		entry->rule->needs[metric / 64] |= UINT64_C(1) << metric % 64;
	}
	return true;
}

/* ---- names of other rules ------------------------------------------------- */

static bool find_rule(struct rule_entry *entry, const struct yaml_node *node,
                      size_t *index)
{
	const struct ruleset *set = &entry->loader->set;
	const char *id = yaml_text_scalar(node), *near = NULL;
	const struct rule *found = ruleset_find(set, id);
	const char **names;

	if (found) {
		*index = (size_t)(found - set->rules);
		return true;
	}
	names = calloc(set->count, sizeof(names[0]));
	for (size_t i = 0; names && i < set->count; i++)
		names[i] = set->rules[i].id;
	if (names)
		near = suggest_among(id, strlen(id), names, set->count);
	yaml_text_fault(yaml_of(entry), node, entry->loader->fault,
	                "there is no rule \"%s\"%s%s%s", id,
	                near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
	free(names);
	return false;
}

/* A list of ids as a bitmap of rules */
static bool take_rules(struct rule_entry *entry, const struct yaml_node *node,
                       uint64_t rules[RULES_MAX / 64])
{
	const struct yaml_node *item;
	size_t index;

	memset(rules, 0, RULES_MAX / 8);
	for (size_t i = 0; (item = yaml_text_item(yaml_of(entry), node, i)); i++) {
		if (!find_rule(entry, item, &index))
			return false;
		rules[index / 64] |= UINT64_C(1) << index % 64;
	}
	return true;
}

static bool key_mutes(struct rule_entry *entry, const struct yaml_node *node)
{
	return take_rules(entry, node, entry->rule->mutes);
}

static bool key_bars(struct rule_entry *entry, const struct yaml_node *node)
{
	return take_rules(entry, node, entry->rule->bars);
}

static bool key_praise(struct rule_entry *entry, const struct yaml_node *node)
{
	size_t index;

	if (!find_rule(entry, node, &index))
		return false;
	entry->rule->praise = &entry->loader->set.rules[index];
	if (entry->rule->praise_within_s == 0)
		entry->rule->praise_within_s = PRAISE_WITHIN_S;
	return true;
}

/* ---- the tables ----------------------------------------------------------- */

struct key {
	const char *name;
	bool (*take)(struct rule_entry *entry, const struct yaml_node *node);
};

static const struct key own_keys[] = {
	{ "level", key_level },
	{ "rank", key_rank },
	{ "when", key_when },
	{ "hold", key_hold },
	{ "also", key_also },
	{ "await", key_await },
	{ "clear", key_clear },
	{ "clear_hold", key_clear_hold },
	{ "repeat", key_repeat },
	{ "gap", key_gap },
	{ "limit", key_limit },
	{ "once", key_once },
	{ "needs", key_needs },
	{ "say", key_say },
	{ "args", rule_entry_args },
	{ "ask", key_ask },
	{ "ack", key_ack },
	{ "lock", key_lock },
	{ "enabled", key_enabled },
	{ "praise_within", key_praise_within },
	{ "why", key_why },
	{ "source", key_source },
	{ "strength", key_strength },
};

static const struct key linking_keys[] = {
	{ "mutes", key_mutes },
	{ "bars", key_bars },
	{ "praise", key_praise },
};

static bool apply(struct rule_entry *entry, const struct key *keys, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct yaml_node *node =
			yaml_text_member(yaml_of(entry), entry->node, keys[i].name);

		if (node && !keys[i].take(entry, node))
			return false;
	}
	return true;
}

bool rule_entry_apply(struct rule_entry *entry)
{
	return apply(entry, own_keys, sizeof(own_keys) / sizeof(own_keys[0]));
}

bool rule_entry_link(struct rule_entry *entry)
{
	return apply(entry, linking_keys,
	             sizeof(linking_keys) / sizeof(linking_keys[0]));
}
