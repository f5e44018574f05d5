/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/sources/knowledge_file.h"

#include "daemon/service/log.h"
#include "protocol/le_address.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TOKEN "devices"
#define VERSION 1 /* that is written; one more is read, too: an upgrade may be undone */
#define FILE_MAX (512 * 1024) /* far more than full ones have */

/* ---- content ------------------------------------------------------------- */

struct knowledge_device *knowledge_content_find(const struct knowledge_content *content,
                                                const char *id)
{
	for (size_t i = 0; i < content->count; i++) {
		if (strcmp(content->devices[i].id, id) == 0)
			return (struct knowledge_device *)(uintptr_t)&content->devices[i];
	}
	return NULL;
}

void knowledge_content_remove(struct knowledge_content *content, size_t index)
{
	free((char *)(uintptr_t)content->devices[index].attributes);
	content->count--;
	memmove(&content->devices[index], &content->devices[index + 1],
	        (content->count - index) * sizeof(content->devices[0]));
}

/* ---- reading: what makes no sense is left out ---------------------------- */

static const char *text_of(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text ? text : "";
}

static const struct {
	const char *name;
	int type;
} types[] = {
	{ "public", LE_ADDRESS_PUBLIC },
	{ "random", LE_ADDRESS_RANDOM },
};

static int type_of(const char *name)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (strcmp(types[i].name, name) == 0)
			return types[i].type;
	}
	return 0;
}

/* A list of lines as one text; NULL when there is none. What it says is checked
 * by who uses it. */
static char *join(const json_t *lines)
{
	size_t i, length = 0, used = 0;
	json_t *line;
	char *text;

	json_array_foreach((json_t *)(uintptr_t)lines, i, line)
		length += json_string_length(line) + 1;
	text = length > 0 ? malloc(length + 1) : NULL;
	if (!text)
		return NULL;
	json_array_foreach((json_t *)(uintptr_t)lines, i, line) {
		memcpy(text + used, json_is_string(line) ? json_string_value(line) : "",
		       json_string_length(line));
		used += json_string_length(line);
		text[used++] = '\n';
	}
	text[used] = '\0';
	return text;
}

static void take_device(struct knowledge_content *content, const json_t *object)
{
	struct knowledge_device *device = &content->devices[content->count];
	const char *unit = text_of(object, "unit");
	char id[KNOWLEDGE_ID_SIZE];

	if (content->count == KNOWLEDGE_DEVICES_MAX ||
	    !knowledge_normalize(text_of(object, "id"), id) ||
	    knowledge_content_find(content, id))
		return;
	memset(device, 0, sizeof(*device));
	memcpy(device->id, id, sizeof(device->id));
	snprintf(device->name, sizeof(device->name), "%s", text_of(object, "name"));
	device->address_type = type_of(text_of(object, "type"));
	if (strcmp(unit, "steps") == 0 || strcmp(unit, "strides") == 0)
		snprintf(device->unit, sizeof(device->unit), "%s", unit);
	device->attributes = join(json_object_get(object, "attributes"));
	content->count++;
}

static void take(struct knowledge_content *content, const json_t *root)
{
	const json_t *paired = json_object_get(root, "paired");
	json_t *device;
	size_t i;

	for (enum source_device d = SOURCE_TREADMILL; d <= SOURCE_HEART_RATE; d++)
		knowledge_normalize(text_of(paired, knowledge_kind_name(d)),
		                    content->paired[d]);
	json_array_foreach(json_object_get(root, "devices"), i, device)
		take_device(content, device);
}

static void path_of(char path[PATH_MAX], const char *directory, const char *ending)
{
	snprintf(path, PATH_MAX, "%s/" KNOWLEDGE_FILE "%s", directory, ending);
}

static void put_aside(const char *path, const char *directory, const char *why)
{
	char aside[PATH_MAX];

	path_of(aside, directory, ".bad");
	log_known(MESSAGE_DEVICES_REFUSED, TOKEN, "%s: %s; it is put aside as %s, pairings have to be made anew",
	          path, why, aside);
	if (rename(path, aside) < 0)
		log_error(TOKEN, "%s: %s", aside, strerror(errno));
}

/* No more than a file may have; -1 with errno. A pipe in its place would hold
 * the daemon up. */
