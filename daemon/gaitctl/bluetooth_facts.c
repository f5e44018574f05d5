/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/gaitctl/bluetooth_facts.h"

#include "daemon/bluetooth/adapter.h"
#include "daemon/gaitctl/facts_file.h"

#include <bluetooth/bluetooth.h>
#include <bluetooth/hci.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <unistd.h>

#define ANSWER_MS 2000
#define LE_LINK 0x80 /* the kernel's, not in BlueZ's header */

/* ---- files ---------------------------------------------------------------- */

/* Calls `each` for every entry of a directory but hidden ones. */
static void each_entry(struct bluetooth_facts *facts, const char *root,
                       const char *directory,
                       void (*each)(struct bluetooth_facts *facts,
                                    const char *path, const char *name))
{
	char path[PATH_MAX];
	const struct dirent *entry;
	DIR *dir;

	snprintf(path, sizeof(path), "%s%s", root, directory);
	dir = opendir(path);
	if (!dir)
		return;
	while ((entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			each(facts, path, entry->d_name);
	closedir(dir);
}

static void take_device(struct bluetooth_facts *facts, const char *path,
                        const char *name)
{
	unsigned index;
	char more;

	(void)path;
	/* "hci0:64" is a link */
	/* NOLINTNEXTLINE(cert-err34-c): at most five digits */
	if (sscanf(name, "hci%5u%c", &index, &more) == 1 && index < UINT16_MAX &&
	    facts->device_count < MGMT_INDEXES_MAX)
		facts->devices[facts->device_count++] = (uint16_t)index;
}

static void take_block(struct bluetooth_facts *facts, const char *path,
                       const char *name)
{
	char type[32], soft[8], hard[8];
	size_t i = facts->block_count;

	facts_file_line(type, sizeof(type), "%s/%s/type", path, name);
	if (strcmp(type, "bluetooth") != 0 || i == BLUETOOTH_BLOCKS_MAX)
		return;
	facts_file_line(facts->blocks[i].name, sizeof(facts->blocks[i].name), "%s/%s/name", path,
	          name);
	facts_file_line(soft, sizeof(soft), "%s/%s/soft", path, name);
	facts_file_line(hard, sizeof(hard), "%s/%s/hard", path, name);
	facts->blocks[i].soft = *soft == '1';
	facts->blocks[i].hard = *hard == '1';
	facts->block_count++;
}

/* Class e0, subclass 01, protocol 01: a Bluetooth controller. Its first
 * interface has a driver, or nobody serves it. */
static void take_usb(struct bluetooth_facts *facts, const char *path, const char *name)
{
	char class[8], subclass[8], vendor[8], product[8];

	facts_file_line(class, sizeof(class), "%s/%s/bDeviceClass", path, name);
	facts_file_line(subclass, sizeof(subclass), "%s/%s/bDeviceSubClass", path, name);
	if (strcmp(class, "e0") != 0 || strcmp(subclass, "01") != 0 ||
	    facts_file_exists("%s/%s:1.0/driver", path, name))
		return;
	facts_file_line(vendor, sizeof(vendor), "%s/%s/idVendor", path, name);
	facts_file_line(product, sizeof(product), "%s/%s/idProduct", path, name);
	snprintf(facts->idle_usb, sizeof(facts->idle_usb), "%.6s:%.6s", vendor, product);
}

static void take_process(struct bluetooth_facts *facts, const char *path,
                         const char *name)
{
	char comm[32];

	if (*name < '1' || *name > '9')
		return;
	facts_file_line(comm, sizeof(comm), "%s/%s/comm", path, name);
	if (strcmp(comm, "bluetoothd") == 0)
		/* NOLINTNEXTLINE(cert-err34-c): the kernel's own words */
		facts->bluetoothd = atoi(name);
}

static void read_status(struct bluetooth_facts *facts, const char *root)
{
	char path[PATH_MAX], line[256];
	unsigned long long value;
	FILE *file;

	snprintf(path, sizeof(path), "%s/proc/self/status", root);
	file = fopen(path, "re");
	if (!file)
		return;
	/* NOLINTBEGIN(cert-err34-c): the kernel's own words */
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "CapEff: %llx", &value) == 1)
			facts->effective = value;
		else if (sscanf(line, "CapBnd: %llx", &value) == 1)
			facts->bounding = value;
		else if (sscanf(line, "NoNewPrivs: %llu", &value) == 1)
			facts->no_new_privileges = value != 0;
	}
	/* NOLINTEND(cert-err34-c) */
	fclose(file);
}

/* A module, or built in */
static enum bluetooth_answer module_installed(const char *root, const char *release)
{
	static const char *const files[] = { "modules.dep", "modules.builtin" };
	char line[PATH_MAX];
	bool any = false, found = false;

	for (size_t i = 0; i < 2; i++) {
		FILE *file;

		snprintf(line, sizeof(line), "%s/lib/modules/%s/%s", root, release, files[i]);
		file = fopen(line, "re");
		if (!file)
			continue;
		any = true;
		while (!found && fgets(line, sizeof(line), file))
			found = strstr(line, "/bluetooth.ko") != NULL;
		fclose(file);
	}
	if (!any)
		return BLUETOOTH_UNKNOWN;
	return found ? BLUETOOTH_YES : BLUETOOTH_NO;
}

