/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * gaitctl doctor: tables of checks, each a row with a name and a function that
 * looks at one thing and says what it found. A field (Bluetooth, USB, service)
 * is a file doctor_FIELD.c with a table of its own, named in doctor.c.
 */
#ifndef GAITD_DOCTOR_H
#define GAITD_DOCTOR_H

#include "daemon/service/config.h"
#include "daemon/service/paths.h"

#include <jansson.h>

struct bluetooth_facts;
struct machine_facts;

/* From harmless to worst */
enum doctor_level {
	DOCTOR_OK,
	DOCTOR_UNSEEN, /* we may not look: says what would be needed */
	DOCTOR_WARN,   /* it may work, or not for all */
	DOCTOR_FAIL,   /* it cannot work before this is mended */
};
const char *doctor_level_name(enum doctor_level level);

struct doctor_finding {
	enum doctor_level level;
	char text[320]; /* what is; "": the check has nothing to say here */
	char fix[320];  /* what to do; "": nothing */
};

/* What checks look at, besides their own field */
struct doctor {
	const struct config *config; /* NULL: it has a fault */
	const json_t *status;        /* of the daemon; NULL: none answers */
	int daemon_status; /* how asking it ended: an exit status */
	char config_fault[300]; /* "" or what is wrong, and where */
	const struct bluetooth_facts *bluetooth; /* NULL: built without */
	const struct machine_facts *machine;
	const json_t *confinement; /* the daemon's own word; NULL: not asked */
};

struct doctor_check {
	const char *name; /* one word */
	void (*run)(const struct doctor *doctor, struct doctor_finding *finding);
};

#define DOCTOR_UNIT_SIZE 80
/* systemd's name of the daemon that is asked: "gaitd.service", or, by its socket,
 * "gaitd@NAME.service". `config` may be NULL. */
void doctor_unit_name(const struct config *config, char unit[DOCTOR_UNIT_SIZE]);

/* The history's file: of the daemon's state directory, where it told that, else of
 * ours. `config` may be NULL. */
void doctor_history_path(const struct config *config, const json_t *confinement,
                         char path[PATHS_FILE_MAX]);

/* The findings of all, as --json prints them, to be given back by json_decref(). */
json_t *doctor_examine(void);

/* `fix` may be NULL. */
void doctor_say(struct doctor_finding *finding, enum doctor_level level,
                const char *fix, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* ---- the tables, each ends with a name of NULL ---- */
extern const struct doctor_check doctor_daemon_checks[];
extern const struct doctor_check doctor_machine_checks[];
extern const struct doctor_check doctor_sandbox_checks[];
extern const struct doctor_check doctor_bluetooth_checks[];
extern const struct doctor_check doctor_usb_checks[];
extern const struct doctor_check doctor_history_checks[];

#endif
