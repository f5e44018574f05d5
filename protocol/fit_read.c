/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * A file of many vendors, cameras and converters: nothing in it is trusted. A
 * definition is remembered as where it stands in the file, so nothing grows.
 */
#include "protocol/fit.h"

#include "protocol/cursor.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define HEADER_LEAST 12
#define HEADER_DATA_SIZE 4 /* where it stands */
#define HEADER_MAGIC 8
#define VERSION_MAJOR_MAX 2
#define IS_COMPRESSED 0x80
#define IS_DEFINITION 0x40
#define HAS_DEVELOPER_FIELDS 0x20
#define TRIPLE 3
#define FIELD_TIMESTAMP 253
#define COMPRESSED_SPAN 32u

void fit_reader_init(struct fit_reader *reader, const uint8_t *bytes, size_t length)
{
	memset(reader, 0, sizeof(*reader));
	reader->bytes = bytes;
	reader->length = length;
}

__attribute__((format(printf, 3, 4))) static enum fit_next
bad(struct fit_reader *r, struct fit_fault *fault, const char *format, ...)
{
	va_list args;

	r->failed = true;
	fault->offset = r->at;
	va_start(args, format);
	vsnprintf(fault->message, sizeof(fault->message), format, args);
	va_end(args);
	return FIT_BAD;
}

/* ---- the header ------------------------------------------------------------ */

static uint32_t uint_at(const uint8_t *bytes, size_t count)
{
	struct cursor c = cursor_over(bytes, count);

	return cursor_uint(&c, count);
}

/* All of a file is there, as its header and its CRC have it. */
static enum fit_next check_whole(struct fit_reader *r, size_t header_size,
                                 struct fit_fault *fault)
{
	const uint8_t *file = r->bytes + r->at;
	size_t left = r->length - r->at;
	uint32_t data_size = uint_at(file + HEADER_DATA_SIZE, 4);
	size_t whole = header_size + (size_t)data_size + FIT_CRC_SIZE;
	uint16_t crc, wanted;

	if (data_size == 0)
		return bad(r, fault, "its header says that it holds nothing: the device did "
		                     "not get to finish it");
	if (whole > left)
		return bad(r, fault, "cut short: its header promises %zu octets, %zu are there",
		           whole, left);
	crc = fit_crc(0, file, whole - FIT_CRC_SIZE);
	wanted = (uint16_t)uint_at(file + whole - FIT_CRC_SIZE, FIT_CRC_SIZE);
	if (crc == wanted)
		return FIT_FILE;
	r->at += whole - FIT_CRC_SIZE;
	return bad(r, fault, "damaged: its CRC is %04x, its octets have %04x", wanted, crc);
}

static enum fit_next read_header(struct fit_reader *r, struct fit_fault *fault)
{
	const uint8_t *file = r->bytes + r->at;
	size_t left = r->length - r->at, size = left ? file[0] : 0;
	uint16_t crc;
	enum fit_next next;

	if (left < HEADER_LEAST || memcmp(file + HEADER_MAGIC, ".FIT", 4) != 0)
		return bad(r, fault, r->file ? "no further FIT file begins here"
		                             : "no FIT file: \".FIT\" is not in its header");
	if (size < HEADER_LEAST || size > left)
		return bad(r, fault, "its header's size is %zu: 12 or 14 was expected", size);
	if (file[1] >> 4 > VERSION_MAJOR_MAX)
		return bad(r, fault, "FIT protocol %u.%u: only up to %u is known", file[1] >> 4,
		           file[1] & 0xf, VERSION_MAJOR_MAX);
	crc = size >= FIT_HEADER_SIZE ? (uint16_t)uint_at(file + HEADER_LEAST, 2) : 0;
	if (crc != 0 && crc != fit_crc(0, file, HEADER_LEAST))
		return bad(r, fault, "damaged: the CRC of its header is wrong");
	next = check_whole(r, size, fault);
	if (next != FIT_FILE)
		return next;
	r->end = r->at + size + uint_at(file + HEADER_DATA_SIZE, 4);
	r->at += size;
	r->file++;
	r->time = 0;
	memset(r->definitions, 0, sizeof(r->definitions));
	return FIT_FILE;
}

