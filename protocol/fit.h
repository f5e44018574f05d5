/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * FIT files (Flexible and Interoperable Data Transfer), as the public page
 * developer.garmin.com/fit/protocol describes them: a header, definitions and
 * data messages, a CRC. Which message and field is which number stands in
 * fit_profile.h. No allocation, no clock.
 */
#ifndef GAITD_FIT_H
#define GAITD_FIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FIT_HEADER_SIZE 14
#define FIT_CRC_SIZE 2
#define FIT_LOCAL_TYPES 16
#define FIT_FIELDS_MAX 64    /* of a message that we write */
#define FIT_MESSAGE_MAX 2048 /* octets of one; likewise */
/* FIT time is seconds since 1989-12-31T00:00:00Z; below FIT_TIME_LEAST it is
 * seconds since a device was switched on. */
#define FIT_EPOCH_UNIX_S 631065600
#define FIT_TIME_LEAST 0x10000000u

/* Base types, as definitions have them: bit 7 says that byte order matters. */
enum fit_base {
	FIT_ENUM = 0x00,
	FIT_SINT8 = 0x01,
	FIT_UINT8 = 0x02,
	FIT_STRING = 0x07, /* UTF-8, ends with NUL where there is room */
	FIT_UINT8Z = 0x0a, /* 0 is invalid of those with z */
	FIT_BYTE = 0x0d,
	FIT_SINT16 = 0x83,
	FIT_UINT16 = 0x84,
	FIT_SINT32 = 0x85,
	FIT_UINT32 = 0x86,
	FIT_FLOAT32 = 0x88,
	FIT_FLOAT64 = 0x89,
	FIT_UINT16Z = 0x8b,
	FIT_UINT32Z = 0x8c,
	FIT_SINT64 = 0x8e,
	FIT_UINT64 = 0x8f,
	FIT_UINT64Z = 0x90,
};

/* Octets of one value; 0: no such base type */
size_t fit_base_size(uint8_t base);

uint16_t fit_crc(uint16_t crc, const uint8_t *bytes, size_t length);

/* ---- writing --------------------------------------------------------------- */

struct fit_field {
	uint8_t number;
	uint8_t base; /* enum fit_base */
	uint8_t size; /* octets: more than the base type's for text and arrays */
	bool developer; /* one of developer_data_index 0; these come last */
};

/* What is written for a field; absent: the base type's invalid value */
struct fit_value {
	bool present;
	int64_t number;
	const char *text;     /* FIT_STRING: cut at a character's end */
	const uint8_t *bytes; /* FIT_BYTE: as many as the field has */
};

/* What stands before `data_size` octets of messages */
void fit_header_write(uint8_t header[FIT_HEADER_SIZE], uint32_t data_size);
/* A definition and a message by it: the octets written, 0 if they do not fit.
 * A number beyond its field is written as invalid: it is not known so well. */
size_t fit_definition_write(uint8_t *bytes, size_t size, uint8_t local,
                            uint16_t message, const struct fit_field *fields,
                            size_t count);
size_t fit_message_write(uint8_t *bytes, size_t size, uint8_t local,
                         const struct fit_field *fields,
                         const struct fit_value *values, size_t count);

/* ---- reading --------------------------------------------------------------- */

/* Points into the octets that are read. */
struct fit_definition {
	bool known, big_endian;
	uint16_t message;
	const uint8_t *fields; /* triples: number, size, base */
	uint8_t field_count;
	const uint8_t *developer_fields; /* triples: number, size, index */
	uint8_t developer_count;
	size_t size; /* octets of a message by it */
};

struct fit_message {
	const struct fit_definition *definition;
	const uint8_t *data;
	size_t offset; /* in the file */
	uint32_t time; /* of a compressed header, FIT time; 0: it had none */
};

struct fit_reader {
	const uint8_t *bytes;
	size_t length, at;
	size_t end;    /* of the messages of this file; 0: its header comes next */
	unsigned file; /* of a chain, from 1 */
	uint32_t time; /* the last timestamp, for compressed headers */
	bool failed;
	struct fit_definition definitions[FIT_LOCAL_TYPES];
};

struct fit_fault {
	size_t offset; /* octets from the begin */
	char message[160];
};

enum fit_next {
	FIT_MESSAGE, /* `message` is set */
	FIT_FILE,    /* another file begins; messages of it follow */
	FIT_END,
	FIT_BAD,     /* `fault` says where and what; nothing follows */
};

/* `bytes` must live as long as the reader and its messages; one that begins is
 * all zero but them. */
void fit_reader_init(struct fit_reader *reader, const uint8_t *bytes, size_t length);
enum fit_next fit_read(struct fit_reader *reader, struct fit_message *message,
                       struct fit_fault *fault);

/* One value of a field, the first of an array; false: the message has no such
 * field, it is invalid, or is none of whole numbers. */
bool fit_number(const struct fit_message *message, uint8_t number, int64_t *out);
/* The same of a developer's field, which is told as what it is described to be */
bool fit_developer_number(const struct fit_message *message, uint8_t index,
                          uint8_t number, uint8_t base, int64_t *out);
/* A text, cut to `size`; false as above, and where it is empty. */
bool fit_text(const struct fit_message *message, uint8_t number, char *out, size_t size);
bool fit_developer_text(const struct fit_message *message, uint8_t index,
                        uint8_t number, char *out, size_t size);

#endif
