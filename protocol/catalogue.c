/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "protocol/catalogue.h"
#include "protocol/utf8.h"

#include <stdio.h>
#include <string.h>

#define MAGIC 0x950412deu
#define HEAD 20 /* octets: magic, revision, count, two offsets */
#define ENTRY 8 /* octets of a table's entry */

/* `at` + 4 is within the bytes. */
static uint32_t word(const struct catalogue *c, size_t at)
{
	uint32_t value = 0;

	for (size_t i = 0; i < 4; i++)
		value |= (uint32_t)c->bytes[at + i] << 8 * (c->big_endian ? 3 - i : i);
	return value;
}

static const char *string(const struct catalogue *c, uint32_t table, uint32_t index)
{
	return (const char *)c->bytes + word(c, table + (size_t)index * ENTRY + 4);
}

static bool read_head(struct catalogue *c)
{
	if (c->length < HEAD || c->length > CATALOGUE_MAX)
		return false;
	c->big_endian = c->bytes[0] == MAGIC >> 24;
	if (word(c, 0) != MAGIC || word(c, 4) >> 16 != 0)
		return false;
	c->count = word(c, 8);
	c->ids_at = word(c, 12);
	c->texts_at = word(c, 16);
	return true;
}

static bool has_table(const struct catalogue *c, uint32_t at)
{
	return at <= c->length && c->count <= (c->length - at) / ENTRY;
}

static bool is_text(const char *text)
{
	for (size_t left = strlen(text), step; left; text += step, left -= step) {
		step = utf8_printable(text, left);
		if (step == 0)
			return false;
	}
	return true;
}

/* Within the bytes, with its NUL at its end and nowhere before */
static bool is_string(const struct catalogue *c, uint32_t table, uint32_t index)
{
	size_t at = table + (size_t)index * ENTRY;
	uint32_t length = word(c, at), offset = word(c, at + 4);
	const uint8_t *end;

	if (offset >= c->length || length >= c->length - offset)
		return false;
	end = memchr(c->bytes + offset, '\0', (size_t)length + 1);
	return end == c->bytes + offset + length;
}

/* Ids ascend, so that they can be searched and none stands twice. */
static bool is_sound(const struct catalogue *c)
{
	for (uint32_t i = 0; i < c->count; i++) {
		const char *id, *text;

		if (!is_string(c, c->ids_at, i) || !is_string(c, c->texts_at, i))
			return false;
		id = catalogue_id(c, i);
		text = string(c, c->texts_at, i);
		if (!is_text(id) || (*id && (!*text || !is_text(text))) ||
		    (i > 0 && strcmp(catalogue_id(c, i - 1), id) >= 0))
			return false;
	}
	return true;
}

bool catalogue_open(struct catalogue *out, const void *bytes, size_t length)
{
	struct catalogue c = { .bytes = bytes, .length = length };

	if (!read_head(&c) || !has_table(&c, c.ids_at) || !has_table(&c, c.texts_at) ||
	    !is_sound(&c))
		return false;
	*out = c;
	return true;
}

const char *catalogue_id(const struct catalogue *c, uint32_t index)
{
	return string(c, c->ids_at, index);
}

const char *catalogue_text(const struct catalogue *c, const char *id)
{
	uint32_t low = 0, high = c->count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		int order = strcmp(id, catalogue_id(c, middle));

		if (order == 0)
			return string(c, c->texts_at, middle);
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

bool catalogue_field(const struct catalogue *c, const char *name, char *out,
                     size_t size)
{
	const char *line = catalogue_text(c, "");
	size_t length = strlen(name);

	for (; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, name, length) != 0 || line[length] != ':')
			continue;
		line += length + 1;
		line += strspn(line, " ");
		snprintf(out, size, "%.*s", (int)strcspn(line, "\n"), line);
		return true;
	}
	return false;
}
