/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * gaitctl rules check, gaitctl rules list
 */
#include "daemon/gaitctl/rules.h"

#include "daemon/gaitctl/gaitctl.h"
#include "daemon/loading.h"
#include "daemon/rules/ruleset_lint.h"
#include "daemon/rules/suggest.h"
#include "daemon/service/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what the commands share ---------------------------------------------- */

struct ruleset *rules_load(const struct config *config, char **files, size_t count,
                           int *status)
{
	struct options options = { .rule_count = gaitctl.rule_count };

	*status = EXIT_USAGE;
	memcpy(options.rules, gaitctl.rules, sizeof(options.rules));
	if (options.rule_count + count > OPTIONS_RULES_MAX) {
		log_error("usage", "at most %d rule files", OPTIONS_RULES_MAX);
		return NULL;
	}
	for (size_t i = 0; i < count; i++)
		options.rules[options.rule_count++] = files[i];
	return loading_rules(config, &options, status);
}

const struct rule *rules_find(const struct ruleset *rules, const char *id)
{
	const struct rule *rule = ruleset_find(rules, id);
	const char **ids, *near = NULL;

	if (rule)
		return rule;
	ids = calloc(rules->count + 1, sizeof(*ids));
	for (size_t i = 0; ids && i < rules->count; i++)
		ids[i] = rules->rules[i].id;
	if (ids)
		near = suggest_among(id, strlen(id), ids, rules->count);
	log_error("rules", "there is no rule \"%s\"%s%s%s", id,
	          near ? "; did you mean " : " (gaitctl rules list)", near ? near : "",
	          near ? "?" : "");
	free(ids);
	return NULL;
}

const char *rules_level(const struct rule *rule)
{
	return display_level_name(rule->level);
}

json_t *rules_ids(const struct ruleset *rules, const uint64_t *bits)
{
	json_t *ids = json_array();

	for (size_t i = 0; i < rules->count; i++)
		if (bits[i / 64] >> i % 64 & 1)
			json_array_append_new(ids, json_string(rules->rules[i].id));
	return ids;
}

void rules_muted_by(const struct ruleset *rules, const struct rule *rule,
                    uint64_t bits[RULES_MAX / 64])
{
	size_t self = (size_t)(rule - rules->rules);

	memset(bits, 0, RULES_MAX / 8);
	for (size_t i = 0; i < rules->count; i++)
		if (!rules->rules[i].disabled &&
		    (rules->rules[i].mutes[self / 64] >> self % 64 & 1))
			bits[i / 64] |= UINT64_C(1) << i % 64;
}

json_t *rules_metric_names(const uint64_t *bits)
{
	json_t *names = json_array();

	for (size_t i = 0; i < METRIC_COUNT; i++)
		if (bits[i / 64] >> i % 64 & 1)
			json_array_append_new(names, json_string(metric_table[i].name));
	return names;
}

void rules_set(json_t *object, const char *key, json_t *value)
{
	if (!json_is_null(value) && !(json_is_string(value) && !json_string_length(value)))
		json_object_set(object, key, value);
	json_decref(value);
}

int rules_print_json(json_t *reply)
{
	char *text = json_dumps(reply, JSON_INDENT(2) | JSON_REAL_PRECISION(9));

	json_decref(reply);
	if (!text) {
		log_error("rules", "out of memory");
		return EXIT_FAILED;
	}
	puts(text);
	free(text);
	return EXIT_OK;
}

/* ---- check ---------------------------------------------------------------- */

static void print_doubt(const struct rule *rule, const char *message, void *user)
{
	(void)user;
	printf("%s: warning: rule \"%s\" %s\n", rule->where, rule->id, message);
}

/* Each file is laid over all that gaitd would run by, and those before it. */
int gaitctl_rules_check(char **words)
{
	struct ruleset *rules = NULL;
	struct config *config;
	int status;

	config = loading_config(gaitctl.config, &status);
	for (size_t count = 1; config && words[count - 1]; count++) {
		loading_free_rules(rules);
		rules = rules_load(config, words, count, &status);
		if (!rules)
			break;
		printf("%s: ok\n", words[count - 1]);
	}
	if (rules)
		ruleset_lint(rules, print_doubt, NULL);
	loading_free_rules(rules);
	config_free(config);
	return status;
}

/* ---- list ----------------------------------------------------------------- */

static void print_rules(const struct ruleset *rules)
{
	int widest = 4;

	for (size_t i = 0; i < rules->count; i++)
		if ((int)strlen(rules->rules[i].id) > widest)
			widest = (int)strlen(rules->rules[i].id);
	for (size_t i = 0; i < rules->count; i++) {
		const struct rule *rule = &rules->rules[i];

		printf("%-*s  %-6s  %s%s\n", widest, rule->id, rules_level(rule),
		       rule->disabled ? "off; " : "",
		       *rule->strength ? rule->strength : "no strength given");
	}
}

static json_t *list_json(const struct ruleset *rules)
{
	json_t *list = json_array();

	for (size_t i = 0; i < rules->count; i++) {
		const struct rule *rule = &rules->rules[i];
		json_t *row = json_object();

		rules_set(row, "id", json_string(rule->id));
		rules_set(row, "level", json_string(rules_level(rule)));
		rules_set(row, "strength", json_string(rule->strength));
		rules_set(row, "enabled", json_boolean(!rule->disabled));
		rules_set(row, "headline", json_string(rule->headline));
		rules_set(row, "where", json_string(rule->where));
		json_array_append_new(list, row);
	}
	return list;
}

int gaitctl_rules_list(char **words)
{
	struct ruleset *rules;
	struct config *config;
	int status;

	(void)words;
	config = loading_config(gaitctl.config, &status);
	rules = config ? rules_load(config, NULL, 0, &status) : NULL;
	if (rules && gaitctl.as_json)
		status = rules_print_json(list_json(rules));
	else if (rules)
		print_rules(rules);
	loading_free_rules(rules);
	config_free(config);
	return status;
}
