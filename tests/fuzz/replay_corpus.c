/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The main() of a fuzz target without libFuzzer: feeds it each file that is
 * named, or each file of a directory, once. So a found crash stays a test for
 * every compiler.
 */
#include <dirent.h>
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned replayed, failed;

static void complain(const char *path)
{
	fprintf(stderr, "%s: %s\n", path, strerror(errno));
	failed++;
}

/* The input in a block of its exact size, so that sanitizers see its end. */
static uint8_t *read_input(const char *path, size_t *size)
{
	FILE *file = fopen(path, "rb");
	struct stat info;
	uint8_t *data = NULL;

	if (!file)
		return NULL;
	if (fstat(fileno(file), &info) == 0) {
		*size = (size_t)info.st_size;
		data = malloc(*size ? *size : 1);
	}
	if (data && fread(data, 1, *size, file) != *size) {
		free(data);
		data = NULL;
	}
	fclose(file);
	return data;
}

static void replay_file(const char *path)
{
	size_t size = 0;
	uint8_t *data = read_input(path, &size);

	if (!data) {
		complain(path);
		return;
	}
	LLVMFuzzerTestOneInput(data, size);
	replayed++;
	free(data);
}

static void replay_file_in(const char *directory, const char *name)
{
	size_t size = strlen(directory) + strlen(name) + 2;
	char *path = malloc(size);

	if (!path)
		abort();
	snprintf(path, size, "%s/%s", directory, name);
	replay_file(path);
	free(path);
}

static void replay_directory(const char *path)
{
	struct dirent **entries;
	int count = scandir(path, &entries, NULL, alphasort);

	if (count < 0)
		complain(path);
	for (int i = 0; i < count; i++) {
		if (entries[i]->d_name[0] != '.')
			replay_file_in(path, entries[i]->d_name);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		struct stat info;

		if (argv[i][0] == '-')
			continue; /* an option of libFuzzer's */
		if (stat(argv[i], &info) != 0)
			complain(argv[i]);
		else if (S_ISDIR(info.st_mode))
			replay_directory(argv[i]);
		else
			replay_file(argv[i]);
	}
	printf("%u inputs replayed\n", replayed);
	return failed || replayed == 0 ? 1 : 0;
}
