/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * From the engine to its stick, as frames.
 */
#ifndef GAITD_ANT_SEND_H
#define GAITD_ANT_SEND_H

#include "daemon/ant/ant_engine.h"

void ant_send_message(struct ant_engine *engine, const struct ant_message *message);
/* The network key is put in here, and leaves no copy. */
void ant_send_control(struct ant_engine *engine, const struct ant_control *control);
void ant_send_request(struct ant_engine *engine, uint8_t subject);
void ant_send_reset(struct ant_engine *engine);

#endif
