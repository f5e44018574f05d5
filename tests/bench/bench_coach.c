/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * make bench-coach: a family of simulated runners through the real decoders and
 * the core, and how good the coach was to them. What is true is taken from what
 * each runner means to do (body.h), never from the metrics that rules look at.
 *
 *     bench_coach [--judge] [--why] RULES.yaml [FIRST-LAST]
 *
 * FIRST-LAST are seeds, 1-1000 if left out. --judge: exit status 1 when the goals
 * are missed. --why: a line for each run that was misjudged.
 */
#include "daemon/devices/intake.h"
#include "daemon/simulator/simulator.h"
#include "tests/bench/coach_family.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECOND UINT64_C(1000000)
#define RULES_SEEN_MAX 64
#define GOAL_PROMPTED 0.90
#define GOAL_FALSE_PER_H 0.1
/* A prompt looks back, and a runner who has just mended it was still wrong. */
#define LOOK_BACK_S 90
#define FAULT_LEAST_S 120 /* shorter is a slip, not a fault */
/* The part of a run in which form is coached */
#define COACHED_FROM_S 330
#define COACHED_TO_S 1990

/* How far from what he should do a runner must mean to be, 1e-6 */
#define SLOW_PPM (-20000)
#define LONG_PPM (-70000)
#define HASTY_PPM 70000
#define TIRED_PPM 20000

struct options {
	const char *rules;
	uint64_t first, last;
	bool judge, why;
};

struct seen {
	char rule[48];
	enum display_level level;
	unsigned count, right, wrong;
};

struct tally {
	unsigned runs, faulty[FAULT_COUNT], prompted[FAULT_COUNT];
	double hours, hours_good_z;
	unsigned wrong_good_z; /* false form prompts to runners of z >= 0 */
	struct seen seen[RULES_SEEN_MAX];
	size_t seen_count;
	/* slow beats by obedience: 0, 50, 90, 100 */
	struct {
		unsigned runs;
		double before, after;
	} moved[4];
};

struct run {
	struct family_member member;
	struct simulator *simulator;
	struct pipeline *pipeline;
	struct intake *intake;
	struct tally *tally;
	uint64_t last_us[FAULT_COUNT]; /* when the fault was last meant; 0: never */
	unsigned fault_s[FAULT_COUNT]; /* while it was to be coached */
	bool hurt, prompted, misjudged;
	char wrong[48]; /* the first false prompt's rule */
	unsigned wrong_s;
	double before, after; /* intent, sums */
	unsigned before_s, after_s;
};

static void fail(const char *what)
{
	fprintf(stderr, "bench_coach: %s\n", what);
	exit(1);
}

/* ---- what is true ----------------------------------------------------------- */

/* rules.md 5.1: where this runner is to be, above his own line */
static int64_t wanted_ppm(const struct family_member *m)
{
	return m->z <= -1 ? 75000 : m->z <= -0.25 ? 50000 : 0;
}

/* Does he mean to run so, just now? */
static bool is_faulty(const struct family_member *m, enum family_fault fault,
                      const struct simulator_truth *truth)
{
	switch (fault) {
	case FAULT_SLOW_BEAT:
		return wanted_ppm(m) > 0 &&
		       truth->intent_ppm - wanted_ppm(m) <= SLOW_PPM;
	case FAULT_OVERSTRIDE:
		return truth->intent_ppm <= LONG_PPM;
	case FAULT_HASTY:
		return truth->intent_ppm >= HASTY_PPM;
	case FAULT_FATIGUE:
		/* or slipped back to steps longer than his own: as long, and told as well */
		return truth->tired_ppm >= TIRED_PPM || truth->intent_ppm <= -TIRED_PPM;
	case FAULT_FALTERS:
		return truth->falters;
	case FAULT_NONE:
	case FAULT_COUNT:
		break;
	}
	return false;
}

/* What each form rule is about. One that is not here is never right in this
 * family: its belt gives no cause. */
static const struct {
	const char *rule;
	enum family_fault fault;
} about[] = {
	{ "cadence-low", FAULT_SLOW_BEAT },     { "overstride", FAULT_OVERSTRIDE },
	{ "cadence-high", FAULT_HASTY },        { "fatigue-drift", FAULT_FATIGUE },
	{ "cadence-irregular", FAULT_FALTERS },
};

static bool is_right(const struct run *r, const char *rule, uint64_t t_us)
{
	if (strcmp(rule, "recall") == 0)
		return true; /* a reminder by the calendar */
	for (size_t i = 0; i < sizeof(about) / sizeof(about[0]); i++) {
		uint64_t last_us = r->last_us[about[i].fault];

		if (strcmp(about[i].rule, rule) == 0)
			return last_us && t_us <= last_us + LOOK_BACK_S * SECOND;
	}
	return false;
}

/* ---- one run ---------------------------------------------------------------- */

