/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * gaitctl conform -- CMD: whether a display keeps to gaitd-display(7), as TAP.
 */
#include "daemon/gaitctl/gaitctl.h"

#include "daemon/gaitctl/conform_checks.h"
#include "daemon/service/log.h"
#include "daemon/service/options.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

static size_t count_checks(void)
{
	size_t count = 0;

	while (conform_checks[count].name)
		count++;
	return count;
}

static int list_checks(void)
{
	for (size_t i = 0; conform_checks[i].name; i++)
		printf("%s\n", conform_checks[i].name);
	return EXIT_OK;
}

static void report(size_t number, const char *name, const struct kit *kit)
{
	char expected[2 * sizeof(kit->expected)], saw[2 * sizeof(kit->saw)];

	if (!*kit->expected) {
		printf("ok %zu - %s\n", number, name);
	} else {
		log_escape(expected, sizeof(expected), kit->expected);
		log_escape(saw, sizeof(saw), kit->saw);
		printf("not ok %zu - %s # expected %s, saw %s\n", number, name, expected, saw);
	}
	fflush(stdout);
}

/* That it answers pings is the second check's. */
static bool run_check(struct kit *kit, size_t index)
{
	kit_begin(kit);
	return conform_checks[index].run(kit) && (index == 0 || kit_alive(kit));
}

static int run_checks(struct kit *kit)
{
	size_t failures = 0;

	printf("TAP version 13\n1..%zu\n", count_checks());
	fflush(stdout);
	for (size_t i = 0; conform_checks[i].name; i++) {
		if (!run_check(kit, i)) {
			failures++;
			kit_hang_up(kit); /* whatever it was in the middle of */
		}
		report(i + 1, conform_checks[i].name, kit);
		if (failures && i < CONFORM_BASICS) {
			printf("Bail out! All other checks rest on this one.\n");
			return EXIT_FAILED;
		}
	}
	if (failures)
		printf("# failed %zu of %zu; gaitd-display(7) has the rules\n", failures,
		       count_checks());
	return failures ? EXIT_FAILED : EXIT_OK;
}

int gaitctl_conform(char **words)
{
	struct kit kit;
	int status;

	if (gaitctl.list)
		return list_checks();
	if (!words[0]) {
		log_error("usage", "gaitctl conform takes the display's command: gaitctl "
		                   "conform -- gaitd-run ./my-display");
		return EXIT_USAGE;
	}
	signal(SIGPIPE, SIG_IGN);
	if (!kit_open(&kit, words)) {
		log_error("conform", "no place for a socket in %s: %s; set TMPDIR",
		          kit.directory, strerror(errno));
		return EXIT_FAILED;
	}
	kit.verbose = gaitctl.verbose;
	status = run_checks(&kit);
	kit_close(&kit);
	return status;
}
