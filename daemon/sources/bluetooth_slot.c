/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * One device that is wanted: chosen, linked with by a peer, remembered.
 */
#include <config.h>

#include "daemon/sources/bluetooth_private.h"

#include "daemon/bluetooth/gatt_table.h"
#include "daemon/service/log.h"
#include "protocol/device_info.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

/* A device that a scan chose and that is not heard for so many attempts of 30 s
 * is searched anew: another one may be meant now. */
#define ABSENCES_MAX 10
#define LOOK_US UINT64_C(10000000)
#define LOOK_AGAIN_US UINT64_C(600000000)

/* ---- what the peer asks for ---------------------------------------------- */

static uint64_t on_now(void *user)
{
	struct slot *slot = user;

	return bluetooth_now_us(slot->owner);
}

static void on_linked(void *user, int fd, int error)
{
	struct slot *slot = user;

	link_free(slot->link);
	slot->link = NULL;
	peer_connected(slot->peer, fd, error);
}

static void on_connect(void *user, struct peer *peer, const struct le_address *to,
                       uint32_t limit_ms)
{
	struct slot *slot = user;
	struct link_target target = {
		.peer = *to,
		.adapter = adapter_address(slot->owner->adapter),
		.limit_ms = limit_ms,
	};

	(void)peer;
	slot->link = link_connect(slot->owner->host->base, &target, on_linked, slot);
	slot->starved = !slot->link;
	bluetooth_changed(slot->owner);
}

static void on_abandon(void *user, struct peer *peer)
{
	struct slot *slot = user;

	(void)peer;
	link_free(slot->link);
	slot->link = NULL;
	slot->starved = false;
}

static bool on_secure(void *user, struct peer *peer, int fd)
{
	struct slot *slot = user;

	adapter_allow_pairing(slot->owner->adapter, &peer_device(peer)->address);
	return link_secure(fd) == 0;
}

static void deliver(struct slot *slot, const struct source_event *event)
{
	struct source_event mine;

	if (slot->tap) {
		slot->tap(slot, event);
		return;
	}
	source_event_copy(&mine, event);
	slot->owner->host->deliver(slot->owner->host->user, &mine);
}

/* "Searching" is not what happens while there is no adapter to do it with. */
static void tell_link(struct slot *slot)
{
	struct source_event event = {
		.device = slot->profile->device,
		.unit = slot->wish.unit,
		.kind = SOURCE_LINK,
		.link = slot->link_state,
	};

	if (event.link == DISPLAY_LINK_SEARCHING && !slot->owner->ready)
		event.link = DISPLAY_LINK_OFF;
	if (event.link == slot->told)
		return;
	slot->told = event.link;
	deliver(slot, &event);
}

static void on_event(void *user, const struct source_event *event)
{
	struct slot *slot = user;
	bool battery = (event->kind == SOURCE_VALUE || event->kind == SOURCE_NOTIFY) &&
	               event->uuid == DEVICE_INFO_UUID_BATTERY_LEVEL &&
	               event->length == 1 && event->bytes[0] <= 100;

	if (battery)
		slot->battery_pct = event->bytes[0];
	if (event->kind == SOURCE_LINK) {
		slot->link_state = event->link;
		tell_link(slot);
		if (slot->profile->device == SOURCE_TREADMILL &&
		    event->link == DISPLAY_LINK_LIVE)
			bluetooth_search_pod(slot->owner);
	} else {
		deliver(slot, event);
	}
}

static void on_changed(void *user, struct peer *peer)
{
	struct slot *slot = user;

	(void)peer;
	bluetooth_changed(slot->owner);
}

static const struct peer_ops peer_ops = {
	.now_us = on_now,
	.connect = on_connect,
	.abandon = on_abandon,
	.secure = on_secure,
	.event = on_event,
	.changed = on_changed,
};

/* ---- which device -------------------------------------------------------- */

