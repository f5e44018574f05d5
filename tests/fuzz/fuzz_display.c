/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The display protocol: bytes as either end may send them. However they are
 * split the lines are the same, and what was read and written reads the same.
 */
#include "protocol/display.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void check_request(const char *line, size_t length)
{
	char first[DISPLAY_LINE_MAX], again[DISPLAY_LINE_MAX];
	struct display_fault fault;
	struct display_request r;
	size_t written;

	if (!display_request_read(line, length, &r, &fault)) {
		require(display_write_error(first, sizeof(first), fault.code,
		                            fault.detail, false) > 0);
		return;
	}
	if (r.type != DISPLAY_REQUEST_INPUT)
		return;
	written = display_write_input(first, sizeof(first), &r);
	require(written && display_request_read(first, written, &r, &fault));
	require(display_write_input(again, sizeof(again), &r) == written);
	require(memcmp(first, again, written) == 0);
}

static size_t write_message(char *line, const struct display_message *m)
{
	switch (m->type) {
	case DISPLAY_MESSAGE_LINK:
		return display_write_link(line, DISPLAY_LINE_MAX, &m->link);
	case DISPLAY_MESSAGE_SESSION:
		return display_write_session(line, DISPLAY_LINE_MAX, &m->session,
		                             true);
	case DISPLAY_MESSAGE_METRICS:
		return display_write_metrics(line, DISPLAY_LINE_MAX, &m->metrics,
		                             true);
	case DISPLAY_MESSAGE_TARGET:
		return display_write_target(line, DISPLAY_LINE_MAX, &m->target);
	case DISPLAY_MESSAGE_PROMPT:
		return display_write_prompt(line, DISPLAY_LINE_MAX, &m->prompt,
		                            true);
	case DISPLAY_MESSAGE_CLEAR:
		return display_write_clear(line, DISPLAY_LINE_MAX, &m->clear);
	case DISPLAY_MESSAGE_BATTERY:
		return display_write_battery(line, DISPLAY_LINE_MAX, &m->battery);
	case DISPLAY_MESSAGE_SUMMARY:
		return display_write_summary(line, DISPLAY_LINE_MAX, &m->summary);
	case DISPLAY_MESSAGE_READY:
		return display_write_ready(line, DISPLAY_LINE_MAX, m->ready.caps);
	case DISPLAY_MESSAGE_BYE:
		return display_write_bye(line, DISPLAY_LINE_MAX, m->bye.reason);
	case DISPLAY_MESSAGE_HELLO:
	case DISPLAY_MESSAGE_PING:
	case DISPLAY_MESSAGE_ERROR:
	case DISPLAY_MESSAGE_OTHER:
		break;
	}
	return display_write_ping(line, DISPLAY_LINE_MAX);
}

static void check_message(const char *line, size_t length)
{
	char first[DISPLAY_LINE_MAX];
	struct display_message m;
	size_t written;

	if (!display_message_read(line, length, &m))
		return;
	written = write_message(first, &m);
	require(written > 0);
	require(display_message_read(first, written, &m));
}

/* A digest of the lines, fed in steps of `step` */
static uint64_t digest(const char *bytes, size_t size, size_t step, bool check)
{
	static struct display_framer framer;
	uint64_t sum = 14695981039346656037u;
	size_t line_length = 0;

	memset(&framer, 0, sizeof(framer));
	for (size_t at = 0; at < size; at += step) {
		const char *from = bytes + at;
		size_t left = size - at < step ? size - at : step;
		enum display_frame_result result;

		while ((result = display_framer_next(&framer, &from, &left,
		                                     &line_length))) {
			size_t count = result == DISPLAY_FRAME_LINE ? line_length : 0;

			for (size_t i = 0; i < count; i++)
				sum = (sum ^ (uint8_t)framer.line[i]) *
				      1099511628211u;
			sum = (sum ^ (256u + (unsigned)result)) * 1099511628211u;
			if (check && count) {
				check_request(framer.line, count);
				check_message(framer.line, count);
			}
		}
		require(left == 0);
	}
	return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *bytes = (const char *)data;
	size_t step = size ? 1 + data[0] % 97u : 1;

	require(digest(bytes, size, size ? size : 1, true) ==
	        digest(bytes, size, step, false));
	return 0;
}
