/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/simulator/machine.h"

#include "daemon/simulator/body.h"
#include "protocol/ftms.h"

#include <assert.h>
#include <string.h>

#define MM_H_PER_CENTI_KMH 10000
#define NO_CAP INT64_MAX

/* Training Status values, FTMS 1.0.1 section 4.10 */
#define TRAINING_IDLE 0x01
#define TRAINING_MANUAL 0x0d

struct machine_info {
	const char *name;
	uint8_t features[8];
	uint8_t speed_range[6];
	uint8_t inclination_range[6];
	uint32_t period_us, jitter_us; /* of Treadmill Data */
	int32_t speed_ramp_mm_h;       /* per tick; 4000 is 0.4 km/h per s */
	bool tells_ramp; /* of the actual speed, in Fitness Machine Status */
	uint8_t training_running, training_stopping, training_stopped;
	void (*tell)(struct machine *machine, const struct machine_load *load);
};

#define INCLINE_RAMP_MPCT 5 /* per tick: 0.5 % per s */
#define KEY_RAMP_MM_H 45000 /* per tick: the motor is off */
#define STOP_RAMP_MM_H 10000
#define RAMP_TOLD_US 300000

static void tell_plain(struct machine *m, const struct machine_load *load);
static void tell_step_count(struct machine *m, const struct machine_load *load);
static void tell_split(struct machine *m, const struct machine_load *load);
static void tell_cut(struct machine *m, const struct machine_load *load);

/* Speed 0.8 .. 20 km/h by 0.1; incline -3 .. 15 % by 0.5 */
#define PLAIN_FRAMES \
	.features = { 0x1c, 0x16, 0, 0, 0x03, 0, 0, 0 }, \
	.speed_range = { 0x50, 0x00, 0xd0, 0x07, 0x0a, 0x00 }, \
	.inclination_range = { 0xe2, 0xff, 0x96, 0x00, 0x05, 0x00 }, \
	.speed_ramp_mm_h = 5000, .training_running = TRAINING_MANUAL, \
	.training_stopping = TRAINING_IDLE, .training_stopped = TRAINING_IDLE

static const struct machine_info machines[] = {
	[MACHINE_PLAIN] = {
		.name = "Simulated treadmill", PLAIN_FRAMES,
		.period_us = 500000, .jitter_us = 30000, .tell = tell_plain,
	},
	[MACHINE_FAST] = {
		.name = "Simulated treadmill 4 Hz", PLAIN_FRAMES,
		.period_us = 250000, .jitter_us = 15000, .tell = tell_plain,
	},
	[MACHINE_STEP_COUNT] = {
		/* features and ranges as captured, treadspan@579a8f2 */
		.name = "URTM041",
		.features = { 0x45, 0x56, 0, 0, 0x05, 0, 0, 0 },
		.speed_range = { 0x60, 0x00, 0x83, 0x02, 0x20, 0x00 },
		.period_us = 500000, .jitter_us = 40000,
		.speed_ramp_mm_h = 5300, .tells_ramp = true,
		.training_running = 0x0e, .training_stopping = 0x10,
		.training_stopped = 0x11, .tell = tell_step_count,
	},
	[MACHINE_SPLIT] = {
		.name = "TouchXL", PLAIN_FRAMES,
		.period_us = 1000000, .jitter_us = 25000, .tell = tell_split,
	},
	[MACHINE_CUT] = {
		.name = "CTM500", PLAIN_FRAMES,
		.period_us = 1000000, .jitter_us = 25000, .tell = tell_cut,
	},
};

void machine_init(struct machine *m, enum machine_model model,
                  struct outbox *outbox, uint64_t seed)
{
	memset(m, 0, sizeof(*m));
	m->info = &machines[model];
	m->outbox = outbox;
	m->cap_mm_h = NO_CAP;
	dice_seed(&m->dice, seed, 2);
	m->due_us = m->info->period_us;
}

const char *machine_name(const struct machine *m)
{
	return m->info->name;
}

