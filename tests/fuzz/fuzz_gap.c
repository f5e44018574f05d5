/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Any octets as advertising data: what comes out is within its bounds, and its
 * text is safe to print.
 */
#include "protocol/gap.h"
#include "protocol/utf8.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void check_text(const char *text)
{
	size_t left = strlen(text);

	while (left > 0) {
		size_t count = utf8_printable(text, left);

		require(count > 0);
		text += count;
		left -= count;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct gap_advertisement a;
	char text[UUID_TEXT_SIZE];

	if (!gap_decode(data, size, &a))
		return 0;
	require(memchr(a.name, '\0', sizeof(a.name)) != NULL);
	check_text(a.name);
	require(a.service_count <= GAP_SERVICES_MAX);
	for (size_t i = 0; i < a.service_count; i++) {
		uint16_t value = uuid_to16(&a.services[i]);

		uuid_text(&a.services[i], text);
		require(value == 0 || gap_offers(&a, value));
	}
	require(!a.has_machine || gap_offers(&a, GAP_UUID_FITNESS_MACHINE));
	return 0;
}
