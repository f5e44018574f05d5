/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "plugins/mqtt/bridge_private.h"

#include "plugins/mqtt/say.h"

#include <event2/util.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define FIGURES_S 60 /* as often as gaitctl writes metrics */

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

/* ---- how this program fares ---------------------------------------------------- */

static void on_figures(json_t *reply, const char *error, void *user)
{
	(void)reply; /* an older daemon, or one that is away: there are no metrics, then */
	(void)error;
	(void)user;
}

static void tell_figures(struct bridge *b)
{
	const struct spool *spool = &b->spool;
	size_t octets, waiting = spool_waiting(spool, &octets);
	json_t *request = json_pack(
		"{s:s, s:i, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "cmd", "figures",
		"connected", broker_is_up(b->broker) ? 1 : 0, "connects",
		(json_int_t)b->figures.connects, "acknowledged_age_s",
		(json_int_t)b->figures.acknowledged_age_s, "refused", (json_int_t)b->figures.refused,
		"waiting_events", (json_int_t)waiting, "waiting_bytes", (json_int_t)octets,
		"limit_events", (json_int_t)spool->max, "dropped_metrics",
		(json_int_t)spool->dropped[SPOOL_METRICS], "dropped_events",
		(json_int_t)spool->dropped[SPOOL_EVENT], "merged_safety", (json_int_t)spool->merged);

	b->figures.told_age_s = 0;
	if (b->facts.ready)
		fleet_ask(&b->fleet, request, on_figures, b);
	else
		json_decref(request);
}

static void count_second(struct bridge *b)
{
	b->figures.acknowledged_age_s++;
	if (++b->figures.told_age_s >= FIGURES_S)
		tell_figures(b);
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

static struct claiming_times now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_BOOTTIME, &t);
	return (struct claiming_times){ (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000,
		                        bridge_unix_ms() };
}

/* Whatever was done: an answer may have to wait now. */
static void wait_for_answer(struct bridge *b)
{
	int64_t next_ms = claiming_next_ms(&b->claiming), ms = next_ms - now().now_ms;
	struct timeval wait = { 0, 0 };

	if (next_ms == INT64_MAX || evtimer_pending(b->answer, NULL))
		return;
	if (ms > 0)
		wait.tv_usec = (int)ms % 1000 * 1000;
	evtimer_add(b->answer, &wait);
}

static void on_answer(evutil_socket_t fd, short what, void *user)
{
	struct bridge *b = user;

	(void)fd;
	(void)what;
	claiming_tick(&b->claiming, now());
	wait_for_answer(b);
}

static void tell_claim(json_t *message, void *user)
{
	struct bridge *b = user;
	char *text = message_text(message);

	if (text)
		broker_publish(b->broker, b->claim_topic, text, 1, false, NULL);
	free(text);
}

static void on_released(json_t *reply, const char *error, void *user)
{
	struct bridge *b = user;

	claiming_released(&b->claiming, now(), reply ? NULL : error);
}

static void on_freed(json_t *reply, const char *error, void *user)
{
	(void)reply; /* the daemon may have forgotten it: the next question tells */
	(void)error;
	(void)user;
}

static void ask_of_pod(struct bridge *b, const char *verb, const char *id, fleet_answer_fn then)
{
	fleet_ask(&b->fleet, json_pack("{s:s, s:s}", "cmd", verb, "id", id), then, b);
}

static void release_pod(const char *id, void *user)
{
	ask_of_pod(user, "release-pod", id, on_released);
}

static void free_pod(const char *id, void *user)
{
	say("no other console holds the foot pod any more that was left to one");
	ask_of_pod(user, "free-pod", id, on_freed);
}

static void say_line(const char *text, void *user)
{
	(void)user;
	say("%s", text);
}

static const struct claiming_hooks claim_hooks = {
	.tell = tell_claim, .release = release_pod, .free_again = free_pod, .say = say_line,
};

static void on_held(json_t *reply, const char *error, void *user)
{
	struct bridge *b = user;

	(void)error;
	b->asking = false;
	claiming_held(&b->claiming, now(), reply);
	wait_for_answer(b);
}

void bridge_fleet_pod(struct bridge *b)
{
	if (!*b->key || b->asking)
		return;
	b->asking = true;
	fleet_ask(&b->fleet, json_pack("{s:s}", "cmd", "held-pod"), on_held, b);
}

/* While there is none it is not asked for each second. */
static void follow_pod(struct bridge *b)
{
	bool may_be = b->facts.has_link && b->facts.link.footpod != DISPLAY_LINK_OFF;

	if (!*b->key)
		return;
	if (may_be || *b->claiming.held.id || b->claiming.rival_count > 0)
		bridge_fleet_pod(b);
	claiming_tick(&b->claiming, now());
}

static void take_claim(struct bridge *b, const char *what, const char *console, const char *payload,
                       size_t length)
{
	json_t *message = json_loadb(payload, length, JSON_REJECT_DUPLICATES, NULL);

	if (strcmp(what, "claim") == 0)
		claiming_heard(&b->claiming, now(), console, message);
	else
		claiming_status(&b->claiming, now(), console, message);
	wait_for_answer(b);
	json_decref(message);
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
	else if (*b->key && (strcmp(what, "status") == 0 || (strcmp(what, "claim") == 0 && !retained)))
		take_claim(b, what, console, payload, length);
}

void bridge_fleet_link(struct bridge *b, bool up)
{
	const struct settings *s = b->settings;
	char topic[MESSAGE_TOPIC_MAX];

	claiming_link(&b->claiming, now(), up);
	tell_figures(b);
	if (!up)
		return;
	if (s->commands.enabled) {
		message_topic(topic, s->site, s->console, "cmd/+");
		broker_subscribe(b->broker, topic);
		message_topic(topic, s->site, "all", "cmd/+");
		broker_subscribe(b->broker, topic);
	}
	if (*b->key) {
		message_topic(topic, s->site, "+", "claim");
		broker_subscribe(b->broker, topic);
		message_topic(topic, s->site, "+", "status");
		broker_subscribe(b->broker, topic);
	}
}

void bridge_fleet_ready(struct bridge *b)
{
	json_decref(b->care);
	b->care = NULL;
	if (b->facts.ready)
		ask_care(b);
	tell_figures(b);
	bridge_fleet_pod(b);
}

void bridge_fleet_second(struct bridge *b)
{
	do_what_is_due(b);
	follow_pod(b);
	count_second(b);
}

/* Where it is not given: beside the displays' */
bool bridge_fleet_open(struct bridge *b, const char *key)
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
	claiming_init(&b->claiming, b->key, b->settings->console, b->boot, &claim_hooks, b);
	if (*b->key && !claim_key_mark(b->key, b->key_mark))
		return false;
	b->answer = evtimer_new(b->base, on_answer, b);
	return b->answer;
}

void bridge_fleet_close(struct bridge *b)
{
	fleet_close(&b->fleet);
	if (b->answer)
		event_free(b->answer);
	json_decref(b->care);
	explicit_bzero(b->key, sizeof(b->key));
}
