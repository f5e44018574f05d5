/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Events that the simulated devices have sent and nobody has taken yet, in
 * time order whatever order they were sent in.
 */
#ifndef GAITD_OUTBOX_H
#define GAITD_OUTBOX_H

#include "daemon/devices/source_event.h"

#define OUTBOX_MAX 32 /* far above what one tick brings */

struct outbox {
	struct source_event events[OUTBOX_MAX];
	unsigned count;
};

void outbox_link(struct outbox *outbox, uint64_t t_us,
                 enum source_device device, enum display_link_state link);
void outbox_name(struct outbox *outbox, uint64_t t_us,
                 enum source_device device, const char *name);
/* `kind` is SOURCE_VALUE or SOURCE_NOTIFY */
void outbox_attribute(struct outbox *outbox, uint64_t t_us,
                      enum source_device device, enum source_event_kind kind,
                      uint16_t uuid, const uint8_t *bytes, size_t length);
/* Of the foot pod of that unit */
void outbox_ant(struct outbox *outbox, uint64_t t_us, unsigned unit,
                const uint8_t *bytes, size_t length);
void outbox_request(struct outbox *outbox, uint64_t t_us,
                    const struct display_request *request);

/* Takes the first event if its time is before `until_us`. */
bool outbox_take(struct outbox *outbox, uint64_t until_us,
                 struct source_event *event);

#endif
