/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Any events at any times through the intake and the core, with the shipped
 * rules. Times of outcomes never fall, one prompt is live at most, each clear
 * names it, ids rise; and a second core that is advanced at random instants in
 * between says the same to the byte.
 *
 * An input is a list of operations, an octet and its arguments: see the table
 * at the end.
 */
#include "daemon/devices/intake.h"
#include "protocol/ant.h"
#include "protocol/ftms.h"
#include "protocol/rsc.h"
#include "protocol/sdm.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECOND 1000000ull
#define LONGEST_S 1500u /* of an input, all in all: milliseconds of work */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct side {
	struct pipeline *pipeline;
	struct intake *intake;
	uint64_t out_us, hash, count;
	uint32_t live_id, last_id;
};

struct play {
	const uint8_t *at, *end;
	uint64_t now_us;
	uint64_t left_us; /* of LONGEST_S */
	uint32_t random;
	uint16_t speed;   /* of the belt, for op_run() */
	uint8_t cadence;
	unsigned rules;
	struct side calm, restless;
};

static struct ruleset rule_sets[2]; /* the same rules twice, to swap */

/* ---- what comes out ------------------------------------------------------- */

static void demand(bool holds)
{
	if (!holds)
		abort();
}

static size_t written(char *line, const struct outcome *o)
{
	const struct display_message *m = &o->message;

	if (m->type == DISPLAY_MESSAGE_PROMPT)
		return display_write_prompt_event(line, DISPLAY_LINE_MAX, o->t_us,
		                                  &m->prompt);
	if (m->type == DISPLAY_MESSAGE_CLEAR)
		return display_write_clear_event(line, DISPLAY_LINE_MAX, o->t_us,
		                                 &m->clear);
	if (m->type == DISPLAY_MESSAGE_METRICS)
		return display_write_metrics_event(line, DISPLAY_LINE_MAX, o->t_us,
		                                   &m->metrics);
	if (m->type == DISPLAY_MESSAGE_LINK)
		return display_write_link(line, DISPLAY_LINE_MAX, &m->link);
	if (m->type == DISPLAY_MESSAGE_SESSION)
		return display_write_session(line, DISPLAY_LINE_MAX, &m->session, true);
	if (m->type == DISPLAY_MESSAGE_BATTERY)
		return display_write_battery(line, DISPLAY_LINE_MAX, &m->battery);
	demand(m->type == DISPLAY_MESSAGE_TARGET);
	return display_write_target(line, DISPLAY_LINE_MAX, &m->target);
}

static void take(const struct outcome *outcome, void *user)
{
	struct side *side = user;
	const struct display_message *m = &outcome->message;
	char line[DISPLAY_LINE_MAX];
	size_t length = written(line, outcome);

	demand(outcome->t_us >= side->out_us);
	side->out_us = outcome->t_us;
	if (m->type == DISPLAY_MESSAGE_PROMPT) {
		demand(side->live_id == 0 && m->prompt.id > side->last_id);
		demand(m->prompt.ttl_ms > 0 && m->prompt.headline[0] != '\0');
		side->live_id = side->last_id = m->prompt.id;
	} else if (m->type == DISPLAY_MESSAGE_CLEAR) {
		demand(m->clear.id != 0 && m->clear.id == side->live_id);
		side->live_id = 0;
	}
	demand(length > 0);
	for (size_t i = 0; i < length; i++)
		side->hash = (side->hash ^ (uint8_t)line[i]) * 0x100000001b3ull;
	side->hash = (side->hash ^ outcome->t_us) * 0x100000001b3ull;
	side->count++;
}

/* ---- what goes in --------------------------------------------------------- */

static uint8_t octet(struct play *play)
{
	return play->at < play->end ? *play->at++ : 0;
}

static uint16_t two_octets(struct play *play)
{
	uint8_t low = octet(play);

	return (uint16_t)(low | octet(play) << 8);
}

static uint32_t roll(struct play *play, uint32_t sides)
{
	play->random = play->random * 1664525u + 1013904223u;
	return (play->random >> 8) % sides;
}

/* Only the restless side is advanced; the other goes from event to event. */
static void wait_us(struct play *play, uint64_t us)
{
	uint64_t until_us;

	us = us < play->left_us ? us : play->left_us;
	play->left_us -= us;
	until_us = play->now_us + us;
	for (uint64_t t = play->now_us; t <= until_us; t += roll(play, 2500000))
		pipeline_advance(play->restless.pipeline, t);
	play->now_us = until_us;
}

static void send(struct play *play, struct source_event *event)
{
	event->t_us = play->now_us;
	if (event->unit == 0)
		event->unit = 1;
	intake_event(play->calm.intake, event);
	intake_event(play->restless.intake, event);
}

static void send_bytes(struct play *play, enum source_device device,
                       enum source_event_kind kind, uint16_t uuid,
                       const uint8_t *bytes, size_t length)
{
	struct source_event event = {
		.device = device, .kind = kind, .uuid = uuid, .length = length,
	};

	memcpy(event.bytes, bytes, length);
	send(play, &event);
}

