/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A message to systemd's journal, with fields that can be searched for.
 */
#ifndef GAITD_JOURNAL_H
#define GAITD_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>

#define JOURNAL_VALUE_MAX 1080 /* octets; what is beyond is left out */
#define JOURNAL_FIELDS 9
#define JOURNAL_DATAGRAM_MAX (JOURNAL_FIELDS * (JOURNAL_VALUE_MAX + 40))

struct journal_entry {
	int priority; /* of syslog(3) */
	const char *program, *subsystem, *message;
	const char *id; /* of messages.h; NULL: none */
	/* "": not known */
	const char *instance, *treadmill, *footpod, *rule;
};

/* As the journal wants it: https://systemd.io/JOURNAL_NATIVE_PROTOCOL. Its length */
size_t journal_datagram(const struct journal_entry *entry, char out[JOURNAL_DATAGRAM_MAX]);

/* False where there is no journal, or gaitd is built without it. */
bool journal_send(const struct journal_entry *entry);

#endif
