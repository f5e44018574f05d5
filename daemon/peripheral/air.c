/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/peripheral/air.h"

#include "daemon/simulator/simulator.h"
#include "protocol/sdm.h"

#include <string.h>

#define S UINT64_C(1000000)
#define FOOTPOD 124
#define HEART_RATE 120
#define POD_PERIOD_US 248230
#define STRAP_PERIOD_US 246277
#define STRAP_TRANSMISSION 0xf1
#define STRAP_BPM 148
#define POD_RSSI (-58)

bool air_init(struct air *air, const struct scenario *scenario, uint64_t seed,
              uint64_t start_us, size_t neighbours)
{
	memset(air, 0, sizeof(*air));
	air->scenario = *scenario;
	if (scenario->pod != POD_ANT_STRIDES)
		air->scenario.pod = POD_ANT;
	air->simulator = simulator_new(&air->scenario, seed);
	if (!air->simulator)
		return false;
	air->has_next = simulator_next(air->simulator, &air->next);
	while (air->has_next && air->next.t_us < start_us)
		air->has_next = simulator_next(air->simulator, &air->next);
	air->skipped_us = start_us;
	air->neighbour_count =
		neighbours < AIR_NEIGHBOURS_MAX ? neighbours : AIR_NEIGHBOURS_MAX;
	/* they come one by one, stay for a while, and come back */
	for (size_t i = 0; i < air->neighbour_count; i++) {
		air->neighbours[i].until_us = i * S + (4 + i % 7) * S;
		air->neighbours[i].due_us = i * S + i * 7919;
		air->neighbours[i].rssi_dbm = (int8_t)(-50 - (int)(i * 13 % 42));
	}
	return true;
}

void air_free(struct air *air)
{
	if (air->simulator)
		simulator_free(air->simulator);
	air->simulator = NULL;
}

/* ---- the runner ---- */

static uint64_t runner_us(const struct air *air)
{
	return air->has_next ? air->next.t_us - air->skipped_us : AIR_NEVER;
}

/* The simulator's frames are those of a channel of its own: what was missed
 * there is not sent here. */
static void send_runner(struct air *air,
                        void (*heard)(void *user, const struct ant_data *data), void *user)
{
	struct ant_message message;
	struct ant_data data;

	if (air->next.device == SOURCE_FOOTPOD && air->next.kind == SOURCE_ANT &&
	    ant_frame_decode(air->next.bytes, air->next.length, &message) &&
	    ant_data_decode(&message, &data)) {
		data.device_number = AIR_POD;
		data.device_type = FOOTPOD;
		data.transmission_type = 5;
		data.rssi_dbm = POD_RSSI;
		heard(user, &data);
	}
	air->has_next = simulator_next(air->simulator, &air->next);
}

static void send_strap(struct air *air,
                       void (*heard)(void *user, const struct ant_data *data), void *user)
{
	uint16_t beat = (uint16_t)(++air->beats * 415u); /* 1/1024 s at 148 a minute */
	struct ant_data data = {
		.device_number = AIR_STRAP,
		.device_type = HEART_RATE,
		.transmission_type = STRAP_TRANSMISSION,
		.rssi_dbm = POD_RSSI,
		.page = { (uint8_t)((air->beats & 4u) << 5), 0xff, 0xff, 0xff, (uint8_t)beat,
		          (uint8_t)(beat >> 8), air->beats, STRAP_BPM },
	};

	air->strap_us += STRAP_PERIOD_US;
	heard(user, &data);
}

/* ---- neighbours ---- */

static void send_neighbour(struct air *air, size_t i,
                           void (*heard)(void *user, const struct ant_data *data),
                           void *user)
{
	struct air_neighbour *n = &air->neighbours[i];
	struct ant_data data = {
		.device_number = (uint16_t)(AIR_FIRST_NEIGHBOUR + i),
		.device_type = FOOTPOD,
		.transmission_type = 1,
		.rssi_dbm = n->rssi_dbm,
	};
	struct sdm_page1 page = {
		.time = (uint16_t)(n->due_us / 5000 % 51200),
		.speed = (uint16_t)(512 + i * 32),
		.strides = (uint8_t)(n->strides / 1000),
	};

	n->strides += 330 + (uint32_t)i * 2;
	sdm_page1_encode(&page, data.page);
	heard(user, &data);
	n->due_us += POD_PERIOD_US;
	if (n->due_us > n->until_us) {
		n->due_us = n->until_us + (12 + i % 5) * S;
		n->until_us = n->due_us + (4 + i % 7) * S;
	}
}

/* ---- time ---- */

uint64_t air_deadline_us(const struct air *air)
{
	uint64_t next_us = runner_us(air);

	if (air->strap_us < next_us)
		next_us = air->strap_us;
	for (size_t i = 0; i < air->neighbour_count; i++)
		if (air->neighbours[i].due_us < next_us)
			next_us = air->neighbours[i].due_us;
	return next_us;
}

void air_advance(struct air *air, uint64_t now_us,
                 void (*heard)(void *user, const struct ant_data *data), void *user)
{
	uint64_t next_us;

	while ((next_us = air_deadline_us(air)) <= now_us) {
		if (runner_us(air) == next_us)
			send_runner(air, heard, user);
		else if (air->strap_us == next_us)
			send_strap(air, heard, user);
		for (size_t i = 0; i < air->neighbour_count; i++)
			if (air->neighbours[i].due_us == next_us)
				send_neighbour(air, i, heard, user);
	}
}
