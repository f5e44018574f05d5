/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The engine against sticks that are not there, in simulated time: however a
 * stick behaves, the pod is heard, again and again, and nothing spins.
 */
#include "daemon/ant/ant_engine.h"
#include "daemon/peripheral/stick.h"
#include "tests/unit/bytes.h"
#include "tests/unit/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MS UINT64_C(1000)
#define S UINT64_C(1000000)
#define POD 57043
#define NEIGHBOUR 4711
#define POD_PERIOD_US 248230
#define WIRE 512
#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* nobody's */
static const uint8_t key[ANT_KEY_SIZE] = { 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef };
static const uint8_t other_key[ANT_KEY_SIZE] = { 9, 9, 9, 9, 9, 9, 9, 9 };

/* Both ends of a cable, and the air */
struct bench {
	struct ant_engine engine;
	struct stick stick;
	uint64_t now_us;
	bool plugged, pod_is_there, reset_kills;
	uint64_t pod_us, reopen_us, heard_us, pod_heard_us;
	unsigned pod_heard, neighbours_heard, sent, reopenings, resets, notes, problems;
	char said[4096];
	/* what the pod is asked for by the host: page 70 */
	bool pod_is_deaf;
	unsigned asked_22, asked_82, asked_else, answers_22;
	/* transfers on their way: an answer never comes before a send returns */
	struct {
		uint8_t bytes[128];
		size_t length;
	} wire[WIRE];
	size_t wired;
};

static void to_stick(void *user, const uint8_t *bytes, size_t length)
{
	struct bench *b = user;

	b->sent++;
	/* the maker's library sends two zeros behind each frame */
	CU_ASSERT_TRUE_FATAL(length >= 6);
	CU_ASSERT_EQUAL(bytes[length - 1], 0);
	CU_ASSERT_EQUAL(bytes[length - 2], 0);
	CU_ASSERT_EQUAL(bytes[1] + 6u, length);
	if (b->plugged)
		stick_receive(&b->stick, bytes, length, b->now_us);
}

static void on_data(void *user, const struct ant_message *message,
                    const struct ant_data *data)
{
	struct bench *b = user;

	CU_ASSERT_EQUAL(message->id, ANT_BROADCAST_DATA);
	if (data->device_number == NEIGHBOUR) {
		b->neighbours_heard++;
		return;
	}
	CU_ASSERT_EQUAL(data->device_number, POD);
	b->pod_heard++;
	b->pod_heard_us = b->now_us;
}

static void on_reopen(void *user, bool reset)
{
	struct bench *b = user;

	b->reopenings++;
	b->resets += reset;
	b->reopen_us = b->now_us + 100 * MS;
}

static void on_note(void *user, bool problem, const char *text)
{
	struct bench *b = user;

	b->notes++;
	b->problems += problem;
	if (strlen(b->said) + strlen(text) + 2 < sizeof(b->said)) {
		strcat(b->said, text);
		strcat(b->said, "\n");
	}
}

static const struct ant_engine_ops engine_ops = { to_stick, on_data, on_reopen, on_note };

static void to_engine(void *user, const uint8_t *bytes, size_t length)
{
	struct bench *b = user;

	CU_ASSERT_TRUE_FATAL(b->wired < WIRE && length <= sizeof(b->wire[0].bytes));
	memcpy(b->wire[b->wired].bytes, bytes, length);
	b->wire[b->wired++].length = length;
}

static void deliver(struct bench *b)
{
	/* each may be answered, and that goes to the end */
	for (size_t i = 0; i < b->wired; i++)
		ant_engine_receive(&b->engine, b->wire[i].bytes, b->wire[i].length,
		                   b->now_us);
	b->wired = 0;
}

static const struct stick_ops stick_ops = { to_engine };

static bool to_pod(void *user, const struct ant_data *data)
{
	struct bench *b = user;

	CU_ASSERT_EQUAL(data->channel, ANT_ENGINE_POD_CHANNEL);
	CU_ASSERT_EQUAL(data->page[0], 70);
	b->asked_22 += data->page[6] == 22;
	b->asked_82 += data->page[6] == 82;
	b->asked_else += data->page[6] != 22 && data->page[6] != 82;
	if (data->page[6] == 22 && !b->pod_is_deaf)
		b->answers_22 = data->page[5];
	return !b->pod_is_deaf;
}

