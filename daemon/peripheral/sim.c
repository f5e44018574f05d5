/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "config.h"

#include "daemon/peripheral/sim.h"

#include "daemon/peripheral/peripheral.h"
#include "daemon/peripheral/station.h"
#include "daemon/simulator/simulator.h"
#include "protocol/ftms.h"

#include <errno.h>
#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define US_PER_S UINT64_C(1000000)
#define EXIT_NO_HARDWARE 4
#define COMMAND_SIZE 128
#define STRAP_MAX_BPM 188

struct sim {
	const struct sim_options *options;
	/* the scenario's, with the sensor that this device is */
	struct scenario scenario;
	struct body_traits body;
	struct simulator *simulator;
	struct source_event next;
	bool has_next;
	uint64_t zero_us; /* the clock's, when the scenario began */
	uint64_t beat_us; /* the scenario's, of the strap's next beat */
	bool paused;      /* sends nothing, as a machine that hangs */
	bool has_speed;   /* of its own, whatever the scenario says */
	uint16_t speed;   /* 0.01 km/h */
	struct peripheral *peripheral;
	struct station *station;
	struct event_base *base;
	struct event *timer, *input, *signals[2];
	char command[COMMAND_SIZE];
	size_t command_length;
};

static uint64_t clock_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * US_PER_S + (uint64_t)now.tv_nsec / 1000u;
}

/* ---- the scenario, in real time ---- */

/* A pod that is heard over Bluetooth, a runner with a strap: whatever the
 * scenario has. */
static void adapt_scenario(struct sim *sim)
{
	const struct scenario *scenario = sim->options->scenario;

	sim->scenario = *scenario;
	sim->body = *scenario->body;
	if (sim->body.max_bpm == 0)
		sim->body.max_bpm = STRAP_MAX_BPM;
	sim->scenario.body = &sim->body;
	if (scenario->pod != POD_RSC_STEPS)
		sim->scenario.pod = POD_RSC_STRIDES;
}

static bool begin(struct sim *sim, uint64_t from_us)
{
	simulator_free(sim->simulator);
	sim->simulator = simulator_new(&sim->scenario, sim->options->seed);
	if (sim->simulator == NULL)
		return false;
	sim->zero_us = clock_us() - from_us;
	sim->beat_us = from_us;
	while ((sim->has_next = simulator_next(sim->simulator, &sim->next)) &&
	       sim->next.t_us < from_us)
		if (sim->next.kind == SOURCE_VALUE)
			peripheral_event(sim->peripheral, &sim->next);
	return true;
}

static void arm(struct sim *sim)
{
	uint64_t now_us = clock_us() - sim->zero_us;
	uint64_t left_us =
		sim->next.t_us > now_us ? sim->next.t_us - now_us : 0;
	struct timeval wait = {
		.tv_sec = (time_t)(left_us / US_PER_S),
		.tv_usec = (suseconds_t)(left_us % US_PER_S),
	};

	event_add(sim->timer, &wait);
}

/* It stands first in a record, and in the last part of one only. */
static void set_speed(struct sim *sim)
{
	struct source_event *event = &sim->next;

	if (!sim->has_speed || event->kind != SOURCE_NOTIFY ||
	    event->uuid != FTMS_UUID_TREADMILL_DATA || event->length < 4 ||
	    event->bytes[0] & 1)
		return;
	event->bytes[2] = (uint8_t)(sim->speed & 0xff);
	event->bytes[3] = (uint8_t)(sim->speed >> 8);
}

static void beat(struct sim *sim)
{
	struct simulator_truth truth = simulator_truth(sim->simulator);

	if (sim->options->role != ROLE_STRAP || sim->next.t_us < sim->beat_us)
		return;
	sim->beat_us = sim->next.t_us + US_PER_S;
	peripheral_heart(sim->peripheral, truth.heart_bpm);
}

static void begin_again(struct sim *sim)
{
	if (begin(sim, 0))
		arm(sim);
	else
		event_base_loopbreak(sim->base);
}

static void on_timer(evutil_socket_t fd, short what, void *user)
{
	struct sim *sim = user;

	(void)fd;
	(void)what;
	if (!sim->paused) {
		set_speed(sim);
		peripheral_event(sim->peripheral, &sim->next);
		beat(sim);
	}
	sim->has_next = simulator_next(sim->simulator, &sim->next);
	if (!sim->has_next) {
		printf("the scenario begins again\n");
		begin_again(sim);
		return;
	}
	arm(sim);
}

