/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "config.h"
#include "plugins/mqtt/bridge_private.h"

#include "plugins/mqtt/discovery.h"
#include "plugins/mqtt/say.h"

#include <errno.h>
#include <event2/event.h>
#include <event2/util.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define UNDER_WAY_MAX 16 /* events that wait for the broker's word */
#define UNHOLD_S 60      /* after a refusal */
#define MINUTE_S 60

int64_t bridge_unix_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- status and state: the newest alone counts ------------------------------- */

static void publish(struct bridge *b, const char *topic, json_t *message)
{
	char *text = message_text(message);

	if (text)
		broker_publish(b->broker, topic, text, 1, true, NULL);
	free(text);
}

static struct stamp stamp_of(const struct bridge *b, uint64_t seq)
{
	return (struct stamp){ .boot = b->boot, .seq = seq, .unix_ms = bridge_unix_ms() };
}

void bridge_status(struct bridge *b)
{
	struct stamp stamp = stamp_of(b, b->status_seq);

	if (!broker_is_up(b->broker))
		return;
	b->status_seq++;
	publish(b, b->status_topic, message_status(MESSAGE_ONLINE, &stamp, &b->facts, b->care, b->key_mark));
}

/* Once a second at most, and not what the broker has already. */
static void tell_state(struct bridge *b)
{
	struct stamp stamp = stamp_of(b, b->state_seq);
	json_t *state;

	if (!b->state_changed || !broker_is_up(b->broker))
		return;
	b->state_changed = false;
	state = message_state(&stamp, &b->facts, b->settings->running_values);
	if (!message_is_news(state, b->state)) {
		json_decref(state);
		return;
	}
	json_decref(b->state);
	b->state = json_incref(state);
	b->state_seq++;
	publish(b, b->state_topic, state);
}

/* ---- events: each of them counts ---------------------------------------------- */

static void send_events(struct bridge *b)
{
	struct spool_entry *entry;

	if (!broker_is_up(b->broker) || evtimer_pending(b->unhold, NULL))
		return;
	while (spool_under_way(&b->spool) < UNDER_WAY_MAX && (entry = spool_next(&b->spool))) {
		if (!broker_publish(b->broker, b->event_topic, entry->text, 1, false, &entry->mid))
			return;
	}
}

static void tell_disk(struct bridge *b)
{
	int error = b->spool.disk_error;

	if (error == b->disk_told)
		return;
	b->disk_told = error;
	if (error)
		say("the spool %s takes no more: %s; events are kept in memory until there is "
		    "room", b->spool.directory, strerror(error));
	else
		say("the spool takes events again");
}

struct stamp bridge_event_stamp(struct bridge *b)
{
	return stamp_of(b, b->event_seq++);
}

void bridge_event(struct bridge *b, enum spool_class class, json_t *event)
{
	if (!spool_add(&b->spool, class, event))
		say("out of memory: an event is lost");
	tell_disk(b);
	send_events(b);
}

static void on_unhold(evutil_socket_t fd, short what, void *user)
{
	(void)fd;
	(void)what;
	send_events(user);
}

/* ---- what the broker says ------------------------------------------------------- */

static char *will(void *user)
{
	struct bridge *b = user;
	struct stamp stamp = stamp_of(b, b->status_seq++);

	return message_text(message_status(MESSAGE_LOST, &stamp, &b->facts, NULL, ""));
}

static void tell_discovery(struct bridge *b)
{
	char topic[MESSAGE_TOPIC_MAX];

	if (!b->settings->home_assistant.enabled)
		return;
	discovery_topic(topic, b->settings);
	publish(b, topic, discovery_message(b->settings));
}

static void on_up(void *user)
{
	struct bridge *b = user;

	b->figures.connects++;
	bridge_fleet_link(b, true);
	bridge_status(b);
	tell_discovery(b);
	json_decref(b->state);
	b->state = NULL;
	b->state_changed = true;
	tell_state(b);
	send_events(b);
}

static void on_down(void *user)
{
	struct bridge *b = user;

	bridge_fleet_link(b, false);
	spool_rewind(&b->spool);
}

static void on_taken(int mid, bool taken, void *user)
{
	static const struct timeval hold = { UNHOLD_S, 0 };
	struct bridge *b = user;

	if (taken) {
		if (spool_delivered(&b->spool, mid))
			b->figures.acknowledged_age_s = 0;
	} else {
		b->figures.refused += spool_refused(&b->spool, mid);
		event_add(b->unhold, &hold);
	}
	send_events(b);
}

static void on_message(const char *topic, const char *payload, size_t length, bool retained,
                       void *user)
{
	bridge_fleet_message(user, topic, payload, length, retained);
}

static const struct broker_hooks hooks = {
	.will = will, .up = on_up, .down = on_down, .taken = on_taken, .message = on_message,
};

