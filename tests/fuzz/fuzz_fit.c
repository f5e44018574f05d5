/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Any octets as a FIT file, and as the messages of one whose header and CRC are
 * right, which chance seldom finds. What is written reads back as what it was;
 * runs become events that a recording can hold.
 */
#include "daemon/devices/recording.h"
#include "daemon/sessions/run_points.h"
#include "protocol/fit.h"

#include <stdlib.h>
#include <string.h>

#define FIELDS 8

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

/* ---- reading --------------------------------------------------------------- */

static void look_at(const struct fit_message *m, size_t length)
{
	char text[16];
	int64_t value;

	require(m->offset < length);
	for (unsigned number = 0; number < 16; number++) {
		fit_number(m, (uint8_t)number, &value);
		if (fit_text(m, (uint8_t)number, text, sizeof(text)))
			require(strlen(text) < sizeof(text) && *text);
		fit_developer_number(m, 0, (uint8_t)number, FIT_UINT32, &value);
		fit_developer_text(m, 0, (uint8_t)number, text, sizeof(text));
	}
}

static void read_file(const uint8_t *bytes, size_t length)
{
	struct fit_reader reader;
	struct fit_message message;
	struct fit_fault fault;
	enum fit_next next;

	fit_reader_init(&reader, bytes, length);
	while ((next = fit_read(&reader, &message, &fault)) < FIT_END)
		if (next == FIT_MESSAGE)
			look_at(&message, length);
	if (next == FIT_BAD)
		require(fault.offset <= length && strlen(fault.message) > 0);
}

static void keep(const struct source_event *event, void *user)
{
	char line[RECORDING_LINE_MAX];
	uint64_t *last_us = user;

	require(event->t_us >= *last_us);
	require(recording_write_line(event, line, sizeof(line)) > 0);
	*last_us = event->t_us;
}

static void import(const uint8_t *bytes, size_t length)
{
	struct run_points run = { .points = NULL };
	struct run_fault fault;
	uint64_t last_us = 0;
	double most;

	if (fit_import(bytes, length, &run, &fault))
		require(run_points_events(&run, run_points_cadence(&run, &most), keep,
		                          &last_us) >= last_us);
	run_points_free(&run);
}

/* With a header, and a CRC, of its own */
static void read_messages(const uint8_t *data, size_t size)
{
	uint8_t *file = malloc(FIT_HEADER_SIZE + size + FIT_CRC_SIZE);
	uint16_t crc;

	if (!file)
		return;
	fit_header_write(file, (uint32_t)size);
	memcpy(file + FIT_HEADER_SIZE, data, size);
	crc = fit_crc(0, file, FIT_HEADER_SIZE + size);
	file[FIT_HEADER_SIZE + size] = (uint8_t)crc;
	file[FIT_HEADER_SIZE + size + 1] = (uint8_t)(crc >> 8);
	read_file(file, FIT_HEADER_SIZE + size + FIT_CRC_SIZE);
	import(file, FIT_HEADER_SIZE + size + FIT_CRC_SIZE);
	free(file);
}

/* ---- writing, and reading that --------------------------------------------- */

static const uint8_t bases[] = { FIT_SINT8,  FIT_UINT8,  FIT_SINT16,  FIT_UINT16,
	                         FIT_SINT32, FIT_UINT32, FIT_UINT8Z, FIT_UINT32Z };

/* Whether a field of that base type can hold it, told in another way than by the
 * writer's table */
static bool holds(uint8_t base, int64_t number)
{
	unsigned bits = 8 * (unsigned)fit_base_size(base);

	switch (base) {
	case FIT_SINT8:
	case FIT_SINT16:
	case FIT_SINT32:
		return number >= -(INT64_C(1) << (bits - 1)) &&
		       number < (INT64_C(1) << (bits - 1)) - 1;
	case FIT_UINT8Z:
	case FIT_UINT32Z:
		return number > 0 && number < INT64_C(1) << bits;
	default:
		return number >= 0 && number < (INT64_C(1) << bits) - 1;
	}
}

static void check_round_trip(const uint8_t *data, size_t size)
{
	struct fit_field fields[FIELDS];
	struct fit_value values[FIELDS];
	uint8_t messages[256];
	struct fit_definition definition = { .known = true, .field_count = FIELDS };
	struct fit_message message = { .definition = &definition };
	size_t defined;

	for (size_t i = 0; i < FIELDS; i++) {
		uint8_t base = bases[data[i * 6] % sizeof(bases)];
		int32_t number;

		memcpy(&number, data + i * 6 + 1, sizeof(number));
		fields[i] = (struct fit_field){ (uint8_t)i, base, (uint8_t)fit_base_size(base),
			                        false };
		values[i] = (struct fit_value){ .present = data[i * 6 + 5] & 1,
			                        .number = (int64_t)number * (data[i * 6 + 5] & 2 ? 2 : 1) };
	}
	defined = fit_definition_write(messages, sizeof(messages), 0, 20, fields, FIELDS);
	require(defined == 6 + FIELDS * 3);
	definition.fields = messages + 6;
	message.data = messages + defined + 1;
	require(fit_message_write(messages + defined, sizeof(messages) - defined, 0, fields,
	                          values, FIELDS) > FIELDS);
	for (size_t i = 0; i < FIELDS; i++) {
		int64_t value = -1;
		bool known = fit_number(&message, (uint8_t)i, &value);

		require(known == (values[i].present && holds(fields[i].base, values[i].number)));
		require(!known || value == values[i].number);
	}
	(void)size;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	read_file(data, size);
	import(data, size);
	read_messages(data, size);
	if (size >= FIELDS * 6)
		check_round_trip(data, size);
	return 0;
}
