/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include <config.h>

#include "tests/faults/faults.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define SCENARIO "demo"
#define AFTER_S 12 /* it is looked on for so long */
#define LONGEST_S 100

unsigned faults_injections;
bool faults_all;

bool faults_fail(const struct rig *rig, const struct promise *fault, unsigned second,
                 const char *what)
{
	char command[2 * RIG_PATH_MAX];

	printf("FAIL: %s at second %u: %s\n", fault->name, second, what);
	snprintf(command, sizeof(command), "tail -n 4 '%s/log' | cut -c 1-200", rig->directory);
	fflush(stdout);
	return system(command) < 0; /* NOLINT(cert-env33-c): our own words */
}

/* ---- what changes nothing for the runner ------------------------------------------ */

static struct {
	char notes[RIG_NOTES_MAX];
	size_t lengths[LONGEST_S + 1]; /* of what he is told up to each second */
} without;

/* What he is told without a fault; once for all */
static void run_without(void)
{
	struct rig rig;
	bool good = rig_new(&rig) && rig_start(&rig, SCENARIO, 0);

	for (unsigned s = 1; good && s <= LONGEST_S; s++) {
		good = rig_second(&rig);
		without.lengths[s] = rig.notes_length;
	}
	if (!good) {
		faults_fail(&rig, &(struct promise){ .name = "none" }, 0, "no run at all");
		exit(1);
	}
	memcpy(without.notes, rig.notes, rig.notes_length + 1);
	rig_free(&rig);
}

static const char *without_figures(const char *line, const char *end)
{
	static const char figures[] = "{\"type\":\"metrics\"";

	while (line < end && strncmp(line, figures, sizeof(figures) - 1) == 0)
		line = strchr(line, '\n') + 1;
	return line;
}

/* Of a second's figures the newest are told when it is the display's turn, which
 * another one, or a busy computer, may put off: all else is the same then. */
static bool same_but_figures(const char *one, const char *one_end, const char *other,
                             const char *other_end)
{
	for (;;) {
		size_t length;

		one = without_figures(one, one_end);
		other = without_figures(other, other_end);
		if (one >= one_end || other >= other_end)
			return one >= one_end && other >= other_end;
		length = strcspn(one, "\n") + 1;
		if (strncmp(one, other, length) != 0)
			return false;
		one += length;
		other += length;
	}
}

static void print_but_figures(const char *line, const char *end)
{
	while ((line = without_figures(line, end)) < end) {
		int length = (int)strcspn(line, "\n");

		printf("  %.*s\n", length < 100 ? length : 100, line);
		line += length + 1;
	}
}

static bool same_as_without(const struct rig *rig)
{
	size_t length;

	if (without.lengths[LONGEST_S] == 0)
		run_without();
	length = without.lengths[rig->seconds];
	if (rig->speed_at == (long)rig->seconds &&
	    same_but_figures(rig->notes, rig->notes + rig->notes_length, without.notes,
	                     without.notes + length))
		return true;
	printf("it was told:\n");
	print_but_figures(rig->notes, rig->notes + rig->notes_length);
	printf("and without the fault:\n");
	print_but_figures(without.notes, without.notes + length);
	return false;
}

static bool run_through(struct rig *rig, const struct undisturbed *way,
                        const struct promise *fault, unsigned second)
{
	if (!rig_start(rig, SCENARIO, 0) || (way->beside && !way->beside(rig)) ||
	    !rig_seconds(rig, second))
		return faults_fail(rig, fault, second, "it does not come up");
	way->begin(rig, fault->kind);
	if (!rig_seconds(rig, way->lasts_s))
		return faults_fail(rig, fault, second, "it has ended");
	if (way->end)
		way->end(rig, fault->kind);
	if (!rig_seconds(rig, AFTER_S))
		return faults_fail(rig, fault, second, "it has ended afterwards");
	if (!same_as_without(rig))
		return faults_fail(rig, fault, second, "the runner was told something else");
	return !way->check || way->check(rig, fault) ||
	       faults_fail(rig, fault, second, "it was not as promised");
}

