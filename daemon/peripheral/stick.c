/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/peripheral/stick.h"

#include <string.h>

#define MS UINT64_C(1000)
#define S UINT64_C(1000000)
#define RESET_US (50 * MS)
#define CLOSE_US (40 * MS)
#define LATE_US (700 * MS)
#define TRANSFER_US (250 * MS)
#define RESTART_US (3 * S)
#define CLOSES_US (4 * S)
#define SEARCH_UNIT_US (2500 * MS)
#define SEARCH_DEFAULT 10
#define FOR_EVER 0xff
#define FREQUENCY 57
#define FREQUENCY_DEFAULT 66
#define PERIOD_DEFAULT 8192
#define MISSES_TO_SEARCH 8
#define BACKGROUND_SHARE 3 /* of so many messages a background scan hears one */
#define PAIRING_BIT 0x80u

/* ---- to the host ---- */

static uint8_t noise(struct stick *stick)
{
	stick->noise = stick->noise * 1664525u + 1013904223u;
	return (uint8_t)(stick->noise >> 24);
}

static void transfer(struct stick *stick, const uint8_t *bytes, size_t length)
{
	size_t part = stick->fault == STICK_SPLIT ? 1u + noise(stick) % 7u : length;

	for (size_t at = 0; at < length; at += part)
		stick->ops->send(stick->user, bytes + at,
		                 part < length - at ? part : length - at);
}

static void send_garbage(struct stick *stick)
{
	uint8_t bytes[24];

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = noise(stick);
	bytes[3] = ANT_SYNC; /* a false one, with whatever length comes behind */
	stick->ops->send(stick->user, bytes, 1u + noise(stick) % sizeof(bytes));
}

static void send_now(struct stick *stick, const struct ant_message *message)
{
	uint8_t bytes[ANT_FRAME_MAX];
	size_t length = ant_frame_encode(message, bytes, sizeof(bytes));

	if (stick->fault == STICK_SILENT)
		return;
	if (stick->fault == STICK_GARBAGE)
		send_garbage(stick);
	transfer(stick, bytes, length);
}

static void send_at(struct stick *stick, const struct ant_message *message,
                    uint64_t due_us)
{
	if (stick->queued == STICK_QUEUE) {
		memmove(stick->queue, stick->queue + 1,
		        (STICK_QUEUE - 1) * sizeof(stick->queue[0]));
		stick->queued--;
	}
	stick->queue[stick->queued++] = (struct stick_frame){ due_us, *message };
}

static void send_control(struct stick *stick, const struct ant_control *control,
                         uint64_t due_us, uint64_t now_us)
{
	struct ant_message message;

	if (!ant_control_encode(control, &message))
		return;
	if (stick->fault == STICK_LATE)
		due_us += LATE_US;
	if (due_us > now_us)
		send_at(stick, &message, due_us);
	else
		send_now(stick, &message);
}

static void send_event(struct stick *stick, uint8_t channel, uint8_t event,
                       uint64_t due_us, uint64_t now_us)
{
	struct ant_control control = {
		.id = ANT_CHANNEL_RESPONSE,
		.channel = channel,
		.subject = ANT_SUBJECT_EVENT,
		.code = event,
	};

	send_control(stick, &control, due_us, now_us);
}

/* ---- configuration ---- */

static void forget(struct stick *stick)
{
	memset(stick->channels, 0, sizeof(stick->channels));
	memset(&stick->stream, 0, sizeof(stick->stream));
	stick->has_key = stick->scanning = false;
	stick->extensions = 0;
	stick->queued = 0;
}

static void start_up(struct stick *stick, uint8_t reason, uint64_t due_us, uint64_t now_us)
{
	struct ant_control control = { .id = ANT_START_UP, .code = reason };

	forget(stick);
	if (stick->fault != STICK_NO_START)
		send_control(stick, &control, due_us, now_us);
}

static uint64_t search_end_us(const struct stick_channel *channel, uint64_t now_us)
{
	if (channel->search == FOR_EVER || channel->low_search == FOR_EVER)
		return STICK_NEVER;
	return now_us + (channel->search + channel->low_search) * SEARCH_UNIT_US;
}

static void search(struct stick_channel *channel, uint64_t now_us)
{
	channel->state = ANT_CHANNEL_SEARCHING;
	channel->search_us = search_end_us(channel, now_us);
	channel->slot_us = STICK_NEVER;
	channel->missed = 0;
}