static void notify(struct machine *m, uint64_t t_us, uint16_t uuid,
                   const uint8_t *bytes, size_t length)
{
	if (!m->silent)
		outbox_attribute(m->outbox, t_us, SOURCE_TREADMILL,
		                 SOURCE_NOTIFY, uuid, bytes, length);
}

static void tell_status(struct machine *m, enum ftms_status_op op,
                        size_t parameters, int32_t parameter)
{
	uint8_t bytes[] = { (uint8_t)op, (uint8_t)(parameter & 0xff),
		            (uint8_t)((parameter >> 8) & 0xff) };

	notify(m, m->now_us, FTMS_UUID_STATUS, bytes, 1 + parameters);
}

static void tell_training(struct machine *m, uint8_t status)
{
	uint8_t bytes[] = { 0, status };

	notify(m, m->now_us, FTMS_UUID_TRAINING_STATUS, bytes, sizeof(bytes));
}

void machine_greet(struct machine *m)
{
	const struct {
		uint16_t uuid;
		const uint8_t *bytes;
		size_t length;
	} values[] = {
		{ FTMS_UUID_FEATURE, m->info->features,
		  sizeof(m->info->features) },
		{ FTMS_UUID_SPEED_RANGE, m->info->speed_range,
		  sizeof(m->info->speed_range) },
		{ FTMS_UUID_INCLINATION_RANGE, m->info->inclination_range,
		  sizeof(m->info->inclination_range) },
	};

	outbox_name(m->outbox, 0, SOURCE_TREADMILL, m->info->name);
	outbox_link(m->outbox, 0, SOURCE_TREADMILL, DISPLAY_LINK_LIVE);
	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++)
		outbox_attribute(m->outbox, 0, SOURCE_TREADMILL, SOURCE_VALUE,
		                 values[i].uuid, values[i].bytes,
		                 values[i].length);
}

/* ---- set-points ---- */

static int64_t capped(const struct machine *m, int64_t mm_h)
{
	return mm_h < m->cap_mm_h ? mm_h : m->cap_mm_h;
}

static void start(struct machine *m)
{
	if (m->state == MACHINE_RUNS)
		return;
	m->state = MACHINE_RUNS;
	tell_status(m, FTMS_STATUS_STARTED, 0, 0);
	tell_training(m, m->info->training_running);
}

void machine_set_speed(struct machine *m, uint32_t centi_kmh)
{
	int64_t wanted = capped(m, (int64_t)centi_kmh * MM_H_PER_CENTI_KMH);

	if (m->state == MACHINE_KEY_PULLED)
		return;
	start(m);
	if (wanted == m->set_mm_h)
		return;
	m->set_mm_h = wanted;
	if (!m->info->tells_ramp)
		tell_status(m, FTMS_STATUS_TARGET_SPEED, 2,
		            (int32_t)(wanted / MM_H_PER_CENTI_KMH));
}

void machine_set_incline(struct machine *m, int32_t deci_percent)
{
	int64_t wanted = (int64_t)deci_percent * 100;

	if (m->state == MACHINE_KEY_PULLED || wanted == m->set_mpct)
		return;
	m->set_mpct = wanted;
	tell_status(m, FTMS_STATUS_TARGET_INCLINE, 2, deci_percent);
}

void machine_cap_speed(struct machine *m, uint32_t centi_kmh)
{
	m->cap_mm_h = (int64_t)centi_kmh * MM_H_PER_CENTI_KMH;
	if (m->state == MACHINE_RUNS && m->set_mm_h > m->cap_mm_h)
		machine_set_speed(m, centi_kmh);
}

static void halt(struct machine *m, enum machine_state state)
{
	m->state = state;
	m->set_mm_h = 0;
	tell_training(m, m->info->training_stopping);
}

void machine_pause(struct machine *m)
{
	if (m->state != MACHINE_RUNS)
		return;
	tell_status(m, FTMS_STATUS_STOPPED_OR_PAUSED, 1, 2);
	halt(m, MACHINE_PAUSED);
}

