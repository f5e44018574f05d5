/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * libusb within libevent: its descriptors wake the loop, its callbacks run in
 * it. What blocks - the kernel may hold an open, claim, clear-halt, release or
 * close for five seconds when a stick does not answer, and the end of a transfer
 * that is cancelled as long - is done by a thread of its own, one job at a time;
 * meanwhile the loop leaves libusb alone, so that no two threads are ever in it.
 */
#ifndef GAITD_USB_LOOP_H
#define GAITD_USB_LOOP_H

#include <stdbool.h>
#include <stddef.h>

struct event_base;
struct libusb_context;
struct usb_loop;

/* `changed` is called from the loop when devices came or went, once at first.
 * NULL, and the libusb error in `error`, if USB cannot be had. */
struct usb_loop *usb_loop_new(struct event_base *base, void (*changed)(void *user),
                              void *user, int *error);
/* Waits for the job, at the end. One that hangs is left behind after some seconds,
 * and false is returned: what it works on must not be freed, nor the loop. */
bool usb_loop_finish(struct usb_loop *loop);
/* No job may be under way; transfers, devices and handles must be freed before:
 * they point into the context. */
void usb_loop_free(struct usb_loop *loop);

struct libusb_context *usb_loop_context(struct usb_loop *loop);

/* Does `work` in the thread and then `done` in the loop; no job may be under
 * way. `work` must not wait for a transfer. */
void usb_loop_work(struct usb_loop *loop, void (*work)(void *user),
                   void (*done)(void *user), void *user);
/* For daemon/service/watchdog.h: NULL, or what cannot go on by itself */
const char *usb_loop_stuck(struct usb_loop *loop);
bool usb_loop_is_working(const struct usb_loop *loop);

/* Outside of the loop, at the end: handles what comes within so many
 * milliseconds. */
void usb_loop_pump(struct usb_loop *loop, unsigned milliseconds);

#endif
