/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/rules/ruleset_yaml.h"
#include "daemon/rules/ruleset_check.h"
#include "daemon/rules/suggest.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct rule_entry entry_of(struct rule_loader *loader, size_t index)
{
	const struct yaml_node *list =
		yaml_text_member(&loader->yaml, yaml_text_root(&loader->yaml), "rules");

	return (struct rule_entry){
		.loader = loader,
		.from = &loader->file->rules[index],
		.node = yaml_text_item(&loader->yaml, list, index),
	};
}

/* At a key of the rule, or where the rule begins when the file lacks the key */
__attribute__((format(printf, 3, 4))) static bool
fail_at_key(struct rule_entry *entry, const char *key, const char *format, ...)
{
	const struct yaml_node *node = yaml_text_member(&entry->loader->yaml, entry->node, key);
	char message[400];
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	return yaml_text_fault(&entry->loader->yaml, node ? node : entry->node,
	                       entry->loader->fault, "%s", message);
}

/* ---- ids ------------------------------------------------------------------ */

static bool is_id(const char *id)
{
	return *id >= 'a' && *id <= 'z' &&
	       strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-_") == strlen(id);
}

static bool check_id(struct rule_entry *entry, size_t index)
{
	const char *id = entry->from->id;

	if (!is_id(id))
		return fail_at_key(entry, "id", "\"%s\" is no id: write small letters, digits "
		                   "and -, a letter first", id);
	for (size_t i = 0; i < index; i++)
		if (strcmp(entry->loader->file->rules[i].id, id) == 0)
			return fail_at_key(entry, "id", "a second rule \"%s\" in this file, the "
			                   "first is in line %u: keep one", id,
			                   entry_of(entry->loader, i).node->line + 1);
	return true;
}

/* ---- keys that a new rule cannot be without ------------------------------- */

/* A rule that is new by a slip of the pen looks like this. */
static bool fail_new(struct rule_entry *entry, const char *missing)
{
	const struct ruleset *set = &entry->loader->set;
	const char *id = entry->from->id, *near = NULL;
	const char **names = calloc(set->count + 1, sizeof(names[0]));
	char hint[96] = "";

	for (size_t i = 0; names && i + 1 < set->count; i++)
		names[i] = set->rules[i].id;
	if (names && set->count > 1)
		near = suggest_among(id, strlen(id), names, set->count - 1);
	if (near)
		snprintf(hint, sizeof(hint), "; did you mean %s?", near);
	else if (set->count > 1)
		snprintf(hint, sizeof(hint), " (to change a rule, name one that there is: "
		         "gaitctl rules list)");
	free(names);
	return yaml_text_fault(&entry->loader->yaml, entry->node, entry->loader->fault,
	                       "the rule \"%s\" is new and needs the key \"%s\"%s", id,
	                       missing, hint);
}

static bool check_new(struct rule_entry *entry)
{
	static const char *const needed[] = { "level", "say" };

	for (size_t i = 0; entry->is_new && i < sizeof(needed) / sizeof(needed[0]); i++)
		if (!yaml_text_member(&entry->loader->yaml, entry->node, needed[i]))
			return fail_new(entry, needed[i]);
	return true;
}

/* ---- one rule ------------------------------------------------------------- */

static bool find_or_add(struct rule_entry *entry)
{
	struct ruleset *set = &entry->loader->set;
	const struct rule *found = ruleset_find(set, entry->from->id);

	if (found) {
		entry->rule = &set->rules[found - set->rules];
		return true;
	}
	if (set->count == RULES_MAX)
		return fail_at_key(entry, "id", "more than %d rules in all files together",
		                   RULES_MAX);
	entry->is_new = true;
	entry->rule = ruleset_add(set, entry->from->id);
	return entry->rule ||
	       yaml_text_fault_top(&entry->loader->yaml, entry->loader->fault,
	                           "out of memory");
}

static bool note_place(struct rule_entry *entry)
{
	char where[512];

	snprintf(where, sizeof(where), "%.480s:%u", entry->loader->yaml.name,
	         entry->node->line + 1);
	free(entry->rule->where);
	entry->rule->where = strdup(where);
	return entry->rule->where ||
	       yaml_text_fault_top(&entry->loader->yaml, entry->loader->fault,
	                           "out of memory");
}

static bool read_rule(struct rule_loader *loader, size_t index)
{
	struct rule_entry entry = entry_of(loader, index);

	return check_id(&entry, index) && find_or_add(&entry) && check_new(&entry) &&
	       note_place(&entry) && rule_entry_apply(&entry);
}

