/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What libusb's errors mean for a stick, and what to do: each was seen under
 * its cause on a real kernel.
 */
#include "daemon/usb/usb_device.h"

#include <libusb.h>
#include <stdio.h>

#define ANY 1000 /* no step, and no error: these are negative */
#define REPLUG "plug it in again, at another port or with a cable of its own"

static const struct {
	int step, error;
	const char *what, *fix;
} rows[] = {
	{ USB_START, LIBUSB_ERROR_OTHER, "the bus cannot be watched (OTHER)",
	  "libusb needs a netlink socket: RestrictAddressFamilies= of the unit must have "
	  "AF_NETLINK beside AF_UNIX" },
	{ USB_START, ANY, "USB cannot be had", "" },
	{ ANY, LIBUSB_ERROR_ACCESS, "no permission for it (ACCESS)",
	  "copy 60-gaitd-ant.rules to /etc/udev/rules.d, run \"udevadm control --reload\", "
	  "and plug the stick in again; gaitd must run in group gaitd" },
	{ USB_OPEN, LIBUSB_ERROR_IO, "it may not be opened (IO)",
	  "a unit's sandbox forbids it: it needs DeviceAllow=char-usb_device rw" },
	{ USB_OPEN, LIBUSB_ERROR_NO_DEVICE, "its node is not there (NO_DEVICE)",
	  "unless it was just pulled out: the unit must not have PrivateDevices=yes, nor "
	  "a container its own /dev" },
	{ ANY, LIBUSB_ERROR_NO_DEVICE, "it was pulled out (NO_DEVICE)",
	  "plug it in; gaitd takes it then" },
	{ ANY, LIBUSB_ERROR_BUSY, "another program has it (BUSY)",
	  "end that program; gaitd takes the stick then. \"sudo fuser -v "
	  "/dev/bus/usb/*/*\" names it" },
	{ USB_ENDPOINTS, LIBUSB_ERROR_NOT_FOUND,
	  "it has not the end points of an ANT stick (NOT_FOUND)", "try another stick" },
	{ ANY, LIBUSB_ERROR_IO, "it does not react (IO)", REPLUG },
	{ ANY, LIBUSB_ERROR_TIMEOUT, "it does not react (TIMEOUT)", REPLUG },
	{ ANY, LIBUSB_ERROR_PIPE, "it halted (PIPE)", REPLUG ", if that goes on" },
	{ ANY, LIBUSB_ERROR_OTHER, "the kernel cannot drive it (OTHER)",
	  "see the kernel's log; " REPLUG },
	{ ANY, ANY, "it cannot be used", REPLUG },
};

void usb_words(enum usb_step step, int error, const char **what, const char **fix)
{
	size_t i = 0;

	while ((rows[i].step != ANY && rows[i].step != (int)step) ||
	       (rows[i].error != ANY && rows[i].error != error))
		i++;
	*what = rows[i].what;
	*fix = rows[i].fix;
}

void usb_explain(enum usb_step step, int error, const char *title, const char *holder,
                 char out[USB_WORDS_SIZE])
{
	const char *what, *fix;

	usb_words(step, error, &what, &fix);
	snprintf(out, USB_WORDS_SIZE, "%s: %s%s%s%s%s", title, what, *holder ? ": " : "",
	         holder, *fix ? "; " : "", fix);
}