/* ---- the radio ---- */

static void on_connected(void *user)
{
	struct sim *sim = user;

	peripheral_connected(sim->peripheral);
	printf("connected\n");
}

static void on_received(void *user, const uint8_t *pdu, size_t length)
{
	struct sim *sim = user;

	peripheral_receive(sim->peripheral, pdu, length);
}

static void on_disconnected(void *user, int error)
{
	struct sim *sim = user;

	peripheral_connected(sim->peripheral);
	printf("disconnected%s%s\n", error ? ": " : "",
	       error ? strerror(error) : "");
}

static const struct station_ops station_ops = {
	.connected = on_connected,
	.received = on_received,
	.disconnected = on_disconnected,
};

static void on_send(void *user, const uint8_t *pdu, size_t length)
{
	struct sim *sim = user;

	station_send(sim->station, pdu, length);
}

static void on_configured(void *user, const struct gatt_characteristic *of,
                          uint16_t ccc)
{
	char text[UUID_TEXT_SIZE];

	(void)user;
	uuid_text(&of->uuid, text);
	printf("%s %s\n", ccc ? "subscribed" : "unsubscribed", text);
}

static const struct peripheral_ops peripheral_ops = {
	.send = on_send,
	.configured = on_configured,
};

/* ---- words on standard input ---- */

static bool do_drop(struct sim *sim, const char *argument)
{
	(void)argument;
	return station_drop(sim->station);
}

static bool do_off(struct sim *sim, const char *argument)
{
	(void)argument;
	return station_power(sim->station, false);
}

static bool do_on(struct sim *sim, const char *argument)
{
	(void)argument;
	return station_power(sim->station, true);
}

static bool do_pause(struct sim *sim, const char *argument)
{
	(void)argument;
	sim->paused = true;
	return true;
}

static bool do_resume(struct sim *sim, const char *argument)
{
	(void)argument;
	sim->paused = false;
	return true;
}

/* At its first second, with the belt's own speed */
static bool do_begin(struct sim *sim, const char *argument)
{
	(void)argument;
	sim->has_speed = false;
	begin_again(sim);
	return sim->has_next;
}

/* In km/h, in place of the simulated one; without a number it is that again. */
static bool do_speed(struct sim *sim, const char *argument)
{
	char *end;
	double kmh = strtod(argument, &end);

	sim->has_speed = end != argument;
	if (*end || !(kmh >= 0 && kmh <= 50))
		return false;
	sim->speed = (uint16_t)(kmh * 100 + 0.5);
	return true;
}

static bool do_fault(struct sim *sim, const char *argument)
{
	return fault_choose(&sim->peripheral->fault, argument);
}

/* Service Changed, for the whole table */
static bool do_changed(struct sim *sim, const char *argument)
{
	static const uint8_t range[] = { 0x01, 0x00, 0xff, 0xff };

	(void)argument;
	return gatt_server_tell(&sim->peripheral->server,
	                        ATT_UUID_SERVICE_CHANGED, range, sizeof(range));
}

static bool do_quit(struct sim *sim, const char *argument)
{
	(void)argument;
	return event_base_loopbreak(sim->base) == 0;
}

static const struct {
	const char *word;
	bool (*run)(struct sim *sim, const char *argument);
} commands[] = {
	{ "drop", do_drop },       { "off", do_off },
	{ "on", do_on },           { "pause", do_pause },
	{ "resume", do_resume },   { "fault", do_fault },
	{ "changed", do_changed }, { "speed", do_speed },
	{ "begin", do_begin },     { "quit", do_quit },
};

static void obey(struct sim *sim, char *line)
{
	char *argument = strchr(line, ' ');

	if (argument != NULL)
		*argument++ = '\0';
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (strcmp(commands[i].word, line) != 0)
			continue;
		printf("%s: %s\n", line,
		       commands[i].run(sim, argument ? argument : "")
		               ? "done"
		               : "could not");
		return;
	}
	printf("no such word: %s\n", line);
}

