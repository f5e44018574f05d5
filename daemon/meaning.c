/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/meaning.h"

#include "daemon/service/log.h"

#include <stdio.h>
#include <string.h>

static void on_note(bool warning, const char *text, void *user)
{
	(void)user;
	if (warning)
		log_warn("treadmill", "%s", text);
	else
		log_notice("treadmill", "%s", text);
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
	enum rsc_unit unit;
	struct intake_settings settings = {
		.quirk = config->treadmill.quirk,
		.fixed_incline = config_fixed_incline(config, &incline_pct),
		.running_dynamics = config->footpod.running_dynamics,
		.note = on_note,
	};

	intake_configure(intake, &settings);
	/* "auto" leaves what was found as it is, until it is found otherwise */
	if (!rsc_unit_from_word(config->footpod.rsc_unit, &unit))
		unit = intake_footpod_unit(intake);
	intake_set_footpod_unit(intake, unit, meaning_fixes_footpod_unit(config));
}

bool meaning_fixes_footpod_unit(const struct config *config)
{
	return strcmp(config->footpod.rsc_unit, "auto") != 0;
}

struct source_event meaning_footpod_unit_event(uint64_t t_us, enum rsc_unit unit,
                                               bool fixed)
{
	return (struct source_event){
		.t_us = t_us,
		.device = SOURCE_FOOTPOD,
		.unit = 1,
		.kind = SOURCE_FOOTPOD_UNIT,
		.number = (int32_t)unit,
		.fixed = fixed,
	};
}
