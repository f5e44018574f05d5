/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/simulator/mind.h"

#include <string.h>

#define READING_US 2500000 /* from a prompt to the first step towards it */
#define DITHER_US 1500000

/* What a deed's value is taken from, if not from the table */
enum value_from { FROM_TABLE, FROM_TARGET, FROM_CAP };

static const struct reaction {
	const char *rule;
	enum mind_deed deed;
	enum value_from from;
	int32_t value;
	uint16_t later_s;
	bool is_form; /* up to his obedience; the others up to his care */
} reactions[] = {
	{ "cadence-low", MIND_TAKE_BEAT, FROM_TARGET, 0, 0, true },
	{ "cadence-high", MIND_TAKE_BEAT, FROM_TARGET, 0, 0, true },
	{ "overstride", MIND_TAKE_LIFT, FROM_TABLE, 0, 0, true },
	{ "recall", MIND_TAKE_LIFT, FROM_TABLE, 75, 0, true },
	{ "incline-jump", MIND_TAKE_LIFT, FROM_TABLE, 30, 0, true },
	{ "cadence-irregular", MIND_KEEP_EVEN, FROM_TABLE, 300, 0, true },
	{ "fatigue-drift", MIND_SLOW_TO, FROM_TABLE, 950, 0, true },
	{ "steep-long", MIND_INCLINE, FROM_TABLE, 40, 0, true },
	{ "warm-up", MIND_SLOW_TO, FROM_TABLE, 600, 0, true },
	{ "praise-hold", MIND_HOLD, FROM_TABLE, 480, 0, true },
	{ "handrail-suspected", MIND_LET_GO, FROM_TABLE, 0, 0, true },
	{ "handrail-suspected", MIND_INCLINE, FROM_TABLE, 20, 1, true },
	{ "static-pace", MIND_SLOW_TO, FROM_TABLE, 900, 0, true },
	{ "static-pace", MIND_SLOW_TO, FROM_TABLE, 1111, 60, true },
	{ "steep-and-fast", MIND_SLOW_TO, FROM_TABLE, 850, 0, false },
	{ "speed-jump", MIND_SLOW_TO, FROM_TABLE, 850, 0, false },
	{ "decline", MIND_INCLINE, FROM_TABLE, 0, 0, false },
	{ "speed-over-cap-after-pain", MIND_CAP, FROM_CAP, 0, 0, false },
	{ "pain-mild", MIND_CAP_PERMILLE, FROM_TABLE, 850, 0, false },
	{ "pain-mild", MIND_INCLINE, FROM_TABLE, 0, 0, false },
	{ "pain-moderate", MIND_CAP_PERMILLE, FROM_TABLE, 780, 0, false },
	{ "pain-moderate", MIND_SLOW_TO, FROM_TABLE, 650, 1, false },
	{ "pain-moderate", MIND_INCLINE, FROM_TABLE, 0, 1, false },
	{ "pain-high-or-rising", MIND_CAP_PERMILLE, FROM_TABLE, 500, 0, false },
	{ "pain-high-or-rising", MIND_INCLINE, FROM_TABLE, 0, 1, false },
	{ "pain-high-or-rising", MIND_STOP, FROM_TABLE, 0, 60, false },
	{ "pain-red-flag", MIND_STOP, FROM_TABLE, 0, 0, false },
};

void mind_init(struct mind *mind, const struct mind_traits *traits,
               uint64_t seed)
{
	memset(mind, 0, sizeof(*mind));
	mind->traits = traits;
	dice_seed(&mind->dice, seed, 4);
}

/* A runner who is told more than he can keep in mind forgets the newest. */
static void intend(struct mind *mind, uint64_t due_us, enum mind_deed deed,
                   int32_t value, uint32_t id)
{
	unsigned at = mind->pending_count;

	if (at == MIND_PENDING_MAX)
		return;
	while (at > 0 && mind->pending[at - 1].due_us > due_us) {
		mind->pending[at] = mind->pending[at - 1];
		at--;
	}
	mind->pending[at] = (struct mind_intent){ due_us, deed, value, id };
	mind->pending_count++;
}

