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
	  "udev's 60-gaitd-ant.rules, which is installed with gaitd, gives it to group gaitd, "
	  "in which gaitd must run: run \"udevadm control --reload\", and plug the stick in "
	  "again" },
	{ USB_OPEN, LIBUSB_ERROR_IO, "it may not be opened (IO)",
	  "a unit's sandbox forbids it: it needs DeviceAllow=char-usb_device rw" },
	{ USB_OPEN, LIBUSB_ERROR_NO_DEVICE, "its node is not there (NO_DEVICE)",
	  "unless it was just pulled out: a unit with PrivateDevices=yes needs "
	  "BindPaths=-/dev/bus/usb beside it, a container the machine's /dev/bus/usb" },
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

bool usb_others(const struct usb_devices *devices, const struct usb_device *chosen,
                const char *wish, char out[USB_WORDS_SIZE])
{
	char others[USB_WORDS_SIZE / 2] = "", title[USB_TITLE_SIZE];
	bool serial = false;
	size_t used = 0;

	for (size_t i = 0; i < devices->count && used < sizeof(others) - USB_TITLE_SIZE; i++) {
		if (&devices->at[i] == chosen)
			continue;
		usb_device_title(&devices->at[i], title);
		used += (size_t)snprintf(others + used, sizeof(others) - used, "%s%s",
		                         used ? ", " : "", title);
		serial = serial || devices->at[i].kind == USB_SERIAL;
	}
	if (chosen)
		usb_device_title(chosen, title);
	if (used == 0)
		out[0] = '\0';
	else if (serial)
		snprintf(out, USB_WORDS_SIZE, "%s: a stick that is a serial device (USB1) is not "
		                              "supported; it takes one with 0fcf:1008 or "
		                              "0fcf:1009", others);
	else if (chosen)
		snprintf(out, USB_WORDS_SIZE, "several sticks: %s is used, %s not; ant.stick "
		                              "chooses", title, others);
	else
		snprintf(out, USB_WORDS_SIZE, "no stick at %s, as ant.stick wishes; there is %s",
		         wish, others);
	return serial || !chosen;
}
