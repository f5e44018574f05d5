/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * An anonymous session's leaf while it is written, with gaitd killed and the file torn
 * and damaged: what was written whole is found, half of what follows does it no harm, and
 * whatever else is found is the truth.
 *
 * An input is a list of steps, each an octet for what happens and two for how. A first
 * octet of ff: the rest is the file.
 */
#include "daemon/history/leaf.h"
#include "tests/unit/made_session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define STEPS_MAX 40
#define FILE_MAX (1 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct file {
	uint8_t octets[FILE_MAX];
	size_t length;
};

static char directory[64], path[80], name[LEAF_NAME_MAX];
static struct file before, after;
static struct session_log now;
static struct leaf leaf;
static struct history_touch touch;

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void remove_all(void)
{
	unlink(name);
	rmdir(directory);
}

static void make_directory(void)
{
	strcpy(directory, "/dev/shm/gaitd-fuzz-XXXXXX");
	if (!mkdtemp(directory)) {
		strcpy(directory, "/tmp/gaitd-fuzz-XXXXXX");
		require(mkdtemp(directory) != NULL);
	}
	snprintf(path, sizeof(path), "%s/session", directory);
	leaf_name(path, name);
	atexit(remove_all);
}

static void read_file(struct file *out)
{
	FILE *file = fopen(name, "re");

	require(file != NULL);
	out->length = fread(out->octets, 1, FILE_MAX, file);
	fclose(file);
}

static void write_file(const void *octets, size_t length)
{
	FILE *file = fopen(name, "we");

	require(file && fwrite(octets, 1, length, file) == length);
	fclose(file);
}

/* ---- what is found --------------------------------------------------------- */

static bool load(struct session_log *found)
{
	struct history_session in_file;
	struct history_touch then;

	return leaf_load(NULL, path, found, &in_file, &then) == HISTORY_OK;
}

static void require_truth(void)
{
	struct session_log found;

	if (load(&found)) {
		require(found.second_count <= now.second_count);
		for (size_t i = 0; i < found.second_count; i++)
			require(found.seconds[i].at_s == now.seconds[i].at_s &&
			        found.seconds[i].metrics.speed_kmh ==
			                now.seconds[i].metrics.speed_kmh);
	}
	session_log_free(&found);
}

/* How long the session is, which is whole */
static uint32_t found_s(void)
{
	struct session_log found;
	uint32_t length_s;

	require(load(&found));
	length_s = found.length_s;
	require(made_session_is(&found, length_s));
	session_log_free(&found);
	return length_s;
}

/* ---- what happens ------------------------------------------------------------ */

static void run_on(uint32_t seconds)
{
	made_session_run(&now, now.length_s + seconds);
	touch.boot_ms += 1000;
	require(leaf_write(&leaf, path, &touch, &now, 0, 0));
}

static void be_killed(void)
{
	require(found_s() == now.length_s);
	leaf_close(&leaf);
}

/* Killed in a write: of the seconds there are so many octets, of the head then none; or
 * all of them, and so many of the head. */
static void be_torn(uint8_t what, uint8_t how)
{
	uint32_t was_s = now.length_s, is_s;
	size_t heads = 8192, cut;

	run_on(1);
	read_file(&before);
	run_on(1 + what % 3);
	read_file(&after);
	if (what & 0x80) {
		cut = heads * how / 255;
		memcpy(after.octets + cut, before.octets + cut, heads - cut);
	} else {
		cut = (after.length - before.length) * how / 255;
		memcpy(after.octets, before.octets, heads);
		after.length = before.length + cut;
	}
	leaf_close(&leaf);
	write_file(after.octets, after.length);
	is_s = found_s();
	require(is_s == was_s + 1 || is_s == now.length_s);
}

static void damage(uint8_t where, uint8_t how)
{
	read_file(&after);
	after.octets[(after.length - 1) * where / 255] ^= (uint8_t)(how | 1u);
	if (how & 1)
		after.length = after.length * how / 255;
	leaf_close(&leaf);
	write_file(after.octets, after.length);
	require_truth();
}

static void take_step(const uint8_t step[3])
{
	switch (step[0] % 4) {
	case 0:
		run_on(1 + step[1] % 4u);
		break;
	case 1:
		be_killed();
		break;
	case 2:
		be_torn(step[1], step[2]);
		run_on(1); /* a new one, with all of it */
		break;
	case 3:
		damage(step[1], step[2]);
		run_on(1); /* likewise */
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!directory[0])
		make_directory();
	unlink(name);
	leaf_init(&leaf);
	touch = (struct history_touch){ "a-boot", 1000 };
	made_session(&now, NULL, 0);
	if (size > 0 && data[0] == 0xff) {
		struct session_log found;

		write_file(data + 1, size - 1);
		load(&found);
		session_log_free(&found);
		size = 0;
	} else {
		run_on(1);
	}
	for (size_t i = 0; i < STEPS_MAX && size >= 3; i++, data += 3, size -= 3)
		take_step(data);
	leaf_close(&leaf);
	session_log_free(&now);
	return 0;
}
