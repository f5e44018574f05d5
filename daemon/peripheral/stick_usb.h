/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A simulated stick as a USB device: its descriptors. Pure.
 */
#ifndef GAITD_STICK_USB_H
#define GAITD_STICK_USB_H

#include "daemon/peripheral/stick.h"

#define STICK_USB_VENDOR 0x0fcf
#define STICK_USB_IN 0x81
#define STICK_USB_OUT 0x01
#define STICK_USB_PACKET 64
#define STICK_USB_DEVICE_SIZE 18
#define STICK_USB_CONFIG_SIZE 32
#define STICK_USB_TEXT_MAX 64

void stick_usb_device(const struct stick_model *model, uint8_t out[STICK_USB_DEVICE_SIZE]);
void stick_usb_config(uint8_t out[STICK_USB_CONFIG_SIZE]);
/* String descriptor `index`: 0 languages, 1 maker, 2 product, 3 serial number.
 * Returns its length, 0 for none. */
size_t stick_usb_text(const struct stick_model *model, uint8_t index,
                      uint8_t out[STICK_USB_TEXT_MAX]);

#endif
