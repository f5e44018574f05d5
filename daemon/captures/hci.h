/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What goes between a host and its Bluetooth controller, as phones and btmon
 * write it down (Core specification volume 4, part E).
 */
#ifndef GAITD_CAPTURE_HCI_H
#define GAITD_CAPTURE_HCI_H

#include "daemon/captures/capture.h"

/* The octet before each packet on a serial line (volume 4, part A) */
enum hci_type {
	HCI_COMMAND = 1,
	HCI_ACL = 2,
	HCI_SCO = 3,
	HCI_EVENT = 4,
	HCI_ISO = 5,
};

enum hci_way {
	HCI_SENT,     /* by the host */
	HCI_RECEIVED, /* by the host */
	HCI_ANY_WAY,  /* the capture does not tell */
};

/* `controller` tells several of one log apart. */
void hci_take(struct capture *capture, unsigned controller, enum hci_type type,
              enum hci_way way, const uint8_t *bytes, size_t length);

#endif
