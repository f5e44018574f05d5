/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "plugins/mqtt/spool_file.h"

#include "plugins/mqtt/say.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define EVENT_MAX 4096
#define PATH_SIZE 512
#define NUMBER_DIGITS 20
#define NUMBER_MAX (UINT64_MAX / 2) /* a greater one is nobody's: no number comes twice */

static const char *const classes[SPOOL_CLASSES] = {
	[SPOOL_METRICS] = "metrics", [SPOOL_EVENT] = "event", [SPOOL_SAFETY] = "safety",
};

static void path_of(char out[PATH_SIZE], const char *directory, const struct spool_entry *entry)
{
	snprintf(out, PATH_SIZE, "%s/%0*" PRIu64 ".%s", directory, NUMBER_DIGITS, entry->number,
	         classes[entry->class]);
}

/* 0 or errno */
static int write_whole(int fd, const char *text)
{
	size_t length = strlen(text);
	ssize_t n;

	while (length > 0) {
		n = write(fd, text, length);
		if (n < 0 && errno != EINTR)
			return errno;
		if (n > 0) {
			text += n;
			length -= (size_t)n;
		}
	}
	return fdatasync(fd) < 0 ? errno : 0;
}

int spool_file_write(const char *directory, const struct spool_entry *entry)
{
	char path[PATH_SIZE], fresh[PATH_SIZE + 4];
	int fd, error;

	if (entry->number > NUMBER_MAX)
		return EOVERFLOW;
	path_of(path, directory, entry);
	snprintf(fresh, sizeof(fresh), "%s.new", path);
	unlink(fresh); /* a pipe that lies there would be waited for */
	fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return errno;
	error = write_whole(fd, entry->text);
	close(fd);
	if (!error && rename(fresh, path) < 0)
		error = errno;
	if (error)
		unlink(fresh);
	return error;
}

void spool_file_remove(const char *directory, const struct spool_entry *entry)
{
	char path[PATH_SIZE];

	path_of(path, directory, entry);
	unlink(path);
}

/* ---- at the start ----------------------------------------------------------- */

static bool parse_name(const char *name, struct spool_entry *entry)
{
	if (strspn(name, "0123456789") != NUMBER_DIGITS || name[NUMBER_DIGITS] != '.')
		return false;
	errno = 0;
	entry->number = strtoull(name, NULL, 10);
	if (errno || entry->number > NUMBER_MAX)
		return false;
	for (enum spool_class class = 0; class < SPOOL_CLASSES; class++) {
		if (strcmp(name + NUMBER_DIGITS + 1, classes[class]) == 0) {
			entry->class = class;
			return true;
		}
	}
	return false;
}

static bool is_event(const char *text)
{
	json_t *event = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	bool good = json_string_value(json_object_get(event, "id"));

	json_decref(event);
	return good;
}

/* -1 with errno: it cannot be read now. Else how much of it there is, EVENT_MAX + 1 at
 * most, and 0 of what is no file: a link, a pipe. */
static ssize_t read_some(const char *path, char *text)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct stat info;
	ssize_t length = 0;

	if (fd < 0)
		return errno == ELOOP ? 0 : -1;
	if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode))
		length = read(fd, text, EVENT_MAX + 1);
	close(fd);
	return length;
}

/* NULL: it is no event; or, with errno set, it cannot be read now. */
static char *read_whole(const char *path)
{
	char *text = calloc(1, EVENT_MAX + 2);
	ssize_t length = text ? read_some(path, text) : -1;

	if (length >= 0)
		errno = 0;
	if (length > 0 && length <= EVENT_MAX && strlen(text) == (size_t)length && is_event(text))
		return text;
	free(text);
	return NULL;
}

static int is_ours(const struct dirent *file)
{
	return file->d_name[0] >= '0' && file->d_name[0] <= '9';
}

static void remove_stranger(const char *path)
{
	say("%s is no whole event, as after a loss of power: removed", path);
	unlink(path);
}

/* False: it is none, or cannot be read now. Its number is not given again, anyhow. */
static bool load_one(const char *directory, const char *name, struct spool_entry *entry,
                     uint64_t *last)
{
	char path[PATH_SIZE];

	memset(entry, 0, sizeof(*entry));
	snprintf(path, sizeof(path), "%s/%.200s", directory, name);
	if (!parse_name(name, entry)) {
		remove_stranger(path);
		return false;
	}
	*last = entry->number;
	entry->text = read_whole(path);
	entry->on_disk = entry->text;
	if (!entry->text && errno)
		say("%s cannot be read: %s; the next start tries it again", path, strerror(errno));
	else if (!entry->text)
		remove_stranger(path);
	return entry->text;
}

/* Those that are not read for now: how many */
static int leave_rest(struct dirent **files, int from, int count, uint64_t *last)
{
	struct spool_entry entry;
	int left = 0;

	for (int i = from; i < count; i++) {
		if (!parse_name(files[i]->d_name, &entry))
			continue;
		*last = entry.number;
		left++;
	}
	return left;
}

size_t spool_file_load(const char *directory, struct spool_entry *entries, size_t max,
                       uint64_t *last)
{
	struct dirent **files = NULL;
	int count = scandir(directory, &files, is_ours, alphasort), at = 0, left;
	size_t loaded = 0;

	if (count < 0)
		say("the spool %s cannot be read: %s; events are kept in memory", directory,
		    strerror(errno));
	for (; at < count && loaded < max; at++)
		loaded += load_one(directory, files[at]->d_name, &entries[loaded], last);
	left = leave_rest(files, at, count, last);
	if (left > 0)
		say("the spool %s has %d events more than it may: they wait for the next start",
		    directory, left);
	for (at = 0; at < count; at++)
		free(files[at]);
	free(files);
	return loaded;
}
