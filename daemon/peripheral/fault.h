/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What goes wrong on purpose between a simulated device and the air: PDUs cut,
 * doubled, swapped, made up; answers that never end or never come. Pure.
 */
#ifndef GAITD_FAULT_H
#define GAITD_FAULT_H

#include "protocol/att.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FAULT_PDU_MAX (ATT_MTU_MAX + 1)

struct fault_info;

struct fault {
	const struct fault_info *info; /* NULL: nothing goes wrong */
	void (*send)(void *user, const uint8_t *pdu, size_t length);
	void *user;
	unsigned count; /* of notifications that it has met */
	uint8_t held[ATT_MTU_MAX];
	size_t held_length; /* 0: nothing is held back */
};

void fault_init(struct fault *fault,
                void (*send)(void *user, const uint8_t *pdu, size_t length),
                void *user);
/* "none", or one of fault_name_at(); false if there is none of that name. */
bool fault_choose(struct fault *fault, const char *name);
const char *fault_name_at(size_t index); /* NULL behind the last */
const char *fault_summary_at(size_t index);

/* A new link: nothing is held back any more. */
void fault_connected(struct fault *fault);
/* What the server sends, on its way out. `mtu` is the link's. */
void fault_out(struct fault *fault, const uint8_t *pdu, size_t length,
               uint16_t mtu);
/* What the client sent, on its way in. True if it was dealt with here: the
 * server must not see it. */
bool fault_in(struct fault *fault, const uint8_t *pdu, size_t length);

#endif
