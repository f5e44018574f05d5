/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The engine as a state machine: the input is what a stick does and when, in
 * operations of an octet and its arguments. Whatever it was, the engine keeps
 * a deadline, sends no faster than its pace allows, and after it an honest
 * stick is configured within a minute and a half.
 *
 *   0..99    so many times 10 ms pass
 *   100..149 raw octets from the stick: (op - 99), and the octets
 *   150..199 a good frame: id, and (op - 149) % 16 octets of payload
 *   200..209 unplugged and plugged in
 *   210..219 resumed
 *   220..229 another pod is known: a number of 16 bits
 *   230..255 an honest stick's answers from here on, or no longer
 */
#include "daemon/ant/ant_engine.h"
#include "daemon/peripheral/stick.h"

#include <stdlib.h>
#include <string.h>

#define S UINT64_C(1000000)
#define TURNS_PER_S 64
#define WIRE 64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

struct bench {
	struct ant_engine engine;
	struct stick stick;
	uint64_t now_us, reopen_us;
	bool honest;
	struct {
		uint8_t bytes[ANT_FRAME_MAX];
		size_t length;
	} wire[WIRE]; /* from an honest stick, on its way */
	size_t wired;
};

static const uint8_t key[ANT_KEY_SIZE] = { 1, 2, 3, 4, 5, 6, 7, 8 };

static void to_stick(void *user, const uint8_t *bytes, size_t length)
{
	struct bench *b = user;
	struct ant_message message;

	require(length >= 6 && length <= ANT_FRAME_MAX + 2);
	require(ant_frame_decode(bytes, length, &message));
	if (b->honest)
		stick_receive(&b->stick, bytes, length, b->now_us);
}

static void on_data(void *user, const struct ant_message *message,
                    const struct ant_data *data)
{
	(void)user;
	require(message->length >= 9 && data->channel < 32);
}

static void on_reopen(void *user, bool reset)
{
	struct bench *b = user;

	(void)reset;
	require(b->reopen_us == ANT_ENGINE_NEVER);
	b->reopen_us = b->now_us + S;
}

static void on_note(void *user, bool problem, const char *text)
{
	(void)user;
	(void)problem;
	require(*text != '\0');
}

static const struct ant_engine_ops engine_ops = { to_stick, on_data, on_reopen, on_note };

static void to_engine(void *user, const uint8_t *bytes, size_t length)
{
	struct bench *b = user;

	if (!b->honest || b->wired == WIRE)
		return;
	require(length <= sizeof(b->wire[0].bytes));
	memcpy(b->wire[b->wired].bytes, bytes, length);
	b->wire[b->wired++].length = length;
}

static void deliver(struct bench *b)
{
	for (size_t i = 0; i < b->wired; i++)
		ant_engine_receive(&b->engine, b->wire[i].bytes, b->wire[i].length,
		                   b->now_us);
	b->wired = 0;
}

static const struct stick_ops stick_ops = { to_engine };

static void check(const struct bench *b)
{
	char text[200];
	bool rests = b->engine.state == ANT_ENGINE_ABSENT ||
	             b->engine.state == ANT_ENGINE_REFUSED;

	require(rests == (b->engine.deadline_us == ANT_ENGINE_NEVER));
	require(b->engine.script_length <= ANT_ENGINE_SCRIPT_MAX);
	require(memchr(b->engine.version, 0, sizeof(b->engine.version)));
	ant_engine_describe(&b->engine, b->now_us, text, sizeof(text));
	require(text[0] != '\0');
}

static void plug(struct bench *b)
{
	b->reopen_us = ANT_ENGINE_NEVER;
	ant_engine_gone(&b->engine);
	if (b->honest)
		stick_power_on(&b->stick, b->now_us);
	ant_engine_opened(&b->engine, b->now_us);
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static void pass(struct bench *b, uint64_t for_us)
{
	uint64_t end_us = b->now_us + for_us, next_us;
	unsigned turns = 0;

	for (;;) {
		deliver(b);
		next_us = earlier(ant_engine_deadline_us(&b->engine), b->reopen_us);
		if (b->honest)
			next_us = earlier(next_us, stick_deadline_us(&b->stick));
		if (next_us > end_us)
			break;
		require(++turns <= TURNS_PER_S * (for_us / S + 1));
		if (next_us > b->now_us)
			b->now_us = next_us;
		if (b->honest)
			stick_advance(&b->stick, b->now_us);
		if (b->reopen_us <= b->now_us)
			plug(b);
		ant_engine_advance(&b->engine, b->now_us);
		check(b);
	}
	b->now_us = end_us;
}

struct input {
	const uint8_t *at;
	size_t left;
};

static uint8_t next(struct input *in)
{
	if (in->left == 0)
		return 0;
	in->left--;
	return *in->at++;
}

static void frame(struct bench *b, struct input *in, size_t length)
{
	struct ant_message message = { .id = next(in), .length = (uint8_t)length };
	uint8_t bytes[ANT_FRAME_MAX];

	for (size_t i = 0; i < length; i++)
		message.payload[i] = next(in);
	length = ant_frame_encode(&message, bytes, sizeof(bytes));
	ant_engine_receive(&b->engine, bytes, length, b->now_us);
}

static void raw(struct bench *b, struct input *in, size_t length)
{
	uint8_t bytes[64];

	for (size_t i = 0; i < length; i++)
		bytes[i] = next(in);
	ant_engine_receive(&b->engine, bytes, length, b->now_us);
}

static void be_honest(struct bench *b, bool honest)
{
	if (honest && !b->honest)
		stick_init(&b->stick, stick_model_at(0), key, &stick_ops, b);
	b->honest = honest;
}

static void operate(struct bench *b, uint8_t op, struct input *in)
{
	struct ant_engine_settings known = { .footpod = 0 };

	if (op < 100) {
		pass(b, op * UINT64_C(10000));
	} else if (op < 150) {
		raw(b, in, op - 99u);
	} else if (op < 200) {
		frame(b, in, (op - 149u) % 16);
	} else if (op < 210) {
		plug(b);
	} else if (op < 220) {
		ant_engine_resumed(&b->engine, b->now_us);
	} else if (op < 230) {
		known.footpod = next(in) | (uint32_t)next(in) << 8;
		known.heart_rate = op & 1u ? 77 : 0;
		ant_engine_know(&b->engine, &known, b->now_us);
	} else {
		be_honest(b, !b->honest);
	}
	check(b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct ant_engine_settings settings = { .footpod = 57043 };
	struct input in = { data, size };
	struct bench b = { .reopen_us = ANT_ENGINE_NEVER };

	if (size > 4096)
		return 0;
	ant_engine_init(&b.engine, key, &settings, &engine_ops, &b);
	stick_init(&b.stick, stick_model_at(0), key, &stick_ops, &b);
	plug(&b);
	while (in.left > 0)
		operate(&b, next(&in), &in);
	/* an honest one, from where it is; one that had the key refused is
	 * plugged in anew */
	be_honest(&b, false);
	be_honest(&b, true);
	if (b.engine.state == ANT_ENGINE_REFUSED)
		plug(&b);
	pass(&b, 90 * S);
	require(b.engine.state == ANT_ENGINE_LISTENING);
	return 0;
}
