/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * gaitctl rules ...
 */
#include "daemon/gaitctl/gaitctl.h"

#include "daemon/service/log.h"
#include "daemon/service/options.h"
#include "daemon/service/rule_files.h"

#include <stdio.h>

/* Each file is laid over all that gaitd would run by, and those before it. */
int gaitctl_rules_check(char **words)
{
	for (size_t count = 1; words[count - 1]; count++) {
		struct ruleset rules = { NULL, 0 };
		struct ruleset_error error;

		if (!rule_files_load_all(&rules, (const char *const *)words, count, &error)) {
			log_error("rules", "%s: %s", error.where, error.message);
			return EXIT_CONFIGURATION;
		}
		printf("%s: ok\n", words[count - 1]);
		ruleset_free(&rules);
	}
	return EXIT_OK;
}