static uint8_t assign(struct stick *stick, const struct ant_control *c, uint64_t now_us)
{
	struct stick_channel *channel = &stick->channels[c->channel];

	(void)now_us;
	if (channel->state != ANT_CHANNEL_UNASSIGNED)
		return ANT_WRONG_STATE;
	if (c->network >= stick->model->capabilities[1])
		return ANT_INVALID_NETWORK;
	memset(channel, 0, sizeof(*channel));
	channel->state = ANT_CHANNEL_ASSIGNED;
	channel->type = c->channel_type;
	channel->network = c->network;
	channel->assignment = c->assignment;
	channel->frequency = FREQUENCY_DEFAULT;
	channel->period = PERIOD_DEFAULT;
	channel->search = SEARCH_DEFAULT;
	return ANT_NO_ERROR;
}

static uint8_t unassign(struct stick *stick, const struct ant_control *c, uint64_t now_us)
{
	(void)now_us;
	if (stick->channels[c->channel].state != ANT_CHANNEL_ASSIGNED)
		return ANT_WRONG_STATE;
	stick->channels[c->channel].state = ANT_CHANNEL_UNASSIGNED;
	return ANT_NO_ERROR;
}

/* Everything that is set between assigning and opening */
static uint8_t set(struct stick *stick, const struct ant_control *c, uint64_t now_us)
{
	struct stick_channel *channel = &stick->channels[c->channel];

	(void)now_us;
	if (channel->state == ANT_CHANNEL_UNASSIGNED)
		return ANT_WRONG_STATE;
	if (c->id == ANT_CHANNEL_ID) {
		channel->device_number = c->device_number;
		channel->device_type = c->device_type & (uint8_t)~PAIRING_BIT;
		channel->transmission_type = c->transmission_type;
	} else if (c->id == ANT_PERIOD) {
		channel->period = c->period;
	} else if (c->id == ANT_FREQUENCY) {
		channel->frequency = c->frequency;
	} else if (c->id == ANT_SEARCH_TIMEOUT) {
		channel->search = c->value;
	} else if (c->id == ANT_LOW_SEARCH_TIMEOUT) {
		channel->low_search = c->value;
	}
	return ANT_NO_ERROR;
}

static uint8_t open_channel(struct stick *stick, const struct ant_control *c,
                            uint64_t now_us)
{
	if (stick->scanning || stick->channels[c->channel].state != ANT_CHANNEL_ASSIGNED)
		return ANT_WRONG_STATE;
	search(&stick->channels[c->channel], now_us);
	return ANT_NO_ERROR;
}

static bool has_scan(const struct stick *stick)
{
	return stick->model->capabilities_length > 4 &&
	       (stick->model->capabilities[4] & 0x04u) && stick->fault != STICK_NO_SCAN;
}

static uint8_t open_scan(struct stick *stick, const struct ant_control *c, uint64_t now_us)
{
	(void)now_us;
	if (!has_scan(stick))
		return ANT_INVALID_MESSAGE;
	for (size_t i = 0; i < STICK_CHANNELS; i++)
		if (stick->channels[i].state >= ANT_CHANNEL_SEARCHING)
			return ANT_CLOSE_ALL;
	if (c->channel != 0 || stick->channels[0].state != ANT_CHANNEL_ASSIGNED)
		return ANT_WRONG_STATE;
	stick->scanning = true;
	stick->channels[0].state = ANT_CHANNEL_TRACKING;
	stick->channels[0].slot_us = stick->channels[0].search_us = STICK_NEVER;
	return ANT_NO_ERROR;
}

static uint8_t close_channel(struct stick *stick, const struct ant_control *c,
                             uint64_t now_us)
{
	struct stick_channel *channel = &stick->channels[c->channel];

	if (channel->state < ANT_CHANNEL_SEARCHING)
		return ANT_WRONG_STATE;
	channel->state = ANT_CHANNEL_ASSIGNED;
	stick->scanning = false;
	send_event(stick, c->channel, ANT_EVENT_CHANNEL_CLOSED, now_us + CLOSE_US, now_us);
	return ANT_NO_ERROR;
}

