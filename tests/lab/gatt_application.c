/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A treadmill that bluetoothd serves: a GATT application and an advertisement
 * on the system bus (BlueZ doc/gatt-api.txt, advertising-api.txt), so that
 * handles, answers and timing are bluetoothd's and not ours.
 *
 *   gatt_application hciN
 *
 * Says "registered" when both are, then notifies Treadmill Data four times a
 * second to whoever subscribed, until it is killed. As often it switches the
 * controller's advertising off and on: btvirt tells of an advertiser only then.
 */
#include "config.h"

#include <bluetooth/bluetooth.h>
#include <bluetooth/hci.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-bus.h>
#include <sys/socket.h>
#include <systemd/sd-event.h>
#include <unistd.h>

#define PERIOD_US 250000
#define UUID(short) "0000" short "-0000-1000-8000-00805f9b34fb"
#define SERVICE_PATH "/app/treadmill"
#define CHARACTERISTIC "org.bluez.GattCharacteristic1"

struct characteristic {
	const char *path, *uuid, *flags[3];
	uint8_t value[20];
	size_t length;
	int notifying;
};

/* Status before data, features last, and UUIDs of its own between */
static struct characteristic characteristics[] = {
	{ SERVICE_PATH "/a", UUID("2ada"), { "notify" }, { 0x04 }, 1, 0 },
	{ SERVICE_PATH "/b",
	  "f0001234-0451-4000-b000-00000000abcd",
	  { "read", "write" },
	  { 0x2a },
	  1,
	  0 },
	{ SERVICE_PATH "/c",
	  UUID("2acd"),
	  { "notify" },
	  /* 8 km/h and rising, 33 m, 2 kcal, 2 s: data/ftms-frames.tsv */
	  { 0x84, 0x04, 0x20, 0x03, 0x21, 0x00, 0x00, 0x02, 0x00, 0xff, 0xff,
	    0xff, 0x02, 0x00 },
	  14,
	  0 },
	{ SERVICE_PATH "/d",
	  UUID("2ad4"),
	  { "read" },
	  { 0x60, 0x00, 0x83, 0x02, 0x20, 0x00 },
	  6,
	  0 },
	{ SERVICE_PATH "/e",
	  UUID("2acc"),
	  { "read" },
	  { 0x04, 0x16, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00 },
	  8,
	  0 },
};
#define CHARACTERISTICS (sizeof(characteristics) / sizeof(characteristics[0]))
#define DATA (&characteristics[2])

static unsigned registered;

/* ---- properties ---- */

static int get_text(sd_bus *bus, const char *path, const char *interface,
                    const char *property, sd_bus_message *reply, void *user,
                    sd_bus_error *error)
{
	(void)bus;
	(void)path;
	(void)interface;
	(void)error;
	if (strcmp(property, "UUID") == 0) {
		struct characteristic *c = user;

		return sd_bus_message_append(reply, "s",
		                             c ? c->uuid : UUID("1826"));
	}
	if (strcmp(property, "Service") == 0)
		return sd_bus_message_append(reply, "o", SERVICE_PATH);
	return sd_bus_message_append(reply, "s",
	                             strcmp(property, "Type") == 0
	                                     ? "peripheral"
	                                     : "Another treadmill");
}

static int get_true(sd_bus *bus, const char *path, const char *interface,
                    const char *property, sd_bus_message *reply, void *user,
                    sd_bus_error *error)
{
	(void)bus;
	(void)path;
	(void)interface;
	(void)property;
	(void)user;
	(void)error;
	return sd_bus_message_append(reply, "b", 1);
}

static int get_flags(sd_bus *bus, const char *path, const char *interface,
                     const char *property, sd_bus_message *reply, void *user,
                     sd_bus_error *error)
{
	struct characteristic *c = user;

	(void)bus;
	(void)path;
	(void)interface;
	(void)property;
	(void)error;
	return sd_bus_message_append_strv(reply, (char **)c->flags);
}

static int get_value(sd_bus *bus, const char *path, const char *interface,
                     const char *property, sd_bus_message *reply, void *user,
                     sd_bus_error *error)
{
	struct characteristic *c = user;

	(void)bus;
	(void)path;
	(void)interface;
	(void)property;
	(void)error;
	return sd_bus_message_append_array(reply, 'y', c->value, c->length);
}

