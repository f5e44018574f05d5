/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * ANT sticks on the bus: which there are, which one is taken, how it is opened,
 * and who has it when it cannot be.
 */
#ifndef GAITD_USB_DEVICE_H
#define GAITD_USB_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define USB_DEVICES_MAX 8
#define USB_PORT_SIZE 32
#define USB_TITLE_SIZE 64
#define USB_WORDS_SIZE 320

struct libusb_context;
struct libusb_device;
struct libusb_device_handle;

enum usb_kind {
	USB_STICK,  /* 0fcf:1008, 1009 */
	USB_SERIAL, /* a stick that is a serial port: not for us */
};

struct usb_device {
	struct libusb_device *device; /* referenced */
	enum usb_kind kind;
	uint16_t product;
	uint8_t bus, address;
	char port[USB_PORT_SIZE]; /* "1-1.2", as in /sys/bus/usb/devices */
};

struct usb_devices {
	struct usb_device at[USB_DEVICES_MAX];
	size_t count;
};

/* Asks the bus nothing: what libusb knows. */
void usb_devices_list(struct libusb_context *context, struct usb_devices *out);
void usb_devices_free(struct usb_devices *devices);
/* The stick at the wished port; without a wish the one at the first port, so
 * that it is the same after each start. NULL: none. */
const struct usb_device *usb_devices_choose(const struct usb_devices *devices,
                                            const char *port);
/* "0fcf:1009 at 1-1.2" */
void usb_device_title(const struct usb_device *device, char out[USB_TITLE_SIZE]);

/* ---- what blocks ---- */

enum usb_step { USB_START, USB_OPEN, USB_CONFIGURE, USB_CLAIM, USB_ENDPOINTS, USB_TRANSFER };

struct usb_opened {
	struct libusb_device_handle *handle;
	uint8_t in, out; /* end points */
	/* else what failed, and what with */
	enum usb_step step;
	int error; /* of libusb; 0: opened */
	char holder[160]; /* who has it; "" when not known */
};

void usb_device_open(struct libusb_device *device, struct usb_opened *out);
/* `reset`: the USB device is reset before */
void usb_device_close(struct usb_opened *opened, bool reset);

/* ---- in words ---- */

/* What is wrong and what to do, "" when nothing can be done. */
void usb_words(enum usb_step step, int error, const char **what, const char **fix);
/* Both in a line: "0fcf:1009 at 1-1: another program has it (BUSY): zwift
 * (process 42); end that program ..." */
void usb_explain(enum usb_step step, int error, const char *title, const char *holder,
                 char out[USB_WORDS_SIZE]);
/* Of several sticks one is used: the others, in words; "" if there are none.
 * Whether that is a problem. */
bool usb_others(const struct usb_devices *devices, const struct usb_device *chosen,
                const char *wish, char out[USB_WORDS_SIZE]);

#endif
