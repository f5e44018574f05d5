/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * gaitd's command line, gaitd(8).
 */
#ifndef GAITD_OPTIONS_H
#define GAITD_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Exit status of gaitd and gaitctl */
enum exit_status {
	EXIT_OK = 0,
	EXIT_FAILED = 1,        /* it was tried and did not work */
	EXIT_USAGE = 2,         /* the command line */
	EXIT_CONFIGURATION = 3, /* a configuration or rule file */
	EXIT_NO_HARDWARE = 4,
	EXIT_PERMISSION = 5,
	EXIT_TEMPORARY = 75, /* try again: no daemon, or one too many */
};
#define EXIT_GO_ON (-1) /* no exit: the command line asks for a run */

#define OPTIONS_RULES_MAX 32

struct options {
	const char *config;
	const char *rules[OPTIONS_RULES_MAX];
	size_t rule_count;
	const char *check_config;
	bool dump_config;
	const char *simulate;
	bool has_seed;
	uint64_t seed;
	const char *replay;
	double speed; /* PLAYER_MAX: as fast as it goes; 1 if not given */
	const char *record;
	const char *prompts;
	bool metrics;
	const char *socket;
};

/* Reads the command line. EXIT_GO_ON, or the status to exit with: 0 after
 * --help and --version, which are printed, EXIT_USAGE after a mistake, which
 * is said with what was meant. Strings are argv's. */
int options_parse(struct options *options, int argc, char **argv);

#endif
