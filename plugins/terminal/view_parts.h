/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * What the files of the view have from each other.
 */
#ifndef GAITD_TERMINAL_VIEW_PARTS_H
#define GAITD_TERMINAL_VIEW_PARTS_H

#include "plugins/terminal/canvas.h"
#include "plugins/terminal/console.h"

/* The prompt, or what is asked in its place, between these rows */
void view_lower(struct canvas *canvas, const struct console *console, int row,
                int end, uint64_t now_ms);
/* Lines until NULL, in the console's language; "" is an empty one. */
void view_lines(struct canvas *canvas, int row, int end, const char *const *lines);

#endif
