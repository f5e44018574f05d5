/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 *   soak                  some cut runs, as a test
 *   soak week [DAYS]      simulated days on the campaign's clock, as fast as they go
 *   soak real [MINUTES]   in real time
 *
 * A gaitd, its Bluetooth the campaign's, serves one simulated runner after the other.
 * Each other run is left in peace, and has to bring the prompts that the same run
 * brought the first time; in those between, faults come one after the other. When
 * nobody runs, what gaitd holds is looked at: it may not grow. SOAK_SEED in the
 * environment is another week.
 */
#include "tests/soak/mischief.h"
#include "tests/soak/figures.h"

#include "daemon/core/outcome.h"
#include "daemon/simulator/simulator.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SECOND INT64_C(1000000)
#define DAY_S 86400
#define RUNS_A_DAY 18
#define STEP_US (SECOND / 2) /* in a run */
#define IDLE_US (5 * SECOND)
#define REST_S 90 /* behind a run, until all of it is over */
#define TOLD_MAX 4096
#define SEED 1
#define TREADMILL "C0:98:E5:49:00:07"
#define FOOTPOD "C0:98:E5:49:00:08"

static const char config[] =
	"display: {input: [\"*\"], personal: [\"*\"]}\n"
	"history: {retention_days: 2}\n";

/* How long it is, and what is done when */
struct form {
	const char *name;
	unsigned runs, run_max_s, apart_s; /* 0: all of a run; from one's begin to the next's */
	bool is_long, real_time;
};

/* Left in peace, once a day each */
static const char *const peaceful[] = {
	"demo",      "cadence-low-obedient", "overstride",     "speed-jump", "pain-mild",
	"no-warm-up", "red-flag",            "treadmill-lost", "intervals",
};
#define PEACEFUL (sizeof(peaceful) / sizeof(peaceful[0]))

struct soak {
	struct stage stage;
	struct figures figures;
	struct mischief mischief;
	struct scenario scenario;
	struct simulator *simulator;
	struct source_event next;
	bool has_next;
	int64_t zero_us; /* when the run began */
	char told[TOLD_MAX];
	char expected[PEACEFUL][TOLD_MAX];
	unsigned prompts, runs, wrong;
};

/* ---- the runner ------------------------------------------------------------------------ */

static void note_prompt(struct soak *soak, const struct display_prompt *prompt)
{
	size_t used = strlen(soak->told);

	soak->prompts++;
	snprintf(soak->told + used, sizeof(soak->told) - used, " %s", prompt->rule);
}

/* What the display shows he sees. */
static void on_line(const char *line, size_t length, void *user)
{
	struct soak *soak = user;
	struct outcome outcome = { .t_us = 0 };

	if (!soak->simulator || !display_message_read(line, length, &outcome.message))
		return;
	outcome.t_us = (uint64_t)(soak->stage.rig.passed_us - soak->zero_us);
	if (outcome.message.type == DISPLAY_MESSAGE_PROMPT)
		note_prompt(soak, &outcome.message.prompt);
	simulator_outcome(soak->simulator, &outcome);
}

static void say_input(struct soak *soak, const struct display_request *input)
{
	char line[DISPLAY_LINE_MAX];
	size_t length = display_write_input(line, sizeof(line), input);

	if (soak->stage.rig.display >= 0)
		rig_say(&soak->stage.rig, line, length);
}

static void deliver(struct soak *soak, const struct source_event *event)
{
	if (event->device == SOURCE_INPUT)
		say_input(soak, &event->request);
	peripheral_event(soak->stage.treadmill->peripheral, event);
	peripheral_event(soak->stage.footpod->peripheral, event);
}

/* Nobody is on it; it says so all the same. */
static void stand_still(struct soak *soak)
{
	static const struct source_event still = {
		.device = SOURCE_TREADMILL, .kind = SOURCE_NOTIFY, .uuid = 0x2acd, .length = 4,
	};

	peripheral_event(soak->stage.treadmill->peripheral, &still);
}

static void deliver_due(struct soak *soak)
{
	uint64_t now_us = (uint64_t)(soak->stage.rig.passed_us - soak->zero_us);

	if (!soak->has_next)
		stand_still(soak);
	while (soak->has_next && soak->next.t_us <= now_us) {
		deliver(soak, &soak->next);
		soak->has_next = simulator_next(soak->simulator, &soak->next);
	}
}

/* ---- time ---------------------------------------------------------------------------------- */

static bool on_beside(void *user)
{
	struct soak *soak = user;

	return radio_serve(&soak->stage.radio);
}