static void on_input(evutil_socket_t fd, short what, void *user)
{
	struct sim *sim = user;
	size_t room = sizeof(sim->command) - sim->command_length;
	ssize_t length = read(fd, sim->command + sim->command_length, room);
	char *end;

	(void)what;
	if (length < 0 && errno == EINTR)
		return;
	if (length <= 0) {
		event_del(sim->input);
		return;
	}
	sim->command_length += (size_t)length;
	while ((end = memchr(sim->command, '\n', sim->command_length))) {
		size_t taken = (size_t)(end + 1 - sim->command);

		*end = '\0';
		obey(sim, sim->command);
		sim->command_length -= taken;
		memmove(sim->command, end + 1, sim->command_length);
	}
	if (sim->command_length == sizeof(sim->command))
		sim->command_length = 0;
}

static void on_signal(evutil_socket_t number, short what, void *user)
{
	struct sim *sim = user;

	(void)number;
	(void)what;
	event_base_loopbreak(sim->base);
}

/* ---- life ---- */

static bool make_peripheral(struct sim *sim)
{
	const struct sim_options *o = sim->options;
	struct peripheral_settings settings = {
		.role = o->role,
		.layout = o->layout,
		.table = o->table,
		.name = o->name,
		.mtu = o->mtu,
	};

	sim->peripheral = peripheral_new(&settings, &peripheral_ops, sim);
	return sim->peripheral != NULL &&
	       fault_choose(&sim->peripheral->fault, o->fault) &&
	       begin(sim, o->start_at_s * US_PER_S) && sim->has_next;
}

static bool make_station(struct sim *sim)
{
	uint8_t advertising[PERIPHERAL_ADVERTISING_MAX];
	struct station_settings settings = {
		.adapter = sim->options->adapter,
		.advertising = advertising,
		.advertising_length =
			peripheral_advertising(sim->peripheral, advertising),
		.toggle_advertising = sim->options->toggle_advertising,
	};
	char why[160];

	sim->station = station_new(sim->base, &settings, &station_ops, sim, why,
	                           sizeof(why));
	if (sim->station == NULL)
		fprintf(stderr, "gaitd-sim: %s\n", why);
	return sim->station != NULL;
}

static bool make_events(struct sim *sim)
{
	static const int numbers[] = { SIGINT, SIGTERM };

	sim->timer = evtimer_new(sim->base, on_timer, sim);
	sim->input = event_new(sim->base, STDIN_FILENO, EV_READ | EV_PERSIST,
	                       on_input, sim);
	if (sim->timer == NULL || sim->input == NULL)
		return false;
	for (size_t i = 0; i < 2; i++) {
		sim->signals[i] =
			evsignal_new(sim->base, numbers[i], on_signal, sim);
		if (sim->signals[i] == NULL ||
		    event_add(sim->signals[i], NULL) < 0)
			return false;
	}
	/* a file or /dev/null cannot be waited for: then there are no words */
	event_add(sim->input, NULL);
	return true;
}

static void tear_down(struct sim *sim)
{
	struct event *events[] = { sim->timer, sim->input, sim->signals[0],
		                   sim->signals[1] };

	if (sim->station != NULL)
		station_free(sim->station);
	peripheral_free(sim->peripheral);
	simulator_free(sim->simulator);
	for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++)
		if (events[i] != NULL)
			event_free(events[i]);
	if (sim->base != NULL)
		event_base_free(sim->base);
}

/* epoll refuses regular files: poll(2) takes any descriptor. */
static struct event_base *make_base(void)
{
	struct event_config *config = event_config_new();
	struct event_base *base = NULL;

	if (config != NULL) {
		event_config_avoid_method(config, "epoll");
		base = event_base_new_with_config(config);
		event_config_free(config);
	}
	return base;
}

int sim_run(const struct sim_options *options)
{
	struct sim sim = { .options = options };
	int status = EXIT_FAILURE;

	setvbuf(stdout, NULL, _IOLBF, 0);
	adapt_scenario(&sim);
	sim.base = make_base();
	if (sim.base == NULL || !make_peripheral(&sim)) {
		fprintf(stderr, "gaitd-sim: out of memory, or the scenario is"
		                " shorter than --start-at\n");
	} else if (!make_station(&sim)) {
		status = EXIT_NO_HARDWARE;
	} else if (make_events(&sim)) {
		printf("advertising \"%s\" from %s\n", sim.peripheral->name,
		       station_address(sim.station));
		arm(&sim);
		event_base_dispatch(sim.base);
		status = EXIT_SUCCESS;
	}
	tear_down(&sim);
	return status;
}
