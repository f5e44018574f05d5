/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * What the files of the view have from each other.
 */
#ifndef GAITD_TERMINAL_VIEW_PARTS_H
#define GAITD_TERMINAL_VIEW_PARTS_H

#include "plugins/console/console.h"
#include "plugins/terminal/canvas.h"

/* The links, and what the session is at */
void view_status(struct canvas *canvas, const struct console *console,
                 uint64_t now_ms);
/* Speed and cadence in one row */
void view_numbers_line(struct canvas *canvas, const struct console *console, int row);
/* The prompt, or what is asked in its place, between these rows */
void view_lower(struct canvas *canvas, const struct console *console, int row,
                int end, uint64_t now_ms);
/* The prompt's level, headline and seconds */
void view_bar(struct canvas *canvas, const struct console *console, int row,
              uint64_t now_ms);
/* Lines until NULL, in the console's language; "" is an empty one. */
void view_lines(struct canvas *canvas, int row, int end, const char *const *lines);
/* "1 English   2 Deutsch ..." */
void view_languages(struct canvas *canvas, int row);
/* The whole screen at first use: the disclaimer, beneath what must not be
 * hidden */
void view_disclaimer(struct canvas *canvas, const struct console *console,
                     uint64_t now_ms);

#endif
