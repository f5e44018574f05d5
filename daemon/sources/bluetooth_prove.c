/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * gaitctl pair treadmill: links with all the treadmills that are near, several
 * at once, and lets pairing.h find out which of them its runner sets to two
 * speeds. While it runs the session has no treadmill: a machine takes one link
 * only, and the runner's may be the one that it has. Where more are near than
 * can be linked with, those that were heard and are elsewhere make room.
 */
#include <config.h>

#include "daemon/sources/bluetooth_private.h"

#include "daemon/devices/pairing.h"
#include "daemon/devices/treadmill.h"
#include "daemon/service/config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINKS_MAX 6 /* controllers have room for at least so many */
#define GATHER_US (4 * UINT64_C(1000000))
#define TURN_US (20 * UINT64_C(1000000))  /* of one, when others wait */
#define ASKED_US (10 * UINT64_C(1000000)) /* without a look it ends */

struct candidate {
	struct slot slot; /* the first: a slot's tap finds its candidate */
	char id[KNOWLEDGE_ID_SIZE], name[PEER_NAME_SIZE];
	bool linked; /* or being linked with */
	uint64_t turn_us; /* when its turn began, or ended */
	struct treadmill decoder;
};

struct prove {
	struct bluetooth *owner;
	uint64_t gathered_us; /* before, nobody is chosen: who is near comes first */
	struct pairing pairing;
	struct candidate candidates[PAIRING_MAX]; /* of the same index */
	uint64_t asked_until_us;
};

/* ---- what a machine says -------------------------------------------------- */

static void on_tap(struct slot *slot, const struct source_event *event)
{
	struct candidate *c = (struct candidate *)slot;
	struct prove *prove = slot->owner->prove;
	uint64_t now_us = bluetooth_now_us(slot->owner);
	struct sample_batch batch = { .t_us = now_us };

	if (!treadmill_event(&c->decoder, event, &batch))
		return;
	for (size_t i = 0; i < batch.count; i++) {
		if (batch.samples[i].kind == SAMPLE_SPEED)
			pairing_speed(&prove->pairing, (size_t)(c - prove->candidates),
			              (uint16_t)batch.samples[i].value, now_us);
	}
}

/* ---- who takes part ------------------------------------------------------- */

static bool takes_part(const struct prove *prove, const char *id)
{
	for (size_t i = 0; i < prove->pairing.count; i++) {
		if (strcmp(prove->candidates[i].id, id) == 0)
			return true;
	}
	return false;
}

static void name_decoder(struct candidate *c)
{
	struct source_event event = { .device = SOURCE_TREADMILL, .unit = 1,
		                      .kind = SOURCE_NAME };
	struct sample_batch batch = { .t_us = 0 };

	treadmill_init(&c->decoder);
	snprintf(event.text, sizeof(event.text), "%s", c->name);
	treadmill_event(&c->decoder, &event, &batch);
}

static void join(struct prove *prove, const char *id, const char *name)
{
	struct candidate *c;
	size_t index;

	if (!*id || takes_part(prove, id))
		return;
	index = pairing_join(&prove->pairing);
	if (index == PAIRING_MAX)
		return;
	c = &prove->candidates[index];
	slot_init(&c->slot, prove->owner, &peer_treadmill);
	c->slot.tap = on_tap;
	snprintf(c->id, sizeof(c->id), "%s", id);
	snprintf(c->name, sizeof(c->name), "%s", name);
	name_decoder(c);
}

static void join_heard(struct prove *prove, const struct nearby_device *device)
{
	struct knowledge *knowledge = prove->owner->host->knowledge;
	struct knowledge_device known = { .address_type = (int)device->address.type };

	le_address_text(&device->address, known.id);
	snprintf(known.name, sizeof(known.name), "%s", device->name);
	if (!knowledge_find(knowledge, known.id))
		knowledge_set(knowledge, &known);
	join(prove, known.id, known.name);
}

/* Of those that do not take part yet; NULL: none */
static const struct nearby_device *strongest(const struct prove *prove)
{
	const struct nearby *nearby = &prove->owner->nearby;
	const struct nearby_device *best = NULL;

	for (size_t i = 0; i < nearby->count; i++) {
		const struct nearby_device *device = &nearby->devices[i];
		char id[LE_ADDRESS_TEXT_SIZE];

		le_address_text(&device->address, id);
		if (device->fitness_machine && device->treadmill && !device->rejected &&
		    !takes_part(prove, id) && (!best || device->rssi_dbm > best->rssi_dbm))
			best = device;
	}
	return best;
}

