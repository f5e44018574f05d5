/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What the machine around the daemon tells: its service manager, its clock, its
 * libraries, the sticks on its buses. Read, not changed. What it means is
 * doctor_machine.c's.
 */
#ifndef GAITD_MACHINE_FACTS_H
#define GAITD_MACHINE_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MACHINE_STICKS_MAX 4
#define MACHINE_UNIT_SIZE 80

struct machine_facts {
	uint64_t network_namespace; /* of who asks; 0: not known */
	bool usb_nodes;             /* /dev/bus/usb is there for who asks */
	bool clock_synchronised;

	char libevent[32];         /* as it runs */
	uint32_t libevent_number;  /* the same as the library counts */
	char libevent_package[64]; /* dpkg's version; "": no dpkg, or not of it */
	bool libevent_package_old; /* older than the one with the fixes */

	struct {
		char port[32];   /* "1-1.2" */
		char product[8]; /* "1008" */
		char driver[32]; /* of its first interface; "": none */
	} sticks[MACHINE_STICKS_MAX];
	size_t stick_count;

	struct {
		char name[MACHINE_UNIT_SIZE];
		bool asked; /* there is a systemd that answers */
		bool there; /* it knows the unit */
		char active[24], sub[24], result[32];
		unsigned restarts;
		int exit_status;       /* of the last run */
		unsigned watchdogs;    /* resets since then, as far as one may see */
		bool journal;          /* it could be read */
		char last_watchdog[40]; /* "2026-11-22 06:30"; "": none */
	} unit;
};

/* `unit` is "gaitd.service", or an instance; its watchdog's resets are of 7 days. */
void machine_facts_read(struct machine_facts *facts, const char *unit);

/* ---- its parts ---- */
/* The unit alone; `since` is journalctl's option for which resets count. */
void machine_facts_read_unit(struct machine_facts *facts, const char *unit,
                             const char *since);
/* What files tell; `root` is "" but for tests. */
void machine_facts_read_files(struct machine_facts *facts, const char *root);
/* What `systemctl show` printed */
void machine_facts_take_unit(struct machine_facts *facts, const char *output);
/* What `journalctl -o json` printed of watchdogs: a line each, newest first */
void machine_facts_take_watchdogs(struct machine_facts *facts, const char *output);

#endif
