/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * How the session's foot pod was, as it told or was heard
 */
#ifndef GAITD_POD_REPORT_H
#define GAITD_POD_REPORT_H

#include <stdbool.h>

struct pod_report {
	bool battery_low;  /* or critical */
	bool elsewhere;    /* worn, it says, at none of the places for it */
	double signal_dbm; /* a fifth was at most so strong; NaN: not known */
};

#endif
