/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "config.h"
#include "plugins/console/words.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define TAG_MAX 16

/* Started from its build tree, the console speaks the tree's languages. */
static const char *directory(void)
{
	static char path[PATH_MAX + 32];
	char file[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", file, sizeof(file) - 1);
	char *slash;

	file[length > 0 ? length : 0] = '\0';
	slash = strrchr(file, '/');
	if (slash) {
		snprintf(path, sizeof(path), "%.*s/config.status", (int)(slash - file), file);
		if (access(path, F_OK) == 0) {
			snprintf(path, sizeof(path), "%.*s/plugins/console/po",
			         (int)(slash - file), file);
			return path;
		}
	}
	return DATADIR "/languages/console";
}

static bool load(const char *tag, size_t length)
{
	static uint8_t bytes[CATALOGUE_MAX / 4];
	static struct catalogue catalogue;
	char path[PATH_MAX + 64];
	FILE *file;
	size_t size;

	snprintf(path, sizeof(path), "%s/%.*s.mo", directory(), (int)length, tag);
	file = fopen(path, "re");
	if (!file)
		return false;
	words_speak(NULL);
	size = fread(bytes, 1, sizeof(bytes), file);
	fclose(file);
	if (!catalogue_open(&catalogue, bytes, size))
		return false;
	words_speak(&catalogue);
	return true;
}

void words_load(const char *tag)
{
	static char loaded[TAG_MAX] = "en";
	size_t primary = strcspn(tag, "-_");

	if (strcmp(tag, loaded) == 0 || strlen(tag) >= sizeof(loaded) || strchr(tag, '/'))
		return;
	strcpy(loaded, tag);
	if (!load(tag, strlen(tag)) && !(tag[primary] && load(tag, primary)))
		words_speak(NULL);
}