bool faults_undisturbed(const struct undisturbed *way, const struct promise *fault,
                        unsigned second)
{
	struct rig rig;
	bool good = rig_new(&rig) && run_through(&rig, way, fault, second);

	faults_injections++;
	rig_free(&rig);
	return good;
}

/* ---- the disk --------------------------------------------------------------------- */

static void disk_begin(struct rig *rig, unsigned kind)
{
	rig->control->disk = kind;
}

static void disk_end(struct rig *rig, unsigned kind)
{
	(void)kind;
	rig->control->disk = CONTROL_DISK_GOOD;
	/* what it has kept within the promise is looked at by disk_check() */
}

/* All of it is there afterwards, and the log has told why it was not. */
static bool disk_check(struct rig *rig, const struct promise *fault)
{
	long missing = 0, kept = rig_kept_s(rig, &missing);

	if (kept < rig->elapsed_s - (long)fault->lost_s - 1 || missing > (long)fault->lost_s) {
		printf("%ld s are kept of %ld, without %ld\n", kept, rig->elapsed_s, missing);
		return false;
	}
	return fault->kind == CONTROL_DISK_SLOW ||
	       (rig->control->disk_refused > 0 && rig_says(rig, "log", "history: "));
}

static bool disk(const struct promise *fault, unsigned second)
{
	static const struct undisturbed way = {
		.begin = disk_begin, .end = disk_end, .check = disk_check, .lasts_s = 17,
	};

	return faults_undisturbed(&way, fault, second);
}

/* ---- clocks ------------------------------------------------------------------------ */

enum { CLOCK_FORWARD, CLOCK_BACK, CLOCK_ASLEEP };

static void clock_begin(struct rig *rig, unsigned kind)
{
	static const int64_t days_us = 3 * INT64_C(86400000000);

	if (kind == CLOCK_ASLEEP)
		rig->control->asleep_us += INT64_C(3600000000);
	else
		rig->control->wall_us += kind == CLOCK_FORWARD ? days_us : -days_us;
}

static bool clock_check(struct rig *rig, const struct promise *fault)
{
	long missing = 0, kept = rig_kept_s(rig, &missing);

	return kept >= rig->elapsed_s - (long)fault->lost_s - 1 && missing <= (long)fault->lost_s;
}

static bool clock_jumps(const struct promise *fault, unsigned second)
{
	static const struct undisturbed way = {
		.begin = clock_begin, .check = clock_check, .lasts_s = 1,
	};

	return faults_undisturbed(&way, fault, second);
}

/* ---- signals ------------------------------------------------------------------------- */

static bool sockets_are_left(const struct rig *rig)
{
	char path[2 * RIG_PATH_MAX];

	snprintf(path, sizeof(path), "%s/display.sock", rig->directory);
	return access(path, F_OK) == 0;
}

static bool ended_well(const struct rig *rig)
{
	return WIFEXITED(rig->status) && WEXITSTATUS(rig->status) == 0 && rig->said_bye &&
	       !sockets_are_left(rig);
}

/* Nothing of the session is lost but what the promise says, and it counts once; the
 * next gaitd serves at once. */
static bool ends(struct rig *rig, const struct promise *fault, unsigned second)
{
	int number = (int)fault->kind;
	long elapsed, kept;

	if (!rig_start(rig, SCENARIO, 0) || !rig_seconds(rig, second))
		return faults_fail(rig, fault, second, "it does not come up");
	elapsed = rig->elapsed_s;
	rig_end(rig, number);
	if ((number == SIGTERM || number == SIGINT) && !ended_well(rig))
		return faults_fail(rig, fault, second, "it did not end in order");
	kept = rig_kept_s(rig, NULL);
	if (kept < elapsed - (long)fault->lost_s) {
		printf("%ld s are kept of %ld\n", kept, elapsed);
		return faults_fail(rig, fault, second, "more is lost than was promised");
	}
	if (!rig_start(rig, SCENARIO, 0) || !rig_seconds(rig, fault->normal_s + 1))
		return faults_fail(rig, fault, second, "it does not come up again");
	return rig->speed_at >= 0 || faults_fail(rig, fault, second, "nothing is shown again");
}

