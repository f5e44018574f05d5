/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A display, in a thread of its own, that pings ten times a second whatever
 * happens to the stick, and counts how long each answer takes.
 */
#ifndef GAITD_TEST_USB_DISPLAY_H
#define GAITD_TEST_USB_DISPLAY_H

#include <stdbool.h>

struct display_count {
	unsigned sent, answered;
	unsigned slowest_ms; /* one that is not answered yet counts, too */
};

/* False: the daemon does not greet. `socket` is borrowed. */
bool display_start(const char *socket);
struct display_count display_count(void);
/* False if it was closed by the daemon before. */
bool display_stop(void);

#endif
