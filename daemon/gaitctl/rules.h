/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What the commands of `gaitctl rules` share.
 */
#ifndef GAITD_GAITCTL_RULES_H
#define GAITD_GAITCTL_RULES_H

#include "daemon/rules/ruleset.h"
#include "daemon/service/config.h"

#include <jansson.h>

/* The rules that gaitd would run by: shipped, /etc/gaitd/rules.d, rules.files,
 * --rules, and `count` further `files`. NULL, and said, with the status. */
struct ruleset *rules_load(const struct config *config, char **files, size_t count,
                           int *status);
/* The rule of that id; NULL, and said with the nearest */
const struct rule *rules_find(const struct ruleset *rules, const char *id);
const char *rules_level(const struct rule *rule);
/* The ids of a set of rules, [i]: is rule i in it? */
json_t *rules_ids(const struct ruleset *rules, const uint64_t *bits);
/* Who mutes the rule */
void rules_muted_by(const struct ruleset *rules, const struct rule *rule,
                    uint64_t bits[RULES_MAX / 64]);
json_t *rules_metric_names(const uint64_t *bits);
/* An object with what `null` members leave out */
void rules_set(json_t *object, const char *key, json_t *value);
/* Prints it; the status to exit with */
int rules_print_json(json_t *reply);

#endif