/* What was found out of it the last time */
static void recall(const struct slot *slot, const char *id, struct peer_device *device)
{
	const struct knowledge_device *known =
		knowledge_find(slot->owner->host->knowledge, id);

	if (!known)
		return;
	if (!*device->name)
		snprintf(device->name, sizeof(device->name), "%s", known->name);
	if (!device->type_known && known->address_type) {
		device->address.type = (enum le_address_type)known->address_type;
		device->type_known = true;
	}
	if (known->attributes && !gatt_table_read(known->attributes, &device->table))
		log_notice(slot->profile->what,
		           "what was kept of it makes no sense; it is asked anew");
}

/* By its address; the two highest bits are set in most random ones. */
static void link_with_id(struct slot *slot)
{
	struct peer_device device = { .request_control = slot->wish.request_control };

	if (!le_address_from_text(slot->wish.id, &device.address))
		return;
	device.address.type = device.address.octets[5] >= 0xc0 ? LE_ADDRESS_RANDOM
	                                                       : LE_ADDRESS_PUBLIC;
	recall(slot, slot->wish.id, &device);
	peer_set_device(slot->peer, &device);
}

static void note_rssi(struct slot *slot, int8_t rssi_dbm)
{
	slot->rssi_dbm = rssi_dbm;
	strength_add(&slot->strength, rssi_dbm);
}

static void forget_rssi(struct slot *slot)
{
	slot->rssi_dbm = MGMT_RSSI_NONE;
	slot->strength = (struct strength){ .count = 0 };
}

static void link_with_heard(struct slot *slot, const struct nearby_device *heard)
{
	struct peer_device device = { .address = heard->address, .type_known = true,
		                      .request_control = slot->wish.request_control };
	char id[LE_ADDRESS_TEXT_SIZE];

	le_address_text(&heard->address, id);
	snprintf(device.name, sizeof(device.name), "%s", heard->name);
	recall(slot, id, &device);
	note_rssi(slot, heard->rssi_dbm);
	log_info(slot->profile->what, "%s is near", *device.name ? device.name : "one");
	log_debug(slot->profile->what, "it is %s", id);
	peer_set_device(slot->peer, &device);
}

static void search(struct slot *slot)
{
	slot->several[0] = '\0';
	slot->battery_pct = BLUETOOTH_NOT_KNOWN;
	forget_rssi(slot);
	peer_set_device(slot->peer, NULL);
}

bool slot_is_searching(const struct slot *slot)
{
	return slot->peer && peer_state(slot->peer) == PEER_SEARCHING;
}

/* Of several of a kind only a person knows which is meant. */
static void say_several(struct slot *slot, const char *names)
{
	if (strcmp(slot->several, names) == 0)
		return;
	if (!*slot->several)
		log_known(MESSAGE_DEVICE_SEVERAL, slot->profile->what,
		          "several are near (%s): choose one by \"gaitctl pair %s\"", names,
		          knowledge_kind_name(slot->profile->device));
	snprintf(slot->several, sizeof(slot->several), "%s", names);
}

/* Returns when to look again. */
static uint64_t choose(struct slot *slot)
{
	struct nearby_choice choice;

	if (!slot_is_searching(slot) || *slot->wish.id ||
	    !bluetooth_searches(slot->owner, slot))
		return SOURCE_NEVER;
	choice = nearby_choose(&slot->owner->nearby, slot->profile, slot->wish.name,
	                       bluetooth_now_us(slot->owner));
	if (choice.device)
		link_with_heard(slot, choice.device);
	else if (choice.count > 1 && choice.decide_us == UINT64_MAX)
		say_several(slot, choice.names);
	return choice.decide_us;
}

/* ---- what came of it ----------------------------------------------------- */

/* What a pod counts is found out where its values get meaning. */
static bool counts(const struct slot *slot)
{
	return slot->profile->device == SOURCE_FOOTPOD && slot->wish.unit == 1;
}

