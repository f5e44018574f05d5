/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The GATT client alone, over the kernel's L2CAP: connects, discovers, reads
 * and subscribes to what a fitness device has, and prints what comes.
 *
 *   gatt_probe ADDRESS VALUES
 *
 * Ends with 0 when so many notifications came, with 1 when the link ends or 40
 * seconds pass before. Line by line: "mtu N", "discovered STATUS N", "value
 * UUID HEX", "subscribed UUID STATUS", "notify UUID HEX", "changed",
 * "closed ERROR".
 */
#include "config.h"

#include "daemon/bluetooth/gatt_socket.h"
#include "protocol/att.h"
#include "protocol/le_address.h"

#include <bluetooth/bluetooth.h>
#include <bluetooth/l2cap.h>
#include <errno.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SECONDS 40

struct probe {
	struct event_base *base;
	struct gatt_socket *socket;
	unsigned long wanted, seen;
	size_t next; /* characteristic to read or subscribe to */
	bool subscribing;
	int status;
};

static const uint16_t services[] = { 0x1826, 0x1814, 0x180d };

static void end(struct probe *probe, int status)
{
	probe->status = status;
	event_base_loopbreak(probe->base);
}

static void print_bytes(const char *what, const struct uuid *uuid,
                        const uint8_t *bytes, size_t length)
{
	char text[UUID_TEXT_SIZE];

	uuid_text(uuid, text);
	printf("%s %s ", what, text);
	for (size_t i = 0; i < length; i++)
		printf("%02x", bytes[i]);
	printf("\n");
}

/* ---- one characteristic after the other: reads, then subscriptions ---- */

static void go_on(struct probe *probe);

static void on_read(void *user, const struct gatt_result *result)
{
	struct probe *probe = user;
	const struct gatt_table *table =
		gatt_table(gatt_socket_client(probe->socket));

	if (result->status == GATT_OK)
		print_bytes("value",
		            &table->characteristics[probe->next - 1].uuid,
		            result->value, result->length);
	else
		printf("unread: %s\n", gatt_status_text(result->status));
	if (result->status != GATT_CLOSED && result->status != GATT_CANCELLED)
		go_on(probe);
}

static void on_subscribed(void *user, const struct gatt_result *result)
{
	struct probe *probe = user;
	const struct gatt_table *table =
		gatt_table(gatt_socket_client(probe->socket));
	char text[UUID_TEXT_SIZE];

	uuid_text(&table->characteristics[probe->next - 1].uuid, text);
	printf("subscribed %s %s\n", text, gatt_status_text(result->status));
	if (result->status != GATT_CLOSED && result->status != GATT_CANCELLED)
		go_on(probe);
}

static bool is_wanted(const struct probe *probe,
                      const struct gatt_characteristic *c)
{
	if (probe->subscribing)
		return c->ccc != 0 && (c->properties & ATT_PROPERTY_NOTIFY);
	return c->properties & ATT_PROPERTY_READ;
}

static void go_on(struct probe *probe)
{
	struct gatt *gatt = gatt_socket_client(probe->socket);
	const struct gatt_table *table = gatt_table(gatt);

	while (probe->next < table->characteristic_count) {
		const struct gatt_characteristic *c =
			&table->characteristics[probe->next++];

		if (!is_wanted(probe, c))
			continue;
		if (probe->subscribing)
			gatt_subscribe(gatt, c, true, on_subscribed, probe);
		else
			gatt_read(gatt, c->value, on_read, probe);
		return;
	}
	if (!probe->subscribing) {
		probe->subscribing = true;
		probe->next = 0;
		go_on(probe);
	}
}

/* ---- the link ---- */

static void on_discovered(void *user, const struct gatt_result *result)
{
	struct probe *probe = user;
	struct gatt *gatt = gatt_socket_client(probe->socket);

	printf("discovered %s %zu\n", gatt_status_text(result->status),
	       gatt_table(gatt)->characteristic_count);
	if (result->status == GATT_OK)
		go_on(probe);
	else
		end(probe, EXIT_FAILURE);
}

static void on_mtu(void *user, const struct gatt_result *result)
{
	struct probe *probe = user;
	struct gatt *gatt = gatt_socket_client(probe->socket);

	printf("mtu %u\n", (unsigned)gatt_mtu(gatt));
	if (result->status == GATT_OK)
		gatt_discover(gatt, services,
		              sizeof(services) / sizeof(services[0]),
		              on_discovered, probe);
}

static void on_value(void *user, const struct gatt_characteristic *from,
                     const uint8_t *value, size_t length)
{
	struct probe *probe = user;

	print_bytes("notify", &from->uuid, value, length);
	if (++probe->seen >= probe->wanted)
		end(probe, EXIT_SUCCESS);
}

static void on_changed(void *user, uint16_t start, uint16_t last)
{
	(void)user;
	printf("changed %04x %04x\n", (unsigned)start, (unsigned)last);
}

static bool on_secure(void *user)
{
	(void)user;
	printf("secure\n");
	return false;
}

static void on_closed(void *user, int error)
{
	printf("closed %s\n", error ? strerror(error) : "by the device");
	end(user, EXIT_FAILURE);
}

static const struct gatt_socket_ops ops = { on_value, on_changed, on_secure,
	                                    on_closed };

static int connect_to(const char *text)
{
	struct le_address address;
	struct sockaddr_l2 to = {
		.l2_family = AF_BLUETOOTH,
		.l2_cid = htobs(ATT_CID),
		.l2_bdaddr_type = BDADDR_LE_PUBLIC,
	};
	struct sockaddr_l2 from = to;
	struct timeval patience = { .tv_sec = 20 };
	int fd;

	if (!le_address_from_text(text, &address))
		return -1;
	memcpy(&to.l2_bdaddr, address.octets, sizeof(to.l2_bdaddr));
	fd = socket(AF_BLUETOOTH, SOCK_SEQPACKET | SOCK_CLOEXEC, BTPROTO_L2CAP);
	if (fd < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience,
	               sizeof(patience)) < 0 ||
	    bind(fd, (struct sockaddr *)&from, sizeof(from)) < 0 ||
	    connect(fd, (struct sockaddr *)&to, sizeof(to)) < 0) {
		printf("unconnected %s\n", strerror(errno));
		return -1;
	}
	printf("connected\n");
	return fd;
}

int main(int argc, char **argv)
{
	struct probe probe = { .status = EXIT_FAILURE };
	struct timeval patience = { .tv_sec = SECONDS };
	int fd;

	if (argc != 3)
		return 2;
	setvbuf(stdout, NULL, _IOLBF, 0);
	probe.wanted = strtoul(argv[2], NULL, 10);
	fd = connect_to(argv[1]);
	if (fd < 0)
		return EXIT_FAILURE;
	probe.base = event_base_new();
	probe.socket = gatt_socket_new(probe.base, fd, &ops, &probe);
	gatt_exchange_mtu(gatt_socket_client(probe.socket), on_mtu, &probe);
	event_base_loopexit(probe.base, &patience);
	event_base_dispatch(probe.base);
	gatt_socket_free(probe.socket);
	event_base_free(probe.base);
	printf("%lu values\n", probe.seen);
	return probe.status;
}