/* First the time, then what happens at it: the same each time */
static bool pass(struct soak *soak, int64_t us)
{
	struct rig *rig = &soak->stage.rig;

	if (!rig_pass(rig, us))
		return false;
	if (rig->display < 0 && !rig_connect(rig))
		return false;
	radio_advance(&soak->stage.radio, rig->passed_us);
	if (!soak->simulator)
		return true;
	deliver_due(soak);
	return rig->control->real_time || rig_settle(rig);
}

static bool rest(struct soak *soak, int64_t until_us)
{
	int64_t step_us = soak->simulator ? SECOND : IDLE_US;

	while (soak->stage.rig.passed_us < until_us)
		if (!pass(soak, step_us))
			return false;
	return true;
}

/* ---- a run ------------------------------------------------------------------------------------ */

static bool run(struct soak *soak, const struct scenario *scenario, bool in_peace,
                unsigned most_s)
{
	struct stage *stage = &soak->stage;
	unsigned seconds = most_s && most_s < scenario->seconds ? most_s : scenario->seconds;
	bool goes_on = true;

	soak->scenario = *scenario;
	if (soak->scenario.pod != POD_NONE)
		soak->scenario.pod = POD_RSC_STRIDES;
	soak->simulator = simulator_new(&soak->scenario, SEED);
	if (!soak->simulator || !radio_switch(stage->treadmill, true) ||
	    !radio_switch(stage->footpod, true) || !rest(soak, stage->rig.passed_us + 30 * SECOND))
		return false;
	*soak->told = '\0';
	soak->has_next = simulator_next(soak->simulator, &soak->next);
	soak->zero_us = stage->rig.passed_us;
	for (int64_t step = 1; goes_on && step * STEP_US <= seconds * SECOND; step++) {
		if (!in_peace && step * STEP_US % SECOND == 0)
			mischief_second(&soak->mischief, stage);
		goes_on = pass(soak, STEP_US);
	}
	mischief_clear(&soak->mischief, stage);
	radio_switch(stage->footpod, false);
	soak->has_next = false;
	goes_on = goes_on && rest(soak, stage->rig.passed_us + REST_S * SECOND);
	simulator_free(soak->simulator);
	soak->simulator = NULL;
	soak->runs++;
	return goes_on;
}

/* The first time tells what is expected of all others. */
static void compare(struct soak *soak, unsigned which)
{
	char *expected = soak->expected[which];

	if (*expected == '\0') {
		snprintf(expected, TOLD_MAX, "%s", *soak->told ? soak->told : " nothing");
		printf("%s:%s\n", peaceful[which], expected);
		return;
	}
	if (strcmp(expected, *soak->told ? soak->told : " nothing") == 0)
		return;
	soak->wrong++;
	printf("WRONG: %s:%s\n  expected%s\n", peaceful[which], soak->told, expected);
}

static bool one_in_peace(struct soak *soak, unsigned number, const struct form *form)
{
	unsigned which = number % PEACEFUL;

	if (!run(soak, scenario_by_name(peaceful[which]), true, form->run_max_s))
		return false;
	compare(soak, which);
	return true;
}

static bool one_with_faults(struct soak *soak, const struct form *form)
{
	struct stage *stage = &soak->stage;
	const struct scenario *scenario = scenario_at(stage_roll(stage, (uint32_t)scenario_count()));

	if (stage_roll(stage, 2) && rig_ask(&stage->rig, "runner start Ada") != 0)
		return false;
	return run(soak, scenario, false, form->run_max_s);
}

/* ---- the whole ----------------------------------------------------------------------------------- */

/* What gaitd holds depends on who ran last, and how long: the same each time */
static bool look(struct soak *soak)
{
	if (!run(soak, scenario_by_name("false-start"), true, 0) ||
	    !figures_take(&soak->figures, &soak->stage.rig))
		return false;
	radio_switch(soak->stage.treadmill, false);
	figures_print_last(&soak->figures, stderr);
	return true;
}

static bool export_it(struct soak *soak)
{
	return rig_ask(&soak->stage.rig, "export --runner Ada --format csv -o -") >= 0;
}

/* What is done for the first time may leave something behind. */
static bool warm_up(struct soak *soak)
{
	kill(soak->stage.rig.gaitd, SIGHUP);
	return rig_settle(&soak->stage.rig) &&
	       rig_ask(&soak->stage.rig, "runner start Ada") == 0 &&
	       run(soak, scenario_by_name("false-start"), true, 0) && export_it(soak);
}

