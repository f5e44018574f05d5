/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "tests/bench/gym.h"

#include "daemon/devices/intake.h"
#include "daemon/simulator/dice.h"
#include "protocol/ant.h"
#include "protocol/ftms.h"
#include "protocol/sdm.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#define PODS 30
#define WALKERS 3
#define OURS 0
#define TWIN 1 /* in that case */
#define TICK_US 10000u
#define TICK_S 0.01
#define START_US 40000000u
#define END_US 90000000u
#define PERIOD_US 248230u /* 8134 / 32768 s */
#define STARTS_PER_S (3 / 60.0)
#define ANT_TRANSMISSION 5

struct walker {
	uint64_t turn_us; /* when he stops or goes on */
	bool walks;
};

struct runner_of_gym {
	/* the belt: towards target_ms, as quickly as this make does */
	double target_ms, belt_ms, acceleration;
	/* the runner on it, somewhat behind */
	double late_s, runner_ms, phase;
	uint64_t on_us; /* from then on he is on the belt */
	uint32_t strides;
	/* his pod */
	double scale, smooth_s, noise, pod_ms;
	unsigned loss_percent;
	bool has_page2, silent_at_rest;
	double rssi_dbm;
	uint64_t due_us, moved_us;
	unsigned slot;
	struct walker walker;
	bool is_walker, is_ours;
};

struct gym {
	struct dice dice;
	struct runner_of_gym runner[PODS + WALKERS];
	size_t count;
	double next_start_s, next_stop_s;
	uint64_t now_us, belt_due_us;
	struct pipeline *pipeline;
	struct intake *intake;
};

static double uniform(struct gym *g, double low, double high)
{
	return low + (high - low) * dice_below(&g->dice, 1000001) / 1e6;
}

static double normal(struct gym *g)
{
	return dice_normal_permille(&g->dice) / 1000.0;
}

static double poisson_wait_s(struct gym *g, double per_s)
{
	return -log(1 - uniform(g, 0, 0.999999)) / per_s;
}

static double some_speed_ms(struct gym *g)
{
	return uniform(g, 5, 14) / 3.6;
}

/* ---- who is there --------------------------------------------------------- */

static void make_runner(struct gym *g, struct runner_of_gym *r)
{
	*r = (struct runner_of_gym){
		.acceleration = uniform(g, 0.4, 1.2) / 3.6,
		.late_s = uniform(g, 0, 1.0),
		.scale = uniform(g, 0.9, 1.1),
		.smooth_s = uniform(g, 0.5, 1.5),
		.noise = uniform(g, 0.01, 0.03),
		.loss_percent = 8 + dice_below(&g->dice, 16),
		.has_page2 = !dice_percent(&g->dice, 20),
		.silent_at_rest = dice_percent(&g->dice, 50),
		.rssi_dbm = uniform(g, -95, -45),
		.due_us = dice_below(&g->dice, PERIOD_US),
		.strides = dice_below(&g->dice, 256),
	};
	if (!dice_percent(&g->dice, 60))
		return;
	r->target_ms = r->belt_ms = r->runner_ms = some_speed_ms(g);
	r->pod_ms = r->runner_ms * r->scale;
}

static size_t strongest(const struct gym *g)
{
	size_t best = 0;

	for (size_t i = 1; i < PODS; i++) {
		if (g->runner[i].rssi_dbm > g->runner[best].rssi_dbm)
			best = i;
	}
	return best;
}

static void swap_strength(struct gym *g, size_t with)
{
	double ours = g->runner[OURS].rssi_dbm;

	g->runner[OURS].rssi_dbm = g->runner[with].rssi_dbm;
	g->runner[with].rssi_dbm = ours;
}

static void rest(struct runner_of_gym *r)
{
	r->target_ms = r->belt_ms = r->runner_ms = r->pod_ms = 0;
}

static void make_gym(struct gym *g, uint64_t seed, enum gym_case which)
{
	bool is_strongest;

	memset(g, 0, sizeof(*g));
	dice_seed(&g->dice, seed, 41 + (uint64_t)which);
	g->count = which == GYM_WALKERS ? PODS + WALKERS : PODS;
	for (size_t i = 0; i < g->count; i++)
		make_runner(g, &g->runner[i]);
	for (size_t i = PODS; i < g->count; i++) {
		g->runner[i].is_walker = true;
		g->runner[i].target_ms = 0;
		g->runner[i].rssi_dbm = uniform(g, -75, -45);
	}
	is_strongest = dice_percent(&g->dice, 70);
	if (is_strongest)
		swap_strength(g, strongest(g));
	else if (strongest(g) == OURS)
		swap_strength(g, 1 + dice_below(&g->dice, PODS - 1));
	rest(&g->runner[OURS]);
	if (which == GYM_LATE)
		g->runner[OURS].on_us =
			START_US + (uint64_t)(uniform(g, 4, 9) * 1e6);
	g->runner[OURS].is_ours = true;
	g->runner[TWIN].is_ours = which == GYM_TWINS;
	if (which == GYM_TWINS)
		rest(&g->runner[TWIN]);
	g->next_start_s = poisson_wait_s(g, STARTS_PER_S);
	g->next_stop_s = poisson_wait_s(g, STARTS_PER_S);
}

