/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/service/language_files.h"
#include "daemon/service/log.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define TOKEN "language"
#define SUFFIX ".mo"

static int is_catalogue(const struct dirent *entry)
{
	size_t length = strlen(entry->d_name);

	return entry->d_name[0] != '.' && length > strlen(SUFFIX) &&
	       strcmp(entry->d_name + length - strlen(SUFFIX), SUFFIX) == 0;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* At most one octet more than a catalogue may have; -1 with errno set */
static ssize_t read_all(const char *path, char *bytes, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	ssize_t n = 1, length = 0;
	int kept_errno;

	if (fd < 0)
		return -1;
	while (n > 0 && (size_t)length < size) {
		n = read(fd, bytes + length, size - (size_t)length);
		length += n > 0 ? n : 0;
	}
	kept_errno = errno;
	close(fd);
	errno = kept_errno;
	return n < 0 ? -1 : length;
}

static void keep(struct language_files *files, const char *path, const char *tag,
                 const char *bytes, size_t length)
{
	struct languages *set = &files->set;
	char *copy = malloc(length ? length : 1);

	if (!copy) {
		log_error(TOKEN, "%s: out of memory; %s is said in English", path, tag);
		return;
	}
	memcpy(copy, bytes, length);
	if (language_open(&set->language[set->count], tag, copy, length)) {
		files->bytes[set->count++] = copy;
		return;
	}
	log_known(MESSAGE_LANGUAGE_REFUSED, TOKEN, "%s: not a sound catalogue of UTF-8 text; make it anew with "
	          "msgfmt --check. %s is said in English", path, tag);
	free(copy);
}

static void read_one(struct language_files *files, const char *tag)
{
	static char bytes[CATALOGUE_MAX + 1];
	char path[PATH_MAX];
	ssize_t length;

	snprintf(path, sizeof(path), "%s/%s" SUFFIX, files->directory, tag);
	length = read_all(path, bytes, sizeof(bytes));
	if (length < 0)
		log_known(MESSAGE_LANGUAGE_REFUSED, TOKEN, "%s: %s; %s is said in English", path, strerror(errno), tag);
	else
		keep(files, path, tag, bytes, (size_t)length);
}

/* All of a language: "de" serves whoever speaks de-AT, too. */
static void read_listed(void *user, const char *tag)
{
	struct language_files *files = user;
	size_t primary = strcspn(tag, "-_");

	for (size_t i = 0; i < files->listed_count; i++) {
		struct language_file *file = &files->listed[i];

		if (file->read || strcspn(file->tag, "-_") != primary ||
		    strncasecmp(file->tag, tag, primary) != 0)
			continue;
		file->read = true;
		read_one(files, file->tag);
	}
}

static void list_one(struct language_files *files, const char *name)
{
	size_t tag_length = strlen(name) - strlen(SUFFIX);
	bool is_tag = tag_length < LANGUAGE_TAG_MAX;

	if (is_tag && files->listed_count < LANGUAGES_MAX)
		snprintf(files->listed[files->listed_count++].tag, LANGUAGE_TAG_MAX, "%.*s",
		         (int)tag_length, name);
	else
		log_warn(TOKEN, "%s/%s: not read: %s", files->directory, name,
		         is_tag ? "there are too many languages"
		                : "its name is no language tag as de.mo");
}

struct language_files *language_files_list(const char *directory)
{
	struct language_files *files = calloc(1, sizeof(*files));
	struct dirent **entries;
	int count;

	if (!files)
		return NULL;
	files->set.read = read_listed;
	files->set.files = files;
	files->directory = strdup(directory);
	if (!files->directory) {
		free(files);
		return NULL;
	}
	count = scandir(directory, &entries, is_catalogue, by_name);
	if (count < 0 && errno != ENOENT)
		log_warn(TOKEN, "%s: %s; prompts are in English", directory, strerror(errno));
	for (int i = 0; i < count; i++) {
		list_one(files, entries[i]->d_name);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	return files;
}

void language_files_free(struct language_files *files)
{
	if (!files)
		return;
	for (size_t i = 0; i < files->set.count; i++)
		free(files->bytes[i]);
	free(files->directory);
	free(files);
}

void language_files_want(struct language_files *files, const char *tag)
{
	size_t room = sizeof(files->missed) / sizeof(files->missed[0]);

	if (!*tag || language_is_english(tag) || language_find(&files->set, tag) ||
	    files->missed_count == room)
		return;
	for (size_t i = 0; i < files->missed_count; i++)
		if (strcmp(files->missed[i], tag) == 0)
			return;
	snprintf(files->missed[files->missed_count++], LANGUAGE_TAG_MAX, "%s", tag);
	log_notice(TOKEN, "there is no catalogue for \"%s\": its prompts are in English",
	           tag);
}
