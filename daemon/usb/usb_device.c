/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/usb/usb_device.h"

#include "daemon/usb/usb_holder.h"

#include <libusb.h>
#include <stdio.h>
#include <string.h>

#define VENDOR 0x0fcf
#define CONFIGURATION 1
#define INTERFACE 0
#define PORTS_MAX 7

static const struct {
	uint16_t product;
	enum usb_kind kind;
} products[] = {
	{ 0x1008, USB_STICK }, { 0x1009, USB_STICK },  { 0x1003, USB_SERIAL },
	{ 0x1004, USB_SERIAL }, { 0x1006, USB_SERIAL },
};

/* ---- which there are ---- */

static bool kind_of(const struct libusb_device_descriptor *descriptor, enum usb_kind *out)
{
	for (size_t i = 0; i < sizeof(products) / sizeof(products[0]); i++) {
		if (descriptor->idVendor == VENDOR &&
		    descriptor->idProduct == products[i].product) {
			*out = products[i].kind;
			return true;
		}
	}
	return false;
}

static void describe_port(libusb_device *device, char port[USB_PORT_SIZE])
{
	uint8_t numbers[PORTS_MAX];
	int count = libusb_get_port_numbers(device, numbers, PORTS_MAX);
	int used = snprintf(port, USB_PORT_SIZE, "%u", libusb_get_bus_number(device));

	for (int i = 0; i < count && used < USB_PORT_SIZE - 4; i++)
		used += snprintf(port + used, USB_PORT_SIZE - (size_t)used, "%c%u",
		                 i == 0 ? '-' : '.', numbers[i]);
}

/* Kept in order of their ports. */
static void add(struct usb_devices *devices, const struct usb_device *device)
{
	size_t at = devices->count;

	if (at == USB_DEVICES_MAX)
		return;
	while (at > 0 && strcmp(devices->at[at - 1].port, device->port) > 0) {
		devices->at[at] = devices->at[at - 1];
		at--;
	}
	devices->at[at] = *device;
	devices->count++;
	libusb_ref_device(device->device);
}

void usb_devices_list(libusb_context *context, struct usb_devices *out)
{
	libusb_device **list = NULL;
	ssize_t count = libusb_get_device_list(context, &list);

	memset(out, 0, sizeof(*out));
	for (ssize_t i = 0; i < count; i++) {
		struct libusb_device_descriptor descriptor;
		struct usb_device device = { .device = list[i] };

		if (libusb_get_device_descriptor(list[i], &descriptor) != LIBUSB_SUCCESS ||
		    !kind_of(&descriptor, &device.kind))
			continue;
		device.product = descriptor.idProduct;
		device.bus = libusb_get_bus_number(list[i]);
		device.address = libusb_get_device_address(list[i]);
		describe_port(list[i], device.port);
		add(out, &device);
	}
	if (count >= 0)
		libusb_free_device_list(list, 1);
}

void usb_devices_free(struct usb_devices *devices)
{
	for (size_t i = 0; i < devices->count; i++)
		libusb_unref_device(devices->at[i].device);
	devices->count = 0;
}

const struct usb_device *usb_devices_choose(const struct usb_devices *devices,
                                            const char *port)
{
	for (size_t i = 0; i < devices->count; i++) {
		if (devices->at[i].kind == USB_STICK &&
		    (*port == '\0' || strcmp(devices->at[i].port, port) == 0))
			return &devices->at[i];
	}
	return NULL;
}

void usb_device_title(const struct usb_device *device, char out[USB_TITLE_SIZE])
{
	snprintf(out, USB_TITLE_SIZE, "%04x:%04x at %s", VENDOR, device->product,
	         device->port);
}

/* ---- opening ---- */

/* Makers put them in any order, and at other numbers. */
static int find_endpoints(libusb_device *device, struct usb_opened *out)
{
	struct libusb_config_descriptor *config;
	const struct libusb_interface_descriptor *interface;
	int error = libusb_get_active_config_descriptor(device, &config);

	if (error != LIBUSB_SUCCESS)
		return error;
	interface = config->bNumInterfaces > INTERFACE &&
	                            config->interface[INTERFACE].num_altsetting > 0 ?
	                    config->interface[INTERFACE].altsetting :
	                    NULL;
	for (uint8_t i = 0; interface && i < interface->bNumEndpoints; i++) {
		const struct libusb_endpoint_descriptor *endpoint = &interface->endpoint[i];

		if ((endpoint->bmAttributes & LIBUSB_TRANSFER_TYPE_MASK) !=
		    LIBUSB_TRANSFER_TYPE_BULK)
			continue;
		if (endpoint->bEndpointAddress & LIBUSB_ENDPOINT_IN)
			out->in = endpoint->bEndpointAddress;
		else
			out->out = endpoint->bEndpointAddress;
	}
	libusb_free_config_descriptor(config);
	return out->in && out->out ? LIBUSB_SUCCESS : LIBUSB_ERROR_NOT_FOUND;
}

static int configure(libusb_device_handle *handle)
{
	int now = 0;
	int error = libusb_get_configuration(handle, &now);

	/* setting what is set already resets a device half */
	if (error == LIBUSB_SUCCESS && now != CONFIGURATION)
		error = libusb_set_configuration(handle, CONFIGURATION);
	return error;
}

static int open_steps(libusb_device *device, struct usb_opened *out)
{
	int error;

	out->step = USB_OPEN;
	error = libusb_open(device, &out->handle);
	if (error != LIBUSB_SUCCESS) {
		out->handle = NULL;
		return error;
	}
	libusb_set_auto_detach_kernel_driver(out->handle, 1);
	out->step = USB_CONFIGURE;
	error = configure(out->handle);
	if (error != LIBUSB_SUCCESS)
		return error;
	out->step = USB_CLAIM;
	error = libusb_claim_interface(out->handle, INTERFACE);
	if (error != LIBUSB_SUCCESS)
		return error;
	out->step = USB_ENDPOINTS;
	return find_endpoints(device, out);
}

void usb_device_open(libusb_device *device, struct usb_opened *out)
{
	memset(out, 0, sizeof(*out));
	out->error = open_steps(device, out);
	if (out->error != LIBUSB_SUCCESS) {
		if (out->error == LIBUSB_ERROR_BUSY)
			usb_holder_find(libusb_get_bus_number(device),
			                libusb_get_device_address(device), out->holder,
			                sizeof(out->holder));
		if (out->handle)
			libusb_close(out->handle);
		out->handle = NULL;
		return;
	}
	/* after another program the data toggles may be out of step */
	libusb_clear_halt(out->handle, out->out);
	libusb_clear_halt(out->handle, out->in);
}

void usb_device_close(struct usb_opened *opened, bool reset)
{
	if (!opened->handle)
		return;
	if (reset)
		libusb_reset_device(opened->handle);
	libusb_release_interface(opened->handle, INTERFACE);
	libusb_close(opened->handle);
	opened->handle = NULL;
}
