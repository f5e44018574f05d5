/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/loading.h"

#include "daemon/service/log.h"
#include "daemon/service/rule_files.h"

#include <errno.h>
#include <stdlib.h>

/* Short of memory there is nothing in a file to mend, and the next start may be
 * luckier: what was about to be said of the file is not true then. */
static int refused_with(const char *token)
{
	if (errno != ENOMEM)
		return EXIT_CONFIGURATION;
	log_known(MESSAGE_OUT_OF_MEMORY, token, "out of memory");
	return EXIT_FAILED;
}

struct config *loading_config(const char *only, int *status)
{
	struct config_layers *layers = config_read(only);
	struct config *config = NULL;
	struct yaml_fault fault;

	if (!layers) {
		*status = errno == EACCES ? EXIT_PERMISSION : refused_with("config");
		return NULL;
	}
	errno = 0;
	config = config_make(layers, &fault);
	*status = config ? EXIT_OK : refused_with("config");
	if (*status == EXIT_CONFIGURATION)
		log_known(MESSAGE_CONFIG_REFUSED, "config", "%s: %s", fault.where, fault.message);
	if (config)
		config->hash = config_layers_hash(layers);
	config_layers_free(layers);
	return config;
}

struct ruleset *loading_rules(const struct config *config,
                              const struct options *options, int *status)
{
	size_t count = config->rules.files_count + options->rule_count;
	const char **files = calloc(count + 1, sizeof(*files));
	struct ruleset *rules = calloc(1, sizeof(*rules));
	struct ruleset_error error;

	if (!files || !rules) {
		*status = refused_with("rules");
		free(files);
		free(rules);
		return NULL;
	}
	for (size_t i = 0; i < config->rules.files_count; i++)
		files[i] = config->rules.files[i];
	for (size_t i = 0; i < options->rule_count; i++)
		files[config->rules.files_count + i] = options->rules[i];
	errno = 0;
	*status = EXIT_OK;
	if (!rule_files_load_all(rules, files, count, &error)) {
		*status = refused_with("rules");
		if (*status == EXIT_CONFIGURATION)
			log_known(MESSAGE_RULES_REFUSED, "rules", "%s: %s", error.where,
			          error.message);
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
	struct ruleset *rules = config ? loading_rules(config, options, &status) : NULL;

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
		return errno == EACCES ? EXIT_PERMISSION : refused_with("config");
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