static uint64_t after_reading(struct mind *mind, uint64_t t_us)
{
	return t_us + READING_US + dice_below(&mind->dice, DITHER_US);
}

/* An argument that a runner can make sense of; NaN is none */
static bool find_arg(const struct display_prompt *prompt, const char *name,
                     double low, double high, double *value)
{
	for (unsigned i = 0; i < prompt->arg_count; i++)
		if (strcmp(prompt->args[i].name, name) == 0) {
			*value = prompt->args[i].value;
			return *value >= low && *value <= high;
		}
	return false;
}

/* false when the prompt lacks what the reaction needs */
static bool reaction_value(const struct reaction *r,
                           const struct display_prompt *prompt, int32_t *value)
{
	double arg = 0;

	*value = r->value;
	switch (r->from) {
	case FROM_TABLE:
		return true;
	case FROM_TARGET:
		if (!find_arg(prompt, "target", 60, 260, &arg))
			return false;
		*value = (int32_t)(arg + 0.5);
		return true;
	case FROM_CAP:
		if (!find_arg(prompt, "cap", 1, 30, &arg))
			return false;
		*value = (int32_t)(arg * 100 + 0.5);
		return true;
	}
	return false;
}

static void react(struct mind *mind, uint64_t t_us,
                  const struct display_prompt *prompt)
{
	bool obeys = dice_percent(&mind->dice, mind->traits->obeys_percent);
	uint64_t at_us = after_reading(mind, t_us);
	int32_t value;

	for (size_t i = 0; i < sizeof(reactions) / sizeof(*reactions); i++) {
		const struct reaction *r = &reactions[i];

		if (strcmp(r->rule, prompt->rule) != 0)
			continue;
		if (!(r->is_form ? obeys : mind->traits->careful))
			continue;
		if (reaction_value(r, prompt, &value))
			intend(mind, at_us + r->later_s * UINT64_C(1000000),
			       r->deed, value, prompt->id);
	}
}

static void answer(struct mind *mind, uint64_t t_us, uint32_t id)
{
	const struct mind_traits *t = mind->traits;
	unsigned n = mind->answers_given;

	if (t->answer_count == 0)
		return;
	if (n >= t->answer_count)
		n = t->answer_count - 1u;
	mind->answers_given++;
	intend(mind, after_reading(mind, t_us) + 1000000, MIND_ANSWER,
	       t->answers[n], id);
}

static void hear_prompt(struct mind *mind, uint64_t t_us,
                        const struct display_prompt *prompt)
{
	if (prompt->ask.kind == DISPLAY_ASK_SCALE)
		answer(mind, t_us, prompt->id);
	else if (prompt->ask.kind == DISPLAY_ASK_CHOICE && prompt->ask.choice_count > 0)
		intend(mind, after_reading(mind, t_us) + 1000000, MIND_ANSWER,
		       prompt->ask.choices[0].value, prompt->id);
	else if (prompt->ack)
		intend(mind, after_reading(mind, t_us), MIND_ACK, 0,
		       prompt->id);
	react(mind, t_us, prompt);
}

/* What is no longer on the display cannot be acknowledged or answered. */
static void forget_buttons(struct mind *mind, uint32_t id)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < mind->pending_count; i++) {
		const struct mind_intent *p = &mind->pending[i];

		if (p->id == id &&
		    (p->deed == MIND_ACK || p->deed == MIND_ANSWER))
			continue;
		mind->pending[kept++] = *p;
	}
	mind->pending_count = kept;
}

void mind_hear(struct mind *mind, const struct outcome *outcome)
{
	if (outcome->message.type == DISPLAY_MESSAGE_PROMPT)
		hear_prompt(mind, outcome->t_us, &outcome->message.prompt);
	else if (outcome->message.type == DISPLAY_MESSAGE_CLEAR)
		forget_buttons(mind, outcome->message.clear.id);
}

bool mind_next(struct mind *mind, uint64_t until_us, struct mind_intent *out)
{
	if (mind->pending_count == 0 || mind->pending[0].due_us >= until_us)
		return false;
	*out = mind->pending[0];
	mind->pending_count--;
	memmove(&mind->pending[0], &mind->pending[1],
	        mind->pending_count * sizeof(mind->pending[0]));
	return true;
}
