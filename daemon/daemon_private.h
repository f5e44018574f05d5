/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The daemon's inside, shared by daemon.c (the core, what goes into it and comes
 * out, the order of all), daemon_verbs.c (what gaitctl and signals ask for),
 * daemon_sinks.c (who is told: displays, files) and daemon_manager.c (what the
 * service manager is told, and gives).
 */
#ifndef GAITD_DAEMON_PRIVATE_H
#define GAITD_DAEMON_PRIVATE_H

#include "daemon/daemon.h"

#include "daemon/diary.h"
#include "daemon/displays/hub.h"
#include "daemon/displays/prompt_log.h"
#include "daemon/displays/prompt_test.h"
#include "daemon/fleet.h"
#include "daemon/meter.h"
#include "daemon/origin.h"
#include "daemon/service/activation.h"
#include "daemon/service/config.h"
#include "daemon/service/control.h"
#include "daemon/service/language_files.h"
#include "daemon/service/lock_file.h"
#include "daemon/service/paths.h"
#include "daemon/service/watchdog.h"
#include "daemon/sources/recorder.h"
#include "daemon/status.h"

#define DAEMON_TOKEN "daemon"

struct daemon {
	const struct options *options;
	struct config *config;   /* of the start */
	struct config *reloaded; /* the last reload's; NULL: there was none */
	struct ruleset *rules;
	struct language_files *languages;
	struct pipeline_settings settings;
	struct origin origin;
	struct event_base *base;
	struct pipeline *pipeline;
	struct intake *intake;
	struct diary *diary;
	struct hub *hub;         /* NULL: not listening */
	struct prompt_test *test; /* likewise */
	struct control *control; /* likewise */
	struct control *fleet;   /* likewise */
	struct fleet_care care;
	struct lock_file *lock;  /* NULL: nobody is shown anything, or in a hurry */
	struct prompt_log *prompts;
	struct recorder *recorder;
	char display_path[PATHS_SOCKET_MAX], control_path[PATHS_SOCKET_MAX],
		fleet_path[PATHS_SOCKET_MAX];
	int passed[ACTIVATION_SOCKETS]; /* listening sockets of the service manager's */
	struct watchdog *watchdog;
	bool manager_listens;
	bool restart_wanted; /* as soon as nobody runs */
	struct event *signals[3];
	struct event *flush; /* of the prompts, when they come in a rush */
	struct status status;
	struct meter meter;
	int ended_with;  /* why the loop ended */
	int exit_status; /* EXIT_GO_ON until it is known */
};

/* daemon.c */
int daemon_out_of_memory(void);
void daemon_stop(struct daemon *d, int status);
void daemon_apply_log_level(const struct config *config);
/* The configuration that counts */
const struct config *daemon_config(const struct daemon *d);
void daemon_input(const struct display_request *input, const char *name, void *user);
/* What the configuration says of it is no event, and a recording must tell it. */
void daemon_record_footpod_unit(struct daemon *d, const struct config *config,
                                uint64_t t_us);

/* daemon_verbs.c */
extern const struct control_verb daemon_verbs[];
/* Reads everything anew, or leaves all as it was: what to exit with, and `why` */
int daemon_reload(struct daemon *d, char *why, size_t size);
bool daemon_answer_reload(const json_t *request, json_t *reply, void *user);
int daemon_open_signals(struct daemon *d);

/* daemon_sinks.c: each is EXIT_GO_ON, or the status to exit with */
int daemon_open_files(struct daemon *d);
int daemon_open_sockets(struct daemon *d);
int daemon_open_lock(struct daemon *d);

/* daemon_manager.c; the first two likewise */
int daemon_open_passed(struct daemon *d);
/* All is served from now on. */
int daemon_ready(struct daemon *d);
/* For the journal's fields: the treadmill's name, and how the foot pod is. */
void daemon_note_event(const struct source_event *event);
/* A control_verb_fn: ends, to be started anew, once nobody runs. */
bool daemon_answer_restart(const json_t *request, json_t *reply, void *user);
/* What came out of the core may be what that waits for. */
void daemon_restart_if_idle(struct daemon *d);
/* Tells in a line what is; cheap if that is what was told before. */
void daemon_tell_status(struct daemon *d);

#endif
