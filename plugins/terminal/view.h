/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * How the console looks: its state drawn on a canvas.
 * Shape and word carry all that colour does.
 */
#ifndef GAITD_TERMINAL_VIEW_H
#define GAITD_TERMINAL_VIEW_H

#include "plugins/console/console.h"
#include "plugins/terminal/canvas.h"

void view_draw(struct canvas *canvas, const struct console *console,
               uint64_t now_ms);

#endif