/* Those that are heard, and those that are known: they may advertise less. */
static void look_around(struct prove *prove)
{
	const struct bluetooth *b = prove->owner;
	const char *paired = knowledge_paired(b->host->knowledge, SOURCE_TREADMILL);
	const struct knowledge_device *known = knowledge_find(b->host->knowledge, paired);
	const struct nearby_device *device;
	char configured[KNOWLEDGE_ID_SIZE];

	knowledge_normalize(b->config->treadmill.address, configured);
	join(prove, configured, b->config->treadmill.name);
	join(prove, paired, known ? known->name : "");
	while (prove->pairing.count < PAIRING_MAX && (device = strongest(prove)))
		join_heard(prove, device);
}

/* ---- whose turn it is ----------------------------------------------------- */

static void set_linked(struct prove *prove, struct candidate *c, bool linked)
{
	struct wish wish = { .any = linked, .unit = 1 };

	snprintf(wish.id, sizeof(wish.id), "%s", linked ? c->id : "");
	c->linked = linked;
	c->turn_us = bluetooth_now_us(prove->owner);
	slot_set_wish(&c->slot, &wish);
	slot_set_ready(&c->slot, prove->owner->ready);
}

/* The one that waits longest; of those that never had a turn the first */
static struct candidate *next_waiting(struct prove *prove)
{
	struct candidate *next = NULL;

	for (size_t i = 0; i < prove->pairing.count; i++) {
		struct candidate *c = &prove->candidates[i];

		if (!c->linked && (!next || c->turn_us < next->turn_us))
			next = c;
	}
	return next;
}

/* One that had its time, and is not where it was asked to go */
static struct candidate *can_make_room(struct prove *prove, uint64_t now_us)
{
	for (size_t i = 0; i < prove->pairing.count; i++) {
		struct candidate *c = &prove->candidates[i];
		bool proven = prove->pairing.step == PAIRING_SECOND &&
		              (prove->pairing.candidates[i].went[PAIRING_KMH] ||
		               prove->pairing.candidates[i].went[PAIRING_MPH]);

		if (c->linked && now_us - c->turn_us >= TURN_US && !proven &&
		    !pairing_is_there(&prove->pairing, i))
			return c;
	}
	return NULL;
}

static size_t linked_count(const struct prove *prove)
{
	size_t count = 0;

	for (size_t i = 0; i < prove->pairing.count; i++)
		count += prove->candidates[i].linked;
	return count;
}

static void take_turns(struct prove *prove)
{
	uint64_t now_us = bluetooth_now_us(prove->owner);
	struct candidate *next, *room;

	while ((next = next_waiting(prove))) {
		if (linked_count(prove) >= LINKS_MAX) {
			room = can_make_room(prove, now_us);
			if (!room)
				return;
			set_linked(prove, room, false);
		}
		set_linked(prove, next, true);
	}
}

static void end_links(struct prove *prove)
{
	for (size_t i = 0; i < prove->pairing.count; i++) {
		if (prove->candidates[i].linked)
			set_linked(prove, &prove->candidates[i], false);
	}
}

/* ---- for bluetooth.c ------------------------------------------------------ */

bool prove_is_running(const struct bluetooth *b)
{
	return b->prove && !pairing_is_over(&b->prove->pairing);
}

void prove_end(struct bluetooth *b)
{
	struct prove *prove = b->prove;

	if (!prove)
		return;
	for (size_t i = 0; i < prove->pairing.count; i++)
		slot_free(&prove->candidates[i].slot);
	b->prove = NULL;
	free(prove);
}

void prove_set_ready(struct bluetooth *b)
{
	for (size_t i = 0; b->prove && i < b->prove->pairing.count; i++)
		slot_set_ready(&b->prove->candidates[i].slot, b->ready);
}

