/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Any packets of any link type, read twice: each event that comes out is a line of
 * a recording that reads back as the same, times never go back, and so it is without
 * whose it is. The first octet picks the link type (after the last: usbmon's text, a
 * line a packet); then each packet is its length, milliseconds since the one before,
 * flags, and its octets.
 */
#include "daemon/captures/anonymiser.h"
#include "daemon/captures/capture.h"
#include "daemon/captures/usb.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct sink {
	struct recording_reader reader;
	struct anonymiser anonymiser;
	uint64_t last_us;
};

static void require(bool holds)
{
	if (!holds)
		abort();
}

/* As a recording has it: the event that reads back */
static void check_line(struct sink *sink, const struct source_event *event)
{
	char line[RECORDING_LINE_MAX], again[RECORDING_LINE_MAX];
	size_t length = recording_write_line(event, line, sizeof(line));
	struct source_event read;
	struct recording_fault fault;

	require(length > 0);
	require(recording_read_line(&sink->reader, line, length - 1, &read, &fault) ==
	        RECORDING_EVENT);
	require(recording_write_line(&read, again, sizeof(again)) == length &&
	        memcmp(line, again, length) == 0);
}

static void on_event(void *user, const struct source_event *event)
{
	struct sink *sink = user;
	struct source_event mine = *event;

	require(event->t_us >= sink->last_us && event->unit >= 1);
	sink->last_us = event->t_us;
	check_line(sink, event);
	if (anonymiser_event(&sink->anonymiser, &mine))
		check_line(sink, &mine);
}

static void on_note(void *user, const char *text)
{
	(void)user;
	require(text[0] != '\0');
}

static void feed_text(struct capture *capture, int64_t t_us, const uint8_t *bytes,
                      size_t length)
{
	static uint8_t data[USB_TEXT_DATA_MAX];
	struct capture_transfer transfer;
	uint64_t own_us;

	if (usb_text((const char *)bytes, length, data, &own_us, &transfer))
		capture_transfer(capture, t_us, &transfer);
}

static void feed(struct capture *capture, const struct capture_link *link,
                 const uint8_t *data, size_t size)
{
	int64_t t_us = 0;

	while (size >= 3) {
		size_t length = data[0] < size - 3 ? data[0] : size - 3;
		struct capture_packet packet = { .bytes = data + 3, .length = length,
			                         .original = length + (data[2] >> 7),
			                         .flags = data[2] & 0x7f };

		t_us += (int64_t)(int8_t)data[1] * 1000;
		packet.t_us = t_us;
		if (link)
			capture_packet(capture, link, &packet);
		else
			feed_text(capture, t_us, packet.bytes, length);
		data += 3 + length;
		size -= 3 + length;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct sink sink;
	const struct capture_host host = { on_event, on_note, &sink };
	const struct capture_wishes wishes = {
		.handles = { { .uuid = 0x2acd, .handle = 0x17 } }, .handle_count = 1
	};
	struct capture *capture = capture_new(&host, &wishes);
	const struct capture_link *link;

	require(capture != NULL);
	memset(&sink, 0, sizeof(sink));
	sink.reader.header.magic = true;
	if (size > 0) {
		size_t links = 0;

		while (capture_link_at(links))
			links++;
		link = capture_link_at(data[0] % (links + 1));
		feed(capture, link, data + 1, size - 1);
		capture_learned(capture);
		capture_play(capture);
		feed(capture, link, data + 1, size - 1);
		capture_end(capture);
	}
	capture_free(capture);
	return 0;
}