static bool link_rule(struct rule_loader *loader, size_t index)
{
	struct rule_entry entry = entry_of(loader, index);
	const struct rule *rule = ruleset_find(&loader->set, entry.from->id);

	entry.rule = &loader->set.rules[rule - loader->set.rules];
	return rule_entry_link(&entry);
}

/* ---- the set as a whole --------------------------------------------------- */

/* What follows from the rules together */
static void derive(struct ruleset *set)
{
	for (size_t i = 0; i < set->count; i++) {
		struct rule *rule = &set->rules[i];

		rule->only_as_praise = false;
		rule->instant = false;
		for (size_t c = 0; c < rule->clause_count; c++)
			for (size_t m = 0; m < METRIC_COUNT; m++)
				rule->instant |= metric_is_instant((enum metric)m) &&
				                 expression_uses(&rule->clauses[c].when,
				                                 (enum metric)m);
	}
	for (size_t i = 0; i < set->count; i++)
		if (set->rules[i].praise)
			set->rules[set->rules[i].praise - set->rules].only_as_praise = true;
}

static bool fail_problem(struct rule_entry *entry,
                         const struct rule_problem *problem)
{
	struct yaml_text *yaml = &entry->loader->yaml;
	const struct yaml_node *node = yaml_text_member(yaml, entry->node, problem->key);
	const struct yaml_node *member = NULL;

	if (node && problem->member)
		member = yaml_text_member(yaml, node, problem->member);
	return yaml_text_fault(yaml, member ? member : node ? node : entry->node,
	                       entry->loader->fault, "%s", problem->message);
}

/* Rules of earlier files were good; what fails now, this file has done. */
static bool check_others(struct rule_loader *loader)
{
	struct rule_problem problem;

	for (size_t i = 0; i < loader->set.count; i++)
		if (!ruleset_check_rule(&loader->set, &loader->set.rules[i], &problem))
			return yaml_text_fault_top(&loader->yaml, loader->fault,
			                           "with this file, rule \"%s\" fails: %.300s",
			                           loader->set.rules[i].id, problem.message);
	return true;
}

static bool check_rules(struct rule_loader *loader)
{
	struct rule_problem problem;

	for (size_t i = 0; i < loader->file->rules_count; i++) {
		struct rule_entry entry = entry_of(loader, i);
		const struct rule *rule = ruleset_find(&loader->set, entry.from->id);

		if (!ruleset_check_rule(&loader->set, rule, &problem))
			return fail_problem(&entry, &problem);
	}
	return check_others(loader);
}

static bool build(struct rule_loader *loader, const struct ruleset *before)
{
	size_t count = loader->file->rules_count;

	if (!ruleset_copy(before, &loader->set, count))
		return yaml_text_fault_top(&loader->yaml, loader->fault, "out of memory");
	for (size_t i = 0; i < count; i++)
		if (!read_rule(loader, i))
			return false;
	for (size_t i = 0; i < count; i++)
		if (!link_rule(loader, i))
			return false;
	derive(&loader->set);
	return check_rules(loader);
}

static bool load(struct rule_loader *loader, struct ruleset *set)
{
	const struct yaml_node *root = yaml_text_root(&loader->yaml);
	void *file;

	if (root && root->type == YAML_SEQUENCE_NODE)
		return yaml_text_fault(&loader->yaml, root, loader->fault,
		                       "expected a rule file, found a list: write the line "
		                       "\"rules:\" above it");

	if (!yaml_schema_load(&loader->yaml, &rule_file_schema, "a rule file, rules: [...]",
	                      &file, loader->fault))
		return false;
	loader->file = file;
	if (build(loader, set)) {
		ruleset_free(set);
		*set = loader->set;
		yaml_schema_free(&rule_file_schema, file);
		return true;
	}
	ruleset_free(&loader->set);
	yaml_schema_free(&rule_file_schema, file);
	return false;
}

bool ruleset_parse(struct ruleset *set, const char *name, const char *text,
                   size_t length, struct ruleset_error *error)
{
	struct yaml_fault fault;
	struct rule_loader loader = { .fault = &fault };
	bool good = yaml_text_parse(&loader.yaml, name, text, length, &fault);

	if (good) {
		good = load(&loader, set);
		yaml_text_free(&loader.yaml);
	}
	if (!good) {
		snprintf(error->where, sizeof(error->where), "%s", fault.where);
		snprintf(error->message, sizeof(error->message), "%s", fault.message);
	}
	return good;
}
