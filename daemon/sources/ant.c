/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The engine (daemon/ant), a stick (daemon/usb) and the session's clock.
 */
#include "daemon/sources/ant.h"

#include "daemon/ant/ant_engine.h"
#include "daemon/service/config.h"
#include "daemon/service/log.h"
#include "daemon/service/secret.h"
#include "daemon/service/timer.h"
#include "daemon/sources/ant_around.h"
#include "daemon/sources/knowledge.h"
#include "daemon/usb/usb_stick.h"
#include "protocol/running_dynamics.h"

#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define TOKEN "ant"
#define FIRST_CANDIDATE 2
#define LOST_US (10 * UINT64_C(1000000))
#define NEAR_US (10 * UINT64_C(1000000))
#define SLEPT_US (2 * UINT64_C(1000000))
#define RETRY_US (60 * UINT64_C(1000000)) /* to look for a stick unbidden */
#define CLOSING_PUMPS 60

enum pod_link { POD_UNTOLD, POD_SEARCHING, POD_LIVE, POD_LOST };

struct ant {
	struct source_host host;
	uint8_t *key; /* in memory of its own */
	bool has_key;
	char port[USB_PORT_SIZE];
	struct ant_engine_settings known;
	struct ant_engine engine;
	struct usb_stick *stick; /* NULL: no key, or no USB */
	struct event *timer;
	struct ant_around around;
	enum pod_link pod_link;
	uint64_t pod_us, slept_us, retry_us;
	bool dynamics;    /* footpod.running_dynamics */
	bool engine_open; /* said that it listens */
	bool leaving;     /* the stick, when its channels are closed */
	char why[USB_WORDS_SIZE]; /* USB cannot be had */
};

static uint64_t now_us(const struct ant *a)
{
	return a->host.now_us(a->host.user);
}

/* ---- events -------------------------------------------------------------- */

static void link_is(struct ant *a, enum pod_link link)
{
	static const enum display_link_state states[] = {
		[POD_SEARCHING] = DISPLAY_LINK_SEARCHING,
		[POD_LIVE] = DISPLAY_LINK_LIVE,
		[POD_LOST] = DISPLAY_LINK_LOST,
	};
	struct source_event event;

	if (a->pod_link == link)
		return;
	a->pod_link = link;
	memset(&event, 0, sizeof(event));
	event.device = SOURCE_FOOTPOD;
	event.unit = 1;
	event.kind = SOURCE_LINK;
	event.link = states[link];
	a->host.deliver(a->host.user, &event);
}

static void hand_on(struct ant *a, enum source_device device, unsigned unit,
                    const struct ant_message *message)
{
	struct source_event event;

	memset(&event, 0, sizeof(event));
	event.device = device;
	event.unit = unit;
	event.kind = SOURCE_ANT;
	event.length = ant_frame_encode(message, event.bytes, sizeof(event.bytes));
	a->host.deliver(a->host.user, &event);
}

/* The runner's pod has channel 1 where there is no scan; a stick that adds no
 * id tells by that whose message it is. */
static bool is_the_pod(const struct ant *a, const struct ant_data *data)
{
	if (data->extensions & ANT_EXT_CHANNEL_ID)
		return (data->device_type == ANT_TYPE_FOOTPOD ||
		        (a->dynamics && data->device_type == RD_DEVICE_TYPE)) &&
		       ant_around_is(a->known.footpod, data);
	return a->known.footpod != 0 && data->channel == 1;
}

static bool is_the_strap(const struct ant *a, const struct ant_data *data)
{
	if (data->extensions & ANT_EXT_CHANNEL_ID)
		return data->device_type == ANT_TYPE_HEART_RATE &&
		       ant_around_is(a->known.heart_rate, data);
	return a->known.heart_rate != 0 && data->channel == 2;
}

static void on_data(void *user, const struct ant_message *message,
                    const struct ant_data *data)
{
	struct ant *a = user;
	uint64_t now = now_us(a);
	bool told = data->extensions & ANT_EXT_CHANNEL_ID;
	size_t place = 0;

	if (told && (data->device_type == ANT_TYPE_FOOTPOD ||
	             data->device_type == ANT_TYPE_HEART_RATE))
		place = ant_around_heard(&a->around, data, now);
	if (is_the_pod(a, data)) {
		a->pod_us = now;
		link_is(a, POD_LIVE);
		hand_on(a, SOURCE_FOOTPOD, 1, message);
	} else if (is_the_strap(a, data)) {
		hand_on(a, SOURCE_HEART_RATE, 1, message);
	} else if (told && data->device_type == ANT_TYPE_FOOTPOD) {
		hand_on(a, SOURCE_FOOTPOD, FIRST_CANDIDATE + (unsigned)place, message);
	}
}

