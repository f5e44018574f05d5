/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What the runner's pod tells only on request: which fields it fills (page 22)
 * and how its battery is (82). Asked for once the pod is heard on a channel of
 * its own; in scan mode and to strangers nothing is transmitted. Pure.
 */
#ifndef GAITD_ANT_INQUIRY_H
#define GAITD_ANT_INQUIRY_H

#include "protocol/ant.h"

struct ant_inquiry {
	unsigned at;    /* which page */
	unsigned tries; /* of that */
	bool sent;      /* whether it went through is not known yet */
	bool begun;
	uint64_t due_us;
};

/* A page of the pod, zero `inquiry` to begin. True: `out` is to be sent to it as
 * acknowledged data. */
bool ant_inquiry_heard(struct ant_inquiry *inquiry, const uint8_t page[8],
                       uint64_t now_us, uint8_t out[8]);
/* A channel event (enum ant_event) of the pod's channel. */
void ant_inquiry_event(struct ant_inquiry *inquiry, uint8_t code, uint64_t now_us);

#endif
