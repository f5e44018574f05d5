/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "tests/unit/explore.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct sequence {
	uint8_t events[EXPLORE_LENGTH_MAX];
};

/* Sequences of one length, and an open hash table of digests */
struct frontier {
	struct sequence *sequences;
	size_t count, room;
};

static struct {
	const struct explore_model *model;
	uint64_t *seen; /* 0: free */
	size_t seen_count, seen_room;
	const uint8_t *events; /* of the sequence under way */
	size_t length;
	bool failed;
} e;

static void *grown(void *block, size_t count, size_t size)
{
	void *more = reallocarray(block, count, size);

	if (!more)
		abort();
	return more;
}

/* ---- states ----------------------------------------------------------------
 */

uint64_t explore_fold(uint64_t digest, const void *bytes, size_t size)
{
	const uint8_t *octets = bytes;

	for (size_t i = 0; i < size; i++)
		digest = (digest ^ octets[i]) * UINT64_C(1099511628211);
	return digest;
}

uint64_t explore_fold_number(uint64_t digest, uint64_t number)
{
	return explore_fold(digest, &number, sizeof(number));
}

static bool insert(uint64_t digest)
{
	size_t at = digest & (e.seen_room - 1);

	while (e.seen[at] != 0 && e.seen[at] != digest)
		at = (at + 1) & (e.seen_room - 1);
	if (e.seen[at] == digest)
		return false;
	e.seen[at] = digest;
	e.seen_count++;
	return true;
}

static void make_room(void)
{
	uint64_t *old = e.seen;
	size_t room = e.seen_room;

	if (2 * e.seen_count < e.seen_room)
		return;
	e.seen_room = room ? 2 * room : 4096;
	e.seen = grown(NULL, e.seen_room, sizeof(*e.seen));
	memset(e.seen, 0, e.seen_room * sizeof(*e.seen));
	e.seen_count = 0;
	for (size_t i = 0; i < room; i++)
		if (old[i] != 0)
			insert(old[i]);
	free(old);
}

/* False if it has been there before */
static bool is_new(uint64_t digest)
{
	make_room();
	return insert(digest ? digest : 1);
}

/* ---- sequences
 * --------------------------------------------------------------- */

void explore_require(bool holds, const char *what)
{
	if (holds || e.failed)
		return;
	e.failed = true;
	printf("\n    does not hold: %s\n    after:", what);
	for (size_t i = 0; i < e.length; i++)
		printf("%s %s", i ? "," : "", e.model->events[e.events[i]]);
	printf("\n");
}

/* The whole sequence from the first state; false if its last event cannot
 * happen, or its state is known. */
static bool leads_on(const struct sequence *sequence, size_t length)
{
	bool possible = true, on;

	e.events = sequence->events;
	e.model->begin();
	for (e.length = 1; e.length <= length && possible && !e.failed;
	     e.length++)
		possible = e.model->happen(sequence->events[e.length - 1]);
	e.length = length;
	on = possible && !e.failed && is_new(e.model->digest());
	e.model->end();
	return on && !e.failed;
}

static void add(struct frontier *frontier, const struct sequence *sequence)
{
	if (frontier->count == frontier->room) {
		frontier->room = frontier->room ? 2 * frontier->room : 256;
		frontier->sequences = grown(frontier->sequences, frontier->room,
		                            sizeof(*sequence));
	}
	frontier->sequences[frontier->count++] = *sequence;
}

static struct frontier one_longer(const struct frontier *from, size_t length)
{
	struct frontier to = { 0 };

	for (size_t i = 0; i < from->count && !e.failed; i++) {
		struct sequence sequence = from->sequences[i];

		for (size_t event = 0;
		     event < e.model->event_count && !e.failed; event++) {
			sequence.events[length - 1] = (uint8_t)event;
			if (leads_on(&sequence, length))
				add(&to, &sequence);
		}
	}
	return to;
}

static size_t wanted_length(const struct explore_model *model)
{
	const char *more = getenv("GAITD_EXPLORE_MORE");
	size_t length = model->length + (more ? strtoul(more, NULL, 10) : 0);

	return length < EXPLORE_LENGTH_MAX ? length : EXPLORE_LENGTH_MAX;
}

size_t explore(const struct explore_model *model)
{
	static const struct sequence nothing;
	struct frontier frontier = { 0 };
	size_t length = 0, longest = wanted_length(model), states;

	memset(&e, 0, sizeof(e));
	e.model = model;
	if (leads_on(&nothing, 0))
		add(&frontier, &nothing);
	while (frontier.count > 0 && length < longest && !e.failed) {
		struct frontier next = one_longer(&frontier, ++length);

		free(frontier.sequences);
		frontier = next;
	}
	printf("%zu states within %zu events%s ... ", e.seen_count, length,
	       frontier.count == 0 && !e.failed ? ", which are all there are"
	                                        : "");
	states = e.failed ? 0 : e.seen_count;
	free(frontier.sequences);
	free(e.seen);
	e.seen = NULL;
	return states;
}