void slot_learn_unit(const struct slot *slot)
{
	const struct source_host *host = slot->owner->host;
	const char *unit = counts(slot) && slot->remembered ?
	                           host->footpod_unit(host->user) : "";
	const struct knowledge_device *known = knowledge_find(host->knowledge, slot->wish.id);
	struct knowledge_device now;

	if (!*unit || !known)
		return;
	now = *known;
	snprintf(now.unit, sizeof(now.unit), "%s", unit);
	knowledge_set(host->knowledge, &now);
}

/* What the next link need not ask */
static void remember(struct slot *slot)
{
	const struct peer_device *device = peer_device(slot->peer);
	struct knowledge *knowledge = slot->owner->host->knowledge;
	struct knowledge_device now = { .address_type = (int)device->address.type };
	const struct knowledge_device *before;
	char *text = malloc(GATT_TABLE_TEXT_SIZE);

	le_address_text(&device->address, now.id);
	snprintf(now.name, sizeof(now.name), "%s", device->name);
	before = knowledge_find(knowledge, now.id);
	if (before)
		memcpy(now.unit, before->unit, sizeof(now.unit));
	if (counts(slot) && *now.unit)
		slot->owner->host->set_footpod_unit(slot->owner->host->user, now.unit);
	if (text && gatt_table_write(&device->table, text, GATT_TABLE_TEXT_SIZE) > 0)
		now.attributes = text;
	knowledge_set(knowledge, &now);
	free(text);
}

/* One that a scan chose is given up when it is something else than it said, or
 * gone; one that is configured or paired never is. */
static void look_at_result(struct slot *slot)
{
	const struct peer_device *device = peer_device(slot->peer);
	bool live = peer_state(slot->peer) == PEER_LIVE;
	unsigned absences_max;

	if (!device)
		return;
	if (live && !slot->remembered)
		remember(slot);
	slot_learn_unit(slot);
	slot->remembered = live;
	if (*slot->wish.id)
		return;
	absences_max = le_address_is_resolvable(&device->address) ? 1 : ABSENCES_MAX;
	if (peer_is_unfit(slot->peer))
		nearby_reject(&slot->owner->nearby, &device->address);
	else if (peer_absences(slot->peer) < absences_max)
		return;
	search(slot);
}

/* ---- why it is not heard ------------------------------------------------- */

bool slot_looks_around(const struct slot *slot)
{
	return slot->look_until_us > 0;
}

static enum peer_around around(const struct slot *slot)
{
	const struct nearby *nearby = &slot->owner->nearby;

	if (adapter_scan(slot->owner->adapter) != ADAPTER_SCAN_ON)
		return PEER_AROUND_UNKNOWN;
	for (size_t i = 0; i < nearby->count; i++) {
		if (nearby->devices[i].last_us >= slot->look_from_us)
			return PEER_AROUND_OTHERS;
	}
	return PEER_AROUND_NOBODY;
}

/* While an attempt waits for a treadmill that should be there, a scan hears
 * whether others are, and whether it advertises that it is taken. */
static void look_around(struct slot *slot)
{
	uint64_t now_us = bluetooth_now_us(slot->owner);

	if (peer_absences(slot->peer) == 0) {
		slot->look_until_us = 0;
	} else if (slot->look_until_us > 0 && now_us >= slot->look_until_us) {
		slot->look_until_us = 0;
		peer_missed(slot->peer, around(slot));
	} else if (slot->look_until_us == 0 && now_us >= slot->look_again_us &&
	           slot->owner->may_manage &&
	           slot->profile->device == SOURCE_TREADMILL) {
		slot->look_from_us = now_us;
		slot->look_until_us = now_us + LOOK_US;
		slot->look_again_us = now_us + LOOK_AGAIN_US;
	}
}

/* ---- time, and reports --------------------------------------------------- */

uint64_t slot_advance(struct slot *slot)
{
	uint64_t decide_us, deadline_us;

	if (!slot->peer)
		return SOURCE_NEVER;
	if (slot->starved) {
		slot->starved = false;
		peer_connected(slot->peer, -1, ENOMEM);
	}
	peer_advance(slot->peer);
	look_at_result(slot);
	look_around(slot);
	decide_us = choose(slot);
	deadline_us = peer_deadline_us(slot->peer);
	return decide_us < deadline_us ? decide_us : deadline_us;
}

