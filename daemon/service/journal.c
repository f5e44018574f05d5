/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include <config.h>

#include "daemon/service/journal.h"

#include "daemon/service/manager.h"

#include <stdint.h>
#include <string.h>

#define SOCKET "/run/systemd/journal/socket"

struct datagram {
	char *bytes;
	size_t length;
};

static void put(struct datagram *out, const void *bytes, size_t length)
{
	memcpy(out->bytes + out->length, bytes, length);
	out->length += length;
}

/* Of a value of several lines, which would be several fields, the length is told: in 8
 * octets, the least first. */
static void put_field(struct datagram *out, const char *name, const char *value)
{
	size_t length = strnlen(value, JOURNAL_VALUE_MAX);
	uint8_t octets[8];

	put(out, name, strlen(name));
	if (!memchr(value, '\n', length)) {
		put(out, "=", 1);
	} else {
		for (unsigned i = 0; i < sizeof(octets); i++)
			octets[i] = (uint8_t)(length >> 8 * i);
		put(out, "\n", 1);
		put(out, octets, sizeof(octets));
	}
	put(out, value, length);
	put(out, "\n", 1);
}

size_t journal_datagram(const struct journal_entry *entry, char out[JOURNAL_DATAGRAM_MAX])
{
	const char priority[2] = { (char)('0' + entry->priority), '\0' };
	const struct {
		const char *name, *value;
	} fields[JOURNAL_FIELDS] = {
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
	struct datagram datagram = { out, 0 };

	for (size_t i = 0; i < JOURNAL_FIELDS; i++)
		if (fields[i].value && *fields[i].value)
			put_field(&datagram, fields[i].name, fields[i].value);
	return datagram.length;
}

#ifdef WITH_SYSTEMD

bool journal_send(const struct journal_entry *entry)
{
	char datagram[JOURNAL_DATAGRAM_MAX];
	size_t length = journal_datagram(entry, datagram);

	return manager_send(SOCKET, datagram, length) == 0;
}

#else

bool journal_send(const struct journal_entry *entry)
{
	(void)entry;
	return false;
}

#endif
