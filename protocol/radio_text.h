/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * Text as a radio device sends it: names and model numbers that go to logs,
 * terminals and displays, so never trusted.
 */
#ifndef GAITD_RADIO_TEXT_H
#define GAITD_RADIO_TEXT_H

#include <stddef.h>
#include <stdint.h>

/* Copies at most size-1 octets as printable UTF-8 with a NUL: it ends at the
 * first NUL or at a whole character, blanks at both ends are dropped, control
 * characters and what is not UTF-8 become '?'. Returns the text's length;
 * `size` is at least 1. */
size_t radio_text(const uint8_t *bytes, size_t length, char *out, size_t size);

#endif
