/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A stick is put in, pulled out, made to misbehave; and what the daemon says of
 * itself must come right again.
 */
#include <config.h>

#include "tests/usb/bench.h"
#include "tests/usb/display.h"

#include <linux/usbdevice_fs.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>

#define HANG_PINGS 5
#define HANG_MOST_MS 60000
#define REPLUGS 50

static struct port *first(void)
{
	return bench.ports[0].port;
}

/* A stick of the first kind is a serial port: nothing of it is ours. */
static const struct stick_model serial = {
	.name = "1004",
	.summary = "USB1",
	.product = 0x1004,
};

static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static bool says(const char *words)
{
	return strstr(bench_ant_text("message"), words) != NULL;
}

/* ---- coming and going ---------------------------------------------------- */

/* Cold start without a stick, arrival, first cadence; and it closes what it
 * opened. */
static void cold_start(void)
{
	uint64_t plugged;

	bench_until(NULL, 1000);
	bench_require(bench_is_absent(), "a stick where none is");
	plugged = now_ms();
	bench_plug("1009");
	bench_must(bench_is_listening, "listening");
	bench_must(bench_has_cadence, "a cadence");
	printf("  first cadence %u ms after the stick\n", (unsigned)(now_ms() - plugged));
	bench_finish();
	for (size_t i = 0; i < STICK_CHANNELS; i++)
		bench_require(bench.ports[0].stick.channels[i].state == ANT_CHANNEL_UNASSIGNED,
		              "channel %u was left open", (unsigned)i);
}

static void replugs(void)
{
	for (unsigned i = 0; i < REPLUGS; i++) {
		bench_plug(i % 2 ? "1008" : "1009");
		if (i % 5 == 4 || i + 1 == REPLUGS)
			bench_must_hear("a pod after a replug");
		else
			bench_until(NULL, 40 * (i % 20));
		port_unplug(first(), (enum port_unplug)(i % 3));
	}
	bench_must(bench_is_absent, "that the stick is gone");
	bench_plug("1009");
	bench_must(bench_has_cadence, "a cadence after the replugs");
	printf("  %u replugs\n", REPLUGS);
}

static void unplug_in_flight(enum port_unplug how)
{
	bench_plug("1008");
	bench_must(bench_is_live, "a pod");
	port_unplug(first(), how);
	bench_must(bench_is_absent, "that the stick is gone");
	bench_until(NULL, 700);
	bench_plug("1009");
	bench_must_hear("a pod after the unplug");
}

static void unplug_no_device(void)
{
	unplug_in_flight(PORT_NO_DEVICE);
}

static void unplug_error(void)
{
	unplug_in_flight(PORT_ERROR_FIRST);
}

static void unplug_leaves_first(void)
{
	unplug_in_flight(PORT_LEAVES_FIRST);
}

/* That the first one left is never told; the next one comes elsewhere and is
 * taken. Told at last, it is no news. */
static void never_leaves(void)
{
	long long restarts;

	bench_plug("1009");
	bench_must(bench_is_live, "a pod");
	port_unplug(first(), PORT_NEVER_LEAVES);
	bench_must(bench_is_absent, "that the stick is gone, of which the bus says nothing");
	bench_plug_at(1, stick_model_find("1008"));
	bench_must_hear("a pod by a stick at another port");
	bench_require(strcmp(bench_ant_text("stick"), "0fcf:1008 at 1-2") == 0, "which stick");
	restarts = bench_ant_number("restarts");
	port_leave_bus(first());
	bench_until(NULL, 1000);
	bench_must_hear("a pod after the old stick's leave");
	bench_require(bench_ant_number("restarts") == restarts &&
	              strcmp(bench_ant_text("stick"), "0fcf:1008 at 1-2") == 0,
	              "the late leave of the old stick cost the new one its work");
}

static bool uses_second(void)
{
	return strcmp(bench_ant_text("stick"), "0fcf:1008 at 1-2") == 0 &&
	       bench_is_listening();
}

