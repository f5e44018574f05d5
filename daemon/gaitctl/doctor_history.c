/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * gaitctl doctor: the history of runners who asked for one.
 */
#include "daemon/gaitctl/doctor.h"

#include "daemon/history/history.h"
#include "daemon/service/log.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

void doctor_history_path(const struct config *config, const json_t *confinement,
                         char path[PATHS_FILE_MAX])
{
	const char *configured = config ? config->history.path : "";
	const char *state = json_string_value(json_object_get(confinement, "state"));

	if (state && !*configured)
		snprintf(path, PATHS_FILE_MAX, "%.4000s/history.sqlite", state);
	else
		paths_history(configured, path);
}

static bool count(const struct history_runner *runner, void *user)
{
	unsigned *runners = user;

	(void)runner;
	(*runners)++;
	return true;
}

static void say_unreadable(enum history_result result, const char *path, const char *why,
                           struct doctor_finding *finding)
{
	if (result == HISTORY_NOTHING)
		doctor_say(finding, DOCTOR_OK, NULL, "there is no history yet (%.200s)", path);
	else if (access(path, R_OK) < 0 && errno == EACCES)
		doctor_say(finding, DOCTOR_UNSEEN, "sudo gaitctl doctor",
		           "the history %.200s is not for you to read", path);
	else
		doctor_say(finding, result == HISTORY_BUSY ? DOCTOR_WARN : DOCTOR_FAIL, NULL,
		           "the history: %.280s", why);
}

static void check_history(const struct doctor *doctor, struct doctor_finding *finding)
{
	char path[PATHS_FILE_MAX], shown[256], why[256], words[300];
	enum history_result result;
	struct history *history;
	unsigned runners = 0;

	if (!doctor->config || !doctor->config->history.enabled)
		return;
	doctor_history_path(doctor->config, doctor->confinement, path);
	log_escape(shown, sizeof(shown), path);
	history = history_open(path, HISTORY_READ, &result, why, sizeof(why));
	if (!history) {
		log_escape(words, sizeof(words), why);
		say_unreadable(result, shown, words, finding);
		return;
	}
	if (history_each_runner(history, count, &runners) == HISTORY_OK)
		doctor_say(finding, DOCTOR_OK, NULL, "the history %.200s has %u runner%s", shown,
		           runners, runners == 1 ? "" : "s");
	else
		doctor_say(finding, DOCTOR_FAIL, NULL, "the history: %.280s",
		           history_why(history));
	history_close(history);
}

const struct doctor_check doctor_history_checks[] = {
	{ "history", check_history },
	{ NULL, NULL },
};