static struct bench *bench_new(const char *model, uint32_t footpod)
{
	struct bench *b = calloc(1, sizeof(*b));
	struct ant_engine_settings settings = { .footpod = footpod };

	CU_ASSERT_PTR_NOT_NULL_FATAL(b);
	b->pod_is_there = true;
	b->reopen_us = ANT_ENGINE_NEVER;
	ant_engine_init(&b->engine, key, &settings, &engine_ops, b);
	stick_init(&b->stick, stick_model_find(model), key, &stick_ops, b);
	b->stick.to_air = to_pod;
	return b;
}

static void plug(struct bench *b)
{
	b->plugged = true;
	stick_power_on(&b->stick, b->now_us);
	ant_engine_opened(&b->engine, b->now_us);
}

static void unplug(struct bench *b)
{
	b->plugged = false;
	b->wired = 0;
	b->reopen_us = ANT_ENGINE_NEVER;
	ant_engine_gone(&b->engine);
}

static void radiate(struct bench *b)
{
	struct ant_data data = {
		.page = { 1, 0, 0, 0, 3, 0, 0, 0 },
		.device_number = NEIGHBOUR,
		.device_type = 124,
		.transmission_type = 1,
		.rssi_dbm = -80,
	};

	b->pod_us += POD_PERIOD_US;
	stick_radio(&b->stick, &data, b->now_us);
	if (!b->pod_is_there)
		return;
	if (b->answers_22 > 0) {
		b->answers_22--;
		data.page[0] = 22;
	}
	data.device_number = POD;
	data.transmission_type = 5;
	data.rssi_dbm = -60;
	stick_radio(&b->stick, &data, b->now_us);
}