/* ---- time ---------------------------------------------------------------- */

static uint64_t clock_us(clockid_t clock)
{
	struct timespec now = { 0, 0 };

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

/* A stick was without power while the computer slept. */
static void notice_sleep(struct ant *a)
{
	uint64_t awake = clock_us(CLOCK_MONOTONIC), all = clock_us(CLOCK_BOOTTIME);
	uint64_t slept = all > awake ? all - awake : 0;

	if (slept > a->slept_us + SLEPT_US)
		ant_engine_resumed(&a->engine, now_us(a));
	a->slept_us = slept;
}

static void arm(struct ant *a)
{
	uint64_t due = ant_engine_deadline_us(&a->engine);
	struct timeval wait;

	if (a->pod_link == POD_LIVE && a->pod_us + LOST_US < due)
		due = a->pod_us + LOST_US;
	if (a->retry_us != 0 && a->retry_us < due)
		due = a->retry_us;
	if (due == ANT_ENGINE_NEVER) {
		event_del(a->timer);
		return;
	}
	wait = timer_wait(due, now_us(a));
	event_add(a->timer, &wait);
}

static void say_listening(struct ant *a)
{
	const struct ant_engine *engine = &a->engine;

	if (engine->state != ANT_ENGINE_LISTENING)
		return;
	if (!a->engine_open)
		log_notice(TOKEN, "%s, %s, serial number %u: listening, %s",
		           usb_stick_title(a->stick),
		           engine->version[0] ? engine->version : "no version",
		           engine->serial, ant_engine_mode_name(engine->mode));
	a->engine_open = true;
	if (a->known.footpod != 0 && a->pod_link == POD_UNTOLD)
		link_is(a, POD_SEARCHING);
}

static void settle(struct ant *a)
{
	if (a->pod_link == POD_LIVE && now_us(a) - a->pod_us >= LOST_US)
		link_is(a, POD_LOST);
	say_listening(a);
	if (a->leaving && a->engine.state == ANT_ENGINE_ABSENT) {
		a->leaving = false;
		usb_stick_use(a->stick, NULL);
	}
	arm(a);
}

static void look_again(struct ant *a);

static void on_timer(evutil_socket_t fd, short what, void *user)
{
	struct ant *a = user;

	(void)fd;
	(void)what;
	notice_sleep(a);
	if (a->retry_us != 0 && now_us(a) >= a->retry_us)
		look_again(a);
	ant_engine_advance(&a->engine, now_us(a));
	settle(a);
}

/* ---- between the engine and the stick ------------------------------------ */

static void to_stick(void *user, const uint8_t *bytes, size_t length)
{
	struct ant *a = user;

	if (a->stick)
		usb_stick_send(a->stick, bytes, length);
}

static void on_reopen(void *user, bool reset)
{
	struct ant *a = user;

	usb_stick_reopen(a->stick, reset);
}

static void on_note(void *user, bool problem, const char *text)
{
	(void)user;
	if (problem)
		log_known(MESSAGE_STICK_TROUBLE, TOKEN, "%s", text);
	else
		log_notice(TOKEN, "%s", text);
}

static const struct ant_engine_ops engine_ops = { to_stick, on_data, on_reopen, on_note };

static void on_opened(void *user, const char *title)
{
	struct ant *a = user;

	log_info(TOKEN, "%s: opened", title);
	a->slept_us = clock_us(CLOCK_BOOTTIME) - clock_us(CLOCK_MONOTONIC);
	ant_engine_opened(&a->engine, now_us(a));
	settle(a);
}

static void on_closed(void *user)
{
	struct ant *a = user;

	a->engine_open = false;
	ant_engine_gone(&a->engine);
	if (a->pod_link == POD_LIVE)
		link_is(a, POD_LOST);
	settle(a);
}

static void on_received(void *user, const uint8_t *bytes, size_t length)
{
	struct ant *a = user;

	notice_sleep(a);
	ant_engine_receive(&a->engine, bytes, length, now_us(a));
	settle(a);
}

static const struct usb_stick_ops stick_ops = { on_opened, on_closed, on_received, on_note };

static void open_usb(struct ant *a)
{
	char why[USB_WORDS_SIZE];

	a->retry_us = a->has_key ? now_us(a) + RETRY_US : 0;
	if (a->stick || !a->has_key)
		return;
	a->stick = usb_stick_new(a->host.base, a->port, &stick_ops, a, why);
	if (a->stick) {
		a->why[0] = '\0';
		return;
	}
	if (strcmp(why, a->why) != 0)
		log_known(MESSAGE_STICK_TROUBLE, TOKEN, "%s", why);
	memcpy(a->why, why, sizeof(why));
}

/* That a stick arrived may never be told: in a network namespace of its own a
 * program gets no such events. A new look at the bus finds it. */
static void look_again(struct ant *a)
{
	if (a->stick && usb_stick_state(a->stick) == USB_STICK_NONE) {
		usb_stick_free(a->stick);
		a->stick = NULL;
	}
	open_usb(a);
}

/* The channels are closed, so that the next program finds a stick that
 * answers. Bounded: the daemon ends. */
static void close_usb(struct ant *a)
{
	ant_engine_close(&a->engine, now_us(a));
	for (unsigned i = 0; a->stick && i < CLOSING_PUMPS &&
	                     a->engine.state == ANT_ENGINE_CLOSING; i++) {
		usb_stick_pump(a->stick);
		ant_engine_advance(&a->engine, now_us(a));
	}
	ant_engine_gone(&a->engine);
	usb_stick_free(a->stick);
	a->stick = NULL;
}

/* ---- configuration ------------------------------------------------------- */

static bool read_key(const struct config *config, uint8_t *key)
{
	if (config->network_key) {
		memcpy(key, config->network_key, ANT_KEY_SIZE);
		return true;
	}
	return *config->ant.network_key_file &&
	       secret_ant_key_file(config->ant.network_key_file, key);
}

static struct ant_engine_settings known_of(const struct ant *a, const struct config *config)
{
	struct ant_engine_settings known = {
		.footpod = config->footpod.ant_id,
		.heart_rate = config->ant.heart_rate_id,
		.dynamics = config->footpod.running_dynamics,
	};
	char id[KNOWLEDGE_ID_SIZE] = "";

	if (known.footpod != 0)
		snprintf(id, sizeof(id), "ant %u", known.footpod);
	if (known.footpod == 0)
		known.footpod = knowledge_ant_number(
			knowledge_paired(a->host.knowledge, SOURCE_FOOTPOD));
	return known;
}

static void know(struct ant *a, const struct config *config)
{
	struct ant_engine_settings known = known_of(a, config);

	if (known.footpod != a->known.footpod)
		a->pod_link = POD_UNTOLD;
	a->known = known;
	a->dynamics = config->footpod.running_dynamics;
	ant_engine_know(&a->engine, &known, now_us(a));
}

static void say_no_key(const struct config *config)
{
	if (!*config->ant.network_key_file)
		log_known(MESSAGE_KEY_MISSING, TOKEN,
		          "off: ANT+ needs the network key from the ANT+ adopter "
		          "programme, in ant.network_key_file; see gaitd.yaml(5). "
		          "Bluetooth foot pods work without");
}

/* True if the stick must be configured from the start. */
static bool take_key(struct ant *a, const struct config *config)
{
	uint8_t *key = secret_new(ANT_KEY_SIZE);
	bool has_key = key && read_key(config, key);
	bool other = has_key != a->has_key ||
	             (has_key && memcmp(key, a->key, ANT_KEY_SIZE) != 0);

	a->has_key = has_key;
	if (has_key)
		memcpy(a->key, key, ANT_KEY_SIZE);
	else
		explicit_bzero(a->key, ANT_KEY_SIZE);
	secret_free(key, ANT_KEY_SIZE);
	return other;
}

/* Nothing waits here for the stick: displays go on. */
static void use_stick(struct ant *a, bool other_key)
{
	a->leaving = !a->has_key;
	if (!a->has_key) {
		ant_engine_close(&a->engine, now_us(a));
		return;
	}
	if (other_key) {
		usb_stick_reopen(a->stick, false);
		on_closed(a);
	}
	usb_stick_use(a->stick, a->port);
}

static void reconfigure(void *source, const struct config *config)
{
	struct ant *a = source;
	bool other_key = take_key(a, config);
	bool other_port = strcmp(a->port, config->ant.stick) != 0;

	snprintf(a->port, sizeof(a->port), "%s", config->ant.stick);
	know(a, config);
	if (a->stick && (other_key || other_port))
		use_stick(a, other_key);
	if (other_key && !a->has_key)
		say_no_key(config);
	open_usb(a);
	settle(a);
}

/* ---- the source ---------------------------------------------------------- */

static void stop(void *source)
{
	struct ant *a = source;

	if (a->key)
		close_usb(a);
	secret_free(a->key, ANT_KEY_SIZE);
	if (a->timer)
		event_free(a->timer);
	free(a);
}

static void *start(const struct source_host *host, const struct config *config)
{
	struct ant *a = calloc(1, sizeof(*a));

	if (!a)
		return NULL;
	a->host = *host;
	a->key = secret_new(ANT_KEY_SIZE);
	a->timer = evtimer_new(host->base, on_timer, a);
	if (!a->key || !a->timer) {
		stop(a);
		return NULL;
	}
	take_key(a, config);
	snprintf(a->port, sizeof(a->port), "%s", config->ant.stick);
	a->known = known_of(a, config);
	ant_engine_init(&a->engine, a->key, &a->known, &engine_ops, a);
	if (!a->has_key)
		say_no_key(config);
	/* libusb makes a thread: not before the privileges are dropped */
	a->retry_us = a->has_key ? now_us(a) + 1 : 0;
	arm(a);
	return a;
}

/* ---- status and scan ----------------------------------------------------- */

static void message_of(const struct ant *a, char *out, size_t size)
{
	if (!a->has_key)
		snprintf(out, size, "off: no network key");
	else if (!a->stick)
		snprintf(out, size, "%s", a->why);
	else if (a->engine.state == ANT_ENGINE_ABSENT && *usb_stick_why(a->stick))
		snprintf(out, size, "%s", usb_stick_why(a->stick));
	else
		ant_engine_describe(&a->engine, now_us(a), out, size);
}

static void put_counts(const struct ant *a, json_t *state)
{
	const struct ant_engine *engine = &a->engine;
	uint64_t slots = engine->received + engine->missed;

	json_object_set_new(state, "messages", json_integer((json_int_t)engine->received));
	json_object_set_new(state, "missed_pct",
	                    json_integer(slots ? (json_int_t)(engine->missed * 100 / slots) :
	                                         0));
	json_object_set_new(state, "restarts", json_integer((json_int_t)engine->restarts));
	json_object_set_new(state, "footpods",
	                    json_integer((json_int_t)ant_around_count(
				    &a->around, ANT_TYPE_FOOTPOD, NEAR_US, now_us(a))));
}

static void describe(const void *source, json_t *state)
{
	const struct ant *a = source;
	char text[USB_WORDS_SIZE];

	message_of(a, text, sizeof(text));
	json_object_set_new(state, "state",
	                    json_string(a->has_key ?
	                                        ant_engine_state_name(a->engine.state) :
	                                        "off"));
	json_object_set_new(state, "message", json_string(text));
	if (!a->stick || !*usb_stick_title(a->stick))
		return;
	json_object_set_new(state, "stick", json_string(usb_stick_title(a->stick)));
	if (a->engine.version[0])
		json_object_set_new(state, "version", json_string(a->engine.version));
	put_counts(a, state);
}

static void nearby(void *source, json_t *devices)
{
	const struct ant *a = source;
	uint64_t now = now_us(a);

	for (size_t i = 0; i < ANT_AROUND_MAX; i++) {
		const struct ant_around_device *device = &a->around.devices[i];
		const char *offers =
			device->type == ANT_TYPE_FOOTPOD ? "footpod" : "heart_rate";
		char id[KNOWLEDGE_ID_SIZE];
		json_t *object;

		if (device->type == 0 || now - device->heard_us > ANT_AROUND_FORGET_US)
			continue;
		snprintf(id, sizeof(id), "ant %u", device->number);
		object = json_pack("{s:s, s:s, s:s, s:[s], s:I}", "source", TOKEN, "id", id,
		                   "name", "", "offers", offers, "heard_s",
		                   (json_int_t)((now - device->heard_us) / 1000000));
		if (object && device->rssi_dbm != ANT_RSSI_NONE)
			json_object_set_new(object, "rssi_dbm",
			                    json_integer(device->rssi_dbm));
		json_array_append_new(devices, object);
	}
}

static const char *stuck(void *source)
{
	struct ant *a = source;

	return a->stick ? usb_stick_stuck(a->stick) : NULL;
}

const struct source_live_ops ant_source = {
	.name = TOKEN,
	.start = start,
	.stop = stop,
	.reconfigure = reconfigure,
	.describe = describe,
	.nearby = nearby,
	.stuck = stuck,
};