static int get_uuids(sd_bus *bus, const char *path, const char *interface,
                     const char *property, sd_bus_message *reply, void *user,
                     sd_bus_error *error)
{
	(void)bus;
	(void)path;
	(void)interface;
	(void)property;
	(void)user;
	(void)error;
	return sd_bus_message_append(reply, "as", 1, "1826");
}

/* ---- methods ---- */

static int on_read(sd_bus_message *call, void *user, sd_bus_error *error)
{
	struct characteristic *c = user;
	sd_bus_message *reply = NULL;
	int result = sd_bus_message_new_method_return(call, &reply);

	(void)error;
	if (result >= 0)
		result = sd_bus_message_append_array(reply, 'y', c->value,
		                                     c->length);
	if (result >= 0)
		result = sd_bus_send(NULL, reply, NULL);
	sd_bus_message_unref(reply);
	return result;
}

static int on_nothing(sd_bus_message *call, void *user, sd_bus_error *error)
{
	(void)user;
	(void)error;
	return sd_bus_reply_method_return(call, "");
}

static int on_start(sd_bus_message *call, void *user, sd_bus_error *error)
{
	struct characteristic *c = user;

	c->notifying = 1;
	printf("subscribed %s\n", c->uuid);
	return on_nothing(call, user, error);
}

static int on_stop(sd_bus_message *call, void *user, sd_bus_error *error)
{
	struct characteristic *c = user;

	c->notifying = 0;
	printf("unsubscribed %s\n", c->uuid);
	return on_nothing(call, user, error);
}

static const sd_bus_vtable service_table[] = {
	SD_BUS_VTABLE_START(0),
	SD_BUS_PROPERTY("UUID", "s", get_text, 0, SD_BUS_VTABLE_PROPERTY_CONST),
	SD_BUS_PROPERTY("Primary", "b", get_true, 0,
	                SD_BUS_VTABLE_PROPERTY_CONST),
	SD_BUS_VTABLE_END,
};

