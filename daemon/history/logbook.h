/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The session under way on its way to the disk: a known runner's to the history, a
 * page a second; an anonymous one to its leaf in the runtime directory, and as one page
 * to the file beside that when it ends. A slow disk gets fewer and longer pages; what it
 * did not take comes with the next.
 */
#ifndef GAITD_LOGBOOK_H
#define GAITD_LOGBOOK_H

#include "daemon/history/keeper.h"

struct logbook;

/* `log` and `keeper` are borrowed. NULL: no memory. */
struct logbook *logbook_new(struct keeper *keeper, const struct session_log *log);
void logbook_free(struct logbook *logbook); /* after the keeper; NULL is fine */

/* A session begins, in an empty log. */
void logbook_begin(struct logbook *logbook);
/* It is nobody's from now on, and nobody's is not kept: what the history has goes. */
void logbook_disown(struct logbook *logbook);
/* What was written of an anonymous session goes, too. */
void logbook_forget(struct logbook *logbook);
/* Whatever the log has that was not written yet; what it says of the runner
 * tells where. With `log->ended` that is the last of it. */
void logbook_write(struct logbook *logbook);

/* All of a session that goes on, for the next daemon, before the keeper ends */
void logbook_leave(struct logbook *logbook);

/* What the last daemon left, before the keeper runs. A session that may go on
 * comes into `log` with how long it was away: it was written less than `away_max_s`
 * ago, in this boot of the machine. All others are closed as they stand. */
bool logbook_recover(struct logbook *logbook, uint32_t away_max_s, struct session_log *log,
                     uint32_t *away_s);
/* What logbook_recover() closed goes to the folders that its runners chose; once
 * the keeper runs. */
void logbook_publish(struct logbook *logbook);

#endif
