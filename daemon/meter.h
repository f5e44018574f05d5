/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Counts what goes through the daemon, and how long it takes, for gaitctl top and
 * gaitctl metrics: the reply to {"cmd":"meter"}.
 *
 *   {"clock_us":81234567,"frames":{"treadmill":812,"footpod":1620,"others":9,
 *    "heart_rate":0},"messages":{"metrics":803,"prompt":4, ...},
 *    "latency":{"metrics":{"count":803,"max_us":900,"p50_us":90,"p90_us":152,
 *    "p99_us":304},"prompt":{...}},
 *    "links":{"treadmill":{"state":"live","connects":2,"losses":1,"age_us":90210}, ...},
 *    "prompts":{"safety":0,"load":1, ...},"sessions":3,
 *    "undecoded":{"treadmill":{"value":0,"notify":2,"ant":0}, ...},
 *    "process":{"waits":5012,"cpu_us":810233,"resident_bytes":5120000},
 *    "fleet":{"age_us":12000000,"connected":1, ...}}
 *
 * Counts are since the start; a rate is what two replies differ by. A latency is from
 * the instant that decided, a frame's arrival or the end of a second, until what
 * comes of it stands in the sockets of all displays that take it; percentiles are of
 * the last minute or two, and left out when nothing came. "fleet" is there once
 * gaitd-mqtt has told it, fleet_figures.h.
 */
#ifndef GAITD_METER_H
#define GAITD_METER_H

#include "daemon/core/outcome.h"
#include "daemon/devices/intake.h"
#include "daemon/devices/source_event.h"
#include "daemon/meter_life.h"
#include "daemon/service/histogram.h"

#include <jansson.h>

struct meter {
	uint64_t frames[SOURCE_HEART_RATE + 1]; /* of the runner's devices */
	uint64_t others; /* frames of further ones: pods that may be meant */
	uint64_t messages[DISPLAY_MESSAGE_OTHER + 1];
	struct histogram metrics, prompts;
	struct meter_life life;
};

/* By a clock that goes on whatever the session's does */
uint64_t meter_clock_us(void);
/* A frame has come, or what else a source tells */
void meter_event(struct meter *meter, const struct source_event *event);
/* It is out, by `late_us` after the instant it is of; UINT64_MAX: that is not known */
void meter_outcome(struct meter *meter, const struct outcome *outcome, uint64_t late_us);
/* `now_us` is the session's time. */
void meter_describe(const struct meter *meter, const struct intake_counts *intake,
                    uint64_t now_us, json_t *reply);

#endif
