/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "protocol/fit.h"

#include "protocol/packer.h"
#include "protocol/utf8.h"

#include <string.h>

#define PROTOCOL_VERSION 0x20 /* 2.0: has developer fields */
#define PROFILE_VERSION 2100  /* 21.00: all fields of fit_profile.h are older */
#define HEADER_DEFINITION 0x40
#define HEADER_DEVELOPER 0x20

void fit_header_write(uint8_t header[FIT_HEADER_SIZE], uint32_t data_size)
{
	struct packer w = packer_into(header, FIT_HEADER_SIZE);

	packer_uint(&w, FIT_HEADER_SIZE, 1);
	packer_uint(&w, PROTOCOL_VERSION, 1);
	packer_uint(&w, PROFILE_VERSION, 2);
	packer_uint(&w, data_size, 4);
	packer_bytes(&w, ".FIT", 4);
	packer_uint(&w, fit_crc(0, header, FIT_HEADER_SIZE - FIT_CRC_SIZE), FIT_CRC_SIZE);
}

static void put_fields(struct packer *w, const struct fit_field *fields, size_t count,
                       bool developer)
{
	size_t found = 0;

	for (size_t i = 0; i < count; i++)
		found += fields[i].developer == developer;
	packer_uint(w, (uint32_t)found, 1);
	for (size_t i = 0; i < count; i++) {
		if (fields[i].developer != developer)
			continue;
		packer_uint(w, fields[i].number, 1);
		packer_uint(w, fields[i].size, 1);
		packer_uint(w, developer ? 0 : fields[i].base, 1);
	}
}

size_t fit_definition_write(uint8_t *bytes, size_t size, uint8_t local, uint16_t message,
                            const struct fit_field *fields, size_t count)
{
	struct packer w = packer_into(bytes, size);
	bool developer = count > 0 && fields[count - 1].developer;
	uint32_t header = HEADER_DEFINITION | (developer ? HEADER_DEVELOPER : 0u) | local;

	packer_uint(&w, header, 1);
	packer_uint(&w, 0, 2); /* reserved; little endian */
	packer_uint(&w, message, 2);
	put_fields(&w, fields, count, false);
	if (developer)
		put_fields(&w, fields, count, true);
	return packer_end(&w);
}

/* ---- values ---------------------------------------------------------------- */

struct range {
	int64_t least, most;
	uint32_t invalid;
};

/* What a field of whole numbers holds; `most` is below what is invalid. */
static struct range range_of(uint8_t base)
{
	switch (base) {
	case FIT_SINT8:
		return (struct range){ INT8_MIN, INT8_MAX - 1, INT8_MAX };
	case FIT_SINT16:
		return (struct range){ INT16_MIN, INT16_MAX - 1, INT16_MAX };
	case FIT_SINT32:
		return (struct range){ INT32_MIN, INT32_MAX - 1, INT32_MAX };
	case FIT_UINT16:
		return (struct range){ 0, UINT16_MAX - 1, UINT16_MAX };
	case FIT_UINT32:
		return (struct range){ 0, UINT32_MAX - 1, UINT32_MAX };
	case FIT_UINT8Z:
		return (struct range){ 1, UINT8_MAX, 0 };
	case FIT_UINT16Z:
		return (struct range){ 1, UINT16_MAX, 0 };
	case FIT_UINT32Z:
		return (struct range){ 1, UINT32_MAX, 0 };
	default:
		return (struct range){ 0, UINT8_MAX - 1, UINT8_MAX };
	}
}

static void put_number(struct packer *w, const struct fit_field *field,
                       const struct fit_value *value)
{
	struct range range = range_of(field->base);
	bool fits = value->present && value->number >= range.least &&
	            value->number <= range.most;

	packer_uint(w, fits ? (uint32_t)value->number : range.invalid,
	            fit_base_size(field->base));
}

/* What there is room for beside the NUL, ending with a character's end; what
 * is no printable UTF-8 is left out. */
static void put_text(struct packer *w, const struct fit_field *field, const char *text)
{
	char octets[UINT8_MAX] = { 0 };
	size_t length = 0;

	for (size_t left = text ? strlen(text) : 0; left > 0;) {
		size_t octet_count = utf8_printable(text, left);
		size_t step = octet_count ? octet_count : 1;

		if (length + octet_count >= field->size)
			break;
		memcpy(octets + length, text, octet_count);
		length += octet_count;
		text += step;
		left -= step;
	}
	packer_bytes(w, octets, field->size);
}

static void put_octets(struct packer *w, const struct fit_field *field,
                       const struct fit_value *value)
{
	uint8_t invalid[UINT8_MAX];

	memset(invalid, UINT8_MAX, sizeof(invalid));
	packer_bytes(w, value->present ? value->bytes : invalid, field->size);
}

size_t fit_message_write(uint8_t *bytes, size_t size, uint8_t local,
                         const struct fit_field *fields, const struct fit_value *values,
                         size_t count)
{
	struct packer w = packer_into(bytes, size);

	packer_uint(&w, local, 1);
	for (size_t i = 0; i < count; i++) {
		if (fields[i].base == FIT_STRING)
			put_text(&w, &fields[i], values[i].present ? values[i].text : NULL);
		else if (fields[i].base == FIT_BYTE)
			put_octets(&w, &fields[i], &values[i]);
		else
			put_number(&w, &fields[i], &values[i]);
	}
	return packer_end(&w);
}
