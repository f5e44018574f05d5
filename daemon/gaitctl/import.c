/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * gaitctl import: a recording out of a capture; runs are import_run.c's.
 */
#include "daemon/captures/capture.h"
#include "daemon/devices/recording.h"
#include "daemon/gaitctl/capture_file.h"
#include "daemon/gaitctl/gaitctl.h"
#include "daemon/gaitctl/import_run.h"
#include "daemon/gaitctl/recording_file.h"
#include "daemon/service/log.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define TOKEN "import"
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
/* A clock that was never set begins in 1970 or 2000. */
#define CLOCK_IS_SET_S INT64_C(978307200) /* 2001 */

/* ---- the command line ------------------------------------------------------- */

static bool read_number(const char *text, int base, unsigned long most,
                        unsigned long *out)
{
	char *end;

	if (!isxdigit((unsigned char)*text))
		return false;
	*out = strtoul(text, &end, base);
	return *end == '\0' && *out <= most;
}

/* "2acd=0x0023" */
static bool read_handle(const char *text, struct capture_wishes *wishes)
{
	const char *equals = strchr(text, '=');
	char uuid[8] = "";
	unsigned long number, handle;

	if (equals && equals - text < (ptrdiff_t)sizeof(uuid))
		memcpy(uuid, text, (size_t)(equals - text));
	if (strlen(uuid) != 4 || !read_number(uuid, 16, 0xffff, &number) || number == 0 ||
	    !read_number(equals + 1, 0, 0xffff, &handle) || handle == 0) {
		log_error("usage", "--handle %s: expected a UUID and the handle of its value, as "
		                   "in 2acd=0x0023", text);
		return false;
	}
	wishes->handles[wishes->handle_count].uuid = (uint16_t)number;
	wishes->handles[wishes->handle_count++].handle = (uint16_t)handle;
	return true;
}

static bool read_devices(struct capture_wishes *wishes)
{
	unsigned long number;

	if (gaitctl.treadmill) {
		wishes->has_treadmill = le_address_from_text(gaitctl.treadmill,
		                                             &wishes->treadmill);
		if (!wishes->has_treadmill) {
			log_error("usage", "--treadmill %s: expected an address, as in "
			                   "AA:BB:CC:DD:EE:FF", gaitctl.treadmill);
			return false;
		}
	}
	if (!gaitctl.footpod)
		return true;
	wishes->has_footpod = le_address_from_text(gaitctl.footpod, &wishes->footpod);
	if (!wishes->has_footpod && read_number(gaitctl.footpod, 10, 0xfffff, &number)) {
		wishes->has_ant_footpod = true;
		wishes->ant_footpod = (uint32_t)number;
	}
	if (wishes->has_footpod || wishes->has_ant_footpod)
		return true;
	log_error("usage", "--footpod %s: expected an address, as in AA:BB:CC:DD:EE:FF, or the "
	                   "number of an ANT device", gaitctl.footpod);
	return false;
}

static bool read_wishes(struct capture_wishes *wishes)
{
	for (size_t i = 0; i < gaitctl.handle_count; i++) {
		if (!read_handle(gaitctl.handles[i], wishes))
			return false;
	}
	return read_devices(wishes);
}

/* ---- what comes out ------------------------------------------------------------ */

struct import {
	struct capture_file in;
	struct capture *capture;
	struct recording_file out;
	bool has_header;
};

/* The time zone is this machine's, which most often is the runner's. */
static void put_start(struct recording_header *header, int64_t start_us)
{
	time_t start_s = (time_t)(start_us / 1000000);
	struct tm local;

	if (start_s < CLOCK_IS_SET_S || !localtime_r(&start_s, &local))
		return;
	header->has_start = true;
	header->start_unix_s = start_s;
	header->start_offset_s = (int32_t)local.tm_gmtoff;
}

static void put_header(struct import *import)
{
	struct recording_header header = { .magic = true };
	int64_t start_us;

	snprintf(header.model, sizeof(header.model), "%s", capture_model(import->capture));
	if (import->in.wall_clock && capture_start(import->capture, &start_us))
		put_start(&header, start_us);
	recording_file_header(&import->out, &header);
}

static void on_event(void *user, const struct source_event *event)
{
	struct import *import = user;

	if (!import->has_header)
		put_header(import);
	import->has_header = true;
	recording_file_event(&import->out, event);
}