/* A length, then as many octets as there are of it */
static size_t some_octets(struct play *play, uint8_t *bytes, size_t size)
{
	size_t length = octet(play) % size;

	for (size_t i = 0; i < length; i++)
		bytes[i] = octet(play);
	return length;
}

static void belt(struct play *play, uint16_t speed)
{
	uint8_t frame[] = { 0, 0, (uint8_t)speed, (uint8_t)(speed >> 8) };

	play->speed = speed;
	send_bytes(play, SOURCE_TREADMILL, SOURCE_NOTIFY, FTMS_UUID_TREADMILL_DATA,
	           frame, sizeof(frame));
}

static void sdm_page(struct play *play, const uint8_t page[SDM_PAGE_SIZE])
{
	struct ant_message message = { .id = ANT_BROADCAST_DATA, .length = 9 };
	uint8_t frame[ANT_FRAME_MAX];
	size_t length;

	memcpy(message.payload + 1, page, SDM_PAGE_SIZE);
	length = ant_frame_encode(&message, frame, sizeof(frame));
	send_bytes(play, SOURCE_FOOTPOD, SOURCE_ANT, 0, frame, length);
}

static void pod(struct play *play, uint8_t strides_per_min)
{
	struct sdm_page2 page2 = {
		.page = 2, .cadence = (uint16_t)(strides_per_min * 16), .use = 1,
	};
	uint8_t page[SDM_PAGE_SIZE];

	play->cadence = strides_per_min;
	sdm_page2_encode(&page2, page);
	sdm_page(play, page);
}

static void op_wait_ms(struct play *play)
{
	wait_us(play, octet(play) * 4000ull);
}

static void op_wait_s(struct play *play)
{
	wait_us(play, octet(play) * SECOND);
}

static void op_belt(struct play *play)
{
	belt(play, two_octets(play));
}

static void op_slope(struct play *play)
{
	uint8_t frame[] = { 0x08, 0, (uint8_t)play->speed, (uint8_t)(play->speed >> 8),
		            octet(play), 0, 0, 0 };

	frame[5] = frame[4] & 0x80 ? 0xff : 0;
	send_bytes(play, SOURCE_TREADMILL, SOURCE_NOTIFY, FTMS_UUID_TREADMILL_DATA,
	           frame, sizeof(frame));
}

static void op_pod(struct play *play)
{
	pod(play, octet(play));
}

/* Seconds with the belt and the pod as they are: the way to a rule is long. */
static void op_run(struct play *play)
{
	for (unsigned seconds = octet(play); seconds > 0 && play->left_us > 0;
	     seconds--) {
		belt(play, play->speed);
		pod(play, play->cadence);
		wait_us(play, SECOND);
	}
}

static void op_treadmill(struct play *play)
{
	static const uint16_t uuids[] = {
		FTMS_UUID_TREADMILL_DATA, FTMS_UUID_STATUS, FTMS_UUID_FEATURE,
		FTMS_UUID_INCLINATION_RANGE, FTMS_UUID_TRAINING_STATUS, 0x2a00,
	};
	uint8_t which = octet(play), bytes[64];
	size_t length = some_octets(play, bytes, sizeof(bytes));

	send_bytes(play, SOURCE_TREADMILL,
	           which & 0x80 ? SOURCE_VALUE : SOURCE_NOTIFY,
	           uuids[which % (sizeof(uuids) / sizeof(uuids[0]))], bytes, length);
}

static void op_status(struct play *play)
{
	uint8_t word[] = { octet(play), octet(play) };

	send_bytes(play, SOURCE_TREADMILL, SOURCE_NOTIFY, FTMS_UUID_STATUS, word,
	           sizeof(word));
}

static void op_ant(struct play *play)
{
	uint8_t bytes[SDM_PAGE_SIZE * 2];
	size_t length = some_octets(play, bytes, sizeof(bytes));

	if (length == SDM_PAGE_SIZE)
		sdm_page(play, bytes);
	else
		send_bytes(play, SOURCE_FOOTPOD, SOURCE_ANT, 0, bytes, length);
}

static void op_rsc(struct play *play)
{
	uint8_t bytes[16];
	size_t length = some_octets(play, bytes, sizeof(bytes));

	send_bytes(play, SOURCE_FOOTPOD, SOURCE_NOTIFY, RSC_UUID_MEASUREMENT, bytes,
	           length);
}

static void op_event(struct play *play)
{
	uint8_t which = octet(play);
	struct source_event event = {
		.device = which % 4, .unit = 1 + (which >> 7),
		.kind = (which >> 2) % 4, .link = octet(play) % 5,
	};

	if (event.kind == SOURCE_NAME)
		snprintf(event.text, sizeof(event.text), event.link ? "Runn" : "X");
	if (event.kind == SOURCE_RSSI)
		event.number = -60;
	send(play, &event);
}

