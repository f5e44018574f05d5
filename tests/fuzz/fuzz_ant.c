/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Any octets as what a stick sends: the same messages however they are cut,
 * each of them a frame again, and every octet either in a frame, held, or
 * dropped. What is decoded of a message is encoded to what decodes the same.
 */
#include "protocol/ant_control.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

/* What came out of a stream, without keeping it all */
struct tally {
	struct ant_stream stream;
	uint64_t hash;
	size_t messages, frame_octets;
};

static void add(struct tally *tally, const struct ant_message *message)
{
	uint8_t frame[ANT_FRAME_MAX];
	size_t length = ant_frame_encode(message, frame, sizeof(frame));
	struct ant_message again;

	require(length == message->length + 4u);
	require(ant_frame_decode(frame, length, &again));
	require(memcmp(&again, message, sizeof(again)) == 0);
	for (size_t i = 0; i < length; i++)
		tally->hash =
			(tally->hash ^ frame[i]) * UINT64_C(1099511628211);
	tally->messages++;
	tally->frame_octets += length;
}

static void push(struct tally *tally, const uint8_t *bytes, size_t length)
{
	struct ant_message message;

	while (ant_stream_next(&tally->stream, &bytes, &length, &message))
		add(tally, &message);
	require(length == 0);
	require(tally->stream.held_length < ANT_FRAME_MAX);
	require(tally->stream.held_length == 0 ||
	        tally->stream.held[0] == ANT_SYNC);
}

static void require_same(const struct tally *a, const struct tally *b)
{
	require(a->hash == b->hash && a->messages == b->messages);
	require(a->stream.garbage_octets == b->stream.garbage_octets);
	require(a->stream.held_length == b->stream.held_length);
	require(memcmp(a->stream.held, b->stream.held, a->stream.held_length) ==
	        0);
}

static void check_stream(const uint8_t *data, size_t size)
{
	struct tally whole = { .hash = 0 }, singly = { .hash = 0 };
	struct tally split = { .hash = 0 };
	size_t zeros = 0;

	push(&whole, data, size);
	for (size_t i = 0; i < size; i++) {
		push(&singly, data + i, 1);
		zeros += data[i] == 0;
	}
	require_same(&whole, &singly);
	/* cut where the data says */
	for (size_t at = 0, length; at < size; at += length) {
		length = data[at] % 67;
		if (length == 0 || length > size - at)
			length = size - at;
		push(&split, data + at, length);
	}
	require_same(&whole, &split);
	require(whole.frame_octets + whole.stream.held_length +
	                whole.stream.garbage_octets <=
	        size);
	require(whole.frame_octets + whole.stream.held_length +
	                whole.stream.garbage_octets + zeros >=
	        size);
}

static void check_control(const struct ant_message *message)
{
	struct ant_control control, again;
	struct ant_capabilities capabilities;
	struct ant_message back;
	char version[ANT_PAYLOAD_MAX + 1];

	if (!ant_control_decode(message, &control))
		return;
	require(ant_control_encode(&control, &back));
	require(back.length <= message->length);
	require(ant_control_decode(&back, &again));
	/* octets behind a zero that may be left out are counted, not kept */
	again.octet_count = control.octet_count;
	/* NOLINTNEXTLINE(bugprone-suspicious-memory-comparison,cert-exp42-c,cert-flp37-c): both were zeroed */
	require(memcmp(&again, &control, sizeof(again)) == 0);
	require(!ant_capabilities_read(&control, &capabilities) ||
	        message->length >= 4);
	ant_version_read(&control, version, sizeof(version));
	require(strlen(version) <= message->length);
}

static void check_data(const struct ant_message *message)
{
	struct ant_data data, again;
	struct ant_message back;

	if (!ant_data_decode(message, &data))
		return;
	ant_data_encode(&data, ANT_BROADCAST_DATA, &back);
	require(ant_data_decode(&back, &again));
	/* NOLINTNEXTLINE(bugprone-suspicious-memory-comparison,cert-exp42-c,cert-flp37-c): both were zeroed */
	require(memcmp(&again, &data, sizeof(again)) == 0);
	require(message->length >= 9);
	require(data.channel < 32);
	require(data.device_type < 128);
	require(data.extensions & ANT_EXT_RSSI || data.rssi_dbm == 0);
}

static void check_message(const struct ant_message *message)
{
	check_data(message);
	check_control(message);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ant_message message = { .id = 0 };

	check_stream(data, size);
	if (ant_frame_decode(data, size, &message))
		check_message(&message);
	/* the fuzzer is poor at sums: let it write the message itself */
	if (size >= 1 && size - 1 <= ANT_PAYLOAD_MAX) {
		message = (struct ant_message){ .id = data[0] };
		message.length = (uint8_t)(size - 1);
		memcpy(message.payload, data + 1, size - 1);
		check_message(&message);
	}
	return 0;
}
