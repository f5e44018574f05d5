/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The messages that make a stick hear what it shall hear: data for
 * ant_engine.c. Pure.
 */
#ifndef GAITD_ANT_SCRIPT_H
#define GAITD_ANT_SCRIPT_H

#include "daemon/ant/ant_engine.h"

#define ANT_SCRIPT_ALL 0xffu /* channels, a bit each */

/* Each fills the engine's script and starts it over. */
/* Whether both want the same channels */
bool ant_script_same(const struct ant_engine_settings *a,
                     const struct ant_engine_settings *b);
void ant_script_ask(struct ant_engine *engine);
/* `channels` alone; with ANT_SCRIPT_ALL the key and the extended messages, too.
 * Chooses the mode. */
void ant_script_configure(struct ant_engine *engine, uint8_t channels);
void ant_script_close(struct ant_engine *engine);

/* The best way to hear that the stick has and has not refused */
enum ant_engine_mode ant_script_mode(const struct ant_engine *engine);

/* "network key", "request for capabilities" */
const char *ant_script_step_name(const struct ant_control *step, char text[64]);

#endif
