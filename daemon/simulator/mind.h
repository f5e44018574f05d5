/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What the runner does about a prompt: whether, when, what. One table from
 * rule to deed; a rule that is not in it is read and shrugged at.
 */
#ifndef GAITD_MIND_H
#define GAITD_MIND_H

#include "daemon/core/outcome.h"
#include "daemon/simulator/dice.h"

#include <stdbool.h>
#include <stdint.h>

#define MIND_PENDING_MAX 12
#define MIND_ANSWERS_MAX 4
/* The soonest reaction. A player asks for one event ahead, so a prompt may be
 * heard up to one event's distance late: reactions must lie beyond that. */
#define MIND_LATENCY_MIN_US 1500000

struct mind_traits {
	uint8_t obeys_percent; /* of prompts on form */
	bool careful; /* takes the advice of belt and pain prompts too */
	uint16_t attention_s;              /* minds a beat for so long */
	uint8_t answers[MIND_ANSWERS_MAX]; /* to ask-pain, the last repeats */
	uint8_t answer_count;              /* 0: never answers */
};

enum mind_deed {
	MIND_TAKE_BEAT,    /* value: steps/min */
	MIND_TAKE_LIFT,    /* value: permille above the own line */
	MIND_HOLD,         /* value: s */
	MIND_KEEP_EVEN,    /* value: s */
	MIND_LET_GO,       /* of the rail */
	MIND_SLOW_TO,      /* value: permille of the present speed */
	MIND_CAP,          /* value: 0.01 km/h, for the rest of the session */
	MIND_CAP_PERMILLE, /* value: permille of the present speed, likewise */
	MIND_INCLINE,      /* value: 0.1 % */
	MIND_STOP,         /* the belt */
	MIND_ACK,          /* id */
	MIND_ANSWER,       /* id, value */
};

struct mind_intent {
	uint64_t due_us;
	enum mind_deed deed;
	int32_t value;
	uint32_t id; /* of the prompt */
};

struct mind {
	const struct mind_traits *traits;
	struct dice dice;
	struct mind_intent pending[MIND_PENDING_MAX];
	unsigned pending_count;
	unsigned answers_given;
};

void mind_init(struct mind *mind, const struct mind_traits *traits,
               uint64_t seed);
void mind_hear(struct mind *mind, const struct outcome *outcome);
/* Takes the first intent that is due before `until_us`. */
bool mind_next(struct mind *mind, uint64_t until_us, struct mind_intent *out);

#endif
