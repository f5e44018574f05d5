/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * make bench: what a second of the rules costs, beside a table of conditions in C
 * (floor/conditions.h); what a sample costs the core with few rules and with many;
 * and how often the core asks for memory while it runs.
 *
 *	bench_rules RULES.yaml
 */
#include "daemon/core/coach.h"
#include "daemon/core/pipeline.h"
#include "daemon/devices/intake.h"
#include "daemon/simulator/simulator.h"
#include "tests/bench/floor/conditions.h"
#include "tests/bench/table.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECONDS_MAX 4096
#define EVENTS_MAX 32768
#define SCENARIO "long-run" /* posture, praise, a sip, a change of gear */
#define ROUNDS 9
#define PLAYS 3
#define TIMES 5 /* the run's seconds in a round */
#define RULES_TEXT_MAX (1u << 20)
#define CONDITIONS 20
#define LIMIT_RULES 4
#define LIMIT_THOUSAND_NS 20000

#define RUNNER \
	"{\"height_m\":1.75,\"baseline_spm\":158,\"baseline_kmh\":10," \
	"\"usual_kmh\":10,\"sessions\":20}"

/* ---- no allocation ------------------------------------------------------- */

static bool counts_allocations;
static unsigned allocations;

/* glibc's own, under the names that it keeps for who stands in front of it */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);

void *malloc(size_t size)
{
	allocations += counts_allocations;
	return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	allocations += counts_allocations;
	return __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
	allocations += counts_allocations;
	return __libc_realloc(old, size);
}

/* ---- a run --------------------------------------------------------------- */

static struct source_event events[EVENTS_MAX];
static size_t event_count;
static struct metrics seconds[SECONDS_MAX]; /* what the rules saw, each second */
static size_t second_count;
static struct pipeline_settings settings;

static void ignore(const struct outcome *outcome, void *user)
{
	(void)user;
	table_use(outcome);
}

static void simulate(void)
{
	struct simulator *sim = simulator_new(scenario_by_name(SCENARIO), 1);

	if (!sim)
		table_fail("out of memory");
	while (event_count < EVENTS_MAX && simulator_next(sim, &events[event_count]))
		event_count++;
	simulator_free(sim);
}

/* Times what goes in, the decoding of it included; nanoseconds an event */
static double play(const struct ruleset *rules, bool keep)
{
	struct pipeline *pipeline = pipeline_new(rules, &settings, ignore, NULL);
	struct intake *intake = pipeline ? intake_new(pipeline) : NULL;
	uint64_t second = 0;
	double start;

	if (!intake)
		table_fail("out of memory");
	start = table_clock_ns();
	counts_allocations = true;
	for (size_t i = 0; i < event_count; i++) {
		intake_event(intake, &events[i]);
		if (!keep || events[i].t_us / 1000000 == second || second_count == SECONDS_MAX)
			continue;
		second = events[i].t_us / 1000000;
		seconds[second_count++] = *pipeline_values(pipeline);
	}
	counts_allocations = false;
	start = (table_clock_ns() - start) / (double)event_count;
	intake_free(intake);
	pipeline_free(pipeline);
	return start;
}

/* ---- the same conditions, in our rules and in C --------------------------- */

#define ABOVE(metric, limit) { METRIC_##metric, true, limit }
#define BELOW(metric, limit) { METRIC_##metric, false, limit }

