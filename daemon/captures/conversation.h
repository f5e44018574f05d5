/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What is said on a connection: L2CAP frames put together again, and the
 * attribute protocol in them, listened to from beside.
 */
#ifndef GAITD_CAPTURE_CONVERSATION_H
#define GAITD_CAPTURE_CONVERSATION_H

#include "daemon/captures/links.h"

/* A piece of an L2CAP frame; `first` begins one. */
void conversation_piece(struct capture *capture, struct link *link, enum link_side from,
                        bool first, const uint8_t *bytes, size_t length);
/* The connection is over: what was held back is told. */
void conversation_end(struct capture *capture, struct link *link);

#endif
