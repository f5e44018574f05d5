/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/usb/usb_holder.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PATH_SIZE 320

static bool has_open(const char *pid, const char *node)
{
	char directory[PATH_SIZE], path[PATH_SIZE + 32], target[64];
	struct dirent *entry;
	bool found = false;
	DIR *fds;

	snprintf(directory, sizeof(directory), "/proc/%s/fd", pid);
	fds = opendir(directory);
	while (fds && !found && (entry = readdir(fds))) {
		ssize_t length;

		snprintf(path, sizeof(path), "%s/%.20s", directory, entry->d_name);
		length = readlink(path, target, sizeof(target) - 1);
		if (length <= 0)
			continue;
		target[length] = '\0';
		found = strcmp(target, node) == 0;
	}
	if (fds)
		closedir(fds);
	return found;
}

/* What a program calls itself is its own choice: nothing unprintable. */
static void read_name(const char *pid, char *out, size_t size)
{
	char path[PATH_SIZE];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%s/comm", pid);
	file = fopen(path, "re");
	if (!file || !fgets(out, (int)size, file))
		snprintf(out, size, "a program");
	if (file)
		fclose(file);
	out[strcspn(out, "\n")] = '\0';
	for (char *at = out; *at; at++) {
		if (!isprint((unsigned char)*at))
			*at = '?';
	}
}

bool usb_holder_find(uint8_t bus, uint8_t address, char *out, size_t size)
{
	char node[64], name[32];
	struct dirent *entry;
	bool found = false;
	DIR *processes = opendir("/proc");
	long self = (long)getpid();

	snprintf(node, sizeof(node), "/dev/bus/usb/%03u/%03u", bus, address);
	*out = '\0';
	while (processes && !found && (entry = readdir(processes))) {
		long pid = 0;

		if (!isdigit((unsigned char)entry->d_name[0]) ||
		    /* NOLINTNEXTLINE(cert-err34-c): the kernel's own words */
		    sscanf(entry->d_name, "%ld", &pid) != 1 || pid == self ||
		    !has_open(entry->d_name, node))
			continue;
		found = true;
		read_name(entry->d_name, name, sizeof(name));
		snprintf(out, size, "%s (process %ld)", name, pid);
	}
	if (processes)
		closedir(processes);
	return found;
}
