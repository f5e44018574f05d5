/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Memory for a key: in no core dump, not swapped out where that can be had,
 * and wiped when it is given back.
 */
#ifndef GAITD_SECRET_H
#define GAITD_SECRET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SECRET_ANT_KEY_SIZE 8

/* All zero; NULL: no memory. */
void *secret_new(size_t size);
void secret_free(void *secret, size_t size);

/* 16 hex digits, and white space behind them, as the ANT+ network key; false,
 * with `out` wiped, for anything else and for zeros alone. */
bool secret_ant_key(const char *text, size_t length, uint8_t out[SECRET_ANT_KEY_SIZE]);
/* The same from a file that others can neither read nor change. False, and
 * said in the log without a letter of what is in it. */
bool secret_ant_key_file(const char *path, uint8_t out[SECRET_ANT_KEY_SIZE]);

#endif
