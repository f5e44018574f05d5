/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A history's place: its file, opened when it is needed, looked through the
 * first time, set aside when it is damaged, tried again when it failed. Nothing
 * here stops a run. For one thread at a time.
 */
#ifndef GAITD_SHELF_H
#define GAITD_SHELF_H

#include "daemon/history/history.h"

struct shelf {
	char path[4096]; /* "": there is no such place */
	struct history *history; /* NULL: not open */
	bool is_runtime; /* it goes with the power, as /run does */
	bool checked; /* since the start */
	bool failed;  /* and that has been said */
	/* For the log, by whoever may write it; "": nothing */
	char word[1024];
	bool is_good_news;
};

/* Both where runners' sessions and where an anonymous one is kept */
struct shelves {
	struct shelf state, session;
};

/* Open, or NULL: there is no file and none is to be made, or it cannot be. */
struct history *shelf_open(struct shelf *shelf, bool make, enum history_result *result);
/* What came of something that was done with it; the same result. What failed is
 * said once, until it goes again. */
enum history_result shelf_did(struct shelf *shelf, enum history_result result);
void shelf_close(struct shelf *shelf);

#endif
