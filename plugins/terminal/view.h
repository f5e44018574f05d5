/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * How the console looks: its state drawn on a canvas, its values in words.
 * Shape and word carry all that colour does.
 */
#ifndef GAITD_TERMINAL_VIEW_H
#define GAITD_TERMINAL_VIEW_H

#include "plugins/terminal/canvas.h"
#include "plugins/terminal/console.h"

#include <stddef.h>

void view_draw(struct canvas *canvas, const struct console *console,
               uint64_t now_ms);

/* ---- values in words, for this screen and for plain lines ---- */
#define VIEW_WORDS 40
/* "6:52" or "1:02:03" */
void view_time(char out[VIEW_WORDS], uint32_t seconds);
/* "1.03 km" or "0.64 mi" */
void view_distance(char out[VIEW_WORDS], uint32_t metres, bool miles);
/* "10.0" and "km/h"; "--" when absent */
void view_speed(char out[VIEW_WORDS], const struct display_metrics *m, bool miles);
const char *view_speed_unit(bool miles);
void view_incline(char out[VIEW_WORDS], const struct display_metrics *m);
void view_cadence(char out[VIEW_WORDS], const struct display_metrics *m);
/* "1.05 m" or "3.44 ft" */
void view_step(char out[VIEW_WORDS], const struct display_metrics *m, bool miles);
const char *view_gait(const struct display_metrics *m);
/* "SAFETY" */
const char *view_level(enum display_level level);
/* "in the band", "7 below the band"; "" without target or cadence */
void view_band(char out[VIEW_WORDS], const struct console *console);
/* "ground contact 245 ms   oscillation 84.0 mm"; "" where no pod sends them */
#define VIEW_DYNAMICS ((size_t)DISPLAY_DYNAMICS * VIEW_WORDS)
void view_dynamics(char *out, size_t size, const struct display_metrics *m);

#endif
