/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "tests/unit/simulated.h"

#include <CUnit/CUnit.h>
#include <string.h>

struct simulator *open_named(const char *name, uint64_t seed)
{
	const struct scenario *s = scenario_by_name(name);
	struct simulator *sim;

	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	sim = simulator_new(s, seed);
	CU_ASSERT_PTR_NOT_NULL_FATAL(sim);
	return sim;
}

void play_until(struct simulator *sim, uint64_t until_us, event_fn fn,
                void *user)
{
	struct source_event event;

	while (simulator_next(sim, &event)) {
		if (fn != NULL)
			fn(&event, sim, user);
		if (event.t_us >= until_us)
			return;
	}
}

void play(const char *name, uint64_t seed, event_fn fn, void *user)
{
	struct simulator *sim = open_named(name, seed);

	play_until(sim, UINT64_MAX, fn, user);
	simulator_free(sim);
}

/* FNV-1a over what a recording would hold of an event */
static uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t length)
{
	const uint8_t *at = bytes;

	for (size_t i = 0; i < length; i++)
		hash = (hash ^ at[i]) * UINT64_C(0x100000001b3);
	return hash;
}

void hash_event(const struct source_event *event, struct simulator *sim,
                void *user)
{
	uint64_t *hash = user;
	uint8_t head[11];

	(void)sim;
	for (unsigned i = 0; i < 8; i++)
		head[i] = (uint8_t)(event->t_us >> 8 * i);
	head[8] = (uint8_t)event->kind;
	head[9] = (uint8_t)(event->uuid >> 8);
	head[10] = (uint8_t)event->uuid;
	*hash = hash_bytes(*hash, head, sizeof(head));
	*hash = hash_bytes(*hash, event->bytes, event->length);
	*hash = hash_bytes(*hash, event->text, strlen(event->text));
}

uint64_t hash_of(const char *name, uint64_t seed)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	play(name, seed, hash_event, &hash);
	return hash;
}
