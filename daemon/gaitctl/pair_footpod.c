/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * gaitctl pair footpod. Which pod goes with the belt the daemon finds out
 * (daemon/devices/pods.h); here it is shown, proposed, and kept if wanted.
 */
#include "daemon/gaitctl/gaitctl.h"

#include "daemon/gaitctl/table.h"
#include "daemon/service/log.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LOOK_NS 500000000
#define LOOKS 240 /* two minutes */

static const struct table_column columns[] = {
	{ "NAME", 20 }, { "ID", 17 }, { "SIGNAL", 8 }, { "STEPS/MIN", 9 },
	{ "SPEED", 10 }, { "", 0 },
};

static const struct {
	const char *fit, *words;
} fits[] = {
	{ "own", "<- yours" },
	{ "chosen", "<- goes with the belt" },
	{ "may", "may be yours" },
	{ "no", "another runner's" },
};

/* ---- what is heard -------------------------------------------------------- */

static const char *words_of(const char *fit)
{
	for (size_t i = 0; i < sizeof(fits) / sizeof(fits[0]); i++) {
		if (strcmp(fit, fits[i].fit) == 0)
			return fits[i].words;
	}
	return "";
}

static void number_text(char out[16], const json_t *pod, const char *name, int decimals,
                        const char *unit)
{
	if (json_object_get(pod, name))
		snprintf(out, 16, "%.*f%s", decimals, reply_number(pod, name), unit);
	else
		snprintf(out, 16, "-");
}

static const char *id_of(const json_t *pod)
{
	return json_object_get(pod, "id") ? reply_text(pod, "id") : "-";
}

static void print_pod(const json_t *pod, struct table *table)
{
	char signal[16], steps[16], speed[16];

	number_text(signal, pod, "rssi_dbm", 0, " dBm");
	number_text(steps, pod, "cadence_spm", 0, "");
	number_text(speed, pod, "speed_kmh", 1, " km/h");
	table_row(table, (const char *const[]){ reply_text(pod, "name"), id_of(pod), signal,
	                                        steps, speed,
	                                        words_of(reply_text(pod, "fit")) });
}

static void print_pods(const json_t *reply, struct table *table)
{
	const json_t *pods = json_object_get(reply, "pods"), *pod;
	size_t i;

	table_begin(table);
	if (json_array_size(pods) > 0)
		table_head(table);
	json_array_foreach(pods, i, pod)
		print_pod(pod, table);
	if (json_object_get(reply, "more"))
		table_line(table, "and %lld more, farther away", reply_whole(reply, "more"));
	if (json_array_size(pods) == 0)
		table_line(table, "no foot pod is heard yet: a pod wakes when it is moved");
	table_end(table);
}

/* ---- until one is found --------------------------------------------------- */

static bool is_step(const json_t *reply, const char *step)
{
	const char *is = json_string_value(json_object_get(reply, "step"));

	return is && strcmp(is, step) == 0;
}

static bool is_open(const json_t *reply)
{
	return is_step(reply, "standing") || is_step(reply, "judging") ||
	       is_step(reply, "none");
}

static const char *what_to_do(const json_t *reply)
{
	if (is_step(reply, "standing"))
		return "Start the belt, and walk or run on it.";
	if (is_step(reply, "judging"))
		return "Go on: it is seen which pod goes with the belt.";
	return "Let the belt stand for a few seconds, then start it, and walk or run on it.";
}

/* The last reply; NULL with the status. */
static json_t *follow(struct table *table, int *status)
{
	static const struct timespec pause = { 0, LOOK_NS };
	const char *said = "";
	json_t *reply = ask_good("pods", NULL, status);

	for (unsigned look = 0; reply && is_open(reply) && look < LOOKS; look++) {
		if (!gaitctl.as_json && strcmp(said, what_to_do(reply)) != 0) {
			said = what_to_do(reply);
			printf("\n%s\n\n", said);
			fflush(stdout);
			table->lines = 0;
		}
		if (table->live)
			print_pods(reply, table);
		nanosleep(&pause, NULL);
		json_decref(reply);
		reply = ask_good("pods", NULL, status);
	}
	return reply;
}

