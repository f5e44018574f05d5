/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The node is a pseudo-terminal, because umockdev's own stand-in for one cannot
 * be polled: output stopped is "nothing to reap", output started wakes the
 * program, and the master closed is what usbfs shows when a device goes.
 *
 * Each plugging has a node of its own, and a program may still have the one
 * before open. What it submits there must not be taken for the new one's: a
 * transfer handed to another descriptor than its own leaves umockdev ("Destroying
 * IoctlClient with open stream") without an answer for the program, which then
 * waits in an ioctl that in the kernel never waits.
 */
#include <config.h>

#include "tests/usb/port.h"

#include "daemon/peripheral/stick_usb.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/usbdevice_fs.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <umockdev.h>
#include <unistd.h>

#define BUS 1
#define FIRST_ADDRESS 2
#define LAST_ADDRESS 127 /* the kernel counts so far, and begins anew */
#define URBS 32
#define CHUNKS 256
#define CHUNK_SIZE 128
#define ENDPOINT_IN 0x80u

struct urb {
	UMockdevIoctlData *data, *buffer;
	struct usbdevfs_urb *view; /* what the program wrote */
	int status;
	bool done;
	uint8_t bytes[CHUNK_SIZE];
	size_t length;
};

/* The bus that ports are on */
static struct {
	UMockdevTestbed *testbed;
	unsigned ports, address;
} bus;

struct port {
	void (*received)(void *user, const uint8_t *bytes, size_t length);
	void *user;
	unsigned number; /* 1 ... */
	UMockdevIoctlBase *handler;
	pthread_mutex_t lock;
	unsigned address; /* on the bus; each plugging has another */
	char node[64], syspath[128];
	int master, slave;
	bool gone, stalled, held, claimed;
	unsigned long hang_request; /* the next of these takes as long as that: */
	void (*hang)(void);
	struct urb urbs[URBS];
	size_t urb_count;
	uint8_t chunks[CHUNKS][CHUNK_SIZE];
	size_t lengths[CHUNKS], chunk_count;
	unsigned long calls;
	unsigned cleared, hung;
};

/* ---- what the program waits for ---- */

static void show_ready(struct port *port)
{
	bool ready = port->gone;

	for (size_t i = 0; i < port->urb_count; i++)
		ready = ready || port->urbs[i].done;
	if (port->slave >= 0)
		tcflow(port->slave, ready ? TCOON : TCOOFF);
}

static bool is_in(const struct urb *urb)
{
	return urb->view->endpoint & ENDPOINT_IN;
}

static void finish(struct urb *urb, int status)
{
	urb->done = true;
	urb->status = status;
}

/* What the stick sent goes into the transfers that wait for it. */
static void match(struct port *port)
{
	for (size_t i = 0; i < port->urb_count; i++) {
		struct urb *urb = &port->urbs[i];

		if (urb->done || !is_in(urb))
			continue;
		if (port->stalled) {
			finish(urb, -EPIPE);
		} else if (port->chunk_count > 0) {
			memcpy(urb->bytes, port->chunks[0], port->lengths[0]);
			urb->length = port->lengths[0];
			port->chunk_count--;
			memmove(port->chunks, port->chunks + 1,
			        port->chunk_count * CHUNK_SIZE);
			memmove(port->lengths, port->lengths + 1,
			        port->chunk_count * sizeof(port->lengths[0]));
			finish(urb, 0);
		}
	}
	show_ready(port);
}

static void end_all(struct port *port, int status)
{
	for (size_t i = 0; i < port->urb_count; i++) {
		if (!port->urbs[i].done)
			finish(&port->urbs[i], status);
	}
	show_ready(port);
}

/* ---- ioctls ---- */

static void drop_urb(struct port *port, size_t at)
{
	umockdev_ioctl_data_unref(port->urbs[at].data);
	umockdev_ioctl_data_unref(port->urbs[at].buffer);
	port->urb_count--;
	memmove(port->urbs + at, port->urbs + at + 1,
	        (port->urb_count - at) * sizeof(port->urbs[0]));
}

static int submit(struct port *port, UMockdevIoctlData *arg)
{
	struct urb *urb = &port->urbs[port->urb_count];

	if (port->gone)
		return ENODEV;
	if (port->urb_count == URBS)
		return ENOMEM;
	memset(urb, 0, sizeof(*urb));
	urb->data = umockdev_ioctl_data_resolve(arg, 0, sizeof(struct usbdevfs_urb), NULL);
	urb->view = (struct usbdevfs_urb *)(void *)urb->data->data;
	urb->buffer = umockdev_ioctl_data_resolve(urb->data,
	                                          offsetof(struct usbdevfs_urb, buffer),
	                                          (gsize)urb->view->buffer_length, NULL);
	port->urb_count++;
	if (!is_in(urb)) {
		urb->length = (size_t)urb->view->buffer_length;
		finish(urb, 0);
		port->received(port->user, urb->buffer->data, urb->length);
	}
	match(port);
	return 0;
}

static void give_back(struct urb *urb)
{
	struct usbdevfs_urb result = *urb->view;

	result.status = urb->status;
	result.actual_length = (int)urb->length;
	if (is_in(urb) && urb->length > 0)
		umockdev_ioctl_data_update(urb->buffer, 0, urb->bytes, (gint)urb->length);
	umockdev_ioctl_data_update(urb->data, 0, (guint8 *)&result, sizeof(result));
}

static int reap(struct port *port, UMockdevIoctlData *arg)
{
	for (size_t i = 0; i < port->urb_count; i++) {
		UMockdevIoctlData *target;

		if (!port->urbs[i].done)
			continue;
		give_back(&port->urbs[i]);
		target = umockdev_ioctl_data_resolve(arg, 0, sizeof(void *), NULL);
		umockdev_ioctl_data_set_ptr(target, 0, port->urbs[i].data);
		umockdev_ioctl_data_unref(target);
		drop_urb(port, i);
		show_ready(port);
		return 0;
	}
	return port->gone ? ENODEV : EAGAIN;
}

static int discard(struct port *port, UMockdevIoctlData *arg)
{
	gulong address;

	memcpy(&address, arg->data, sizeof(address));
	for (size_t i = 0; i < port->urb_count; i++) {
		if (port->urbs[i].data->client_addr == address && !port->urbs[i].done) {
			finish(&port->urbs[i], -ENOENT);
			show_ready(port);
			return 0;
		}
	}
	return EINVAL;
}

static int capabilities(UMockdevIoctlData *arg)
{
	uint32_t value = USBDEVFS_CAP_ZERO_PACKET | USBDEVFS_CAP_NO_PACKET_SIZE_LIM;
	UMockdevIoctlData *target =
		umockdev_ioctl_data_resolve(arg, 0, sizeof(value), NULL);

	umockdev_ioctl_data_update(target, 0, (guint8 *)&value, sizeof(value));
	umockdev_ioctl_data_unref(target);
	return 0;
}

static int answer(struct port *port, gulong request, UMockdevIoctlData *arg)
{
	switch (request) {
	case USBDEVFS_GET_CAPABILITIES:
		return capabilities(arg);
	case USBDEVFS_SUBMITURB:
		return submit(port, arg);
	case USBDEVFS_REAPURBNDELAY:
		return reap(port, arg);
	case USBDEVFS_DISCARDURB:
		return discard(port, arg);
	case USBDEVFS_GETDRIVER:
		return ENODATA;
	case USBDEVFS_DISCONNECT_CLAIM:
	case USBDEVFS_CLAIMINTERFACE:
		port->claimed = !port->gone && !port->held;
		return port->gone ? ENODEV : port->held ? EBUSY : 0;
	case USBDEVFS_CLEAR_HALT:
		port->stalled = false;
		port->cleared++;
		return port->gone ? ENODEV : 0;
	case USBDEVFS_RELEASEINTERFACE:
		port->claimed = false;
		return port->gone ? ENODEV : 0;
	case USBDEVFS_RESET:
	case USBDEVFS_IOCTL:
		return port->gone ? ENODEV : 0;
	default:
		return ENOTTY;
	}
}

static void may_hang(struct port *port, gulong request)
{
	bool hangs;

	port_lock(port);
	hangs = request == port->hang_request;
	if (hangs)
		port->hang_request = 0;
	port_unlock(port);
	if (!hangs)
		return;
	port->hang();
	port_lock(port);
	port->hung++;
	port_unlock(port);
}

static gboolean on_ioctl(UMockdevIoctlBase *base, UMockdevIoctlClient *client,
                         gpointer user)
{
	struct port *port = user;
	gulong request = umockdev_ioctl_client_get_request(client);
	int error = ENODEV;

	(void)base;
	may_hang(port, request);
	port_lock(port);
	port->calls++;
	if (strcmp(umockdev_ioctl_client_get_devnode(client), port->node) == 0)
		error = answer(port, request, umockdev_ioctl_client_get_arg(client));
	port_unlock(port);
	umockdev_ioctl_client_complete(client, error ? -1 : 0, error);
	return TRUE;
}

/* ---- the cable ---- */

static void make_node(struct port *port)
{
	char path[512];
	gchar *root = umockdev_testbed_get_root_dir(bus.testbed);
	struct termios settings;

	port->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	grantpt(port->master);
	unlockpt(port->master);
	port->slave = open(ptsname(port->master), O_RDWR | O_NOCTTY | O_CLOEXEC);
	tcgetattr(port->slave, &settings);
	cfmakeraw(&settings);
	tcsetattr(port->slave, TCSANOW, &settings);
	tcflow(port->slave, TCOOFF);
	snprintf(path, sizeof(path), "%s/dev/bus/usb/%03u", root, BUS);
	g_mkdir_with_parents(path, 0755);
	snprintf(path, sizeof(path), "%s%s", root, port->node);
	unlink(path);
	if (symlink(ptsname(port->master), path) < 0)
		perror(path);
	g_free(root);
}

static void describe(const struct port *port, const struct stick_model *model, char *out,
                     size_t size)
{
	uint8_t device[STICK_USB_DEVICE_SIZE], config[STICK_USB_CONFIG_SIZE];
	char hex[2 * (sizeof(device) + sizeof(config)) + 1];
	size_t at = 0;

	stick_usb_device(model, device);
	stick_usb_config(config);
	for (size_t i = 0; i < sizeof(device); i++)
		at += (size_t)snprintf(hex + at, 3, "%02X", device[i]);
	for (size_t i = 0; i < sizeof(config); i++)
		at += (size_t)snprintf(hex + at, 3, "%02X", config[i]);
	snprintf(out, size,
	         "P: /devices/pci0000:00/0000:00:1d.0/usb1/1-%u\n"
	         "E: SUBSYSTEM=usb\nE: DEVTYPE=usb_device\n"
	         "E: DEVNAME=%s\nE: BUSNUM=%03u\nE: DEVNUM=%03u\n"
	         "E: ID_VENDOR_ID=0fcf\nE: ID_MODEL_ID=%04x\n"
	         "A: bConfigurationValue=1\\n\nA: busnum=%u\\n\nA: devnum=%u\\n\n"
	         "A: dev=189:%u\nA: idVendor=0fcf\\n\nA: idProduct=%04x\\n\n"
	         "A: speed=12\\n\nH: descriptors=%s\n\n",
	         port->number, port->node, BUS, port->address, model->product, BUS,
	         port->address,
	         port->address - 1, model->product, hex);
}

void port_plug(struct port *port, const struct stick_model *model)
{
	char text[2048];
	GError *error = NULL;

	port_lock(port);
	bus.address = bus.address == LAST_ADDRESS ? FIRST_ADDRESS : bus.address + 1;
	port->address = bus.address;
	port->gone = port->stalled = port->claimed = false;
	port->chunk_count = 0;
	while (port->urb_count > 0) /* nobody will fetch them any more */
		drop_urb(port, 0);
	snprintf(port->node, sizeof(port->node), "/dev/bus/usb/%03u/%03u", BUS,
	         port->address);
	snprintf(port->syspath, sizeof(port->syspath),
	         "/sys/devices/pci0000:00/0000:00:1d.0/usb1/1-%u", port->number);
	port_unlock(port);
	umockdev_testbed_attach_ioctl(bus.testbed, port->node, port->handler, &error);
	make_node(port);
	describe(port, model, text, sizeof(text));
	if (!error)
		umockdev_testbed_add_from_string(bus.testbed, text, &error);
	if (error) {
		printf("umockdev: %s\n", error->message);
		exit(99);
	}
}

void port_leave_bus(struct port *port)
{
	umockdev_testbed_uevent(bus.testbed, port->syspath, "remove");
	umockdev_testbed_remove_device(bus.testbed, port->syspath);
}

static void cut(struct port *port)
{
	port_lock(port);
	port->gone = true;
	end_all(port, -ESHUTDOWN);
	close(port->slave);
	close(port->master);
	port->slave = port->master = -1;
	port_unlock(port);
}

void port_unplug(struct port *port, enum port_unplug how)
{
	if (how == PORT_LEAVES_FIRST)
		port_leave_bus(port);
	if (how == PORT_ERROR_FIRST) {
		port_lock(port);
		end_all(port, -EPROTO);
		port_unlock(port);
		usleep(120000); /* as a real hub takes */
	}
	cut(port);
	if (how == PORT_NO_DEVICE || how == PORT_ERROR_FIRST)
		port_leave_bus(port);
	/* The node's ioctls stay attached: a program that still has it open
	 * would wait for an answer for ever. */
}

/* ---- the rest ---- */

void port_send(struct port *port, const uint8_t *bytes, size_t length)
{
	if (port->gone || port->slave < 0 || length > CHUNK_SIZE)
		return;
	if (port->chunk_count == CHUNKS) { /* a real one's buffer ends as well */
		port->chunk_count--;
		memmove(port->chunks, port->chunks + 1, port->chunk_count * CHUNK_SIZE);
		memmove(port->lengths, port->lengths + 1,
		        port->chunk_count * sizeof(port->lengths[0]));
	}
	memcpy(port->chunks[port->chunk_count], bytes, length);
	port->lengths[port->chunk_count++] = length;
	match(port);
}

void port_stall(struct port *port)
{
	port->stalled = true;
	match(port);
}

void port_hold(struct port *port, bool held)
{
	port->held = held;
}

void port_hang(struct port *port, unsigned long request, void (*wait)(void))
{
	port->hang_request = request;
	port->hang = wait;
}

unsigned port_hung(struct port *port)
{
	return port->hung;
}

unsigned long port_calls(struct port *port)
{
	return port->calls;
}

unsigned port_halts_cleared(struct port *port)
{
	return port->cleared;
}

bool port_is_claimed(struct port *port)
{
	return port->claimed;
}

void port_lock(struct port *port)
{
	pthread_mutex_lock(&port->lock);
}

void port_unlock(struct port *port)
{
	pthread_mutex_unlock(&port->lock);
}

struct port *port_new(void (*received)(void *user, const uint8_t *bytes, size_t length),
                      void *user)
{
	struct port *port = calloc(1, sizeof(*port));

	port->received = received;
	port->user = user;
	port->master = port->slave = -1;
	port->number = ++bus.ports;
	pthread_mutex_init(&port->lock, NULL);
	if (port->number == 1) {
		bus.testbed = umockdev_testbed_new();
		bus.address = FIRST_ADDRESS - 1;
	}
	port->handler = umockdev_ioctl_base_new();
	g_signal_connect(port->handler, "handle-ioctl", G_CALLBACK(on_ioctl), port);
	return port;
}

void port_free(struct port *port)
{
	g_object_unref(port->handler);
	if (--bus.ports == 0)
		g_object_unref(bus.testbed);
	pthread_mutex_destroy(&port->lock);
	free(port);
}
