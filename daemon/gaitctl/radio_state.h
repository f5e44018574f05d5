/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What a live source's words in the status reply amount to.
 */
#ifndef GAITD_RADIO_STATE_H
#define GAITD_RADIO_STATE_H

#include <jansson.h>

/* From best to worst */
enum radio_state {
	RADIO_WELL,    /* it works, or is not there and need not be */
	RADIO_SOON,    /* it is starting, or starting anew */
	RADIO_TROUBLE, /* it cannot work before somebody mends it */
};

/* `source` is the member of `sources` that has that name. A word of a later
 * version is no trouble. */
enum radio_state radio_state(const char *name, const json_t *source);

/* The worst of all sources, and which that is; RADIO_WELL without any. */
enum radio_state radio_state_worst(const json_t *sources, const char **name,
                                   const json_t **source);

#endif
