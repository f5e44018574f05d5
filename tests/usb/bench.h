/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The unmodified daemon with USB ports that are not there, and what is asked of
 * it. While a scenario runs, the daemon is asked for its status ten times a
 * second, and a display pings it as often and must be answered each time;
 * wake-ups and processor time are counted.
 */
#ifndef GAITD_TEST_USB_BENCH_H
#define GAITD_TEST_USB_BENCH_H

#include "daemon/peripheral/air.h"
#include "daemon/peripheral/stick.h"
#include "tests/usb/port.h"

#include <jansson.h>
#include <stdbool.h>
#include <sys/types.h>

#define BENCH_PORTS 2
#define BENCH_KEY "c0ffee5ac3910fd2" /* nobody's */

struct bench_settings {
	bool unpaired;     /* no pod is configured */
	const char *key;   /* a line of gaitd.yaml in place of the key's file */
	const char *stick; /* ant.stick */
};
#define BENCH_KEY_LINE "network_key: " BENCH_KEY

/* A port, and the stick in it */
struct bench_port {
	struct port *port;
	struct stick stick;
};

struct bench {
	struct bench_port ports[BENCH_PORTS];
	struct air air;
	bool pod_is_near;
	pid_t daemon;
	char directory[64], socket[128];
	struct bench_settings settings;
	json_t *status; /* the last one */
	unsigned answers;
};
extern struct bench bench;

/* ---- life ---- */
void bench_start(const struct bench_settings *settings);
/* The daemon reads bench.settings, which were changed. */
void bench_reload(void);
/* Ends the daemon and judges: each ping was answered in time, it did not spin,
 * and the network key is in nothing that it wrote. */
void bench_finish(void);
/* The scenario failed: says so, with the daemon's log, and ends. */
void bench_require(bool holds, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* ---- sticks; `at` is 0 for the first port ---- */
void bench_plug_at(size_t at, const struct stick_model *model);
void bench_plug(const char *model); /* by name, in the first port */
void bench_fault(enum stick_fault fault);

/* ---- what the daemon says ---- */
/* Lets things go on until `holds`, or for so long. */
bool bench_until(bool (*holds)(void), unsigned milliseconds);
void bench_must(bool (*holds)(void), const char *what);
/* More messages than now */
void bench_must_hear(const char *what);
/* A text of the status' sources.ant; "" when it is not there */
const char *bench_ant_text(const char *name);
long long bench_ant_number(const char *name);
bool bench_is_absent(void);
bool bench_is_listening(void);
bool bench_is_live(void); /* the pod */
bool bench_has_cadence(void);

/* A word for gaitctl, and the status that it must end with */
void bench_gaitctl(const char *words, int status);
bool bench_log_has(const char *words); /* the daemon's and gaitctl's */
unsigned long bench_switches(void); /* wake-ups of the daemon so far */

#endif
