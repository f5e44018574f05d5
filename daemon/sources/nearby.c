/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/sources/nearby.h"

#include "protocol/mgmt.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#define NAMES_SHOWN 3

/* ---- what is heard ------------------------------------------------------- */

static struct nearby_device *find(struct nearby *nearby,
                                  const struct le_address *address)
{
	for (size_t i = 0; i < nearby->count; i++) {
		if (le_address_equal(&nearby->devices[i].address, address))
			return &nearby->devices[i];
	}
	return NULL;
}

static struct nearby_device *room(struct nearby *nearby)
{
	struct nearby_device *oldest = &nearby->devices[0];

	if (nearby->count < NEARBY_MAX)
		return &nearby->devices[nearby->count++];
	for (size_t i = 1; i < nearby->count; i++) {
		if (nearby->devices[i].last_us < oldest->last_us)
			oldest = &nearby->devices[i];
	}
	return oldest;
}

static void note_offers(struct nearby_device *device,
                        const struct gap_advertisement *told)
{
	if (*told->name && (told->name_complete || !*device->name))
		snprintf(device->name, sizeof(device->name), "%s", told->name);
	if (gap_offers(told, GAP_UUID_FITNESS_MACHINE))
		device->fitness_machine = true;
	/* service data are often missing, and where they are, they tell */
	if (told->has_machine && told->machines != 0)
		device->treadmill = told->machines & GAP_MACHINE_TREADMILL;
	else if (!told->has_machine && device->fitness_machine &&
	         device->first_us == device->last_us)
		device->treadmill = true;
	if (gap_offers(told, GAP_UUID_RUNNING_SPEED))
		device->running = true;
	if (gap_offers(told, GAP_UUID_HEART_RATE))
		device->heart_rate = true;
}

struct nearby_device *nearby_heard(struct nearby *nearby,
                                   const struct le_address *address,
                                   int8_t rssi_dbm,
                                   const struct gap_advertisement *told,
                                   uint64_t now_us)
{
	struct nearby_device *device = find(nearby, address);

	if (device == NULL || now_us - device->last_us > NEARBY_FORGET_US) {
		bool rejected = device != NULL && device->rejected;

		if (device == NULL)
			device = room(nearby);
		memset(device, 0, sizeof(*device));
		device->address = *address;
		device->rejected = rejected;
		device->first_us = now_us;
	}
	device->last_us = now_us;
	device->rssi_dbm = rssi_dbm;
	note_offers(device, told);
	return device;
}

void nearby_reject(struct nearby *nearby, const struct le_address *address)
{
	struct nearby_device *device = find(nearby, address);

	if (device != NULL)
		device->rejected = true;
}

/* ---- which is meant ------------------------------------------------------ */

static bool is_of_kind(const struct nearby_device *device,
                       const struct peer_profile *profile)
{
	switch (profile->device) {
	case SOURCE_TREADMILL:
		return device->fitness_machine && device->treadmill;
	case SOURCE_FOOTPOD: /* some treadmills tell their steps this way */
		return device->running && !device->fitness_machine;
	case SOURCE_HEART_RATE:
		return device->heart_rate;
	case SOURCE_INPUT:
		return false;
	}
	return false;
}

static bool is_meant(const struct nearby_device *device,
                     const struct peer_profile *profile, const char *name,
                     uint64_t now_us)
{
	if (device->rejected || now_us - device->last_us > NEARBY_FORGET_US)
		return false;
	return *name ? strcmp(device->name, name) == 0
	             : is_of_kind(device, profile);
}

/* One whose signal is not known stands behind all others. */
static int strength(const struct nearby_device *device)
{
	return device->rssi_dbm == MGMT_RSSI_NONE ? INT_MIN : device->rssi_dbm;
}

static void add_by_strength(const struct nearby_device *sorted[], size_t count,
                            const struct nearby_device *device)
{
	size_t at = count;

	for (; at > 0 && strength(sorted[at - 1]) < strength(device); at--)
		sorted[at] = sorted[at - 1];
	sorted[at] = device;
}

static void name_them(const struct nearby_device *const sorted[], size_t count,
                      char *text, size_t size)
{
	char address[LE_ADDRESS_TEXT_SIZE];
	size_t used = 0;

	for (size_t i = 0; i < count && i < NAMES_SHOWN; i++) {
		le_address_text(&sorted[i]->address, address);
		used += (size_t)snprintf(text + used, size - used, "%s%.24s",
		                         i > 0 ? ", " : "",
		                         *sorted[i]->name ? sorted[i]->name
		                                          : address);
	}
	if (count > NAMES_SHOWN)
		snprintf(text + used, size - used, " and %zu more",
		         count - NAMES_SHOWN);
}

struct nearby_choice nearby_choose(const struct nearby *nearby,
                                   const struct peer_profile *profile,
                                   const char *name, uint64_t now_us)
{
	const struct nearby_device *sorted[NEARBY_MAX];
	struct nearby_choice choice = { .decide_us = UINT64_MAX };
	uint64_t first_us = UINT64_MAX;

	for (size_t i = 0; i < nearby->count; i++) {
		const struct nearby_device *device = &nearby->devices[i];

		if (!is_meant(device, profile, name, now_us))
			continue;
		add_by_strength(sorted, choice.count++, device);
		if (device->first_us < first_us)
			first_us = device->first_us;
	}
	name_them(sorted, choice.count, choice.names, sizeof(choice.names));
	if (choice.count == 1 &&
	    (*name || now_us - first_us >= NEARBY_LISTEN_US))
		choice.device = sorted[0];
	else if (choice.count > 0 && now_us - first_us < NEARBY_LISTEN_US)
		choice.decide_us = first_us + NEARBY_LISTEN_US;
	return choice;
}
