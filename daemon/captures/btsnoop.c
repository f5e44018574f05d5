/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/captures/btsnoop.h"

#include <string.h>

/* Microseconds from the midnight that began the year 0 to 1970 */
#define EPOCH_US INT64_C(0x00dcddb30f2f8000)

static uint64_t number(const uint8_t *bytes, size_t count)
{
	uint64_t value = 0;

	for (size_t i = 0; i < count; i++)
		value = value << 8 | bytes[i];
	return value;
}

bool btsnoop_header(const uint8_t bytes[BTSNOOP_HEADER_SIZE], uint32_t *link)
{
	if (memcmp(bytes, "btsnoop", 8) != 0 || number(bytes + 8, 4) != 1)
		return false;
	*link = (uint32_t)number(bytes + 12, 4);
	return true;
}

bool btsnoop_record(const uint8_t bytes[BTSNOOP_RECORD_SIZE], struct btsnoop_record *out)
{
	struct btsnoop_record record = {
		.original = (uint32_t)number(bytes, 4),
		.length = (uint32_t)number(bytes + 4, 4),
		.flags = (uint32_t)number(bytes + 8, 4),
	};
	uint64_t t_us = number(bytes + 16, 8);

	if (record.length > BTSNOOP_DATA_MAX || record.length > record.original ||
	    t_us > INT64_MAX)
		return false;
	record.t_us = (int64_t)t_us - EPOCH_US;
	*out = record;
	return true;
}
