/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Playing a scenario in a test: each event, with the simulator behind it.
 */
#ifndef GAITD_SIMULATED_H
#define GAITD_SIMULATED_H

#include "daemon/simulator/simulator.h"

#include <stdint.h>

#define SECOND UINT64_C(1000000)

typedef void (*event_fn)(const struct source_event *event,
                         struct simulator *sim, void *user);

/* The scenario must be in the table. */
struct simulator *open_named(const char *name, uint64_t seed);
/* Plays up to and with the first event at or behind `until_us`; `fn` may be
 * NULL. */
void play_until(struct simulator *sim, uint64_t until_us, event_fn fn,
                void *user);
/* Plays all of it. */
void play(const char *name, uint64_t seed, event_fn fn, void *user);

/* An event_fn: FNV-1a over what a recording would hold of the events; `user`
 * is a uint64_t. */
void hash_event(const struct source_event *event, struct simulator *sim,
                void *user);
uint64_t hash_of(const char *name, uint64_t seed);

#endif