static const sd_bus_vtable characteristic_table[] = {
	SD_BUS_VTABLE_START(0),
	SD_BUS_PROPERTY("UUID", "s", get_text, 0, SD_BUS_VTABLE_PROPERTY_CONST),
	SD_BUS_PROPERTY("Service", "o", get_text, 0,
	                SD_BUS_VTABLE_PROPERTY_CONST),
	SD_BUS_PROPERTY("Flags", "as", get_flags, 0,
	                SD_BUS_VTABLE_PROPERTY_CONST),
	SD_BUS_PROPERTY("Value", "ay", get_value, 0,
	                SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
	SD_BUS_METHOD("ReadValue", "a{sv}", "ay", on_read, 0),
	SD_BUS_METHOD("WriteValue", "aya{sv}", "", on_nothing, 0),
	SD_BUS_METHOD("StartNotify", "", "", on_start, 0),
	SD_BUS_METHOD("StopNotify", "", "", on_stop, 0),
	SD_BUS_VTABLE_END,
};

static const sd_bus_vtable advertisement_table[] = {
	SD_BUS_VTABLE_START(0),
	SD_BUS_PROPERTY("Type", "s", get_text, 0, SD_BUS_VTABLE_PROPERTY_CONST),
	SD_BUS_PROPERTY("LocalName", "s", get_text, 0,
	                SD_BUS_VTABLE_PROPERTY_CONST),
	SD_BUS_PROPERTY("ServiceUUIDs", "as", get_uuids, 0,
	                SD_BUS_VTABLE_PROPERTY_CONST),
	SD_BUS_METHOD("Release", "", "", on_nothing, 0),
	/* bluetoothd overlooks who does not say that he may be found */
	SD_BUS_PROPERTY("Discoverable", "b", get_true, 0,
	                SD_BUS_VTABLE_PROPERTY_CONST),
	SD_BUS_VTABLE_END,
};

/* ---- life ---- */

static int on_registered(sd_bus_message *reply, void *user, sd_bus_error *error)
{
	const sd_bus_error *refusal = sd_bus_message_get_error(reply);

	(void)user;
	(void)error;
	if (refusal != NULL) {
		printf("refused: %s\n", refusal->message);
		exit(EXIT_FAILURE);
	}
	if (++registered == 2)
		printf("registered\n");
	return 0;
}

/* bluetoothd asks us about the objects before it answers: do not wait here. */
static int enroll(sd_bus *bus, const char *adapter, const char *interface,
                  const char *method, const char *path)
{
	return sd_bus_call_method_async(bus, NULL, "org.bluez", adapter,
	                                interface, method, on_registered, NULL,
	                                "oa{sv}", path, 0);
}

/* ---- the controller ---- */

static int controller = -1;

static void open_controller(const char *adapter)
{
	struct sockaddr_hci address = {
		.hci_family = AF_BLUETOOTH,
		.hci_dev = (uint16_t)atoi(adapter + strlen("hci")),
		.hci_channel = HCI_CHANNEL_RAW,
	};

	controller = socket(AF_BLUETOOTH, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
	                    BTPROTO_HCI);
	if (controller < 0 ||
	    bind(controller, (struct sockaddr *)&address, sizeof(address)) < 0) {
		perror("gatt_application: raw socket");
		exit(EXIT_FAILURE);
	}
}

/* One that is off just now refuses, and is asked again in a moment. */
static void advertise_again(void)
{
	const uint16_t opcode =
		htobs(cmd_opcode_pack(OGF_LE_CTL, OCF_LE_SET_ADVERTISE_ENABLE));

	for (uint8_t on = 0; on < 2; on++) {
		uint8_t packet[] = { HCI_COMMAND_PKT, 0, 0, 1, on };

		memcpy(packet + 1, &opcode, sizeof(opcode));
		(void)!write(controller, packet, sizeof(packet));
	}
}

static int on_period(sd_event_source *source, uint64_t now_us, void *user)
{
	sd_bus *bus = user;

	advertise_again();
	DATA->value[2]++; /* a little faster each time */
	if (DATA->notifying)
		sd_bus_emit_properties_changed(bus, DATA->path, CHARACTERISTIC,
		                               "Value", NULL);
	sd_event_source_set_time(source, now_us + PERIOD_US);
	return sd_event_source_set_enabled(source, SD_EVENT_ON);
}

static int publish(sd_bus *bus)
{
	int result = sd_bus_add_object_manager(bus, NULL, "/app");

	if (result >= 0)
		result = sd_bus_add_object_vtable(bus, NULL, SERVICE_PATH,
		                                  "org.bluez.GattService1",
		                                  service_table, NULL);
	if (result >= 0)
		result = sd_bus_add_object_vtable(bus, NULL, "/advertisement",
		                                  "org.bluez.LEAdvertisement1",
		                                  advertisement_table, NULL);
	for (size_t i = 0; i < CHARACTERISTICS && result >= 0; i++)
		result = sd_bus_add_object_vtable(
			bus, NULL, characteristics[i].path, CHARACTERISTIC,
			characteristic_table, &characteristics[i]);
	return result;
}

static int run(const char *adapter)
{
	sd_event *event = NULL;
	sd_bus *bus = NULL;
	char path[64];
	int result;

	snprintf(path, sizeof(path), "/org/bluez/%s", adapter);
	result = sd_event_default(&event);
	if (result >= 0)
		result = sd_bus_open_system(&bus);
	if (result >= 0)
		result = sd_bus_attach_event(bus, event, 0);
	if (result >= 0)
		result = publish(bus);
	if (result >= 0)
		result = enroll(bus, path, "org.bluez.GattManager1",
		                "RegisterApplication", "/app");
	if (result >= 0)
		result = enroll(bus, path, "org.bluez.LEAdvertisingManager1",
		                "RegisterAdvertisement", "/advertisement");
	if (result >= 0)
		result = sd_event_add_time_relative(event, NULL,
		                                    CLOCK_MONOTONIC, PERIOD_US,
		                                    1000, on_period, bus);
	if (result >= 0)
		result = sd_event_loop(event);
	sd_bus_unref(bus);
	sd_event_unref(event);
	return result;
}

int main(int argc, char **argv)
{
	int result;

	if (argc != 2 || strncmp(argv[1], "hci", strlen("hci")) != 0)
		return 2;
	open_controller(argv[1]);
	setvbuf(stdout, NULL, _IOLBF, 0);
	result = run(argv[1]);
	fprintf(stderr, "gatt_application: %s\n", strerror(-result));
	return EXIT_FAILURE;
}