void machine_stop(struct machine *m)
{
	if (m->state != MACHINE_RUNS && m->state != MACHINE_PAUSED)
		return;
	tell_status(m, FTMS_STATUS_STOPPED_OR_PAUSED, 1, 1);
	halt(m, MACHINE_IDLE);
}

void machine_pull_key(struct machine *m)
{
	if (m->state == MACHINE_KEY_PULLED)
		return;
	tell_status(m, FTMS_STATUS_SAFETY_KEY, 0, 0);
	halt(m, MACHINE_KEY_PULLED);
}

/* ---- motion ---- */

static int64_t ramp(int64_t now, int64_t set, int64_t step)
{
	if (now < set)
		return now + step < set ? now + step : set;
	return now - step > set ? now - step : set;
}

static int64_t speed_step(const struct machine *m)
{
	switch (m->state) {
	case MACHINE_RUNS:
		return m->info->speed_ramp_mm_h;
	case MACHINE_IDLE:
	case MACHINE_PAUSED:
		return STOP_RAMP_MM_H;
	case MACHINE_KEY_PULLED:
		break;
	}
	return KEY_RAMP_MM_H;
}

static void move_belt(struct machine *m)
{
	/* mm/h over 10 ms: 1e6 nm / (3600 * 100) = 25 / 9 */
	int64_t nm = m->speed_mm_h * 25 / 9;
	int64_t climb_nm = nm * m->incline_mpct / 100000;

	m->distance_nm += nm;
	if (climb_nm > 0)
		m->gain_nm += climb_nm;
	else
		m->loss_nm -= climb_nm;
	m->moving_ticks += nm > 0;
}

static void move(struct machine *m)
{
	int64_t before = m->speed_mm_h;

	m->speed_mm_h = ramp(before, m->set_mm_h, speed_step(m));
	m->incline_mpct = ramp(m->incline_mpct, m->set_mpct, INCLINE_RAMP_MPCT);
	move_belt(m);
	if (before > 0 && m->speed_mm_h == 0)
		tell_training(m, m->info->training_stopped);
	if (m->info->tells_ramp && m->speed_mm_h != m->set_mm_h &&
	    m->now_us >= m->told_ramp_us + RAMP_TOLD_US) {
		m->told_ramp_us = m->now_us;
		tell_status(m, FTMS_STATUS_TARGET_SPEED, 2,
		            (int32_t)machine_centi_kmh(m));
	}
}

void machine_tick(struct machine *m, uint64_t now_us,
                  const struct machine_load *load)
{
	m->now_us = now_us;
	move(m);
	if (m->due_us >= now_us + BODY_TICK_US)
		return;
	m->info->tell(m, load);
	m->slot++;
	m->due_us = (m->slot + 1) * m->info->period_us +
	            dice_below(&m->dice, m->info->jitter_us);
}

uint32_t machine_centi_kmh(const struct machine *m)
{
	return (uint32_t)((m->speed_mm_h + MM_H_PER_CENTI_KMH / 2) /
	                  MM_H_PER_CENTI_KMH);
}

int32_t machine_deci_percent(const struct machine *m)
{
	return (int32_t)(m->incline_mpct / 100);
}

/* ---- Treadmill Data 0x2ACD ---- */

static struct ftms_treadmill_data belt_data(const struct machine *m)
{
	int64_t moving_s = (int64_t)(m->moving_ticks / BODY_TICKS_PER_S);
	int64_t mm = m->distance_nm / 1000000;
	/* 1 mm/s is 0.36 of 0.01 km/h */
	int64_t mean = moving_s > 0 ? mm * 36 / 100 / moving_s : 0;

	return (struct ftms_treadmill_data){
		.speed = (uint16_t)machine_centi_kmh(m),
		.average_speed = (uint16_t)mean,
		.distance_m = (uint32_t)(mm / 1000),
		.inclination = (int16_t)machine_deci_percent(m),
		.elevation_gain = (uint16_t)(m->gain_nm / 100000000),
		.elevation_loss = (uint16_t)(m->loss_nm / 100000000),
		.elapsed_s = (uint16_t)moving_s,
	};
}

