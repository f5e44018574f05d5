/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/ant/ant_script.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define NETWORK 0
#define FREQUENCY 57 /* 2457 MHz, ANT+ */
#define FOOTPOD 124
#define HEART_RATE 120
#define DYNAMICS 30
#define FOOTPOD_PERIOD 8134
#define HEART_RATE_PERIOD 8070
#define DYNAMICS_PERIOD 4096
#define FOR_EVER 0xff
#define NUMBER_MASK 0xffffu /* of the 20 bits: the rest is in the type */

/* ---- the table of channels ---- */

enum whom { ANYBODY, ANY_FOOTPOD, THE_FOOTPOD, THE_HEART_RATE, THE_DYNAMICS };

static const struct channel {
	enum ant_engine_mode mode;
	uint8_t number;
	enum whom whom;
	uint8_t type, assignment;
	uint8_t open; /* the message that does it */
} channels[] = {
	{ ANT_ENGINE_SCAN, 0, ANYBODY, ANT_SLAVE_RECEIVE_ONLY, 0, ANT_OPEN_SCAN },
	{ ANT_ENGINE_BACKGROUND, 0, ANY_FOOTPOD, ANT_SLAVE_RECEIVE_ONLY,
	  ANT_BACKGROUND_SCAN, ANT_OPEN },
	{ ANT_ENGINE_BACKGROUND, 1, THE_FOOTPOD, ANT_SLAVE, 0, ANT_OPEN },
	{ ANT_ENGINE_BACKGROUND, 2, THE_HEART_RATE, ANT_SLAVE, 0, ANT_OPEN },
	{ ANT_ENGINE_BACKGROUND, 3, THE_DYNAMICS, ANT_SLAVE, 0, ANT_OPEN },
	{ ANT_ENGINE_PAIRED, 0, ANY_FOOTPOD, ANT_SLAVE, 0, ANT_OPEN },
	{ ANT_ENGINE_PAIRED, 1, THE_FOOTPOD, ANT_SLAVE, 0, ANT_OPEN },
	{ ANT_ENGINE_PAIRED, 2, THE_HEART_RATE, ANT_SLAVE, 0, ANT_OPEN },
	{ ANT_ENGINE_PAIRED, 3, THE_DYNAMICS, ANT_SLAVE, 0, ANT_OPEN },
};

enum ant_engine_mode ant_script_mode(const struct ant_engine *engine)
{
	if (engine->capabilities.scan_mode && !engine->no_scan)
		return ANT_ENGINE_SCAN;
	if (engine->capabilities.background_scan && !engine->no_background)
		return ANT_ENGINE_BACKGROUND;
	return ANT_ENGINE_PAIRED;
}

/* A channel of its own is for a device that is known; who searches by such a
 * channel alone has no second one for strangers. */
static bool is_wanted(const struct ant_engine *engine, const struct channel *channel)
{
	if (channel->mode != engine->mode || channel->number >= engine->capabilities.channels)
		return false;
	switch (channel->whom) {
	case ANYBODY:
		return true;
	case ANY_FOOTPOD:
		return channel->mode == ANT_ENGINE_BACKGROUND || engine->settings.footpod == 0;
	case THE_FOOTPOD:
		return engine->settings.footpod != 0;
	case THE_HEART_RATE:
		return engine->settings.heart_rate != 0;
	case THE_DYNAMICS: /* of the same pod: those of others are not his */
		return engine->settings.footpod != 0 && engine->settings.dynamics;
	}
	return false;
}

/* ---- steps ---- */

static struct ant_control *add(struct ant_engine *engine, uint8_t id, uint8_t channel)
{
	struct ant_control *step = &engine->script[engine->script_length];

	assert(engine->script_length < ANT_ENGINE_SCRIPT_MAX);
	engine->script_length++;
	memset(step, 0, sizeof(*step));
	step->id = id;
	step->channel = channel;
	return step;
}

static void start_over(struct ant_engine *engine)
{
	engine->script_length = 0;
	engine->script_at = 0;
	engine->awaiting_closed = false;
	engine->tries = 0;
}

