/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What the campaign and the shim inside a gaitd share: a file that both map. The
 * campaign makes time pass and things fail; the shim answers when all that is due
 * by then has been done.
 */
#ifndef FAULTS_CONTROL_H
#define FAULTS_CONTROL_H

#include <stdatomic.h>
#include <stdint.h>

#define CONTROL_FILE "GAITD_FAULTS"   /* in the environment: the file's path */
#define CONTROL_PLACE "GAITD_FAULTS_DISK" /* the directory that is the disk */
#define CONTROL_GOLDEN "GAITD_FAULTS_GOLDEN" /* what is printed without a fault */
#define CONTROL_GOLDEN_MAX (64 << 10)
#define CONTROL_AIR "GAITD_FAULTS_AIR" /* the directory of radio.h's sockets */
#define CONTROL_AIR_ADAPTER "adapter"  /* the kernel's; the others are addresses */
#define CONTROL_BOOT_US INT64_C(1000000000) /* since boot, when it begins */

enum control_disk {
	CONTROL_DISK_GOOD,
	CONTROL_DISK_FULL,
	CONTROL_DISK_READ_ONLY,
	CONTROL_DISK_BROKEN, /* input/output errors */
	CONTROL_DISK_SLOW,   /* each sync takes CONTROL_SYNC_US */
};
#define CONTROL_SYNC_US INT64_C(5000000)

struct control {
	_Atomic uint64_t asked, done; /* equal: nothing is left to be done */
	_Atomic int64_t now_us;       /* what is the time */
	_Atomic int64_t wall_us;      /* added to the wall clock */
	_Atomic int64_t asleep_us;    /* added to the time since boot */
	_Atomic uint32_t disk;        /* enum control_disk */
	_Atomic uint32_t disk_refused;
	_Atomic uint64_t allocations; /* counted */
	_Atomic uint64_t failing;     /* the one that fails; 0: none */
	_Atomic uint64_t before_loop; /* allocations before the loop was made */
	_Atomic uint32_t stride; /* until then each so manieth fails in a child; 0: none */
	_Atomic uint32_t forks;  /* such children */
	_Atomic uint32_t bad;         /* children that did not keep the promise */
	_Atomic uint32_t busy;        /* a thread works */
	/* A server in front of the loop: each run that is asked for is a child of its. */
	_Atomic uint32_t serves, run_asked, run_begun, run_ended; /* runs, counted */
	_Atomic int32_t run_pid, run_status;
	_Atomic uint32_t real_time;   /* time passes by itself, now_us is not used */
	_Atomic uint32_t measure;     /* asked for: heap and timers; then it is 0 */
	_Atomic int64_t heap;         /* octets that are allocated */
	_Atomic int64_t sqlite;       /* of these */
	_Atomic int32_t timers;       /* events, of any kind, that the loop waits for */
};

#endif