static uint64_t min_us(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* Time goes from deadline to deadline. */
static void run(struct bench *b, uint64_t for_us)
{
	uint64_t end_us = b->now_us + for_us, next_us;
	unsigned turns = 0;

	for (;;) {
		deliver(b);
		next_us = min_us(ant_engine_deadline_us(&b->engine), b->pod_us);
		next_us = min_us(next_us, b->reopen_us);
		if (b->plugged)
			next_us = min_us(next_us, stick_deadline_us(&b->stick));
		if (next_us > end_us)
			break;
		if (next_us > b->now_us)
			b->now_us = next_us;
		CU_ASSERT_TRUE_FATAL(++turns < 100 + 100 * for_us / S); /* spins */
		if (b->reopen_us <= b->now_us) {
			b->reopen_us = ANT_ENGINE_NEVER;
			ant_engine_gone(&b->engine);
			if (b->plugged)
				ant_engine_opened(&b->engine, b->now_us);
		}
		if (b->plugged)
			stick_advance(&b->stick, b->now_us);
		if (b->pod_us <= b->now_us)
			radiate(b);
		ant_engine_advance(&b->engine, b->now_us);
	}
	b->now_us = end_us;
}

/* ---- every stick, every fault ---- */

static const struct {
	const char *model;
	enum stick_fault fault;
	uint32_t footpod;
	enum ant_engine_mode mode;
	bool heard, neighbours; /* within half a minute */
} sticks[] = {
	{ "1008", STICK_NO_FAULT, 0, ANT_ENGINE_SCAN, true, true },
	{ "1009", STICK_NO_FAULT, 0, ANT_ENGINE_SCAN, true, true },
	{ "1009", STICK_NO_FAULT, POD, ANT_ENGINE_SCAN, true, true },
	{ "sdk-ant", STICK_NO_FAULT, 0, ANT_ENGINE_BACKGROUND, true, true },
	{ "sdk-ant", STICK_NO_FAULT, POD, ANT_ENGINE_BACKGROUND, true, true },
	{ "plain", STICK_NO_FAULT, POD, ANT_ENGINE_PAIRED, true, false },
	{ "1009", STICK_NO_SCAN, POD, ANT_ENGINE_BACKGROUND, true, true },
	{ "1008", STICK_LATE, POD, ANT_ENGINE_SCAN, true, true },
	{ "1009", STICK_GARBAGE, POD, ANT_ENGINE_SCAN, true, true },
	{ "1008", STICK_SPLIT, POD, ANT_ENGINE_SCAN, true, true },
	{ "1009", STICK_NO_START, POD, ANT_ENGINE_SCAN, true, true },
	{ "1008", STICK_BAD_RESET, POD, ANT_ENGINE_SCAN, true, true },
	{ "1009", STICK_NO_LIBRARY, POD, ANT_ENGINE_SCAN, true, true },
	{ "1009", STICK_RESTARTS, POD, ANT_ENGINE_SCAN, true, true },
	{ "sdk-ant", STICK_CLOSES, POD, ANT_ENGINE_BACKGROUND, true, true },
	{ "1009", STICK_SILENT, POD, ANT_ENGINE_SCAN, false, false },
	{ "1009", STICK_NO_KEY, POD, ANT_ENGINE_SCAN, false, false },
};

static void test_every_stick(void)
{
	for (size_t i = 0; i < COUNT(sticks); i++) {
		struct bench *b = bench_new(sticks[i].model, sticks[i].footpod);
		bool good;

		stick_set_fault(&b->stick, sticks[i].fault, 0);
		plug(b);
		run(b, 30 * S);
		good = (b->pod_heard > 0) == sticks[i].heard &&
		       (b->neighbours_heard > 0) == sticks[i].neighbours &&
		       (!sticks[i].heard || b->engine.mode == sticks[i].mode);
		if (!good)
			printf("\n    %s, %s: %u, %u heard, %s\n%s", sticks[i].model,
			       stick_fault_name(sticks[i].fault), b->pod_heard,
			       b->neighbours_heard, ant_engine_mode_name(b->engine.mode),
			       b->said);
		CU_ASSERT_TRUE(good);
		free(b);
	}
}

/* Whatever it did wrong: when it stops to, the pod is heard within a minute. */
static void test_every_fault_ends(void)
{
	for (unsigned fault = 0; fault < STICK_FAULTS; fault++) {
		for (size_t m = 0; m < stick_model_count(); m++) {
			struct bench *b = bench_new(stick_model_at(m)->name, POD);

			plug(b);
			run(b, 5 * S);
			stick_set_fault(&b->stick, (enum stick_fault)fault, b->now_us);
			run(b, 100 * S);
			stick_set_fault(&b->stick, STICK_NO_FAULT, b->now_us);
			run(b, 45 * S);
			if (b->now_us - b->pod_heard_us > 1 * S)
				printf("\n    %s after %s: %s\n", stick_model_at(m)->name,
				       stick_fault_name((enum stick_fault)fault), b->said);
			CU_ASSERT_TRUE(b->now_us - b->pod_heard_us <= 1 * S);
			CU_ASSERT_EQUAL(b->engine.state, ANT_ENGINE_LISTENING);
			free(b);
		}
	}
}

static void test_cold_start(void)
{
	struct bench *b = bench_new("1009", POD);
	uint64_t plugged_us;

	run(b, 20 * S);
	CU_ASSERT_EQUAL(b->sent, 0);
	CU_ASSERT_EQUAL(b->engine.state, ANT_ENGINE_ABSENT);
	plugged_us = b->now_us;
	plug(b);
	run(b, 700 * MS);
	CU_ASSERT_EQUAL(b->engine.state, ANT_ENGINE_LISTENING);
	CU_ASSERT_TRUE(b->pod_heard > 0);
	CU_ASSERT_TRUE(b->pod_heard_us - plugged_us < 700 * MS);
	CU_ASSERT_STRING_EQUAL(b->engine.version, "BOK0.01.00");
	CU_ASSERT_EQUAL(b->engine.serial, 20081);
	CU_ASSERT_EQUAL(b->problems, 0);
	free(b);
}

static void test_replugs(void)
{
	struct bench *b = bench_new("1008", POD);

	for (unsigned i = 0; i < 50; i++) {
		unsigned before = b->pod_heard;

		plug(b);
		/* in the midst of start-up and of listening */
		run(b, i % 2 ? i * 20 * MS : 3 * S);
		if (i % 2 == 0)
			CU_ASSERT_TRUE(b->pod_heard > before);
		unplug(b);
		CU_ASSERT_EQUAL(ant_engine_deadline_us(&b->engine), ANT_ENGINE_NEVER);
		run(b, 500 * MS);
	}
	CU_ASSERT_EQUAL(b->problems, 0);
	free(b);
}

/* Seven misses and then the search, without an end and without forgetting */
static void test_search_never_ends(void)
{
	struct bench *b = bench_new("sdk-ant", POD);

	plug(b);
	run(b, 5 * S);
	CU_ASSERT_TRUE(b->pod_heard > 10);
	b->pod_is_there = false;
	run(b, 3600 * S);
	CU_ASSERT_EQUAL(b->engine.missed, 8);
	CU_ASSERT_EQUAL(b->engine.state, ANT_ENGINE_LISTENING);
	b->pod_is_there = true;
	run(b, 1 * S);
	CU_ASSERT_TRUE(b->now_us - b->pod_heard_us < S);
	CU_ASSERT_EQUAL(b->stick.configured, 1);
	free(b);
}

static void test_restart(void)
{
	struct bench *b = bench_new("1009", POD);

	plug(b);
	run(b, 20 * S);
	stick_power_on(&b->stick, b->now_us); /* its supply broke down */
	run(b, 1 * S);
	CU_ASSERT_EQUAL(b->engine.state, ANT_ENGINE_LISTENING);
	CU_ASSERT_TRUE(b->now_us - b->pod_heard_us < 300 * MS);
	CU_ASSERT_EQUAL(b->engine.restarts, 1);
	CU_ASSERT_EQUAL(b->problems, 0);
	run(b, 20 * S);
	ant_engine_resumed(&b->engine, b->now_us);
	CU_ASSERT_EQUAL(b->engine.state, ANT_ENGINE_RESETTING);
	run(b, 1 * S);
	CU_ASSERT_EQUAL(b->engine.state, ANT_ENGINE_LISTENING);
	CU_ASSERT_EQUAL(b->stick.configured, 3);
	free(b);
}

/* A stick that says nothing is asked, woken, opened anew, and only then reset
 * as a USB device; each time later, never hastily. */
static void test_silent(void)
{
	struct bench *b = bench_new("1009", POD);
	char text[160];
	unsigned sent;

	plug(b);
	run(b, 20 * S);
	stick_set_fault(&b->stick, STICK_SILENT, b->now_us);
	b->pod_is_there = false;
	run(b, 5700 * MS);
	CU_ASSERT_EQUAL(b->engine.state, ANT_ENGINE_LISTENING);
	run(b, 600 * MS);
	CU_ASSERT_EQUAL(b->engine.state, ANT_ENGINE_RESETTING);
	run(b, 10 * S);
	CU_ASSERT_EQUAL(b->reopenings, 1);
	CU_ASSERT_EQUAL(b->resets, 0);
	ant_engine_describe(&b->engine, b->now_us, text, sizeof(text));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "attempt"));
	run(b, 600 * S);
	CU_ASSERT_TRUE(b->reopenings >= 15 && b->reopenings <= 25);
	CU_ASSERT_TRUE(b->resets >= b->reopenings / 2 - 1);
	CU_ASSERT_TRUE(b->problems <= 3);
	sent = b->sent;
	run(b, 600 * S);
	CU_ASSERT_TRUE(b->sent - sent < 200);
	free(b);
}

