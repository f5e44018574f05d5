/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * gaitd-mqtt's spool with files that something has damaged, or put there: what is
 * an event waits, in order and within the bound, what is none is removed, and the
 * rest of the disk is not touched. What comes to it then is there after the next
 * start as well, whatever numbers were taken.
 *
 * An input is a list of files, each an octet for what it is (a file, a link, a pipe,
 * a directory, and which class), one for its number, one for how long it is, and its
 * octets; of those '@' stands for a whole event.
 */
#include "plugins/mqtt/spool.h"
#include "tests/fuzz/scratch.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILES_MAX 24
#define EVENTS 4 /* that the spool takes */
#define ADDED 3

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static FILE *nowhere; /* for what is said: a line for each file that is removed */
static char top[SCRATCH_MAX], directory[300], beside[300];

static void require(bool holds)
{
	if (!holds)
		abort();
}

/* ---- the directory ----------------------------------------------------------- */

static void empty_directory(void)
{
	DIR *dir = opendir(directory);
	struct dirent *entry;

	require(dir != NULL);
	while ((entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] != '.')
			require(unlinkat(dirfd(dir), entry->d_name, 0) == 0 ||
			        unlinkat(dirfd(dir), entry->d_name, AT_REMOVEDIR) == 0);
	}
	closedir(dir);
}

static void put_file(const char *path, const char *text, size_t length)
{
	FILE *file = fopen(path, "we");

	require(file && fwrite(text, 1, length, file) == length && fclose(file) == 0);
}

static void make_directory(void)
{
	scratch_make(top);
	snprintf(directory, sizeof(directory), "%s/spool", top);
	snprintf(beside, sizeof(beside), "%s/beside", top);
	require(mkdir(directory, 0700) == 0);
	nowhere = fopen("/dev/null", "we");
	require(nowhere != NULL);
}

/* ---- what lies there ---------------------------------------------------------- */

struct story {
	const uint8_t *at;
	size_t left;
};

static uint8_t next_octet(struct story *story)
{
	if (story->left == 0)
		return 0;
	story->left--;
	return *story->at++;
}

/* Few and near each other, or at the ends of what fits */
static void name_file(char *path, size_t size, uint8_t what, uint8_t number)
{
	static const char *const classes[] = { "metrics", "event", "safety", "event.new" };
	static const char *const far[] = {
		"18446744073709551615", "09223372036854775807", "09223372036854775808",
		"99999999999999999999", "0", "0000000000000000000x",
	};
	char digits[24];

	snprintf(digits, sizeof(digits), "%020u", number);
	snprintf(path, size, "%s/%s.%s", directory, number >= 250 ? far[number - 250] : digits,
	         classes[what % 4]);
}

static size_t write_octets(struct story *story, char *text, size_t size)
{
	static unsigned number;
	size_t length = next_octet(story), used = 0;

	while (length-- > 0 && used + 80 < size) {
		uint8_t octet = next_octet(story);

		if (octet == '@')
			used += (size_t)snprintf(text + used, size - used,
			                         "{\"id\":\"%u\",\"rule\":\"r%u\",\"ts\":\"t\"}",
			                         number++, octet % 2u);
		else
			text[used++] = (char)octet;
	}
	return used;
}

static void put_one(struct story *story)
{
	uint8_t what = next_octet(story), number = next_octet(story);
	char path[400], text[6000];
	size_t length = write_octets(story, text, sizeof(text));

	name_file(path, sizeof(path), what, number);
	if (unlink(path) < 0)
		rmdir(path); /* the later of two of one name */
	switch (what / 4 % 8) {
	case 0:
		(void)!symlink(beside, path);
		break;
	case 1:
		mkfifo(path, 0600);
		break;
	case 2:
		mkdir(path, 0700);
		break;
	case 3: /* very long */
		memset(text + length, ' ', sizeof(text) - length);
		put_file(path, text, sizeof(text));
		break;
	default:
		put_file(path, text, length);
		break;
	}
}

/* ---- what the spool makes of it -------------------------------------------------- */

static const char *id_of(const struct spool_entry *entry, char out[64])
{
	json_t *event = json_loads(entry->text, 0, NULL);
	const char *id = json_string_value(json_object_get(event, "id"));

	require(id != NULL);
	snprintf(out, 64, "%s", id);
	json_decref(event);
	return out;
}

static void look_at(const struct spool *spool)
{
	char id[64];

	require(spool->count <= (size_t)2 * EVENTS);
	for (size_t i = 0; i < spool->count; i++) {
		id_of(&spool->entries[i], id);
		require(i == 0 || spool->entries[i].number >= spool->entries[i - 1].number);
		require(spool->entries[i].number <= spool->last_number);
		require(spool->count <= EVENTS || spool->entries[i].class == SPOOL_SAFETY);
	}
}

static bool holds(const struct spool *spool, const char *id)
{
	char other[64];

	for (size_t i = 0; i < spool->count; i++) {
		if (strcmp(id_of(&spool->entries[i], other), id) == 0)
			return true;
	}
	return false;
}

static void add_some(struct spool *spool, enum spool_class class)
{
	for (int i = 0; i < ADDED; i++) {
		json_t *event = json_pack("{s:s+, s:s, s:s}", "id", "added-", i % 2 ? "b" : "a",
		                          "rule", "r0", "ts", "2026-11-30T07:00:00.000Z");

		require(spool_add(spool, class, event));
	}
}

static size_t files(void)
{
	DIR *dir = opendir(directory);
	struct dirent *entry;
	size_t count = 0;

	require(dir != NULL);
	while ((entry = readdir(dir)) != NULL)
		count += entry->d_name[0] != '.';
	closedir(dir);
	return count;
}

/* Each that has a file is there again; where there are more files than it could take,
 * those that it did not read may need the room. */
static void start_again(const struct spool *before)
{
	struct spool after;
	size_t there = files(), own = 0;
	char id[64];

	for (size_t i = 0; i < before->count; i++)
		own += before->entries[i].on_disk;
	require(there >= own);
	require(spool_open(&after, directory, EVENTS));
	look_at(&after);
	for (size_t i = 0; i < before->count && there == own; i++) {
		if (before->entries[i].on_disk)
			require(holds(&after, id_of(&before->entries[i], id)));
	}
	spool_close(&after);
}

static void hand_over(struct spool *spool)
{
	struct spool_entry *entry;
	int mid = 0;

	while ((entry = spool_next(spool)))
		entry->mid = ++mid;
	for (; mid > 0; mid--)
		require(spool_delivered(spool, mid));
	require(spool->count == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct story story = { data, size };
	struct spool spool;
	FILE *usual = stderr;

	if (!*top)
		make_directory();
	empty_directory();
	put_file(beside, "beside", 6);
	for (int i = 0; story.left > 0 && i < FILES_MAX; i++)
		put_one(&story);
	stderr = nowhere;
	require(spool_open(&spool, directory, EVENTS));
	look_at(&spool);
	add_some(&spool, size % 2 ? SPOOL_SAFETY : SPOOL_EVENT);
	start_again(&spool);
	hand_over(&spool);
	spool_close(&spool);
	require(access(beside, R_OK) == 0);
	stderr = usual;
	return 0;
}