/* ---- time ------------------------------------------------------------------------ */

/* A minute in which nothing was is not told. */
static void tell_minute(struct bridge *b)
{
	struct stamp stamp;
	json_t *event, *prompts;
	bool any = b->minute.moving_s > 0;

	for (enum display_level level = 0; level <= DISPLAY_LEVEL_SAFETY; level++)
		any |= b->minute.prompts[level] > 0;
	if (any) {
		stamp = bridge_event_stamp(b);
		event = message_event(&stamp, "minute");
		prompts = json_object();
		for (enum display_level level = 0; level <= DISPLAY_LEVEL_SAFETY; level++)
			json_object_set_new(prompts, display_level_name(level),
			                    json_integer(b->minute.prompts[level]));
		json_object_set_new(event, "moving_s", json_integer(b->minute.moving_s));
		json_object_set_new(event, "prompts", prompts);
		bridge_event(b, SPOOL_METRICS, event);
	}
	memset(&b->minute, 0, sizeof(b->minute));
}

static void on_second(evutil_socket_t fd, short what, void *user)
{
	struct bridge *b = user;
	const struct display_metrics *m = &b->facts.metrics;

	(void)fd;
	(void)what;
	tell_state(b);
	spool_second(&b->spool);
	bridge_fleet_second(b);
	if (m->present & DISPLAY_SPEED && m->speed_kmh > 0)
		b->minute.moving_s++;
	if (++b->minute.seconds < MINUTE_S)
		return;
	tell_minute(b);
	spool_retry_disk(&b->spool);
	tell_disk(b);
}

/* ---- the whole --------------------------------------------------------------------- */

/* A UUID of version 4 */
static void draw_boot(char out[MESSAGE_BOOT_SIZE])
{
	uint8_t r[16];

	evutil_secure_rng_get_bytes(r, sizeof(r));
	r[6] = (uint8_t)(0x40 | (r[6] & 0x0f));
	r[8] = (uint8_t)(0x80 | (r[8] & 0x3f));
	snprintf(out, MESSAGE_BOOT_SIZE,
	         "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", r[0], r[1],
	         r[2], r[3], r[4], r[5], r[6], r[7], r[8], r[9], r[10], r[11], r[12], r[13], r[14],
	         r[15]);
}

/* A connection that is dead is noticed after one and a half times the keep-alive:
 * until then nobody knows that the broker was lost. */
static long keep_s_of(const struct settings *settings)
{
	return settings->spool.keep_s ? settings->spool.keep_s + 2 * settings->broker.keepalive_s
	                              : 0;
}

static bool open_parts(struct bridge *b, const struct bridge_options *options)
{
	static const struct timeval second = { 1, 0 };

	b->second = event_new(b->base, -1, EV_PERSIST, on_second, b);
	b->unhold = evtimer_new(b->base, on_unhold, b);
	b->broker = broker_new(b->base, b->settings, options->password, &hooks, b);
	if (!b->second || !b->unhold || !b->broker ||
	    !spool_open(&b->spool, options->spool, (size_t)b->settings->spool.events)) {
		say("out of memory");
		return false;
	}
	b->spool.keep_s = keep_s_of(b->settings);
	if (!bridge_display_open(b, options))
		return false;
	if (!bridge_fleet_open(b, options->key)) {
		say("out of memory");
		return false;
	}
	event_add(b->second, &second);
	broker_start(b->broker, b->status_topic);
	return true;
}

struct bridge *bridge_new(struct event_base *base, const struct settings *settings,
                          const struct bridge_options *options)
{
	struct bridge *b = calloc(1, sizeof(*b));

	if (!b) {
		say("out of memory");
		return NULL;
	}
	b->base = base;
	b->settings = settings;
	draw_boot(b->boot);
	message_topic(b->status_topic, settings->site, settings->console, "status");
	message_topic(b->state_topic, settings->site, settings->console, "state");
	message_topic(b->event_topic, settings->site, settings->console, "event");
	if (open_parts(b, options))
		return b;
	bridge_free(b);
	return NULL;
}

bool bridge_free(struct bridge *b)
{
	struct stamp stamp;
	bool whole;

	if (!b)
		return true;
	stamp = stamp_of(b, b->status_seq);
	if (b->broker && broker_is_up(b->broker))
		publish(b, b->status_topic,
		        message_status(MESSAGE_STOPPED, &stamp, &b->facts, NULL, ""));
	bridge_fleet_close(b);
	whole = broker_free(b->broker);
	if (b->display)
		bridge_display_close(b);
	if (b->second)
		event_free(b->second);
	if (b->unhold)
		event_free(b->unhold);
	spool_close(&b->spool);
	json_decref(b->state);
	free(b);
	return whole;
}
