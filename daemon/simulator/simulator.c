/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/simulator/simulator.h"

#include <stdlib.h>
#include <string.h>

#define US_PER_S UINT64_C(1000000)

struct simulator {
	const struct scenario *scenario;
	uint64_t now_us; /* the beginning of the next tick */
	struct outbox outbox;
	struct body body;
	struct mind mind;
	struct machine machine;
	struct pod pod;
	struct pod twin; /* the neighbour's; POD_NONE mostly */
	const struct scenario_step *step;   /* the next one */
	const struct scenario_input *input; /* likewise; NULL: none */
};

/* With a twin, both are candidates. */
static void init_pods(struct simulator *sim, uint64_t seed)
{
	const struct scenario *scenario = sim->scenario;

	pod_init(&sim->pod, scenario->pod, scenario->pod_loss_percent, &sim->outbox,
	         seed);
	sim->pod.traits = scenario->pod_traits;
	pod_init(&sim->twin, scenario->pod_twin ? scenario->pod : POD_NONE,
	         scenario->pod_loss_percent, &sim->outbox, seed + 1);
	if (scenario->pod_twin)
		sim->pod.unit = 2, sim->twin.unit = 3;
}

struct simulator *simulator_new(const struct scenario *scenario, uint64_t seed)
{
	struct simulator *sim = calloc(1, sizeof(*sim));

	if (sim == NULL)
		return NULL;
	sim->scenario = scenario;
	sim->step = scenario->program;
	sim->input = scenario->inputs;
	body_init(&sim->body, scenario->body, seed);
	mind_init(&sim->mind, scenario->mind, seed);
	machine_init(&sim->machine, scenario->machine, &sim->outbox, seed);
	init_pods(sim, seed);
	machine_greet(&sim->machine);
	pod_greet(&sim->pod);
	pod_greet(&sim->twin);
	return sim;
}

void simulator_free(struct simulator *sim)
{
	free(sim);
}

static bool in_gap(const struct simulator *sim, const struct scenario_gap *gap)
{
	uint64_t begin_us = gap->at_s * US_PER_S;

	return sim->now_us >= begin_us &&
	       sim->now_us < begin_us + gap->seconds * US_PER_S;
}

static void press_button(struct simulator *sim,
                         const struct scenario_step *step)
{
	switch (step->button) {
	case SCENARIO_SET:
		machine_set_speed(&sim->machine, step->centi_kmh);
		machine_set_incline(&sim->machine, step->deci_percent);
		break;
	case SCENARIO_PAUSE:
		machine_pause(&sim->machine);
		break;
	case SCENARIO_STOP:
		machine_stop(&sim->machine);
		break;
	case SCENARIO_KEY:
		machine_pull_key(&sim->machine);
		break;
	case SCENARIO_END:
		break;
	}
}

static void say(struct simulator *sim, enum display_input input, uint32_t id,
                int32_t value)
{
	struct display_request request = {
		.type = DISPLAY_REQUEST_INPUT,
		.input = input,
		.id = id,
		.value = value,
	};

	if (input == DISPLAY_INPUT_RED_FLAG) {
		request.flag = (enum display_red_flag)value;
		request.value = 0;
	}
	outbox_request(&sim->outbox, sim->now_us, &request);
}

static void say_input(struct simulator *sim, const struct scenario_input *input)
{
	switch (input->word) {
	case SCENARIO_PAIN:
		say(sim, DISPLAY_INPUT_PAIN, 0, input->value);
		break;
	case SCENARIO_RED_FLAG:
		say(sim, DISPLAY_INPUT_RED_FLAG, 0, input->value);
		break;
	case SCENARIO_INTERVALS:
		say(sim, DISPLAY_INPUT_INTERVALS, 0, input->value);
		break;
	case SCENARIO_SILENT:
		break;
	}
}

static void follow_script(struct simulator *sim)
{
	while (sim->step->button != SCENARIO_END &&
	       sim->step->at_s * US_PER_S <= sim->now_us)
		press_button(sim, sim->step++);
	while (sim->input != NULL && sim->input->word != SCENARIO_SILENT &&
	       sim->input->at_s * US_PER_S <= sim->now_us)
		say_input(sim, sim->input++);
}

