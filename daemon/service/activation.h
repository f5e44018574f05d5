/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Sockets that the service manager listens on and hands to us at the start,
 * sd_listen_fds(3), by the names "display", "control" and "fleet": whoever connects while
 * no gaitd runs waits for the next one.
 */
#ifndef GAITD_ACTIVATION_H
#define GAITD_ACTIVATION_H

#include <stdbool.h>

enum activation_socket { ACTIVATION_DISPLAY, ACTIVATION_CONTROL, ACTIVATION_FLEET, ACTIVATION_SOCKETS };

/* Takes what was passed. False, and said, if something was that is no listening
 * AF_UNIX stream socket, or that nobody here knows: better no service than one
 * that listens where nobody looks. */
bool activation_take(int fds[ACTIVATION_SOCKETS]); /* -1: not passed */

#endif
