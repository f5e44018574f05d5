/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Any file as a catalogue: one that is taken must find each of its own messages,
 * hold nothing but text, and have no field that it does not have.
 */
#include "protocol/catalogue.h"
#include "protocol/utf8.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_text(const char *text)
{
	size_t left = strlen(text), step;

	if (left == 0)
		abort();
	for (; left; text += step, left -= step) {
		step = utf8_printable(text, left);
		if (step == 0)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct catalogue c;
	char field[16];

	if (!catalogue_open(&c, data, size))
		return 0;
	for (uint32_t i = 0; i < c.count; i++) {
		const char *id = catalogue_id(&c, i);
		const char *text = catalogue_text(&c, id);

		if (!text)
			abort();
		if (*id)
			check_text(text);
	}
	if (catalogue_field(&c, "X-Decimal-Point", field, sizeof(field)) &&
	    (!catalogue_text(&c, "") || !strstr(catalogue_text(&c, ""), "X-Decimal-Point")))
		abort();
	return 0;
}
