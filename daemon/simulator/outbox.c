/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/simulator/outbox.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* Makes room behind all events of that time or before: equal times keep the
 * order in which they were sent. */
static struct source_event *outbox_slot(struct outbox *outbox, uint64_t t_us,
                                        enum source_device device,
                                        enum source_event_kind kind)
{
	unsigned at = outbox->count;
	struct source_event *slot;

	assert(outbox->count < OUTBOX_MAX);
	while (at > 0 && outbox->events[at - 1].t_us > t_us)
		at--;
	slot = &outbox->events[at];
	memmove(slot + 1, slot, (outbox->count - at) * sizeof(*slot));
	outbox->count++;
	memset(slot, 0, sizeof(*slot));
	slot->t_us = t_us;
	slot->device = device;
	slot->unit = 1;
	slot->kind = kind;
	return slot;
}

static void set_bytes(struct source_event *slot, const uint8_t *bytes,
                      size_t length)
{
	assert(length <= sizeof(slot->bytes));
	memcpy(slot->bytes, bytes, length);
	slot->length = length;
}

void outbox_link(struct outbox *outbox, uint64_t t_us,
                 enum source_device device, enum display_link_state link)
{
	outbox_slot(outbox, t_us, device, SOURCE_LINK)->link = link;
}

void outbox_name(struct outbox *outbox, uint64_t t_us,
                 enum source_device device, const char *name)
{
	struct source_event *slot =
		outbox_slot(outbox, t_us, device, SOURCE_NAME);

	snprintf(slot->text, sizeof(slot->text), "%s", name);
}

void outbox_attribute(struct outbox *outbox, uint64_t t_us,
                      enum source_device device, enum source_event_kind kind,
                      uint16_t uuid, const uint8_t *bytes, size_t length)
{
	struct source_event *slot = outbox_slot(outbox, t_us, device, kind);

	slot->uuid = uuid;
	set_bytes(slot, bytes, length);
}

void outbox_ant(struct outbox *outbox, uint64_t t_us, unsigned unit,
                const uint8_t *bytes, size_t length)
{
	struct source_event *slot =
		outbox_slot(outbox, t_us, SOURCE_FOOTPOD, SOURCE_ANT);

	slot->unit = unit;
	set_bytes(slot, bytes, length);
}

void outbox_request(struct outbox *outbox, uint64_t t_us,
                    const struct display_request *request)
{
	outbox_slot(outbox, t_us, SOURCE_INPUT, SOURCE_REQUEST)->request =
		*request;
}

bool outbox_take(struct outbox *outbox, uint64_t until_us,
                 struct source_event *event)
{
	if (outbox->count == 0 || outbox->events[0].t_us >= until_us)
		return false;
	*event = outbox->events[0];
	outbox->count--;
	memmove(&outbox->events[0], &outbox->events[1],
	        outbox->count * sizeof(outbox->events[0]));
	return true;
}