/* The one in use stays; the other is left alone until it is needed. */
static void several(void)
{
	bench_plug("1009");
	bench_must(bench_is_live, "a pod");
	bench_plug_at(1, stick_model_find("1008"));
	bench_until(NULL, 1000);
	bench_require(strcmp(bench_ant_text("stick"), "0fcf:1009 at 1-1") == 0,
	              "it changed the stick");
	bench_require(port_calls(bench.ports[1].port) == 0, "it touched the other stick");
	port_unplug(first(), PORT_NO_DEVICE);
	bench_must(uses_second, "the other stick");
	bench_must_hear("a pod by the other stick");
	bench_require(bench.ports[1].stick.configured > 0, "the other was not configured");
}

static bool refuses_serial(void)
{
	return bench_is_absent() && says("0fcf:1004 at 1-1") && says("0fcf:1008 or 0fcf:1009");
}

static void serial_stick(void)
{
	bench_plug_at(0, &serial);
	bench_must(refuses_serial, "that a serial stick is not supported");
	bench_require(port_calls(first()) == 0, "it touched the serial stick");
	bench_plug_at(1, stick_model_find("1008"));
	bench_must(uses_second, "the stick beside it");
	bench_require(port_calls(first()) == 0, "it touched the serial stick");
	port_unplug(bench.ports[1].port, PORT_NO_DEVICE);
	bench_must(refuses_serial, "that a serial stick is what there is");
	port_unplug(first(), PORT_LEAVES_FIRST);
	bench_until(NULL, 500);
	bench_require(bench_is_absent() && !says("1004"), "it still says so");
}

/* ---- what a stick does --------------------------------------------------- */

static void stall(void)
{
	unsigned before;

	bench_plug("1009");
	bench_must(bench_is_live, "a pod");
	port_lock(first());
	before = port_halts_cleared(first());
	port_stall(first());
	port_unlock(first());
	bench_until(NULL, 300);
	bench_must_hear("a pod after the stall");
	bench_require(port_halts_cleared(first()) > before, "the halt was not cleared");
}

static void misbehave(enum stick_fault what, bool heard_meanwhile)
{
	bench_plug("1008");
	bench_must(bench_is_live, "a pod");
	bench_fault(what);
	if (heard_meanwhile) {
		bench_until(NULL, 3000);
		bench_must_hear("a pod in spite of that");
	} else {
		bench_until(NULL, 9000);
	}
	bench_fault(STICK_NO_FAULT);
	bench_must_hear("a pod after that");
}

static void answers_nothing(void)
{
	misbehave(STICK_SILENT, false);
}

static void answers_late(void)
{
	misbehave(STICK_LATE, true);
}

static void restarts(void)
{
	misbehave(STICK_RESTARTS, true);
}

static void garbage(void)
{
	misbehave(STICK_GARBAGE, true);
}

static void split(void)
{
	misbehave(STICK_SPLIT, true);
}

/* It is silent from the start: no reply to anything, ever. */
static void dead(void)
{
	bench_fault(STICK_SILENT);
	port_plug(first(), stick_model_find("1009"));
	bench_until(NULL, 12000);
	bench_require(says("attempt"), "it does not say so");
	bench_fault(STICK_NO_FAULT);
	bench_must_hear("a pod after all");
}

/* ---- what the kernel does ------------------------------------------------ */

static bool display_waited;

/* The kernel holds a caller, here until a display has been answered some pings in
 * the meantime. */
static void hold_caller(void)
{
	static const struct timespec rest = { 0, 20000000 };
	unsigned wanted = display_count().answered + HANG_PINGS;
	uint64_t end = now_ms() + HANG_MOST_MS;

	while (now_ms() < end && display_count().answered < wanted)
		nanosleep(&rest, NULL);
	display_waited = display_count().answered < wanted;
}

static unsigned hangs;

static bool is_over(void)
{
	return port_hung(first()) == hangs;
}

static void hang(unsigned long request)
{
	hangs++;
	port_lock(first());
	port_hang(first(), request, hold_caller);
	port_unlock(first());
}

static void must_have_hung(void)
{
	bench_must(is_over, "that the kernel holds gaitd, and its end");
	bench_require(!display_waited, "a display had to wait as long");
}

