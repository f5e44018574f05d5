/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A message to systemd's journal, with fields that can be searched for.
 */
#ifndef GAITD_JOURNAL_H
#define GAITD_JOURNAL_H

#include <stdbool.h>

struct journal_entry {
	int priority; /* of syslog(3) */
	const char *program, *subsystem, *message;
	const char *id; /* of messages.h; NULL: none */
	/* "": not known */
	const char *instance, *treadmill, *footpod, *rule;
};

/* False where there is no journal, or gaitd is built without it. */
bool journal_send(const struct journal_entry *entry);

#endif
