/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Commands and events are those of BlueZ doc/mgmt-api.txt; the devices are
 * gaitd-sim's.
 */
#include "tests/faults/radio.h"

#include "protocol/mgmt.h"
#include "protocol/packer.h"
#include "tests/faults/control.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define ADAPTER "00:AA:01:00:00:00"
#define DISCOVERY_US INT64_C(10240000) /* the kernel ends each after that */
#define REPORT_US INT64_C(1000000)
#define RSSI_DBM (-60)
#define MTU 185
#define ADVERTISING_HEAD 11 /* octets of Add Advertising before its data */
#define READ_SIZE 1024

/* ---- sockets ------------------------------------------------------------------------ */

static bool path_in(const struct radio *radio, const char *name, struct sockaddr_un *out)
{
	*out = (struct sockaddr_un){ .sun_family = AF_UNIX };
	return (size_t)snprintf(out->sun_path, sizeof(out->sun_path), "%s/%s",
	                        radio->directory, name) < sizeof(out->sun_path);
}

static int listen_at(const struct radio *radio, const char *name)
{
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	struct sockaddr_un address;

	if (!path_in(radio, name, &address)) {
		close(fd);
		return -1;
	}
	unlink(address.sun_path);
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0 && listen(fd, 4) == 0)
		return fd;
	close(fd);
	return -1;
}

