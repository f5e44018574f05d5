/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * How wide text is on a display with characters of one width.
 */
#ifndef GAITD_COLUMNS_H
#define GAITD_COLUMNS_H

#include <stddef.h>

/* East Asian wide characters and emoji count 2, combining ones 0. `text` is
 * UTF-8; an octet that is not counts 1. */
size_t columns(const char *text, size_t length);

#endif
