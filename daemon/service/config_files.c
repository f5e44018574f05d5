/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Which files the configuration is read from.
 */
#include "daemon/service/config.h"
#include "daemon/service/log.h"
#include "daemon/service/paths.h"
#include "daemon/service/yaml_files.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define TOKEN "config"

static bool add_file(struct config_layers *layers, const char *path, bool optional)
{
	struct yaml_fault fault;
	size_t length;
	char *text = yaml_files_read(path, &length);
	bool good;

	if (!text && optional && (errno == ENOENT || errno == ENOTDIR))
		return true;
	if (!text) {
		int kept_errno = errno;

		log_known(MESSAGE_CONFIG_UNREADABLE, TOKEN, "cannot read %s: %s", path, strerror(errno));
		errno = kept_errno;
		return false;
	}
	errno = 0;
	good = config_layers_add(layers, path, text, length, &fault);
	explicit_bzero(text, length); /* a key may be in it */
	free(text);
	if (!good && errno != ENOMEM) {
		log_known(MESSAGE_CONFIG_REFUSED, TOKEN, "%s: %s", fault.where, fault.message);
		errno = EINVAL;
	}
	return good;
}

struct directory {
	struct config_layers *layers;
	bool failed; /* in a file, and logged */
};

static bool add_one(const char *path, void *user)
{
	struct directory *directory = user;

	directory->failed = !add_file(directory->layers, path, true);
	return !directory->failed;
}

static bool add_directory(struct config_layers *layers, const char *path)
{
	struct directory directory = { layers, false };
	int kept_errno;

	if (yaml_files_each(path, add_one, &directory))
		return true;
	kept_errno = errno;
	if (!directory.failed)
		log_known(MESSAGE_CONFIG_UNREADABLE, TOKEN, "cannot read %s: %s", path, strerror(errno));
	errno = kept_errno;
	return false;
}

static bool add_standard(struct config_layers *layers)
{
	return add_file(layers, paths_vendor_config(), true) &&
	       add_file(layers, paths_site_config(), true) &&
	       add_directory(layers, paths_config_directory()) &&
	       (!paths_instance_config() || add_file(layers, paths_instance_config(), true));
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
