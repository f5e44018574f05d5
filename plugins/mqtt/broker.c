/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "plugins/mqtt/broker.h"

#include "plugins/mqtt/backoff.h"
#include "plugins/mqtt/broker_words.h"
#include "plugins/mqtt/errand.h"
#include "plugins/mqtt/say.h"
#include "plugins/mqtt/unanswered.h"

#include <arpa/inet.h>
#include <errno.h>
#include <event2/util.h>
#include <fcntl.h>
#include <mosquitto.h>
#include <mqtt_protocol.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ATTEMPT_S 20 /* from the first packet to the broker's answer */
#define HELD_S 30    /* a connection that held so long was none of a row of failures */
#define SUBSCRIPTIONS_MAX 4

struct subscription {
	char pattern[256]; /* "": none */
	int mid;
	bool refused;
};

struct broker {
	struct event_base *base;
	const struct settings *settings;
	const char *password, *will_topic;
	const struct broker_hooks *hooks;
	void *user;
	struct mosquitto *client; /* NULL: waiting for the next try */
	/* A duplicate of libmosquitto's, which closes its own whenever it likes: that number
	 * may be another's before these events are gone. */
	int fd;
	struct event *readable, *writable;
	struct event *next; /* the next try */
	struct event *misc; /* each second while there is a client */
	struct errand dial; /* libmosquitto asks the resolver, and waits for it */
	int dial_error, dial_errno;
	struct event *lost; /* the client is to go, once nobody is in its calls */
	struct backoff backoff;
	unsigned seconds; /* that the client lives */
	bool up, leaving;
	struct subscription subscriptions[SUBSCRIPTIONS_MAX];
	struct unanswered unanswered;
	struct broker_words words;
};

static void leave(struct broker *b)
{
	if (b->client)
		event_active(b->lost, 0, 0);
}

/* ---- what libmosquitto tells ------------------------------------------------ */

static bool speaks_5(const struct broker *b)
{
	return strcmp(b->settings->broker.protocol, "5") == 0;
}

static void on_connect(struct mosquitto *client, void *user, int reason)
{
	struct broker *b = user;

	(void)client;
	if (reason) {
		broker_words_refused(&b->words, b->settings, reason, speaks_5(b));
		leave(b);
		return;
	}
	b->up = true;
	b->seconds = 0;
	broker_words_connected(&b->words, b->settings);
	b->hooks->up(b->user);
}

static void on_disconnect(struct mosquitto *client, void *user, int reason)
{
	struct broker *b = user;

	(void)client;
	if (!b->leaving)
		broker_words_lost(&b->words, b->settings, reason, b->up);
	leave(b);
}

static void on_publish(struct mosquitto *client, void *user, int mid, int reason,
                       const mosquitto_property *properties)
{
	struct broker *b = user;
	bool taken = reason < 128; /* MQTT 5; 0 in 3.1.1 */

	(void)client;
	(void)properties;
	unanswered_remove(&b->unanswered, mid);
	if (!taken)
		broker_words_unpublished(&b->words, b->settings, reason);
	b->hooks->taken(mid, taken, b->user);
}

static void on_subscribe(struct mosquitto *client, void *user, int mid, int count,
                         const int *granted)
{
	struct broker *b = user;

	(void)client;
	unanswered_remove(&b->unanswered, mid);
	for (int i = 0; i < SUBSCRIPTIONS_MAX; i++) {
		struct subscription *of = &b->subscriptions[i];
		bool refused = count > 0 && granted[0] >= 128;

		if (of->mid != mid)
			continue;
		if (refused && !of->refused)
			broker_words_unsubscribed(&b->words, b->settings, of->pattern);
		of->refused = refused;
	}
}

static void on_message(struct mosquitto *client, void *user, const struct mosquitto_message *m)
{
	struct broker *b = user;

	(void)client;
	b->hooks->message(m->topic, m->payload ? m->payload : "", (size_t)m->payloadlen,
	                  m->retain, b->user);
}

static void on_log(struct mosquitto *client, void *user, int level, const char *text)
{
	struct broker *b = user;

	(void)client;
	if (level == MOSQ_LOG_ERR)
		broker_words_library(&b->words, text);
}

/* ---- the loop ---------------------------------------------------------------- */

static void watch(struct broker *b)
{
	if (b->client && mosquitto_want_write(b->client))
		event_add(b->writable, NULL);
}

static void on_readable(evutil_socket_t fd, short what, void *user)
{
	struct broker *b = user;

	(void)fd;
	(void)what;
	if (mosquitto_loop_read(b->client, 1) != MOSQ_ERR_SUCCESS)
		leave(b);
	watch(b);
}

static void on_writable(evutil_socket_t fd, short what, void *user)
{
	struct broker *b = user;

	(void)fd;
	(void)what;
	if (mosquitto_loop_write(b->client, 1) != MOSQ_ERR_SUCCESS)
		leave(b);
	watch(b);
}

