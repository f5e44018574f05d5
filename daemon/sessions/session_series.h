/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A metric of a session over its time, in as many columns as a drawing has. Pure.
 */
#ifndef GAITD_SESSION_SERIES_H
#define GAITD_SESSION_SERIES_H

#include "daemon/sessions/session_log.h"

#define SERIES_COLUMNS_MAX 400

enum series_kind {
	SERIES_SPEED,  /* km/h */
	SERIES_INCLINE,
	SERIES_CADENCE,
	SERIES_HEART_RATE,
	SERIES_LOW,    /* of the target band */
	SERIES_HIGH,
	SERIES_KINDS, /* how many */
};

struct series {
	size_t columns;
	uint32_t length_s; /* of all columns; at least 1 */
	/* Means of the columns' seconds. NaN: nothing was known in them. */
	double value[SERIES_COLUMNS_MAX];
	bool any;
	double least, most; /* of the columns; NaN without any */
};

/* `columns` 1..SERIES_COLUMNS_MAX; a session shorter than so many seconds has as
 * many as seconds. */
void series_of(const struct session_log *log, enum series_kind kind, size_t columns,
               struct series *out);

#endif
