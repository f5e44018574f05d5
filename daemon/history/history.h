/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The runners who asked to be remembered, and their sessions, in an SQLite
 * file; of the same form is the file of an anonymous session, which lies in the
 * runtime directory. One struct history is one connection, for one thread.
 *
 * WAL with synchronous=FULL: what history_write() has returned from outlives
 * kill -9 and a power cut. What is deleted is overwritten with zeros.
 */
#ifndef GAITD_HISTORY_H
#define GAITD_HISTORY_H

#include "daemon/core/runner_history.h"
#include "daemon/sessions/session_log.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct history;

enum history_result {
	HISTORY_OK,
	HISTORY_NOTHING, /* there is no such runner or session */
	HISTORY_TAKEN,   /* another runner has that name, or that pod */
	HISTORY_BUSY,    /* another program has it: try again */
	HISTORY_FAILED,  /* the disk is full, may not be written ...: try later */
	HISTORY_DAMAGED, /* or no history of ours: history_set_aside() */
	HISTORY_NEWER,   /* of a gaitd that is two formats ahead */
};

enum history_mode {
	HISTORY_READ,   /* it must be there */
	HISTORY_CHANGE, /* likewise */
	HISTORY_CREATE, /* made with its directory, for its owner alone */
};

/* ---- the file ------------------------------------------------------------ */

/* Opens, and brings an older form up to date. NULL with *result set and `why`
 * (what, where, and the fix) when it cannot. */
struct history *history_open(const char *path, enum history_mode mode,
                             enum history_result *result, char *why, size_t size);
void history_close(struct history *history); /* NULL is fine */
/* For a file that need not outlive the machine's power, only gaitd, however that ends */
void history_skip_syncs(struct history *history);
/* Of the last call: what was wrong, for a message */
const char *history_why(const struct history *history);
/* Looks at all of it: HISTORY_DAMAGED if it is. */
enum history_result history_check(struct history *history);
/* Renames what is damaged, or foreign, with its -wal, to a name with the date:
 * `aside` is the new name. */
bool history_set_aside(const char *path, char *aside, size_t size);
/* What is in the log goes into the file, and the log is emptied. */
enum history_result history_settle(struct history *history);

/* ---- sessions ------------------------------------------------------------ */

/* When a session was written last, by clocks that nobody sets */
struct history_touch {
	char boot[40];    /* which boot of the machine; "": not known */
	int64_t boot_ms;  /* since that */
};

/* A session that is being written: begins all zero. What was written of it is
 * not written again; after a failure the same is written. */
struct history_session {
	int64_t id; /* 0: not yet in the file */
	size_t seconds, events; /* written so far */
};

/* One transaction: the session as it is now, with the seconds and events that
 * `log` has beyond those written. log->seconds[0] and log->events[0] may be
 * later ones: they are the `first_second`-th and the `first_event`-th. With
 * log->ended it is closed, and what the runner's shoes ran is counted, once. */
enum history_result history_write(struct history *history, struct history_session *session,
                                  const struct session_log *log, size_t first_second,
                                  size_t first_event, const struct history_touch *touch);
/* That has not ended: it is not his */
enum history_result history_drop_session(struct history *history, int64_t id);
/* Those before it, of whomever, that began with it and have not ended */
enum history_result history_drop_copies(struct history *history, int64_t id);
/* The session that nobody closed; HISTORY_NOTHING: there is none. */
enum history_result history_under_way(struct history *history, int64_t *id,
                                      struct history_touch *touch);
#define HISTORY_CLOSED_MAX 16
struct history_closed {
	int64_t ids[HISTORY_CLOSED_MAX]; /* the first of them */
	size_t count;
};
/* Closes what nobody closed, of a runner or of any (NULL), but `id`, as it stands;
 * adds what it closed to `closed` (NULL: nobody asks). */
enum history_result history_close_others(struct history *history, int64_t id,
                                         const char *runner, struct history_closed *closed);

/* Into `log`, which is free of anything before. */
enum history_result history_load_session(struct history *history, int64_t id,
                                         struct session_log *log);
/* The last that began, of a runner or of any (NULL), ended or not */
enum history_result history_latest(struct history *history, const char *runner,
                                   int64_t *id);

struct history_entry {
	int64_t id;
	char runner[32];
	bool has_start, ended;
	int64_t start_s;
	int32_t offset_s;
	uint32_t length_s;
	bool has_kept;
	struct runner_session kept; /* without its bins */
};
/* Newest first, those before `before` (INT64_MAX: all), of a runner or of any
 * (NULL). `each` returns false to stop. */
enum history_result history_list(struct history *history, const char *runner,
                                 int64_t before,
                                 bool (*each)(const struct history_entry *entry, void *user),
                                 void *user);

/* ---- runners ------------------------------------------------------------- */

#define HISTORY_NAME_MAX 31 /* octets */
#define HISTORY_POD_MAX 31
#define HISTORY_PROFILE_MAX 2048 /* octets of a runner as JSON */

struct history_runner {
	int64_t id;
	char name[HISTORY_NAME_MAX + 1];
	char pin[384];  /* its hash, crypt(5); "": he has none */
	char pod[HISTORY_POD_MAX + 1]; /* "ant 57043", an address; "": none */
	char exports[1024]; /* folder that his sessions are written to; "": none */
	bool has_added;
	int64_t added_s;
	struct runner told; /* what he told of himself, without what was learnt */
	int64_t sessions;   /* how many there are */
};

/* Whether it may be a runner's name; if not, `why` says what one is. */
bool history_name_is_good(const char *name, char *why, size_t size);

/* `runner` with id and sessions of no account */
enum history_result history_add_runner(struct history *history,
                                       const struct history_runner *runner);
/* All but the name and when he was added; by runner->id. */
enum history_result history_set_runner(struct history *history,
                                       const struct history_runner *runner);
enum history_result history_find_runner(struct history *history, const char *name,
                                        struct history_runner *out);
enum history_result history_find_pod(struct history *history, const char *pod,
                                     struct history_runner *out);
enum history_result history_each_runner(struct history *history,
                                        bool (*each)(const struct history_runner *runner,
                                                     void *user),
                                        void *user);
/* What he told and what his sessions tell, as of now */
enum history_result history_know_runner(struct history *history,
                                        const struct history_runner *runner, int64_t now_s,
                                        int32_t offset_s, struct runner *out);

/* ---- forgetting: no octet of it stays in the file or beside it ------------ */

enum history_result history_forget_runner(struct history *history, const char *name);
/* That has ended */
enum history_result history_forget_session(struct history *history, int64_t id);
/* When the last session began; 0: there is none of which that is known. */
int64_t history_newest(struct history *history);
/* Sessions that began before; how many they were. */
enum history_result history_forget_before(struct history *history, int64_t start_s,
                                          int64_t *count);
/* Files that were set aside as damaged: whoever is in them cannot be told */
bool history_remove_damaged(const char *path);
/* The file itself, its companions, and those */
bool history_remove(const char *path);

#endif