/* ---- what came of it ------------------------------------------------------ */

static const json_t *pod_that(const json_t *reply, const char *fit)
{
	const json_t *pod;
	size_t i;

	json_array_foreach(json_object_get(reply, "pods"), i, pod) {
		const char *is = json_string_value(json_object_get(pod, "fit"));

		if (is && strcmp(is, fit) == 0)
			return pod;
	}
	return NULL;
}

static int fail_to_find(const json_t *reply)
{
	if (is_step(reply, "several"))
		log_error("pair", "more than one foot pod goes with the belt: nothing is "
		                  "paired. Stop and start the belt alone, or name yours: "
		                  "gaitctl pair footpod ID");
	else if (is_step(reply, "refused"))
		log_error("pair", "the display was told that none of these is the runner's: "
		                  "name yours, gaitctl pair footpod ID");
	else if (json_array_size(json_object_get(reply, "pods")) == 0)
		log_error("pair", "no foot pod is heard: move it so that it wakes, look at its "
		                  "battery, and see gaitctl doctor");
	else
		log_error("pair", "no foot pod was seen to start with the belt: nothing is "
		                  "paired. Is the treadmill linked (gaitctl status)? Or name "
		                  "yours: gaitctl pair footpod ID");
	return EXIT_FAILED;
}

static bool is_wanted(const json_t *pod)
{
	char answer[16] = "";

	if (gaitctl.yes)
		return true;
	if (gaitctl.as_json || !isatty(STDIN_FILENO)) {
		log_error("pair", "nothing is paired: there is nobody to ask; say --yes, or "
		                  "gaitctl pair footpod %s", id_of(pod));
		return false;
	}
	printf("\nIs %s your foot pod, for gaitd to use it from now on? [y/N] ",
	       reply_text(pod, "name"));
	fflush(stdout);
	return fgets(answer, sizeof(answer), stdin) && (*answer == 'y' || *answer == 'Y');
}

/* What is configured goes before what was paired just now. */
static int warn_if_configured(int status)
{
	json_t *reply = status == EXIT_OK ? ask_good("pods", NULL, &status) : NULL;

	if (reply && json_is_true(json_object_get(reply, "configured")))
		log_warn("pair", "footpod.address or footpod.ant_id is configured and goes "
		                 "before what is paired: take it out");
	json_decref(reply);
	return status;
}

static int keep(const json_t *reply, const json_t *pod)
{
	const char *id = json_string_value(json_object_get(pod, "id"));
	const char *name = json_string_value(json_object_get(pod, "name"));
	int status;

	if (!id) {
		log_error("pair", "the pod has not told its address yet: try again");
		return EXIT_FAILED;
	}
	status = is_wanted(pod) ? pair_with("footpod", id, name) : EXIT_FAILED;
	if (gaitctl.as_json)
		print_json(reply);
	else if (status == EXIT_OK)
		printf("Your foot pod is %s. gaitd uses it from now on.\n", id_of(pod));
	return warn_if_configured(status);
}

static int conclude(const json_t *reply, struct table *table)
{
	const json_t *own = pod_that(reply, "own"), *chosen = pod_that(reply, "chosen");

	if (!gaitctl.as_json)
		print_pods(reply, table);
	if (is_step(reply, "chosen") && chosen)
		return keep(reply, chosen);
	if (gaitctl.as_json)
		print_json(reply);
	if (!is_step(reply, "own"))
		return fail_to_find(reply);
	if (!gaitctl.as_json)
		printf("\nYour foot pod is %s already. To use another: gaitctl pair footpod ID.\n",
		       own ? reply_text(own, "name") : "known");
	return EXIT_OK;
}

int gaitctl_pair_footpod(char **words)
{
	struct table table = { .columns = columns, .count = 6,
		               .live = table_can_be_live() && !gaitctl.as_json };
	json_t *reply;
	int status;

	if (words[0])
		return warn_if_configured(pair_by_id("footpod", words));
	reply = follow(&table, &status);
	if (!reply)
		return status;
	status = conclude(reply, &table);
	json_decref(reply);
	return status;
}
