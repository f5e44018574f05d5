/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * gaitctl prompt --test: what each level looks like on the displays.
 */
#include "daemon/gaitctl/gaitctl.h"

#include "daemon/service/log.h"
#include "daemon/service/options.h"

#include <stdio.h>

static void print_test(const json_t *reply)
{
	const json_t *levels = json_object_get(reply, "levels"), *level;
	long long displays = reply_whole(reply, "displays");
	double each_s = reply_number(reply, "each_ms") / 1000;
	size_t i;

	printf("A prompt of each level on %lld display%s, %.0f s each:", displays,
	       displays == 1 ? "" : "s", each_s);
	json_array_foreach(levels, i, level)
		printf(" %s", json_string_value(level));
	printf(".\nThe test ends by itself, or as soon as there is a real prompt.\n");
}

int gaitctl_prompt(char **words)
{
	(void)words;
	if (!gaitctl.test) {
		log_error("usage", "gaitctl prompt takes --test: it shows a prompt of each "
		                   "level on the displays");
		return EXIT_USAGE;
	}
	return show_reply("prompt-test", print_test);
}