static void on_note(void *user, const char *text)
{
	(void)user;
	log_unlimited(LOG_LEVEL_NOTICE, TOKEN, "%s", text);
}

/* ---- what did not --------------------------------------------------------------- */

static void warn(uint64_t count, const char *what)
{
	if (count > 0)
		log_unlimited(LOG_LEVEL_WARNING, TOKEN, "%llu %s", (unsigned long long)count,
		              what);
}

static void tell_counts(const struct capture_counts *n)
{
	const struct {
		uint64_t count;
		const char *what;
	} counts[] = {
		{ n->cut, "packets were cut when they were captured, and could not be read whole: "
		          "capture all of each" },
		{ n->damaged, "packets were damaged, and are left out" },
		{ n->encrypted, "packets are encrypted, and are left out" },
		{ n->nameless, "notifications of handles that the capture does not tell the UUID "
		               "of are left out: see --handle" },
		{ n->vendors, "notifications of vendors' own characteristics are left out: a "
		              "recording has no place for them" },
		{ n->strangers, "ANT frames of devices of other kinds are left out" },
		{ n->backwards, "times went back: read as if they stood" },
		{ n->clock_set, "times the clock was set while it captured: read as if it went on" },
		{ n->crowd, "times there were more devices than fit: some are left out" },
	};

	for (size_t i = 0; i < COUNT(counts); i++)
		warn(counts[i].count, counts[i].what);
}

/* ---- the command ------------------------------------------------------------------ */

static int nothing_in_it(const struct import *import)
{
	struct capture_counts counts = capture_counts(import->capture);

	tell_counts(&counts);
	log_error(TOKEN, "%s: %llu packets of %s, and no treadmill, foot pod or heart-rate strap "
	                 "among them", import->in.name, (unsigned long long)counts.packets,
	          import->in.format);
	return EXIT_FAILED;
}

/* Phones remember what they discovered; another capture of the same device may
 * have the discovery. */
static bool read_discovery(struct import *import, int *status)
{
	struct capture_file other;
	bool good;

	if (!gaitctl.discovery)
		return true;
	if (!capture_file_open(&other, gaitctl.discovery, status))
		return false;
	good = capture_file_read(&other, import->capture);
	capture_file_close(&other);
	capture_other(import->capture);
	return good;
}

static int convert(struct import *import)
{
	struct capture_counts counts;
	uint64_t length_us;
	int status = EXIT_FAILED;

	if (!read_discovery(import, &status))
		return status;
	if (!capture_file_read(&import->in, import->capture))
		return EXIT_FAILED;
	capture_learned(import->capture);
	if (!capture_has_devices(import->capture))
		return nothing_in_it(import);
	capture_play(import->capture);
	if (!recording_file_create(&import->out, gaitctl.output))
		return EXIT_FAILED;
	if (!capture_file_read(&import->in, import->capture)) {
		recording_file_close(&import->out, 0);
		return EXIT_FAILED;
	}
	capture_end(import->capture);
	counts = capture_counts(import->capture);
	length_us = capture_length_us(import->capture);
	tell_counts(&counts);
	log_unlimited(LOG_LEVEL_NOTICE, TOKEN, "%s (%s): %llu events in %llu s out of %llu packets",
	              import->in.name, import->in.format, (unsigned long long)counts.events,
	              (unsigned long long)length_us / 1000000,
	              (unsigned long long)counts.packets);
	return recording_file_close(&import->out, length_us) ? EXIT_OK : EXIT_FAILED;
}

int gaitctl_import(char **words)
{
	struct import import = { .has_header = false };
	struct capture_host host = { on_event, on_note, &import };
	struct capture_wishes wishes = { .handle_count = 0 };
	int status;

	if (words[1]) {
		log_error("usage", "gaitctl import takes one capture, and found \"%s\" too", words[1]);
		return EXIT_USAGE;
	}
	if (import_run_is(words[0]))
		return import_run(words[0]);
	if (!read_wishes(&wishes))
		return EXIT_USAGE;
	if (!capture_file_open(&import.in, words[0], &status))
		return status;
	import.capture = capture_new(&host, &wishes);
	status = import.capture ? convert(&import) : EXIT_FAILED;
	capture_free(import.capture);
	capture_file_close(&import.in);
	return status;
}
