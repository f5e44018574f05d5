/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What the runner told of pain in this session, and the speed that suits him
 * since (rules.md 5.2, BR-01 to BR-05).
 */
#ifndef GAITD_PAIN_H
#define GAITD_PAIN_H

#include <stdbool.h>
#include <stdint.h>

struct pain {
	bool reported;
	bool red_flag; /* one was pressed in this session */
	int32_t last, worst;
	int32_t before; /* the report before; -1: none */
	uint32_t count; /* reports of this session */
	uint64_t at_us;
	bool was_high;  /* high or rising: a walk, and then the end */
	bool moderate;  /* told to walk until it has been asked again */
	double moderate_kmh; /* the speed that it came at; NaN: not known */
	double cap_kmh;      /* NaN: none */
};

void pain_init(struct pain *pain);
/* `speed_kmh` is the speed that it was felt at, NaN if not known. */
void pain_report(struct pain *pain, uint64_t t_us, int32_t value,
                 double speed_kmh);

#endif
