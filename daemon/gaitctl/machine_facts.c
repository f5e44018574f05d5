/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/gaitctl/machine_facts.h"

#include "daemon/gaitctl/command.h"
#include "daemon/gaitctl/facts_file.h"

#include <dirent.h>
#include <event2/event.h>
#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/timex.h>
#include <time.h>

#define OUTPUT_SIZE 65536
/* Debian 12's, with eight fixes of upstream's 2.1.13 */
#define LIBEVENT_MENDED "2.1.12-stable-8+deb12u1"

/* ---- files --------------------------------------------------------------------- */

/* Garmin's sticks: 0fcf:1003 to 1009 */
static void take_device(struct machine_facts *facts, const char *devices, const char *port)
{
	char vendor[8], product[8];
	size_t i = facts->stick_count;

	facts_file_line(vendor, sizeof(vendor), "%s/%s/idVendor", devices, port);
	facts_file_line(product, sizeof(product), "%s/%s/idProduct", devices, port);
	if (strcmp(vendor, "0fcf") != 0 || strncmp(product, "100", 3) != 0 ||
	    i == MACHINE_STICKS_MAX)
		return;
	snprintf(facts->sticks[i].port, sizeof(facts->sticks[i].port), "%.31s", port);
	snprintf(facts->sticks[i].product, sizeof(facts->sticks[i].product), "%s", product);
	facts_file_link(facts->sticks[i].driver, sizeof(facts->sticks[i].driver),
	                "%s/%s:1.0/driver", devices, port);
	facts->stick_count++;
}

static void read_sticks(struct machine_facts *facts, const char *root)
{
	char path[PATH_MAX];
	const struct dirent *entry;
	DIR *devices;

	snprintf(path, sizeof(path), "%s/sys/bus/usb/devices", root);
	devices = opendir(path);
	if (!devices)
		return;
	while ((entry = readdir(devices))) {
		if (entry->d_name[0] != '.' && !strchr(entry->d_name, ':'))
			take_device(facts, path, entry->d_name);
	}
	closedir(devices);
}

void machine_facts_read_files(struct machine_facts *facts, const char *root)
{
	facts->usb_nodes = facts_file_exists("%s/dev/bus/usb", root);
	read_sticks(facts, root);
}

/* ---- systemd --------------------------------------------------------------------- */

void machine_facts_take_unit(struct machine_facts *facts, const char *output)
{
	char load[24], number[16];

	command_value(output, "LoadState", load, sizeof(load));
	facts->unit.there = *load && strcmp(load, "not-found") != 0;
	command_value(output, "ActiveState", facts->unit.active, sizeof(facts->unit.active));
	command_value(output, "SubState", facts->unit.sub, sizeof(facts->unit.sub));
	command_value(output, "Result", facts->unit.result, sizeof(facts->unit.result));
	command_value(output, "NRestarts", number, sizeof(number));
	facts->unit.restarts = (unsigned)strtoul(number, NULL, 10);
	command_value(output, "ExecMainStatus", number, sizeof(number));
	facts->unit.exit_status = (int)strtol(number, NULL, 10);
}

/* Microseconds since 1970, as text */
static void print_time(const char *microseconds, char *out, size_t size)
{
	time_t seconds = (time_t)(strtoll(microseconds, NULL, 10) / 1000000);
	struct tm tm;

	if (seconds <= 0 || !localtime_r(&seconds, &tm) ||
	    strftime(out, size, "%Y-%m-%d %H:%M", &tm) == 0)
		*out = '\0';
}

void machine_facts_take_watchdogs(struct machine_facts *facts, const char *output)
{
	size_t length;

	for (const char *line = output; *line; line += length + (line[length] == '\n')) {
		json_t *entry;
		const char *at;

		length = strcspn(line, "\n");
		entry = json_loadb(line, length, 0, NULL);
		at = json_string_value(json_object_get(entry, "__REALTIME_TIMESTAMP"));
		if (at && facts->unit.watchdogs++ == 0)
			print_time(at, facts->unit.last_watchdog,
			           sizeof(facts->unit.last_watchdog));
		json_decref(entry);
	}
}

static void read_unit(struct machine_facts *facts, const char *since, char *output)
{
	char unit[MACHINE_UNIT_SIZE + 8];
	const char *const show[] = {
		"systemctl", "show", facts->unit.name, "--property",
		"LoadState,ActiveState,SubState,Result,NRestarts,ExecMainStatus", NULL,
	};
	/* systemd's own word of a unit that failed, with why */
	const char *const watchdogs[] = {
		"journalctl", "--quiet", "--output=json", "--reverse", since,
		"--lines=100", "--output-fields=UNIT_RESULT", unit,
		"UNIT_RESULT=watchdog", NULL,
	};

	snprintf(unit, sizeof(unit), "UNIT=%s", facts->unit.name);
	facts->unit.asked = command_run(show, output, OUTPUT_SIZE) == 0;
	if (!facts->unit.asked)
		return;
	machine_facts_take_unit(facts, output);
	if (!facts->unit.there)
		return;
	facts->unit.journal = command_run(watchdogs, output, OUTPUT_SIZE) == 0;
	machine_facts_take_watchdogs(facts, output);
}

/* ---- libevent -------------------------------------------------------------------- */

static void read_libevent(struct machine_facts *facts, char *output)
{
	static const char *const query[] = {
		"dpkg-query", "--show", "--showformat=${Version}\\n", "libevent-core-2.1-7*", NULL,
	};
	const char *compare[] = {
		"dpkg", "--compare-versions", facts->libevent_package, "lt", LIBEVENT_MENDED, NULL,
	};

	snprintf(facts->libevent, sizeof(facts->libevent), "%s", event_get_version());
	facts->libevent_number = event_get_version_number();
	if (command_run(query, output, OUTPUT_SIZE) != 0)
		return;
	snprintf(facts->libevent_package, sizeof(facts->libevent_package), "%.*s",
	         (int)strcspn(output, "\n"), output);
	facts->libevent_package_old = command_run(compare, output, OUTPUT_SIZE) == 0;
}

/* ---- the whole ------------------------------------------------------------------- */

static bool clock_is_synchronised(void)
{
	struct timex timex = { .modes = 0 };

	return adjtimex(&timex) != TIME_ERROR && !(timex.status & STA_UNSYNC);
}

void machine_facts_read_unit(struct machine_facts *facts, const char *unit,
                             const char *since)
{
	char *output = malloc(OUTPUT_SIZE);

	memset(facts, 0, sizeof(*facts));
	snprintf(facts->unit.name, sizeof(facts->unit.name), "%s", unit);
	if (output)
		read_unit(facts, since, output);
	free(output);
}

void machine_facts_read(struct machine_facts *facts, const char *unit)
{
	char *output = malloc(OUTPUT_SIZE);
	struct stat namespace;

	machine_facts_read_unit(facts, unit, "--since=-7d");
	if (stat("/proc/self/ns/net", &namespace) == 0)
		facts->network_namespace = namespace.st_ino;
	facts->clock_synchronised = clock_is_synchronised();
	machine_facts_read_files(facts, "");
	if (!output)
		return;
	read_libevent(facts, output);
	free(output);
}