static bool ended(const struct promise *fault, unsigned second)
{
	struct rig rig;
	bool good = rig_new(&rig) && ends(&rig, fault, second);

	faults_injections++;
	rig_free(&rig);
	return good;
}

enum { RELOAD, RELOAD_BAD, STOPPED };

static void signal_begin(struct rig *rig, unsigned kind)
{
	char path[2 * RIG_PATH_MAX];
	FILE *file;

	snprintf(path, sizeof(path), "%s/gaitd.yaml", rig->directory);
	file = kind == RELOAD_BAD ? fopen(path, "ae") : NULL;
	if (file) {
		fputs("dispaly:\n", file);
		fclose(file);
	}
	kill(rig->gaitd, kind == STOPPED ? SIGSTOP : SIGHUP);
	if (kind == STOPPED)
		kill(rig->gaitd, SIGCONT);
}

static bool reload_check(struct rig *rig, const struct promise *fault)
{
	return fault->kind == STOPPED ||
	       rig_says(rig, "log", fault->kind == RELOAD ? "reloaded: " : "unknown key");
}

static bool signalled(const struct promise *fault, unsigned second)
{
	static const struct undisturbed way = {
		.begin = signal_begin, .check = reload_check, .lasts_s = 1,
	};

	return faults_undisturbed(&way, fault, second);
}

/* ---- descriptors ----------------------------------------------------------------------- */

static int late_display = -1;

static void files_begin(struct rig *rig, unsigned kind)
{
	/* those that are free below the highest are taken by nobody: gaitd closes none */
	struct rlimit limit = { 0, 0 }, before;
	char path[64];

	(void)kind;
	prlimit(rig->gaitd, RLIMIT_NOFILE, NULL, &before);
	do
		snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)rig->gaitd, (int)limit.rlim_cur++);
	while (faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0);
	limit.rlim_cur--;
	limit.rlim_max = before.rlim_max;
	prlimit(rig->gaitd, RLIMIT_NOFILE, &limit, NULL);
	late_display = rig_socket(rig);
}

static void files_end(struct rig *rig, unsigned kind)
{
	struct rlimit limit;

	(void)kind;
	prlimit(rig->gaitd, RLIMIT_NOFILE, NULL, &limit);
	limit.rlim_cur = limit.rlim_max;
	prlimit(rig->gaitd, RLIMIT_NOFILE, &limit, NULL);
}

/* The one that came then is let in, and the log has told why it had to wait. */
static bool files_check(struct rig *rig, const struct promise *fault)
{
	char octet;
	bool let_in = recv(late_display, &octet, 1, 0) == 1;

	close(late_display);
	return let_in && rig_says(rig, "log", "wait at the door") && clock_check(rig, fault);
}

static bool files_in_a_run(const struct promise *fault, unsigned second)
{
	static const struct undisturbed way = {
		.begin = files_begin, .end = files_end, .check = files_check, .lasts_s = 9,
	};

	return faults_undisturbed(&way, fault, second);
}

/* With so few descriptors from the start on it says what it lacks, or serves. */
static bool files_at_the_start(const struct promise *fault, unsigned second)
{
	unsigned limit = 8 + (second + 36) % 40; /* with fewer its libraries cannot be loaded */
	struct rig rig;
	bool good = rig_new(&rig);

	faults_injections++;
	if (good && rig_start(&rig, SCENARIO, limit))
		good = rig_seconds(&rig, 3);
	else if (good && rig.gaitd == 0)
		good = WIFEXITED(rig.status) && WEXITSTATUS(rig.status) != 0 &&
		       rig_says(&rig, "log", "oo many open files");
	if (!good)
		faults_fail(&rig, fault, limit, "neither serves nor says what it lacks");
	rig_free(&rig);
	return good;
}

/* ---- the table ------------------------------------------------------------------------- */