static uint8_t take_key(struct stick *stick, const struct ant_control *c, uint64_t now_us)
{
	(void)now_us;
	if (stick->fault == STICK_NO_KEY)
		return ANT_INVALID_PARAMETER;
	/* a wrong one is taken as well; then nothing is ever heard */
	stick->has_key = memcmp(c->octets, stick->air_key, STICK_KEY_SIZE) == 0;
	stick->configured++;
	return ANT_NO_ERROR;
}

static uint8_t take_library(struct stick *stick, const struct ant_control *c,
                            uint64_t now_us)
{
	(void)now_us;
	if (stick->fault == STICK_NO_LIBRARY)
		return ANT_INVALID_MESSAGE;
	if (c->value & (uint8_t)~ANT_LIBRARY_ALL)
		return ANT_INVALID_PARAMETER;
	stick->extensions = c->value;
	return ANT_NO_ERROR;
}

static uint8_t take_extended(struct stick *stick, const struct ant_control *c,
                             uint64_t now_us)
{
	(void)now_us;
	stick->extensions = c->value ? ANT_EXT_CHANNEL_ID : 0;
	return ANT_NO_ERROR;
}

static uint8_t ignore(struct stick *stick, const struct ant_control *c, uint64_t now_us)
{
	(void)stick;
	(void)c;
	(void)now_us;
	return ANT_NO_ERROR;
}

static void answer(struct stick *stick, uint8_t channel, uint8_t subject, uint8_t code,
                   uint64_t now_us)
{
	struct ant_control control = {
		.id = ANT_CHANNEL_RESPONSE,
		.channel = channel,
		.subject = subject,
		.code = code,
	};

	send_control(stick, &control, now_us, now_us);
}

static void tell(struct stick *stick, const struct ant_control *c, uint64_t now_us)
{
	const struct stick_model *model = stick->model;
	const struct stick_channel *channel =
		&stick->channels[c->channel % STICK_CHANNELS];
	struct ant_control reply = { .id = c->subject, .channel = c->channel };

	if (c->subject == ANT_CAPABILITIES) {
		reply.octet_count = model->capabilities_length;
		memcpy(reply.octets, model->capabilities, sizeof(model->capabilities));
	} else if (c->subject == ANT_VERSION) {
		reply.octet_count = (uint8_t)(strlen(model->version) + 1);
		memcpy(reply.octets, model->version, reply.octet_count);
	} else if (c->subject == ANT_SERIAL_NUMBER && model->serial != 0) {
		reply.serial = model->serial;
	} else if (c->subject == ANT_CHANNEL_STATUS) {
		reply.value = (uint8_t)channel->state | (uint8_t)(channel->network << 2) |
		              (channel->type & 0xf0u);
	} else if (c->subject == ANT_CHANNEL_ID) {
		reply.device_number = channel->tracked.device_number;
		reply.device_type = channel->tracked.device_type;
		reply.transmission_type = channel->tracked.transmission_type;
	} else {
		answer(stick, c->channel, ANT_REQUEST, ANT_INVALID_MESSAGE, now_us);
		return;
	}
	send_control(stick, &reply, now_us, now_us);
}

static void reset(struct stick *stick, uint64_t now_us)
{
	struct ant_control error = { .id = ANT_SERIAL_ERROR, .code = 0x03 };

	if (stick->fault == STICK_BAD_RESET)
		send_control(stick, &error, now_us, now_us);
	else
		start_up(stick, stick->model->start_reason, now_us + RESET_US, now_us);
}

static const struct {
	uint8_t id;
	bool of_channel; /* its first octet is a channel, and must be one */
	uint8_t (*take)(struct stick *stick, const struct ant_control *c, uint64_t now_us);
} commands[] = {
	{ ANT_ASSIGN, true, assign },
	{ ANT_UNASSIGN, true, unassign },
	{ ANT_CHANNEL_ID, true, set },
	{ ANT_PERIOD, true, set },
	{ ANT_FREQUENCY, true, set },
	{ ANT_SEARCH_TIMEOUT, true, set },
	{ ANT_LOW_SEARCH_TIMEOUT, true, set },
	{ ANT_SEARCH_WAVEFORM, true, set },
	{ ANT_PROXIMITY, true, set },
	{ ANT_OPEN, true, open_channel },
	{ ANT_OPEN_SCAN, true, open_scan },
	{ ANT_CLOSE, true, close_channel },
	{ ANT_NETWORK_KEY, false, take_key },
	{ ANT_LIBRARY_CONFIG, false, take_library },
	{ ANT_EXTENDED_MESSAGES, false, take_extended },
	{ ANT_TRANSMIT_POWER, false, ignore },
};

