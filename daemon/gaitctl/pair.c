/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * gaitctl pair treadmill and pair strap, gaitctl forget. Which of several treadmills is meant
 * the daemon finds out (daemon/devices/pairing.h); here the runner is told what
 * to do, and shown what is seen.
 */
#include "daemon/gaitctl/gaitctl.h"

#include "daemon/gaitctl/table.h"
#include "daemon/service/log.h"
#include "daemon/service/paths.h"
#include "daemon/sources/knowledge.h"
#include "daemon/service/options.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define LOOK_NS 500000000

static const struct table_column columns[] = {
	{ "NAME", 24 }, { "ADDRESS", 17 }, { "SPEED", 10 }, { "", 0 },
};

/* ---- the two speeds ------------------------------------------------------- */

static void print_candidate(const json_t *candidate, struct table *table)
{
	char speed[24] = "-";

	if (json_object_get(candidate, "speed_kmh"))
		snprintf(speed, sizeof(speed), "%.2f km/h", reply_number(candidate, "speed_kmh"));
	table_row(table, (const char *const[]){
				 json_object_get(candidate, "name") ?
					 reply_text(candidate, "name") :
					 "-",
				 reply_text(candidate, "id"), speed,
				 json_is_true(json_object_get(candidate, "there")) ?
					 "<- goes there" :
					 json_object_get(candidate, "speed_kmh") ?
					 "" :
					 reply_text(candidate, "state"),
			 });
}

static void print_candidates(const json_t *reply, struct table *table)
{
	const json_t *candidates = json_object_get(reply, "candidates"), *candidate;
	size_t i;

	table_begin(table);
	json_array_foreach(candidates, i, candidate)
		print_candidate(candidate, table);
	table_end(table);
}

static const char *unit_text(const json_t *reply)
{
	return strcmp(reply_text(reply, "units"), "mi") == 0 ? "mph" : "km/h";
}

/* What the runner has to do now, once for each step */
static void print_step(const json_t *reply, const char *step)
{
	if (strcmp(step, "listening") == 0)
		printf("Looking for treadmills that are near. Stay off the belt, and let it "
		       "stand.\n");
	else if (strcmp(step, "first") == 0)
		printf("\nSet your treadmill to %.1f %s, as its console shows it, and leave it "
		       "there.\nYou need not stand on the belt.\n\n",
		       reply_number(reply, "asked"), unit_text(reply));
	else if (strcmp(step, "second") == 0)
		printf("\nGood. Now set it to %.1f %s, and leave it there.\n\n",
		       reply_number(reply, "asked"), unit_text(reply));
	fflush(stdout);
}

static json_t *prove(const char *what, int *status)
{
	json_t *members = json_pack("{s:s}", "do", what);
	json_t *reply;

	if (gaitctl.units)
		json_object_set_new(members, "units", json_string(gaitctl.units));
	reply = ask_good("prove", members, status);
	json_decref(members);
	return reply;
}

static bool is_over(const json_t *reply)
{
	const char *step = json_string_value(json_object_get(reply, "step"));

	return !step || (strcmp(step, "listening") != 0 && strcmp(step, "first") != 0 &&
	                 strcmp(step, "second") != 0);
}

/* Follows the procedure to its end; the last reply, or NULL with the status. */
static json_t *follow(int *status)
{
	static const struct timespec pause = { 0, LOOK_NS };
	struct table table = { .columns = columns, .count = 4,
		               .live = table_can_be_live() };
	char step[16] = "";
	json_t *reply = prove("begin", status);

	while (reply && !is_over(reply)) {
		const char *now = reply_text(reply, "step");

		if (!gaitctl.as_json && strcmp(now, step) != 0) {
			snprintf(step, sizeof(step), "%.15s", now);
			print_step(reply, step);
			table.lines = 0;
		}
		if (!gaitctl.as_json && table.live)
			print_candidates(reply, &table);
		nanosleep(&pause, NULL);
		json_decref(reply);
		reply = prove("look", status);
	}
	return reply;
}

/* ---- what came of it ------------------------------------------------------ */

int pair_with(const char *kind, const char *id, const char *name)
{
	json_t *members = json_pack("{s:s, s:s, s:s}", "kind", kind, "id", id, "name",
	                            name ? name : "");
	int status;
	json_t *reply = ask_good("pair", members, &status);

	json_decref(members);
	if (!reply)
		return status;
	json_decref(reply);
	return EXIT_OK;
}

/* The number that it showed and the speed that it sent tell its unit. */
static void print_unit(const json_t *reply)
{
	bool miles = strcmp(reply_text(reply, "units"), "mi") == 0;
	bool sends_miles_as_km = miles && strcmp(reply_text(reply, "sends"), "km") == 0;

	if (sends_miles_as_km)
		printf("It sends the miles that it shows as kilometres: set treadmill.quirk to "
		       "mph.\n");
	else if (!miles && strcmp(reply_text(reply, "sends"), "mi") == 0)
		printf("It went to that many miles: its console shows mph, not km/h. The speed "
		       "that it sends is right.\n");
}

