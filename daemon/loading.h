/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Configuration and rules as the command line asks for them: at the start, at
 * a reload, and for --check-config and --dump-config.
 */
#ifndef GAITD_LOADING_H
#define GAITD_LOADING_H

#include "daemon/rules/ruleset.h"
#include "daemon/service/config.h"
#include "daemon/service/options.h"

/* `only` (--config) or all layers. NULL, said, with the status to exit with. */
struct config *loading_config(const char *only, int *status);
/* The shipped rules, rules.d, the configuration's, the command line's. NULL,
 * said, with the status to exit with. */
struct ruleset *loading_rules(const struct config *config,
                              const struct options *options, int *status);
void loading_free_rules(struct ruleset *rules); /* NULL is fine */

/* struct pipeline_settings's rule_failed: says it in the log. */
void loading_rule_failed(const struct rule *rule, void *user);

/* --check-config and --dump-config; the status to exit with */
int loading_check(const struct options *options);
int loading_dump(const struct options *options);

#endif