static void subscribe(struct broker *b, struct subscription *subscription)
{
	if (mosquitto_subscribe(b->client, &subscription->mid, subscription->pattern, 1) ==
	    MOSQ_ERR_SUCCESS)
		unanswered_add(&b->unanswered, subscription->mid, b->seconds);
}

/* One that was refused: the broker may not have been able just then, as NATS without a
 * leader. */
static void subscribe_again(struct broker *b)
{
	for (int i = 0; i < SUBSCRIPTIONS_MAX; i++) {
		if (b->subscriptions[i].refused)
			subscribe(b, &b->subscriptions[i]);
	}
}

/* False: there is no hope for this client. */
static bool is_alive(struct broker *b)
{
	unsigned answer_s = b->up ? (unsigned)b->settings->broker.answer_s : ATTEMPT_S;

	if (!b->up && b->seconds >= answer_s) {
		broker_words_silent(&b->words, b->settings);
		return false;
	}
	if (b->up && unanswered_for_s(&b->unanswered, b->seconds) >= answer_s) {
		broker_words_unanswered(&b->words, b->settings);
		return false;
	}
	return mosquitto_loop_misc(b->client) == MOSQ_ERR_SUCCESS;
}

static void on_misc(evutil_socket_t fd, short what, void *user)
{
	struct broker *b = user;

	(void)fd;
	(void)what;
	b->seconds++;
	if (b->dial.under_way) {
		if (b->seconds == ATTEMPT_S)
			broker_words_unresolved(&b->words, b->settings);
		return;
	}
	if (b->up && b->seconds == HELD_S)
		backoff_reset(&b->backoff);
	if (!is_alive(b))
		leave(b);
	else if (b->up && b->seconds % (unsigned)b->settings->broker.answer_s == 0)
		subscribe_again(b);
	watch(b);
}

/* ---- one client after the other ----------------------------------------------- */

static void wait_for_next(struct broker *b)
{
	struct timeval wait;
	uint32_t chance, ms;

	evutil_secure_rng_get_bytes(&chance, sizeof(chance));
	ms = backoff_next(&b->backoff, chance);
	wait.tv_sec = ms / 1000;
	wait.tv_usec = (int)(ms % 1000) * 1000;
	event_add(b->next, &wait);
}

static void close_client(struct broker *b)
{
	if (b->readable)
		event_free(b->readable);
	if (b->writable)
		event_free(b->writable);
	b->readable = b->writable = NULL;
	event_del(b->misc);
	event_del(b->lost);
	if (b->client)
		mosquitto_destroy(b->client);
	b->client = NULL;
	if (b->fd >= 0)
		close(b->fd);
	b->fd = -1;
}

static void on_lost(evutil_socket_t fd, short what, void *user)
{
	struct broker *b = user;
	bool was_up = b->up;

	(void)fd;
	(void)what;
	b->up = false;
	close_client(b);
	if (was_up)
		b->hooks->down(b->user);
	wait_for_next(b);
}

static bool set_options(struct broker *b)
{
	const struct settings *s = b->settings;
	char *will = b->hooks->will(b->user);
	int error = mosquitto_int_option(b->client, MOSQ_OPT_PROTOCOL_VERSION,
	                                 speaks_5(b) ? MQTT_PROTOCOL_V5 : MQTT_PROTOCOL_V311);

	if (!error && will)
		error = mosquitto_will_set(b->client, b->will_topic, (int)strlen(will), will, 1,
		                           true);
	if (!error && *s->broker.username)
		error = mosquitto_username_pw_set(b->client, s->broker.username, b->password);
	if (!error && *s->broker.ca)
		error = mosquitto_tls_set(b->client, s->broker.ca, NULL,
		                          *s->broker.certificate ? s->broker.certificate : NULL,
		                          *s->broker.key ? s->broker.key : NULL, NULL);
	free(will);
	if (error)
		broker_words_options(&b->words, s, error);
	return !error;
}

static void set_callbacks(struct broker *b)
{
	mosquitto_connect_callback_set(b->client, on_connect);
	mosquitto_disconnect_callback_set(b->client, on_disconnect);
	mosquitto_publish_v5_callback_set(b->client, on_publish);
	mosquitto_subscribe_callback_set(b->client, on_subscribe);
	mosquitto_message_callback_set(b->client, on_message);
	mosquitto_log_callback_set(b->client, on_log);
}

/* In the errand's thread, if it takes one: of this client nobody else does anything
 * meanwhile. */
static void dial(void *user)
{
	struct broker *b = user;
	const struct settings *s = b->settings;

	errno = 0;
	b->dial_error = mosquitto_connect_async(b->client, s->broker.host, (int)s->broker.port,
	                                        (int)s->broker.keepalive_s);
	b->dial_errno = errno;
}

static void give_up(struct broker *b)
{
	close_client(b);
	wait_for_next(b);
}