/* What the last program left is no answer of ours. */
static void test_stale_data(void)
{
	struct bench *b = bench_new("1008", POD);
	struct bytes stale = bytes_of("a4016f20ea a40654080300ba360071 a40340004600a1 a4");

	b->plugged = true;
	ant_engine_opened(&b->engine, b->now_us);
	to_engine(b, stale.at, stale.length);
	run(b, 50 * MS);
	CU_ASSERT_EQUAL(b->engine.state, ANT_ENGINE_GREETING);
	run(b, 3 * S);
	CU_ASSERT_EQUAL(b->engine.state, ANT_ENGINE_LISTENING);
	CU_ASSERT_TRUE(b->pod_heard > 5);
	free(b);
}

/* Nor is half a message from before a reset the beginning of its answer. */
static void test_half_a_message(void)
{
	struct bench *b = bench_new("1009", POD);
	struct bytes half = bytes_of("a4094e");

	plug(b);
	run(b, 20 * S);
	b->pod_is_there = false;
	run(b, 1 * S);
	ant_engine_receive(&b->engine, half.at, half.length, b->now_us);
	ant_engine_resumed(&b->engine, b->now_us);
	run(b, 500 * MS);
	CU_ASSERT_EQUAL(b->engine.state, ANT_ENGINE_LISTENING);
	free(b);
}