static void op_input(struct play *play)
{
	static const struct {
		enum display_input input;
		uint8_t values;
	} inputs[] = {
		{ DISPLAY_INPUT_PAIN, 11 }, { DISPLAY_INPUT_RED_FLAG, 1 },
		{ DISPLAY_INPUT_ACK, 1 }, { DISPLAY_INPUT_ANSWER, 12 },
		{ DISPLAY_INPUT_MUTE, 241 }, { DISPLAY_INPUT_INTERVALS, 2 },
		{ DISPLAY_INPUT_END, 255 }, { DISPLAY_INPUT_RUNNER, 1 },
	};
	uint8_t which = octet(play) % (sizeof(inputs) / sizeof(inputs[0]));
	struct source_event event = {
		.device = SOURCE_INPUT, .kind = SOURCE_REQUEST,
		.request = { .type = DISPLAY_REQUEST_INPUT,
			     .input = inputs[which].input, .name = "ada" },
	};

	event.request.value = octet(play) % inputs[which].values;
	event.request.id = octet(play) % 8;
	send(play, &event);
}

static void op_profile(struct play *play)
{
	uint8_t bits = octet(play);
	struct source_event event = {
		.device = SOURCE_INPUT, .kind = SOURCE_REQUEST,
		.request = {
			.type = DISPLAY_REQUEST_INPUT, .input = DISPLAY_INPUT_PROFILE,
			.profile = {
				.has_height = bits & 1, .has_back_pain = bits & 2,
				.has_novice = bits & 4, .has_units = bits & 8,
				.has_lang = bits & 16, .back_pain = bits & 32,
				.novice = bits & 64, .miles = bits & 128, .lang = "de",
			},
		},
	};

	event.request.profile.height_m = 1 + octet(play) % 151 / 100.0;
	send(play, &event);
}

/* What has no time of its own happens now, for both sides. */
static void meet(struct play *play)
{
	pipeline_advance(play->calm.pipeline, play->now_us);
	pipeline_advance(play->restless.pipeline, play->now_us);
}

static void op_rules(struct play *play)
{
	play->rules ^= 1;
	meet(play);
	demand(pipeline_set_rules(play->calm.pipeline, &rule_sets[play->rules]));
	demand(pipeline_set_rules(play->restless.pipeline,
	                          &rule_sets[play->rules]));
}

/* An event that comes from the past */
static void op_late(struct play *play)
{
	uint64_t now_us = play->now_us, back_us = octet(play) * SECOND;

	meet(play);
	play->now_us -= back_us < now_us ? back_us : now_us;
	belt(play, two_octets(play));
	play->now_us = now_us;
}

static void (*const operations[])(struct play *play) = {
	op_run, op_run, op_belt, op_slope, op_pod, op_wait_ms, op_wait_s, op_input,
	op_treadmill, op_status, op_ant, op_rsc, op_event, op_profile, op_rules,
	op_late,
};

/* ---- one input ------------------------------------------------------------ */

static void read_rules(struct ruleset *rules)
{
	static const char path[] = TEST_SOURCE "/daemon/rules/rules.yaml";
	static char text[1 << 18];
	struct ruleset_error error;
	FILE *file = fopen(path, "r");
	size_t length;

	if (!file) {
		perror(path);
		exit(1);
	}
	length = fread(text, 1, sizeof(text), file);
	fclose(file);
	demand(ruleset_parse(rules, path, text, length, &error));
}

static void open_side(struct side *side, uint8_t who)
{
	struct pipeline_settings settings;
	struct runner *runner = &settings.runner;

	pipeline_settings_init(&settings);
	settings.fixed_incline = who & 1;
	if (who & 2)
		runner->height_m = 1.75;
	if (who & 4) {
		runner->baseline_spm = 162;
		runner->baseline_kmh = 10;
		runner->usual_kmh = 10;
	}
	if (who & 8)
		runner->sessions = 20;
	runner->faded = who & 16;
	runner->back_pain = who & 32;
	runner->prompts = (who >> 6) % 3;
	side->hash = 0xcbf29ce484222325ull;
	side->pipeline = pipeline_new(&rule_sets[0], &settings, take, side);
	side->intake = side->pipeline ? intake_new(side->pipeline) : NULL;
	demand(side->intake != NULL);
}

static void close_side(struct side *side)
{
	intake_free(side->intake);
	pipeline_free(side->pipeline);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct play play = {
		.at = data, .end = data + size, .left_us = LONGEST_S * SECOND,
		.random = (uint32_t)size,
	};
	uint8_t who = octet(&play);

	if (!rule_sets[0].rules) {
		read_rules(&rule_sets[0]);
		read_rules(&rule_sets[1]);
	}
	open_side(&play.calm, who);
	open_side(&play.restless, who);
	while (play.at < play.end && play.left_us > 0)
		operations[octet(&play) % (sizeof(operations) / sizeof(operations[0]))](
			&play);
	play.left_us = 400 * SECOND; /* to the end of any session, and to sleep */
	wait_us(&play, play.left_us);
	pipeline_advance(play.calm.pipeline, play.now_us);
	demand(play.calm.count == play.restless.count &&
	       play.calm.hash == play.restless.hash);
	close_side(&play.calm);
	close_side(&play.restless);
	return 0;
}