static bool is_its_device(const struct slot *slot, const struct le_address *address)
{
	const struct peer_device *device = slot->peer ? peer_device(slot->peer) : NULL;

	return device && le_address_equal(&device->address, address);
}

void slot_freed(struct slot *slot, const struct le_address *address)
{
	if (is_its_device(slot, address))
		peer_freed(slot->peer);
}

void slot_heard(struct slot *slot, const struct adapter_device *heard)
{
	if (!is_its_device(slot, &heard->address))
		return;
	note_rssi(slot, heard->rssi_dbm);
	slot->look_until_us = 0;
	peer_heard(slot->peer, heard->connectable);
}

/* ---- life ---------------------------------------------------------------- */

void slot_init(struct slot *slot, struct bluetooth *owner,
               const struct peer_profile *profile)
{
	slot->owner = owner;
	slot->profile = profile;
	slot->told = DISPLAY_LINK_OFF;
	slot->rssi_dbm = MGMT_RSSI_NONE;
	slot->battery_pct = BLUETOOTH_NOT_KNOWN;
}

void slot_free(struct slot *slot)
{
	peer_free(slot->peer);
	slot->peer = NULL;
}

void slot_set_ready(struct slot *slot, bool ready)
{
	if (!slot->peer)
		return;
	peer_set_ready(slot->peer, ready);
	tell_link(slot);
}

static bool same_wish(const struct wish *a, const struct wish *b)
{
	return a->any == b->any && a->unit == b->unit && strcmp(a->id, b->id) == 0 &&
	       strcmp(a->name, b->name) == 0 && a->request_control == b->request_control;
}

/* A foot pod that was a candidate may become the runner's: another unit. */
static void turn_off(struct slot *slot)
{
	slot_free(slot);
	slot->link_state = DISPLAY_LINK_OFF;
	tell_link(slot);
	slot->battery_pct = BLUETOOTH_NOT_KNOWN;
	forget_rssi(slot);
}

/* One that a scan chose is wanted by its address now: it was paired. */
static bool is_settled(const struct slot *slot, const struct wish *wish)
{
	const struct peer_device *device = slot->peer ? peer_device(slot->peer) : NULL;
	char address[LE_ADDRESS_TEXT_SIZE];

	if (!device || !wish->any || slot->wish.unit != wish->unit ||
	    slot->wish.request_control != wish->request_control)
		return false;
	le_address_text(&device->address, address);
	return strcmp(address, wish->id) == 0;
}

void slot_set_wish(struct slot *slot, const struct wish *wish)
{
	uint64_t seed = bluetooth_now_us(slot->owner);

	if (same_wish(&slot->wish, wish))
		return;
	if (is_settled(slot, wish)) {
		slot->wish = *wish;
		return;
	}
	turn_off(slot);
	slot->wish = *wish;
	slot->look_until_us = slot->look_again_us = 0;
	if (!wish->any)
		return;
	if (counts(slot))
		slot->owner->host->set_footpod_unit(slot->owner->host->user, "");
	/* without it consoles may move in step: no reason not to run */
	if (getrandom(&seed, sizeof(seed), GRND_NONBLOCK) < 0)
		log_debug(BLUETOOTH_TOKEN, "no random number yet");
	slot->peer = peer_new(slot->owner->host->base, slot->profile, wish->unit, seed,
	                      &peer_ops, slot);
	if (!slot->peer) {
		log_error(BLUETOOTH_TOKEN, "out of memory");
		slot->wish.any = false; /* the next change tries again */
		return;
	}
	if (*wish->id)
		link_with_id(slot);
	else
		search(slot);
	slot_set_ready(slot, slot->owner->ready);
	bluetooth_changed(slot->owner);
}