/* ---- what they do --------------------------------------------------------- */

/* Someone else of those who rest, or who run */
static struct runner_of_gym *somebody(struct gym *g, bool runs)
{
	size_t first = dice_below(&g->dice, PODS);

	for (size_t i = 0; i < PODS; i++) {
		struct runner_of_gym *r = &g->runner[(first + i) % PODS];

		if (r->is_ours) /* or the twin of ours */
			continue;
		if ((r->target_ms > 0) == runs && (runs || r->runner_ms < 0.1))
			return r;
	}
	return NULL;
}

static void start_and_stop(struct gym *g)
{
	double now_s = (double)g->now_us / 1e6;
	struct runner_of_gym *r;

	if (now_s >= g->next_start_s) {
		g->next_start_s += poisson_wait_s(g, STARTS_PER_S);
		r = somebody(g, false);
		if (r)
			r->target_ms = some_speed_ms(g);
	}
	if (now_s >= g->next_stop_s) {
		g->next_stop_s += poisson_wait_s(g, STARTS_PER_S);
		r = somebody(g, true);
		if (r)
			r->target_ms = 0;
	}
}

static void start_ours(struct gym *g, enum gym_case which)
{
	struct runner_of_gym *ours = &g->runner[OURS], *twin = &g->runner[TWIN];

	ours->target_ms = some_speed_ms(g);
	if (which != GYM_TWINS)
		return;
	twin->target_ms = ours->target_ms;
	twin->acceleration = ours->acceleration;
	twin->late_s = ours->late_s;
	twin->smooth_s = ours->smooth_s;
}

static void walk(struct gym *g, struct runner_of_gym *r)
{
	struct walker *w = &r->walker;

	if (g->now_us >= w->turn_us) {
		w->walks = !w->walks;
		w->turn_us = g->now_us + (uint64_t)(uniform(g, 2, 25) * 1e6);
		r->target_ms = w->walks ? uniform(g, 1.0, 1.8) : 0;
	}
	r->belt_ms = r->target_ms;
}

static double strides_per_s(double ms)
{
	if (ms < 0.3)
		return 0;
	return ms < 2.0 ? (90 + 22 * ms) / 120 : (142 + 6.5 * ms) / 120;
}

static void move(struct gym *g, struct runner_of_gym *r)
{
	double step = r->acceleration * TICK_S, off = r->target_ms - r->belt_ms;
	double aim;

	if (r->is_walker)
		walk(g, r);
	else
		r->belt_ms += fabs(off) <= step ? off : copysign(step, off);
	aim = g->now_us >= r->on_us ? r->belt_ms : 0;
	r->runner_ms += (aim - r->runner_ms) * TICK_S / fmax(r->late_s, 0.05);
	r->pod_ms += (r->runner_ms * r->scale - r->pod_ms) * TICK_S / r->smooth_s;
	r->phase += strides_per_s(r->runner_ms) * TICK_S * (1 + 0.02 * normal(g));
	if (r->runner_ms > 0.3)
		r->moved_us = g->now_us;
	while (r->phase >= 1) {
		r->phase -= 1;
		r->strides++;
	}
}

/* ---- what is heard -------------------------------------------------------- */

static void make_page(struct gym *g, const struct runner_of_gym *r, uint8_t *page)
{
	double told = r->pod_ms < 0.25 ? 0 : r->pod_ms * (1 + r->noise * normal(g));
	uint16_t speed = (uint16_t)lround(fmax(told, 0) * 256);
	struct sdm_page1 p1 = {
		.time = (uint16_t)(g->now_us / 5000 % 51200),
		.speed = speed, .strides = (uint8_t)r->strides,
	};
	struct sdm_page2 p2 = {
		.page = 2, .speed = speed, .use = speed > 0,
		.cadence = (uint16_t)lround(strides_per_s(r->runner_ms) * 60 * 16),
	};

	if (r->has_page2 && r->slot / 2 % 2)
		sdm_page2_encode(&p2, page);
	else
		sdm_page1_encode(&p1, page);
}

