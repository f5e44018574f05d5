/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What is right by the letter and still hardly meant: rules that can never
 * speak, that are always true, that end at once, that ask for opposite things.
 * By the declared ranges of metrics; what is not sure is not said.
 */
#ifndef GAITD_RULESET_LINT_H
#define GAITD_RULESET_LINT_H

#include "daemon/rules/ruleset.h"

/* `message` names no rule but others than `rule`: "can never speak: ..." */
typedef void (*ruleset_doubt_fn)(const struct rule *rule, const char *message,
                                 void *user);

/* The number of doubts */
size_t ruleset_lint(const struct ruleset *set, ruleset_doubt_fn doubt, void *user);

#endif
