/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include <config.h>

#include "daemon/service/journal.h"

#ifdef WITH_SYSTEMD

/* else it would be this file's, for all */
#define SD_JOURNAL_SUPPRESS_LOCATION

#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <systemd/sd-journal.h>

#define FIELD_SIZE 1100

bool journal_send(const struct journal_entry *entry)
{
	char priority[2] = { (char)('0' + entry->priority), '\0' };
	const struct {
		const char *name, *value;
	} fields[] = {
		{ "MESSAGE", entry->message },
		{ "PRIORITY", priority },
		{ "SYSLOG_IDENTIFIER", entry->program },
		{ "MESSAGE_ID", entry->id },
		{ "GAITD_SUBSYSTEM", entry->subsystem },
		{ "GAITD_INSTANCE", entry->instance },
		{ "GAITD_TREADMILL", entry->treadmill },
		{ "GAITD_FOOTPOD", entry->footpod },
		{ "GAITD_RULE", entry->rule },
	};
	char texts[sizeof(fields) / sizeof(fields[0])][FIELD_SIZE];
	struct iovec vector[sizeof(fields) / sizeof(fields[0])];
	int count = 0;

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		if (!fields[i].value || !*fields[i].value)
			continue;
		snprintf(texts[count], FIELD_SIZE, "%s=%s", fields[i].name, fields[i].value);
		vector[count].iov_base = texts[count];
		vector[count].iov_len = strlen(texts[count]);
		count++;
	}
	return sd_journal_sendv(vector, count) == 0;
}

#else

bool journal_send(const struct journal_entry *entry)
{
	(void)entry;
	return false;
}

#endif