static void add_identity(struct ant_engine *engine, const struct channel *channel)
{
	struct ant_control *step = add(engine, ANT_CHANNEL_ID, channel->number);

	/* the transmission type stays open: pods of one number have this or
	 * that, and who pairs with it fixed never hears the other */
	if (channel->whom == THE_FOOTPOD || channel->whom == THE_DYNAMICS)
		step->device_number = (uint16_t)(engine->settings.footpod & NUMBER_MASK);
	if (channel->whom == THE_HEART_RATE)
		step->device_number = (uint16_t)(engine->settings.heart_rate & NUMBER_MASK);
	if (channel->whom == ANY_FOOTPOD || channel->whom == THE_FOOTPOD)
		step->device_type = FOOTPOD;
	if (channel->whom == THE_HEART_RATE)
		step->device_type = HEART_RATE;
	if (channel->whom == THE_DYNAMICS)
		step->device_type = DYNAMICS;
}

/* The low-priority search does not disturb the other channels and, with no
 * time-out, never ends. */
static void add_search(struct ant_engine *engine, uint8_t number)
{
	bool low = engine->capabilities.low_priority_search;

	add(engine, ANT_SEARCH_TIMEOUT, number)->value = low ? 0 : FOR_EVER;
	if (low)
		add(engine, ANT_LOW_SEARCH_TIMEOUT, number)->value = FOR_EVER;
}

static uint16_t period_of(const struct channel *channel)
{
	if (channel->whom == THE_HEART_RATE)
		return HEART_RATE_PERIOD;
	return channel->whom == THE_DYNAMICS ? DYNAMICS_PERIOD : FOOTPOD_PERIOD;
}

static void add_channel(struct ant_engine *engine, const struct channel *channel)
{
	struct ant_control *assign = add(engine, ANT_ASSIGN, channel->number);

	assign->channel_type = channel->type;
	assign->network = NETWORK;
	assign->assignment = channel->assignment;
	add_identity(engine, channel);
	add(engine, ANT_FREQUENCY, channel->number)->frequency = FREQUENCY;
	if (channel->type == ANT_SLAVE)
		add(engine, ANT_PERIOD, channel->number)->period = period_of(channel);
	if (channel->open == ANT_OPEN)
		add_search(engine, channel->number);
	add(engine, channel->open, channel->number);
}

static void add_network(struct ant_engine *engine)
{
	struct ant_control *key = add(engine, ANT_NETWORK_KEY, NETWORK);

	key->network = NETWORK;
	key->octet_count = ANT_KEY_SIZE; /* filled in when it is sent */
	if (engine->no_library)
		add(engine, ANT_EXTENDED_MESSAGES, 0)->value = 1;
	else
		add(engine, ANT_LIBRARY_CONFIG, 0)->value = ANT_LIBRARY_ALL;
}

static void add_closing(struct ant_engine *engine, uint8_t number)
{
	add(engine, ANT_CLOSE, number);
	add(engine, ANT_UNASSIGN, number);
}

/* ---- scripts ---- */

bool ant_script_same(const struct ant_engine_settings *a,
                     const struct ant_engine_settings *b)
{
	return a->footpod == b->footpod && a->heart_rate == b->heart_rate &&
	       a->dynamics == b->dynamics;
}

void ant_script_ask(struct ant_engine *engine)
{
	start_over(engine);
	add(engine, ANT_REQUEST, 0)->subject = ANT_CAPABILITIES;
	add(engine, ANT_REQUEST, 0)->subject = ANT_VERSION;
	add(engine, ANT_REQUEST, 0)->subject = ANT_SERIAL_NUMBER;
}

void ant_script_configure(struct ant_engine *engine, uint8_t which)
{
	bool all = which == ANT_SCRIPT_ALL;

	start_over(engine);
	engine->mode = ant_script_mode(engine);
	for (uint8_t i = 0; all && engine->no_reset && i < ANT_ENGINE_CHANNELS; i++)
		add_closing(engine, i);
	if (all)
		add_network(engine);
	for (size_t i = 0; i < sizeof(channels) / sizeof(channels[0]); i++) {
		if (!is_wanted(engine, &channels[i]) || !(which & 1u << channels[i].number))
			continue;
		if (!all)
			add(engine, ANT_UNASSIGN, channels[i].number);
		add_channel(engine, &channels[i]);
	}
}

void ant_script_close(struct ant_engine *engine)
{
	start_over(engine);
	for (size_t i = 0; i < sizeof(channels) / sizeof(channels[0]); i++) {
		if (is_wanted(engine, &channels[i]))
			add_closing(engine, channels[i].number);
	}
	add(engine, ANT_RESET, 0);
}

const char *ant_script_step_name(const struct ant_control *step, char text[64])
{
	const char *subject = ant_message_name(step->subject);

	if (step->id != ANT_REQUEST)
		return ant_message_name(step->id);
	snprintf(text, 64, "request for %s", subject ? subject : "something");
	return text;
}
