/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A treadmill: a belt and an incline motor that take their time, and the FTMS
 * characteristics that tell of them, in the dialects found in the field
 * (data/ftms-frames.tsv).
 */
#ifndef GAITD_MACHINE_H
#define GAITD_MACHINE_H

#include "daemon/simulator/dice.h"
#include "daemon/simulator/outbox.h"

#include <stdbool.h>
#include <stdint.h>

enum machine_model {
	MACHINE_PLAIN, /* by the book, one frame a record, with heart rate */
	MACHINE_FAST,  /* the same, 4 frames a second */
	MACHINE_STEP_COUNT, /* UREVO URTM041: steps in reserved flag bit 13 */
	MACHINE_SPLIT,      /* Matrix TouchXL: a record in two frames */
	MACHINE_CUT,        /* Matrix, MTU 23: frames cut at 20 octets */
};

enum machine_state {
	MACHINE_IDLE,
	MACHINE_RUNS,
	MACHINE_PAUSED,
	MACHINE_KEY_PULLED,
};

/* What the machine's frames tell of the runner on it */
struct machine_load {
	uint32_t steps, kcal, heart_bpm, deci_met, power_w;
};

struct machine_info;

struct machine {
	const struct machine_info *info;
	struct dice dice;
	struct outbox *outbox;
	uint64_t now_us;
	bool silent; /* its radio is: nothing that it says is heard */
	enum machine_state state;
	int64_t speed_mm_h, set_mm_h;   /* 1 km/h is 1e6 mm/h */
	int64_t cap_mm_h;               /* the runner will not go faster */
	int64_t incline_mpct, set_mpct; /* 0.001 % */
	uint64_t moving_ticks;
	int64_t distance_nm, gain_nm, loss_nm;
	uint64_t slot, due_us; /* of the next Treadmill Data */
	uint64_t told_ramp_us;
};

void machine_init(struct machine *machine, enum machine_model model,
                  struct outbox *outbox, uint64_t seed);
const char *machine_name(const struct machine *machine);

/* What a host reads after it connected */
void machine_greet(struct machine *machine);

/* Set-points; 0.01 km/h and 0.1 %, as the wire has them. A speed starts a belt
 * that is idle or paused, unless its key is pulled. */
void machine_set_speed(struct machine *machine, uint32_t centi_kmh);
void machine_set_incline(struct machine *machine, int32_t deci_percent);
void machine_pause(struct machine *machine);
void machine_stop(struct machine *machine);
void machine_pull_key(struct machine *machine);
/* From now on no set-point above this is taken up, and it holds at once. */
void machine_cap_speed(struct machine *machine, uint32_t centi_kmh);

/* 10 ms more, of which `now_us` is the beginning */
void machine_tick(struct machine *machine, uint64_t now_us,
                  const struct machine_load *load);

uint32_t machine_centi_kmh(const struct machine *machine);
int32_t machine_deci_percent(const struct machine *machine);

#endif
