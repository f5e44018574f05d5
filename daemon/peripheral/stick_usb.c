/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/peripheral/stick_usb.h"

#include <stdio.h>
#include <string.h>

#define DEVICE 1
#define CONFIGURATION 2
#define TEXT 3
#define INTERFACE 4
#define ENDPOINT 5
#define BULK 2
#define ENGLISH 0x0409

void stick_usb_device(const struct stick_model *model, uint8_t out[STICK_USB_DEVICE_SIZE])
{
	const uint8_t bytes[STICK_USB_DEVICE_SIZE] = {
		STICK_USB_DEVICE_SIZE, DEVICE,
		0x00, 0x02, /* USB 2.0, at full speed */
		0, 0, 0, STICK_USB_PACKET,
		STICK_USB_VENDOR & 0xff, STICK_USB_VENDOR >> 8,
		(uint8_t)model->product, (uint8_t)(model->product >> 8),
		0x00, 0x01, 1, 2, 3, 1,
	};

	memcpy(out, bytes, sizeof(bytes));
}

void stick_usb_config(uint8_t out[STICK_USB_CONFIG_SIZE])
{
	static const uint8_t bytes[STICK_USB_CONFIG_SIZE] = {
		9, CONFIGURATION, STICK_USB_CONFIG_SIZE, 0, 1, 1, 2, 0x80, 50, /* 100 mA */
		9, INTERFACE, 0, 0, 2, 0xff, 0, 0, 2,
		7, ENDPOINT, STICK_USB_IN, BULK, STICK_USB_PACKET, 0, 1,
		7, ENDPOINT, STICK_USB_OUT, BULK, STICK_USB_PACKET, 0, 1,
	};

	memcpy(out, bytes, sizeof(bytes));
}

size_t stick_usb_text(const struct stick_model *model, uint8_t index,
                      uint8_t out[STICK_USB_TEXT_MAX])
{
	char text[STICK_USB_TEXT_MAX / 2] = "";
	size_t length;

	if (index == 0) {
		out[0] = 4;
		out[1] = TEXT;
		out[2] = ENGLISH & 0xff;
		out[3] = ENGLISH >> 8;
		return 4;
	}
	if (index == 1)
		snprintf(text, sizeof(text), "gaitd-sim");
	else if (index == 2)
		snprintf(text, sizeof(text), "simulated %s", model->name);
	else if (index == 3)
		snprintf(text, sizeof(text), "%u", model->serial);
	length = strlen(text);
	if (length == 0)
		return 0;
	out[0] = (uint8_t)(2 + 2 * length);
	out[1] = TEXT;
	for (size_t i = 0; i < length; i++) {
		out[2 + 2 * i] = (uint8_t)text[i];
		out[3 + 2 * i] = 0;
	}
	return out[0];
}