/* ---- definitions ----------------------------------------------------------- */

/* A count, and so many triples; their sizes are added up. NULL: too short. */
static const uint8_t *take_triples(struct fit_reader *r, uint8_t *count, size_t *size)
{
	const uint8_t *at = r->bytes + r->at;

	if (r->end - r->at < 1 || r->end - r->at - 1 < (size_t)at[0] * TRIPLE)
		return NULL;
	*count = at[0];
	for (size_t i = 0; i < *count; i++)
		*size += at[1 + i * TRIPLE + 1];
	r->at += 1u + (size_t)*count * TRIPLE;
	return at + 1;
}

static bool take_definition(struct fit_reader *r, uint8_t header)
{
	struct fit_definition d = { .known = true };
	const uint8_t *at = r->bytes + r->at;

	if (r->end - r->at < 4)
		return false;
	d.big_endian = at[1] == 1;
	d.message = (uint16_t)(d.big_endian ? at[2] << 8 | at[3] : at[3] << 8 | at[2]);
	r->at += 4;
	d.fields = take_triples(r, &d.field_count, &d.size);
	if (!d.fields)
		return false;
	if (header & HAS_DEVELOPER_FIELDS) {
		d.developer_fields = take_triples(r, &d.developer_count, &d.size);
		if (!d.developer_fields)
			return false;
	}
	r->definitions[header & (FIT_LOCAL_TYPES - 1)] = d;
	return true;
}

/* ---- messages -------------------------------------------------------------- */

static enum fit_next read_data(struct fit_reader *r, uint8_t header,
                               struct fit_message *message, struct fit_fault *fault)
{
	bool compressed = header & IS_COMPRESSED;
	unsigned local = compressed ? header >> 5 & 3u : header & (FIT_LOCAL_TYPES - 1u);
	const struct fit_definition *d = &r->definitions[local];
	struct fit_message m = { .definition = d, .offset = r->at - 1 };
	int64_t time;

	if (!d->known)
		return bad(r, fault, "a message of local type %u, which nothing defines", local);
	if (r->end - r->at < d->size)
		return bad(r, fault, "the message goes beyond the end of the messages");
	m.data = r->bytes + r->at;
	if (compressed && r->time == 0)
		return bad(r, fault, "a compressed timestamp, and no whole one before it");
	if (compressed) {
		m.time = r->time + ((header - r->time) & (COMPRESSED_SPAN - 1));
		r->time = m.time;
	} else if (fit_number(&m, FIELD_TIMESTAMP, &time)) {
		r->time = (uint32_t)time;
	}
	r->at += d->size;
	*message = m;
	return FIT_MESSAGE;
}

static enum fit_next read_file(struct fit_reader *r, struct fit_message *message,
                               struct fit_fault *fault)
{
	while (r->at < r->end) {
		size_t start = r->at;
		uint8_t header = r->bytes[r->at++];
		enum fit_next next = FIT_END;

		if ((header & IS_COMPRESSED) || !(header & IS_DEFINITION))
			next = read_data(r, header, message, fault);
		else if (!take_definition(r, header))
			next = bad(r, fault, "the definition goes beyond the end of the messages");
		if (next == FIT_BAD)
			fault->offset = start;
		if (next != FIT_END)
			return next;
	}
	r->at = r->end + FIT_CRC_SIZE;
	r->end = 0;
	return FIT_END;
}

enum fit_next fit_read(struct fit_reader *r, struct fit_message *message,
                       struct fit_fault *fault)
{
	enum fit_next next = FIT_END;

	if (r->failed)
		return FIT_BAD;
	if (r->end)
		next = read_file(r, message, fault);
	if (next != FIT_END || (r->file && r->at == r->length))
		return next;
	return read_header(r, fault);
}

/* ---- values ---------------------------------------------------------------- */

struct found {
	const uint8_t *at;
	size_t size;
	uint8_t base;
};

