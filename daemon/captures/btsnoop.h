/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * btsnoop: the log of Android's "HCI snoop log" and of btmon -w. A header, then
 * records; all numbers big endian.
 */
#ifndef GAITD_CAPTURE_BTSNOOP_H
#define GAITD_CAPTURE_BTSNOOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BTSNOOP_HEADER_SIZE 16
#define BTSNOOP_RECORD_SIZE 24
#define BTSNOOP_DATA_MAX 0x20000 /* a packet is 64 KiB and a little at most */

struct btsnoop_record {
	uint32_t original, length; /* of what was there, of what was kept */
	uint32_t flags;
	int64_t t_us; /* since 1970 */
};

/* The link type, for capture_link(); false: it is no btsnoop of version 1. */
bool btsnoop_header(const uint8_t bytes[BTSNOOP_HEADER_SIZE], uint32_t *link);
/* False: no such record can be; the file is damaged from here on. */
bool btsnoop_record(const uint8_t bytes[BTSNOOP_RECORD_SIZE],
                    struct btsnoop_record *out);

#endif
