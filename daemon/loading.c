/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/loading.h"

#include "daemon/service/log.h"
#include "daemon/service/rule_files.h"

#include <errno.h>
#include <stdlib.h>

struct config *loading_config(const char *only, int *status)
{
	struct config_layers *layers = config_read(only);
	struct config *config = NULL;
	struct yaml_fault fault;

	*status = EXIT_CONFIGURATION;
	if (!layers) {
		if (errno == EACCES)
			*status = EXIT_PERMISSION;
		return NULL;
	}
	config = config_make(layers, &fault);
	if (!config)
		log_known(MESSAGE_CONFIG_REFUSED, "config", "%s: %s", fault.where, fault.message);
	config_layers_free(layers);
	return config;
}

struct ruleset *loading_rules(const struct config *config,
                              const struct options *options)
{
	size_t count = config->rules.files_count + options->rule_count;
	const char **files = calloc(count + 1, sizeof(*files));
	struct ruleset *rules = calloc(1, sizeof(*rules));
	struct ruleset_error error;

	if (!files || !rules) {
		log_known(MESSAGE_OUT_OF_MEMORY, "rules", "out of memory");
		free(files);
		free(rules);
		return NULL;
	}
	for (size_t i = 0; i < config->rules.files_count; i++)
		files[i] = config->rules.files[i];
	for (size_t i = 0; i < options->rule_count; i++)
		files[config->rules.files_count + i] = options->rules[i];
	if (!rule_files_load_all(rules, files, count, &error)) {
		log_known(MESSAGE_RULES_REFUSED, "rules", "%s: %s", error.where, error.message);
		free(rules);
		rules = NULL;
	}
	free(files);
	return rules;
}

void loading_free_rules(struct ruleset *rules)
{
	if (!rules)
		return;
	ruleset_free(rules);
	free(rules);
}

int loading_check(const struct options *options)
{
	int status;
	struct config *config = loading_config(options->check_config, &status);
	struct ruleset *rules = config ? loading_rules(config, options) : NULL;

	if (config)
		status = rules ? EXIT_OK : EXIT_CONFIGURATION;
	if (rules)
		printf("%s: ok\n", options->check_config);
	loading_free_rules(rules);
	if (config)
		config_free(config);
	return status;
}

int loading_dump(const struct options *options)
{
	struct config_layers *layers = config_read(options->config);

	if (!layers)
		return errno == EACCES ? EXIT_PERMISSION : EXIT_CONFIGURATION;
	config_layers_dump(layers, stdout);
	config_layers_free(layers);
	return EXIT_OK;
}

void loading_rule_failed(const struct rule *rule, void *user)
{
	(void)user;
	log_set_field(LOG_RULE, rule->id);
	log_known(MESSAGE_RULE_OFF, "rules",
	          "%s: the rule %s is off for this session: its arithmetic came to no number; "
	          "the others go on. Look at what it multiplies and divides",
	          rule->where, rule->id);
	log_set_field(LOG_RULE, NULL);
}
