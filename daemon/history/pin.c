/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/history/pin.h"

#include <crypt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool pin_is_good(const char *pin, char *why, size_t size)
{
	size_t length = strlen(pin);
	bool good = length >= PIN_MIN && length <= PIN_MAX;

	for (size_t i = 0; i < length; i++)
		good &= pin[i] > ' ' && pin[i] < 0x7f;
	if (!good)
		snprintf(why, size, "a PIN has %d to %d digits or letters", PIN_MIN, PIN_MAX);
	return good;
}

/* Scrubbed afterwards: it has the PIN in it */
static bool hash_with(const char *pin, const char *setting, char out[PIN_HASH_SIZE])
{
	struct crypt_data *data = calloc(1, sizeof(*data));
	const char *hash = data ? crypt_r(pin, setting, data) : NULL;
	bool good = hash && hash[0] != '*' && strlen(hash) < PIN_HASH_SIZE;

	if (good)
		strcpy(out, hash);
	if (data)
		explicit_bzero(data, sizeof(*data));
	free(data);
	return good;
}

bool pin_hash(const char *pin, char out[PIN_HASH_SIZE])
{
	char setting[CRYPT_GENSALT_OUTPUT_SIZE];

	/* the library's best, with a salt of the kernel's */
	return crypt_gensalt_rn(NULL, 0, NULL, 0, setting, sizeof(setting)) &&
	       hash_with(pin, setting, out);
}

bool pin_matches(const char *pin, const char *hash)
{
	char again[PIN_HASH_SIZE];
	unsigned char differs = 0;

	if (*hash == '\0' || !hash_with(pin, hash, again) || strlen(again) != strlen(hash))
		return false;
	for (size_t i = 0; hash[i]; i++)
		differs |= (unsigned char)(hash[i] ^ again[i]);
	return differs == 0;
}