static void hangs_opening(void)
{
	static const unsigned long requests[] = { USBDEVFS_DISCONNECT_CLAIM,
		                                  USBDEVFS_CLEAR_HALT };

	for (unsigned i = 0; i < 2; i++) {
		hang(requests[i]);
		bench_plug("1009");
		must_have_hung();
		bench_must_hear("a pod when that is over");
		port_unplug(first(), PORT_NO_DEVICE);
		bench_must(bench_is_absent, "that the stick is gone");
	}
}

static void hangs_closing(void)
{
	static const unsigned long requests[] = { USBDEVFS_DISCARDURB,
		                                  USBDEVFS_RELEASEINTERFACE };

	bench_plug("1009");
	for (unsigned i = 0; i < 2; i++) {
		bench_must_hear("a pod");
		hang(requests[i]);
		bench.settings.stick = "1-2"; /* where none is: it closes this one */
		bench_reload();
		must_have_hung();
		bench_must(bench_is_absent, "that the stick is not used");
		bench.settings.stick = "";
		bench_reload();
	}
	bench_must_hear("a pod");
}

static bool uses_first(void)
{
	return strcmp(bench_ant_text("stick"), "0fcf:1009 at 1-1") == 0 &&
	       bench_is_listening();
}

/* A reload that changes the stick does not wait for one that hangs. */
static void hangs_at_reload(void)
{
	hang(USBDEVFS_CLEAR_HALT);
	bench_plug("1009");
	bench.settings.stick = "1-2";
	bench_reload();
	bench_plug_at(1, stick_model_find("1008"));
	must_have_hung();
	bench_must(uses_second, "the stick that is wished for now");
	bench.settings.stick = "1-1";
	bench_reload();
	bench_must(uses_first, "the first one again");
	bench_must_hear("a pod");
}

static bool is_off(void)
{
	return strcmp(bench_ant_text("state"), "off") == 0;
}

/* Without a key the stick is given back, its channels closed; with one it is
 * taken again. */
static void loses_key(void)
{
	bench_plug("1009");
	bench_must(bench_is_live, "a pod");
	bench.settings.key = "";
	bench_reload();
	bench_must(is_off, "that ANT is off");
	bench_until(NULL, 1500);
	for (size_t i = 0; i < STICK_CHANNELS; i++)
		bench_require(bench.ports[0].stick.channels[i].state == ANT_CHANNEL_UNASSIGNED,
		              "channel %u was left open", (unsigned)i);
	bench_require(!port_is_claimed(first()), "the stick was not given back");
	bench.settings.key = BENCH_KEY_LINE;
	bench_reload();
	bench_must_hear("a pod with the key again");
}

static bool says_busy(void)
{
	return says("another program has it");
}

static void held(void)
{
	port_lock(first());
	port_hold(first(), true);
	port_unlock(first());
	bench_plug("1009");
	bench_must(says_busy, "that another program has it");
	bench_gaitctl("doctor", 1);
	bench_require(bench_log_has("fix: end that program"), "the doctor says what to do");
	port_lock(first());
	port_hold(first(), false);
	port_unlock(first());
	bench_must_hear("a pod when that has ended");
}

/* ---- pods ---------------------------------------------------------------- */

static bool sees_neighbours(void)
{
	return bench_ant_number("footpods") >= 4;
}

static bool some_left(void)
{
	static long long most;

	if (bench_ant_number("footpods") > most)
		most = bench_ant_number("footpods");
	return bench_ant_number("footpods") < most;
}

static void neighbours(void)
{
	bench_plug("1009");
	bench_must(sees_neighbours, "neighbours' pods");
	bench_must(bench_has_cadence, "the own pod among them");
	bench_require(bench_until(some_left, 120000), "nobody ever left");
	bench_must(bench_has_cadence, "the own pod still");
}

static bool hears_pods(void)
{
	const json_t *pod = json_object_get(bench.status, "pod");

	return json_integer_value(json_object_get(pod, "others")) > 0;
}

