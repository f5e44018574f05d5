/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Which program has a USB device open.
 */
#ifndef GAITD_USB_HOLDER_H
#define GAITD_USB_HOLDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* "zwift (process 1234)"; false and "" if nobody was seen: other users'
 * programs are hidden from all but root. */
bool usb_holder_find(uint8_t bus, uint8_t address, char *out, size_t size);

#endif