/* What the shipped rules ask, in plain numbers: some true now and then, most not */
static const struct condition conditions[CONDITIONS] = {
	{ { ABOVE(speed_rise_10s, 2.5), ABOVE(speed, 9), ABOVE(elapsed, 30) }, 3, 3 },
	{ { ABOVE(incline, 4), ABOVE(level_speed, 13) }, 2, 20 },
	{ { BELOW(incline, -3) }, 1, 20 },
	{ { ABOVE(incline, 8), ABOVE(run_time, 60) }, 2, 120 },
	{ { BELOW(elapsed, 120), BELOW(walk_time, 60), ABOVE(speed, 7) }, 3, 10 },
	{ { ABOVE(incline_rise_30s, 4), ABOVE(speed, 6) }, 2, 1 },
	{ { BELOW(cadence_30s, 165), BELOW(incline, 6), ABOVE(run_time, 300) }, 3, 20 },
	{ { ABOVE(step_excess, 110), ABOVE(run_time, 300) }, 2, 20 },
	{ { ABOVE(cadence_30s, 190), BELOW(incline, 4) }, 2, 60 },
	{ { ABOVE(cadence_cv, 4) }, 1, 30 },
	{ { ABOVE(run_time, 1200), ABOVE(cadence_drift, 3) }, 2, 60 },
	{ { ABOVE(distance_of_longest_30d, 110) }, 1, 1 },
	{ { ABOVE(same_pace, 1200), ABOVE(speed, 6) }, 2, 1 },
	{ { ABOVE(elapsed, 1800), ABOVE(speed, 4) }, 2, 1 },
	{ { ABOVE(shoe_distance, 500000) }, 1, 1 },
	{ { ABOVE(belt_still, 3), BELOW(belt_still, 60), ABOVE(run_time, 600) }, 3, 1 },
	{ { ABOVE(cadence_gap, 15) }, 1, 1 },
	{ { ABOVE(treadmill_gap, 10) }, 1, 1 },
	{ { ABOVE(heart_rate, 180), ABOVE(incline, 0) }, 2, 60 },
	{ { ABOVE(speed_steady, 30), ABOVE(incline_steady, 30), ABOVE(cadence, 150) }, 3, 600 },
};

static size_t write_rules(char *text, size_t size)
{
	size_t at = (size_t)snprintf(text, size, "rules:\n");

	for (size_t i = 0; i < CONDITIONS; i++) {
		const struct condition *c = &conditions[i];

		at += (size_t)snprintf(text + at, size - at,
		                       "  - id: condition-%zu\n    level: habit\n"
		                       "    hold: %u s\n    limit: 1\n"
		                       "    say: {headline: \"x\", text: \"x\"}\n"
		                       "    why: \"x\"\n    source: \"x\"\n"
		                       "    strength: opinion\n    when: \"",
		                       i, c->hold_s);
		for (size_t j = 0; j < c->count; j++)
			at += (size_t)snprintf(text + at, size - at, "%s%s %c %.0f %s",
			                       j ? " and " : "",
			                       metric_table[c->all[j].metric].name,
			                       c->all[j].above ? '>' : '<',
			                       c->all[j].limit,
			                       dimension_unit(metric_table[c->all[j].metric]
			                                              .dimension));
		at += (size_t)snprintf(text + at, size - at, "\"\n");
	}
	return at;
}

/* ---- a second of the rules ----------------------------------------------- */

struct contest {
	struct coach coach;
	uint64_t held, floor_held; /* in all seconds of a round */
	uint16_t held_s[CONDITIONS];
};

static void on_prompt(void *user, const struct display_prompt *prompt)
{
	(void)user;
	table_use(prompt);
}

static void on_clear(void *user, const struct display_clear *clear)
{
	(void)user;
	table_use(clear);
}

static void run_coach(void *user)
{
	static const struct coach_sink sink = { .prompt = on_prompt, .clear = on_clear };
	struct contest *c = user;
	struct coach_input in = { .treadmill_fresh = true };

	coach_begin_session(&c->coach);
	c->held = 0;
	for (unsigned time = 0; time < TIMES; time++) {
		for (size_t i = 0; i < second_count; i++) {
			in.now_us += 1000000;
			in.metrics = &seconds[i];
			coach_expire(&c->coach, in.now_us, &sink);
			coach_tick(&c->coach, &in, &sink);
		}
	}
}

/* Only what the floor does, too: which conditions hold */
static void run_held(void *user)
{
	static const struct coach_sink sink = { .prompt = on_prompt, .clear = on_clear };
	struct contest *c = user;
	struct coach_input in = { .treadmill_fresh = true };

	coach_begin_session(&c->coach);
	c->held = 0;
	for (unsigned time = 0; time < TIMES; time++) {
		for (size_t i = 0; i < second_count; i++) {
			in.now_us += 1000000;
			in.metrics = &seconds[i];
			coach_tick_rules(&c->coach, &in, &sink);
			for (size_t j = 0; j < c->coach.rules->count; j++)
				c->held += c->coach.state[j].held;
		}
	}
}