void bluetooth_facts_read_files(struct bluetooth_facts *facts, const char *root)
{
	char map[64];
	unsigned inside, outside, length;

	facts->module_loaded = facts_file_exists("%s/sys/module/bluetooth", root);
	facts->module_installed = module_installed(root, facts->release);
	facts->contained = facts_file_exists("%s/run/systemd/container", root) ||
	                   facts_file_exists("%s/run/.containerenv", root) ||
	                   facts_file_exists("%s/.dockerenv", root);
	facts_file_line(map, sizeof(map), "%s/proc/self/uid_map", root);
	/* NOLINTNEXTLINE(cert-err34-c): the kernel's own words */
	facts->user_namespace = sscanf(map, "%u %u %u", &inside, &outside, &length) == 3 &&
	                        (outside != 0 || length != UINT32_MAX);
	read_status(facts, root);
	each_entry(facts, root, "/sys/class/bluetooth", take_device);
	each_entry(facts, root, "/sys/class/rfkill", take_block);
	each_entry(facts, root, "/sys/bus/usb/devices", take_usb);
	each_entry(facts, root, "/proc", take_process);
}

/* ---- the management socket ------------------------------------------------ */

/* The answer to a command; its pointers reach into `bytes`. */
static bool answer(int fd, uint16_t opcode, uint16_t index, uint8_t *bytes, size_t size,
                   struct mgmt_event *event)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
	uint8_t command[MGMT_COMMAND_MAX];
	size_t length = mgmt_command(command, sizeof(command), opcode, index);

	if (send(fd, command, length, MSG_NOSIGNAL) < 0)
		return false;
	for (unsigned others = 0; others < 256; others++) {
		ssize_t n;

		if (poll(&poll_fd, 1, ANSWER_MS) <= 0)
			return false;
		n = recv(fd, bytes, size, MSG_DONTWAIT);
		if (n <= 0)
			return false;
		if (mgmt_event_decode(bytes, (size_t)n, event) && event->opcode == opcode &&
		    event->index == index)
			return event->code == MGMT_COMMAND_COMPLETE &&
			       event->status == MGMT_SUCCESS;
	}
	return false;
}

void bluetooth_facts_ask(struct bluetooth_facts *facts, int fd)
{
	uint8_t bytes[MGMT_EVENT_MAX];
	struct mgmt_event event;
	struct mgmt_index_list list;

	if (!answer(fd, MGMT_READ_INDEX_LIST, MGMT_INDEX_NONE, bytes, sizeof(bytes),
	            &event) ||
	    !mgmt_index_list_decode(event.result, event.result_length, &list))
		return;
	for (size_t i = 0; i < list.count; i++) {
		facts->adapters[i].index = list.indexes[i];
		facts->adapters[i].informed =
			answer(fd, MGMT_READ_INFO, list.indexes[i], bytes, sizeof(bytes),
		               &event) &&
			mgmt_info_decode(event.result, event.result_length,
		                         &facts->adapters[i].info);
	}
	facts->adapter_count = list.count;
}

/* ---- links ---------------------------------------------------------------- */

static void read_links_of(struct bluetooth_facts *facts, int fd, uint16_t index)
{
	union {
		struct hci_conn_list_req list;
		uint8_t room[sizeof(struct hci_conn_list_req) +
		             BLUETOOTH_LINKS_MAX * sizeof(struct hci_conn_info)];
	} request = { .list = { .dev_id = index, .conn_num = BLUETOOTH_LINKS_MAX } };

	if (ioctl(fd, HCIGETCONNLIST, &request) < 0)
		return;
	for (size_t i = 0; i < request.list.conn_num; i++) {
		const struct hci_conn_info *info = &request.list.conn_info[i];

		if (info->type != LE_LINK || facts->link_count == BLUETOOTH_LINKS_MAX)
			continue;
		facts->links[facts->link_count].index = index;
		memcpy(facts->links[facts->link_count++].address.octets, &info->bdaddr,
		       sizeof(info->bdaddr));
	}
}

static void read_links(struct bluetooth_facts *facts)
{
	int fd = socket(AF_BLUETOOTH, SOCK_RAW | SOCK_CLOEXEC, BTPROTO_HCI);

	if (fd < 0)
		return;
	for (size_t i = 0; i < facts->adapter_count; i++)
		read_links_of(facts, fd, facts->adapters[i].index);
	close(fd);
}

void bluetooth_facts_read(struct bluetooth_facts *facts, const char *root)
{
	struct utsname name;
	bool may_manage;
	int fd;

	memset(facts, 0, sizeof(*facts));
	if (uname(&name) == 0) {
		snprintf(facts->release, sizeof(facts->release), "%s", name.release);
		snprintf(facts->version, sizeof(facts->version), "%s", name.version);
	}
	/* opened first: the kernel may load its module for it */
	fd = adapter_open(&may_manage);
	bluetooth_facts_read_files(facts, root);
	if (fd < 0) {
		facts->socket_error = -fd;
		return;
	}
	bluetooth_facts_ask(facts, fd);
	close(fd);
	read_links(facts);
}