static void send_data(struct machine *m, uint64_t t_us, size_t at_most,
                      const struct ftms_treadmill_data *data)
{
	uint8_t bytes[64];
	size_t length = ftms_treadmill_data_encode(data, bytes, sizeof(bytes));

	assert(length > 0);
	notify(m, t_us, FTMS_UUID_TREADMILL_DATA, bytes,
	       length < at_most ? length : at_most);
}

static void tell_plain(struct machine *m, const struct machine_load *load)
{
	struct ftms_treadmill_data data = belt_data(m);

	data.present = FTMS_SPEED | FTMS_DISTANCE | FTMS_INCLINATION |
	               FTMS_ELEVATION_GAIN | FTMS_ELEVATION_LOSS | FTMS_ENERGY |
	               FTMS_ELAPSED_TIME;
	if (load->heart_bpm > 0)
		data.present |= FTMS_HEART_RATE;
	data.energy_kcal = (uint16_t)load->kcal;
	data.heart_rate_bpm = (uint8_t)load->heart_bpm;
	send_data(m, m->due_us, SIZE_MAX, &data);
}

static void tell_step_count(struct machine *m, const struct machine_load *load)
{
	struct ftms_treadmill_data data = belt_data(m);

	data.present = FTMS_SPEED | FTMS_DISTANCE | FTMS_ENERGY |
	               FTMS_ENERGY_PER_HOUR | FTMS_ENERGY_PER_MINUTE |
	               FTMS_HEART_RATE | FTMS_ELAPSED_TIME | FTMS_STEP_COUNT;
	data.distance_m = data.distance_m / 10 * 10;
	data.energy_kcal = (uint16_t)load->kcal;
	data.steps = load->steps;
	send_data(m, m->due_us, SIZE_MAX, &data);
}

static void tell_split(struct machine *m, const struct machine_load *load)
{
	struct ftms_treadmill_data first = belt_data(m);
	struct ftms_treadmill_data last = first;

	first.more_data = true;
	first.present = FTMS_AVERAGE_SPEED | FTMS_DISTANCE | FTMS_INCLINATION |
	                FTMS_ELEVATION_GAIN | FTMS_ENERGY |
	                FTMS_ENERGY_PER_HOUR | FTMS_ENERGY_PER_MINUTE;
	first.energy_kcal = (uint16_t)load->kcal;
	first.energy_per_hour_kcal = (uint16_t)(load->deci_met * 7);
	first.energy_per_minute_kcal = (uint8_t)(load->deci_met * 7 / 60);
	last.present = FTMS_SPEED | FTMS_HEART_RATE | FTMS_MET |
	               FTMS_ELAPSED_TIME | FTMS_REMAINING_TIME |
	               FTMS_POWER_OUTPUT;
	last.met = (uint8_t)load->deci_met;
	last.remaining_s =
		(uint16_t)(last.elapsed_s < 1800 ? 1800 - last.elapsed_s : 0);
	last.power_w = (int16_t)load->power_w;
	send_data(m, m->due_us, SIZE_MAX, &first);
	send_data(m, m->due_us + 18000 + dice_below(&m->dice, 15000), SIZE_MAX,
	          &last);
}

/* The flags promise 32 octets; an ATT_MTU of 23 lets 20 through. */
static void tell_cut(struct machine *m, const struct machine_load *load)
{
	struct ftms_treadmill_data data = belt_data(m);

	data.present = FTMS_SPEED | FTMS_AVERAGE_SPEED | FTMS_DISTANCE |
	               FTMS_INCLINATION | FTMS_ELEVATION_GAIN | FTMS_ENERGY |
	               FTMS_ENERGY_PER_HOUR | FTMS_ENERGY_PER_MINUTE |
	               FTMS_HEART_RATE | FTMS_MET | FTMS_ELAPSED_TIME |
	               FTMS_REMAINING_TIME | FTMS_POWER_OUTPUT;
	data.energy_kcal = (uint16_t)load->kcal;
	data.power_w = (int16_t)load->power_w;
	send_data(m, m->due_us, 20, &data);
}
