/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What machine_facts.h tells, judged; and the room that is left for state.
 */
#include "daemon/gaitctl/doctor.h"

#include "daemon/gaitctl/gaitctl.h"
#include "daemon/gaitctl/machine_facts.h"
#include "daemon/service/paths.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>

#define LIBEVENT_MENDED_NUMBER 0x02010d00u /* 2.1.13 */
#define SPACE_WARN_KIB (50 * 1024)
#define SPACE_FAIL_KIB 1024

/* ---- the unit ------------------------------------------------------------------ */

/* Why the last run ended: systemd's result, or, with "exit-code", the status */
static const struct {
	const char *result;
	int status; /* 0: any */
	const char *what, *fix;
} ends[] = {
	{ "exit-code", 3, "its configuration or a rule has a fault",
	  "gaitd --check-config FILE; the check \"settings\" names it" },
	{ "exit-code", 5, "it lacks a right",
	  "journalctl -u gaitd -n 20 names it; SystemCallFilter of the unit must let capset" },
	{ "exit-code", 75, "another gaitd has its sockets",
	  "end the other one, or give it sockets of its own (--socket)" },
	{ "exit-code", 203, "its program is not there, or may not be run (203/EXEC)",
	  "install it anew; NoExecPaths of the unit must leave it executable" },
	{ "exit-code", 217, "there is no user gaitd (217/USER)",
	  "systemd-sysusers; a group of the unit's own name keeps DynamicUser from working" },
	{ "exit-code", 218, "its capabilities cannot be had (218/CAPABILITIES)",
	  "AmbientCapabilities must be within CapabilityBoundingSet, and within a container's" },
	{ "exit-code", 226, "its sandbox cannot be made (226/NAMESPACE)",
	  "a directory that the unit names is not there, or this is a container: "
	  "journalctl -u gaitd -n 20 names it" },
	{ "exit-code", 0, "it ended by itself", "journalctl -u gaitd -n 20 tells why" },
	{ "watchdog", 0, "the watchdog ended it: its loop, or all its sources, stood still",
	  "that is a fault of gaitd: gaitctl report, and file it" },
	{ "signal", 0, "a signal ended it; SIGSYS is the unit's SystemCallFilter",
	  "journalctl -u gaitd -n 20; gaitctl report, and file it" },
	{ "core-dump", 0, "it crashed", "gaitctl report, and file it" },
	{ "oom-kill", 0, "it was out of memory", "raise MemoryMax of the unit; gaitctl report" },
	{ "timeout", 0, "it was not ready in time",
	  "journalctl -u gaitd -n 20; a machine this slow needs a longer TimeoutStartSec" },
	{ "start-limit-hit", 0, "it failed too often, and is not started any more",
	  "mend what journalctl -u gaitd tells, then: systemctl reset-failed gaitd; "
	  "systemctl start gaitd" },
	{ "resources", 0, "what the unit needs could not be had",
	  "journalctl -u gaitd -n 20 tells what" },
};

static void say_end(const struct machine_facts *facts, struct doctor_finding *finding)
{
	const char *what = "it failed", *fix = "systemctl status gaitd";

	for (size_t i = sizeof(ends) / sizeof(ends[0]); i-- > 0;) {
		if (strcmp(ends[i].result, facts->unit.result) != 0 ||
		    (ends[i].status && ends[i].status != facts->unit.exit_status))
			continue;
		what = ends[i].what;
		fix = ends[i].fix;
	}
	doctor_say(finding, DOCTOR_FAIL, fix, "%s is %s (%s), after %u restarts: %s",
	           facts->unit.name, facts->unit.active, facts->unit.result,
	           facts->unit.restarts, what);
}

static void check_unit(const struct doctor *doctor, struct doctor_finding *finding)
{
	const struct machine_facts *facts = doctor->machine;
	bool again = strcmp(facts->unit.sub, "auto-restart") == 0;

	if (!facts->unit.asked || !facts->unit.there)
		return;
	if (strcmp(facts->unit.active, "failed") == 0 || again)
		say_end(facts, finding);
	else if (strcmp(facts->unit.active, "active") == 0)
		doctor_say(finding, DOCTOR_OK, NULL, "%s is active, restarted %u times",
		           facts->unit.name, facts->unit.restarts);
	else if (!doctor->status)
		doctor_say(finding, DOCTOR_WARN, "systemctl enable --now gaitd", "%s is %s",
		           facts->unit.name, facts->unit.active);
}

