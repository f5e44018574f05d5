/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * Values in the runner's words and units, for every console.
 */
#ifndef GAITD_CONSOLE_VALUES_H
#define GAITD_CONSOLE_VALUES_H

#include "plugins/console/console.h"

#include <stddef.h>

#define VALUES_WORDS 40
/* "6:52" or "1:02:03" */
void values_time(char out[VALUES_WORDS], uint32_t seconds);
/* "1.03 km" or "0.64 mi" */
void values_distance(char out[VALUES_WORDS], uint32_t metres, bool miles);
/* "10.0" and "km/h"; "--" when absent */
void values_speed(char out[VALUES_WORDS], const struct display_metrics *m, bool miles);
const char *values_speed_unit(bool miles);
void values_incline(char out[VALUES_WORDS], const struct display_metrics *m);
void values_cadence(char out[VALUES_WORDS], const struct display_metrics *m);
/* "1.05 m" or "3.44 ft" */
void values_step(char out[VALUES_WORDS], const struct display_metrics *m, bool miles);
const char *values_gait(const struct display_metrics *m);
/* "SAFETY" */
const char *values_level(enum display_level level);
/* "live" */
const char *values_link(enum display_link_state state);
/* "paused"; "" while running */
const char *values_session(const struct console *console);
/* Steps a minute outside the band: below it negative. False: not known */
bool values_off_band(const struct console *console, int *off);
/* "in the band", "7 below the band"; "" without target or cadence */
void values_band(char out[VALUES_WORDS], const struct console *console);
/* The small numbers, the most wanted first: a narrow screen shows fewer. */
#define VALUES_SMALL 5
struct values_small {
	const char *name;
	char value[VALUES_WORDS];
};
void values_small(const struct console *console, struct values_small out[VALUES_SMALL]);
/* "ground contact 245 ms   oscillation 84.0 mm"; "" where no pod sends them */
#define VALUES_DYNAMICS ((size_t)DISPLAY_DYNAMICS * VALUES_WORDS)
void values_dynamics(char *out, size_t size, const struct display_metrics *m);

#endif
