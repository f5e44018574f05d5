/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The logbook's inside, shared by logbook.c (what is written) and logbook_recover.c (what
 * was left).
 */
#ifndef GAITD_LOGBOOK_PRIVATE_H
#define GAITD_LOGBOOK_PRIVATE_H

#include "daemon/history/logbook.h"

#include "daemon/history/leaf.h"
#include "daemon/history/owed.h"

/* Where a session is written to. Pages on their way share it: the one behind
 * knows what the one before it wrote. */
struct place {
	unsigned users; /* the loop's: pages, and the logbook */
	bool known;
	char runner[32];
	size_t seconds, events; /* the loop's: written, as far as has been told */
	bool prepared; /* the loop's: what was written of another session is gone */
	bool begun;                     /* the keeper's */
	struct history_session session; /* the keeper's */
};

struct logbook {
	struct keeper *keeper;
	const struct session_log *log;
	struct place *place; /* NULL: nothing was written yet */
	struct place *left;  /* where it was until the runner changed; NULL: nowhere */
	struct leaf leaf;    /* of an anonymous place */
	unsigned on_the_way; /* pages */
	bool wanted;         /* another one, when they are written */
	struct owed owed;    /* the keeper's */
	bool owes;           /* the loop's: there is some, as far as has been told */
	struct event *again; /* the disk is asked for it */
	struct history_closed recovered; /* at the start; not published yet */
	char boot[40];
};

/* Since boot, by the clock that nobody sets */
int64_t logbook_boot_ms(void);
/* Whatever is there of an anonymous session */
void logbook_remove_file(struct shelf *shelf);
/* Those who are published: what ended goes into the folder that its runner chose. */
void logbook_publish_all(struct shelf *shelf, const struct history_closed *closed);
/* What is owed is dropped, and what `left` (NULL: nothing) has of the session is owed. */
void logbook_drop(struct logbook *logbook, struct place *left);

#endif
