/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A runner's PIN, kept as a salted hash of crypt(5) that takes its time.
 */
#ifndef GAITD_PIN_H
#define GAITD_PIN_H

#include <stdbool.h>
#include <stddef.h>

#define PIN_MIN 4
#define PIN_MAX 15
#define PIN_HASH_SIZE 384

/* If it may not be one, `why` says what one is. */
bool pin_is_good(const char *pin, char *why, size_t size);
bool pin_hash(const char *pin, char out[PIN_HASH_SIZE]);
bool pin_matches(const char *pin, const char *hash);

#endif
