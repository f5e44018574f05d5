/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * The terminal's screen and keys, by ncurses.
 */
#ifndef GAITD_TERMINAL_SCREEN_H
#define GAITD_TERMINAL_SCREEN_H

#include "plugins/console/console.h"

/* False if this terminal cannot address its screen (dumb, unknown). */
bool screen_open(bool colour);
void screen_close(void);
void screen_draw(const struct console *console, uint64_t now_ms);

enum { SCREEN_NO_KEY = -1, SCREEN_RESIZED = -2 };
/* The next key that was pressed, as console_key() takes it */
int screen_key(void);

#endif
