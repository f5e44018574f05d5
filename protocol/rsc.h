/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * Running Speed and Cadence Service 1.0 (0x1814).
 */
#ifndef GAITD_RSC_H
#define GAITD_RSC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RSC_UUID_SERVICE 0x1814
#define RSC_UUID_MEASUREMENT 0x2a53

/* RSC Measurement 0x2A53. `cadence` is what was sent, per minute: strides or
 * steps, which only a struct rsc_unit_verdict can tell. */
struct rsc_measurement {
	uint8_t flags;
	bool running;
	bool has_stride_length;
	bool has_total_distance;
	uint16_t speed; /* 1/256 m/s */
	uint8_t cadence;
	uint16_t stride_length_cm;
	uint32_t total_distance; /* 0.1 m */
};

/* False when shorter than its flags need; extra octets are ignored. */
bool rsc_measurement_decode(const uint8_t *bytes, size_t length,
                            struct rsc_measurement *out);
size_t rsc_measurement_encode(const struct rsc_measurement *m, uint8_t *bytes,
                              size_t size);

enum rsc_unit {
	RSC_UNIT_UNDECIDED,
	RSC_UNIT_STRIDES, /* per minute of one foot: double it */
	RSC_UNIT_STEPS,
};

/* "strides", "steps"; "unknown" while undecided */
const char *rsc_unit_word(enum rsc_unit unit);
/* False for any other word. */
bool rsc_unit_from_word(const char *word, enum rsc_unit *out);

/* Decides whether a pod sends strides or steps (footpods.md section 4): by
 * name, by stride length, by speed bands, after 20 s of agreement; changed
 * only after 20 s of contrary evidence. */
struct rsc_unit_verdict {
	enum rsc_unit unit;    /* what holds now; a known name sets it at once */
	enum rsc_unit leaning; /* what the last evidence said */
	uint64_t leaning_us;   /* for how long it has; silence does not count */
	uint64_t last_us;      /* the last measurement */
	bool fixed;            /* configured: evidence does not count */
};

/* By advertised name (TICKR X, Runn, MyRun); a known name decides at once. */
enum rsc_unit rsc_unit_by_name(const char *name);

/* One measurement's evidence. `belt_speed_mm_s` 0 when the belt's speed is not
 * known (the pod's own is used then); `height_m` 0 when not known: else a step
 * longer than 0.75 of it at running speed counts as strides evidence. */
enum rsc_unit rsc_unit_evidence(const struct rsc_measurement *m,
                                uint32_t belt_speed_mm_s, double height_m);

void rsc_unit_verdict_feed(struct rsc_unit_verdict *verdict,
                           enum rsc_unit evidence, uint64_t now_us);

#endif