#define NOTHING "nothing"
#define LAB "tests/lab/guest/"
#ifdef WITH_BLUETOOTH
#define ON_A_RADIO .inject = faults_adapter
#else
#define ON_A_RADIO .inject = NULL
#endif
#ifdef WITH_MQTT
#define AT_A_BROKER .inject = faults_broker
#else
#define AT_A_BROKER .inject = NULL
#endif

const struct promise faults[] = {
	{ .name = "The treadmill is lost", .normal_s = 2, .lost = NOTHING,
	  .sees = "that it is not heard; no figures, and no prompt on old ones",
	  .inject = faults_device, .kind = 0, .others = LAB "links " LAB "asleep" },
	{ .name = "The treadmill sends nonsense", .normal_s = 2, .lost = NOTHING,
	  .sees = "that it is not heard, where nothing of it is right",
	  .inject = faults_device, .kind = 1, .others = LAB "hostile" },
	{ .name = "The foot pod is lost", .normal_s = 10, .lost = NOTHING,
	  .sees = "no cadence, and no prompt about it",
	  .inject = faults_device, .kind = 2, .others = LAB "three" },
	{ .name = "The foot pod sends nonsense", .normal_s = 10, .lost = NOTHING,
	  .sees = "no cadence, and no prompt about it",
	  .inject = faults_device, .kind = 3, .others = "tests/unit/test_sdm.c" },
	{ .name = "The treadmill is switched off, and on again", .normal_s = 10, .lost = NOTHING,
	  .sees = "that it is not heard; no figures, and no prompt on old ones",
	  ON_A_RADIO, .kind = FAULTS_TREADMILL_OFF, .others = LAB "links" },
	{ .name = "The adapter is switched off, and bluetoothd does not see to it", .lost = NOTHING,
	  .normal = "within 10 s: gaitd switches it on", .normal_s = 10,
	  .sees = "that the treadmill is not heard",
	  ON_A_RADIO, .kind = FAULTS_ADAPTER_OFF, .others = LAB "links" },
	{ .name = "The adapter is blocked (rfkill)", .normal_s = 10, .lost = NOTHING,
	  .sees = "that the treadmill is not heard",
	  ON_A_RADIO, .kind = FAULTS_ADAPTER_BLOCKED, .others = LAB "links" },
	{ .name = "The adapter is pulled out", .normal_s = 10, .lost = NOTHING,
	  .sees = "that the treadmill is not heard",
	  ON_A_RADIO, .kind = FAULTS_ADAPTER_OUT, .others = LAB "links" },
	{ .name = "Another program holds the link", .lost = NOTHING,
	  .normal = "seconds after it lets go", .sees = "that the treadmill is not heard",
	  .others = LAB "held" },
	{ .name = "The ANT stick is pulled out, stalls or restarts", .lost = NOTHING,
	  .normal = "seconds after it is back", .sees = "no cadence",
	  .others = LAB "stick tests/usb/scenarios.c" },
	{ .name = "The broker is killed, or away", .lost = NOTHING,
	  .normal = "seconds after it is back; what it missed then follows", .sees = NOTHING,
	  AT_A_BROKER, .kind = FAULTS_BROKER_KILLED,
	  .others = "tests/fleet/away.sh tests/fleet/gym.sh tests/fleet/load.sh" },
	{ .name = "The broker does not answer", .lost = NOTHING,
	  .normal = "seconds after it does; what it missed then follows", .sees = NOTHING,
	  AT_A_BROKER, .kind = FAULTS_BROKER_STOPPED, .others = "tests/fleet/load.sh" },
	{ .name = "A display leaves, or is killed", .normal_s = 1, .lost = NOTHING,
	  .sees = "on that display nothing, on the others no difference",
	  .inject = faults_display, .kind = 0, .others = "tests/load/displays.c" },
	{ .name = "A display does not read", .normal_s = 0, .lost = NOTHING,
	  .sees = "on that display nothing, until it comes anew, on the others no difference",
	  .inject = faults_display, .kind = 1, .others = "tests/load/displays.c" },
	{ .name = "A display sends nonsense, or too much", .normal_s = 0, .lost = NOTHING,
	  .sees = "no difference on the others",
	  .inject = faults_display, .kind = 2, .others = "tests/load/displays.c" },
	{ .name = "The disk is full", .normal_s = 12, .sees = NOTHING,
	  .inject = disk, .kind = CONTROL_DISK_FULL, .others = "tests/unit/test_logbook.c" },
	{ .name = "The disk is read-only", .normal_s = 12, .sees = NOTHING,
	  .inject = disk, .kind = CONTROL_DISK_READ_ONLY },
	{ .name = "The disk has errors", .normal_s = 12, .sees = NOTHING,
	  .inject = disk, .kind = CONTROL_DISK_BROKEN },
	{ .name = "The disk is slow", .normal_s = 12, .sees = NOTHING,
	  .inject = disk, .kind = CONTROL_DISK_SLOW },
	{ .name = "A recording or prompt file takes no more",
	  .lost = "the rest of that file", .normal = "with the next start", .sees = NOTHING,
	  .others = "tests/hostile/outputs.sh" },
	{ .name = "The power is cut", .lost = "a second of a known runner's session, all of an "
	  "anonymous one's", .normal = "with the next start", .sees = "another session",
	  .others = "tests/unit/test_history_cuts.c" },
	{ .name = "kill -9, or a crash", .lost_s = 1, .normal_s = 2,
	  .sees = "the same session 2 s later, and a prompt that waits for an answer again",
	  .inject = ended, .kind = SIGKILL,
	  .others = "tests/lock_survives.sh " LAB "resume tests/unit/test_history_cuts.c" },
	{ .name = "A signal that kills", .lost_s = 1, .normal_s = 2,
	  .sees = "the same session 2 s later", .inject = ended, .kind = SIGSEGV,
	  .others = "tests/systemd/guest/service" },
	{ .name = "SIGTERM", .normal_s = 2, .sees = "a word of leave",
	  .inject = ended, .kind = SIGTERM },
	{ .name = "SIGINT", .normal_s = 2, .sees = "a word of leave",
	  .inject = ended, .kind = SIGINT },
	{ .name = "SIGHUP", .sees = NOTHING, .inject = signalled, .kind = RELOAD },
	{ .name = "SIGHUP, and a configuration that is wrong", .sees = NOTHING,
	  .inject = signalled, .kind = RELOAD_BAD, .others = "tests/hostile/running.sh" },
	{ .name = "SIGSTOP and SIGCONT", .sees = NOTHING, .inject = signalled, .kind = STOPPED },
	{ .name = "A hang", .lost = "a second", .normal = "40 s at most, by the watchdog",
	  .sees = "figures that stand still, then the same session",
	  .others = "tests/systemd/guest/service tests/unit/test_watchdog.c" },
	{ .name = "The clock jumps forward", .sees = NOTHING,
	  .inject = clock_jumps, .kind = CLOCK_FORWARD, .others = LAB "asleep" },
	{ .name = "The clock jumps back", .sees = NOTHING,
	  .inject = clock_jumps, .kind = CLOCK_BACK, .others = LAB "asleep" },
	{ .name = "The computer sleeps", .sees = "that the treadmill is not heard, until the link is "
	  "made again", .normal = "seconds, for the link",
	  .inject = clock_jumps, .kind = CLOCK_ASLEEP, .others = LAB "asleep" },
	{ .name = "Descriptors run out", .normal_s = 2,
	  .sees = "nothing; a display that comes then waits at the door",
	  .inject = files_in_a_run, .others = "tests/unit/test_hub.c" },
	{ .name = "Too few descriptors at the start", .lost = NOTHING,
	  .normal = "with the next start", .sees = "no console, and the log says why",
	  .inject = files_at_the_start },
	{ .name = "Memory runs out at the start", .lost = NOTHING, .normal = "with the next start",
	  .sees = "no console, and the log says why", .inject = faults_memory_start },
	{ .name = "Memory runs out in a run", .lost_s = 1, .normal_s = 2,
	  .sees = "nothing, or the same session 2 s later", .inject = faults_memory_run },
	{ .name = NULL },
};
