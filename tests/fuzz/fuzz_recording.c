/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Any file read as a recording; each event, written and read again, must be
 * written the same.
 */
#include "daemon/devices/recording.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_written(const struct source_event *event)
{
	struct recording_reader reader = { .header.magic = true };
	struct recording_fault fault;
	struct source_event again;
	char line[RECORDING_LINE_MAX], line_again[RECORDING_LINE_MAX];
	size_t length = recording_write_line(event, line, sizeof(line));

	if (length == 0 || length > sizeof(line) || line[length - 1] != '\n' ||
	    recording_read_line(&reader, line, length - 1, &again, &fault) !=
	            RECORDING_EVENT ||
	    recording_write_line(&again, line_again, sizeof(line_again)) != length ||
	    memcmp(line, line_again, length) != 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct recording_reader reader;
	struct recording_fault fault;
	struct source_event event;
	const char *at = (const char *)data;
	const char *end = at + size;

	memset(&reader, 0, sizeof(reader));
	while (at < end) {
		const char *lf = memchr(at, '\n', (size_t)(end - at));
		size_t length = (size_t)((lf ? lf : end) - at);
		enum recording_line kind =
			recording_read_line(&reader, at, length, &event, &fault);

		if (kind == RECORDING_EVENT)
			check_written(&event);
		if (kind == RECORDING_BAD && (fault.column < 1 || fault.column > length + 1))
			abort();
		at += length + (lf ? 1 : 0);
	}
	return 0;
}
