/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Wire bytes in tests: written as hex, compared as hex, so that a failure can
 * be read.
 */
#ifndef GAITD_TEST_BYTES_H
#define GAITD_TEST_BYTES_H

#include "protocol/hex.h"

#include <CUnit/CUnit.h>
#include <stdio.h>
#include <string.h>

#define BYTES_MAX 1024

struct bytes {
	uint8_t at[BYTES_MAX];
	size_t length;
};

/* Blanks and '|' between octets are for the reader's eye. */
static inline struct bytes bytes_of(const char *hex)
{
	struct bytes bytes = { .length = 0 };

	while (*hex != '\0' && bytes.length < BYTES_MAX) {
		if (*hex == ' ' || *hex == '|') {
			hex++;
			continue;
		}
		if (!hex_octet(hex, &bytes.at[bytes.length])) {
			printf("not hex: %s\n", hex);
			CU_FAIL_FATAL("a test vector is not hex");
		}
		bytes.length++;
		hex += 2;
	}
	return bytes;
}

static inline bool bytes_are(const uint8_t *at, size_t length, const char *hex)
{
	struct bytes wanted = bytes_of(hex);

	if (length == wanted.length && memcmp(at, wanted.at, length) == 0)
		return true;
	printf("\n    expected %s\n    saw      ", hex);
	for (size_t i = 0; i < length; i++)
		printf("%02x", at[i]);
	printf("\n");
	return false;
}

#endif
