/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Which of many treadmills is the one that the runner stands on? He is asked to
 * set his belt to one speed, then to another; the machine that goes to both, in
 * that order, is his. Nothing is asked of a machine. Pure: time is an argument.
 *
 *   listening -> first speed -> second speed -> found | several | nobody
 *
 * A machine goes to a speed when it was elsewhere and then keeps it for 5 s. One
 * that passes it, or has had it all the time, does not. Where two machines go to
 * both speeds nobody is chosen.
 */
#ifndef GAITD_PAIRING_H
#define GAITD_PAIRING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PAIRING_MAX 16
#define PAIRING_HOLD_US (5 * UINT64_C(1000000))
#define PAIRING_SETTLE_US (3 * UINT64_C(1000000)) /* for others to go there, too */
#define PAIRING_LISTEN_US (8 * UINT64_C(1000000)) /* after the first is heard */
/* Some say nothing while they stand: they are asked without being heard. */
#define PAIRING_PATIENCE_US (25 * UINT64_C(1000000))
#define PAIRING_LIMIT_US (120 * UINT64_C(1000000)) /* of each step */
#define PAIRING_NEVER UINT64_MAX

enum pairing_step {
	PAIRING_LISTENING,
	PAIRING_FIRST,  /* the runner is asked for the first speed */
	PAIRING_SECOND, /* for the second */
	PAIRING_FOUND,
	PAIRING_SEVERAL, /* went to both */
	PAIRING_NOBODY,  /* did, within the limit */
};
const char *pairing_step_name(enum pairing_step step); /* "listening" ... */

/* What the console shows, and what a machine may send instead of it */
enum pairing_unit {
	PAIRING_KMH,
	PAIRING_MPH,
	PAIRING_UNITS,
};

/* How long a speed has been kept */
struct pairing_hold {
	bool armed; /* was elsewhere, or nothing is known of before */
	bool on;
	uint16_t first;    /* 0.01 km/h, at its beginning */
	unsigned values;   /* of it */
	unsigned outliers; /* in a row */
	uint64_t since_us, last_us;
};

struct pairing_candidate {
	bool heard;
	uint16_t speed; /* 0.01 km/h, the last */
	uint64_t speed_us;
	/* One for each meaning of the number that was asked for */
	struct pairing_hold holds[PAIRING_UNITS];
	bool went[PAIRING_UNITS]; /* to the first speed */
};

struct pairing {
	enum pairing_step step;
	enum pairing_unit console;
	uint16_t asked[2]; /* 0.1 of the console's unit: first, second */
	uint64_t step_us;  /* when this step began */
	uint64_t heard_us; /* the first machine; PAIRING_NEVER: none yet */
	uint64_t went_us;  /* the first went where it was asked, or likewise */
	struct pairing_candidate candidates[PAIRING_MAX];
	size_t count;
	size_t found;            /* index, when found */
	enum pairing_unit sends; /* the unit in which it sends what it shows */
};

/* `console`: what the runner's console shows */
void pairing_begin(struct pairing *p, enum pairing_unit console, uint64_t now_us);
/* A machine takes part; its index, or PAIRING_MAX when there are too many. */
size_t pairing_join(struct pairing *p);
/* It says its speed, 0.01 km/h. */
void pairing_speed(struct pairing *p, size_t index, uint16_t speed, uint64_t now_us);
/* Time is so far; true when the step is another one. */
bool pairing_advance(struct pairing *p, uint64_t now_us);
uint64_t pairing_deadline_us(const struct pairing *p);

/* The number that the console shall show now, in 0.1; 0: none is asked for */
uint16_t pairing_asked(const struct pairing *p);
/* Is it where it was asked to go, at this moment? */
bool pairing_is_there(const struct pairing *p, size_t index);
static inline bool pairing_is_over(const struct pairing *p)
{
	return p->step >= PAIRING_FOUND;
}

#endif
