/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "plugins/console/console.h"
#include "plugins/console/dialogue.h"
#include "plugins/console/words.h"

#include <stdio.h>
#include <string.h>

#define NOTE_MS 4000
#define COUNTDOWN_MAX_S 3600 /* longer: it stays until it is acknowledged */

void console_init(struct console *console)
{
	memset(console, 0, sizeof(*console));
	snprintf(console->why_not, sizeof(console->why_not), _("looking for gaitd"));
}

/* ---- what the daemon says ---- */
void console_state(struct console *console, bool ready, const char *why,
                   uint32_t caps)
{
	struct console fresh;

	console_init(&fresh);
	fresh.ready = ready;
	fresh.caps = caps;
	fresh.profile = console->profile;
	fresh.mute_end_ms = console->mute_end_ms;
	fresh.keyless = console->keyless;
	fresh.greeted = console->greeted && console->mode != CONSOLE_DISCLAIMER;
	strcpy(fresh.greeted_name, console->greeted_name);
	strcpy(fresh.lang, console->lang);
	snprintf(fresh.why_not, sizeof(fresh.why_not), "%s", why);
	*console = fresh;
}

void console_summary(struct console *console, const struct display_summary *summary)
{
	console->has_summary = true;
	console->summary = *summary;
}

bool console_shows_summary(const struct console *console)
{
	return console->has_summary && console->mode == CONSOLE_RUN &&
	       console->session.state == DISPLAY_SESSION_ENDED && !console->has_prompt;
}

void console_prompt(struct console *console, const struct display_prompt *prompt,
                    uint64_t now_ms)
{
	console->has_prompt = true;
	console->prompt = *prompt;
	console->prompt_end_ms = now_ms + prompt->ttl_ms;
	console->show_why = false;
	if (console->mode == CONSOLE_HELP)
		console->mode = CONSOLE_RUN; /* it would hide the prompt */
}

void console_clear(struct console *console, const struct display_clear *clear)
{
	if (console->prompt.id == clear->id)
		console->has_prompt = false;
}

/* ---- time ---- */
void console_advance(struct console *console, uint64_t now_ms)
{
	if (console->has_prompt && console->prompt_end_ms <= now_ms)
		console->has_prompt = false;
	if (console->note_end_ms <= now_ms)
		console->note[0] = '\0';
	dialogue_greet(console, now_ms);
}

unsigned console_seconds_left(const struct console *console, uint64_t now_ms)
{
	uint64_t left_ms = console->prompt_end_ms > now_ms ?
		console->prompt_end_ms - now_ms : 0;

	return (unsigned)((left_ms + 999) / 1000);
}

void console_time_left(const struct console *console, uint64_t now_ms,
                       char *out, size_t size)
{
	unsigned seconds = console_seconds_left(console, now_ms);

	out[0] = '\0';
	if (seconds <= COUNTDOWN_MAX_S)
		snprintf(out, size, "%u s", seconds);
}

uint64_t console_deadline(const struct console *console, uint64_t now_ms)
{
	uint64_t at = UINT64_MAX;

	if (console->has_prompt && console->prompt_end_ms > now_ms)
		at = console->prompt_end_ms -
		     (console_seconds_left(console, now_ms) - 1) * UINT64_C(1000);
	if (console->note[0] && console->note_end_ms < at)
		at = console->note_end_ms;
	if (console->greet_ms > now_ms && console->greet_ms < at)
		at = console->greet_ms;
	return at;
}

void console_note(struct console *console, const char *text, uint64_t now_ms)
{
	snprintf(console->note, sizeof(console->note), "%s", text);
	console->note_end_ms = now_ms + NOTE_MS;
}

bool console_tell(struct console *console, struct display_request *out,
                  enum display_input input, const char *note, uint64_t now_ms)
{
	out->type = DISPLAY_REQUEST_INPUT;
	out->input = input;
	console_note(console, note, now_ms);
	return true;
}

/* ---- keys ---- */

/* 0..10, or -1 */
static int number_of(int key)
{
	if (key >= '0' && key <= '9')
		return key - '0';
	return key == 't' ? 10 : -1;
}

static bool key_pain(struct console *c, int key, uint64_t now_ms,
                     struct display_request *out)
{
	int value = number_of(key);
	char note[48];

	c->mode = CONSOLE_RUN;
	if (value < 0)
		return false;
	snprintf(note, sizeof(note), _("Pain %d of 10 told."), value);
	out->value = value;
	return console_tell(c, out, DISPLAY_INPUT_PAIN, note, now_ms);
}

