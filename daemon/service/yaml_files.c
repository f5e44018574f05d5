/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/service/yaml_files.h"
#include "daemon/rules/yaml_text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ROOM_FIRST 65536

/* At most one octet more than is taken. The room grows with what is read: memory that is
 * asked for in large pieces and given back is not taken from fresh pages any more, which
 * come empty. */
static char *read_all(int fd, size_t *length)
{
	size_t room = ROOM_FIRST;
	char *text = malloc(room), *grown;
	ssize_t n = 1;

	*length = 0;
	while (text && n > 0 && *length <= YAML_TEXT_MAX) {
		n = read(fd, text + *length, room - *length);
		*length += n > 0 ? (size_t)n : 0;
		if (*length < room || room > YAML_TEXT_MAX)
			continue;
		room = 2 * room <= YAML_TEXT_MAX ? 2 * room : YAML_TEXT_MAX + 1;
		grown = realloc(text, room);
		if (!grown)
			free(text);
		text = grown;
	}
	if (n < 0) {
		free(text);
		text = NULL;
	}
	return text;
}

char *yaml_files_read(const char *path, size_t *length)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY), kept_errno;
	char *text;

	if (fd < 0)
		return NULL;
	text = read_all(fd, length);
	kept_errno = errno;
	close(fd);
	errno = kept_errno;
	return text;
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

static bool call(const char *directory, const char *name, yaml_files_fn each,
                 void *user)
{
	size_t size = strlen(directory) + strlen(name) + 2;
	char *path = malloc(size);
	bool good = false;

	if (path) {
		snprintf(path, size, "%s/%s", directory, name);
		good = each(path, user);
	}
	free(path);
	return good;
}

bool yaml_files_each(const char *directory, yaml_files_fn each, void *user)
{
	struct dirent **entries;
	int count = scandir(directory, &entries, is_yaml, by_name);
	bool good = true;

	if (count < 0)
		return errno == ENOENT || errno == ENOTDIR;
	for (int i = 0; i < count; i++) {
		good = good && call(directory, entries[i]->d_name, each, user);
		free(entries[i]);
	}
	free(entries);
	return good;
}
