/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What a source delivers: one line of a recording, as a value. Radio bytes are
 * kept as they came, so that live, replayed and simulated runs go through the
 * same decoders.
 */
#ifndef GAITD_SOURCE_EVENT_H
#define GAITD_SOURCE_EVENT_H

#include "protocol/display.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define SOURCE_BYTES_MAX 512 /* the longest attribute value */

enum source_device {
	SOURCE_TREADMILL,
	SOURCE_FOOTPOD,
	SOURCE_HEART_RATE,
	SOURCE_INPUT,
};
#define SOURCE_DEVICES (SOURCE_INPUT + 1)

enum source_event_kind {
	SOURCE_LINK,    /* link */
	SOURCE_NAME,    /* text */
	SOURCE_ADDRESS, /* text */
	SOURCE_RSSI,    /* number, dBm */
	SOURCE_VALUE,   /* uuid, bytes: an attribute that was read */
	SOURCE_NOTIFY,  /* uuid, bytes */
	SOURCE_ANT,     /* bytes: one received ANT frame */
	SOURCE_RELEASED, /* text: pods_id(); another console has that pod */
	SOURCE_FREED,    /* likewise; it has it no more */
	SOURCE_REQUEST, /* request: what a runner told a display */
	SOURCE_FOOTPOD_UNIT, /* number: enum rsc_unit, from what is known of the
	                      * runner's pod; fixed: by the configuration */
};

struct source_event {
	uint64_t t_us;
	enum source_device device;
	unsigned unit; /* 1 for the first device of its kind */
	enum source_event_kind kind;
	enum display_link_state link;
	uint16_t uuid;
	int32_t number;
	bool fixed;
	size_t length; /* of the bytes */
	/* what is large stands last: see below */
	uint8_t bytes[SOURCE_BYTES_MAX];
	char text[256];
	struct display_request request;
};

/* An event as if it were all zero, and another as it is, for who looks at what its kind
 * has: to clear or copy all of it takes longer than to read a line of a recording. */
static inline void source_event_start(struct source_event *event)
{
	memset(event, 0, offsetof(struct source_event, bytes));
	event->text[0] = '\0';
}

static inline void source_event_copy(struct source_event *to,
                                     const struct source_event *from)
{
	memcpy(to, from, offsetof(struct source_event, bytes));
	memcpy(to->bytes, from->bytes, from->length);
	memcpy(to->text, from->text, strlen(from->text) + 1);
	if (from->kind == SOURCE_REQUEST)
		to->request = from->request;
}

#endif
