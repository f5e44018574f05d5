/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The two kinds of descriptor that the daemon has of the Bluetooth radio, bound
 * and ready: made here and nowhere else, of a right, a network namespace and a
 * family of sockets that nothing behind needs any more. Whoever would have them
 * made by another process, and handed over, writes another body for these two.
 */
#ifndef GAITD_RADIO_SOCKET_H
#define GAITD_RADIO_SOCKET_H

#include "protocol/le_address.h"

#include <stdbool.h>

/* A descriptor that does not block, or -errno. `may_manage`: it may switch
 * adapters on and scan, for as long as it lives. */
int radio_socket_management(bool *may_manage);
/* For one link, on the ATT channel, to be connected. All zero: any adapter. */
int radio_socket_att(const struct le_address *adapter);

#endif
