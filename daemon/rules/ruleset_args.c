/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The key `args` of a rule: the values within its texts.
 */
#include "daemon/rules/ruleset_yaml.h"
#include "daemon/rules/suggest.h"

#include <string.h>

static bool is_arg_name(const char *name)
{
	return *name >= 'a' && *name <= 'z' &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(name);
}

static const char *unit_name(size_t index)
{
	return unit_table[index].name;
}

static bool take_unit(struct rule_entry *entry, const struct yaml_node *node,
                      struct rule_arg *arg)
{
	const char *name = yaml_text_scalar(node);
	char hint[64];

	arg->unit = unit_by_name(name, strlen(name));
	if (!arg->unit) {
		suggest_text(hint, sizeof(hint), name, strlen(name), unit_name);
		return yaml_text_fault(&entry->loader->yaml, node, entry->loader->fault,
		                       "unknown unit \"%.40s\"%s", name, hint);
	}
	if (arg->unit->dimension != arg->value.dimension)
		return yaml_text_fault(&entry->loader->yaml, node, entry->loader->fault,
		                       "the value is a %s and cannot be shown in %s",
		                       dimension_name(arg->value.dimension), name);
	return true;
}

/* Without a unit it stands there anyhow. */
static bool take_with_unit(struct rule_entry *entry, const struct yaml_node *node,
                           const struct file_arg *from, struct rule_arg *arg)
{
	arg->with_unit = from->with_unit && *from->with_unit;
	return !arg->with_unit || arg->unit ||
	       yaml_text_fault(&entry->loader->yaml,
	                       yaml_text_member(&entry->loader->yaml, node, "with_unit"),
	                       entry->loader->fault,
	                       "with_unit needs a unit: write it, as in unit: cm, or "
	                       "leave both out");
}

static bool take_words(struct rule_entry *entry, const struct yaml_node *node,
                       const struct file_arg *from, struct rule_arg *arg)
{
	const struct yaml_node *words = yaml_text_member(&entry->loader->yaml, node, "words");

	if (words && arg->value.dimension != DIMENSION_NUMBER)
		return yaml_text_fault(&entry->loader->yaml, words, entry->loader->fault,
		                       "words are taken in turn by a count, and the value "
		                       "is a %s: use sessions or fired_count",
		                       dimension_name(arg->value.dimension));
	for (unsigned i = 0; i < from->words_count; i++)
		if (!rule_entry_text(entry, words, from->words[i],
		               &arg->words[arg->word_count++]))
			return false;
	return true;
}

/* A value, with its unit or words; or the runner's name, which has none. */
static bool take_arg_value(struct rule_entry *entry, const struct yaml_node *node,
                           const struct file_arg *from, struct rule_arg *arg)
{
	struct yaml_text *yaml = &entry->loader->yaml;
	const struct yaml_node *value = yaml_text_member(yaml, node, "value");
	const struct yaml_node *unit = yaml_text_member(yaml, node, "unit");
	struct expression_error error;

	arg->is_runner = from->is && *from->is == FILE_ARG_RUNNER;
	if (arg->is_runner != !value || (arg->is_runner && (unit || from->words_count)))
		return yaml_text_fault(yaml, node, entry->loader->fault,
		                       "\"%s\" needs a \"value\", or \"is: runner\" alone",
		                       from->name);
	if (arg->is_runner)
		return true;
	if (!expression_compile_value(from->value, &arg->value, &error))
		return yaml_text_fault_inside(yaml, value, error.offset, entry->loader->fault,
		                              "%s", error.message);
	return (!unit || take_unit(entry, unit, arg)) &&
	       take_with_unit(entry, node, from, arg) && take_words(entry, node, from, arg);
}

static bool take_arg(struct rule_entry *entry, const struct yaml_node *node,
                     const struct file_arg *from)
{
	struct yaml_text *yaml = &entry->loader->yaml;
	struct rule *rule = entry->rule;
	struct rule_arg *arg = &rule->args[rule->arg_count];
	const struct yaml_node *name = yaml_text_member(yaml, node, "name");

	if (!is_arg_name(from->name))
		return yaml_text_fault(yaml, name, entry->loader->fault,
		                       "\"%s\" is no name for an argument: write small "
		                       "letters, digits and _, a letter first", from->name);
	for (size_t i = 0; i < rule->arg_count; i++)
		if (strcmp(rule->args[i].name, from->name) == 0)
			return yaml_text_fault(yaml, name, entry->loader->fault,
			                       "a second argument \"%s\"", from->name);
	rule->arg_count++;
	memcpy(arg->name, from->name, strlen(from->name) + 1);
	if (!take_arg_value(entry, node, from, arg))
		return false;
	arg->personal = arg->is_runner || (from->personal && *from->personal);
	return true;
}

bool rule_entry_args(struct rule_entry *entry, const struct yaml_node *node)
{
	struct rule *rule = entry->rule;
	const struct yaml_node *item;

	rule_drop_args(rule);
	for (size_t i = 0; (item = yaml_text_item(&entry->loader->yaml, node, i)); i++)
		if (!take_arg(entry, item, &entry->from->args[i]))
			return false;
	return true;
}