static void check_watchdog(const struct doctor *doctor, struct doctor_finding *finding)
{
	const struct machine_facts *facts = doctor->machine;

	if (facts->unit.watchdogs > 0)
		doctor_say(finding, DOCTOR_WARN,
		           "that is a fault of gaitd, or of a machine that stood still: "
		           "gaitctl report, and file it",
		           "the watchdog ended gaitd %u times in 7 days, last at %s",
		           facts->unit.watchdogs, facts->unit.last_watchdog);
	else if (facts->unit.there && !facts->unit.journal)
		doctor_say(finding, DOCTOR_UNSEEN, "sudo gaitctl doctor",
		           "the journal, which counts the watchdog's resets");
}

/* ---- libraries, clock ----------------------------------------------------------- */

static void check_libevent(const struct doctor *doctor, struct doctor_finding *finding)
{
	const struct machine_facts *facts = doctor->machine;
	const char *version = *facts->libevent_package ? facts->libevent_package :
	                                                 facts->libevent;
	bool old = *facts->libevent_package ? facts->libevent_package_old :
	                                      facts->libevent_number < LIBEVENT_MENDED_NUMBER;

	if (old)
		doctor_say(finding, DOCTOR_WARN,
		           "apt-get install --only-upgrade libevent-2.1-7 (2.1.12-stable-8+deb12u1 "
		           "has the fixes on Debian 12, 2.1.13 elsewhere)",
		           "libevent %s lacks fixes of its HTTP server, which gaitd-web uses",
		           version);
	else
		doctor_say(finding, DOCTOR_OK, NULL, "libevent %s", version);
}

static void check_clock(const struct doctor *doctor, struct doctor_finding *finding)
{
	if (doctor->machine->clock_synchronised)
		doctor_say(finding, DOCTOR_OK, NULL, "the clock is synchronised");
	else
		doctor_say(finding, DOCTOR_WARN,
		           "systemctl enable --now systemd-timesyncd (or chrony); a console "
		           "without a network needs a battery-backed clock",
		           "the clock is not synchronised: rules that count days, and dates of "
		           "sessions, may be wrong");
}

/* ---- room for state -------------------------------------------------------------- */

/* The daemon's own word of its directory goes before ours: it is another user. */
static bool state_of(const struct doctor *doctor, const char **path, int *error,
                     long long *free_kib)
{
	struct statvfs space;

	if (json_object_get(doctor->confinement, "state")) {
		*path = reply_text(doctor->confinement, "state");
		*error = (int)reply_whole(doctor->confinement, "state_errno");
		*free_kib = reply_whole(doctor->confinement, "state_free_kib");
		return json_object_get(doctor->confinement, "state_free_kib") || *error;
	}
	*path = paths_state_directory();
	*error = 0;
	if (statvfs(*path, &space) < 0)
		return false;
	*free_kib = (long long)(space.f_bavail * (space.f_frsize / 512) / 2);
	return true;
}

static void check_space(const struct doctor *doctor, struct doctor_finding *finding)
{
	const char *path;
	int error;
	long long free_kib;

	if (!state_of(doctor, &path, &error, &free_kib) || error == ENOENT)
		return;
	if (error)
		doctor_say(finding, DOCTOR_FAIL,
		           "StateDirectory=gaitd in the unit (ProtectSystem=strict makes all "
		           "else read-only), and the directory gaitd's own",
		           "gaitd may not keep anything in %s: %s", path, strerror(error));
	else if (free_kib < SPACE_WARN_KIB)
		doctor_say(finding, free_kib < SPACE_FAIL_KIB ? DOCTOR_FAIL : DOCTOR_WARN,
		           "make room: apt-get clean; journalctl --vacuum-size=50M",
		           "%lld KiB are free for %s", free_kib, path);
	else
		doctor_say(finding, DOCTOR_OK, NULL, "%lld MiB are free for %s", free_kib / 1024,
		           path);
}

const struct doctor_check doctor_machine_checks[] = {
	{ "unit", check_unit },
	{ "watchdog", check_watchdog },
	{ "space", check_space },
	{ "clock", check_clock },
	{ "libevent", check_libevent },
	{ NULL, NULL },
};
