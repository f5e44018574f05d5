/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What a whole rule must be, after its file and those before it have been read.
 */
#ifndef GAITD_RULESET_CHECK_H
#define GAITD_RULESET_CHECK_H

#include "daemon/rules/ruleset.h"

#define HEADLINE_COLUMNS_MAX 30
#define TEXT_COLUMNS_MAX 60

/* Which key of the rule is at fault, and what about it. `member` is a key
 * below it ("say", "headline"), or NULL. */
struct rule_problem {
	const char *key, *member;
	char message[400];
};

bool ruleset_check_rule(const struct ruleset *set, const struct rule *rule,
                        struct rule_problem *problem);

/* Its texts alone: columns, brackets, arguments */
bool ruleset_check_texts(const struct rule *rule, struct rule_problem *problem);

#endif