static int print_found(const json_t *reply)
{
	const json_t *found = json_object_get(reply, "found");
	const char *id = json_string_value(json_object_get(found, "id"));
	const char *name = json_string_value(json_object_get(found, "name"));
	int status = id ? pair_with("treadmill", id, name) : EXIT_FAILED;

	if (status != EXIT_OK)
		return status;
	if (gaitctl.as_json) {
		print_json(reply);
		return EXIT_OK;
	}
	printf("\nYour treadmill is %s, %s. gaitd reads it from now on.\n",
	       name && *name ? reply_text(found, "name") : "the one without a name",
	       reply_text(found, "id"));
	print_unit(reply);
	printf("As a file, for one console of many: treadmill: {address: \"%s\"}\n"
	       "in /etc/gaitd/conf.d, gaitd.yaml(5).\n",
	       reply_text(found, "id"));
	if (json_object_get(reply, "configured"))
		log_warn("pair", "treadmill.address %s is configured and goes before what is "
		                 "paired: take it out", reply_text(reply, "configured"));
	return EXIT_OK;
}

static int print_not_found(const json_t *reply)
{
	bool several = strcmp(reply_text(reply, "step"), "several") == 0;
	size_t seen = json_array_size(json_object_get(reply, "candidates"));

	if (gaitctl.as_json)
		print_json(reply);
	if (several)
		log_error("pair", "two treadmills went to both speeds: nothing is paired. Try "
		                  "again; other speeds may be asked for");
	else if (seen == 0)
		log_error("pair", "no treadmill is near: switch it on, end its maker's app on "
		                  "every telephone, and see gaitctl doctor");
	else
		log_error("pair", "none of %zu treadmills went to both speeds: nothing is "
		                  "paired. Was it another console? See gaitctl scan",
		          seen);
	return EXIT_FAILED;
}

static bool is_number(const char *word)
{
	return *word && strspn(word, "0123456789") == strlen(word);
}

/* "ant 57043" may be two words, or its number alone. */
int pair_by_id(const char *kind, char **words)
{
	char id[64];
	int status;

	snprintf(id, sizeof(id), "%s%s%s%s", is_number(words[0]) ? "ant " : "", words[0],
	         words[1] ? " " : "", words[1] ? words[1] : "");
	if (words[1] && words[2]) {
		log_error("usage", "pair takes one device, as gaitctl scan shows its address");
		return EXIT_USAGE;
	}
	status = pair_with(kind, id, NULL);
	if (status == EXIT_OK && !gaitctl.as_json)
		printf("Paired with %s. gaitd reads it from now on.\n", id);
	return status;
}

int gaitctl_pair_strap(char **words)
{
	return pair_by_id("heart_rate", words);
}

int gaitctl_pair_treadmill(char **words)
{
	json_t *reply;
	int status;

	if (words[0])
		return pair_by_id("treadmill", words);
	reply = follow(&status);
	if (!reply)
		return status;
	status = json_object_get(reply, "found") ? print_found(reply) :
	                                           print_not_found(reply);
	json_decref(reply);
	return status;
}

/* ---- forget --------------------------------------------------------------- */

static int forget_device(const char *word)
{
	json_t *members = json_pack("{s:s}", "kind",
	                            strcmp(word, "strap") == 0 ? "heart_rate" : word);
	int status;
	json_t *reply = ask_good("forget", members, &status);

	json_decref(members);
	if (!reply)
		return status;
	if (gaitctl.as_json)
		print_json(reply);
	else
		printf("The %s is forgotten.\n", word);
	json_decref(reply);
	return EXIT_OK;
}

/* In the file; a daemon that runs would write it again, and is asked. */
static int forget_devices_here(void)
{
	struct knowledge *knowledge = knowledge_open(paths_state_directory());
	bool good = knowledge && knowledge_forget_all(knowledge);

	knowledge_close(knowledge);
	return good ? EXIT_OK : EXIT_FAILED;
}

static int forget_devices(void)
{
	json_t *reply;
	int status;

	if (!ask_is_there())
		return forget_devices_here();
	reply = ask("forget", NULL, &status);
	if (reply && reply_is_unknown(reply)) {
		status = forget_devices_here();
	} else if (reply) {
		status = json_is_true(json_object_get(reply, "ok")) ? EXIT_OK : EXIT_FAILED;
		if (status != EXIT_OK)
			log_error("forget", "%s", reply_text(reply, "error"));
	}
	json_decref(reply);
	return status;
}

int gaitctl_forget(char **words)
{
	int status, devices;

	if (!gaitctl.all == !words[0] || (words[0] && words[1])) {
		log_error("usage", "forget what? gaitctl forget treadmill, footpod or strap; "
		                   "or gaitctl forget --all");
		return EXIT_USAGE;
	}
	if (words[0])
		return forget_device(words[0]);
	status = forget_everybody();
	devices = forget_devices();
	if (devices == EXIT_OK)
		printf("All devices are forgotten.\n");
	return status == EXIT_OK ? devices : status;
}
