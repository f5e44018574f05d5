/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/sources/simulate.h"

#include "daemon/rules/suggest.h"
#include "daemon/devices/intake.h"
#include "daemon/simulator/simulator.h"

#include <stdlib.h>
#include <string.h>

#define US_PER_S UINT64_C(1000000)
#define LEAD_US (5 * US_PER_S) /* real time before the first prompt */

struct simulate {
	const struct scenario *scenario;
	struct simulator *simulator;
	uint64_t fast_until_us;
};

/* ---- the dry run: when does the first prompt come? ---- */

struct rehearsal {
	struct simulator *simulator;
	struct pipeline *pipeline;
	struct intake *intake;
	bool prompted;
	uint64_t prompt_us;
};

static void rehearsal_outcome(const struct outcome *outcome, void *user)
{
	struct rehearsal *r = user;

	simulator_outcome(r->simulator, outcome);
	if (outcome->message.type == DISPLAY_MESSAGE_PROMPT && !r->prompted) {
		r->prompted = true;
		r->prompt_us = outcome->t_us;
	}
}

static bool rehearsal_set_up(struct rehearsal *r,
                             const struct scenario *scenario, uint64_t seed,
                             const struct ruleset *rules,
                             const struct pipeline_settings *settings)
{
	r->simulator = simulator_new(scenario, seed);
	r->pipeline = pipeline_new(rules, settings, rehearsal_outcome, r);
	r->intake = r->pipeline ? intake_new(r->pipeline) : NULL;
	return r->simulator && r->intake;
}

static void rehearsal_tear_down(struct rehearsal *r)
{
	intake_free(r->intake);
	pipeline_free(r->pipeline);
	simulator_free(r->simulator);
}

/* False: out of memory */
static bool rehearse(struct simulate *s, uint64_t seed,
                     const struct ruleset *rules,
                     const struct pipeline_settings *settings)
{
	struct rehearsal r = { .prompted = false };
	bool ready = rehearsal_set_up(&r, s->scenario, seed, rules, settings);
	struct source_event event;

	while (ready && !r.prompted && simulator_next(r.simulator, &event))
		intake_event(r.intake, &event);
	if (r.prompted && r.prompt_us > LEAD_US)
		s->fast_until_us = r.prompt_us - LEAD_US;
	rehearsal_tear_down(&r);
	return ready;
}

/* ---- the source ---- */

static const char *name_at(size_t index)
{
	const struct scenario *scenario = scenario_at(index);

	return scenario ? scenario->name : NULL;
}

static const struct scenario *find_scenario(const char *name, char *why,
                                            size_t size)
{
	const struct scenario *scenario = scenario_by_name(name);
	char hint[80];

	if (scenario)
		return scenario;
	suggest_text(hint, sizeof(hint), name, strlen(name), name_at);
	snprintf(
		why, size,
		"no scenario \"%.40s\"%s (gaitd --simulate list prints them all)",
		name, hint);
	return NULL;
}

/* Who runs is the scenario's; how he is spoken to stays the configuration's. */
static bool take_runner(const struct scenario *scenario, struct runner *runner,
                        char *why, size_t size)
{
	struct runner asked = *runner;

	if (!runner_parse(scenario->runner, runner, why, (unsigned)size))
		return false;
	memcpy(runner->lang, asked.lang, sizeof(runner->lang));
	runner->miles = asked.miles;
	return true;
}

static void simulate_free(void *source)
{
	struct simulate *s = source;

	if (!s)
		return;
	simulator_free(s->simulator);
	free(s);
}

struct simulate *simulate_open(const char *name, uint64_t seed,
                               const struct ruleset *rules,
                               struct pipeline_settings *settings, char *why,
                               size_t size)
{
	const struct scenario *scenario = find_scenario(name, why, size);
	struct simulate *s;

	if (!scenario || !take_runner(scenario, &settings->runner, why, size))
		return NULL;
	s = calloc(1, sizeof(*s));
	if (s) {
		s->scenario = scenario;
		s->simulator = simulator_new(scenario, seed);
	}
	if (!s || !s->simulator ||
	    (scenario->hurry && !rehearse(s, seed, rules, settings))) {
		simulate_free(s);
		snprintf(why, size, "out of memory");
		return NULL;
	}
	return s;
}

static enum source_next simulate_next(void *source, struct source_event *event,
                                      uint64_t *end_us)
{
	struct simulate *s = source;

	if (simulator_next(s->simulator, event))
		return SOURCE_NEXT_EVENT;
	*end_us = s->scenario->seconds * US_PER_S;
	return SOURCE_NEXT_END;
}

static void simulate_outcome(void *source, const struct outcome *outcome)
{
	struct simulate *s = source;

	simulator_outcome(s->simulator, outcome);
}

static uint64_t simulate_fast_until_us(void *source)
{
	struct simulate *s = source;

	return s->fast_until_us;
}

const struct source_player_ops simulate_ops = {
	.name = "simulator",
	.next = simulate_next,
	.outcome = simulate_outcome,
	.fast_until_us = simulate_fast_until_us,
	.free = simulate_free,
};

const char *simulate_runner_json(const struct simulate *s)
{
	return s->scenario->runner;
}

const char *simulate_model(const struct simulate *s)
{
	return s->scenario->name;
}

void simulate_print_list(FILE *out)
{
	for (size_t i = 0; i < scenario_count(); i++)
		fprintf(out, "%-22s %s\n", scenario_at(i)->name,
		        scenario_at(i)->summary);
}
