/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The far side of a daemon that is measured: its treadmill and its foot pod, at the
 * other ends of two sockets that it is born with (wired_origin.c), and its displays.
 */
#ifndef GAITD_BENCH_FAR_H
#define GAITD_BENCH_FAR_H

#include "daemon/peripheral/gatt_server.h"

#include <stdbool.h>
#include <sys/types.h>

#define FAR_DISPLAYS_MAX 64
#define FAR_BESIDE_MAX 2

struct far_link {
	struct gatt_server server;
	int fd, theirs;
	unsigned subscribed; /* how many characteristics it was asked to tell */
	bool spoken;
};

struct far_display {
	int fd;
	char text[8192]; /* what came and was not looked for yet */
	size_t length;
	bool awaited;
	unsigned pongs;
};

struct far {
	pid_t pid;
	bool bare; /* a relay: no GATT, no handshake */
	char directory[80], socket[96];
	struct far_link treadmill, footpod;
	struct far_display display[FAR_DISPLAYS_MAX];
	unsigned displays;
	unsigned speed; /* told last, 0.01 km/h */
	/* Clients of somebody else's, who wait as the displays do */
	struct {
		int fd; /* where there is something to hear */
		void (*hear)(void *user);
		void *user;
	} beside[FAR_BESIDE_MAX];
	unsigned besides;
};

/* Starts `command` with all its links, and SOCKET in it replaced by a path; returns
 * when it has subscribed to both and all displays are ready. */
void far_start(struct far *far, char **command, bool bare, unsigned displays);
/* Tells another speed than the last, or a foot pod's beat. */
void far_tell_speed(struct far *far);
void far_tell_pod(struct far *far);
/* Until every display has read the speed told last: microseconds after `since_us`,
 * one for each. */
void far_await(struct far *far, double since_us, double *took_us);
/* Answers whatever it asks, for so long */
void far_serve(struct far *far, double seconds);
/* SIGTERM, and waits for its end. */
void far_stop(struct far *far);

double far_now_us(void);

#endif