void prove_heard(struct bluetooth *b, const struct adapter_device *device)
{
	for (size_t i = 0; b->prove && i < b->prove->pairing.count; i++)
		slot_heard(&b->prove->candidates[i].slot, device);
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

uint64_t prove_advance(struct bluetooth *b)
{
	struct prove *prove = b->prove;
	uint64_t now_us = bluetooth_now_us(b), next_us;

	if (!prove)
		return SOURCE_NEVER;
	if (now_us >= prove->asked_until_us) {
		prove_end(b);
		bluetooth_set_wishes(b);
		return SOURCE_NEVER;
	}
	next_us = prove->asked_until_us;
	if (pairing_is_over(&prove->pairing))
		return next_us;
	pairing_advance(&prove->pairing, now_us);
	if (pairing_is_over(&prove->pairing)) {
		end_links(prove);
		bluetooth_set_wishes(b);
		return next_us;
	}
	if (now_us < prove->gathered_us)
		return earlier(next_us, prove->gathered_us);
	look_around(prove);
	take_turns(prove);
	for (size_t i = 0; i < prove->pairing.count; i++)
		next_us = earlier(next_us, slot_advance(&prove->candidates[i].slot));
	return earlier(next_us, pairing_deadline_us(&prove->pairing));
}

/* ---- what is asked -------------------------------------------------------- */

static const char *unit_name(enum pairing_unit unit)
{
	return unit == PAIRING_MPH ? "mi" : "km";
}

static json_t *describe_candidate(const struct prove *prove, size_t index)
{
	const struct candidate *c = &prove->candidates[index];
	const struct pairing_candidate *seen = &prove->pairing.candidates[index];
	const char *state = c->slot.peer ? peer_state_name(peer_state(c->slot.peer)) :
	                                   "waiting";
	json_t *object = json_pack("{s:s, s:s}", "id", c->id, "state", state);
	char name[48];

	snprintf(name, sizeof(name), "%.47s", c->name);
	if (*name)
		json_object_set_new(object, "name", json_string(name));
	if (seen->heard)
		json_object_set_new(object, "speed_kmh", json_real(seen->speed / 100.0));
	if (pairing_is_there(&prove->pairing, index))
		json_object_set_new(object, "there", json_true());
	return object;
}

static void describe(const struct bluetooth *b, json_t *reply)
{
	const struct pairing *pairing = &b->prove->pairing;
	json_t *candidates = json_array();

	json_object_set_new(reply, "step", json_string(pairing_step_name(pairing->step)));
	json_object_set_new(reply, "units", json_string(unit_name(pairing->console)));
	if (pairing_asked(pairing))
		json_object_set_new(reply, "asked", json_real(pairing_asked(pairing) / 10.0));
	for (size_t i = 0; i < pairing->count; i++)
		json_array_append_new(candidates, describe_candidate(b->prove, i));
	if (pairing->step == PAIRING_FOUND) {
		json_object_set_new(reply, "found", describe_candidate(b->prove, pairing->found));
		json_object_set_new(reply, "sends", json_string(unit_name(pairing->sends)));
		if (*b->config->treadmill.address)
			json_object_set_new(reply, "configured",
			                    json_string(b->config->treadmill.address));
	}
	json_object_set_new(reply, "candidates", candidates);
}

static bool fail(json_t *reply, const char *error)
{
	json_object_set_new(reply, "error", json_string(error));
	return false;
}

static bool begin(struct bluetooth *b, const char *units, json_t *reply)
{
	const char *unit = *units ? units : b->config->session.units;

	if (strcmp(unit, "km") != 0 && strcmp(unit, "mi") != 0)
		return fail(reply, "units are km or mi: what the console shows");
	if (!b->ready) {
		char text[ADAPTER_MESSAGE_SIZE];

		adapter_message(b->adapter, text);
		return fail(reply, text);
	}
	prove_end(b);
	b->prove = calloc(1, sizeof(*b->prove));
	if (!b->prove)
		return fail(reply, "out of memory");
	b->prove->owner = b;
	b->prove->gathered_us = bluetooth_now_us(b) + GATHER_US;
	pairing_begin(&b->prove->pairing, strcmp(unit, "mi") == 0 ? PAIRING_MPH : PAIRING_KMH,
	              bluetooth_now_us(b));
	bluetooth_set_wishes(b);
	return true;
}

bool bluetooth_prove(void *source, const char *what, const char *units, json_t *reply)
{
	struct bluetooth *b = source;

	if (strcmp(what, "begin") == 0) {
		if (!begin(b, units, reply))
			return false;
	} else if (strcmp(what, "look") != 0 && strcmp(what, "end") != 0) {
		return fail(reply, "prove does \"begin\", \"look\" or \"end\"");
	} else if (!b->prove) {
		return fail(reply, "no pairing is under way: begin one");
	}
	b->asked_until_us = bluetooth_now_us(b) + ASKED_US;
	b->prove->asked_until_us = b->asked_until_us;
	describe(b, reply);
	if (strcmp(what, "end") == 0)
		b->prove->asked_until_us = 0;
	bluetooth_changed(b);
	return true;
}