/* Among `count` triples from `data` on; `key` is what a triple begins with, and
 * of a developer's (`third` >= 0) what it ends with. */
static bool find(const uint8_t *triples, size_t count, const uint8_t *data, uint8_t key,
                 int third, struct found *out)
{
	for (size_t i = 0; i < count; i++) {
		const uint8_t *triple = triples + i * TRIPLE;

		if (triple[0] == key && (third < 0 || triple[2] == third)) {
			*out = (struct found){ data, triple[1], triple[2] };
			return true;
		}
		data += triple[1];
	}
	return false;
}

static bool find_native(const struct fit_message *m, uint8_t number, struct found *out)
{
	return find(m->definition->fields, m->definition->field_count, m->data, number, -1, out);
}

static bool find_developer(const struct fit_message *m, uint8_t index, uint8_t number,
                           struct found *out)
{
	const struct fit_definition *d = m->definition;
	const uint8_t *data = m->data;

	for (size_t i = 0; i < d->field_count; i++)
		data += d->fields[i * TRIPLE + 1];
	return find(d->developer_fields, d->developer_count, data, number, index, out);
}

static uint64_t bits_of(const struct found *f, size_t size, bool big_endian)
{
	uint64_t bits = 0;

	for (size_t i = 0; i < size; i++)
		bits |= (uint64_t)f->at[i] << 8 * (big_endian ? size - 1 - i : i);
	return bits;
}

static bool is_signed(uint8_t base)
{
	return base == FIT_SINT8 || base == FIT_SINT16 || base == FIT_SINT32 ||
	       base == FIT_SINT64;
}

static bool is_zero_invalid(uint8_t base)
{
	return base == FIT_UINT8Z || base == FIT_UINT16Z || base == FIT_UINT32Z ||
	       base == FIT_UINT64Z;
}

static bool number_of(const struct found *f, bool big_endian, int64_t *out)
{
	size_t size = fit_base_size(f->base);
	uint64_t bits, all, top;

	if (size == 0 || f->size < size || f->size % size != 0 || f->base == FIT_STRING ||
	    f->base == FIT_BYTE || f->base == FIT_FLOAT32 || f->base == FIT_FLOAT64)
		return false;
	bits = bits_of(f, size, big_endian);
	top = UINT64_C(1) << (8 * size - 1);
	all = top | (top - 1);
	if (is_signed(f->base)) {
		*out = (int64_t)(bits & top ? bits | ~all : bits);
		return bits != top - 1;
	}
	if (bits == (is_zero_invalid(f->base) ? 0 : all) || bits > INT64_MAX)
		return false;
	*out = (int64_t)bits;
	return true;
}

static bool text_of(const struct found *f, char *out, size_t size)
{
	const uint8_t *nul = memchr(f->at, '\0', f->size);
	size_t length = nul ? (size_t)(nul - f->at) : f->size;

	if (size == 0 || length == 0)
		return false;
	if (length >= size)
		length = size - 1;
	memcpy(out, f->at, length);
	out[length] = '\0';
	return true;
}

bool fit_number(const struct fit_message *message, uint8_t number, int64_t *out)
{
	struct found found;
	int64_t value;

	if (!find_native(message, number, &found) ||
	    !number_of(&found, message->definition->big_endian, &value))
		return false;
	*out = value;
	return true;
}

bool fit_developer_number(const struct fit_message *message, uint8_t index, uint8_t number,
                          uint8_t base, int64_t *out)
{
	struct found found;
	int64_t value;

	if (!find_developer(message, index, number, &found))
		return false;
	found.base = base;
	if (!number_of(&found, message->definition->big_endian, &value))
		return false;
	*out = value;
	return true;
}

bool fit_text(const struct fit_message *message, uint8_t number, char *out, size_t size)
{
	struct found found;

	return find_native(message, number, &found) && found.base == FIT_STRING &&
	       text_of(&found, out, size);
}

bool fit_developer_text(const struct fit_message *message, uint8_t index, uint8_t number,
                        char *out, size_t size)
{
	struct found found;

	return find_developer(message, index, number, &found) && text_of(&found, out, size);
}
