/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/confinement.h"

#include "daemon/service/paths.h"

#include <errno.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define BTPROTO_HCI 1 /* the kernel's; BlueZ's header need not be there */
#define USB_NODES "/dev/bus/usb"

static int try_socket(int family, int protocol)
{
	int fd = socket(family, SOCK_RAW | SOCK_CLOEXEC, protocol);
	int error = fd < 0 ? errno : 0;

	if (fd >= 0)
		close(fd);
	return error;
}

static int try_access(const char *path, int how)
{
	return access(path, how) < 0 ? errno : 0;
}

static void put(json_t *reply, const char *name, long long value)
{
	json_object_set_new(reply, name, json_integer(value));
}

/* ---- what the kernel tells of a process -------------------------------------- */

static bool in_user_namespace(void)
{
	unsigned inside, outside, length;
	FILE *file = fopen("/proc/self/uid_map", "re");
	bool own = false;

	if (!file)
		return false;
	/* NOLINTNEXTLINE(cert-err34-c): the kernel's own words */
	if (fscanf(file, "%u %u %u", &inside, &outside, &length) == 3)
		own = outside != 0 || length != UINT32_MAX;
	fclose(file);
	return own;
}

static void put_status(json_t *reply)
{
	FILE *file = fopen("/proc/self/status", "re");
	char line[256], bounding[32];
	unsigned flag;

	if (!file)
		return;
	/* NOLINTBEGIN(cert-err34-c): the kernel's own words */
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "CapBnd: %31s", bounding) == 1)
			json_object_set_new(reply, "bounding", json_string(bounding));
		else if (sscanf(line, "NoNewPrivs: %u", &flag) == 1)
			json_object_set_new(reply, "no_new_privileges", json_boolean(flag));
	}
	/* NOLINTEND(cert-err34-c) */
	fclose(file);
}

static void put_state(json_t *reply)
{
	const char *path = paths_state_directory();
	struct statvfs space;

	json_object_set_new(reply, "state", json_string(path));
	put(reply, "state_errno", try_access(path, R_OK | W_OK | X_OK));
	if (statvfs(path, &space) == 0)
		put(reply, "state_free_kib",
		    (long long)(space.f_bavail * (space.f_frsize / 512) / 2));
}

bool confinement_answer(const json_t *request, json_t *reply, void *user)
{
	struct stat namespace;

	(void)request;
	(void)user;
	put(reply, "uid", (long long)geteuid());
	if (stat("/proc/self/ns/net", &namespace) == 0)
		put(reply, "network_namespace", (long long)namespace.st_ino);
	json_object_set_new(reply, "user_namespace", json_boolean(in_user_namespace()));
	put_status(reply);
	put(reply, "bluetooth_errno", try_socket(AF_BLUETOOTH, BTPROTO_HCI));
	put(reply, "netlink_errno", try_socket(AF_NETLINK, NETLINK_KOBJECT_UEVENT));
	put(reply, "usb_errno", try_access(USB_NODES, R_OK | X_OK));
	put_state(reply);
	return true;
}
