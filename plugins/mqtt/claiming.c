/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "plugins/mqtt/claiming.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

__attribute__((format(printf, 2, 3))) static void say_so(struct claiming *c, const char *format, ...)
{
	char text[320];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	c->hooks->say(text, c->user);
}

void claiming_init(struct claiming *c, const char *key, const char *console, const char *boot,
                   const struct claiming_hooks *hooks, void *user)
{
	*c = (struct claiming){ .key = key, .console = console, .boot = boot, .hooks = hooks,
		                .user = user };
}

/* ---- telling ------------------------------------------------------------------- */

/* As it is at this moment: the daemon was asked a moment ago. */
static struct claim held_at(const struct claiming *c, int64_t now_ms)
{
	struct claim claim = c->held;

	claim.held_ms += (uint64_t)(now_ms - c->held_at_ms);
	return claim;
}

static void tell(struct claiming *c, struct claiming_times at, const char *rival, bool keep)
{
	struct stamp stamp = { .boot = c->boot, .seq = c->seq++, .unix_ms = at.unix_ms };
	struct claim claim = held_at(c, at.now_ms);

	c->due = c->answers = false;
	c->told_ms = at.now_ms;
	c->hooks->tell(claim_message(&stamp, c->key, &claim, c->console, rival, keep), c->user);
}

/* Two who answer each other do so a few times a second at most. */
int64_t claiming_next_ms(const struct claiming *c)
{
	return c->answers && c->up ? c->told_ms + CLAIMING_PAUSE_MS : INT64_MAX;
}

static void answer(struct claiming *c, struct claiming_times at)
{
	c->answers = true;
	if (at.now_ms >= claiming_next_ms(c))
		tell(c, at, NULL, false);
}

/* What changed is told at once, what stays now and then. */
static void tell_if_due(struct claiming *c, struct claiming_times at)
{
	bool again = *c->held.id && at.now_ms - c->told_ms >= CLAIMING_EACH_MS;

	if (c->up && !c->releasing && (c->due || again))
		tell(c, at, NULL, false);
}

/* ---- pods that others have ------------------------------------------------------- */

static void set_name(char out[SETTINGS_NAME_MAX], const char *console)
{
	snprintf(out, SETTINGS_NAME_MAX, "%.32s", console);
}

static void let_have(struct claiming *c, size_t at)
{
	char id[sizeof(c->rivals[0].id)];

	memcpy(id, c->rivals[at].id, sizeof(id));
	c->rival_count--;
	memmove(&c->rivals[at], &c->rivals[at + 1],
	        (c->rival_count - at) * sizeof(c->rivals[0]));
	c->hooks->free_again(id, c->user);
}

static bool is_told(const json_t *ids, const char *id)
{
	const json_t *each;
	size_t i;

	json_array_foreach(ids, i, each) {
		if (json_is_string(each) && strcmp(json_string_value(each), id) == 0)
			return true;
	}
	return false;
}

static size_t rival_at(const struct claiming *c, const char *id)
{
	size_t at = 0;

	while (at < c->rival_count && strcmp(c->rivals[at].id, id) != 0)
		at++;
	return at;
}

static void add_rival(struct claiming *c, const char *id, const char *console, int64_t now_ms)
{
	size_t at = rival_at(c, id);

	if (at == CLAIMING_RIVALS)
		return; /* the daemon keeps no more */
	if (at == c->rival_count)
		c->rival_count++;
	snprintf(c->rivals[at].id, sizeof(c->rivals[at].id), "%.39s", id);
	set_name(c->rivals[at].console, console);
	c->rivals[at].heard_ms = now_ms;
}

/* The daemon knows best: a session's end forgets them, and a start of this program
 * does not. */
static void follow_daemon(struct claiming *c, const json_t *ids, int64_t now_ms)
{
	const json_t *each;
	size_t i, kept = 0;

	for (i = 0; i < c->rival_count; i++) {
		if (is_told(ids, c->rivals[i].id))
			c->rivals[kept++] = c->rivals[i];
	}
	c->rival_count = kept;
	json_array_foreach(ids, i, each) {
		const char *id = json_string_value(each);

		if (id && rival_at(c, id) == c->rival_count)
			add_rival(c, id, "", now_ms);
	}
}

/* What a console claims tells of pods that were left to it, or to nobody known. */
static void follow_rivals(struct claiming *c, const char *console, const json_t *message,
                          int64_t now_ms)
{
	for (size_t i = c->rival_count; i-- > 0;) {
		struct rival *rival = &c->rivals[i];

		if (claim_is_of(c->key, rival->id, message)) {
			set_name(rival->console, console);
			rival->heard_ms = now_ms;
		} else if (strcmp(rival->console, console) == 0) {
			let_have(c, i);
		}
	}
}

/* ---- what is heard --------------------------------------------------------------- */

