/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "protocol/sdm_beat.h"

#include <string.h>

#define HEARD_MOST_US 30000000u
#define CHANGES 0.03     /* how likely the beat changes from count to count */
#define WANDERS 0.01     /* strides a second: by so much a steady beat may slip */
#define RUN_LEAST_S 2.5  /* what is shorter tells no beat yet */
#define KNOWN_LEAST 0.3  /* of the likelihood lies in runs that do */
#define UNREAD_FEW 8    /* counts: between two readings there are no more */

/* Beats that are tried; all are tried, the usual ones believed more readily */
#define BEATS 250
#define BEAT_LEAST 0.4 /* strides a second */
#define BEAT_STEP 0.008
#define BEAT_USUAL 1.25
#define BEAT_SPREAD 0.75
#define BEAT_UNUSUAL 0.05

#define BEAT_AT(i) (BEAT_LEAST + BEAT_STEP * (i))

/* How readily each is believed */
#define OFF(i) ((BEAT_AT(i) - BEAT_USUAL) / BEAT_SPREAD)
#define USUAL(i) (1 - OFF(i) * OFF(i))
#define READY(i) (float)(USUAL(i) > BEAT_UNUSUAL ? USUAL(i) : BEAT_UNUSUAL)
#define READY_5(i) READY(i), READY((i) + 1), READY((i) + 2), READY((i) + 3), READY((i) + 4)
#define READY_50(i) READY_5(i), READY_5((i) + 5), READY_5((i) + 10), READY_5((i) + 15), \
	READY_5((i) + 20), READY_5((i) + 25), READY_5((i) + 30), READY_5((i) + 35), \
	READY_5((i) + 40), READY_5((i) + 45)
static const float readiness[BEATS] = {
	READY_50(0), READY_50(50), READY_50(100), READY_50(150), READY_50(200),
};

/* For each beat, where within its stride the runner can be now: the counts
 * leave an interval, and none for a beat that they do not fit. */
struct room {
	float least[BEATS], most[BEATS];
	unsigned first, end; /* the beats that still have some are neighbours */
};

static void make_room(struct room *room)
{
	for (unsigned i = 0; i < BEATS; i++) {
		room->least[i] = 0;
		room->most[i] = 1;
	}
	room->first = 0;
	room->end = BEATS;
}

struct moments {
	double all, first, second;
};

/* One count more, so long ago and with so many strides since. Returns how much
 * room is left, and what it is like. */
static struct moments narrow(struct room *room, double age_s, uint32_t strides)
{
	float slip = (float)(WANDERS * age_s);
	struct moments m = { 0, 0, 0 };
	unsigned first = room->first, end = room->end;

	room->first = room->end = end;
	for (unsigned i = first; i < end; i++) {
		double beat = BEAT_AT(i);
		float made = (float)(beat * age_s) - (float)strides;
		float least = made - slip, most = made + 1 + slip, left;

		room->least[i] = least > room->least[i] ? least : room->least[i];
		room->most[i] = most < room->most[i] ? most : room->most[i];
		left = (room->most[i] - room->least[i]) * readiness[i];
		if (left <= 0)
			continue;
		room->first = room->first < i ? room->first : i;
		room->end = i + 1;
		m.all += left;
		m.first += left * beat;
		m.second += left * beat * beat;
	}
	return m;
}

/* From one count to another */
static uint64_t between_us(const struct sdm_beat *b, unsigned from, unsigned to)
{
	return sdm_beat_between_us(b->counts[to].page_us - b->counts[from].page_us,
	                           b->counts[to].received_us -
	                                   b->counts[from].received_us);
}

static void scale_runs(struct sdm_beat *b, unsigned count, double factor)
{
	for (unsigned i = 0; i < count; i++)
		b->counts[i].run *= factor;
}

/* What a count says of the beat, with those before it */
static void weigh(struct sdm_beat *b, unsigned last)
{
	struct moments sum = { 0, 0, 0 };
	struct room room;
	double all = 0, whole = 0; /* room: what all runs leave, what one count does */

	make_room(&room);
	for (unsigned i = last + 1; i-- > 0;) {
		double age_s = (double)between_us(b, i, last) * 1e-6;
		struct moments m = narrow(&room, age_s,
		                          b->counts[last].strides - b->counts[i].strides);

		if (m.all <= 0)
			break;
		whole = whole > 0 ? whole : m.all;
		all += b->counts[i].run * m.all;
		if (age_s < RUN_LEAST_S)
			continue;
		sum.all += b->counts[i].run * m.all;
		sum.first += b->counts[i].run * m.first;
		sum.second += b->counts[i].run * m.second;
	}
	scale_runs(b, last + 1, (1 - CHANGES) * whole / all);
	b->known = sum.all > 0 && sum.all >= KNOWN_LEAST * all;
	if (!b->known)
		return;
	b->strides_per_s = sum.first / sum.all;
	b->variance = sum.second / sum.all - b->strides_per_s * b->strides_per_s;
}

static void weigh_all(struct sdm_beat *b)
{
	while (b->weighed < b->count)
		weigh(b, b->weighed++);
}

void sdm_beat_read(struct sdm_beat *b)
{
	weigh_all(b);
	b->unread = 0;
}

/* What is dropped is said by the oldest that stays; where nobody has read for
 * long, that one is the beginning. */
static void drop(struct sdm_beat *b, unsigned count)
{
	if (b->unread <= UNREAD_FEW)
		weigh_all(b);
	for (unsigned i = 0; i < count; i++)
		b->counts[count].run += b->counts[i].run;
	if (count > b->weighed)
		b->counts[count].run = 1;
	b->weighed -= count < b->weighed ? count : b->weighed;
	b->count -= count;
	memmove(b->counts, b->counts + count, b->count * sizeof(b->counts[0]));
}

static void make_place(struct sdm_beat *b)
{
	unsigned old = 0;

	while (old + 1 < b->count && between_us(b, old, b->count - 1) > HEARD_MOST_US)
		old++;
	if (old == 0 && b->count == SDM_BEAT_COUNTS)
		old = 1;
	if (old > 0)
		drop(b, old);
}

void sdm_beat_count(struct sdm_beat *b, uint64_t page_us, uint64_t received_us,
                    uint32_t strides)
{
	unsigned last, next;

	make_place(b);
	b->unread += b->unread <= UNREAD_FEW;
	next = b->count++;
	last = next > 0 ? next - 1 : 0;
	b->counts[next].page_us = (next > 0 ? b->counts[last].page_us : 0) + page_us;
	b->counts[next].received_us =
		(next > 0 ? b->counts[last].received_us : 0) + received_us;
	b->counts[next].strides = strides;
	b->counts[next].run = next > 0 ? CHANGES : 1;
}

uint64_t sdm_beat_heard_us(const struct sdm_beat *b)
{
	return b->count > 0 ? between_us(b, 0, b->count - 1) : 0;
}