static ssize_t read_whole(const char *path, char *text)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
	size_t length = 0;
	ssize_t got = 1;
	int kept_errno;

	if (fd < 0)
		return -1;
	while (got > 0 && length < FILE_MAX) {
		got = read(fd, text + length, FILE_MAX - length);
		if (got > 0)
			length += (size_t)got;
	}
	kept_errno = errno;
	close(fd);
	errno = kept_errno;
	return got < 0 ? -1 : (ssize_t)length;
}

static void parse(const char *path, const char *directory, const char *text,
                  size_t length, struct knowledge_content *content)
{
	json_error_t error;
	json_t *root = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
	char why[JSON_ERROR_TEXT_LENGTH + 48];
	json_int_t version;

	if (!root) {
		snprintf(why, sizeof(why), "line %d, column %d: %s", error.line, error.column,
		         error.text);
		put_aside(path, directory, why);
		return;
	}
	version = json_integer_value(json_object_get(root, "devices_version"));
	if (version >= VERSION && version <= VERSION + 1)
		take(content, root);
	else
		put_aside(path, directory, "it is not of this version of gaitd");
	json_decref(root);
}

void knowledge_file_read(const char *directory, struct knowledge_content *content)
{
	char path[PATH_MAX], *text = malloc(FILE_MAX);
	ssize_t length;

	path_of(path, directory, "");
	length = text ? read_whole(path, text) : -1;
	if (!text)
		log_error(TOKEN, "%s: out of memory", path);
	else if (length >= 0)
		parse(path, directory, text, (size_t)length, content);
	else if (errno != ENOENT)
		log_known(MESSAGE_DEVICES_REFUSED, TOKEN, "%s: %s; pairings are not known", path, strerror(errno));
	free(text);
}

/* ---- writing ------------------------------------------------------------- */

static json_t *split(const char *text)
{
	json_t *lines = json_array();
	const char *end;

	for (; text && (end = strchr(text, '\n')); text = end + 1)
		json_array_append_new(lines, json_stringn(text, (size_t)(end - text)));
	return lines;
}

static json_t *describe_device(const struct knowledge_device *device)
{
	json_t *object = json_pack("{s:s, s:s}", "id", device->id, "name", device->name);

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (types[i].type == device->address_type)
			json_object_set_new(object, "type", json_string(types[i].name));
	}
	if (*device->unit)
		json_object_set_new(object, "unit", json_string(device->unit));
	if (device->attributes)
		json_object_set_new(object, "attributes", split(device->attributes));
	return object;
}

static json_t *describe(const struct knowledge_content *content)
{
	json_t *paired = json_object(), *devices = json_array();

	for (enum source_device d = SOURCE_TREADMILL; d <= SOURCE_HEART_RATE; d++) {
		if (*content->paired[d])
			json_object_set_new(paired, knowledge_kind_name(d),
			                    json_string(content->paired[d]));
	}
	for (size_t i = 0; i < content->count; i++)
		json_array_append_new(devices, describe_device(&content->devices[i]));
	return json_pack("{s:i, s:o, s:o}", "devices_version", VERSION, "paired", paired,
	                 "devices", devices);
}

static bool failed(const char *path)
{
	log_known(MESSAGE_DEVICES_UNKEPT, TOKEN, "%s: %s; what was paired or found out is lost when gaitd ends",
	          path, strerror(errno));
	return false;
}

/* Makes the directory, and the one above it: a user's may not be there yet. */
static void make_directory(const char *directory)
{
	char above[PATH_MAX], *slash;

	snprintf(above, sizeof(above), "%s", directory);
	slash = strrchr(above, '/');
	if (mkdir(directory, 0700) == 0 || errno != ENOENT || !slash || slash == above)
		return;
	*slash = '\0';
	mkdir(above, 0700);
	mkdir(directory, 0700);
}

bool knowledge_file_write(const char *directory,
                          const struct knowledge_content *content)
{
	char path[PATH_MAX], made[PATH_MAX];
	json_t *root = describe(content);
	int fd;
	bool good;

	path_of(path, directory, "");
	path_of(made, directory, ".new");
	make_directory(directory);
	unlink(made); /* of a daemon that was killed in here */
	fd = open(made, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	good = fd >= 0 && root && json_dumpfd(root, fd, JSON_INDENT(1)) == 0 &&
	       fsync(fd) == 0 && rename(made, path) == 0;
	if (!good)
		failed(path);
	if (fd >= 0)
		close(fd);
	json_decref(root);
	return good;
}

bool knowledge_file_remove(const char *directory)
{
	char path[PATH_MAX];

	path_of(path, directory, "");
	return unlink(path) == 0 || errno == ENOENT || failed(path);
}
