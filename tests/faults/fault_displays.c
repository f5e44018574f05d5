/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Displays that are bad, beside one that is good.
 */
#include "tests/faults/faults.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LEAVES, DEAF, MAD };

static int bad = -1; /* the bad display's socket */

static void put(const char *text)
{
	ssize_t n = send(bad, text, strlen(text), MSG_NOSIGNAL);

	(void)n; /* it may have been closed, or not be read, as it should */
}

static void display_begin(struct rig *rig, unsigned kind)
{
	bad = rig_socket(rig);
	put("{\"type\":\"hello\",\"protocol\":1,\"name\":\"bad\",\"version\":\"1\","
	    "\"caps\":[\"metrics\",\"shown\"]}\n");
	if (kind == MAD) {
		for (unsigned i = 0; i < 200; i++)
			put(i % 2 ? "{\"type\":\"shown\",\"id\":-7}\n" : "\\\xff{]\n");
	}
}

static void display_end(struct rig *rig, unsigned kind)
{
	(void)rig;
	if (kind == LEAVES)
		close(bad);
}

/* Who comes again is told what is at once; who does not read was named and closed. */
static bool display_check(struct rig *rig, const struct promise *fault)
{
	if (fault->kind == DEAF && !rig_says(rig, "log", "bad (")) {
		printf("the log does not name the display\n");
		return false;
	}
	if (fault->kind != LEAVES)
		close(bad);
	close(rig->display);
	rig->speed_at = -1;
	return rig_connect(rig) && rig_seconds(rig, fault->normal_s) && rig->speed_at >= 0;
}

bool faults_display(const struct promise *fault, unsigned second)
{
	static const struct undisturbed way = {
		.begin = display_begin, .end = display_end, .check = display_check, .lasts_s = 17,
	};

	return faults_undisturbed(&way, fault, second);
}