static size_t make_frame(struct gym *g, size_t i, uint8_t *bytes)
{
	const struct runner_of_gym *r = &g->runner[i];
	struct ant_message message = { .id = ANT_BROADCAST_DATA, .length = 19 };
	uint16_t number = (uint16_t)(1000 + 7 * i);
	uint16_t stamp = (uint16_t)(g->now_us * 32768 / 1000000);
	double dbm = fmin(fmax(r->rssi_dbm + 6 * normal(g), -110), -20);
	const uint8_t extension[] = {
		0xe0, (uint8_t)number, (uint8_t)(number >> 8), SDM_DEVICE_TYPE,
		ANT_TRANSMISSION, 0x20, (uint8_t)(int8_t)lround(dbm), 0x80,
		(uint8_t)stamp, (uint8_t)(stamp >> 8),
	};

	make_page(g, r, message.payload + 1);
	memcpy(message.payload + 9, extension, sizeof(extension));
	return ant_frame_encode(&message, bytes, ANT_FRAME_MAX);
}

static void send(struct gym *g, struct source_event *event)
{
	event->t_us = g->now_us;
	intake_event(g->intake, event);
}

static void transmit(struct gym *g, size_t i)
{
	struct runner_of_gym *r = &g->runner[i];
	bool rests = r->runner_ms < 0.3 && g->now_us - r->moved_us > 5000000;
	struct source_event event;

	r->due_us += PERIOD_US;
	r->slot++;
	if ((rests && r->silent_at_rest) ||
	    dice_percent(&g->dice, r->loss_percent))
		return;
	memset(&event, 0, offsetof(struct source_event, bytes));
	event.device = SOURCE_FOOTPOD;
	event.unit = (unsigned)(2 + i);
	event.kind = SOURCE_ANT;
	event.length = make_frame(g, i, event.bytes);
	send(g, &event);
}

static void tell_belt(struct gym *g)
{
	struct ftms_treadmill_data data = {
		.present = FTMS_SPEED,
		.speed = (uint16_t)(lround(g->runner[OURS].belt_ms * 36) * 10),
	};
	struct source_event event;

	g->belt_due_us = g->now_us + 1000000 + dice_below(&g->dice, 40000);
	memset(&event, 0, offsetof(struct source_event, bytes));
	event.device = SOURCE_TREADMILL;
	event.unit = 1;
	event.kind = SOURCE_NOTIFY;
	event.uuid = FTMS_UUID_TREADMILL_DATA;
	event.length = ftms_treadmill_data_encode(&data, event.bytes,
	                                          sizeof(event.bytes));
	send(g, &event);
}

/* ---- a session ------------------------------------------------------------ */

static void look(const struct gym *g, struct gym_outcome *out)
{
	const struct pods *pods = intake_pods(g->intake);
	const struct pod_heard *pod = pods_current(pods);

	if (pods->state == PODS_UNSURE && !out->asked) {
		out->asked = true;
		for (size_t i = 0; i < pods->asked_count; i++)
			out->among_asked |= pods->asked[i]->unit == 2 + OURS;
	}
	if (!pod)
		return;
	if (pod->unit != 2 + OURS)
		out->wrong = true;
	else if (!out->right)
		out->chosen_s = ((double)g->now_us - START_US) / 1e6;
	out->right |= pod->unit == 2 + OURS;
}

static void go_on(struct gym *g, enum gym_case which)
{
	if (g->now_us == START_US)
		start_ours(g, which);
	start_and_stop(g);
	for (size_t i = 0; i < g->count; i++) {
		move(g, &g->runner[i]);
		if (g->now_us >= g->runner[i].due_us &&
		    !(i == OURS && which == GYM_NO_POD))
			transmit(g, i);
	}
	if (g->now_us >= g->belt_due_us)
		tell_belt(g);
}

static void ignore(const struct outcome *outcome, void *user)
{
	(void)outcome;
	(void)user;
}

struct gym_outcome gym_session(uint64_t seed, enum gym_case which)
{
	static const struct ruleset no_rules;
	struct gym_outcome out = { .right = false };
	struct pipeline_settings settings;
	struct gym g;

	make_gym(&g, seed, which);
	pipeline_settings_init(&settings);
	g.pipeline = pipeline_new(&no_rules, &settings, ignore, NULL);
	assert(g.pipeline);
	g.intake = intake_new(g.pipeline);
	assert(g.intake);
	for (; g.now_us < END_US; g.now_us += TICK_US) {
		go_on(&g, which);
		look(&g, &out);
	}
	intake_free(g.intake);
	pipeline_free(g.pipeline);
	return out;
}
