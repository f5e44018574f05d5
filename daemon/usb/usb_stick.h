/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * One ANT stick as a pipe of bytes: chosen among those that are plugged in,
 * opened, read for ever, and opened again after whatever ended that.
 *
 *   none -> opening -> open -> closing -> none, or waiting -> opening ...
 *
 * A transfer that failed is not submitted again: the stick is closed and opened
 * anew, later each time. That it left the bus is not waited for, and not needed:
 * it may come before the failed transfer, after it, or never.
 */
#ifndef GAITD_USB_STICK_H
#define GAITD_USB_STICK_H

#include "daemon/usb/usb_device.h"

#include <stdint.h>

struct event_base;
struct usb_stick;

enum usb_stick_state {
	USB_STICK_NONE,
	USB_STICK_OPENING,
	USB_STICK_OPEN,
	USB_STICK_CLOSING,
	USB_STICK_WAITING, /* to be opened again */
};

struct usb_stick_ops {
	/* `title` as "0fcf:1009 at 1-1.2" */
	void (*opened)(void *user, const char *title);
	void (*closed)(void *user);
	void (*received)(void *user, const uint8_t *bytes, size_t length);
	/* For the log */
	void (*note)(void *user, bool problem, const char *text);
};

/* `port` wishes for one, "" for any; copied. NULL, and why, if USB cannot be
 * had. */
struct usb_stick *usb_stick_new(struct event_base *base, const char *port,
                                const struct usb_stick_ops *ops, void *user,
                                char why[USB_WORDS_SIZE]);
/* From now on the one at `port`, "" for any, NULL for none; another that is open
 * is closed first. */
void usb_stick_use(struct usb_stick *stick, const char *port);
/* Closes and frees; what hangs for seconds is left behind. */
void usb_stick_free(struct usb_stick *stick);

/* Lost when it is not open or does not take more. What was sent is wiped
 * after, for a key may be in it. */
void usb_stick_send(struct usb_stick *stick, const uint8_t *bytes, size_t length);
/* Closes and opens it again, with a reset of the device when `reset`. */
void usb_stick_reopen(struct usb_stick *stick, bool reset);
/* Outside of the loop, at the end: handles what comes in 20 ms. */
void usb_stick_pump(struct usb_stick *stick);

/* As usb_loop_stuck() */
const char *usb_stick_stuck(struct usb_stick *stick);
enum usb_stick_state usb_stick_state(const struct usb_stick *stick);
/* Why it is not open, in words with what to do; "" if there is just none. */
const char *usb_stick_why(const struct usb_stick *stick);
/* "0fcf:1009 at 1-1.2" of the one in use; "" for none */
const char *usb_stick_title(const struct usb_stick *stick);

#endif
