/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A gaitd of its own with the shim in it, a display that notes what it is told, and
 * the hand on its clock.
 */
#ifndef FAULTS_RIG_H
#define FAULTS_RIG_H

#include "tests/faults/control.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define RIG_PATH_MAX 200
#define RIG_NOTES_MAX (1 << 20)
#define RIG_LINE_MAX 4096

struct rig {
	struct control *control;
	char directory[RIG_PATH_MAX]; /* all that it writes is in there */
	pid_t gaitd;                  /* 0: it has ended */
	pid_t server;                 /* whose children the gaitds are; 0: none */
	int status;                   /* as waitpid() told */
	int display;                  /* -1: not connected */
	char line[RIG_LINE_MAX];
	size_t line_length;
	char *notes; /* what the display was told, but for what it is asked */
	size_t notes_length;
	unsigned seconds;   /* that have passed */
	long elapsed_s;     /* the session's, as last told; -1: not yet */
	long speed_at;      /* second in which a speed was told last; -1: none */
	unsigned prompts;   /* that were told */
	bool said_bye;
	/* Others that are served while gaitd is waited for; true: something was done */
	bool (*beside)(void *user);
	/* Each line that the display is told */
	void (*heard)(const char *line, size_t length, void *user);
	void *user; /* of both */
	int64_t passed_us; /* time that has passed */
	int64_t began_us;  /* in real time: when it began */
};

bool rig_new(struct rig *rig);
void rig_free(struct rig *rig);

/* gaitd with the simulator, at speed 1, a known runner on it, a display connected.
 * `limit` is its RLIMIT_NOFILE; 0: as it is. False: it did not come up. */
bool rig_start(struct rig *rig, const char *scenario, unsigned limit);
/* The same on the radio of this directory (radio.h) in the simulator's place, and
 * nobody known on it. `real_time`: time passes by itself. */
bool rig_start_live(struct rig *rig, const char *air, bool real_time);
/* A server of gaitds that have come as far as to make their loop: rig_start() has the
 * next one from there, in milliseconds. What they have kept is forgotten. */
bool rig_serve(struct rig *rig, const char *scenario);
/* Lets so much time pass, and waits until all is done. */
bool rig_pass(struct rig *rig, int64_t us);
/* Lets a second pass, and waits until all is done; false: it has ended. */
bool rig_second(struct rig *rig);
bool rig_seconds(struct rig *rig, unsigned count);
/* Sends the signal and waits for its end. */
void rig_end(struct rig *rig, int signal);
bool rig_settle(struct rig *rig);
bool rig_connect(struct rig *rig);
void rig_say(struct rig *rig, const char *line, size_t length); /* as the display */
bool rig_put_file(const struct rig *rig, const char *name, const char *text);
void rig_path(const struct rig *rig, const char *name, char out[2 * RIG_PATH_MAX]);
int rig_socket(const struct rig *rig); /* another display's, before its hello */
/* One line to the control socket, and its answer; no answer is none. */
void rig_request(struct rig *rig, const char *line);
/* gaitctl's exit status; what it prints is in the file "said" */
int rig_ask(const struct rig *rig, const char *words);
/* Is there a line with these words in the file of that name? */
bool rig_says(const struct rig *rig, const char *file, const char *words);
/* The last second of the runner's last session in his history, -1: none; and how many
 * are missing before it, if that is asked for */
long rig_kept_s(const struct rig *rig, long *missing_s);

#endif
