/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Transfers on a USB as usbmon writes them, in text and in binary, and as
 * USBPcap does on Windows.
 */
#ifndef GAITD_CAPTURE_USB_H
#define GAITD_CAPTURE_USB_H

#include "daemon/captures/capture.h"

#define USB_TEXT_DATA_MAX 4096 /* more on a line is cut */

/* One line of /sys/kernel/debug/usb/usbmon/Nu, as antpm keeps them too: the
 * kernel's Documentation/usb/usbmon.rst. `data` holds what it carries. False:
 * it is no such line. */
bool usb_text(const char *line, size_t length, uint8_t data[USB_TEXT_DATA_MAX],
              uint64_t *t_us, struct capture_transfer *out);
/* What is added to times of usbmon's text since `last_us`: they begin anew every
 * 4096 seconds. */
#define USB_TEXT_WRAP_US (UINT64_C(4096) * 1000000)

/* LINKTYPE_USB_LINUX and, with a longer header, _MMAPPED; LINKTYPE_USBPCAP.
 * False: too short. */
bool usb_linux(const uint8_t *bytes, size_t length, size_t header,
               struct capture_transfer *out);
bool usb_windows(const uint8_t *bytes, size_t length, struct capture_transfer *out);

#endif