static bool has_own(void)
{
	const char *choice = json_string_value(
		json_object_get(json_object_get(bench.status, "pod"), "choice"));

	return choice && strcmp(choice, "own") == 0 && bench_is_live();
}

/* The runner names his pod, by gaitctl: it is his at once, and in the file. */
static void pairs_by_name(void)
{
	char words[64];

	bench_plug("1009");
	bench_must(hears_pods, "pods that are nobody's");
	bench_require(!has_own(), "a pod of its own before one is paired");
	snprintf(words, sizeof(words), "pair footpod %d", AIR_POD);
	bench_gaitctl(words, 0);
	bench_must(has_own, "the paired pod as the runner's own");
	bench_gaitctl("pair footpod --yes", 0); /* it says: already */
	bench_gaitctl("pair footpod 0", 1);
}

/* ---- rest ---------------------------------------------------------------- */

/* It sleeps when nothing happens, with a stick and without. */
static void wakes_rarely(void)
{
	unsigned long before, woken;
	unsigned answered;

	for (unsigned plugged = 0; plugged < 2; plugged++) {
		if (plugged) {
			bench_plug("1009");
			bench_must(bench_is_live, "a pod");
			bench.pod_is_near = false;
			bench.air.neighbour_count = 0;
			bench_until(NULL, 3000);
		}
		before = bench_switches();
		answered = bench.answers;
		bench_until(NULL, 5000);
		woken = bench_switches() - before;
		answered = bench.answers - answered;
		printf("  %s: %lu wake-ups in 5 s for %u questions and as many pings\n",
		       plugged ? "with a stick" : "without a stick", woken, answered);
		/* the strap beats four times a second, each in a few transfers */
		bench_require(woken < answered * 10 + (plugged ? 5 * 4 * 12 : 50), "it spins");
	}
}

static void key_in_configuration(void)
{
	bench_plug("1009");
	bench_must(bench_is_live, "a pod");
	bench_reload();
	bench_must_hear("a pod");
}

static const struct {
	const char *name;
	void (*run)(void);
	struct bench_settings settings;
} scenarios[] = {
	{ "cold-start", cold_start, { 0 } },
	{ "replugs", replugs, { 0 } },
	{ "unplug-no-device", unplug_no_device, { 0 } },
	{ "unplug-error", unplug_error, { 0 } },
	{ "unplug-leaves-first", unplug_leaves_first, { 0 } },
	{ "never-leaves", never_leaves, { 0 } },
	{ "several", several, { 0 } },
	{ "serial-stick", serial_stick, { 0 } },
	{ "stall", stall, { 0 } },
	{ "answers-nothing", answers_nothing, { 0 } },
	{ "answers-late", answers_late, { 0 } },
	{ "restarts", restarts, { 0 } },
	{ "garbage", garbage, { 0 } },
	{ "split", split, { 0 } },
	{ "dead", dead, { 0 } },
	{ "hangs-opening", hangs_opening, { 0 } },
	{ "hangs-closing", hangs_closing, { 0 } },
	{ "hangs-at-reload", hangs_at_reload, { 0 } },
	{ "loses-key", loses_key, { 0 } },
	{ "held", held, { 0 } },
	{ "neighbours", neighbours, { 0 } },
	{ "pairs-by-name", pairs_by_name, { .unpaired = true } },
	{ "key-in-configuration", key_in_configuration, { .key = BENCH_KEY_LINE } },
	{ "wakes-rarely", wakes_rarely, { 0 } },
};

#define SCENARIOS (sizeof(scenarios) / sizeof(scenarios[0]))

int main(int argc, char **argv)
{
	for (size_t i = 0; i < SCENARIOS; i++) {
		if (argc < 2)
			printf("%s\n", scenarios[i].name);
		else if (strcmp(argv[1], scenarios[i].name) == 0) {
			printf("%s\n", argv[1]);
			bench_start(&scenarios[i].settings);
			scenarios[i].run();
			if (bench.daemon > 0)
				bench_finish();
			return 0;
		}
	}
	return argc < 2 ? 0 : 2;
}
