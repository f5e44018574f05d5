/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/ant/ant_engine.h"

#include "daemon/ant/ant_script.h"
#include "daemon/ant/ant_send.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define MS UINT64_C(1000)
#define S UINT64_C(1000000)

/* footpods.md 1.4 and 1.5 */
#define GREETING_FIRST_US (150 * MS)
#define GREETING_QUIET_US (100 * MS)
#define GREETING_MOST_US (400 * MS)
#define RESET_US (1 * S)
#define RESET_TRIES 3
#define REPLY_US (500 * MS)
#define REPLY_TRIES 2
#define CLOSED_US (1 * S)
#define CLOSING_REPLY_US (150 * MS)
#define CLOSING_EVENT_US (300 * MS)
#define SILENCE_US (5 * S)
#define PINGS 2
#define SETTLED_US (10 * S)
#define HALF_US (250 * MS) /* what a transfer cuts off comes with the next */
#define HINT_US (60 * S)

static const uint64_t waits_us[] = { 1 * S, 2 * S, 5 * S, 10 * S, 30 * S };
#define WAITS (sizeof(waits_us) / sizeof(waits_us[0]))

static void note(struct ant_engine *e, bool problem, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
static void note(struct ant_engine *e, bool problem, const char *format, ...)
{
	char text[160];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	e->ops->note(e->user, problem, text);
}

static void enter(struct ant_engine *e, enum ant_engine_state state, uint64_t deadline_us)
{
	e->state = state;
	e->deadline_us = deadline_us;
	e->tries = 0;
}

/* ---- failures ---- */

static void wait_for_next(struct ant_engine *e, bool reopen, uint64_t now_us)
{
	size_t at = e->failures < WAITS ? e->failures : WAITS - 1;

	if (e->failures == 0)
		e->trouble_us = now_us;
	e->failures++;
	e->waiting_to_reopen = reopen;
	enter(e, ANT_ENGINE_WAITING, now_us + waits_us[at]);
	/* the first of its kind, then as it gets serious */
	if (e->failures == 1 || e->failures == WAITS)
		note(e, true, "%s; trying again", e->why);
}

static const struct ant_control *step_of(const struct ant_engine *e)
{
	return &e->script[e->script_at];
}

/* ---- states ---- */

static void begin_reset(struct ant_engine *e, uint64_t now_us)
{
	enter(e, ANT_ENGINE_RESETTING, now_us + RESET_US);
	e->closed = 0;
	e->no_reset = false;
	ant_send_reset(e);
}

static void send_step(struct ant_engine *e, uint64_t now_us)
{
	e->deadline_us =
		now_us + (e->state == ANT_ENGINE_CLOSING ? CLOSING_REPLY_US : REPLY_US);
	ant_send_control(e, step_of(e));
}

static void begin_asking(struct ant_engine *e, uint64_t now_us)
{
	enter(e, ANT_ENGINE_ASKING, 0);
	ant_script_ask(e);
	send_step(e, now_us);
}

static void begin_listening(struct ant_engine *e, uint64_t now_us);

static void begin_configuring(struct ant_engine *e, uint8_t channels, uint64_t now_us)
{
	enter(e, ANT_ENGINE_CONFIGURING, 0);
	e->closed = 0;
	e->inquiry = (struct ant_inquiry){ .begun = false };
	ant_script_configure(e, channels);
	if (e->script_length == 0)
		begin_listening(e, now_us);
	else
		send_step(e, now_us);
}

/* The channels were configured anew after they closed; when that does not
 * help, from the start. */
static void reopen_channels(struct ant_engine *e, uint64_t now_us)
{
	if (e->failures == 0) {
		e->failures = 1;
		e->trouble_us = now_us;
		begin_configuring(e, e->closed, now_us);
	} else {
		snprintf(e->why, sizeof(e->why), "its channels close by themselves");
		wait_for_next(e, false, now_us);
	}
}

static void begin_listening(struct ant_engine *e, uint64_t now_us)
{
	enter(e, ANT_ENGINE_LISTENING, now_us + SILENCE_US);
	e->listening_us = now_us;
	e->heard_us = now_us;
	e->pings = 0;
	if (e->closed)
		reopen_channels(e, now_us);
}

static void restarted(struct ant_engine *e, uint8_t reason, uint64_t now_us)
{
	const char *words = ant_start_up_name(reason);

	e->restarts++;
	snprintf(e->why, sizeof(e->why), "the stick restarted by itself (%s)",
	         words ? words : "unknown reason");
	if (e->failures > 0) {
		wait_for_next(e, false, now_us);
		return;
	}
	e->failures = 1;
	e->trouble_us = now_us;
	note(e, false, "%s: configuring it again", e->why);
	begin_asking(e, now_us);
}

/* ---- the script ---- */

static void script_ended(struct ant_engine *e, uint64_t now_us)
{
	if (e->state == ANT_ENGINE_ASKING) {
		begin_configuring(e, ANT_SCRIPT_ALL, now_us);
	} else if (e->state == ANT_ENGINE_CONFIGURING) {
		e->reopenings = 0;
		begin_listening(e, now_us);
	} else {
		enter(e, ANT_ENGINE_ABSENT, ANT_ENGINE_NEVER);
	}
}

static void next_step(struct ant_engine *e, uint64_t now_us)
{
	e->tries = 0;
	e->awaiting_closed = false;
	e->script_at++;
	if (e->script_at < e->script_length)
		send_step(e, now_us);
	/* nothing answers a last reset that we would wait for */
	if (e->script_at >= e->script_length || step_of(e)->id == ANT_RESET)
		script_ended(e, now_us);
}

static void replace_step(struct ant_engine *e, uint8_t id, uint8_t value, uint64_t now_us)
{
	struct ant_control *step = &e->script[e->script_at];

	step->id = id;
	step->value = value;
	e->tries = 0;
	send_step(e, now_us);
}

static void refused_for_good(struct ant_engine *e)
{
	snprintf(e->why, sizeof(e->why), "the stick refuses the network key");
	enter(e, ANT_ENGINE_REFUSED, ANT_ENGINE_NEVER);
	note(e, true, "%s: check ant.network_key", e->why);
}

static void step_failed(struct ant_engine *e, const char *how, uint64_t now_us)
{
	char text[64];

	snprintf(e->why, sizeof(e->why), "%s %s", how, ant_script_step_name(step_of(e), text));
	wait_for_next(e, false, now_us);
}

/* The stick said no: what it lacks is done without. */
static void step_refused(struct ant_engine *e, uint8_t code, uint64_t now_us)
{
	const struct ant_control *step = step_of(e);
	const char *words = ant_response_name(code);
	char how[48];

	if (step->id == ANT_NETWORK_KEY) {
		refused_for_good(e);
	} else if (step->id == ANT_LIBRARY_CONFIG) {
		e->no_library = true;
		replace_step(e, ANT_EXTENDED_MESSAGES, 1, now_us);
	} else if (step->id == ANT_LOW_SEARCH_TIMEOUT) {
		replace_step(e, ANT_SEARCH_TIMEOUT, 0xff, now_us);
	} else if (step->id == ANT_OPEN_SCAN) {
		e->no_scan = true;
		begin_reset(e, now_us);
	} else if (step->id == ANT_ASSIGN && step->assignment != 0) {
		e->no_background = true;
		begin_reset(e, now_us);
	} else if (step->id == ANT_ASSIGN || step->id == ANT_CHANNEL_ID ||
	           step->id == ANT_FREQUENCY || step->id == ANT_PERIOD ||
	           step->id == ANT_OPEN) {
		snprintf(how, sizeof(how), "the stick says \"%s\" to", words ? words : "no");
		step_failed(e, how, now_us);
	} else {
		next_step(e, now_us);
	}
}

static void step_answered(struct ant_engine *e, const struct ant_control *answer,
                          uint64_t now_us)
{
	if (answer->code != ANT_NO_ERROR) {
		step_refused(e, answer->code, now_us);
	} else if (step_of(e)->id == ANT_CLOSE) {
		e->awaiting_closed = true;
		e->deadline_us = now_us + (e->state == ANT_ENGINE_CLOSING ?
		                                   CLOSING_EVENT_US :
		                                   CLOSED_US);
	} else {
		next_step(e, now_us);
	}
}

static void step_timed_out(struct ant_engine *e, uint64_t now_us)
{
	const struct ant_control *step = step_of(e);

	if (e->awaiting_closed || e->state == ANT_ENGINE_CLOSING) {
		next_step(e, now_us);
	} else if (++e->tries < REPLY_TRIES) {
		send_step(e, now_us);
	} else if (step->id == ANT_REQUEST && step->subject != ANT_CAPABILITIES) {
		next_step(e, now_us); /* a name would have been nice */
	} else if (e->no_reset && e->state == ANT_ENGINE_ASKING) {
		snprintf(e->why, sizeof(e->why), "the stick does not answer");
		wait_for_next(e, true, now_us);
	} else {
		step_failed(e, "no reply to", now_us);
	}
}

static bool runs_script(const struct ant_engine *e)
{
	return e->state == ANT_ENGINE_ASKING || e->state == ANT_ENGINE_CONFIGURING ||
	       e->state == ANT_ENGINE_CLOSING;
}

/* ---- what the stick says ---- */

static void channel_closed(struct ant_engine *e, uint8_t channel, uint64_t now_us)
{
	if (runs_script(e) && step_of(e)->id == ANT_CLOSE &&
	    step_of(e)->channel == channel) {
		next_step(e, now_us);
		return;
	}
	if (channel >= ANT_ENGINE_CHANNELS || e->state == ANT_ENGINE_CLOSING)
		return;
	e->closed |= (uint8_t)(1u << channel);
	if (e->state == ANT_ENGINE_LISTENING)
		reopen_channels(e, now_us);
}

static void take_response(struct ant_engine *e, const struct ant_control *c,
                          uint64_t now_us)
{
	if (c->subject == ANT_SUBJECT_EVENT) {
		if (c->code == ANT_EVENT_RX_FAIL || c->code == ANT_EVENT_GO_TO_SEARCH)
			e->missed++;
		else if (c->code == ANT_EVENT_CHANNEL_CLOSED)
			channel_closed(e, c->channel, now_us);
		else if (c->channel == ANT_ENGINE_POD_CHANNEL)
			ant_inquiry_event(&e->inquiry, c->code, now_us);
		return;
	}
	if (e->state == ANT_ENGINE_RESETTING && c->subject == ANT_RESET) {
		e->no_reset = true;
		begin_asking(e, now_us);
		return;
	}
	if (!runs_script(e) || e->awaiting_closed)
		return;
	if (c->subject == step_of(e)->id)
		step_answered(e, c, now_us);
	else if (step_of(e)->id == ANT_REQUEST && c->subject == step_of(e)->subject &&
	         c->code != ANT_NO_ERROR)
		step_refused(e, c->code, now_us); /* sdk-ant names what was asked for */
}

static void take_start_up(struct ant_engine *e, const struct ant_control *c,
                          uint64_t now_us)
{
	if (e->state == ANT_ENGINE_RESETTING)
		begin_asking(e, now_us);
	else if (e->state == ANT_ENGINE_ASKING && e->script_at == 0)
		return; /* the answer to a reset that came late */
	else if (e->state == ANT_ENGINE_ASKING || e->state == ANT_ENGINE_CONFIGURING ||
	         e->state == ANT_ENGINE_LISTENING)
		restarted(e, c->code, now_us);
}

/* An answer to a request carries the id of what was asked for. */
static void take_answer(struct ant_engine *e, const struct ant_control *c,
                        uint64_t now_us)
{
	if (e->state != ANT_ENGINE_ASKING || step_of(e)->subject != c->id)
		return;
	if (c->id == ANT_CAPABILITIES)
		ant_capabilities_read(c, &e->capabilities);
	else if (c->id == ANT_VERSION)
		ant_version_read(c, e->version, sizeof(e->version));
	else if (c->id == ANT_SERIAL_NUMBER)
		e->serial = c->serial;
	next_step(e, now_us);
}

/* Some clones answer a reset so, or nothing. */
static void take_error(struct ant_engine *e, uint64_t now_us)
{
	if (e->state != ANT_ENGINE_RESETTING)
		return;
	e->no_reset = true;
	begin_asking(e, now_us);
}

static bool hands_on_data(const struct ant_engine *e)
{
	return e->state == ANT_ENGINE_ASKING || e->state == ANT_ENGINE_CONFIGURING ||
	       e->state == ANT_ENGINE_LISTENING || e->state == ANT_ENGINE_WAITING;
}

static void inquire(struct ant_engine *e, const struct ant_data *data, uint64_t now_us)
{
	struct ant_data out = { .channel = ANT_ENGINE_POD_CHANNEL };
	struct ant_message message;

	if (e->state != ANT_ENGINE_LISTENING || e->mode == ANT_ENGINE_SCAN ||
	    data->channel != ANT_ENGINE_POD_CHANNEL ||
	    !ant_inquiry_heard(&e->inquiry, data->page, now_us, out.page))
		return;
	ant_data_encode(&out, ANT_ACKNOWLEDGED_DATA, &message);
	ant_send_message(e, &message);
}

static void take_message(struct ant_engine *e, const struct ant_message *message,
                         uint64_t now_us)
{
	struct ant_control control;
	struct ant_data data;

	if (ant_data_decode(message, &data)) {
		if (!hands_on_data(e))
			return;
		e->received++;
		e->ops->data(e->user, message, &data);
		inquire(e, &data, now_us);
		return;
	}
	if (!ant_control_decode(message, &control))
		return;
	if (control.id == ANT_CHANNEL_RESPONSE)
		take_response(e, &control, now_us);
	else if (control.id == ANT_START_UP)
		take_start_up(e, &control, now_us);
	else if (control.id == ANT_SERIAL_ERROR)
		take_error(e, now_us);
	else
		take_answer(e, &control, now_us);
}

static void is_alive(struct ant_engine *e, uint64_t now_us)
{
	e->heard_us = now_us;
	e->pings = 0;
	if (e->state == ANT_ENGINE_LISTENING) {
		e->deadline_us = now_us + SILENCE_US;
		if (now_us - e->listening_us >= SETTLED_US)
			e->failures = 0;
	} else if (e->state == ANT_ENGINE_GREETING) {
		e->deadline_us = now_us + GREETING_QUIET_US;
		if (e->deadline_us > e->listening_us + GREETING_MOST_US)
			e->deadline_us = e->listening_us + GREETING_MOST_US;
	}
}

void ant_engine_receive(struct ant_engine *e, const uint8_t *bytes, size_t length,
                        uint64_t now_us)
{
	struct ant_message message;

	if (e->state == ANT_ENGINE_ABSENT || length == 0)
		return;
	if (now_us - e->heard_us > HALF_US) /* half a message is no message */
		memset(&e->stream, 0, sizeof(e->stream));
	is_alive(e, now_us);
	while (ant_stream_next(&e->stream, &bytes, &length, &message)) {
		if (e->state != ANT_ENGINE_GREETING)
			take_message(e, &message, now_us);
	}
}

/* ---- time ---- */

static void reset_over(struct ant_engine *e, uint64_t now_us)
{
	if (++e->tries < RESET_TRIES) {
		e->deadline_us = now_us + RESET_US;
		ant_send_reset(e);
		return;
	}
	/* perhaps it does not tell that it has started up */
	e->no_reset = true;
	begin_asking(e, now_us);
}

static void say_silence(struct ant_engine *e, uint64_t now_us)
{
	if (e->silence_said || e->received > 0 || now_us - e->listening_us < HINT_US)
		return;
	e->silence_said = true;
	note(e, false, "no ANT+ device was heard for a minute. If a pod moves nearby, "
	               "ant.network_key may be wrong: a stick takes any key");
}

static void silence_over(struct ant_engine *e, uint64_t now_us)
{
	if (now_us - e->heard_us < SILENCE_US) {
		e->deadline_us = e->heard_us + SILENCE_US;
		return;
	}
	say_silence(e, now_us);
	if (e->pings < PINGS) {
		e->pings++;
		e->deadline_us = now_us + REPLY_US;
		ant_send_request(e, ANT_CHANNEL_STATUS);
		return;
	}
	snprintf(e->why, sizeof(e->why), "the stick fell silent");
	note(e, false, "%s: starting it anew", e->why);
	begin_reset(e, now_us);
}

static void waiting_over(struct ant_engine *e, uint64_t now_us)
{
	bool reset;

	if (!e->waiting_to_reopen) {
		begin_reset(e, now_us);
		return;
	}
	/* A reset of the USB device may put a clone off the bus: not at once,
	 * and not each time. */
	reset = ++e->reopenings % 2 == 0;
	enter(e, ANT_ENGINE_ABSENT, ANT_ENGINE_NEVER);
	e->ops->reopen(e->user, reset);
}

void ant_engine_advance(struct ant_engine *e, uint64_t now_us)
{
	static void (*const over[])(struct ant_engine * e, uint64_t now_us) = {
		[ANT_ENGINE_GREETING] = begin_reset,
		[ANT_ENGINE_RESETTING] = reset_over,
		[ANT_ENGINE_ASKING] = step_timed_out,
		[ANT_ENGINE_CONFIGURING] = step_timed_out,
		[ANT_ENGINE_LISTENING] = silence_over,
		[ANT_ENGINE_WAITING] = waiting_over,
		[ANT_ENGINE_CLOSING] = step_timed_out,
	};

	/* absent and refused have no deadline */
	if (e->deadline_us != ANT_ENGINE_NEVER && now_us >= e->deadline_us)
		over[e->state](e, now_us);
}

uint64_t ant_engine_deadline_us(const struct ant_engine *e)
{
	return e->deadline_us;
}

/* ---- from outside ---- */

void ant_engine_init(struct ant_engine *e, const uint8_t *key,
                     const struct ant_engine_settings *settings,
                     const struct ant_engine_ops *ops, void *user)
{
	memset(e, 0, sizeof(*e));
	e->ops = ops;
	e->user = user;
	e->key = key;
	e->settings = *settings;
	e->deadline_us = ANT_ENGINE_NEVER;
}

void ant_engine_know(struct ant_engine *e, const struct ant_engine_settings *settings,
                     uint64_t now_us)
{
	bool same = ant_script_same(&e->settings, settings);

	e->settings = *settings;
	if (same || e->mode == ANT_ENGINE_SCAN)
		return;
	if (e->state == ANT_ENGINE_LISTENING || e->state == ANT_ENGINE_CONFIGURING)
		begin_reset(e, now_us);
}

void ant_engine_opened(struct ant_engine *e, uint64_t now_us)
{
	memset(&e->stream, 0, sizeof(e->stream));
	memset(&e->capabilities, 0, sizeof(e->capabilities));
	e->no_scan = e->no_background = e->no_library = false;
	e->version[0] = '\0';
	e->serial = 0;
	enter(e, ANT_ENGINE_GREETING, now_us + GREETING_FIRST_US);
	e->listening_us = now_us;
	/* Twice, answers unheard: after clear-halt the first transfer each way
	 * may be lost (the maker's library knows why). */
	ant_send_request(e, ANT_CAPABILITIES);
	ant_send_request(e, ANT_CAPABILITIES);
}

void ant_engine_gone(struct ant_engine *e)
{
	/* after a reopening of ours it is the same stick with the same trouble */
	if (e->state != ANT_ENGINE_ABSENT) {
		e->failures = 0;
		e->reopenings = 0;
	}
	enter(e, ANT_ENGINE_ABSENT, ANT_ENGINE_NEVER);
}

void ant_engine_resumed(struct ant_engine *e, uint64_t now_us)
{
	if (e->state != ANT_ENGINE_ABSENT && e->state != ANT_ENGINE_CLOSING &&
	    e->state != ANT_ENGINE_GREETING && e->state != ANT_ENGINE_REFUSED)
		begin_reset(e, now_us);
}

void ant_engine_close(struct ant_engine *e, uint64_t now_us)
{
	bool open = e->state == ANT_ENGINE_LISTENING || e->state == ANT_ENGINE_CONFIGURING;

	if (e->state == ANT_ENGINE_ABSENT)
		return;
	enter(e, ANT_ENGINE_CLOSING, now_us);
	ant_script_close(e);
	if (!open) /* there is nothing to close but what a reset closes */
		e->script_at = e->script_length - 1;
	send_step(e, now_us);
	if (!open)
		script_ended(e, now_us);
}