static bool all_runs(struct soak *soak, const struct form *form)
{
	if (!warm_up(soak))
		return false;
	for (unsigned i = 0; i < form->runs; i++) {
		int64_t began_us = soak->stage.rig.passed_us;

		if (!(i % 2 ? one_with_faults(soak, form) : one_in_peace(soak, i / 2, form)) ||
		    !look(soak) || !export_it(soak) ||
		    !rest(soak, began_us + form->apart_s * SECOND))
			return false;
	}
	return true;
}

static bool set_up(struct soak *soak, const struct form *form)
{
	struct stage *stage = &soak->stage;
	char air[2 * RIG_PATH_MAX];

	for (unsigned i = 0; i < MISCHIEF_DISPLAYS; i++)
		stage->displays[i] = -1;
	if (!rig_new(&stage->rig) || !rig_put_file(&stage->rig, "gaitd.yaml", config))
		return false;
	rig_path(&stage->rig, "air", air);
	if (!radio_open(&stage->radio, air))
		return false;
	stage->treadmill = radio_add(&stage->radio, ROLE_TREADMILL, TREADMILL);
	stage->footpod = radio_add(&stage->radio, ROLE_FOOTPOD, FOOTPOD);
	stage->rig.beside = on_beside;
	stage->rig.heard = on_line;
	stage->rig.user = soak;
	return stage->treadmill && stage->footpod &&
	       rig_start_live(&stage->rig, air, form->real_time);
}

static void print_log(const struct rig *rig)
{
	char command[3 * RIG_PATH_MAX], path[2 * RIG_PATH_MAX];

	rig_path(rig, "log", path);
	snprintf(command, sizeof(command), "tail -n 5 '%s' | cut -c 1-200", path);
	if (system(command) != 0) /* NOLINT(cert-env33-c): our own words */
		printf("there is no log\n");
}

static int report(const struct soak *soak, const struct form *form, bool went_on)
{
	const struct rig *rig = &soak->stage.rig;
	bool flat;

	printf("%u runs in %.1f h, %u prompts, %u links, %u faults:\n", soak->runs,
	       (double)rig->passed_us / 3.6e9, soak->prompts, soak->stage.radio.links,
	       soak->mischief.done);
	mischief_print();
	if (!went_on) {
		printf("FAIL: gaitd has ended, status 0x%x, or does not answer\n",
		       (unsigned)rig->status);
		print_log(rig);
		return 1;
	}
	flat = figures_judge(&soak->figures, form->is_long);
	printf("%s: %u runs brought other prompts than the same ones before\n",
	       flat && soak->wrong == 0 ? "ok" : "FAIL", soak->wrong);
	return flat && soak->wrong == 0 ? 0 : 1;
}

static bool choose(struct form *form, int argc, char **argv)
{
	static const struct form forms[] = {
		{ .name = "week", .runs = RUNS_A_DAY, .apart_s = DAY_S / RUNS_A_DAY, .is_long = true },
		{ .name = "real", .runs = 90, .run_max_s = 420, .apart_s = 675,
		  .is_long = true, .real_time = true },
		{ .name = "short", .runs = 6, .run_max_s = 40, .apart_s = 300 },
	};
	const char *name = argc > 1 ? argv[1] : "short";

	for (unsigned i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		unsigned number = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 0;

		if (strcmp(name, forms[i].name) != 0)
			continue;
		*form = forms[i];
		if (strcmp(form->name, "week") == 0)
			form->runs *= number ? number : 7;
		if (form->real_time)
			form->runs = (number ? number : 90) * 60 / form->apart_s;
		return true;
	}
	fprintf(stderr, "usage: soak [week [DAYS] | real [MINUTES]]\n");
	return false;
}

int main(int argc, char **argv)
{
	static struct soak soak;
	const char *seed = getenv("SOAK_SEED");
	struct form form;
	bool went_on;
	int status;

	if (!choose(&form, argc, argv))
		return 2;
	soak.stage.dice = seed ? (uint32_t)strtoul(seed, NULL, 10) : 1;
	if (soak.stage.dice == 0)
		soak.stage.dice = 1;
	printf("seed %u\n", (unsigned)soak.stage.dice);
	setvbuf(stdout, NULL, _IOLBF, 0);
	went_on = set_up(&soak, &form) && all_runs(&soak, &form);
	status = report(&soak, &form, went_on);
	rig_free(&soak.stage.rig);
	radio_close(&soak.stage.radio);
	return status;
}