static void on_dialled(void *user)
{
	struct broker *b = user;

	errno = b->dial_errno;
	if (b->dial_error == MOSQ_ERR_SUCCESS) {
		b->fd = fcntl(mosquitto_socket(b->client), F_DUPFD_CLOEXEC, 0);
		b->dial_error = b->fd < 0 ? MOSQ_ERR_ERRNO : MOSQ_ERR_SUCCESS;
	}
	if (b->dial_error != MOSQ_ERR_SUCCESS) {
		broker_words_lost(&b->words, b->settings, b->dial_error, false);
		give_up(b);
		return;
	}
	b->seconds = 0;
	b->readable = event_new(b->base, b->fd, EV_READ | EV_PERSIST, on_readable, b);
	b->writable = event_new(b->base, b->fd, EV_WRITE, on_writable, b);
	event_add(b->readable, NULL);
	/* it is writable once the connection is there */
	event_add(b->writable, NULL);
}

/* An address needs no resolver. */
static bool is_address(const char *host)
{
	struct in6_addr address;

	return inet_pton(AF_INET, host, &address) == 1 || inet_pton(AF_INET6, host, &address) == 1;
}

static bool open_client(struct broker *b)
{
	const struct settings *s = b->settings;
	char id[80];

	snprintf(id, sizeof(id), "gaitd-%s-%s", s->site, s->console);
	b->client = mosquitto_new(id, true, b);
	if (!b->client)
		return false;
	set_callbacks(b);
	return set_options(b);
}

static void on_next(evutil_socket_t fd, short what, void *user)
{
	static const struct timeval second = { 1, 0 };
	struct broker *b = user;

	(void)fd;
	(void)what;
	b->seconds = 0;
	broker_words_begin(&b->words);
	memset(b->subscriptions, 0, sizeof(b->subscriptions));
	memset(&b->unanswered, 0, sizeof(b->unanswered));
	if (!open_client(b)) {
		give_up(b);
		return;
	}
	event_add(b->misc, &second);
	if (is_address(b->settings->broker.host) || !errand_start(&b->dial)) {
		dial(b);
		on_dialled(b);
	}
}

/* ---- what others do with it ----------------------------------------------------- */

bool broker_is_up(const struct broker *broker)
{
	return broker->up;
}

bool broker_publish(struct broker *b, const char *topic, const char *payload, int qos,
                    bool retain, int *mid)
{
	int error, number = 0;

	if (!b->up)
		return false;
	error = mosquitto_publish(b->client, &number, topic, (int)strlen(payload), payload, qos,
	                          retain);
	if (error)
		say("%s is not published: %s", topic, mosquitto_strerror(error));
	else if (qos > 0)
		unanswered_add(&b->unanswered, number, b->seconds);
	if (mid && !error)
		*mid = number;
	watch(b);
	return !error;
}

void broker_subscribe(struct broker *b, const char *pattern)
{
	for (int i = 0; b->up && i < SUBSCRIPTIONS_MAX; i++) {
		struct subscription *of = &b->subscriptions[i];

		if (*of->pattern)
			continue;
		snprintf(of->pattern, sizeof(of->pattern), "%s", pattern);
		subscribe(b, of);
		break;
	}
	watch(b);
}

void broker_start(struct broker *broker, const char *will_topic)
{
	static const struct timeval now = { 0, 0 };

	broker->will_topic = will_topic;
	event_add(broker->next, &now);
}

struct broker *broker_new(struct event_base *base, const struct settings *settings,
                          const char *password, const struct broker_hooks *hooks, void *user)
{
	struct broker *b = calloc(1, sizeof(*b));

	if (!b || mosquitto_lib_init() != MOSQ_ERR_SUCCESS) {
		free(b);
		return NULL;
	}
	b->base = base;
	b->fd = -1;
	b->settings = settings;
	b->password = password;
	b->hooks = hooks;
	b->user = user;
	b->backoff.base_ms = (uint32_t)settings->broker.retry_s * 1000;
	b->backoff.max_ms = (uint32_t)settings->broker.retry_max_s * 1000;
	b->next = evtimer_new(base, on_next, b);
	b->lost = event_new(base, -1, 0, on_lost, b);
	b->misc = event_new(base, -1, EV_PERSIST, on_misc, b);
	b->dial.work = dial;
	b->dial.done = on_dialled;
	b->dial.user = b;
	if (errand_open(&b->dial, base) && b->next && b->lost && b->misc)
		return b;
	broker_free(b);
	return NULL;
}

bool broker_free(struct broker *b)
{
	if (!b)
		return true;
	b->leaving = true;
	if (!errand_close(&b->dial))
		return false;
	if (b->up) {
		mosquitto_disconnect(b->client);
		mosquitto_loop_write(b->client, 1);
	}
	if (b->lost && b->misc)
		close_client(b);
	if (b->next)
		event_free(b->next);
	if (b->lost)
		event_free(b->lost);
	if (b->misc)
		event_free(b->misc);
	mosquitto_lib_cleanup();
	free(b);
	return true;
}
