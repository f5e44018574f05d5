/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Which files the configuration is read from.
 */
#include "daemon/service/config.h"
#include "daemon/service/log.h"
#include "daemon/service/paths.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TOKEN "config"

/* One octet more than may be, so that a file that is too large shows. */
static char *read_all(int fd, size_t *length)
{
	char *text = malloc(YAML_TEXT_MAX + 1);
	ssize_t n = 1;

	*length = 0;
	while (text && n > 0 && *length <= YAML_TEXT_MAX) {
		n = read(fd, text + *length, YAML_TEXT_MAX + 1 - *length);
		if (n > 0)
			*length += (size_t)n;
	}
	if (text && n < 0) {
		free(text);
		text = NULL;
	}
	return text;
}

static bool add_file(struct config_layers *layers, const char *path, bool optional)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	struct yaml_fault fault;
	size_t length;
	char *text;
	bool good;

	if (fd < 0 && optional && (errno == ENOENT || errno == ENOTDIR))
		return true;
	text = fd < 0 ? NULL : read_all(fd, &length);
	if (!text) {
		int kept_errno = errno;

		log_error(TOKEN, "cannot read %s: %s", path, strerror(errno));
		if (fd >= 0)
			close(fd);
		errno = kept_errno;
		return false;
	}
	close(fd);
	good = config_layers_add(layers, path, text, length, &fault);
	free(text);
	if (!good) {
		log_error(TOKEN, "%s: %s", fault.where, fault.message);
		errno = EINVAL;
	}
	return good;
}

static int is_yaml(const struct dirent *entry)
{
	size_t length = strlen(entry->d_name);

	return entry->d_name[0] != '.' && length > 5 &&
	       strcmp(entry->d_name + length - 5, ".yaml") == 0;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static bool add_directory(struct config_layers *layers, const char *directory)
{
	struct dirent **entries;
	int count = scandir(directory, &entries, is_yaml, by_name);
	bool good = true;

	if (count < 0) {
		if (errno == ENOENT || errno == ENOTDIR)
			return true;
		log_error(TOKEN, "cannot read %s: %s", directory, strerror(errno));
		return false;
	}
	for (int i = 0; i < count; i++) {
		size_t size = strlen(directory) + strlen(entries[i]->d_name) + 2;
		char *path = malloc(size);

		if (path && good) {
			snprintf(path, size, "%s/%s", directory, entries[i]->d_name);
			good = add_file(layers, path, true);
		}
		good = good && path;
		free(path);
		free(entries[i]);
	}
	free(entries);
	return good;
}

static bool add_standard(struct config_layers *layers)
{
	return add_file(layers, paths_vendor_config(), true) &&
	       add_file(layers, paths_site_config(), true) &&
	       add_directory(layers, paths_config_directory());
}

struct config_layers *config_read(const char *only)
{
	struct config_layers *layers = config_layers_new();
	int kept_errno;

	if (layers && (only ? add_file(layers, only, false) : add_standard(layers)))
		return layers;
	kept_errno = errno;
	config_layers_free(layers);
	errno = kept_errno;
	return NULL;
}
