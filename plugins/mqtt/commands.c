/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "plugins/mqtt/commands.h"

#include <stdio.h>
#include <string.h>

#define CLOCK_SET_MS INT64_C(1600000000000) /* before it a clock was never set */
#define DAY_MS INT64_C(86400000)
#define JITTER_MAX_S 3600
#define COMMAND_MAX 2048 /* octets */

/* ---- what it is -------------------------------------------------------------- */

/* The topic's last level */
static bool take_verb(const char *topic, struct command *out)
{
	static const char *const verbs[] = { "identify", "reload", "forget-session" };
	const char *slash = strrchr(topic, '/');

	for (size_t i = 0; slash && i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (strcmp(slash + 1, verbs[i]) == 0) {
			snprintf(out->verb, sizeof(out->verb), "%s", verbs[i]);
			return true;
		}
	}
	return false;
}

static const char *text_of(const json_t *message, const char *name)
{
	return json_string_value(json_object_get(message, name));
}

static bool take_id(const json_t *message, struct command *out)
{
	const char *id = text_of(message, "id");

	if (!id || !*id || strlen(id) >= sizeof(out->id))
		return false;
	snprintf(out->id, sizeof(out->id), "%s", id);
	return true;
}

/* A place for answers of this site: whoever sends a command has this console write
 * there and nowhere else. */
static bool is_for_answers(const char *site, const char *topic)
{
	char pattern[80];
	int length = snprintf(pattern, sizeof(pattern), "gaitd/v1/%s/", site);
	const char *level = strncmp(topic, pattern, (size_t)length) == 0 ?
	                            strchr(topic + length, '/') : NULL;

	return level && level != topic + length && strlen(topic) < MESSAGE_TOPIC_MAX &&
	       !strpbrk(topic, "#+") && strncmp(level, "/cmd-result", 11) == 0 &&
	       (level[11] == '\0' || level[11] == '/');
}

static bool take_reply_to(const struct commands *commands, const json_t *message,
                          struct command *out)
{
	const char *topic = text_of(message, "reply_to");

	message_topic(out->reply_to, commands->site, commands->console, "cmd-result");
	if (!topic)
		return true;
	if (!is_for_answers(commands->site, topic))
		return false;
	snprintf(out->reply_to, sizeof(out->reply_to), "%s", topic);
	return true;
}

/* NULL, or what is wrong */
static const char *take_times(const json_t *message, const struct command_offer *offer,
                              struct command *out)
{
	const char *expires = text_of(message, "expires_at"), *at = text_of(message, "at");
	const json_t *jitter = json_object_get(message, "jitter_s");
	json_int_t jitter_s = json_integer_value(jitter);

	if (!expires || !message_time_read(expires, &out->expires_ms))
		return "expires_at: expected a time as 2026-11-30T07:00:00Z";
	if (offer->now_ms < CLOCK_SET_MS)
		return "this console's clock was never set, so that nobody knows whether it is "
		       "too late";
	if (out->expires_ms < offer->now_ms)
		return "expired";
	if (out->expires_ms > offer->now_ms + DAY_MS)
		return "expires_at: more than a day ahead";
	out->due_ms = offer->now_ms;
	if (at && !message_time_read(at, &out->due_ms))
		return "at: expected a time as 2026-11-30T07:00:00Z";
	if (jitter && (!json_is_integer(jitter) || jitter_s < 0 || jitter_s > JITTER_MAX_S))
		return "jitter_s: expected 0 to 3600";
	out->due_ms += jitter_s * 1000 * (int64_t)offer->chance / UINT32_MAX;
	return out->due_ms > out->expires_ms ? "at and jitter_s lead beyond expires_at" : NULL;
}

/* ---- whether it counts --------------------------------------------------------- */

/* Remembers it, too */
static bool is_known(struct commands *commands, const char *id)
{
	for (size_t i = 0; i < COMMANDS_KNOWN; i++) {
		if (strcmp(commands->known[i], id) == 0)
			return true;
	}
	snprintf(commands->known[commands->next_known], sizeof(commands->known[0]), "%s", id);
	commands->next_known = (commands->next_known + 1) % COMMANDS_KNOWN;
	return false;
}

static const char *wait_for(struct commands *commands, const struct command *command)
{
	for (size_t i = 0; i < COMMANDS_WAITING_MAX; i++) {
		if (commands->waiting[i].used)
			continue;
		commands->waiting[i] = *command;
		commands->waiting[i].used = true;
		return NULL;
	}
	return "too many commands wait for their time";
}

static const char *take(struct commands *commands, const json_t *message,
                        const struct command_offer *offer, struct command *out)
{
	const char *why;

	if (!take_verb(offer->topic, out))
		return "there is no such command: identify, reload and forget-session are all";
	if (!take_reply_to(commands, message, out))
		return "reply_to: expected a topic gaitd/v1/SITE/NAME/cmd-result of this site";
	why = take_times(message, offer, out);
	return why ? why : wait_for(commands, out);
}

enum command_verdict commands_offer(struct commands *commands, const struct command_offer *offer,
                                    struct command *out, const char **why)
{
	json_t *message = NULL;

	memset(out, 0, sizeof(*out));
	message_topic(out->reply_to, commands->site, commands->console, "cmd-result");
	*why = NULL;
	if (offer->retained)
		*why = "a retained command is an old one: not taken; publish it without -r";
	else if (offer->length > COMMAND_MAX)
		*why = "a command of more than 2048 octets";
	else
		message = json_loadb(offer->payload, offer->length, JSON_REJECT_DUPLICATES, NULL);
	if (!*why && (!json_is_object(message) || !take_id(message, out)))
		*why = "a command that is no JSON object with an id";
	if (*why) {
		json_decref(message);
		return COMMAND_IGNORED;
	}
	if (is_known(commands, out->id)) {
		json_decref(message);
		return COMMAND_IGNORED; /* once more, and without a word */
	}
	*why = take(commands, message, offer, out);
	json_decref(message);
	return *why ? COMMAND_REFUSED : COMMAND_TAKEN;
}

bool commands_due(struct commands *commands, int64_t now_ms, struct command *out, bool *expired)
{
	for (size_t i = 0; i < COMMANDS_WAITING_MAX; i++) {
		struct command *command = &commands->waiting[i];

		if (!command->used || (command->due_ms > now_ms && command->expires_ms > now_ms))
			continue;
		*out = *command;
		*expired = command->expires_ms < now_ms;
		command->used = false;
		return true;
	}
	return false;
}

/* ---- the answer ------------------------------------------------------------------ */

json_t *command_result(const struct stamp *stamp, const struct command *command, bool ok,
                       const char *error, json_t *reply)
{
	json_t *message = message_begin("gaitd.cmd-result/1", stamp);

	json_object_set_new(message, "id", json_string(command->id));
	if (*command->verb)
		json_object_set_new(message, "cmd", json_string(command->verb));
	json_object_set_new(message, "ok", json_boolean(ok));
	if (!ok && error)
		json_object_set_new(message, "error", json_string(error));
	if (ok && reply)
		json_object_set(message, "result", reply);
	return message;
}
