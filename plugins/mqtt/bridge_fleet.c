/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "plugins/mqtt/bridge_private.h"

#include "plugins/mqtt/say.h"

#include <event2/util.h>
#include <stdlib.h>
#include <string.h>

#define CLAIM_EACH_S 30
#define HOUR_MS INT64_C(3600000)

/* ---- how the daemon's configuration is ------------------------------------- */

static void on_care(json_t *reply, const char *error, void *user)
{
	struct bridge *b = user;

	(void)error; /* an older daemon, or one that is away: said elsewhere */
	json_object_del(reply, "ok");
	if (!reply || json_equal(reply, b->care))
		return;
	json_decref(b->care);
	b->care = json_incref(reply);
	bridge_status(b);
}

static void ask_care(struct bridge *b)
{
	fleet_ask(&b->fleet, json_pack("{s:s}", "cmd", "about"), on_care, b);
}

/* ---- commands ---------------------------------------------------------------- */

struct doing {
	struct bridge *bridge;
	struct command command;
};

static void answer(struct bridge *b, const struct command *command, bool ok, const char *error,
                   json_t *reply)
{
	struct stamp stamp = { .boot = b->boot, .seq = b->result_seq++,
		               .unix_ms = bridge_unix_ms() };
	char *text = message_text(command_result(&stamp, command, ok, error, reply));

	if (text)
		broker_publish(b->broker, command->reply_to, text, 1, false, NULL);
	free(text);
}

static void on_done(json_t *reply, const char *error, void *user)
{
	struct doing *doing = user;

	json_object_del(reply, "ok");
	say("command %s %s: %s", doing->command.verb, doing->command.id, reply ? "done" : error);
	answer(doing->bridge, &doing->command, reply, error, reply);
	if (strcmp(doing->command.verb, "reload") == 0)
		ask_care(doing->bridge);
	free(doing);
}

static void carry_out(struct bridge *b, const struct command *command)
{
	struct doing *doing = calloc(1, sizeof(*doing));
	json_t *request = json_pack("{s:s}", "cmd", command->verb);

	if (!doing) {
		json_decref(request);
		answer(b, command, false, "out of memory", NULL);
		return;
	}
	*doing = (struct doing){ .bridge = b, .command = *command };
	json_object_set_new(request, "name", json_string(b->settings->console));
	fleet_ask(&b->fleet, request, on_done, doing);
}

static void do_what_is_due(struct bridge *b)
{
	struct command command;
	bool expired;

	while (commands_due(&b->commands, bridge_unix_ms(), &command, &expired)) {
		if (expired)
			answer(b, &command, false, "expired", NULL);
		else
			carry_out(b, &command);
	}
}

static void take_command(struct bridge *b, const char *topic, const char *payload, size_t length,
                         bool retained)
{
	struct command_offer offer = { topic, payload, length, retained, bridge_unix_ms(), 0 };
	struct command command;
	const char *why;
	enum command_verdict verdict;

	evutil_secure_rng_get_bytes(&offer.chance, sizeof(offer.chance));
	verdict = commands_offer(&b->commands, &offer, &command, &why);
	if (why)
		say("%s: %s", topic, why);
	if (verdict == COMMAND_REFUSED)
		answer(b, &command, false, why, NULL);
	do_what_is_due(b);
}

/* ---- which pod is whose -------------------------------------------------------- */

static void tell_claim(struct bridge *b, const char *rival, bool keep)
{
	struct stamp stamp = { .boot = b->boot, .seq = b->claim_seq++,
		               .unix_ms = bridge_unix_ms() };
	char *text = message_text(claim_message(&stamp, b->key, &b->claim, b->settings->console,
	                                        rival, keep));

	if (text)
		broker_publish(b->broker, b->claim_topic, text, 1, false, NULL);
	free(text);
	b->claim_hour = stamp.unix_ms / HOUR_MS;
	b->claim_age_s = 0;
}

static void on_released(json_t *reply, const char *error, void *user)
{
	struct bridge *b = user;

	b->releasing = false;
	if (!reply)
		say("the foot pod that another console holds stays here, too: %s", error);
}

static void release(struct bridge *b, const char *them)
{
	if (b->releasing)
		return;
	b->releasing = true;
	say("%s has held this console's foot pod for longer: it is left to that", them);
	fleet_ask(&b->fleet, json_pack("{s:s, s:s}", "cmd", "release-pod", "id", b->claim.id),
	          on_released, b);
}

