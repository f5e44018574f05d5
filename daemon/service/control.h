/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * gaitctl's side of the daemon: a socket beside the displays', newline-
 * delimited JSON, a request {"cmd":"status","id":1} and one reply each:
 * {"id":1,"ok":true, ...} or {"id":1,"ok":false,"error":"..."}.
 */
#ifndef GAITD_CONTROL_H
#define GAITD_CONTROL_H

#include <event2/event.h>
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CONTROL_LINE_MAX 4096 /* octets with the LF, both ways */

struct control;

/* Answers a request by adding members to `reply`. False: it did not work;
 * `reply` has "error", which says why and what to do. */
typedef bool (*control_verb_fn)(const json_t *request, json_t *reply, void *user);

/* A verb whose answer takes longer than the loop may wait calls control_defer();
 * what it returns and puts into `reply` then counts for nothing, and
 * control_answer() replies later, under that number. */
uint64_t control_defer(struct control *control);
/* `members` (NULL: none) is given back. A client that left misses it. */
void control_answer(struct control *control, uint64_t number, bool ok, json_t *members);

struct control_verb {
	const char *name;
	control_verb_fn run;
};

/* Listens for `group` at `path`, or on `passed`, a socket that listens already (-1: none).
 * `verbs` ends with a name of NULL; it and `user` are borrowed. NULL with errno
 * set, and logged, if it cannot listen. */
struct control *control_new(struct event_base *base, const char *path, const char *group,
                            int passed, const struct control_verb *verbs, void *user);
#define CONTROL_GROUP "gaitd"
/* Adds the verbs of another part of the daemon, for that part as `user`. */
#define CONTROL_TABLES_MAX 8
void control_add(struct control *control, const struct control_verb *verbs,
                 void *user);
void control_free(struct control *control); /* NULL is fine */

#endif