/* Nor, after a silence, of anything: what lies in it was said long ago. */
static void test_half_a_message_of_old(void)
{
	struct bench *b = bench_new("1009", POD);
	struct bytes half = bytes_of("a4094e a4016f20ea"); /* a start, in it */

	plug(b);
	run(b, 20 * S);
	b->pod_us = ANT_ENGINE_NEVER; /* nobody is near */
	run(b, 1 * S);
	ant_engine_receive(&b->engine, half.at, half.length, b->now_us);
	run(b, 20 * S);
	CU_ASSERT_EQUAL(b->engine.state, ANT_ENGINE_LISTENING);
	CU_ASSERT_EQUAL(b->engine.restarts, 0);
	free(b);
}

static void test_close(void)
{
	struct bench *b = bench_new("sdk-ant", POD);

	plug(b);
	run(b, 5 * S);
	ant_engine_close(&b->engine, b->now_us);
	CU_ASSERT_EQUAL(b->engine.state, ANT_ENGINE_CLOSING);
	run(b, 400 * MS);
	CU_ASSERT_EQUAL(b->engine.state, ANT_ENGINE_ABSENT);
	for (size_t i = 0; i < STICK_CHANNELS; i++)
		CU_ASSERT_EQUAL(b->stick.channels[i].state, ANT_CHANNEL_UNASSIGNED);
	/* one that does not answer is given up */
	plug(b);
	run(b, 5 * S);
	stick_set_fault(&b->stick, STICK_SILENT, b->now_us);
	ant_engine_close(&b->engine, b->now_us);
	run(b, 1 * S);
	CU_ASSERT_EQUAL(b->engine.state, ANT_ENGINE_ABSENT);
	ant_engine_close(&b->engine, b->now_us);
	CU_ASSERT_EQUAL(b->engine.state, ANT_ENGINE_ABSENT);
	free(b);
}

static void test_key(void)
{
	struct bench *b = bench_new("1008", POD);

	/* a wrong one is taken by the stick; nothing is ever heard */
	memcpy(b->stick.air_key, other_key, sizeof(other_key));
	plug(b);
	run(b, 59 * S);
	CU_ASSERT_PTR_NULL(strstr(b->said, "network_key"));
	run(b, 10 * S);
	CU_ASSERT_PTR_NOT_NULL(strstr(b->said, "ant.network_key may be wrong"));
	run(b, 600 * S);
	CU_ASSERT_EQUAL(b->notes, 1);
	free(b);

	b = bench_new("1008", POD);
	stick_set_fault(&b->stick, STICK_NO_KEY, 0);
	plug(b);
	run(b, 600 * S);
	CU_ASSERT_EQUAL(b->engine.state, ANT_ENGINE_REFUSED);
	CU_ASSERT_PTR_NOT_NULL(strstr(b->said, "check ant.network_key"));
	CU_ASSERT_EQUAL(b->problems, 1);
	CU_ASSERT_PTR_NULL(strstr(b->said, "0123"));
	free(b);
}

