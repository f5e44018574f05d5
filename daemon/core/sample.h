/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A sample: one fact, immutable, small; what the core is fed with. Its time
 * is microseconds on the session's monotonic clock, stamped once, in the shell.
 */
#ifndef GAITD_SAMPLE_H
#define GAITD_SAMPLE_H

#include <stddef.h>
#include <stdint.h>

enum sample_kind {
	/* the belt */
	SAMPLE_SPEED,          /* 0.01 km/h */
	SAMPLE_INCLINE,        /* 0.1 %, uphill positive */
	SAMPLE_DISTANCE,       /* m, as the machine counts */
	SAMPLE_ELEVATION_GAIN, /* 0.1 m, as the machine counts */
	SAMPLE_ENERGY,         /* kcal, as the machine counts */
	SAMPLE_HEART_RATE,     /* bpm */
	SAMPLE_INCLINE_SUPPORT, /* 0: the machine has no incline; 1: it has */
	SAMPLE_BELT_STATUS,    /* enum belt_status */
	SAMPLE_BELT_CADENCE, /* 0.001 steps/min, as the machine counts steps */
	SAMPLE_BELT_ALIVE,     /* 0: any frame, whatever it held */
	/* the foot pod */
	SAMPLE_CADENCE,   /* 0.001 steps/min */
	SAMPLE_CADENCE_COUNTED, /* likewise, from a count: too coarse for evenness */
	SAMPLE_POD_SPEED, /* mm/s */
	SAMPLE_CADENCE_UNDECIDED, /* 0: strides or steps, nobody knows yet */
	/* Running Dynamics, where a pod sends them */
	SAMPLE_OSCILLATION,    /* of the trunk, up and down, 0.001 mm */
	SAMPLE_GROUND_CONTACT, /* ms */
	SAMPLE_STANCE,         /* share of the stride on the ground, 0.01 % */
	SAMPLE_BALANCE,        /* share of the left foot, 0.01 % */
	SAMPLE_VERTICAL_RATIO, /* oscillation to step length, 0.01 % */
	/* links, as the transport or a recording tells: enum display_link_state */
	SAMPLE_TREADMILL_LINK,
	SAMPLE_FOOTPOD_LINK,
	/* the runner */
	SAMPLE_PAIN,      /* 0..10 */
	SAMPLE_MORNING_PAIN, /* 0..10, as an answer */
	SAMPLE_SAME_RUNNER,  /* 0 or 1, as an answer: it is still he */
	SAMPLE_RED_FLAG,  /* enum display_red_flag */
	SAMPLE_ACK,       /* prompt id, 0: the live one */
	SAMPLE_ANSWER,    /* value; `id` is the prompt's, 0: the open question */
	SAMPLE_MUTE,      /* minutes */
	SAMPLE_INTERVALS, /* 0 or 1 */
	SAMPLE_END,       /* s from now to the planned end */
	SAMPLE_PLANNED_DISTANCE, /* m, as the runner told the machine; 0: none */
};

enum belt_status {
	BELT_RESET,
	BELT_STOPPED,
	BELT_PAUSED,
	BELT_SAFETY_KEY,
	BELT_STARTED,
};

struct sample {
	uint64_t t_us;
	int32_t value;
	uint32_t id;  /* of an ack or answer; of a cadence: whose it is */
	uint8_t kind; /* enum sample_kind */
};

/* The samples of one input, in the making: all of one instant */
#define SAMPLE_BATCH_MAX 12

struct sample_batch {
	uint64_t t_us;
	size_t count;
	struct sample samples[SAMPLE_BATCH_MAX];
};

static inline void sample_add(struct sample_batch *batch, enum sample_kind kind,
                              int32_t value)
{
	batch->samples[batch->count++] = (struct sample){
		.t_us = batch->t_us, .kind = (uint8_t)kind, .value = value,
	};
}

#endif
