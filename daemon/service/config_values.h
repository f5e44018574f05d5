/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What the value of a configuration key may be.
 */
#ifndef GAITD_CONFIG_VALUES_H
#define GAITD_CONFIG_VALUES_H

#include "daemon/rules/suggest.h"
#include "daemon/rules/yaml_text.h"

#include <stdbool.h>
#include <stdint.h>

struct config_kind;

struct config_key {
	const char *section, *key;
	const struct config_kind *kind;
	const char *fallback; /* as YAML */
	int64_t low, high;
	const char *words;
	const char *help;
};

struct config_kind {
	/* A scalar that is good is true; else `expected` says what would be. */
	bool (*check)(const struct config_key *key, const char *text);
	const char *expected; /* NULL: made of the key's range or words */
	suggest_name_fn names; /* what it may be, to suggest one; NULL: nothing */
	bool list;            /* a sequence of such scalars */
	bool bare;            /* written without quotes: a number, true, false */
	bool secret;
};

extern const struct config_kind config_kind_TEXT, config_kind_ADDRESS,
	config_kind_INCLINE, config_kind_QUIRK, config_kind_ADAPTER, config_kind_LANGUAGE,
	config_kind_KEY, config_kind_PATH, config_kind_WORD, config_kind_NUMBER,
	config_kind_SWITCH, config_kind_NAMES, config_kind_PATHS;

/* The value as one line of YAML, allocated; NULL with `fault` set. */
char *config_value_read(const struct config_key *key, struct yaml_text *yaml,
                        const struct yaml_node *node, struct yaml_fault *fault);
/* "fixed N" with N from -15 to 40 */
bool config_incline_read(const char *text, double *incline_pct);

#endif
