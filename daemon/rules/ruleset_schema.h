/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A rule file as a struct, by a schema of libcyaml: words, before they have been
 * made rules. What a file left out is NULL; the keys are those of gaitd-rules(5).
 */
#ifndef GAITD_RULESET_SCHEMA_H
#define GAITD_RULESET_SCHEMA_H

#include "daemon/rules/ruleset.h"

#include <cyaml/cyaml.h>

struct file_clause {
	char *when, *hold, *text;
};

struct file_say {
	char *headline, *text, *text_public;
	char **texts;
	unsigned texts_count;
};

enum file_arg_is { FILE_ARG_RUNNER = 1 };

struct file_arg {
	char *name, *value, *unit;
	bool *with_unit, *personal;
	enum file_arg_is *is;
	char **words;
	unsigned words_count;
};

enum file_ask_is { FILE_ASK_PAIN = 1, FILE_ASK_POD, FILE_ASK_MORNING, FILE_ASK_RUNNER };

struct file_ask {
	int minimum, maximum;
	enum file_ask_is *is;
};

struct file_rule {
	char *id;
	enum display_level *level;
	int *rank;
	char *when, *hold, *await, *clear, *clear_hold, *repeat, *gap;
	struct file_clause *also;
	unsigned also_count;
	unsigned *limit;
	enum rule_once *once;
	char **mutes;
	unsigned mutes_count;
	char **bars;
	unsigned bars_count;
	char **needs;
	unsigned needs_count;
	struct file_say *say;
	struct file_arg *args;
	unsigned args_count;
	struct file_ask *ask;
	bool *ack, *lock, *enabled;
	char *praise, *praise_within;
	char *why, *source, *strength;
};

struct rule_file {
	struct file_rule *rules;
	unsigned rules_count;
};

extern const cyaml_schema_value_t rule_file_schema;

#endif
