/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The diary's inside, shared by diary.c (what is written down), diary_runner.c
 * (who runs) and diary_verbs.c (what gaitctl asks for).
 */
#ifndef GAITD_DIARY_PRIVATE_H
#define GAITD_DIARY_PRIVATE_H

#include "daemon/diary.h"

#include "daemon/history/logbook.h"

/* Who runs, of those who are known */
struct diary_runner {
	bool known;
	char name[HISTORY_NAME_MAX + 1];
	struct runner nobody; /* of whom nothing is known: as it is configured */
	struct event *leave;  /* he goes, if no session begins */
	char pod[HISTORY_POD_MAX + 1]; /* that was asked about last */
	uint32_t ant_id;               /* its number; UINT32_MAX: it has none */
	unsigned mistaken; /* PINs, one after the other */
	int64_t wait_until_s; /* since boot: no PIN is looked at until then */
};

struct diary {
	struct diary_settings set;
	struct scribe scribe;
	struct diary_runner runner;
	struct keeper *keeper; /* NULL: nothing is kept */
	struct logbook *logbook;
	struct control *control;
	struct event *daily;
	struct event *ended; /* the session has: its runner goes, too */
	uint32_t retention_days;
	bool keeps_anonymous;
	bool closes; /* nobody is told any more */
};

/* diary.c: what was written down is forgotten, at once */
void diary_forget(struct diary *diary);

/* diary_runner.c */
bool diary_runner_open(struct diary *diary);
void diary_runner_close(struct diary *diary);
/* By name; with a PIN (not NULL) if that is his. `asked`: gaitctl is answered when
 * it is known. False: it cannot be found out now. */
bool diary_choose(struct diary *diary, const char *name, const char *pin, bool asked);
/* He is known from now on, and the core does not name him yet. */
void diary_know(struct diary *diary, const char *name, const struct runner *known);
/* Nobody known runs. */
void diary_leave(struct diary *diary);

/* diary_verbs.c */
extern const struct control_verb diary_verbs[];

#endif
