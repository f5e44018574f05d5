/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/service/rule_files.h"
#include "daemon/service/paths.h"
#include "daemon/service/yaml_files.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool fail_read(const char *path, struct ruleset_error *error)
{
	snprintf(error->where, sizeof(error->where), "%.500s", path);
	snprintf(error->message, sizeof(error->message), "cannot be read: %s",
	         strerror(errno));
	return false;
}

bool rule_files_load(struct ruleset *set, const char *path,
                     struct ruleset_error *error)
{
	size_t length;
	char *text = yaml_files_read(path, &length);
	bool good;

	if (!text)
		return fail_read(path, error);
	good = ruleset_parse(set, path, text, length, error);
	free(text);
	return good;
}

struct directory_load {
	struct ruleset *set;
	struct ruleset_error *error;
	bool failed;
};

static bool load_one(const char *path, void *user)
{
	struct directory_load *load = user;

	load->failed = !rule_files_load(load->set, path, load->error);
	return !load->failed;
}

bool rule_files_load_directory(struct ruleset *set, const char *directory,
                               struct ruleset_error *error)
{
	struct ruleset all;
	struct directory_load load = { &all, error, false };

	if (access(directory, F_OK) < 0 && errno == ENOENT)
		return true;
	if (!ruleset_copy(set, &all, 0))
		return fail_read(directory, error);
	if (yaml_files_each(directory, load_one, &load)) {
		ruleset_free(set);
		*set = all;
		return true;
	}
	ruleset_free(&all);
	return load.failed ? false : fail_read(directory, error);
}

bool rule_files_load_all(struct ruleset *set, const char *const *paths,
                         size_t count, struct ruleset_error *error)
{
	bool good = rule_files_load(set, paths_shipped_rules(), error) &&
	            rule_files_load_directory(set, paths_rules_directory(), error);

	for (size_t i = 0; good && i < count; i++)
		good = rule_files_load(set, paths[i], error);
	if (!good)
		ruleset_free(set);
	return good;
}