static void run_floor(void *user)
{
	struct contest *c = user;

	memset(c->held_s, 0, sizeof(c->held_s));
	c->floor_held = 0;
	for (unsigned time = 0; time < TIMES; time++)
		for (size_t i = 0; i < second_count; i++)
			c->floor_held += conditions_second(conditions, CONDITIONS,
			                                   seconds[i].value, c->held_s);
}

static void compare(const char *what, const struct ruleset *rules, table_fn *fn, bool same,
                    double limit)
{
	static struct contest c;
	double ours, floor;

	if (!coach_init(&c.coach, rules))
		table_fail("out of memory");
	table_compare(fn, run_floor, &c, ROUNDS, (double)(TIMES * second_count), &ours, &floor);
	if (same && c.held != c.floor_held) {
		fprintf(stderr, "held: %llu by gaitd's rules, %llu by the floor\n",
		        (unsigned long long)c.held, (unsigned long long)c.floor_held);
		table_fail("the same conditions come to two ends");
	}
	table_ratio(what, "ns", ours, floor, limit);
	coach_free(&c.coach);
}

/* ---- files --------------------------------------------------------------- */

static void parse(struct ruleset *rules, const char *name, const char *text, size_t length)
{
	struct ruleset_error error;

	if (ruleset_parse(rules, name, text, length, &error))
		return;
	fprintf(stderr, "%s: %s\n", error.where, error.message);
	table_fail("the rules cannot be read");
}

static void load(struct ruleset *rules, const char *path)
{
	static char text[RULES_TEXT_MAX];
	FILE *file = fopen(path, "re");
	size_t length = file ? fread(text, 1, sizeof(text), file) : 0;

	if (!file)
		table_fail(path);
	fclose(file);
	parse(rules, path, text, length);
}

/* The shipped rules over and over, under other names, up to so many */
static void multiply(const struct ruleset *from, struct ruleset *to, size_t count)
{
	struct ruleset one = { 0 };

	if (!ruleset_copy(from, to, count))
		table_fail("out of memory");
	for (size_t i = from->count; i < count; i++) {
		struct rule *rule = &to->rules[to->count++];

		if (i % from->count == 0 && !ruleset_copy(from, &one, 0))
			table_fail("out of memory");
		*rule = one.rules[i % from->count];
		rule->praise = NULL;
		memset(rule->mutes, 0, sizeof(rule->mutes));
		memset(rule->bars, 0, sizeof(rule->bars));
	}
	if (count < from->count)
		to->count = count;
}

static void bench_sample(const struct ruleset *shipped, size_t count, double limit)
{
	struct ruleset rules = { 0 };
	double took[PLAYS];
	char what[64];

	multiply(shipped, &rules, count);
	for (size_t i = 0; i < PLAYS; i++)
		took[i] = play(&rules, false);
	snprintf(what, sizeof(what), "core: a frame with %zu rules", count);
	table_value(what, "ns", table_part(took, PLAYS, 0.5), limit);
}

int main(int argc, char **argv)
{
	static char text[65536];
	struct ruleset shipped = { 0 }, plain = { 0 };
	char why[200];

	if (argc != 2)
		table_fail("usage: bench_rules RULES.yaml");
	pipeline_settings_init(&settings);
	if (!runner_parse(RUNNER, &settings.runner, why, sizeof(why)))
		table_fail(why);
	load(&shipped, argv[1]);
	parse(&plain, "conditions", text, write_rules(text, sizeof(text)));
	simulate();
	play(&shipped, true);
	compare("rules: 20 plain conditions, a second", &plain, run_held, true, LIMIT_RULES);
	compare("rules: the shipped ones, a second", &shipped, run_coach, false, LIMIT_RULES);
	bench_sample(&shipped, 25, -1);
	bench_sample(&shipped, 100, -1);
	bench_sample(&shipped, 1000, LIMIT_THOUSAND_NS);
	table_value("core: allocations in all of that", "", allocations, 0);
	return 0;
}
