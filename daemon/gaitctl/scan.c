/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * gaitctl scan: what the daemon's radios hear, as a table that stays up to date
 * on a terminal and is printed once elsewhere.
 */
#include "daemon/gaitctl/gaitctl.h"

#include "daemon/gaitctl/table.h"
#include "daemon/service/log.h"
#include "daemon/service/options.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SECONDS 10 /* a device may advertise as rarely as that */

static const struct table_column columns[] = {
	{ "NAME", 22 }, { "ADDRESS", 17 }, { "SIGNAL", 7 }, { "OFFERS", 0 },
};

static void offers_text(const json_t *device, char *text, size_t size)
{
	const json_t *offer;
	size_t i, used = 0;

	*text = '\0';
	json_array_foreach(json_object_get(device, "offers"), i, offer) {
		const char *word = json_string_value(offer);

		if (word && used < size)
			used += (size_t)snprintf(text + used, size - used, "%s%.20s",
			                         used ? ", " : "", word);
	}
	if (json_object_get(device, "quirk") && used < size)
		snprintf(text + used, size - used, "; quirk %s", reply_text(device, "quirk"));
}

static void print_device(const json_t *device, struct table *table)
{
	char offers[160], safe[160], signal[16] = "?";

	offers_text(device, offers, sizeof(offers));
	log_escape(safe, sizeof(safe), offers);
	if (json_object_get(device, "rssi_dbm"))
		snprintf(signal, sizeof(signal), "%lld dBm", reply_whole(device, "rssi_dbm"));
	table_row(table, (const char *const[]){ json_object_get(device, "name") ?
	                                                reply_text(device, "name") :
	                                                "-",
	                                        reply_text(device, "id"), signal, safe });
}

/* What keeps a source from hearing anything */
static void print_troubles(struct table *table)
{
	int status;
	json_t *reply = ask("status", NULL, &status), *source;
	const char *name;

	json_object_foreach(json_object_get(reply, "sources"), name, source) {
		if (strcmp(reply_text(source, "state"), "ready") != 0 ||
		    strcmp(reply_text(source, "scan"), "denied") == 0)
			table_line(table, "%s: %s", name, reply_text(source, "message"));
	}
	json_decref(reply);
}

static void print_devices(const json_t *reply, struct table *table)
{
	const json_t *devices = json_object_get(reply, "devices"), *device;
	size_t i;

	table_begin(table);
	if (json_array_size(devices) > 0)
		table_head(table);
	json_array_foreach(devices, i, device)
		print_device(device, table);
	if (json_object_get(reply, "more"))
		table_line(table, "and %lld more, farther away", reply_whole(reply, "more"));
	if (json_array_size(devices) == 0) {
		table_line(table, "nothing is heard yet");
		print_troubles(table);
	}
	table_end(table);
}

/* Asking is what keeps the daemon scanning. */
int gaitctl_scan(char **words)
{
	struct table table = { .columns = columns, .count = 4,
		               .live = table_can_be_live() && !gaitctl.as_json };
	json_t *reply = NULL;
	int status = EXIT_OK;

	(void)words;
	for (unsigned second = 0; second <= SECONDS; second++) {
		json_decref(reply);
		reply = ask_good("scan", NULL, &status);
		if (!reply)
			return status;
		if (table.live)
			print_devices(reply, &table);
		if (second < SECONDS)
			sleep(1);
	}
	if (gaitctl.as_json)
		print_json(reply);
	else if (!table.live)
		print_devices(reply, &table);
	json_decref(reply);
	return EXIT_OK;
}