static void end(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* Who comes anew takes the place of who was there. */
static bool take_in(int listener, int *fd)
{
	int come = listener < 0 ? -1 :
	                          accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (come < 0)
		return false;
	end(fd);
	*fd = come;
	return true;
}

static void put(int fd, const uint8_t *octets, size_t length)
{
	if (fd >= 0)
		(void)!send(fd, octets, length, MSG_DONTWAIT | MSG_NOSIGNAL);
}

/* ---- the adapter --------------------------------------------------------------------- */

static uint32_t settings(const struct radio *radio)
{
	return MGMT_SETTING_LE | (radio->powered ? MGMT_SETTING_POWERED : 0);
}

static struct packer begin_event(uint8_t *octets, uint16_t code, uint16_t index)
{
	struct packer w = packer_into(octets, MGMT_EVENT_MAX);

	packer_uint(&w, code, 2);
	packer_uint(&w, index, 2);
	packer_uint(&w, 0, 2);
	return w;
}

static void send_event(const struct radio *radio, uint8_t *octets, const struct packer *w)
{
	size_t length = packer_end(w);

	octets[4] = (uint8_t)(length - MGMT_HEADER_SIZE);
	octets[5] = (uint8_t)((length - MGMT_HEADER_SIZE) >> 8);
	put(radio->kernel, octets, length);
}

static void tell_settings(const struct radio *radio)
{
	uint8_t octets[MGMT_EVENT_MAX];
	struct packer w = begin_event(octets, MGMT_NEW_SETTINGS, 0);

	packer_uint(&w, settings(radio), 4);
	send_event(radio, octets, &w);
}

static void tell_discovering(struct radio *radio, bool on)
{
	uint8_t octets[MGMT_EVENT_MAX];
	struct packer w = begin_event(octets, MGMT_DISCOVERING, 0);

	radio->discovering = on;
	radio->discovery_us = radio->report_us = radio->now_us;
	packer_uint(&w, MGMT_DISCOVER_LE, 1);
	packer_uint(&w, on, 1);
	send_event(radio, octets, &w);
}

static void put_address(struct packer *w, const struct le_address *address)
{
	packer_bytes(w, address->octets, sizeof(address->octets));
	packer_uint(w, address->type, 1);
}

static void put_info(const struct radio *radio, struct packer *w)
{
	struct le_address own = { .type = LE_ADDRESS_PUBLIC };

	le_address_from_text(ADAPTER, &own);
	packer_bytes(w, own.octets, sizeof(own.octets));
	packer_uint(w, 0x0a, 1);
	packer_uint(w, 2, 2);
	packer_uint(w, MGMT_SETTING_LE | MGMT_SETTING_POWERED, 4);
	packer_uint(w, settings(radio), 4);
	packer_uint(w, 0, 3); /* class */
}

static void put_list(const struct radio *radio, struct packer *w)
{
	packer_uint(w, radio->present, 2);
	if (radio->present)
		packer_uint(w, 0, 2);
}

static uint8_t do_command(struct radio *radio, uint16_t opcode, uint8_t value, struct packer *w)
{
	bool lists = opcode == MGMT_READ_INDEX_LIST;

	if (!radio->present && !lists)
		return MGMT_INVALID_INDEX;
	switch (opcode) {
	case MGMT_READ_INDEX_LIST:
		put_list(radio, w);
		return MGMT_SUCCESS;
	case MGMT_READ_INFO:
		put_info(radio, w);
		return MGMT_SUCCESS;
	case MGMT_SET_POWERED:
		if (radio->blocked)
			return MGMT_RFKILLED;
		radio->powered = value;
		packer_uint(w, settings(radio), 4);
		return MGMT_SUCCESS;
	case MGMT_SET_LE:
		packer_uint(w, settings(radio), 4);
		return MGMT_SUCCESS;
	case MGMT_START_DISCOVERY:
	case MGMT_STOP_DISCOVERY:
		packer_uint(w, MGMT_DISCOVER_LE, 1);
		if (!radio->powered)
			return MGMT_NOT_POWERED;
		return radio->discovering == (opcode == MGMT_START_DISCOVERY) ? MGMT_BUSY :
		                                                                MGMT_SUCCESS;
	}
	return MGMT_UNKNOWN_COMMAND;
}

static void on_command(struct radio *radio, const uint8_t *octets, size_t length)
{
	uint16_t opcode = (uint16_t)(octets[0] | octets[1] << 8);
	bool lists = opcode == MGMT_READ_INDEX_LIST;
	uint8_t answer[MGMT_EVENT_MAX];
	struct packer w = begin_event(answer, MGMT_COMMAND_COMPLETE,
	                              lists ? MGMT_INDEX_NONE : 0);
	uint8_t status;

	packer_uint(&w, opcode, 2);
	packer_uint(&w, 0, 1);
	status = do_command(radio, opcode, length > MGMT_HEADER_SIZE ? octets[6] : 0, &w);
	answer[MGMT_HEADER_SIZE + 2] = status;
	send_event(radio, answer, &w);
	if (status == MGMT_SUCCESS &&
	    (opcode == MGMT_START_DISCOVERY || opcode == MGMT_STOP_DISCOVERY))
		tell_discovering(radio, opcode == MGMT_START_DISCOVERY);
}

static bool serve_adapter(struct radio *radio)
{
	uint8_t octets[READ_SIZE];
	bool did = take_in(radio->listener, &radio->kernel);
	ssize_t length;

	while (radio->kernel >= 0 && (length = recv(radio->kernel, octets, sizeof(octets), 0)) >= 0) {
		did = true;
		if (length == 0)
			end(&radio->kernel);
		else if (length >= MGMT_HEADER_SIZE)
			on_command(radio, octets, (size_t)length);
	}
	return did;
}

static void report(const struct radio *radio, const struct radio_device *device)
{
	uint8_t octets[MGMT_EVENT_MAX], advertising[PERIPHERAL_ADVERTISING_MAX];
	size_t length = peripheral_advertising(device->peripheral, advertising);
	struct packer w = begin_event(octets, MGMT_DEVICE_FOUND, 0);

	put_address(&w, &device->address);
	packer_uint(&w, (uint8_t)RSSI_DBM, 1);
	packer_uint(&w, 0, 4);
	packer_uint(&w, (uint32_t)(length - ADVERTISING_HEAD), 2);
	packer_bytes(&w, advertising + ADVERTISING_HEAD, length - ADVERTISING_HEAD);
	send_event(radio, octets, &w);
}

void radio_advance(struct radio *radio, int64_t now_us)
{
	radio->now_us = now_us;
	if (!radio->discovering || now_us - radio->report_us < REPORT_US)
		return;
	radio->report_us = now_us;
	for (unsigned i = 0; i < radio->count; i++)
		if (radio->devices[i].listener >= 0 && radio->devices[i].link < 0)
			report(radio, &radio->devices[i]);
	if (now_us - radio->discovery_us >= DISCOVERY_US)
		tell_discovering(radio, false);
}

static void drop_all(struct radio *radio)
{
	for (unsigned i = 0; i < radio->count; i++)
		radio_drop(&radio->devices[i]);
}

void radio_adapter_power(struct radio *radio, bool on)
{
	radio->powered = on;
	if (!on) {
		drop_all(radio);
		radio->discovering = false;
	}
	tell_settings(radio);
}

void radio_adapter_block(struct radio *radio, bool blocked)
{
	radio->blocked = blocked;
	radio_adapter_power(radio, !blocked);
}

void radio_adapter_plug(struct radio *radio, bool in)
{
	uint8_t octets[MGMT_EVENT_MAX];
	struct packer w = begin_event(octets, in ? MGMT_INDEX_ADDED : MGMT_INDEX_REMOVED, 0);

	if (!in) {
		drop_all(radio);
		radio->discovering = false;
	}
	radio->present = in;
	send_event(radio, octets, &w);
}

/* ---- the devices ----------------------------------------------------------------------- */

static void on_send(void *user, const uint8_t *pdu, size_t length)
{
	radio_raw(user, pdu, length);
}

static void on_configured(void *user, const struct gatt_characteristic *of, uint16_t ccc)
{
	(void)user;
	(void)of;
	(void)ccc;
}

static const struct peripheral_ops peripheral_ops = {
	.send = on_send,
	.configured = on_configured,
};

struct radio_device *radio_add(struct radio *radio, enum role role, const char *address)
{
	struct radio_device *device = &radio->devices[radio->count];
	struct peripheral_settings settings = {
		.role = role, .layout = layout_find(role, "plain"), .mtu = MTU,
	};

	*device = (struct radio_device){ .radio = radio, .listener = -1, .link = -1 };
	device->address.type = LE_ADDRESS_RANDOM;
	device->peripheral = peripheral_new(&settings, &peripheral_ops, device);
	if (!device->peripheral || !le_address_from_text(address, &device->address))
		return NULL;
	radio->count++;
	return device;
}

void radio_raw(struct radio_device *device, const uint8_t *pdu, size_t length)
{
	put(device->link, pdu, length);
}

void radio_drop(struct radio_device *device)
{
	uint8_t octets[MGMT_EVENT_MAX];
	struct packer w = begin_event(octets, MGMT_DEVICE_DISCONNECTED, 0);

	if (device->link < 0)
		return;
	end(&device->link);
	put_address(&w, &device->address);
	packer_uint(&w, MGMT_REASON_TIMEOUT, 1);
	send_event(device->radio, octets, &w);
}

bool radio_switch(struct radio_device *device, bool on)
{
	char name[LE_ADDRESS_TEXT_SIZE];

	if (on == (device->listener >= 0))
		return true;
	if (!on) {
		radio_drop(device);
		end(&device->listener);
		return true;
	}
	le_address_text(&device->address, name);
	device->listener = listen_at(device->radio, name);
	return device->listener >= 0;
}

/* Who cannot hear does not answer. */
static bool serve_device(struct radio_device *device)
{
	uint8_t pdu[READ_SIZE];
	bool did = take_in(device->listener, &device->link);
	ssize_t length;

	if (did) {
		device->radio->links++;
		peripheral_connected(device->peripheral);
	}
	if (did && !(device->radio->present && device->radio->powered))
		end(&device->link);
	while (device->link >= 0 && (length = recv(device->link, pdu, sizeof(pdu), 0)) >= 0) {
		did = true;
		if (length == 0)
			end(&device->link);
		else
			peripheral_receive(device->peripheral, pdu, (size_t)length);
	}
	return did;
}

bool radio_serve(struct radio *radio)
{
	bool did = serve_adapter(radio);

	for (unsigned i = 0; i < radio->count; i++)
		did |= serve_device(&radio->devices[i]);
	return did;
}

/* ---- life ---------------------------------------------------------------------------------- */

bool radio_open(struct radio *radio, const char *directory)
{
	*radio = (struct radio){ .kernel = -1, .present = true, .powered = true };
	snprintf(radio->directory, sizeof(radio->directory), "%s", directory);
	if (mkdir(directory, 0700) != 0)
		return false;
	radio->listener = listen_at(radio, CONTROL_AIR_ADAPTER);
	return radio->listener >= 0;
}

void radio_close(struct radio *radio)
{
	end(&radio->listener);
	end(&radio->kernel);
	for (unsigned i = 0; i < radio->count; i++) {
		end(&radio->devices[i].listener);
		end(&radio->devices[i].link);
		peripheral_free(radio->devices[i].peripheral);
	}
	radio->count = 0;
}
