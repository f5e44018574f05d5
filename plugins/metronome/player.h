/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * A thread that plays the beat on a sound card, and nothing else: what the
 * daemon says can be late without a click being so.
 */
#ifndef GAITD_METRONOME_PLAYER_H
#define GAITD_METRONOME_PLAYER_H

#include "plugins/metronome/beat.h"

struct player;

/* On a device of ALSA's, as "default" or "hw:1,0". NULL: no memory, no thread */
struct player *player_start(const char *device);
/* Waits for the thread's end. NULL is fine. */
void player_stop(struct player *player);

void player_wish(struct player *player, const struct beat_wish *wish);

/* Since the start */
struct player_count {
	uint64_t beats, run_dry;
};
struct player_count player_count(struct player *player);

#endif