static uint8_t command(struct stick *stick, const struct ant_message *message,
                       const struct ant_control *c, bool decoded, uint64_t now_us)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (commands[i].id != message->id)
			continue;
		if (!decoded)
			return ANT_INVALID_MESSAGE;
		if (commands[i].of_channel && c->channel >= STICK_CHANNELS)
			return ANT_INVALID_PARAMETER;
		return commands[i].take(stick, c, now_us);
	}
	return ANT_INVALID_MESSAGE;
}

/* Acknowledged data to whom a channel tracks: what became of it follows. */
static void transmit(struct stick *stick, const struct ant_message *message,
                     uint64_t now_us)
{
	struct ant_data data;
	bool can = ant_data_decode(message, &data) && data.channel < STICK_CHANNELS &&
	           stick->channels[data.channel].state == ANT_CHANNEL_TRACKING &&
	           stick->channels[data.channel].type == ANT_SLAVE;

	if (!can) {
		answer(stick, message->payload[0], message->id, ANT_WRONG_STATE, now_us);
		return;
	}
	can = stick->to_air && stick->to_air(stick->user, &data);
	send_event(stick, data.channel,
	           can ? ANT_EVENT_TRANSFER_COMPLETED : ANT_EVENT_TRANSFER_FAILED,
	           now_us + TRANSFER_US, now_us);
}

static void take_message(struct stick *stick, const struct ant_message *message,
                         uint64_t now_us)
{
	struct ant_control c = { .id = 0 };
	bool decoded = ant_control_decode(message, &c);
	uint8_t channel = message->length > 0 ? message->payload[0] : 0;

	if (decoded && c.id == ANT_RESET)
		reset(stick, now_us);
	else if (decoded && c.id == ANT_REQUEST)
		tell(stick, &c, now_us);
	else if (message->id == ANT_ACKNOWLEDGED_DATA)
		transmit(stick, message, now_us);
	else
		answer(stick, channel, message->id,
		       command(stick, message, &c, decoded, now_us), now_us);
}

void stick_receive(struct stick *stick, const uint8_t *bytes, size_t length,
                   uint64_t now_us)
{
	struct ant_message message;

	while (ant_stream_next(&stick->stream, &bytes, &length, &message))
		take_message(stick, &message, now_us);
}

/* ---- from the air ---- */

static void hand_on(struct stick *stick, uint8_t channel, const struct ant_data *heard,
                    uint64_t now_us)
{
	struct ant_data data = *heard;
	struct ant_message message;

	data.channel = channel;
	data.extensions = stick->extensions;
	data.rx_timestamp = (uint16_t)(now_us * 32768 / S);
	ant_data_encode(&data, ANT_BROADCAST_DATA, &message);
	send_now(stick, &message);
}

static bool is_meant(const struct stick_channel *channel, const struct ant_data *heard)
{
	return (channel->device_number == 0 ||
	        channel->device_number == heard->device_number) &&
	       (channel->device_type == 0 || channel->device_type == heard->device_type) &&
	       (channel->transmission_type == 0 ||
	        channel->transmission_type == heard->transmission_type);
}

static bool is_tracked(const struct stick_channel *channel, const struct ant_data *heard)
{
	return channel->tracked.device_number == heard->device_number &&
	       channel->tracked.device_type == heard->device_type &&
	       channel->tracked.transmission_type == heard->transmission_type;
}

static uint64_t period_us(const struct stick_channel *channel)
{
	return (channel->period ? channel->period : 1) * S / 32768;
}

static void channel_hears(struct stick *stick, uint8_t number,
                          const struct ant_data *heard, uint64_t now_us)
{
	struct stick_channel *channel = &stick->channels[number];

	if (channel->state < ANT_CHANNEL_SEARCHING || channel->frequency != FREQUENCY ||
	    !is_meant(channel, heard))
		return;
	if (channel->assignment & ANT_BACKGROUND_SCAN) {
		if (channel->heard++ % BACKGROUND_SHARE == 0)
			hand_on(stick, number, heard, now_us);
		return;
	}
	if (channel->state == ANT_CHANNEL_TRACKING && !is_tracked(channel, heard))
		return;
	channel->state = ANT_CHANNEL_TRACKING;
	channel->tracked = *heard;
	channel->missed = 0;
	channel->slot_us = now_us + period_us(channel) * 3 / 2;
	hand_on(stick, number, heard, now_us);
}