/* The other is told by whoever compares; to tell more is to have it answer again. */
static void release(struct claiming *c, struct claiming_times at, const char *console)
{
	if (c->releasing)
		return;
	if (strcmp(c->console, console) < 0)
		tell(c, at, console, false);
	c->releasing = true;
	add_rival(c, c->held.id, console, at.now_ms);
	say_so(c, "%.32s has held this console's foot pod for longer: it is left to that", console);
	c->hooks->release(c->held.id, c->user);
}

static void say_both(struct claiming *c, const char *console)
{
	if (!c->both_told)
		say_so(c, "%.32s and this console are configured with one foot pod: take it out of "
		       "the configuration of one, or of devices.json", console);
	c->both_told = true;
}

void claiming_heard(struct claiming *c, struct claiming_times at, const char *console,
                    const json_t *message)
{
	struct claim held = held_at(c, at.now_ms);

	if (!json_is_object(message) || strcmp(console, c->console) == 0)
		return;
	follow_rivals(c, console, message, at.now_ms);
	switch (claim_judge(c->key, &held, c->console, message, console)) {
	case CLAIM_NO_CONFLICT:
		break;
	case CLAIM_ANSWER:
		answer(c, at);
		break;
	case CLAIM_KEEP:
		tell(c, at, console, true);
		break;
	case CLAIM_RELEASE:
		release(c, at, console);
		break;
	case CLAIM_BOTH_FIXED:
		say_both(c, console);
		break;
	}
}

/* One of another key, or of none, is not understood, and does not understand. */
static void compare_keys(struct claiming *c, const char *console, const json_t *message)
{
	const char *theirs = json_string_value(json_object_get(message, "site_key"));
	char ours[CLAIM_MARK_SIZE];
	bool same = claim_key_mark(c->key, ours) && theirs && strcmp(ours, theirs) == 0;
	bool was_said = strcmp(c->other_key, console) == 0;

	if (same && was_said)
		*c->other_key = '\0';
	if (same || was_said)
		return;
	set_name(c->other_key, console);
	say_so(c, "%.32s has %s site key: one foot pod may count for it and for this console; give "
	       "all consoles of the site the same pods.key_file", console,
	       theirs ? "another" : "no");
}

void claiming_status(struct claiming *c, struct claiming_times at, const char *console,
                     const json_t *message)
{
	const char *state = json_string_value(json_object_get(message, "state"));

	if (!state || strcmp(console, c->console) == 0)
		return;
	if (strcmp(state, "online") == 0) {
		compare_keys(c, console, message);
		return;
	}
	for (size_t i = 0; i < c->rival_count; i++) {
		int64_t gone_ms = at.now_ms - CLAIMING_SILENT_MS + CLAIMING_GRACE_MS;

		if (strcmp(c->rivals[i].console, console) == 0 && c->rivals[i].heard_ms > gone_ms)
			c->rivals[i].heard_ms = gone_ms;
	}
}

/* ---- the daemon, the broker, time -------------------------------------------------- */

void claiming_held(struct claiming *c, struct claiming_times at, const json_t *reply)
{
	const char *id = json_string_value(json_object_get(reply, "id"));
	json_int_t held_ms = json_integer_value(json_object_get(reply, "held_ms"));

	if (c->releasing)
		return; /* it was asked before it let go */
	c->due |= strcmp(c->held.id, id ? id : "") != 0;
	snprintf(c->held.id, sizeof(c->held.id), "%.39s", id ? id : "");
	c->held.held_ms = held_ms > 0 ? (uint64_t)held_ms : 0;
	c->held.fixed = json_is_true(json_object_get(reply, "fixed"));
	c->held_at_ms = at.now_ms;
	if (reply)
		follow_daemon(c, json_object_get(reply, "released"), at.now_ms);
	tell_if_due(c, at);
}

void claiming_released(struct claiming *c, struct claiming_times at, const char *error)
{
	c->releasing = false;
	if (error) {
		say_so(c, "the foot pod that another console holds stays here, too: %.200s", error);
		return;
	}
	*c->held.id = '\0';
	c->due = true;
	tell_if_due(c, at);
}

/* What was not heard while nothing could be heard does not count. */
void claiming_link(struct claiming *c, struct claiming_times at, bool up)
{
	c->up = up;
	c->due = true;
	for (size_t i = 0; up && i < c->rival_count; i++)
		c->rivals[i].heard_ms = at.now_ms;
}

void claiming_tick(struct claiming *c, struct claiming_times at)
{
	if (at.now_ms >= claiming_next_ms(c))
		tell(c, at, NULL, false);
	tell_if_due(c, at);
	for (size_t i = c->rival_count; c->up && i-- > 0;) {
		if (at.now_ms - c->rivals[i].heard_ms >= CLAIMING_SILENT_MS)
			let_have(c, i);
	}
}