static void take_claim(struct bridge *b, const char *them, const char *payload, size_t length)
{
	json_t *theirs = json_loadb(payload, length, JSON_REJECT_DUPLICATES, NULL);

	switch (claim_judge(b->key, &b->claim, b->settings->console, theirs, them)) {
	case CLAIM_NO_CONFLICT:
		break;
	case CLAIM_ANSWER:
		b->claim_due = true; /* with the next second: none answers in a circle */
		break;
	case CLAIM_KEEP:
		tell_claim(b, them, true);
		break;
	case CLAIM_RELEASE:
		tell_claim(b, them, false);
		release(b, them);
		break;
	case CLAIM_BOTH_FIXED:
		if (!b->both_told)
			say("%s and this console are configured with one foot pod: take it out of "
			    "the configuration of one, or of devices.json", them);
		b->both_told = true;
		break;
	}
	json_decref(theirs);
}

static void on_held(json_t *reply, const char *error, void *user)
{
	struct bridge *b = user;
	const char *id = json_string_value(json_object_get(reply, "id"));
	json_int_t held_ms = json_integer_value(json_object_get(reply, "held_ms"));

	(void)error;
	b->asking = false;
	b->claim_due |= strcmp(b->claim.id, id ? id : "") != 0;
	snprintf(b->claim.id, sizeof(b->claim.id), "%s", id ? id : "");
	b->claim.held_ms = held_ms > 0 ? (uint64_t)held_ms : 0;
	b->claim.fixed = json_is_true(json_object_get(reply, "fixed"));
	if (!broker_is_up(b->broker) || b->releasing)
		return;
	if (b->claim_due || (*b->claim.id && (b->claim_age_s >= CLAIM_EACH_S ||
	                                      bridge_unix_ms() / HOUR_MS != b->claim_hour))) {
		b->claim_due = false;
		tell_claim(b, NULL, false);
	}
}

static void follow_pod(struct bridge *b)
{
	bool may_be = b->facts.has_link && b->facts.link.footpod != DISPLAY_LINK_OFF;

	b->claim_age_s++;
	if (!*b->key || b->asking || !(may_be || *b->claim.id))
		return;
	b->asking = true;
	fleet_ask(&b->fleet, json_pack("{s:s}", "cmd", "held-pod"), on_held, b);
}

/* ---- what the rest of the bridge calls ------------------------------------------- */

/* "gaitd/v1/SITE/CONSOLE/WHAT" */
void bridge_fleet_message(struct bridge *b, const char *topic, const char *payload, size_t length,
                          bool retained)
{
	char site[SETTINGS_NAME_MAX], console[SETTINGS_NAME_MAX], what[32];

	if (sscanf(topic, "gaitd/v1/%32[^/]/%32[^/]/%31[^/]", site, console, what) != 3)
		return;
	if (strcmp(what, "cmd") == 0)
		take_command(b, topic, payload, length, retained);
	else if (strcmp(what, "claim") == 0 && !retained && *b->key)
		take_claim(b, console, payload, length);
}

void bridge_fleet_up(struct bridge *b)
{
	const struct settings *s = b->settings;
	char topic[MESSAGE_TOPIC_MAX];

	if (s->commands.enabled) {
		message_topic(topic, s->site, s->console, "cmd/+");
		broker_subscribe(b->broker, topic);
		message_topic(topic, s->site, "all", "cmd/+");
		broker_subscribe(b->broker, topic);
	}
	if (*b->key) {
		message_topic(topic, s->site, "+", "claim");
		broker_subscribe(b->broker, topic);
		b->claim_due = true;
	}
}

void bridge_fleet_ready(struct bridge *b)
{
	json_decref(b->care);
	b->care = NULL;
	if (b->facts.ready)
		ask_care(b);
}

void bridge_fleet_second(struct bridge *b)
{
	do_what_is_due(b);
	follow_pod(b);
}

/* Where it is not given: beside the displays' */
void bridge_fleet_open(struct bridge *b, const char *key)
{
	const char *display = gaitd_display_socket(b->display), *slash = strrchr(display, '/');
	int length = slash ? (int)(slash - display) + 1 : 0;

	b->fleet.base = b->base;
	if (*b->settings->commands.socket)
		snprintf(b->fleet.path, sizeof(b->fleet.path), "%.107s",
		         b->settings->commands.socket);
	else
		snprintf(b->fleet.path, sizeof(b->fleet.path), "%.*sfleet.sock", length, display);
	snprintf(b->key, sizeof(b->key), "%s", key ? key : "");
	b->commands.site = b->settings->site;
	b->commands.console = b->settings->console;
	message_topic(b->claim_topic, b->settings->site, b->settings->console, "claim");
}

void bridge_fleet_close(struct bridge *b)
{
	fleet_close(&b->fleet);
	json_decref(b->care);
	explicit_bzero(b->key, sizeof(b->key));
}