void stick_radio(struct stick *stick, const struct ant_data *heard, uint64_t now_us)
{
	if (!stick->has_key)
		return;
	if (stick->scanning) {
		if (stick->channels[0].frequency == FREQUENCY)
			hand_on(stick, 0, heard, now_us);
		return;
	}
	for (uint8_t i = 0; i < STICK_CHANNELS; i++)
		channel_hears(stick, i, heard, now_us);
}

/* ---- time ---- */

static void channel_advance(struct stick *stick, uint8_t number, uint64_t now_us)
{
	struct stick_channel *channel = &stick->channels[number];

	while (channel->state == ANT_CHANNEL_TRACKING && channel->slot_us <= now_us) {
		channel->slot_us += period_us(channel);
		if (++channel->missed < MISSES_TO_SEARCH) {
			send_event(stick, number, ANT_EVENT_RX_FAIL, now_us, now_us);
		} else {
			search(channel, now_us);
			send_event(stick, number, ANT_EVENT_GO_TO_SEARCH, now_us, now_us);
		}
	}
	if (channel->state == ANT_CHANNEL_SEARCHING && channel->search_us <= now_us) {
		channel->state = ANT_CHANNEL_ASSIGNED;
		send_event(stick, number, ANT_EVENT_SEARCH_TIMEOUT, now_us, now_us);
		send_event(stick, number, ANT_EVENT_CHANNEL_CLOSED, now_us, now_us);
	}
}

static void do_mischief(struct stick *stick, uint64_t now_us)
{
	struct ant_control close = { .id = ANT_CLOSE };

	if (now_us < stick->mischief_us)
		return;
	if (stick->fault == STICK_RESTARTS) {
		stick->mischief_us = now_us + RESTART_US;
		start_up(stick, ANT_START_WATCHDOG, now_us, now_us);
	} else if (stick->fault == STICK_CLOSES) {
		stick->mischief_us = now_us + CLOSES_US;
		for (; close.channel < STICK_CHANNELS; close.channel++)
			close_channel(stick, &close, now_us);
	} else {
		stick->mischief_us = STICK_NEVER;
	}
}

static void send_due(struct stick *stick, uint64_t now_us)
{
	size_t at = 0;

	while (at < stick->queued) {
		struct ant_message message = stick->queue[at].message;

		if (stick->queue[at].due_us > now_us) {
			at++;
			continue;
		}
		stick->queued--;
		memmove(stick->queue + at, stick->queue + at + 1,
		        (stick->queued - at) * sizeof(stick->queue[0]));
		send_now(stick, &message);
	}
}

void stick_advance(struct stick *stick, uint64_t now_us)
{
	do_mischief(stick, now_us);
	send_due(stick, now_us);
	for (uint8_t i = 0; i < STICK_CHANNELS; i++)
		channel_advance(stick, i, now_us);
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

uint64_t stick_deadline_us(const struct stick *stick)
{
	uint64_t next_us = stick->mischief_us;

	for (size_t i = 0; i < stick->queued; i++)
		next_us = earlier(next_us, stick->queue[i].due_us);
	for (size_t i = 0; i < STICK_CHANNELS; i++) {
		if (stick->channels[i].state == ANT_CHANNEL_TRACKING)
			next_us = earlier(next_us, stick->channels[i].slot_us);
		if (stick->channels[i].state == ANT_CHANNEL_SEARCHING)
			next_us = earlier(next_us, stick->channels[i].search_us);
	}
	return next_us;
}

/* ---- from outside ---- */

void stick_init(struct stick *stick, const struct stick_model *model,
                const uint8_t air_key[STICK_KEY_SIZE], const struct stick_ops *ops,
                void *user)
{
	memset(stick, 0, sizeof(*stick));
	stick->model = model;
	stick->ops = ops;
	stick->user = user;
	stick->mischief_us = STICK_NEVER;
	memcpy(stick->air_key, air_key, STICK_KEY_SIZE);
}

void stick_set_fault(struct stick *stick, enum stick_fault fault, uint64_t now_us)
{
	stick->fault = fault;
	stick->mischief_us = now_us + RESTART_US;
}

void stick_power_on(struct stick *stick, uint64_t now_us)
{
	start_up(stick, ANT_START_POWER_ON, now_us, now_us);
}
