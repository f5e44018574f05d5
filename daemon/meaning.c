/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/meaning.h"

#include "daemon/service/log.h"

#include <stdio.h>
#include <string.h>

/* As the configuration and devices.json have it */
static const struct {
	const char *name;
	enum rsc_unit unit;
} footpod_units[] = {
	{ "steps", RSC_UNIT_STEPS },
	{ "strides", RSC_UNIT_STRIDES },
};
#define FOOTPOD_UNITS (sizeof(footpod_units) / sizeof(footpod_units[0]))

static void on_note(bool warning, const char *text, void *user)
{
	(void)user;
	if (warning)
		log_warn("treadmill", "%s", text);
	else
		log_notice("treadmill", "%s", text);
}

/* Any other word leaves what was found as it is, until it is found otherwise. */
static void use_footpod_unit(struct intake *intake, const char *name, bool fixed)
{
	for (size_t i = 0; i < FOOTPOD_UNITS; i++) {
		if (strcmp(name, footpod_units[i].name) == 0) {
			intake_set_footpod_unit(intake, footpod_units[i].unit, fixed);
			return;
		}
	}
	intake_set_footpod_unit(intake, intake_footpod_unit(intake), false);
}

void meaning_settings(struct pipeline_settings *settings, const struct config *config)
{
	static const struct {
		const char *word;
		enum runner_prompts prompts;
	} words[] = {
		{ "all", RUNNER_PROMPTS_ALL },
		{ "safety", RUNNER_PROMPTS_SAFETY },
		{ "off", RUNNER_PROMPTS_OFF },
	};
	struct runner *runner = &settings->runner;

	settings->session_end_after_s = config->session.end_after_s;
	settings->fixed_incline = config_fixed_incline(config, &settings->incline_pct);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(config->rules.prompts, words[i].word) == 0)
			runner->prompts = words[i].prompts;
	}
	runner->faded = strcmp(config->rules.feedback, "faded") == 0;
	runner->miles = strcmp(config->session.units, "mi") == 0;
	snprintf(runner->lang, sizeof(runner->lang), "%s", config->session.language);
}

void meaning_configure(struct intake *intake, const struct config *config)
{
	double incline_pct;
	struct intake_settings settings = {
		.quirk = config->treadmill.quirk,
		.fixed_incline = config_fixed_incline(config, &incline_pct),
		.running_dynamics = config->footpod.running_dynamics,
		.note = on_note,
	};

	intake_configure(intake, &settings);
	use_footpod_unit(intake, config->footpod.rsc_unit, true);
}

const char *meaning_footpod_unit(const struct intake *intake)
{
	for (size_t i = 0; i < FOOTPOD_UNITS; i++) {
		if (footpod_units[i].unit == intake_footpod_unit(intake))
			return footpod_units[i].name;
	}
	return "";
}

void meaning_set_footpod_unit(struct intake *intake, const struct config *config,
                              const char *name)
{
	if (strcmp(config->footpod.rsc_unit, "auto") != 0)
		return;
	if (*name)
		use_footpod_unit(intake, name, false);
	else
		intake_set_footpod_unit(intake, RSC_UNIT_UNDECIDED, false);
}
