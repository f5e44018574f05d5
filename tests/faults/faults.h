/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The table of faults: what may fail, what gaitd promises then, and who proves it.
 * The manual, gaitd(8), prints it.
 */
#ifndef FAULTS_FAULTS_H
#define FAULTS_FAULTS_H

#include "tests/faults/rig.h"

struct promise {
	const char *name;
	/* The promise: seconds of a kept session that may be lost; seconds until all is
	 * normal once the fault is over; what the runner sees. Where a text is given
	 * it is printed in the number's place. */
	unsigned lost_s, normal_s;
	const char *lost, *normal, *sees;
	/* One injection at that second of a run; false: the promise is broken, and
	 * it was said how. NULL: others prove it. */
	bool (*inject)(const struct promise *fault, unsigned second);
	unsigned kind;      /* of what inject() does */
	const char *others; /* files of the tree that prove it; NULL: none */
};

extern const struct promise faults[]; /* ends with one that has no name */

/* What a fault must leave as it is: the display is told the same, and has figures. */
struct undisturbed {
	bool (*beside)(struct rig *rig); /* starts what is to fail; NULL: nothing */
	void (*begin)(struct rig *rig, unsigned kind);
	void (*end)(struct rig *rig, unsigned kind);
	bool (*check)(struct rig *rig, const struct promise *fault); /* NULL: nothing more */
	unsigned lasts_s;
};
bool faults_undisturbed(const struct undisturbed *way, const struct promise *fault,
                        unsigned second);
bool faults_fail(const struct rig *rig, const struct promise *fault, unsigned second,
                 const char *what);

/* fault_adapter.c, fault_broker.c, fault_devices.c, fault_displays.c, fault_memory.c */
enum { FAULTS_ADAPTER_OFF, FAULTS_ADAPTER_BLOCKED, FAULTS_ADAPTER_OUT, FAULTS_TREADMILL_OFF };
bool faults_adapter(const struct promise *fault, unsigned second);
enum { FAULTS_BROKER_KILLED, FAULTS_BROKER_STOPPED };
bool faults_broker(const struct promise *fault, unsigned second);
bool faults_device(const struct promise *fault, unsigned second);
bool faults_display(const struct promise *fault, unsigned second);
bool faults_memory_start(const struct promise *fault, unsigned second);
bool faults_memory_run(const struct promise *fault, unsigned second);

extern unsigned faults_injections; /* done so far */
extern bool faults_all;            /* all instants, all allocations */

#endif