/* Pairing makes a channel where there is no scan mode, at once. */
static void test_pairing(void)
{
	struct bench *b = bench_new("sdk-ant", 0);
	struct ant_engine_settings known = { .footpod = POD };
	unsigned before;

	plug(b);
	run(b, 20 * S);
	before = b->pod_heard;
	run(b, 10 * S);
	CU_ASSERT_TRUE(b->pod_heard - before < 20); /* a background scan's share */
	ant_engine_know(&b->engine, &known, b->now_us);
	run(b, 1 * S);
	before = b->pod_heard;
	run(b, 10 * S);
	CU_ASSERT_TRUE(b->pod_heard - before >= 40);
	/* known already: nothing is done again */
	ant_engine_know(&b->engine, &known, b->now_us);
	CU_ASSERT_EQUAL(b->engine.state, ANT_ENGINE_LISTENING);
	free(b);
}

/* The pod is asked what it fills and how its battery is, once each; its answer
 * or its silence settles that. Where it hears nothing it is not pestered. */
static void test_inquiry(void)
{
	struct bench *b = bench_new("sdk-ant", POD);

	plug(b);
	run(b, 60 * S);
	CU_ASSERT_EQUAL(b->asked_22, 1);
	CU_ASSERT_EQUAL(b->asked_82, 1);
	b->pod_is_deaf = true;
	unplug(b);
	plug(b);
	run(b, 600 * S);
	CU_ASSERT_EQUAL(b->asked_22, 1 + 3);
	CU_ASSERT_EQUAL(b->asked_82, 1 + 3);
	CU_ASSERT_EQUAL(b->asked_else, 0);
	CU_ASSERT_EQUAL(b->problems, 0);
	free(b);
}

static void test_no_inquiry(void)
{
	struct bench *scan = bench_new("1009", POD), *strangers = bench_new("sdk-ant", 0);

	plug(scan);
	run(scan, 60 * S);
	CU_ASSERT_TRUE(scan->pod_heard > 100);
	CU_ASSERT_EQUAL(scan->asked_22 + scan->asked_82, 0);
	plug(strangers);
	run(strangers, 60 * S);
	CU_ASSERT_TRUE(strangers->pod_heard > 10);
	CU_ASSERT_EQUAL(strangers->asked_22 + strangers->asked_82, 0);
	free(scan);
	free(strangers);
}

/* Where there is no scan mode, Running Dynamics have a channel of their own. */
static void test_dynamics(void)
{
	struct bench *b = bench_new("sdk-ant", POD);
	struct ant_engine_settings known = { .footpod = POD, .dynamics = true };
	const struct stick_channel *channel = &b->stick.channels[3];

	plug(b);
	run(b, 5 * S);
	CU_ASSERT_EQUAL(channel->state, ANT_CHANNEL_UNASSIGNED);
	ant_engine_know(&b->engine, &known, b->now_us);
	run(b, 5 * S);
	CU_ASSERT_EQUAL(b->engine.state, ANT_ENGINE_LISTENING);
	CU_ASSERT_EQUAL(channel->state, ANT_CHANNEL_SEARCHING);
	CU_ASSERT_EQUAL(channel->device_type, 30);
	CU_ASSERT_EQUAL(channel->device_number, POD);
	CU_ASSERT_EQUAL(channel->period, 4096);
	CU_ASSERT_EQUAL(channel->frequency, 57);
	free(b);
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "every stick, every fault", test_every_stick },
		{ "every fault ends", test_every_fault_ends },
		{ "cold start, arrival, first page", test_cold_start },
		{ "50 replugs", test_replugs },
		{ "the search never ends", test_search_never_ends },
		{ "restart and resume", test_restart },
		{ "a silent stick", test_silent },
		{ "stale data", test_stale_data },
		{ "half a message", test_half_a_message },
		{ "half a message of old", test_half_a_message_of_old },
		{ "closing", test_close },
		{ "wrong and refused keys", test_key },
		{ "pairing", test_pairing },
		{ "the pod is asked for its pages", test_inquiry },
		{ "nobody is asked in scan mode, no stranger ever", test_no_inquiry },
		{ "a channel for Running Dynamics", test_dynamics },
		CU_TEST_INFO_NULL,
	};

	return suite_run("ant_engine", tests);
}
