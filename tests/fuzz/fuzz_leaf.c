/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * An anonymous session's leaf while it is written, with gaitd killed and the file torn
 * and damaged: what was written whole is found, half of what follows does it no harm, and
 * whatever else is found is the truth.
 *
 * whatever else is found is the truth. Where somebody forged it, sums and all, what is
 * found is at least a session.
 *
 * An input is a list of steps, each an octet for what happens and two for how. A first
 * octet of ff: the rest is the file; of fe: the rest is laid over one, which is signed
 * anew.
 */
#include "daemon/history/leaf_private.h"
#include "tests/fuzz/log_use.h"
#include "tests/fuzz/scratch.h"
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

static char directory[SCRATCH_MAX], path[300], name[LEAF_NAME_MAX];
static struct file before, after;
static struct session_log now;
static struct leaf leaf;
static struct history_touch touch;

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void make_directory(void)
{
	scratch_make(directory);
	snprintf(path, sizeof(path), "%s/session", directory);
	leaf_name(path, name);
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

/* Nobody's, which is under way, of some time */
static void require_session(void)
{
	struct session_log found;

	if (load(&found)) {
		log_use(&found);
		require(strcmp(found.runner, "anonymous") == 0 && !found.ended);
		require(found.length_s < 1u << 25 && found.start_s >= 0 &&
		        found.start_s < INT64_C(1) << 40);
		require(found.kept.pain >= -1 && found.kept.pain <= 10);
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

/* ---- somebody forges it --------------------------------------------------------- */

#define HEADS ((size_t)2 * LEAF_SIDE)

/* The last of them, which has an event where a minute ended; NULL: there is none */
static uint8_t *last_portion(struct file *file, size_t *size)
{
	struct leaf_portion portion;
	uint8_t *last = NULL;

	for (size_t at = HEADS; at + sizeof(portion) <= file->length; at += *size) {
		memcpy(&portion, file->octets + at, sizeof(portion));
		last = file->octets + at;
		*size = sizeof(portion) + portion.seconds * sizeof(struct session_second) +
		        portion.events * sizeof(struct session_event);
	}
	return last;
}

/* As gaitd does it, so that what was put there is looked at */
static void sign(struct file *file, uint8_t *portion, size_t size)
{
	struct leaf_head head;
	uint64_t sum = portion ? leaf_portion_sum(portion, size) : 0;

	if (portion)
		memcpy(portion, &sum, sizeof(sum));
	for (size_t i = 0; i < 2; i++) {
		memcpy(&head, file->octets + i * LEAF_SIDE, sizeof(head));
		head.own_sum = leaf_head_sum(&head);
		memcpy(file->octets + i * LEAF_SIDE, &head, sizeof(head));
	}
}

static void put_forged(void)
{
	leaf_close(&leaf);
	write_file(after.octets, after.length);
	require_session();
}

/* A member, one of each kind and then some */
static const struct member {
	enum { IN_HEAD, IN_SECOND, IN_EVENT } part;
	size_t offset, size;
} members[] = {
#define IN(part, of, name) { part, offsetof(struct of, name), sizeof(((struct of *)0)->name) }
	IN(IN_HEAD, leaf_head, log.miles),
	IN(IN_HEAD, leaf_head, log.start_s),
	IN(IN_HEAD, leaf_head, log.treadmill),
	IN(IN_HEAD, leaf_head, log.runner),
	IN(IN_HEAD, leaf_head, log.ended),
	IN(IN_HEAD, leaf_head, log.length_s),
	IN(IN_HEAD, leaf_head, log.who.prompts),
	IN(IN_HEAD, leaf_head, log.who.height_m),
	IN(IN_HEAD, leaf_head, log.kept.distance_m),
	IN(IN_HEAD, leaf_head, log.kept.pain),
	IN(IN_HEAD, leaf_head, log.kept.bins),
	IN(IN_HEAD, leaf_head, touch.boot_ms),
	IN(IN_HEAD, leaf_head, first_second),
	IN(IN_HEAD, leaf_head, end),
	IN(IN_SECOND, session_second, has_target),
	IN(IN_SECOND, session_second, at_s),
	IN(IN_SECOND, session_second, metrics.speed_kmh),
	IN(IN_SECOND, session_second, metrics.gait),
	IN(IN_SECOND, session_second, metrics.energy_kcal),
	IN(IN_EVENT, session_event, kind),
	IN(IN_EVENT, session_event, level),
	IN(IN_EVENT, session_event, text),
	IN(IN_EVENT, session_event, value),
#undef IN
};

static void forge(uint8_t which, uint8_t octet)
{
	const struct member *m = &members[which % (sizeof(members) / sizeof(members[0]))];
	size_t size = 0, at = sizeof(struct leaf_portion) + m->offset;
	uint8_t *portion;

	if (m->part == IN_EVENT) /* the last write has one */
		run_on(60 - now.length_s % 60);
	read_file(&after);
	portion = last_portion(&after, &size);
	if (m->part == IN_EVENT)
		at = size - sizeof(struct session_event) + m->offset;
	for (size_t i = 0; i < 2 && m->part == IN_HEAD; i++)
		memset(after.octets + i * LEAF_SIDE + m->offset, octet, m->size);
	if (m->part != IN_HEAD && portion)
		memset(portion + at, octet, m->size);
	sign(&after, portion, size);
	put_forged();
}

/* Over the last portion, but for how much of what it has, and then over the heads, but
 * for what tells whose they are */
static void forge_all(const uint8_t *data, size_t left)
{
	size_t first = sizeof(struct leaf_portion), size = 0;
	size_t turn = offsetof(struct leaf_head, turn);
	uint8_t *portion;

	run_on(60 - now.length_s % 60);
	read_file(&after);
	portion = last_portion(&after, &size);
	require(portion != NULL);
	for (size_t i = first; i < size && left > 0; i++, left--)
		portion[i] ^= *data++;
	for (size_t i = turn; i < offsetof(struct leaf_head, own_sum) && left > 0; i++, left--) {
		after.octets[i] ^= *data;
		after.octets[LEAF_SIDE + i] ^= *data++;
	}
	sign(&after, portion, size);
	put_forged();
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
		if (step[0] & 0x40)
			forge(step[1], step[2]);
		else
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
	if (size > 0 && data[0] == 0xfe) {
		forge_all(data + 1, size - 1);
		size = 0;
	}
	for (size_t i = 0; i < STEPS_MAX && size >= 3; i++, data += 3, size -= 3)
		take_step(data);
	leaf_close(&leaf);
	session_log_free(&now);
	return 0;
}