/* Of the set-point: the belt may still be on its way there. */
static uint32_t permille_of_speed(const struct simulator *sim, int32_t permille)
{
	return (uint32_t)(sim->machine.set_mm_h * permille / 1000 / 10000);
}

static void do_deed(struct simulator *sim, const struct mind_intent *intent)
{
	uint32_t attention_s = sim->mind.traits->attention_s;
	int32_t value = intent->value;

	switch (intent->deed) {
	case MIND_TAKE_BEAT:
		body_aim_spm(&sim->body, (uint32_t)value, attention_s);
		break;
	case MIND_TAKE_LIFT:
		body_aim_lift(&sim->body, value, attention_s);
		break;
	case MIND_HOLD:
		body_hold(&sim->body, (uint32_t)value);
		break;
	case MIND_KEEP_EVEN:
		body_keep_even(&sim->body, (uint32_t)value);
		break;
	case MIND_LET_GO:
		body_let_go(&sim->body);
		break;
	case MIND_SLOW_TO:
		if (sim->machine.state == MACHINE_RUNS)
			machine_set_speed(&sim->machine,
			                  permille_of_speed(sim, value));
		break;
	case MIND_CAP:
		machine_cap_speed(&sim->machine, (uint32_t)value);
		break;
	case MIND_CAP_PERMILLE:
		machine_cap_speed(&sim->machine, permille_of_speed(sim, value));
		break;
	case MIND_INCLINE:
		machine_set_incline(&sim->machine, value);
		break;
	case MIND_STOP:
		machine_stop(&sim->machine);
		break;
	case MIND_ACK:
		say(sim, DISPLAY_INPUT_ACK, intent->id, 0);
		break;
	case MIND_ANSWER:
		say(sim, DISPLAY_INPUT_ANSWER, intent->id, value);
		break;
	}
}

static void follow_mind(struct simulator *sim)
{
	struct mind_intent intent;

	while (mind_next(&sim->mind, sim->now_us + 1, &intent))
		do_deed(sim, &intent);
}

static void move(struct simulator *sim)
{
	struct body *body = &sim->body;
	struct machine_load load = {
		.steps = body->steps,
		.kcal = body_kcal(body),
		.heart_bpm = body_heart_bpm(body),
		.deci_met = body_deci_met(body),
		.power_w = body_power_w(body),
	};
	struct pod_motion motion;

	machine_tick(&sim->machine, sim->now_us, &load);
	body_tick(body, sim->machine.speed_mm_h, sim->machine.incline_mpct);
	motion = (struct pod_motion){ sim->machine.speed_mm_h, body->cadence_uspm,
		                      body->steps };
	pod_tick(&sim->pod, sim->now_us, &motion);
	pod_tick(&sim->twin, sim->now_us, &motion);
}

static void tick(struct simulator *sim)
{
	sim->machine.now_us = sim->now_us;
	sim->machine.silent = in_gap(sim, &sim->scenario->machine_gap);
	sim->pod.gone = in_gap(sim, &sim->scenario->pod_gap);
	follow_mind(sim);
	follow_script(sim);
	move(sim);
	sim->now_us += BODY_TICK_US;
}

bool simulator_next(struct simulator *sim, struct source_event *event)
{
	uint64_t end_us = sim->scenario->seconds * US_PER_S;

	while (!outbox_take(&sim->outbox, sim->now_us, event)) {
		if (sim->now_us >= end_us)
			return false;
		tick(sim);
	}
	return true;
}

void simulator_outcome(struct simulator *sim, const struct outcome *outcome)
{
	mind_hear(&sim->mind, outcome);
}

struct simulator_truth simulator_truth(const struct simulator *sim)
{
	return (struct simulator_truth){
		.centi_kmh = machine_centi_kmh(&sim->machine),
		.deci_percent = machine_deci_percent(&sim->machine),
		.cadence_mspm = sim->body.cadence_uspm / 1000,
		.steps = sim->body.steps,
		.distance_mm = sim->machine.distance_nm / 1000000,
		.heart_bpm = body_heart_bpm(&sim->body),
		.running = sim->body.running,
		.intent_ppm = body_intent_ppm(&sim->body),
		.tired_ppm = body_tired_ppm(&sim->body),
		.falters = body_falters(&sim->body),
		.on_rail = body_on_rail(&sim->body),
	};
}
