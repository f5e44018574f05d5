/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * From source events to samples: the one place where radio bytes get meaning.
 * Pure; live, replayed and simulated events all pass here.
 */
#ifndef GAITD_INTAKE_H
#define GAITD_INTAKE_H

#include "daemon/core/pipeline.h"
#include "daemon/devices/pods.h"
#include "daemon/devices/source_event.h"
#include "daemon/devices/treadmill.h"

struct intake;

/* What the configuration says of the devices, and who hears of their oddities */
struct intake_settings {
	const char *quirk;   /* treadmill.quirk: "auto", "none" or a row's id */
	bool fixed_incline;  /* treadmill.incline; the pipeline has its value */
	bool running_dynamics; /* footpod.running_dynamics */
	device_note_fn note; /* may be NULL */
	void *user;
};

struct intake *intake_new(struct pipeline *pipeline);
void intake_free(struct intake *intake);
/* Without it: quirk by name, nothing said. May come again, at a reload. */
void intake_configure(struct intake *intake, const struct intake_settings *settings);
/* The treadmill's quirk in force; NULL: none */
const struct quirk *intake_quirk(const struct intake *intake);
/* Decodes one event and feeds what it says to the pipeline. Bytes that no
 * decoder takes are counted and dropped; nothing else happens. */
void intake_event(struct intake *intake, const struct source_event *event);

/* What the Bluetooth foot pod counts: as it is configured (`fixed`: evidence
 * does not count), or as it was found to the last time. */
void intake_set_footpod_unit(struct intake *intake, enum rsc_unit unit, bool fixed);
/* As far as it is known now */
enum rsc_unit intake_footpod_unit(const struct intake *intake);

/* The pods around and the choice among them, for status and pairing */
const struct pods *intake_pods(const struct intake *intake);
/* The cadence that counts, as of the last event; false: there is none. */
bool intake_cadence(const struct intake *intake, struct cadence_view *out);

struct intake_counts {
	uint64_t events, undecoded;
	/* the latter by device, and by how the bytes came */
	uint64_t undecoded_of[SOURCE_HEART_RATE + 1][SOURCE_ANT + 1];
};
struct intake_counts intake_counts(const struct intake *intake);

#endif