static struct seen *seen_of(struct tally *t, const struct display_prompt *p)
{
	for (size_t i = 0; i < t->seen_count; i++)
		if (strcmp(t->seen[i].rule, p->rule) == 0)
			return &t->seen[i];
	if (t->seen_count == RULES_SEEN_MAX)
		fail("more rules than there is room for");
	snprintf(t->seen[t->seen_count].rule, sizeof(t->seen[0].rule), "%s", p->rule);
	t->seen[t->seen_count].level = p->level;
	return &t->seen[t->seen_count++];
}

static void judge_prompt(struct run *r, uint64_t t_us, const struct display_prompt *p)
{
	struct seen *seen = seen_of(r->tally, p);
	bool right;

	seen->count++;
	if (p->level != DISPLAY_LEVEL_FORM)
		return;
	right = is_right(r, p->rule, t_us);
	seen->right += right;
	seen->wrong += !right;
	r->prompted |= right;
	r->tally->wrong_good_z += !right && r->member.z >= 0;
	if (!right && !r->misjudged) {
		r->misjudged = true;
		snprintf(r->wrong, sizeof(r->wrong), "%s", p->rule);
		r->wrong_s = (unsigned)(t_us / SECOND);
	}
}

static void take(const struct outcome *outcome, void *user)
{
	struct run *r = user;

	simulator_outcome(r->simulator, outcome);
	if (outcome->message.type == DISPLAY_MESSAGE_PROMPT)
		judge_prompt(r, outcome->t_us, &outcome->message.prompt);
}

static void note_truth(struct run *r, uint64_t t_us)
{
	struct simulator_truth truth = simulator_truth(r->simulator);
	unsigned s = (unsigned)(t_us / SECOND);
	bool coached = truth.running && s >= COACHED_FROM_S && s < COACHED_TO_S;

	for (int i = 0; i < FAULT_COUNT; i++) {
		if (!truth.running || !is_faulty(&r->member, (enum family_fault)i, &truth))
			continue;
		r->last_us[i] = t_us;
		r->fault_s[i] += coached && !r->hurt;
	}
	if (coached && s < COACHED_FROM_S + 60) {
		r->before += (double)truth.intent_ppm / 1e4;
		r->before_s++;
	}
	if (coached && s >= COACHED_TO_S - 300) {
		r->after += (double)truth.intent_ppm / 1e4;
		r->after_s++;
	}
}

static void play(struct run *r)
{
	struct source_event event;
	uint64_t noted_us = 0;

	while (simulator_next(r->simulator, &event)) {
		if (event.t_us >= noted_us + SECOND) {
			noted_us = event.t_us;
			note_truth(r, noted_us);
		}
		r->hurt |= event.device == SOURCE_INPUT &&
		           event.request.input == DISPLAY_INPUT_PAIN;
		intake_event(r->intake, &event);
	}
	pipeline_advance(r->pipeline, r->member.scenario.seconds * SECOND);
}

static void open_run(struct run *r, const struct ruleset *rules, uint64_t seed)
{
	struct pipeline_settings settings;

	pipeline_settings_init(&settings);
	settings.runner = r->member.runner;
	r->simulator = simulator_new(&r->member.scenario, seed);
	r->pipeline = pipeline_new(rules, &settings, take, r);
	r->intake = r->pipeline ? intake_new(r->pipeline) : NULL;
	if (!r->simulator || !r->intake)
		fail("out of memory");
}

static void close_run(struct run *r)
{
	intake_free(r->intake);
	pipeline_free(r->pipeline);
	simulator_free(r->simulator);
}

/* The fault that he was made with, if he had it for long enough */
static void judge_run(struct run *r, const struct options *options, uint64_t seed)
{
	struct tally *t = r->tally;
	enum family_fault fault = r->member.fault;
	double hours = r->member.scenario.seconds / 3600.0;
	bool faulty = fault != FAULT_NONE && r->fault_s[fault] >= FAULT_LEAST_S;

	t->runs++;
	t->hours += hours;
	t->hours_good_z += r->member.z >= 0 ? hours : 0;
	t->faulty[fault] += faulty;
	t->prompted[fault] += faulty && r->prompted;
	if (options->why && faulty && !r->prompted)
		printf("seed %llu: %s for %u s, and nothing said; z %.2f, pod %d\n",
		       (unsigned long long)seed, family_fault_name[fault],
		       r->fault_s[fault], r->member.z, (int)r->member.scenario.pod);
	if (options->why && r->misjudged)
		printf("seed %llu: false %s at %u s; fault %s, z %.2f, pod %d\n",
		       (unsigned long long)seed, r->wrong, r->wrong_s,
		       family_fault_name[fault], r->member.z, (int)r->member.scenario.pod);
}

static void note_moved(struct run *r)
{
	unsigned obeys = r->member.mind.obeys_percent;
	size_t row = obeys == 0 ? 0 : obeys == 50 ? 1 : obeys == 90 ? 2 : 3;

	if (r->member.fault != FAULT_SLOW_BEAT || r->hurt || !r->before_s || !r->after_s)
		return;
	r->tally->moved[row].runs++;
	r->tally->moved[row].before += r->before / r->before_s;
	r->tally->moved[row].after += r->after / r->after_s;
}

