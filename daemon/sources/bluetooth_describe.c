/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include <config.h>

#include "daemon/sources/bluetooth_private.h"

#include "daemon/devices/quirks.h"
#include "daemon/sources/strength_status.h"

#include <stdio.h>

#define ASKED_US (8 * UINT64_C(1000000)) /* that gaitctl scan is listened for */

static const char *scan_name(enum adapter_scan scan)
{
	static const char *const names[] = {
		[ADAPTER_SCAN_OFF] = "off",
		[ADAPTER_SCAN_WAITING] = "waiting",
		[ADAPTER_SCAN_ON] = "on",
		[ADAPTER_SCAN_DENIED] = "denied",
	};

	return names[scan];
}

static void put_text(json_t *object, const char *name, const char *text)
{
	if (*text)
		json_object_set_new(object, name, json_string(text));
}

static void put_rssi(json_t *object, int8_t rssi_dbm)
{
	if (rssi_dbm != MGMT_RSSI_NONE)
		json_object_set_new(object, "rssi_dbm", json_integer(rssi_dbm));
}

static void put_quirk(json_t *object, const char *name)
{
	struct quirk_facts facts = { .name = name };
	const struct quirk *quirk = *name ? quirk_of(&facts) : NULL;

	if (quirk)
		json_object_set_new(object, "quirk", json_string(quirk->id));
}

/* ---- status -------------------------------------------------------------- */

static json_t *describe_slot(const struct slot *slot)
{
	const struct peer_device *device = peer_device(slot->peer);
	char address[LE_ADDRESS_TEXT_SIZE];
	json_t *object = json_object();

	put_text(object, "state", peer_state_name(peer_state(slot->peer)));
	if (device) {
		le_address_text(&device->address, address);
		put_text(object, "name", device->name);
		put_text(object, "id", address);
		if (slot->profile->device == SOURCE_TREADMILL)
			put_quirk(object, device->name);
	} else {
		put_text(object, "searched", slot->wish.name);
		put_text(object, "several", slot->several);
	}
	put_text(object, "why", peer_why(slot->peer));
	if (slot->wish.unit > 1)
		json_object_set_new(object, "candidate", json_true());
	put_rssi(object, slot->rssi_dbm);
	strength_describe(&slot->strength, object);
	if (slot->battery_pct != BLUETOOTH_NOT_KNOWN)
		json_object_set_new(object, "battery_pct", json_integer(slot->battery_pct));
	return object;
}

void bluetooth_describe(const void *source, json_t *state)
{
	const struct bluetooth *b = source;
	char text[ADAPTER_MESSAGE_SIZE];

	put_text(state, "state", adapter_state_name(adapter_state(b->adapter)));
	adapter_message(b->adapter, text);
	put_text(state, "message", text);
	put_text(state, "scan", scan_name(adapter_scan(b->adapter)));
	if (adapter_index(b->adapter) >= 0) {
		snprintf(text, sizeof(text), "hci%d", adapter_index(b->adapter));
		put_text(state, "adapter", text);
	}
	for (size_t i = 0; i < SLOTS; i++) {
		const struct slot *slot = &b->slots[i];

		if (slot->peer)
			json_object_set_new(state, knowledge_kind_name(slot->profile->device),
			                    describe_slot(slot));
	}
}

/* ---- scan ---------------------------------------------------------------- */

static json_t *describe_nearby(const struct bluetooth *b,
                               const struct nearby_device *device)
{
	char address[LE_ADDRESS_TEXT_SIZE];
	json_t *object = json_object(), *offers = json_array();
	bool treadmill = device->fitness_machine && device->treadmill;

	le_address_text(&device->address, address);
	put_text(object, "source", BLUETOOTH_TOKEN);
	put_text(object, "id", address);
	put_text(object, "name", device->name);
	put_rssi(object, device->rssi_dbm);
	if (treadmill)
		json_array_append_new(offers, json_string("treadmill"));
	if (device->running)
		json_array_append_new(offers, json_string("footpod"));
	if (device->heart_rate)
		json_array_append_new(offers, json_string("heart_rate"));
	if (treadmill)
		put_quirk(object, device->name);
	json_object_set_new(object, "offers", offers);
	json_object_set_new(object, "heard_s",
	                    json_integer((json_int_t)((bluetooth_now_us(b) -
	                                               device->last_us) / 1000000)));
	return object;
}

void bluetooth_nearby(void *source, json_t *devices)
{
	struct bluetooth *b = source;
	uint64_t now_us = bluetooth_now_us(b);

	b->asked_until_us = now_us + ASKED_US;
	bluetooth_changed(b);
	for (size_t i = 0; i < b->nearby.count; i++) {
		const struct nearby_device *device = &b->nearby.devices[i];

		if (now_us - device->last_us <= NEARBY_FORGET_US &&
		    (device->fitness_machine || device->running || device->heart_rate))
			json_array_append_new(devices, describe_nearby(b, device));
	}
}