static bool key_red_flag(struct console *c, int key, uint64_t now_ms,
                         struct display_request *out)
{
	static const enum display_red_flag flags[] = {
		DISPLAY_RED_FLAG_LEG, DISPLAY_RED_FLAG_NUMB,
		DISPLAY_RED_FLAG_BLADDER, DISPLAY_RED_FLAG_STRAIGHT,
		DISPLAY_RED_FLAG_FALL,
	};

	c->mode = CONSOLE_RUN;
	if (key < '1' || key > '5')
		return false;
	out->flag = flags[key - '1'];
	return console_tell(c, out, DISPLAY_INPUT_RED_FLAG, _("Red flag told."), now_ms);
}

/* While a prompt asks, the number keys answer it. */
static bool key_answer(struct console *c, int key, uint64_t now_ms,
                       struct display_request *out)
{
	const struct display_ask *ask = &c->prompt.ask;
	int number = number_of(key);

	if (ask->kind == DISPLAY_ASK_SCALE && number >= ask->minimum &&
	    number <= ask->maximum)
		out->value = number;
	else if (ask->kind == DISPLAY_ASK_CHOICE && number >= 1 &&
	         number <= ask->choice_count)
		out->value = ask->choices[number - 1].value;
	else
		return false;
	out->id = c->prompt.id;
	return console_tell(c, out, DISPLAY_INPUT_ANSWER, _("Answer told."), now_ms);
}

static bool key_ack(struct console *c, uint64_t now_ms,
                    struct display_request *out)
{
	if (!c->has_prompt)
		return false;
	out->id = c->prompt.id;
	return console_tell(c, out, DISPLAY_INPUT_ACK, "", now_ms);
}

static bool key_mute(struct console *c, uint64_t now_ms,
                     struct display_request *out)
{
	bool muted = c->mute_end_ms > now_ms;
	char note[80];

	out->value = muted ? 0 : CONSOLE_MUTE_MINUTES;
	c->mute_end_ms = now_ms + (uint64_t)out->value * 60000;
	snprintf(note, sizeof(note), muted ? _("Tips are on again.") :
	         _("Only safety tips for %d minutes; m ends it."),
	         CONSOLE_MUTE_MINUTES);
	return console_tell(c, out, DISPLAY_INPUT_MUTE, note, now_ms);
}

static bool key_intervals(struct console *c, uint64_t now_ms,
                          struct display_request *out)
{
	out->value = !c->session.intervals;
	return console_tell(c, out, DISPLAY_INPUT_INTERVALS,
	            out->value ? _("Run-walk intervals: on.") :
	                         _("Run-walk intervals: off."), now_ms);
}

static bool key_run(struct console *c, int key, uint64_t now_ms,
                    struct display_request *out)
{
	switch (key) {
	case 'p':
		c->mode = CONSOLE_PAIN;
		return false;
	case 'r':
		c->mode = CONSOLE_RED_FLAG;
		return false;
	case 'h':
		c->mode = CONSOLE_HEIGHT;
		c->asks_language = true;
		c->typed[0] = '\0';
		return false;
	case 'a':
		return key_ack(c, now_ms, out);
	case 'm':
		return key_mute(c, now_ms, out);
	case 'i':
		return key_intervals(c, now_ms, out);
	}
	return c->has_prompt && key_answer(c, key, now_ms, out);
}

/* Keys that only change what is seen. True if `key` was one. */
static bool key_of_view(struct console *c, int key)
{
	switch (key) {
	case 'q':
		c->quit = true;
		return true;
	case '?':
		c->mode = c->mode == CONSOLE_HELP ? CONSOLE_RUN : CONSOLE_HELP;
		return true;
	case 'w':
		c->show_why = !c->show_why;
		return true;
	}
	return false;
}

bool console_key(struct console *console, int key, uint64_t now_ms,
                 struct display_request *out)
{
	memset(out, 0, sizeof(*out));
	switch (console->mode) {
	case CONSOLE_PAIN:
		return key_pain(console, key, now_ms, out);
	case CONSOLE_RED_FLAG:
		return key_red_flag(console, key, now_ms, out);
	case CONSOLE_DISCLAIMER:
	case CONSOLE_HEIGHT:
	case CONSOLE_BACK_PAIN:
	case CONSOLE_NOVICE:
	case CONSOLE_UNITS:
	case CONSOLE_LANGUAGE:
		return dialogue_key(console, key, now_ms, out);
	case CONSOLE_HELP:
	case CONSOLE_RUN:
		break;
	}
	if (key_of_view(console, key))
		return false;
	console->mode = CONSOLE_RUN;
	if (!console->ready || !(console->caps & DISPLAY_CAP_INPUT)) {
		console_note(console, console->ready ?
		             _("gaitd takes no input from this console.") :
		             _("gaitd is not there: nothing was told."), now_ms);
		return false;
	}
	return key_run(console, key, now_ms, out);
}