static void run_seed(const struct ruleset *rules, const struct options *options,
                     uint64_t seed, struct tally *tally)
{
	static struct run r;

	memset(&r, 0, sizeof(r));
	r.tally = tally;
	family_member_make(&r.member, seed);
	open_run(&r, rules, seed);
	play(&r);
	judge_run(&r, options, seed);
	note_moved(&r);
	close_run(&r);
}

/* ---- the report ------------------------------------------------------------- */

static void report_levels(const struct tally *t)
{
	printf("\nprompts an hour by level\n");
	for (int level = DISPLAY_LEVEL_SAFETY; level >= 0; level--) {
		unsigned count = 0;

		for (size_t i = 0; i < t->seen_count; i++)
			if (t->seen[i].level == (enum display_level)level)
				count += t->seen[i].count;
		printf("  %-22s %6.2f\n", display_level_name((enum display_level)level),
		       count / t->hours);
	}
}

static void report_rules(const struct tally *t)
{
	printf("\nby rule                 an hour    true   false\n");
	for (size_t i = 0; i < t->seen_count; i++) {
		const struct seen *s = &t->seen[i];

		printf("  %-22s %6.2f", s->rule, s->count / t->hours);
		if (s->level == DISPLAY_LEVEL_FORM)
			printf(" %8u %7u", s->right, s->wrong);
		printf("\n");
	}
}

static void report_moved(const struct tally *t)
{
	static const char *const words[] = { "deaf ears", "every other prompt",
		                             "nine of ten", "every prompt" };

	printf("\nslow beats, %% of the own line: first minute and last 5 coached\n");
	for (size_t i = 0; i < 4; i++)
		if (t->moved[i].runs)
			printf("  %-22s %+6.1f %+6.1f  (%u runs)\n", words[i],
			       t->moved[i].before / t->moved[i].runs,
			       t->moved[i].after / t->moved[i].runs, t->moved[i].runs);
}

/* True if the goals are reached. */
static bool report_goals(const struct tally *t)
{
	unsigned faulty = 0, prompted = 0;
	double share, wrong_per_h;

	printf("\nfaults                    runs prompted\n");
	for (int i = FAULT_SLOW_BEAT; i < FAULT_COUNT; i++) {
		faulty += t->faulty[i];
		prompted += t->prompted[i];
		printf("  %-22s %6u %6u\n", family_fault_name[i], t->faulty[i],
		       t->prompted[i]);
	}
	share = faulty ? (double)prompted / faulty : 0;
	wrong_per_h = t->hours_good_z > 0 ? t->wrong_good_z / t->hours_good_z : INFINITY;
	printf("\n%u runs, %.0f hours\n", t->runs, t->hours);
	printf("runs with a form fault that were prompted: %.1f %% (goal %.0f)\n",
	       share * 100, GOAL_PROMPTED * 100);
	printf("false form prompts an hour, z >= 0: %.3f (goal below %.1f)\n",
	       wrong_per_h, GOAL_FALSE_PER_H);
	return share >= GOAL_PROMPTED && wrong_per_h < GOAL_FALSE_PER_H;
}

/* ---- the command line ------------------------------------------------------- */

static bool load_rules(struct ruleset *rules, const char *path)
{
	static char text[1u << 17];
	FILE *file = fopen(path, "r");
	size_t length = file ? fread(text, 1, sizeof(text), file) : 0;
	struct ruleset_error error = { "rules.yaml", "cannot be read" };

	if (file)
		fclose(file);
	if (length > 0 && ruleset_parse(rules, path, text, length, &error))
		return true;
	fprintf(stderr, "%s: %s\n", error.where, error.message);
	return false;
}

static bool parse_seeds(const char *text, struct options *options)
{
	char *end;

	options->first = strtoull(text, &end, 10);
	if (end == text || *end != '-')
		return false;
	text = end + 1;
	options->last = strtoull(text, &end, 10);
	return end != text && !*end && options->first <= options->last;
}

static bool parse(int argc, char **argv, struct options *options)
{
	int at = 1;

	for (; at < argc && argv[at][0] == '-'; at++) {
		if (strcmp(argv[at], "--judge") == 0)
			options->judge = true;
		else if (strcmp(argv[at], "--why") == 0)
			options->why = true;
		else
			return false;
	}
	if (at == argc || argc - at > 2)
		return false;
	options->rules = argv[at];
	return argc - at == 1 || parse_seeds(argv[at + 1], options);
}

int main(int argc, char **argv)
{
	struct options options = { .first = 1, .last = 1000 };
	static struct tally tally;
	struct ruleset rules = { 0 };
	bool reached;

	if (!parse(argc, argv, &options)) {
		fprintf(stderr,
		        "usage: bench_coach [--judge] [--why] RULES.yaml [FIRST-LAST]\n");
		return 2;
	}
	if (!load_rules(&rules, options.rules))
		return 3;
	for (uint64_t seed = options.first; seed <= options.last; seed++)
		run_seed(&rules, &options, seed, &tally);
	report_levels(&tally);
	report_rules(&tally);
	report_moved(&tally);
	reached = report_goals(&tally);
	ruleset_free(&rules);
	return options.judge && !reached ? 1 : 0;
}
